"""The worker's check: verified, quarantined and told, or tried again when the store is down."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

import vault
from accounts.models import Notification
from audit.actions import Refused
from audit.models import Event
from evidence import actions, examining, tasks, verification
from evidence.models import Blob, Copy, CustodyEvent, Exhibit, Verification
from jobs import actions as jobs
from jobs.models import Job
from sandbox import Crashed
from tests.evidence.conftest import World
from tests.factories import make_exhibit, make_verified_exhibit, run_jobs
from vault.errors import NotProtected, Unavailable
from vault.folder import FolderStore

BODY = b"what was received " * 5000


def master(exhibit: Exhibit) -> Blob:
    """The bytes of an exhibit's master, as they stand now."""
    return Blob.objects.get(copy__exhibit=exhibit, copy__kind=Copy.Kind.MASTER)


def file_of(folder: Path, blob: Blob) -> Path:
    """The one file that holds a small blob's bytes."""
    (path,) = (path for path in (folder / "objects" / blob.key[:2] / blob.key / blob.version_id).iterdir() if path.name[0] == "0")
    path.chmod(0o600)
    return path


def flip(folder: Path, blob: Blob) -> None:
    path = file_of(folder, blob)
    damaged = bytearray(path.read_bytes())
    damaged[1000] ^= 1
    path.write_bytes(damaged)


def shorten(folder: Path, blob: Blob) -> None:
    path = file_of(folder, blob)
    path.write_bytes(path.read_bytes()[:-1])


def remove(folder: Path, blob: Blob) -> None:
    file_of(folder, blob).unlink()


def test_matching_bytes_are_verified_and_locked(world: World, any_vault: str) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    blob = master(exhibit)
    assert (blob.state, blob.media_type) == (Blob.State.VERIFIED, "text/plain; charset=utf-8")
    check = blob.verifications.get()
    assert (check.result, check.found) == (Verification.Result.MATCH, hashlib.sha256(BODY).hexdigest())
    assert exhibit.custody.filter(kind=CustodyEvent.Kind.VERIFIED).count() == 1
    protection = vault.store().protection(blob.key, blob.version_id)
    assert protection.hold
    assert protection.retain_until == blob.protected_until
    assert blob.protected_until is not None
    assert blob.protected_until > timezone.now() + timedelta(days=364)
    event = Event.objects.get(verb="blob.verified")
    assert event.actor_id is None
    assert f'"found":"{blob.sha256}"' in event.body


def test_a_wrong_hash_from_the_browser_is_quarantined(world: World) -> None:
    exhibit = make_exhibit(world.investigator, world.case)
    upload = actions.open_upload(world.investigator, exhibit, size=5, name="x")
    actions.sign_part(world.investigator, upload, 1, 5, hashlib.md5(b"bytes").hexdigest(), hashlib.sha256(b"bytes").hexdigest())
    vault.store().store_part(upload.in_vault(), 1, b"bytes")
    actions.complete_upload(world.investigator, upload, hashlib.sha256(b"other").hexdigest())
    run_jobs("evidence.verify")
    assert master(exhibit).state == Blob.State.QUARANTINED


@pytest.mark.parametrize(("damage", "result"), [(flip, "changed"), (shorten, "truncated"), (remove, "missing")])
def test_damage_is_found_quarantined_and_told(
    world: World, folder_vault: Path, damage: Callable[[Path, Blob], None], result: str
) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    damage(folder_vault, master(exhibit))
    actions.verify_now(world.supervisor, master(exhibit))
    run_jobs("evidence.verify")
    exhibit.refresh_from_db()
    blob = master(exhibit)
    assert (blob.state, exhibit.state) == (Blob.State.QUARANTINED, Exhibit.State.QUARANTINED)
    assert [check.result for check in blob.verifications.all()] == [result, "match"]
    assert exhibit.custody.filter(kind=CustodyEvent.Kind.QUARANTINED).count() == 1
    assert Event.objects.filter(verb="blob.quarantined", case_id=world.case.pk).count() == 1
    told = Notification.objects.filter(important=True, text__contains=f"{exhibit} is quarantined")
    assert {notice.user for notice in told} == {
        world.investigator,
        world.exhibits,
        world.disclosure,
        world.supervisor,
        world.redactor,
    }


def test_a_later_match_releases_nothing_and_nobody_is_told_twice(world: World, folder_vault: Path) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    for _ in range(2):
        flip(folder_vault, master(exhibit))
        actions.verify_now(world.investigator, master(exhibit))
        run_jobs("evidence.verify")
    assert [check.result for check in master(exhibit).verifications.all()] == ["match", "changed", "match"]
    assert master(exhibit).state == Blob.State.QUARANTINED
    assert Notification.objects.filter(user=world.supervisor, text__contains="quarantined").count() == 1


