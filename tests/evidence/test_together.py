"""Many small files are checked at once: what is found of one is written as if it had been checked alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

import vault
from accounts.models import Notification
from audit.models import Event
from evidence import actions, hooks, verification
from evidence.models import Blob, CustodyEvent, Exhibit
from jobs import actions as jobs
from jobs.models import Job
from tests.evidence.conftest import World
from tests.evidence.test_verification import BODY, flip, master, remove, shorten
from tests.factories import make_exhibit, make_verified_exhibit
from vault.errors import Unavailable, Unreadable
from vault.folder import FolderStore


def received(world: World, count: int) -> list[Exhibit]:
    """Exhibits whose files have arrived and are not checked."""
    return [make_exhibit(world.investigator, world.case, data=BODY + bytes([n])) for n in range(count)]


def ask_all(world: World, exhibits: list[Exhibit]) -> list[Job]:
    """Have their files checked again; the jobs."""
    return [actions.verify_now(world.supervisor, master(exhibit)) for exhibit in exhibits]


def run(asked: list[Job]) -> None:
    """What a worker does with the message that names the first of them."""
    for job in asked:
        Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(not_before=None)
    jobs.run(asked[0].pk)


def last_results(exhibits: list[Exhibit]) -> list[str]:
    return [check.result if (check := master(exhibit).verifications.first()) else "" for exhibit in exhibits]


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many files each run checked together."""
    seen: list[int] = []
    registration = jobs._handlers[actions.VERIFY]
    assert registration.together is not None
    together = registration.together

    def count(leases: Any) -> Any:
        seen.append(len(leases))
        return together.run(leases)

    counted = jobs.Registration(registration.run, registration.failed, jobs.Together(count, together.largest))
    monkeypatch.setitem(jobs._handlers, actions.VERIFY, counted)
    yield seen


def test_what_has_arrived_is_verified_in_one_go(world: World, any_vault: str, checks: list[int]) -> None:
    exhibits = received(world, 5)
    asked = list(Job.objects.filter(kind=actions.VERIFY).order_by("created_at"))
    run(asked)
    assert checks == [5]
    for number, exhibit in enumerate(exhibits):
        blob = master(exhibit)
        check = blob.verifications.get()
        assert (blob.state, check.result) == (Blob.State.VERIFIED, "match")
        assert check.found == hashlib.sha256(BODY + bytes([number])).hexdigest()
        assert exhibit.custody.filter(kind=CustodyEvent.Kind.VERIFIED).count() == 1
        protection = vault.store().protection(blob.key, blob.version_id)
        assert (protection.hold, protection.retain_until) == (True, blob.protected_until)
        event = Event.objects.about("blob", blob.pk).get(verb="blob.verified")
        assert event.request_id == str(asked[number].pk)
        assert (event.after or {})["found"] == check.found
    # Again: custody says it once
    run(ask_all(world, exhibits))
    assert checks == [5, 5]
    assert CustodyEvent.objects.filter(kind=CustodyEvent.Kind.VERIFIED).count() == 5
    assert Event.objects.filter(verb="blob.verified").count() == 10


