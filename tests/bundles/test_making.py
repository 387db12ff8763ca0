"""From what is released to a bundle that anybody can check: what is in it, what never is, and what stops it."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bagit
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError
from django.test import Client
from evidence_verify.check import check

import vault
from audit.actions import Refused
from audit.models import Event
from audit.sequencer import Sequencer
from bundles import actions, conf
from bundles.models import Bundle
from cases.models import Case
from disclosure import fencing
from disclosure.models import ScheduleVersion
from jobs.models import Job
from redaction import actions as redaction_actions
from redaction.models import Release
from tests.bundles.arrange import World, make_bundle, make_light_world, make_world, release, unpack
from tests.factories import make_case, make_user, run_jobs
from vault.errors import Unavailable

pytestmark = pytest.mark.django_db(transaction=True)
# What the statement says of the complainant, and the identity that detection reads
IDENTIFYING = (b"thistlewood", b"marianne", b"07700 900461", b"07700900461", b"14 tanner street", b"1997-03-14", b"14/03/1997")


def everything(folder: Path) -> bytes:
    """All bytes and all names of a bundle, in lower case, with what PDFs say as text."""
    import pypdf

    found = []
    for path in folder.rglob("*"):
        found.append(str(path.relative_to(folder)).encode())
        if path.is_file():
            found.append(path.read_bytes())
        if path.suffix == ".pdf":
            found += [page.extract_text().encode() for page in pypdf.PdfReader(path).pages]
    return b"\n".join(found).lower()


def problems(bundle: Bundle, folder: Path) -> list[str]:
    """What is wrong with a bundle as a file and as a folder."""
    unpacked = unpack(bundle, folder)
    return [*check(folder / "bundle.zip", str(folder / "keys.txt")).problems, *check(unpacked, str(folder / "keys.txt")).problems]


def test_a_bundle_holds_what_was_released_and_submitted_and_nothing_else(tmp_path: Path) -> None:
    world = make_world()
    hidden = release_for_court(world)
    bundle = make_bundle(world)
    assert bundle.state == Bundle.State.MADE, bundle.message
    folder = unpack(bundle, tmp_path)
    assert problems(bundle, tmp_path) == []
    assert bagit.Bag(str(folder)).is_valid()
    mg6c = ScheduleVersion.objects.get(schedule__case=world.case, schedule__kind="MG6C")
    names = sorted(path.relative_to(folder).as_posix() for path in (folder / "data").rglob("*") if path.is_file())
    reference = world.release.document.exhibit.reference.replace("/", "_")
    assert names == [
        f"data/copies/{reference}-redacted.pdf",
        "data/schedules/MG6C-1-version-1.json",
        "data/schedules/MG6C-1-version-1.pdf",
    ]
    assert (folder / names[1]).read_text() == mg6c.certificate.content
    assert redaction_actions.output_of(world.release).sha256 == bundle.files[0]["sha256"]  # type: ignore[union-attr]
    text = everything(folder)
    assert [word for word in IDENTIFYING if word in text] == []
    mg6d = ScheduleVersion.objects.get(schedule__case=world.case, schedule__kind="MG6D")
    for never in (b"mg6d", str(mg6d.pk).encode(), str(hidden.pk).encode(), str(hidden.document.exhibit_id).encode()):
        assert never not in text
    # the zip is what the page and the log say it is
    made = Event.objects.about("bundle", bundle.pk).get(verb="bundle.made")
    assert made.after is not None
    assert made.after["sha256"] == bundle.sha256
    assert bundle.size == (tmp_path / "bundle.zip").stat().st_size


def release_for_court(world: World) -> Release:
    """A copy released to the court, which is no business of the CPS's bundle."""
    return release(world.redaction, "court")


def test_the_defence_sees_nothing_of_the_source_and_no_names_but_those_on_the_schedule(tmp_path: Path) -> None:
    world = make_world("defence")
    bundle = make_bundle(world, "defence")
    folder = unpack(bundle, tmp_path)
    assert problems(bundle, tmp_path) == []
    text = everything(folder)
    source = world.release.document.source
    # a short file could be guessed from its hash and what was left of it
    assert source.sha256.encode() not in text
    assert [word for word in IDENTIFYING if word in text] == []
    for person in (world.redaction.redactor, world.redaction.approver, world.investigator):
        assert person.name.lower().encode() not in text
    assert world.officer.name.lower().encode() in text  # certified the schedule
    result = check(folder, str(tmp_path / "keys.txt"))
    ways = [(event.body is not None, event.detail is not None) for event in result.events.values()]
    assert {(False, False), (True, False), (True, True)} == set(ways)
    verbs = {event.body["verb"] for event in result.events.values() if event.body}
    assert "redaction.released" in verbs
    assert "schedule.submitted" in verbs
    assert not {"blob.opened", "upload.completed", "redaction.decided", "redaction.proposed"} & verbs


