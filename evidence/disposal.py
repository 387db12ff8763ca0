"""Disposal of an exhibit's stored bytes (two people, a reason, retention over, no hold), and the tombstone that stays.

    ask ─▶ approve (another person) ─▶ worker: the store removes the bytes ─▶ tombstone, then "disposed of"
         └▶ refuse

The database refuses every other way (`keeping_triggers`). A store that still locks a file can't be overruled from here:
the disposal can be approved from the day on which that lock ends.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

import vault
from accounts.models import User
from accounts.policy import require
from audit.actions import SYSTEM, acting, record, recorded
from cases.notify import notify_team
from evidence import hooks, keeping
from evidence.keeping_triggers import CLOSED_STATES
from evidence.models import Blob, CustodyEvent, Disposal, Exhibit, Retention, Tombstone
from jobs.actions import JobFailed, Lease, RetryLater, enqueue, handler
from jobs.models import Job
from vault.errors import Missing, StillLocked, VaultError

DISPOSE = "evidence.dispose"
QUEUE = "quick"
_RETRY = dt.timedelta(minutes=5)


@dataclass
class Standing:
    """Whether an exhibit may be disposed of now: what is in the way, in words, and since or from when the class is reached."""

    kept: Retention | None
    in_the_way: list[str] = field(default_factory=list)
    locked_until: dt.datetime | None = None

    @property
    def class_reached(self) -> bool:
        """Whether every rule of retention is over."""
        return self.kept is not None and self.kept.until < timezone.now().date()


def blobs_of(exhibit: Exhibit) -> list[Blob]:
    """What would be removed: every file of every copy that the vault holds."""
    found = Blob.objects.filter(copy__exhibit=exhibit).exclude(state__in=[Blob.State.ABANDONED, Blob.State.DISPOSED])
    return list(found.select_related("copy__exhibit__case").order_by("created_at"))


def standing(exhibit: Exhibit) -> Standing:
    """What is in the way of a disposal. The store's lock is as it was last reported; `approve` asks it anew."""
    now, case, blobs = timezone.now(), exhibit.case, blobs_of(exhibit)
    found = Standing(keeping.longest(case))
    if not blobs:
        found.in_the_way.append("It has no file in the vault.")
    if any(blob.state in (Blob.State.RECEIVING, Blob.State.RECEIVED) for blob in blobs):
        found.in_the_way.append("A file of it is still being received or checked.")
    if case.state not in CLOSED_STATES:
        found.in_the_way.append("The case is open: it must be concluded, or ended without further action.")
    if found.kept is None:
        found.in_the_way.append("No rule of retention has been set for the case.")
    elif not found.class_reached:
        found.in_the_way.append(f"{found.kept.rule} keeps it until {found.kept.until:%d/%m/%Y}.")
    if count := len(list(keeping.holds(case))):
        found.in_the_way.append(f"{count} hold{'s stand' if count > 1 else ' stands'} on the case.")
    locks = [blob.protected_until for blob in blobs if blob.protected_until and blob.protected_until > now]
    found.locked_until = max(locks, default=None)
    return found


@recorded
def ask(user: User, exhibit: Exhibit, reason: str) -> Disposal:
    """Ask for the disposal of an exhibit's files. From now on the store's lock on them is not renewed."""
    require(user, "evidence.ask_disposal", exhibit)
    if len(reason.strip()) < 10:
        raise ValidationError({"reason": "Enter why it is disposed of"})
    # Two who ask at once: the second is told
    exhibit = Exhibit.objects.select_for_update(of=("self",)).select_related("case").get(pk=exhibit.pk)
    if Disposal.objects.under_way().filter(exhibit=exhibit).exists():
        raise ValidationError("Its disposal has been asked for already")
    now = standing(exhibit)
    if now.in_the_way or now.kept is None:
        raise ValidationError(now.in_the_way)
    disposal = Disposal.objects.create(exhibit=exhibit, rule=now.kept.rule, reason=reason.strip(), asked_by=user)
    _record("disposal.asked", user, disposal, after={"state": disposal.state, "exhibit": str(exhibit.pk), "rule": now.kept.rule_id})
    text = f"{exhibit}: its disposal waits for your approval"
    notify_team(exhibit.case, text, _url(disposal), roles=["supervisor"], without=user, important=True)
    return disposal


