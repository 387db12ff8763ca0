"""An intruder with the database's superuser, triggers off: every change is named."""

import io
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from audit import body as form
from audit import conf, merkle, notes, stream
from audit.actions import SYSTEM, record, recorded
from audit.findings import Finding
from audit.helpers import HelperFailed
from audit.management.commands import audit_verify
from audit.models import Checkpoint, Event, EventDetail, Leaf
from audit.sequencer import Sequencer
from audit.verify import verify
from tests.audit.conftest import CASE, Intruder, note

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(findings: list[Finding]) -> set[str]:
    return {finding.kind for finding in findings}


def named(findings: list[Finding]) -> set[uuid.UUID | None]:
    return {finding.event_id for finding in findings}


def test_an_untouched_log_holds(events: list[Event]) -> None:
    report = verify()
    assert report.findings == []
    assert (report.events, report.details, report.checkpoints, report.size) == (10, 10, 5, 10)
    case = verify(CASE)
    assert (case.findings, case.events, case.checkpoints) == ([], 10, 1)


def test_an_empty_log_holds(transactional_db: None) -> None:
    assert verify().holds
    assert verify(CASE).holds


@pytest.mark.parametrize("case", [None, CASE])
def test_a_changed_event_is_named(events: list[Event], intruder: Intruder, case: uuid.UUID | None) -> None:
    intruder("UPDATE audit_event SET body = replace(body, '\"number\":4', '\"number\":5') WHERE id = %(id)s", id=str(events[4].id))
    report = verify(case)
    assert kinds(report.findings) == {"changed", "forged"}
    assert named(report.findings) == {events[4].id}


def test_an_event_moved_to_another_case_is_named(events: list[Event], intruder: Intruder) -> None:
    intruder(
        "UPDATE audit_event SET body = replace(body, %(case)s, %(other)s) WHERE id = %(id)s",
        case=str(CASE),
        other=str(uuid.uuid4()),
        id=str(events[4].id),
    )
    assert named(verify().findings) == {events[4].id}


def test_a_changed_event_with_its_leaf_made_to_fit_is_named(events: list[Event], intruder: Intruder) -> None:
    intruder(
        "UPDATE audit_event SET body = replace(body, '\"number\":4', '\"number\":5') WHERE id = %(id)s",
        "UPDATE audit_leaf SET leaf_hash = sha256('\\x00'::bytea || convert_to(e.body, 'UTF8'))"
        " FROM audit_event e WHERE e.id = event_id AND e.id = %(id)s",
        id=str(events[4].id),
    )
    report = verify()
    assert kinds(report.findings) == {"forged", "rewritten"}
    assert events[4].id in named(report.findings)
    [rewritten] = [finding for finding in report.findings if finding.kind == "rewritten"]
    assert rewritten.leaf_index == 4
    assert str(events[4].id) in rewritten.message
    assert str(events[3].id) not in rewritten.message, "the checkpoint before it held"
    assert "not proved" in kinds(verify(CASE).findings)


@pytest.mark.parametrize("case", [None, CASE])
def test_a_deleted_event_is_named(events: list[Event], intruder: Intruder, case: uuid.UUID | None) -> None:
    intruder("DELETE FROM audit_event WHERE id = %(id)s", id=str(events[4].id))
    report = verify(case)
    assert kinds(report.findings) == {"deleted"}
    assert named(report.findings) == {events[4].id}


@pytest.mark.parametrize("case", [None, CASE])
def test_an_event_deleted_with_its_leaf_leaves_a_gap(events: list[Event], intruder: Intruder, case: uuid.UUID | None) -> None:
    intruder(
        "DELETE FROM audit_leaf WHERE event_id = %(id)s",
        "DELETE FROM audit_event WHERE id = %(id)s",
        id=str(events[4].id),
    )
    assert "leaf deleted" in kinds(verify(case).findings)
    if case is None:
        [gap] = verify().findings
        assert "leaf 4 is missing" in gap.message