def test_every_event_about_the_items_is_in_it_opened_shown_or_sealed(tmp_path: Path) -> None:
    world = make_world()
    bundle = make_bundle(world)
    result = check(unpack(bundle, tmp_path), str(tmp_path / "keys.txt"))
    document = world.release.document
    wanted = Event.objects.filter(
        object_id__in=[str(key) for key in (world.release.pk, document.pk, document.exhibit_id, document.source_id)],
        leaf__leaf_index__lt=bundle.log_size,
    )
    assert set(wanted.values_list("leaf__leaf_index", flat=True)) <= result.events.keys()
    assert len(result.events) == bundle.events
    for event in result.events.values():
        if event.detail and event.detail["detail"] is not None:
            assert event.body is not None
            assert (event.body["verb"], set(event.detail["detail"])) == ("copy.added", {"made_with"})


def test_only_a_disclosure_officer_or_a_supervisor_makes_and_opens_one() -> None:
    world = make_world()
    for person in (world.investigator, world.redaction.redactor, make_user()):
        with pytest.raises(Refused):
            actions.ask(person, world.case, "cps", "Curiosity")
    bundle = make_bundle(world)
    with pytest.raises(Refused):
        actions.open_bundle(world.investigator, bundle, "Curiosity")
    assert Event.objects.filter(verb="bundles.open.refused", object_id=str(bundle.pk)).exists()
    ticket = actions.open_bundle(world.supervisor, bundle, "To hand it to the defence")
    opened = Event.objects.about("bundle", bundle.pk).get(verb="blob.opened")
    assert opened.after == {"sha256": bundle.sha256, "version": bundle.version_id, "minutes": 30}
    assert ticket.facts.file_name == f"bundle-{bundle.pk}.zip"
    with pytest.raises(ValidationError, match="Enter what you open it for"):
        actions.open_bundle(world.supervisor, bundle, " ")


def test_what_was_recalled_is_in_no_bundle_and_closes_those_that_hold_it(tmp_path: Path) -> None:
    world = make_world()
    bundle = make_bundle(world)
    redaction_actions.recall(world.supervisor, world.release, "A name was left in")
    with pytest.raises(ValidationError, match="has been recalled: make a new bundle"):
        actions.open_bundle(world.officer, bundle, "To hand it over")
    later = make_bundle(world)
    assert [entry["kind"] for entry in later.files] == ["schedule", "print"]
    assert problems(later, tmp_path) == []


def test_a_copy_recalled_while_the_bundle_is_made_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    bundle = actions.ask(world.officer, world.case, "cps", "Initial disclosure")
    Sequencer.from_settings().drain()
    store, put = type(vault.store()), type(vault.store()).put

    def recall_meanwhile(self: object, source: object) -> object:
        stored = put(self, source)  # type: ignore[arg-type]
        redaction_actions.recall(world.supervisor, world.release, "A name was left in")
        return stored

    monkeypatch.setattr(store, "put", recall_meanwhile)
    job = Job.objects.get(object_id=bundle.pk)
    run_once(job)
    bundle.refresh_from_db()
    job.refresh_from_db()
    assert (bundle.state, job.state) == (Bundle.State.ASKED, Job.State.QUEUED)
    assert "changed meanwhile" in job.message
    monkeypatch.undo()
    make_due(job)
    run_jobs("bundles.make")
    bundle.refresh_from_db()
    assert bundle.state == Bundle.State.MADE
    assert "copy" not in [entry["kind"] for entry in bundle.files]


def run_once(job: Job) -> None:
    """One attempt."""
    from jobs.actions import run

    run(job.pk)


def make_due(job: Job) -> None:
    """As if the time to try again had come."""
    Job.objects.filter(pk=job.pk).update(not_before=None)


def test_it_waits_for_the_log_to_be_signed_and_for_a_store_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_light_world()
    bundle = actions.ask(world.officer, world.case, "cps", "Initial disclosure")
    job = Job.objects.get(object_id=bundle.pk)
    run_once(job)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.QUEUED, "Waiting for the log to be signed.")
    Sequencer.from_settings().drain()

    def down(self: object, source: object) -> None:
        raise Unavailable("The vault's disk refused (disk full); try again later.")

    monkeypatch.setattr(type(vault.store()), "put", down)
    make_due(job)
    run_once(job)
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    assert "disk full" in job.message
    monkeypatch.undo()
    make_due(job)
    run_once(job)
    bundle.refresh_from_db()
    assert bundle.state == Bundle.State.MADE