@recorded
def approve(user: User, disposal: Disposal) -> Disposal:
    """Another person than asked says yes: from here on there is no way back. A worker removes the bytes."""
    require(user, "evidence.approve_disposal", disposal)
    disposal = _asked(disposal)
    if disposal.asked_by_id == user.pk:
        raise ValidationError("Whoever asked for a disposal can't approve it")
    exhibit = disposal.exhibit
    _ask_the_store(exhibit)
    now = standing(exhibit)
    if now.locked_until:
        now.in_the_way.append(f"The store locks it until {timezone.localtime(now.locked_until):%d/%m/%Y %H:%M}; approve it then.")
    if now.in_the_way:
        raise ValidationError(now.in_the_way)
    _decide(disposal, Disposal.State.APPROVED, user, "")
    blobs = blobs_of(exhibit)
    for blob in blobs:
        blob.state = Blob.State.DISPOSING
        blob.save(update_fields=["state"])
    _record(
        "disposal.approved",
        user,
        disposal,
        before={"state": Disposal.State.ASKED},
        after={"state": disposal.state, "files": len(blobs), "hashes": [blob.sha256 for blob in blobs]},
    )
    enqueue(DISPOSE, disposal.pk, queue=QUEUE, case_id=disposal.case_id)
    return disposal


@recorded
def refuse(user: User, disposal: Disposal, reason: str) -> Disposal:
    """It stays. Its lock is renewed again at the next check."""
    require(user, "evidence.approve_disposal", disposal)
    if len(reason.strip()) < 10:
        raise ValidationError({"reason": "Enter why it is kept"})
    disposal = _asked(disposal)
    _decide(disposal, Disposal.State.REFUSED, user, reason.strip())
    _record(
        "disposal.refused_by_approver",
        user,
        disposal,
        before={"state": Disposal.State.ASKED},
        after={"state": disposal.state},
    )
    notify_team(disposal.exhibit.case, f"{disposal.exhibit}: its disposal is refused", _url(disposal), without=user)
    return disposal


def _asked(disposal: Disposal) -> Disposal:
    disposals = Disposal.objects.select_for_update(of=("self",)).select_related("exhibit__case", "rule", "asked_by")
    disposal = disposals.get(pk=disposal.pk)
    if disposal.state != Disposal.State.ASKED:
        raise ValidationError("This disposal has been decided already")
    return disposal


def _decide(disposal: Disposal, state: str, user: User, reason: str) -> None:
    disposal.state, disposal.decided_by, disposal.decided_at, disposal.decided_because = state, user, timezone.now(), reason
    disposal.save(update_fields=["state", "decided_by", "decided_at", "decided_because"])


def _ask_the_store(exhibit: Exhibit) -> None:
    """Note what the store says now of each file's lock. ValidationError if it doesn't answer."""
    for blob in blobs_of(exhibit):
        try:
            blob.protected_until = vault.store().protection(blob.key, blob.version_id).retain_until
        except Missing:
            blob.protected_until = None
        except VaultError as error:
            raise ValidationError(f"The store can't say until when it locks the file ({error}) Try again later.") from error
        blob.save(update_fields=["protected_until"])


# ---- the worker's part -----------------------------------------------------------------------------------------------


def _failed(job: Job, message: str) -> None:
    disposal = Disposal.objects.select_related("exhibit__case").get(pk=job.object_id)
    record(
        "disposal.failed",
        actor=SYSTEM,
        case_id=disposal.case_id,
        object_type="disposal",
        object_id=disposal.pk,
        after={"state": disposal.state},
        detail={"reason": message},
    )
    text = f"{disposal.exhibit}: its approved disposal could not be carried out"
    notify_team(disposal.exhibit.case, text, _url(disposal), important=True)


