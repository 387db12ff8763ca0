"""What the log signed, kept where an intruder in the database can't reach it: in the vault, and in stamps of two authorities."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Role
from audit import anchors, conf, notes
from audit.findings import Finding
from audit.models import Anchor, Checkpoint, Event
from audit.sequencer import Sequencer
from audit.timestamps import StampUnavailable, StampWrong
from audit.verify import verify
from cases import log_anchors
from jobs import actions as jobs
from jobs.models import Job
from tests.audit.conftest import Intruder, note
from tests.audit.tsa import LocalAuthority
from tests.factories import make_user
from vault.errors import NotProtected, Unavailable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def shelf_folder(tmp_path: Path, settings: Settings) -> Path:
    """A vault of this test's own."""
    settings.VAULT = dict(settings.VAULT) | {"FOLDER": str(tmp_path / "vault")}
    return tmp_path / "vault" / "anchors"


@pytest.fixture
def authorities(tmp_path: Path, settings: Settings) -> Iterator[list[LocalAuthority]]:
    """Two authorities, configured."""
    made = [LocalAuthority(tmp_path / name, name) for name in ("first", "second")]
    settings.AUDIT = dict(settings.AUDIT) | {"AUTHORITIES": [(one.url, one.certificates) for one in made]}
    yield made
    for one in made:
        one.stop()


def do_jobs() -> None:
    """Do every job that waits, once: one that is to be tried again later stays."""
    for job in Job.objects.filter(kind=log_anchors.ANCHOR, state=Job.State.QUEUED):
        jobs.run(job.id)


def kinds(findings: list[Finding]) -> set[str]:
    return {finding.kind for finding in findings}


# ---- the vault -------------------------------------------------------------------------------------------------------


def test_every_checkpoint_is_kept_in_the_vault_and_found_there(events: list[Event], shelf_folder: Path) -> None:
    made = anchors.anchor(anchors.VAULT)
    assert made is not None
    assert (made.first_size, made.size) == (2, 10)
    assert anchors.anchor(anchors.VAULT) is None, "nothing waits"
    note(11)
    Sequencer.from_settings().drain()
    anchors.anchor(anchors.VAULT)
    kept = list(anchors.anchored_notes(anchors.open_shelf()))
    assert kept == list(Checkpoint.objects.order_by("size").values_list("note", flat=True))
    assert all(path.stat().st_mode & 0o777 == 0o444 for path in shelf_folder.iterdir())
    report = verify()
    assert (report.findings, report.anchored, report.unchecked) == ([], 6, [])


def test_a_log_rolled_back_to_an_old_backup_is_found(events: list[Event], intruder: Intruder) -> None:
    """Everything younger than eight leaves is gone, checkpoints, anchors and all, as a restored backup has it."""
    anchors.anchor(anchors.VAULT)
    intruder(
        "DELETE FROM audit_eventdetail WHERE event_id IN (SELECT event_id FROM audit_leaf WHERE leaf_index >= 8)",
        "DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_leaf WHERE leaf_index >= 8)",
        "DELETE FROM audit_leaf WHERE leaf_index >= 8",
        "DELETE FROM audit_checkpoint WHERE size > 8",
        "DELETE FROM audit_anchor",
    )
    [finding] = verify().findings
    assert finding.kind == "truncated"
    assert "kept outside the database" in finding.message
    assert "signed for 10 leaves, and the log has 8" in finding.message


def test_a_log_rolled_back_and_written_anew_is_found(events: list[Event], intruder: Intruder, sequencer: Sequencer) -> None:
    anchors.anchor(anchors.VAULT)
    intruder(
        "DELETE FROM audit_eventdetail WHERE event_id IN (SELECT event_id FROM audit_leaf WHERE leaf_index >= 8)",
        "DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_leaf WHERE leaf_index >= 8)",
        "DELETE FROM audit_leaf WHERE leaf_index >= 8",
        "DELETE FROM audit_checkpoint WHERE size > 8",
        "DELETE FROM audit_anchor",
    )
    for number in range(5):
        note(100 + number)
    Sequencer.from_settings().drain()
    [finding] = verify().findings
    assert (finding.kind, finding.leaf_index) == ("rewritten", 8)


def test_a_checkpoint_replaced_in_the_database_is_found(events: list[Event], intruder: Intruder) -> None:
    """By somebody who has the signing key: only what was anchored can show it."""
    anchors.anchor(anchors.VAULT)
    seed = conf.signing_key()
    assert seed is not None
    forged = notes.sign(notes.Checkpoint(conf.origin(), 10, bytes(32)), seed)
    intruder("UPDATE audit_checkpoint SET note = %(note)s, root = %(root)s WHERE size = 10", note=forged, root=bytes(32))
    assert kinds(verify().findings) == {"rewritten"}


def test_what_was_taken_from_the_vault_or_changed_there_is_found(events: list[Event], shelf_folder: Path) -> None:
    anchors.anchor(anchors.VAULT)
    [path] = shelf_folder.iterdir()
    text = path.read_bytes()
    for changed, kind in [
        (text.replace(b"\n10\n", b"\n11\n"), "anchor"),
        (text[:-1] + b"x\nmore\n", "anchor"),
        (b"\xff", "anchor"),
    ]:
        path.unlink()
        path.write_bytes(changed)
        assert kind in kinds(verify().findings)
    path.unlink()
    [finding] = verify().findings
    assert "removed there" in finding.message