def test_an_event_deleted_and_the_gap_closed_is_found(events: list[Event], intruder: Intruder) -> None:
    intruder(
        "DELETE FROM audit_leaf WHERE event_id = %(id)s",
        "DELETE FROM audit_event WHERE id = %(id)s",
        "UPDATE audit_leaf SET leaf_index = -leaf_index WHERE leaf_index > 4",
        "UPDATE audit_leaf SET leaf_index = -leaf_index - 1 WHERE leaf_index < 0",
        id=str(events[4].id),
    )
    report = verify()
    assert kinds(report.findings) == {"rewritten", "truncated"}
    assert report.findings[0].leaf_index == 4


def test_the_end_of_the_log_cut_off_is_found(events: list[Event], intruder: Intruder, tmp_path: Path) -> None:
    last = Checkpoint.objects.get(size=10).note
    cut = [
        "DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_leaf WHERE leaf_index >= 8)",
        "DELETE FROM audit_leaf WHERE leaf_index >= 8",
    ]
    intruder(*cut)
    assert kinds(verify().findings) == {"truncated"}
    intruder("DELETE FROM audit_checkpoint WHERE size > 8")
    assert verify().holds, "the database alone can't show it"
    assert kinds(verify(known=[last]).findings) == {"truncated"}


def test_an_inserted_event_is_named(events: list[Event], intruder: Intruder) -> None:
    forged = uuid.uuid4()
    intruder(
        "INSERT INTO audit_event (id, body, hmac) SELECT %(new)s, replace(body, %(old)s, %(new)s), hmac"
        " FROM audit_event WHERE id = %(old)s",
        new=str(forged),
        old=str(events[0].id),
    )
    report = verify()
    assert kinds(report.findings) == {"forged", "inserted", "detail removed"}
    assert named(report.findings) == {forged}


def test_an_inserted_event_that_was_sequenced_is_named(events: list[Event], intruder: Intruder, sequencer: Sequencer) -> None:
    forged = uuid.uuid4()
    intruder(
        "INSERT INTO audit_event (id, body, hmac) SELECT %(new)s, replace(body, %(old)s, %(new)s), hmac"
        " FROM audit_event WHERE id = %(old)s",
        "INSERT INTO audit_eventdetail SELECT %(new)s, salt, detail FROM audit_eventdetail WHERE event_id = %(old)s",
        "INSERT INTO audit_pending (event_id) VALUES (%(new)s)",
        new=str(forged),
        old=str(events[0].id),
    )
    sequencer.drain()
    report = verify()
    assert kinds(report.findings) == {"forged"}
    assert named(report.findings) == {forged}


def test_events_put_in_another_order_are_found(events: list[Event], intruder: Intruder) -> None:
    intruder(
        "UPDATE audit_leaf SET leaf_index = -1 WHERE leaf_index = 4",
        "UPDATE audit_leaf SET leaf_index = 4 WHERE leaf_index = 5",
        "UPDATE audit_leaf SET leaf_index = 5 WHERE leaf_index = -1",
    )
    [finding] = verify().findings
    assert finding.kind == "rewritten"
    assert str(events[4].id) in finding.message
    assert str(events[5].id) in finding.message


def test_leaves_whose_events_were_exchanged_are_named(events: list[Event], intruder: Intruder) -> None:
    intruder(
        "UPDATE audit_leaf SET event_id = gen_random_uuid() WHERE leaf_index = 4",
        "UPDATE audit_leaf SET event_id = %(four)s WHERE leaf_index = 5",
        "UPDATE audit_leaf SET event_id = %(five)s WHERE leaf_index = 4",
        four=str(events[4].id),
        five=str(events[5].id),
    )
    report = verify()
    assert kinds(report.findings) == {"changed"}
    assert named(report.findings) == {events[4].id, events[5].id}