def test_bytes_that_are_not_what_was_released_make_no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    blob = redaction_actions.output_of(world.release)
    assert blob is not None
    store, read = type(vault.store()), type(vault.store()).read

    def rotten(self: Any, key: str, version_id: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        first, *rest = read(self, key, version_id, start, end)
        return iter([bytes([first[0] ^ 1]) + first[1:], *rest] if key == blob.key else [first, *rest])

    monkeypatch.setattr(store, "read", rotten)
    bundle = make_bundle(world)
    assert bundle.state == Bundle.State.FAILED
    assert "is not what was released" in bundle.message
    assert Event.objects.about("bundle", bundle.pk).filter(verb="bundle.failed").exists()
    assert world.officer.notifications.filter(text__contains="could not be made").exists()


def test_a_worker_without_the_key_or_with_another_says_so(settings: object) -> None:
    world = make_light_world()
    for key, says in ((None, "BUNDLE_SIGNING_KEY"), (b"\x05" * 32, "as a pair")):
        settings.BUNDLES = {"SIGNING_KEY": key, "PUBLIC_KEY": conf.public_key(), "ORIGIN": conf.origin()}  # type: ignore[attr-defined]
        bundle = make_bundle(world)
        assert bundle.state == Bundle.State.FAILED
        assert says in bundle.message
    settings.BUNDLES = {"SIGNING_KEY": None, "PUBLIC_KEY": None, "ORIGIN": "x"}  # type: ignore[attr-defined]
    with pytest.raises(ValidationError, match="Bundles are not set up here"):
        actions.ask(world.officer, world.case, "cps", "Initial disclosure")


def test_what_can_t_be_asked_for() -> None:
    world = make_light_world()
    for audience, purpose, says in (
        ("press", "x", "Select who the bundle is for"),
        ("cps", " ", "Enter what the bundle is needed for"),
    ):
        with pytest.raises(ValidationError, match=says):
            actions.ask(world.officer, world.case, audience, purpose)
    actions.ask(world.officer, world.case, "cps", "Initial disclosure")
    with pytest.raises(ValidationError, match="already being made"):
        actions.ask(world.supervisor, world.case, "cps", "Initial disclosure")
    empty: Case = make_case(team={world.officer: "disclosure"}, investigator=world.investigator)
    with pytest.raises(ValidationError, match="Nothing of this case has been released to the CPS yet"):
        actions.ask(world.officer, empty, "cps", "Initial disclosure")


def test_a_made_bundle_stays_as_it_is() -> None:
    bundle = make_bundle(make_light_world())
    for change in ({"sha256": "0" * 64}, {"audience": "defence"}, {"state": "asked"}):
        with pytest.raises((IntegrityError, InternalError), match="stays as it was"):
            Bundle.objects.filter(pk=bundle.pk).update(**change)
    with pytest.raises((IntegrityError, InternalError), match="is refused"):
        Bundle.objects.filter(pk=bundle.pk).delete()


def test_the_zip_is_plain_and_its_names_say_nothing_of_the_case(tmp_path: Path) -> None:
    bundle = make_bundle(make_light_world())
    unpack(bundle, tmp_path)
    with zipfile.ZipFile(tmp_path / "bundle.zip") as file:
        infos = file.infolist()
        assert file.testzip() is None
    assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}
    assert all(info.filename.startswith(f"{bundle.name}/") for info in infos)
    assert re.fullmatch(r"bundle-[0-9a-f-]{36}", bundle.name)
    about = json.loads((tmp_path / bundle.name / "bundle.json").read_text())
    assert about["audience"] == "cps"


def test_what_is_fenced_is_in_no_bundle_and_closes_those_that_hold_it(tmp_path: Path) -> None:
    world = make_world()
    bundle = make_bundle(world)
    ticket = actions.open_bundle(world.officer, bundle, "To hand it over")
    fencing.fence(world.investigator, world.release.document.exhibit, "privilege", "A solicitor's letterhead")
    with pytest.raises(ValidationError, match="is fenced: nothing of it is opened"):
        actions.open_bundle(world.officer, bundle, "To hand it over")
    client = Client()
    client.force_login(world.officer)
    assert client.get(f"/bundles/content/{ticket.id}/").status_code == 404
    assert "can’t be opened until that is lifted" in client.get(f"/bundles/{bundle.pk}/").content.decode()
    later = make_bundle(world)
    assert [entry["kind"] for entry in later.files] == ["schedule", "print"]
    assert problems(later, tmp_path) == []
