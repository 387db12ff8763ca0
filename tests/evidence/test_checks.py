"""Checks that don't come to "it matches": an outage is no mismatch, damage has a name, and a quarantine has an end."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Notification
from audit.actions import Refused
from audit.models import Event
from evidence import actions, quarantine, schedule, verification
from evidence.models import Blob, CustodyEvent, Exhibit, QuarantineEnd, Verification
from jobs import actions as jobs
from jobs.models import Job
from tests.evidence.conftest import World
from tests.evidence.test_verification import BODY, file_of, flip, master, remove
from tests.factories import make_exhibit, make_verified_exhibit, run_jobs
from vault.errors import Misconfigured, Unavailable, Unreadable
from vault.folder import FolderStore

REASON = "A cable was loose; the file was read from the mirror."


def raising(error: BaseException) -> Callable[..., Any]:
    def method(*_args: Any, **_kwargs: Any) -> Any:
        raise error

    return method


def try_until_told(blob: Blob) -> Job:
    """Run the blob's check as often as a worker would, the waiting left out."""
    job = Job.objects.filter(object_id=blob.pk).latest("created_at")
    for _ in range(verification.TRIES):
        Job.objects.filter(pk=job.pk).update(not_before=None)
        jobs.run(job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("error", [Unavailable("503"), Misconfigured("The store refused the request (InvalidAccessKeyId).")])
def test_an_outage_is_told_and_quarantines_nothing(world: World, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    for _ in range(2):
        actions.verify_now(world.supervisor, master(exhibit))
        with monkeypatch.context() as patch:
            patch.setattr(FolderStore, "stat", raising(error))
            assert try_until_told(master(exhibit)).state == Job.State.DONE
    blob = master(exhibit)
    assert blob.state == Blob.State.VERIFIED
    assert [check.result for check in blob.verifications.all()] == ["unchecked", "unchecked", "match"]
    assert Notification.objects.filter(user=world.supervisor, text__contains="could not be checked").count() == 1
    assert Event.objects.filter(verb="blob.not_checked").count() == 2


def test_the_waiting_grows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    exhibit = make_exhibit(world.investigator, world.case, data=BODY)
    job = Job.objects.get(object_id=master(exhibit).pk)
    monkeypatch.setattr(FolderStore, "stat", raising(Unavailable("503")))
    waits = []
    for _ in range(verification.TRIES - 1):
        Job.objects.filter(pk=job.pk).update(not_before=None)
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.not_before is not None
        waits.append(round((job.not_before - timezone.now()).total_seconds()))
    assert waits == [30, 60, 120, 240, 480, 960, 1800]
    assert not master(exhibit).verifications.exists()


def test_a_file_that_the_disk_does_not_give_out_is_quarantined_after_some_tries(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    actions.verify_now(world.supervisor, master(exhibit))
    job = Job.objects.filter(object_id=master(exhibit).pk).latest("created_at")
    monkeypatch.setattr(FolderStore, "read", raising(Unreadable("A part of the object can't be read (Input/output error).")))
    jobs.run(job.pk)
    assert master(exhibit).state == Blob.State.VERIFIED
    try_until_told(master(exhibit))
    assert master(exhibit).state == Blob.State.QUARANTINED
    check = master(exhibit).verifications.all()[0]
    assert (check.result, check.note) == ("unreadable", "A part of the object can't be read (Input/output error).")


def test_a_damaged_disk_block_is_unreadable(world: World, folder_vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blob = master(make_verified_exhibit(world.investigator, world.case, data=BODY))
    file_of(folder_vault, blob)
    original = Path.open

    def failing(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.name.startswith("0000001."):
            raise OSError(errno.EIO, "Input/output error")
        return original(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", failing)
    import vault

    with pytest.raises(Unreadable):
        list(vault.store().read(blob.key, blob.version_id))


def test_a_vault_that_is_not_mounted_is_an_outage_and_not_a_loss(world: World, folder_vault: Path) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    actions.verify_now(world.supervisor, master(exhibit))
    (folder_vault / "objects").rename(folder_vault / "elsewhere")
    try_until_told(master(exhibit))
    assert master(exhibit).state == Blob.State.VERIFIED
    assert master(exhibit).verifications.all()[0].result == "unchecked"
    (folder_vault / "elsewhere").rename(folder_vault / "objects")
    actions.verify_now(world.supervisor, master(exhibit))
    run_jobs("evidence.verify")
    assert master(exhibit).verifications.all()[0].result == "match"


def test_a_bit_that_turned_on_the_way_is_read_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    original, readings = FolderStore.read, []

    def flaky(self: FolderStore, *args: Any) -> Iterator[bytes]:
        readings.append(args)
        for piece in original(self, *args):
            yield bytes([piece[0] ^ 1]) + piece[1:] if len(readings) == 1 else piece

    monkeypatch.setattr(FolderStore, "read", flaky)
    actions.verify_now(world.supervisor, master(exhibit))
    run_jobs("evidence.verify")
    check = master(exhibit).verifications.all()[0]
    assert len(readings) == 2
    assert (master(exhibit).state, check.result) == (Blob.State.VERIFIED, "match")
    assert check.note.startswith("The first reading gave ")


def test_a_file_is_hashed_by_one_worker_at_a_time(world: World) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    asked = {actions.verify_now(user, master(exhibit)).pk for user in (world.supervisor, world.investigator, world.disclosure)}
    assert len(asked) == 1
    job = jobs.claim(asked.pop())
    assert job is not None
    assert jobs.claim(job.pk) is None
    assert actions.verify_now(world.supervisor, master(exhibit)).pk == job.pk


# ---- the schedule ----------------------------------------------------------------------------------------------------


def test_checks_are_spread_and_the_oldest_come_first(world: World, settings: Any) -> None:
    settings.VAULT = settings.VAULT | {"RECHECK_DAYS": 1}
    exhibits = [make_verified_exhibit(world.investigator, world.case, data=bytes([n])) for n in range(5)]
    now = timezone.now()
    for number, exhibit in enumerate(exhibits):
        Blob.objects.filter(pk=master(exhibit).pk).update(checked_at=now - timedelta(hours=13 + number))
    # A share of five files a day, a run every ten minutes, is one; and the oldest is the last
    assert schedule.ask_for_checks() == 1
    assert Job.objects.filter(state=Job.State.QUEUED).get().object_id == master(exhibits[-1]).pk
    assert schedule.ask_for_checks() == 1
    run_jobs("evidence.verify")
    assert master(exhibits[-1]).verifications.count() == 2
    assert master(exhibits[0]).verifications.count() == 1


def test_what_is_overdue_is_caught_up_and_what_was_read_lately_is_left_alone(world: World) -> None:
    exhibits = [make_verified_exhibit(world.investigator, world.case, data=bytes([n])) for n in range(5)]
    assert schedule.ask_for_checks() == 0
    for exhibit in exhibits[:3]:
        Blob.objects.filter(pk=master(exhibit).pk).update(checked_at=timezone.now() - timedelta(days=40))
    assert schedule.ask_for_checks() == 3


def test_a_check_that_failed_is_made_again_by_the_schedule(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    exhibit = make_exhibit(world.investigator, world.case, data=BODY)
    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "stat", raising(Unavailable("503")))
        try_until_told(master(exhibit))
    assert master(exhibit).state == Blob.State.RECEIVED
    Blob.objects.filter(pk=master(exhibit).pk).update(checked_at=timezone.now() - timedelta(days=31))
    assert schedule.ask_for_checks() == 1
    run_jobs("evidence.verify")
    assert master(exhibit).state == Blob.State.VERIFIED


# ---- the end of a quarantine -----------------------------------------------------------------------------------------


def quarantined(world: World, folder: Path) -> tuple[Exhibit, bytes]:
    """An exhibit whose file was damaged, and how its file was before."""
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    flip(folder, master(exhibit))
    actions.verify_now(world.supervisor, master(exhibit))
    run_jobs("evidence.verify")
    exhibit.refresh_from_db()
    assert exhibit.state == Exhibit.State.QUARANTINED
    return exhibit, BODY


def repaired(world: World, exhibit: Exhibit, folder: Path) -> None:
    file_of(folder, master(exhibit)).write_bytes(BODY)
    actions.verify_now(world.supervisor, master(exhibit))
    run_jobs("evidence.verify")


def test_a_supervisor_ends_a_quarantine_once_the_file_matches_again(world: World, folder_vault: Path) -> None:
    exhibit, _ = quarantined(world, folder_vault)
    with pytest.raises(ValidationError, match="checked again first"):
        quarantine.end_quarantine(world.supervisor, master(exhibit), REASON)
    repaired(world, exhibit, folder_vault)
    assert master(exhibit).state == Blob.State.QUARANTINED
    with pytest.raises(ValidationError, match="Enter what you found out"):
        quarantine.end_quarantine(world.supervisor, master(exhibit), "ok")
    for user in (world.investigator, world.exhibits, world.stranger):
        with pytest.raises(Refused):
            quarantine.end_quarantine(user, master(exhibit), REASON)
    quarantine.end_quarantine(world.supervisor, master(exhibit), REASON)
    exhibit.refresh_from_db()
    assert (master(exhibit).state, exhibit.state) == (Blob.State.VERIFIED, Exhibit.State.BOOKED_IN)
    assert exhibit.custody.get(kind=CustodyEvent.Kind.CLEARED).user == world.supervisor
    event = Event.objects.get(verb="blob.quarantine_ended")
    assert "cable" not in event.body
    # Damaged again: the old end doesn't count
    flip(folder_vault, master(exhibit))
    actions.verify_now(world.supervisor, master(exhibit))
    run_jobs("evidence.verify")
    with pytest.raises(ValidationError, match="checked again first"):
        quarantine.end_quarantine(world.supervisor, master(exhibit), REASON)


def test_a_file_is_given_up_for_a_new_one(world: World, folder_vault: Path) -> None:
    exhibit, _ = quarantined(world, folder_vault)
    old = master(exhibit)
    with pytest.raises(ValidationError, match="already has its file"):
        actions.receive_bytes(world.investigator, exhibit, b"again", "x")
    quarantine.give_up(world.supervisor, old, REASON)
    exhibit.refresh_from_db()
    assert exhibit.state == Exhibit.State.QUARANTINED
    actions.receive_bytes(world.investigator, exhibit, b"again", "x")
    run_jobs("evidence.verify")
    exhibit.refresh_from_db()
    old.refresh_from_db()
    new = Blob.objects.master_of(exhibit)
    assert new is not None
    assert (old.state, new.state, exhibit.state) == (Blob.State.SUPERSEDED, Blob.State.VERIFIED, Exhibit.State.BOOKED_IN)
    # What was given up is kept, and goes on being looked at
    assert old in Blob.objects.kept()


def test_the_database_lets_no_quarantine_end_otherwise(world: World, folder_vault: Path) -> None:
    exhibit, _ = quarantined(world, folder_vault)
    blob = master(exhibit)
    old_match = blob.verifications.get(result=Verification.Result.MATCH)
    for state in ("verified", "superseded", "received"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Blob.objects.filter(pk=blob.pk).update(state=state)
    with pytest.raises(DatabaseError, match="ends by a check that matches"), transaction.atomic():
        QuarantineEnd.objects.create(blob=blob, check_made=old_match, reason=REASON, by=world.supervisor)
    # Giving up doesn't open the way back to "verified"
    QuarantineEnd.objects.create(blob=blob, reason=REASON, by=world.supervisor)
    with pytest.raises(DatabaseError, match="ends only by a supervisor"), transaction.atomic():
        Blob.objects.filter(pk=blob.pk).update(state="verified")


def test_the_pages(world: World, folder_vault: Path) -> None:
    from tests.evidence.test_pages import page, signed_in

    exhibit, _ = quarantined(world, folder_vault)
    blob = master(exhibit)
    shown = page(world.redactor, f"/blobs/{blob.pk}/checks/")
    assert "2 checks" in shown
    assert "Changed: the hash differs" in shown
    assert "Matches" in shown
    assert f"/blobs/{blob.pk}/quarantine/" not in page(world.investigator, f"/exhibits/{exhibit.pk}/")
    assert f"/blobs/{blob.pk}/quarantine/" in page(world.supervisor, f"/exhibits/{exhibit.pk}/")
    client = fresh(signed_in(world.supervisor))
    answer = client.post(f"/blobs/{blob.pk}/quarantine/", {"how": "matches", "reason": REASON})
    assert answer.status_code == 422
    assert "Have the file checked again first" in answer.content.decode()
    repaired(world, exhibit, folder_vault)
    assert "found the file as it was received" in client.get(f"/blobs/{blob.pk}/quarantine/").content.decode()
    answer = client.post(f"/blobs/{blob.pk}/quarantine/", {"how": "matches", "reason": REASON}, follow=True)
    assert "The quarantine is ended." in answer.content.decode()
    assert REASON in page(world.redactor, f"/blobs/{blob.pk}/checks/")


def fresh(client: Any) -> Any:
    """The person has just given their password."""
    import time

    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def test_a_long_history_costs_few_questions(world: World, django_assert_max_num_queries: Any) -> None:
    from tests.evidence.test_pages import signed_in

    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    blob = master(exhibit)
    Verification.objects.bulk_create(
        Verification(blob=blob, result="match", expected=blob.sha256, found=blob.sha256, software="x") for _ in range(120)
    )
    client = signed_in(world.investigator)
    client.get(f"/blobs/{blob.pk}/checks/")
    with django_assert_max_num_queries(16):
        answer = client.get(f"/blobs/{blob.pk}/checks/")
    assert "121 checks" in answer.content.decode()
    assert answer.context["page"].next_url


def test_what_is_missing_is_named(world: World, folder_vault: Path) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    remove(folder_vault, master(exhibit))
    actions.verify_now(world.supervisor, master(exhibit))
    run_jobs("evidence.verify")
    assert Notification.objects.filter(
        user=world.investigator, text=f"{exhibit} is quarantined: the stored file is missing"
    ).exists()