def test_a_changed_detail_is_named(events: list[Event], intruder: Intruder) -> None:
    intruder("UPDATE audit_eventdetail SET detail = replace(detail, 'Ann', 'Bob') WHERE event_id = %(id)s", id=str(events[4].id))
    report = verify()
    assert kinds(report.findings) == {"detail changed"}
    assert named(report.findings) == {events[4].id}


def test_a_removed_detail_is_named_unless_its_disposal_was_recorded(
    events: list[Event], intruder: Intruder, sequencer: Sequencer
) -> None:
    intruder("DELETE FROM audit_eventdetail WHERE event_id = %(id)s", id=str(events[4].id))
    report = verify()
    assert (kinds(report.findings), named(report.findings)) == ({"detail removed"}, {events[4].id})
    recorded(record)("detail.disposed", actor=SYSTEM, case_id=CASE, object_type="event", object_id=events[4].id)
    sequencer.drain()
    report = verify()
    assert (report.findings, report.disposed) == ([], 1)


def test_a_column_changed_by_the_owner_is_named(events: list[Event], intruder: Intruder) -> None:
    intruder("UPDATE audit_event SET verb = replace(verb, 'noted', 'lost') WHERE id = %(id)s", id=str(events[3].id))
    assert (kinds(verify().findings), named(verify().findings)) == ({"columns"}, {events[3].id})


def test_columns_are_filled_where_triggers_are_off(events: list[Event], intruder: Intruder) -> None:
    """Else a copy of rows could say by its columns what its bodies don't."""
    new = str(uuid.uuid4())
    intruder(
        "INSERT INTO audit_event (id, body, hmac, verb, object_type) SELECT %(new)s, replace(body, %(old)s, %(new)s), hmac,"
        " 'thing.lost', 'other' FROM audit_event WHERE id = %(old)s",
        old=str(events[0].id),
        new=new,
    )
    copied, original = Event.objects.get(id=new), events[0]
    assert (copied.verb, copied.object_type, copied.at) == (original.verb, original.object_type, original.at)


def test_a_changed_node_is_named(sequencer: Sequencer, intruder: Intruder) -> None:
    for number in range(300):
        note(number)
    sequencer.drain()
    intruder("UPDATE audit_node SET hash = sha256('other')")
    [finding] = verify().findings
    assert finding.kind == "node"
    assert "leaves 0 to 255" in finding.message
    intruder("DELETE FROM audit_node")
    [finding] = verify().findings
    assert "missing" in finding.message


def test_a_checkpoint_signed_by_another_key_is_named(events: list[Event], intruder: Intruder) -> None:
    forged = notes.sign(notes.Checkpoint(conf.origin(), 10, bytes(32)), bytes(32))
    intruder("UPDATE audit_checkpoint SET note = %(note)s WHERE size = 10", note=forged)
    [finding] = verify().findings
    assert (finding.kind, "10 leaves" in finding.message) == ("checkpoint", True)
    assert "checkpoint" in kinds(verify(CASE).findings)


def test_a_whole_log_made_anew_is_found(events: list[Event], intruder: Intruder) -> None:
    """Everything but the keys: body, leaf, root and size all fit together, the checkpoint's row included."""
    frontier = merkle.Frontier()
    frontier.extend([bytes(value) for value in Leaf.objects.order_by("leaf_index").values_list("leaf_hash", flat=True)][:9])
    intruder(
        "DELETE FROM audit_eventdetail WHERE event_id IN (SELECT event_id FROM audit_leaf WHERE leaf_index = 9)",
        "DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_leaf WHERE leaf_index = 9)",
        "DELETE FROM audit_leaf WHERE leaf_index = 9",
        "UPDATE audit_checkpoint SET size = 9, root = %(root)s WHERE size = 10",
        root=frontier.root(),
    )
    assert kinds(verify().findings) == {"checkpoint"}