def test_a_text_is_never_written_over(shelf_folder: Path) -> None:
    shelf, until = anchors.open_shelf(), timezone.now() + timedelta(days=1)
    assert shelf.keep("one", b"first", until) == shelf.keep("one", b"first", until)
    with pytest.raises(NotProtected):
        shelf.keep("one", b"second", until)
    assert shelf.read("one") == b"first"
    for name in ("../one", "", "a/b", ".hidden"):
        with pytest.raises(ValueError, match="name"):
            shelf.keep(name, b"", until)


def test_a_vault_that_does_not_answer_is_no_finding(events: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    anchors.anchor(anchors.VAULT)

    def fail(*_: object) -> None:
        raise Unavailable("The store can't be reached; try again later.")

    monkeypatch.setattr("vault.anchors.FolderShelf.read", fail)
    report = verify()
    assert report.findings == []
    assert "can't be reached" in report.unchecked[0]


# ---- time stamps -----------------------------------------------------------------------------------------------------


def test_two_authorities_stamp_the_log_and_the_stamps_hold(events: list[Event], authorities: list[LocalAuthority]) -> None:
    for place in anchors.places():
        made = anchors.anchor(place)
        assert made is not None
        if place != anchors.VAULT:
            assert made.stamped_at is not None
            assert abs(made.stamped_at - timezone.now()) < timedelta(minutes=5)
    report = verify()
    assert (report.findings, report.stamps, report.anchored) == ([], 2, 5)


@pytest.mark.parametrize(("mode", "error"), [("down", StampUnavailable), ("rubbish", StampWrong), ("other", StampWrong)])
def test_only_a_good_stamp_is_kept(
    events: list[Event], authorities: list[LocalAuthority], mode: str, error: type[Exception]
) -> None:
    authorities[0].mode = mode
    with pytest.raises(error):
        anchors.anchor(anchors.places()[1])
    assert not Anchor.objects.exists()


def test_an_authority_that_was_not_pinned_is_not_believed(
    events: list[Event], authorities: list[LocalAuthority], settings: Settings
) -> None:
    first, second = authorities
    settings.AUDIT = dict(settings.AUDIT) | {"AUTHORITIES": [(first.url, second.certificates)]}
    with pytest.raises(StampWrong):
        anchors.anchor(anchors.places()[1])
    settings.AUDIT = dict(settings.AUDIT) | {"AUTHORITIES": [(first.url, "/nonexistent.pem")]}
    with pytest.raises(StampWrong, match="can't be read"):
        anchors.anchor(anchors.places()[1])


def test_stamps_show_that_checkpoints_were_changed(
    events: list[Event], authorities: list[LocalAuthority], intruder: Intruder, settings: Settings
) -> None:
    anchors.anchor(anchors.places()[1])
    intruder("DELETE FROM audit_checkpoint WHERE size = 6")
    [finding] = verify().findings
    assert (finding.kind, "2 to 10 leaves" in finding.message) == ("stamp", True)
    settings.AUDIT = dict(settings.AUDIT) | {"AUTHORITIES": []}
    report = verify()
    assert (report.findings, len(report.unchecked)) == ([], 1)


# ---- the jobs and the page -------------------------------------------------------------------------------------------


def test_jobs_anchor_everywhere_and_try_again_where_it_failed(
    events: list[Event], authorities: list[LocalAuthority], settings: Settings
) -> None:
    settings.AUDIT = dict(settings.AUDIT) | {"STAMP_SECONDS": 0}
    authorities[1].mode = "down"
    assert log_anchors.ask() == 3
    do_jobs()
    assert set(Anchor.objects.values_list("place", flat=True)) == set(anchors.places()[:2])
    [waiting] = Job.objects.filter(kind=log_anchors.ANCHOR, state=Job.State.QUEUED)
    assert waiting.not_before is not None
    auditor = Client()
    auditor.force_login(make_user(Role.AUDITOR))
    page = auditor.get(reverse("cases:audit_checkpoints")).content.decode()
    assert "does not answer" in page
    assert page.count("Failed</strong>") == 1
    authorities[1].mode = "good"
    Job.objects.update(not_before=None)
    do_jobs()
    assert set(Anchor.objects.values_list("place", flat=True)) == set(anchors.places())
    assert "Failed</strong>" not in auditor.get(reverse("cases:audit_checkpoints")).content.decode()


def test_an_authority_is_not_asked_oftener_than_it_may(
    events: list[Event], authorities: list[LocalAuthority], sequencer: Sequencer
) -> None:
    log_anchors.ask()
    do_jobs()
    note(11)
    sequencer.drain()
    assert log_anchors.ask() == 1, "the vault only: the hour is not over"
    do_jobs()
    assert log_anchors.ask() == 0
    assert [one.asked for one in authorities] == [1, 1]
