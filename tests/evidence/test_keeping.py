"""Retention, holds, the store's lock, and disposal: two people, a reason, and a tombstone that stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

import vault
from accounts.models import Notification, Role, User
from audit.actions import Refused
from audit.models import Event
from cases import actions as cases
from cases.models import Case, RetentionRule
from evidence import actions, disposal, keeping
from evidence.models import Blob, Copy, CustodyEvent, Disposal, Exhibit, Hold, Retention, Tombstone
from jobs import actions as jobs
from jobs.models import Job
from tests import s3
from tests.evidence.conftest import World
from tests.evidence.test_checks import fresh, raising
from tests.evidence.test_pages import page, signed_in
from tests.evidence.test_verification import BODY, master
from tests.factories import make_user, make_verified_exhibit, run_jobs
from tests.optional import requires
from vault.config import VaultConfig
from vault.errors import Misconfigured, Missing, StillLocked, Unavailable
from vault.folder import FolderStore
from vault.protocol import Protection
from vault.s3 import S3Store
from vault.s3_bucket import ensure_bucket

WHY = "The retention of MoPI group 3 is over; reviewed in full."


def rule(name: str = "MoPI group 3") -> RetentionRule:
    return RetentionRule.objects.get(name=name)


def over(world: World) -> None:
    """The case is concluded and its retention ended yesterday."""
    Retention.objects.create(
        case=world.case, rule=rule(), until=timezone.now().date() - timedelta(days=1), reason=WHY, by=world.supervisor
    )
    Case.objects.filter(pk=world.case.pk).update(state=Case.State.CONCLUDED)
    world.case.refresh_from_db()


@pytest.fixture
def due(world: World) -> Exhibit:
    """An exhibit with a master and a redacted copy, whose time is over."""
    over(world)
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    actions.add_copy(world.redactor, exhibit, Copy.Kind.REDACTED, exhibit.copies.get(), BODY + b"!", "engine 1")
    run_jobs("evidence.verify")
    return exhibit


# ---- the store's lock ------------------------------------------------------------------------------------------------


def test_the_lock_is_renewed_ahead_but_not_past_the_end_of_retention(world: World) -> None:
    blob = master(make_verified_exhibit(world.investigator, world.case, data=BODY))
    assert blob.protected_until is not None
    assert timedelta(days=364) < blob.protected_until - timezone.now() <= timedelta(days=366)
    until = timezone.now().date() + timedelta(days=90)
    keeping.set_retention(world.supervisor, world.case, rule=rule(), until=until, reason=WHY)
    later = make_verified_exhibit(world.investigator, world.case, data=BODY)
    assert master(later).protected_until == datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=1)


def test_a_lock_is_not_set_anew_at_each_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    monkeypatch.setattr(FolderStore, "protect", raising(AssertionError("no need")))
    actions.verify_now(world.supervisor, master(exhibit))
    run_jobs("evidence.verify")
    assert master(exhibit).verifications.count() == 2


@pytest.mark.parametrize(
    ("locked", "fresh_enough"),
    [
        (Protection(None, True, "GOVERNANCE"), False),
        (Protection(timezone.now() + timedelta(days=400), False, "GOVERNANCE"), False),
        (Protection(timezone.now() + timedelta(days=400), True, "GOVERNANCE"), True),
        (Protection(timezone.now() + timedelta(days=400), True, "COMPLIANCE"), True),
        (Protection(timezone.now() + timedelta(days=300), True, "GOVERNANCE"), False),
        (Protection(timezone.now() + timedelta(days=400), True, ""), False),
    ],
)
def test_when_a_lock_is_renewed(locked: Protection, fresh_enough: bool) -> None:
    now = timezone.now()
    assert keeping.is_fresh(locked, now + timedelta(days=365), now, locks=True) is fresh_enough


def test_the_page_shows_what_the_store_says(world: World, any_vault: str) -> None:
    blob = master(make_verified_exhibit(world.investigator, world.case, data=BODY))
    shown = page(world.redactor, f"/blobs/{blob.pk}/lock/")
    if any_vault == "s3":
        assert "GOVERNANCE: this service" in shown
        assert "Retained until" in shown
        assert "On" in shown
    else:
        assert "This vault is a folder on a disk" in shown
    assert f"/blobs/{blob.pk}/lock/" in page(world.redactor, f"/exhibits/{blob.exhibit.pk}/")


def test_a_store_that_is_down_is_said_plainly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    blob = master(make_verified_exhibit(world.investigator, world.case, data=BODY))
    monkeypatch.setattr(FolderStore, "protection", raising(Unavailable("down")))
    shown = page(world.redactor, f"/blobs/{blob.pk}/lock/")
    assert "The store does not answer now" in shown
    assert "At the last check it was locked until" in shown
    monkeypatch.setattr(FolderStore, "protection", raising(Missing("gone")))
    assert "The store does not have this file" in page(world.redactor, f"/blobs/{blob.pk}/lock/")


# ---- rules and holds -------------------------------------------------------------------------------------------------


def test_the_longest_rule_counts_and_the_latest_word_on_each(world: World) -> None:
    today = timezone.now().date()
    for name, days in [("MoPI group 3", 10), ("MoPI group 2", 500), ("MoPI group 2", 400), ("CPIA: charged", 30)]:
        keeping.set_retention(world.investigator, world.case, rule=rule(name), until=today + timedelta(days=days), reason=WHY)
    longest = keeping.longest(world.case)
    assert longest is not None
    assert (longest.rule.name, longest.until) == ("MoPI group 2", today + timedelta(days=400))
    assert [kept.rule.name for kept in keeping.retentions(world.case)] == ["MoPI group 2", "CPIA: charged", "MoPI group 3"]
    assert Event.objects.filter(verb="retention.set").count() == 4
    with pytest.raises(Refused):
        keeping.set_retention(world.redactor, world.case, rule=rule(), until=today, reason=WHY)


def test_the_retention_page(world: World) -> None:
    path = f"/cases/{world.case.pk}/retention/"
    assert "No rule of retention is set" in page(world.redactor, path)
    client = signed_in(world.supervisor)
    form = {"rule": rule().pk, "until_day": "27", "until_month": "3", "until_year": "2126", "reason": WHY}
    assert client.post(path, form | {"reason": "no"}).status_code == 422
    assert "27/03/2126" in client.post(path, form, follow=True).content.decode()
    assert "Place the hold" not in page(world.redactor, path)
    assert client.post(path, {"hold_reason": ""}).status_code == 422
    shown = client.post(path, {"hold_reason": "Appeal 2026/01234 is pending"}, follow=True).content.decode()
    assert "Appeal 2026/01234 is pending" in shown
    hold = Hold.objects.get()
    assert client.post(f"/holds/{hold.pk}/lift/", {"reason": "x"}).status_code == 422
    shown = client.post(f"/holds/{hold.pk}/lift/", {"reason": "The appeal was dismissed"}, follow=True).content.decode()
    assert "Lifted because: The appeal was dismissed" in shown
    assert "has been lifted already" in client.post(f"/holds/{hold.pk}/lift/", {"reason": "The appeal again"}).content.decode()


# ---- disposal --------------------------------------------------------------------------------------------------------


def test_it_is_asked_for_approved_by_another_removed_and_remembered(world: World, due: Exhibit) -> None:
    asked = disposal.ask(world.exhibits, due, WHY)
    assert Notification.objects.filter(user=world.supervisor, text__contains="waits for your approval").exists()
    for user in (world.investigator, world.exhibits, world.stranger):
        with pytest.raises(Refused):
            disposal.approve(user, asked)
    disposal.approve(world.supervisor, asked)
    with pytest.raises(ValidationError, match="decided already"):
        disposal.approve(world.supervisor, asked)
    run_jobs()
    due.refresh_from_db()
    asked.refresh_from_db()
    assert (due.state, asked.state) == (Exhibit.State.DISPOSED, Disposal.State.DONE)
    stones = {stone.blob.copy.kind: stone for stone in Tombstone.objects.all()}
    assert set(stones) == {Copy.Kind.MASTER, Copy.Kind.REDACTED}
    for stone in stones.values():
        assert (stone.sha256, stone.size, stone.reason) == (stone.blob.sha256, stone.blob.size, WHY)
        assert str(world.exhibits) in stone.asked_by
        assert str(world.supervisor) in stone.approved_by
        with pytest.raises(Missing):
            vault.store().stat(stone.blob.key, stone.blob.version_id)
    assert due.custody.get(kind=CustodyEvent.Kind.DISPOSED).sha256 == master(due).sha256
    assert [event.verb for event in Event.objects.about("disposal", asked.pk).in_order()] == [
        "disposal.asked",
        "evidence.approve_disposal.refused",
        "evidence.approve_disposal.refused",
        "evidence.approve_disposal.refused",
        "disposal.approved",
        "disposal.done",
    ]
    # Nothing is looked for any more, and nothing new is taken in its place
    with pytest.raises(ValidationError):
        actions.verify_now(world.supervisor, master(due))
    with pytest.raises(ValidationError, match="already has its file"):
        actions.receive_bytes(world.investigator, due, b"again", "x")


def test_nobody_approves_what_they_asked_for(world: World, due: Exhibit) -> None:
    asked = disposal.ask(world.supervisor, due, WHY)
    with pytest.raises(ValidationError, match="can't approve it"):
        disposal.approve(world.supervisor, asked)
    disposal.approve(another_supervisor(world), asked)


def another_supervisor(world: World) -> User:
    user = make_user(Role.SUPERVISOR, organisation=world.case.organisation)
    cases.add_team_member(world.investigator, world.case, user, Role.SUPERVISOR)
    return user


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("open", "The case is open"),
        ("no rule", "No rule of retention"),
        ("not over", "keeps it until"),
        ("hold", "1 hold stands"),
        ("no file", "no file in the vault"),
    ],
)
def test_what_is_in_the_way(world: World, what: str, message: str) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    if what != "no rule":
        over(world)
    if what == "not over":
        today = timezone.now().date()
        keeping.set_retention(world.supervisor, world.case, rule=rule("MoPI group 1"), until=today, reason=WHY)
    if what == "hold":
        keeping.place_hold(world.disclosure, world.case, "Appeal 2026/01234 is pending")
    if what == "open":
        Case.objects.filter(pk=world.case.pk).update(state=Case.State.TRIAL)
    if what == "no file":
        from tests.factories import make_exhibit

        exhibit = make_exhibit(world.investigator, world.case)
    exhibit = Exhibit.objects.get(pk=exhibit.pk)
    with pytest.raises(ValidationError) as caught:
        disposal.ask(world.exhibits, exhibit, WHY)
    assert message in " ".join(caught.value.messages)
    assert message in page(world.exhibits, f"/exhibits/{exhibit.pk}/dispose/")


def test_a_hold_placed_meanwhile_stops_the_approval_and_then_the_removal(world: World, due: Exhibit) -> None:
    asked = disposal.ask(world.exhibits, due, WHY)
    hold = keeping.place_hold(world.disclosure, world.case, "Appeal 2026/01234 is pending")
    with pytest.raises(ValidationError, match="1 hold stands"):
        disposal.approve(world.supervisor, asked)
    keeping.lift_hold(world.supervisor, hold, "The appeal was dismissed")
    disposal.approve(world.supervisor, asked)
    hold = keeping.place_hold(world.disclosure, world.case, "Another appeal is pending")
    job = Job.objects.get(kind="evidence.dispose")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    assert "waits until it is lifted" in job.message
    assert not Tombstone.objects.exists()
    keeping.lift_hold(world.supervisor, hold, "The appeal was dismissed")
    Job.objects.filter(pk=job.pk).update(not_before=None)
    run_jobs()
    assert Tombstone.objects.count() == 2


def test_the_stores_lock_is_waited_for_and_not_renewed(world: World) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    locked = master(exhibit).protected_until
    assert locked is not None
    over(world)
    exhibit = Exhibit.objects.get(pk=exhibit.pk)
    asked = disposal.ask(world.exhibits, exhibit, WHY)
    with pytest.raises(ValidationError, match="The store locks it until"):
        disposal.approve(world.supervisor, asked)
    shown = page(world.supervisor, f"/disposals/{asked.pk}/")
    assert "it can be approved from then" in shown
    assert f"{timezone.localtime(locked):%d/%m/%Y}" in shown
    actions.verify_now(world.supervisor, master(exhibit))
    run_jobs("evidence.verify")
    assert master(exhibit).protected_until == locked


def test_on_s3_the_store_has_the_last_word(world: World, any_vault: str) -> None:
    over(world)
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    asked = disposal.ask(world.exhibits, exhibit, WHY)
    blob, store = master(exhibit), vault.store()
    if any_vault == "s3":
        with pytest.raises(ValidationError, match="The store locks it until"):
            disposal.approve(world.supervisor, asked)  # the bucket's own default
        with pytest.raises(StillLocked, match="keeps it until"):
            store.remove(blob.key, blob.version_id)
        bypass(store, blob)
    disposal.approve(world.supervisor, asked)
    run_jobs("evidence.dispose")
    assert master(exhibit).state == Blob.State.DISPOSED
    with pytest.raises(Missing):
        store.stat(blob.key, blob.version_id)
    store.remove(blob.key, blob.version_id)  # again: nothing happens


def bypass(store: Any, blob: Blob) -> None:
    """What only an administrator of the store can do: end the retention now, as time does."""
    store._client.put_object_retention(
        Bucket=store._bucket,
        Key=blob.key,
        VersionId=blob.version_id,
        BypassGovernanceRetention=True,
        Retention={"Mode": "GOVERNANCE", "RetainUntilDate": datetime.now(UTC) + timedelta(seconds=1)},
    )
    import time

    time.sleep(2)


def test_a_refusal_to_remove_leaves_the_hold_on(world: World, any_vault: str) -> None:
    blob = master(make_verified_exhibit(world.investigator, world.case, data=BODY))
    with pytest.raises(StillLocked):
        vault.store().remove(blob.key, blob.version_id)
    assert vault.store().protection(blob.key, blob.version_id).hold


def test_a_worker_that_dies_between_removal_and_tombstone_goes_on(
    world: World, due: Exhibit, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = disposal.ask(world.exhibits, due, WHY)
    disposal.approve(world.supervisor, asked)
    job = Job.objects.get(kind="evidence.dispose")
    with monkeypatch.context() as patch:
        patch.setattr(disposal, "_bury", raising(SystemExit()))
        with pytest.raises(SystemExit):
            jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.run(job.pk)
    assert Tombstone.objects.count() == 2
    assert Disposal.objects.get().state == Disposal.State.DONE


def test_a_store_that_is_down_is_asked_again(world: World, due: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = disposal.ask(world.exhibits, due, WHY)
    disposal.approve(world.supervisor, asked)
    job = Job.objects.get(kind="evidence.dispose")
    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "remove", raising(Unavailable("down")))
        jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, Tombstone.objects.count()) == (Job.State.QUEUED, 0)


def test_a_refused_disposal_keeps_everything(world: World, due: Exhibit) -> None:
    asked = disposal.ask(world.exhibits, due, WHY)
    with pytest.raises(ValidationError):
        disposal.refuse(world.supervisor, asked, "no")
    disposal.refuse(world.supervisor, asked, "A complaint is expected next month")
    assert master(due).state == Blob.State.VERIFIED
    disposal.ask(world.exhibits, due, WHY)


def test_the_pages_of_a_disposal(world: World, due: Exhibit) -> None:
    asks = signed_in(world.exhibits)
    assert "Another person has to approve" in asks.get(f"/exhibits/{due.pk}/dispose/").content.decode()
    assert asks.post(f"/exhibits/{due.pk}/dispose/", {"reason": "x"}).status_code == 422
    answer = asks.post(f"/exhibits/{due.pk}/dispose/", {"reason": WHY}, follow=True)
    assert "A supervisor who did not ask for it decides" in answer.content.decode()
    asked = Disposal.objects.get()
    assert "Decide on the disposal" in page(world.supervisor, "/")
    assert "/account/reauthenticate/" in signed_in(world.supervisor).get(f"/disposals/{asked.pk}/approve/").headers["Location"]
    client = fresh(signed_in(world.supervisor))
    shown = client.get(f"/disposals/{asked.pk}/approve/").content.decode()
    assert "Nobody can bring them back" in shown
    assert master(due).sha256[:4] in shown
    assert "Enter why it is kept" in client.post(f"/disposals/{asked.pk}/refuse/", {}, follow=True).content.decode()
    assert "Approved. A worker" in client.post(f"/disposals/{asked.pk}/approve/", follow=True).content.decode()
    run_jobs()
    shown = page(world.redactor, f"/disposals/{asked.pk}/")
    assert "What stays" in shown
    assert str(world.supervisor) in shown
    shown = page(world.redactor, f"/exhibits/{due.pk}/")
    assert "Disposed of" in shown
    assert f"/disposals/{asked.pk}/" in shown


# ---- what the database refuses ---------------------------------------------------------------------------------------


def test_raw_sql_of_the_applications_role_disposes_of_nothing(world: World, due: Exhibit, app_connection: Any) -> None:
    blob, asked = master(due), disposal.ask(world.exhibits, due, WHY)
    values = {"blob": str(blob.pk), "asked": str(asked.pk), "sup": str(world.supervisor.pk), "own": str(world.exhibits.pk)}

    def refused(sql: str) -> str:
        import psycopg2

        with pytest.raises(psycopg2.Error) as caught, app_connection, app_connection.cursor() as cursor:
            cursor.execute(sql, values)
        return str(caught.value)

    approve = "UPDATE evidence_disposal SET state = 'approved', decided_by_id = %({})s, decided_at = now() WHERE id = %(asked)s"
    assert "Only an approved disposal" in refused("UPDATE evidence_blob SET state = 'disposing' WHERE id = %(blob)s")
    assert "no step" in refused("UPDATE evidence_blob SET state = 'disposed' WHERE id = %(blob)s")
    assert "two_people" in refused(approve.format("own"))
    assert "no step" in refused("UPDATE evidence_disposal SET state = 'done' WHERE id = %(asked)s")
    assert "denied" in refused("DELETE FROM evidence_disposal WHERE id = %(asked)s")
    assert "approved gets a tombstone" in refused(
        "INSERT INTO evidence_tombstone (id, blob_id, disposal_id, sha256, size, asked_by, approved_by, rule, reason, removed_at)"
        " SELECT gen_random_uuid(), id, %(asked)s, sha256, size, 'a', 'b', 'c', 'd', now() FROM evidence_blob WHERE id = %(blob)s"
    )
    hold = keeping.place_hold(world.disclosure, world.case, "Appeal 2026/01234 is pending")
    assert "A hold stands" in refused(approve.format("sup"))
    assert "denied" in refused("DELETE FROM evidence_hold")
    assert "lifted, once" in refused("UPDATE evidence_hold SET reason = 'other'")
    keeping.lift_hold(world.supervisor, hold, "The appeal was dismissed")
    Case.objects.filter(pk=world.case.pk).update(state=Case.State.TRIAL)
    assert "open case" in refused(approve.format("sup"))
    Case.objects.filter(pk=world.case.pk).update(state=Case.State.CONCLUDED)
    Blob.objects.filter(pk=blob.pk).update(protected_until=timezone.now() + timedelta(days=1))
    assert "still locks" in refused(approve.format("sup"))
    Blob.objects.filter(pk=blob.pk).update(protected_until=None)
    keeping.set_retention(world.supervisor, world.case, rule=rule("MoPI group 2"), until=timezone.now().date(), reason=WHY)
    assert "retention of this case is not over" in refused(approve.format("sup"))


def test_the_database_keeps_what_was_asked_and_decided(world: World, due: Exhibit) -> None:
    asked = disposal.ask(world.exhibits, due, WHY)
    disposal.approve(world.supervisor, asked)
    for change in ({"reason": "other"}, {"asked_by": world.investigator}, {"state": "asked"}, {"state": "done"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Disposal.objects.filter(pk=asked.pk).update(**change)
    with pytest.raises(DatabaseError, match="leave a tombstone"), transaction.atomic():
        Blob.objects.filter(pk=master(due).pk).update(state="disposed")
    with pytest.raises(DatabaseError), transaction.atomic():
        Blob.objects.filter(pk=master(due).pk).update(state="verified")
    run_jobs()
    for sql in ({"sha256": "0" * 64}, {"reason": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Tombstone.objects.update(**sql)
    with pytest.raises(DatabaseError), transaction.atomic():
        Tombstone.objects.all().delete()


@requires("s3")
def test_compliance_is_a_setting_and_never_weakened() -> None:
    values = {**s3.server().settings(), "PUBLIC_URL": "http://testserver", "LOCK_MODE": "COMPLIANCE", "RETENTION_DAYS": 1}
    ensure_bucket(VaultConfig.from_mapping(values))
    store, until = S3Store(VaultConfig.from_mapping(values)), timezone.now() + timedelta(days=2)
    stored = store.put(b"x")
    assert store.protect(stored.key, stored.version_id, until, hold=True).mode == "COMPLIANCE"
    weaker = S3Store(VaultConfig.from_mapping(values | {"LOCK_MODE": "GOVERNANCE"}))
    assert weaker.protect(stored.key, stored.version_id, until + timedelta(days=1), hold=True).mode == "COMPLIANCE"
    with pytest.raises(Misconfigured, match="GOVERNANCE or COMPLIANCE"):
        VaultConfig.from_mapping(values | {"LOCK_MODE": "NONE"})