def test_a_damaged_copy_leaves_the_exhibit_alone(world: World, folder_vault: Path) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    copy = actions.add_copy(world.redactor, exhibit, Copy.Kind.REDACTED, exhibit.copies.get(), BODY + b"!", "engine 1")
    flip(folder_vault, copy.blobs.get())
    run_jobs("evidence.verify")
    exhibit.refresh_from_db()
    assert copy.blobs.get().state == Blob.State.QUARANTINED
    assert exhibit.state == Exhibit.State.BOOKED_IN
    assert master(exhibit).state == Blob.State.VERIFIED


def test_a_store_that_is_down_is_asked_again_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    exhibit = make_exhibit(world.investigator, world.case, data=BODY)
    job = Job.objects.get(object_id=master(exhibit).pk)

    def down(*_args: Any, **_kwargs: Any) -> None:
        raise Unavailable("The store can't be reached; try again later.")

    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "stat", down)
        jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.QUEUED, "The store can't be reached; try again later.")
    assert job.not_before is not None
    assert not master(exhibit).verifications.exists()
    assert master(exhibit).state == Blob.State.RECEIVED
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now() - timedelta(seconds=1))
    run_jobs("evidence.verify")
    assert master(exhibit).state == Blob.State.VERIFIED


def test_nothing_is_verified_that_can_be_removed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    exhibit = make_exhibit(world.investigator, world.case, data=BODY)

    def unprotected(*_args: Any, **_kwargs: Any) -> None:
        raise NotProtected("Retention and legal hold don't read back as they were set.")

    monkeypatch.setattr(FolderStore, "protect", unprotected)
    run_jobs("evidence.verify")
    assert master(exhibit).state == Blob.State.RECEIVED
    assert Job.objects.get(object_id=master(exhibit).pk).state == Job.State.FAILED
    assert Notification.objects.filter(user=world.supervisor, text__contains="could not be checked").exists()
    assert Event.objects.filter(verb="verification.failed").count() == 1


def test_an_attempt_that_lost_its_lease_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    exhibit = make_exhibit(world.investigator, world.case, data=BODY)
    job = Job.objects.get(object_id=master(exhibit).pk)
    original = examining.facts_of

    def taken_over_meanwhile(blob: Blob) -> dict[str, Any]:
        Job.objects.filter(pk=job.pk).update(attempt=7)
        return original(blob)

    monkeypatch.setattr(verification, "facts_of", taken_over_meanwhile)
    jobs.run(job.pk)
    assert master(exhibit).state == Blob.State.RECEIVED
    assert not master(exhibit).verifications.exists()


def test_a_file_that_breaks_its_parser_is_evidence_all_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_args: Any, **_kwargs: Any) -> None:
        raise Crashed("The process was ended by SIGSEGV.")

    monkeypatch.setattr(examining, "run_in_sandbox", crash)
    exhibit = make_verified_exhibit(world.investigator, world.case, data=b"%PDF-1.7 broken")
    blob = master(exhibit)
    assert (blob.state, blob.media_type) == (Blob.State.VERIFIED, "application/pdf")
    assert (blob.facts["marks"], blob.facts["why"]) == (["unreadable"], "Crashed")


def test_who_may_ask_for_a_check(world: World) -> None:
    blob = master(make_verified_exhibit(world.investigator, world.case, data=BODY))
    for user in (world.redactor, world.stranger):
        with pytest.raises(Refused):
            actions.verify_now(user, blob)
    actions.verify_now(world.disclosure, blob)


def test_there_is_nothing_to_check_before_the_file_is_there(world: World) -> None:
    exhibit = make_exhibit(world.investigator, world.case)
    upload = actions.open_upload(world.investigator, exhibit, size=5, name="x")
    with pytest.raises(ValidationError):
        actions.verify_now(world.investigator, upload.blob)


def test_files_are_checked_again_on_schedule(world: World) -> None:
    exhibits = [make_verified_exhibit(world.investigator, world.case, data=BODY + bytes([n])) for n in range(3)]
    assert tasks.recheck() == 0
    old = master(exhibits[1])
    Blob.objects.filter(pk=old.pk).update(checked_at=timezone.now() - timedelta(days=31))
    assert tasks.recheck() == 1
    run_jobs("evidence.verify")
    assert old.verifications.count() == 2
    assert tasks.recheck() == 0