def test_damage_to_some_is_told_apart_and_the_others_match(
    world: World, folder_vault: Path, checks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibits = [make_verified_exhibit(world.investigator, world.case, data=BODY + bytes([n])) for n in range(7)]
    for exhibit, damage in zip(exhibits, (flip, shorten, remove), strict=False):
        damage(folder_vault, master(exhibit))
    unreadable, away = master(exhibits[3]).key, master(exhibits[4]).key
    original = FolderStore.read

    def failing(self: FolderStore, key: str, *args: Any) -> Iterator[bytes]:
        if key in (unreadable, away):
            raise Unreadable("A part can't be read.") if key == unreadable else Unavailable("The store can't be reached.")
        return original(self, key, *args)

    asked = ask_all(world, exhibits)
    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "read", failing)
        run(asked)
        assert last_results(exhibits) == ["changed", "truncated", "missing", "match", "match", "match", "match"]
        waiting = {job.object_id: job.message for job in Job.objects.filter(state=Job.State.QUEUED)}
        # What the store doesn't give out now is asked for again before anything is said of it
        assert waiting == {
            master(exhibits[3]).pk: "A part can't be read.",
            master(exhibits[4]).pk: "The store can't be reached.",
        }
        for _ in range(verification.TRIES - 1):
            run(asked[3:5])
    assert last_results(exhibits) == ["changed", "truncated", "missing", "unreadable", "unchecked", "match", "match"]
    assert [master(exhibit).state for exhibit in exhibits] == ["quarantined"] * 4 + ["verified"] * 3
    assert Event.objects.filter(verb="blob.quarantined").count() == 4
    assert Event.objects.filter(verb="blob.not_checked").count() == 1
    assert Notification.objects.filter(user=world.supervisor, text__contains="is quarantined").count() == 4
    assert Notification.objects.filter(user=world.supervisor, text__contains="could not be checked").count() == 1


def test_while_it_waits_the_page_says_what_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.evidence.test_pages import page

    (exhibit,) = received(world, 1)
    address = f"/exhibits/{exhibit.pk}/"
    assert "Waiting for a worker" in page(world.investigator, address)

    def away(*_args: Any) -> Any:
        raise Unavailable("The store can't be reached; try again later.")

    monkeypatch.setattr(FolderStore, "stat", away)
    jobs.run(Job.objects.get(object_id=master(exhibit).pk).pk)
    shown = page(world.investigator, address)
    assert "The store can&#x27;t be reached" in shown
    assert "0 bytes of" not in shown.replace("\xa0", " ")


def test_what_cannot_be_written_of_one_keeps_no_other_back(
    world: World, checks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibits = received(world, 4)
    bad = master(exhibits[2])

    def refuse(blob: Blob) -> None:
        if blob.pk == bad.pk:
            raise ZeroDivisionError

    monkeypatch.setattr(hooks, "blob_verified", [*hooks.blob_verified, refuse])
    asked = list(Job.objects.filter(kind=actions.VERIFY).order_by("created_at"))
    with pytest.raises(ZeroDivisionError):
        run(asked)
    assert [master(exhibit).state for exhibit in exhibits] == ["verified", "verified", "received", "verified"]
    assert not bad.verifications.exists()
    assert Event.objects.filter(verb="blob.verified").count() == 3
    assert Job.objects.get(pk=asked[2].pk).message == "Trying again (ZeroDivisionError)."


def test_a_check_that_another_worker_took_over_is_not_written(
    world: World, checks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibits = received(world, 3)
    asked = list(Job.objects.filter(kind=actions.VERIFY).order_by("created_at"))
    original = verification._write_together

    def late(found: Any) -> Any:
        Job.objects.filter(pk=asked[1].pk).update(attempt=7, lease_until=Now() + timedelta(minutes=1))
        return original(found)

    monkeypatch.setattr(verification, "_write_together", late)
    run(asked)
    assert [master(exhibit).state for exhibit in exhibits] == ["verified", "received", "verified"]
    assert [master(exhibit).verifications.count() for exhibit in exhibits] == [1, 0, 1]
    assert Job.objects.get(pk=asked[1].pk).state == Job.State.RUNNING


def test_the_questions_to_the_database_do_not_grow_with_the_files(world: World, checks: list[int]) -> None:
    exhibits = received(world, 12)
    run(list(Job.objects.filter(kind=actions.VERIFY).order_by("created_at")))
    counts = []
    for some in (exhibits[:3], exhibits):
        asked = ask_all(world, some)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            run(asked)
        counts.append(len(captured) - len(some))  # `run` itself asks once for each
    assert checks == [12, 3, 12]
    assert counts[0] == counts[1]