@handler(DISPOSE, failed=_failed)
def dispose(job: Job, lease: Lease) -> None:
    """Remove what was approved, file by file. A worker that dies in between goes on where it was: removing twice is removing."""
    disposal = Disposal.objects.select_related("exhibit__case", "rule", "asked_by", "decided_by").get(pk=job.object_id)
    if disposal.state != Disposal.State.APPROVED:
        raise JobFailed("This disposal is not approved.")
    if any(True for _ in keeping.holds(disposal.exhibit.case)):
        raise RetryLater("A hold was placed on the case after the approval: the removal waits until it is lifted.", _RETRY * 12)
    blobs = blobs_of(disposal.exhibit)
    lease.progress(0, len(blobs) + 1)
    try:
        for object_key, version in (pair for hook in hooks.derived_objects for pair in hook(disposal.exhibit)):
            vault.store().remove(object_key, version)
        for done, blob in enumerate(blobs):
            vault.store().remove(blob.key, blob.version_id)
            with acting():
                _bury(disposal, blob)
            lease.progress(done + 1, len(blobs) + 1)
    except StillLocked as error:
        raise RetryLater(str(error), _RETRY * 12) from error
    except VaultError as error:
        raise RetryLater(str(error), _RETRY) from error
    with lease.finish(), acting():
        _finish(disposal, len(blobs))


@recorded
def _bury(disposal: Disposal, blob: Blob) -> None:
    """The bytes are gone from the store: what stays of them."""
    asked, approved = disposal.asked_by, disposal.decided_by
    if approved is None:
        raise JobFailed("This disposal is not approved.")
    Tombstone.objects.create(
        blob=blob,
        disposal=disposal,
        sha256=blob.sha256,
        size=blob.size,
        asked_by=asked.as_actor().text[:300],
        approved_by=approved.as_actor().text[:300],
        rule=disposal.rule.name,
        reason=disposal.reason,
    )
    blob.state, blob.protected_until, blob.legal_hold = Blob.State.DISPOSED, None, False
    blob.save(update_fields=["state", "protected_until", "legal_hold"])
    record(
        "blob.disposed",
        actor=SYSTEM,
        case_id=blob.case_id,
        object_type="blob",
        object_id=blob.pk,
        before={"state": Blob.State.DISPOSING},
        after={"state": blob.state, "sha256": blob.sha256, "size": blob.size, "disposal": str(disposal.pk)},
    )


def _finish(disposal: Disposal, files: int) -> None:
    exhibit = disposal.exhibit
    disposal.state, disposal.done_at = Disposal.State.DONE, timezone.now()
    disposal.save(update_fields=["state", "done_at"])
    Exhibit.objects.filter(pk=exhibit.pk).update(state=Exhibit.State.DISPOSED)
    master = Blob.objects.master_of(exhibit)
    CustodyEvent.objects.create(
        exhibit=exhibit,
        kind=CustodyEvent.Kind.DISPOSED,
        at=disposal.done_at,
        by=f"{disposal.asked_by}; approved by {disposal.decided_by}"[:160],
        sha256=master.sha256 if master else "",
        purpose=f"{disposal.rule}: {disposal.reason}"[:300],
    )
    record(
        "disposal.done",
        actor=SYSTEM,
        case_id=disposal.case_id,
        object_type="disposal",
        object_id=disposal.pk,
        before={"state": Disposal.State.APPROVED},
        after={"state": disposal.state, "files": files},
    )
    notify_team(exhibit.case, f"{exhibit} is disposed of; its tombstone stays", _url(disposal))


def _url(disposal: Disposal) -> str:
    return reverse("evidence:disposal", args=[disposal.pk])


def _record(verb: str, user: User, disposal: Disposal, **more: object) -> None:
    record(
        verb,
        actor=user.as_actor(),
        case_id=disposal.case_id,
        object_type="disposal",
        object_id=disposal.pk,
        detail={"reason": disposal.reason, "exhibit": str(disposal.exhibit)},
        **more,  # type: ignore[arg-type]
    )