def test_an_event_that_waits_too_long_is_named(sequencer: Sequencer, intruder: Intruder) -> None:
    waiting = note(1)
    assert verify().findings == []
    assert verify().pending == 1
    intruder("UPDATE audit_event SET created = %(then)s", then=timezone.now() - timedelta(minutes=5))
    for case in (None, CASE):
        [finding] = verify(case).findings
        assert (finding.kind, finding.event_id) == ("not sequenced", waiting.id)


def test_an_event_whose_pending_row_was_deleted_is_named(sequencer: Sequencer, intruder: Intruder) -> None:
    hidden = note(1)
    intruder("DELETE FROM audit_pending")
    for case in (None, CASE):
        [finding] = verify(case).findings
        assert (finding.kind, finding.event_id) == ("inserted", hidden.id)


def test_an_event_dated_back_by_somebody_with_the_key_is_named(
    events: list[Event], sequencer: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Body, HMAC, leaf and checkpoint all fit: only the order tells. A long transaction is no such thing."""
    for ago, found in [(timedelta(minutes=2), False), (timedelta(hours=3), True)]:
        with monkeypatch.context() as patch:
            patch.setattr("audit.actions.datetime", _Earlier(ago))
            dated = note(50)
        note(51)
        sequencer.drain()
        findings = verify().findings
        assert (kinds(findings), named(findings)) == (({"backdated"}, {dated.id}) if found else (set(), set()))
        if found:
            assert "2:" in findings[0].message or "3:" in findings[0].message


class _Earlier:
    """A clock that is late."""

    def __init__(self, ago: timedelta) -> None:
        self.ago = ago

    def now(self, zone: Any) -> datetime:
        return datetime.now(zone) - self.ago


def test_a_body_in_another_form_is_named_though_all_its_hashes_fit(
    events: list[Event], intruder: Intruder, sequencer: Sequencer
) -> None:
    """Somebody with the HMAC key writes what two programs may read differently: the quick pass must not take it for good."""
    for change in [
        ('"after":{"number":1}', '"after":{"number":1,"number":2}'),
        ('"number":1', '"number":1.0'),
        ('"seq":0', '"seq":-1'),
    ]:
        base = str(events[0].id)
        forged = str(uuid.uuid4())
        body = Event.objects.get(id=base).body.replace(base, forged).replace('"number":0', '"number":1').replace(*change)
        intruder(
            "INSERT INTO audit_event (id, body, hmac) VALUES (%(id)s, %(body)s, %(hmac)s)",
            "INSERT INTO audit_eventdetail SELECT %(id)s, salt, detail FROM audit_eventdetail WHERE event_id = %(base)s",
            "INSERT INTO audit_pending (event_id) VALUES (%(id)s)",
            id=forged,
            base=base,
            body=body,
            hmac=form.seal(body, conf.hmac_keys()[0]),
        )
        sequencer.drain()
        assert ("malformed", uuid.UUID(forged)) in {(finding.kind, finding.event_id) for finding in verify().findings}


def test_unusual_texts_are_no_finding(sequencer: Sequencer) -> None:
    """Quotes, backslashes, other scripts, long lists: whatever the quick pass leaves to the thorough one."""
    recorded(record)(
        "thing.noted",
        actor=SYSTEM,
        object_type="thing",
        object_id='a "b" \\ c é😀',
        before={"text": "\n\t\\ é😀"},
        after={"list": [1, {"a": None}]},
        detail={"text": "\n\\", "ratio": 0.5},
    )
    recorded(record)("thing.noted", actor=SYSTEM)
    sequencer.drain()
    report = verify()
    assert (report.findings, report.events, report.details) == ([], 2, 2)


def test_every_finding_is_counted_when_there_are_too_many_to_keep(events: list[Event], intruder: Intruder) -> None:
    intruder("UPDATE audit_event SET hmac = sha256('x')")
    report = verify()
    assert report.total == 10
    assert not report.holds


def test_an_hmac_key_that_was_changed_keeps_old_events_good(events: list[Event], settings: Settings) -> None:
    audit = dict(settings.AUDIT)
    settings.AUDIT = audit | {"HMAC_KEYS": [b"\x01" * 32, *audit["HMAC_KEYS"]]}
    note(11)
    assert verify().holds
    settings.AUDIT = audit
    assert kinds(verify().findings) == {"forged"}


def test_the_command_prints_what_is_wrong_and_ends_with_1(events: list[Event], intruder: Intruder) -> None:
    out = io.StringIO()
    call_command("audit_verify", stdout=out)
    assert "The log holds. 10 events" in out.getvalue()
    intruder("DELETE FROM audit_event WHERE id = %(id)s", id=str(events[4].id))
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", case=CASE, stdout=out)
    assert ended.value.code == 1
    assert str(events[4].id) in out.getvalue()


def test_the_command_says_how_far_it_is(events: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "CHUNK", 4)
    told = io.StringIO()
    call_command("audit_verify", stdout=io.StringIO(), stderr=told)
    assert told.getvalue() == "", "a short verification into a file says nothing on the way"
    monkeypatch.setattr(audit_verify, "TELL_SECONDS", 0.0)
    call_command("audit_verify", stdout=io.StringIO(), stderr=told)
    assert told.getvalue().splitlines()[:3] == ["4 of 10 events", "8 of 10 events", "10 of 10 events"]
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True, raising=False)
    call_command("audit_verify", stdout=io.StringIO(), stderr=screen)
    assert screen.getvalue().startswith("\r4 of 10 events\r8 of 10 events\r10 of 10 events\n")


def test_a_detail_row_is_what_the_body_commits_to(events: list[Event]) -> None:
    for detail in EventDetail.objects.select_related("event"):
        assert form.detail_hash(bytes(detail.salt), detail.detail) == detail.event.detail_hash


def test_several_processes_find_what_one_finds(
    events: list[Event], intruder: Intruder, sequencer: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ranges that begin and end between checkpoints, read by processes of their own at the same moment of the log."""
    monkeypatch.setattr(stream, "CHUNK", 3)
    damage = [
        [],
        ["UPDATE audit_event SET body = replace(body, '\"number\":4', '\"number\":5') WHERE id = %(four)s"],
        ["UPDATE audit_eventdetail SET detail = replace(detail, 'Ann', 'Bob') WHERE event_id = %(seven)s"],
        ["UPDATE audit_event SET hmac = '\\x00' WHERE id = %(eight)s"],
        ["UPDATE audit_leaf SET leaf_hash = '\\x00' WHERE leaf_index = 9"],
        ["DELETE FROM audit_leaf WHERE leaf_index = 2"],
    ]
    ids = {"four": str(events[4].id), "seven": str(events[7].id), "eight": str(events[8].id)}
    for statements in damage:
        intruder(*statements, **ids)
        reports = []
        for side_by_side in (0, 1000):
            monkeypatch.setattr("audit.verify.SIDE_BY_SIDE", side_by_side)
            shown: list[tuple[int, int]] = []
            reports.append((verify(progress=lambda *done, shown=shown: shown.append(done)), shown))
        (many, many_shown), (one, one_shown) = reports
        assert many == one
        assert many_shown == one_shown == [(3, 10), (6, 10), (9, 10), (10, 10), (10, 10)]
        assert many.holds == (not statements)
    assert len(many.findings) >= 5, "each piece of damage is named"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_process_that_ends_is_said_and_no_verification(events: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.verify.SIDE_BY_SIDE", 0)
    parameters = dict(connection.get_connection_params(), dbname="no_such_database")
    monkeypatch.setattr(connection, "get_connection_params", lambda: dict(parameters))
    with pytest.raises(HelperFailed, match="no_such_database"):
        verify()
