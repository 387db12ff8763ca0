"""Whose turn it is: taking a copy, giving it to somebody, handing it over, and changing the day it is due."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Role, User
from accounts.policy import require
from audit.actions import record, recorded
from cases.notify import notify, notify_team
from redaction import queue
from redaction.addresses import url_of
from redaction.deciding import lock
from redaction.models import OVER, Release
from redaction.queue_models import Assignment, DueDate


@recorded
def assign(user: User, release: Release, to: User | None, note: str = "") -> Assignment:
    """Give what is to be done on a copy now to a person, or to nobody in particular.

    Redactors and approvers take what nobody has, give back their own, and hand their own over with a note that says how far it is.
    What is between others, or is given to somebody who didn't take it, is a supervisor's.
    """
    require(user, "redaction.take", release)
    lock(release.document)
    now = turn_of(release)
    if not now.task:
        raise ValidationError("There is nothing for a person to do on this copy now")
    if to is not None and not queue.candidates(now, now.task).filter(pk=to.pk).exists():
        who = "redactor" if now.task == Assignment.Task.DECIDE else "approver who neither drew nor decided in it"
        raise ValidationError({"to": f"{to} is no {who} on this case"})
    before = now.holder_id
    if (to.pk if to else None) == before:
        raise ValidationError({"to": f"{to} has it already" if to else "Nobody has it: there is nothing to give back"})
    own_taken = to == user and before is None
    own_given = before == user.pk
    if not (own_taken or own_given):
        require(user, "redaction.assign", release)
    if to is not None and before is not None and not note.strip():
        raise ValidationError({"note": "Enter what whoever takes it over must know: how far it is, what is open"})
    made = Assignment.objects.create(release=release, task=now.task, to=to, note=note.strip()[:300], by=user)
    record(
        "redaction.assigned",
        actor=user.as_actor(),
        case_id=release.case_id,
        object_type="release",
        object_id=release.pk,
        before={"to": str(before) if before else None},
        after={"to": str(to.pk) if to else None, "task": now.task, "document": str(release.document_id)},
        detail={"note": made.note} if made.note else None,
    )
    _tell(user, release, before, to)
    return made


def _tell(user: User, release: Release, before: UUID | None, to: User | None) -> None:
    what = f"{release.document.exhibit}: the redaction for the {release.get_audience_display()}"
    if to is not None and to != user:
        notify([to], f"{what} is handed to you by {user}", url_of(release), important=True)
    if before is not None and before != user.pk:
        notify(User.objects.filter(pk=before), f"{what} is no longer yours: {user} gave it to {to or 'nobody'}", url_of(release))


def turn_of(release: Release) -> Release:
    """The release as it stands, with its turn."""
    chosen = Release.objects.filter(pk=release.pk).with_state().select_related("document__case", "document__exhibit")
    return queue.with_turn(chosen).get()


@dataclass(frozen=True)
class Standing:
    """Whose turn it is with a copy, and until when, for its page. `changed` is the latest change of the day."""

    task: str
    due: dt.date | None
    is_late: bool
    changed: DueDate | None
    given: Assignment | None


def standing(release: Release) -> Standing:
    """How it stands now."""
    now = turn_of(release)
    due = None if now.due == queue.NEVER else now.due
    day = release.due_dates.select_related("by").order_by("-id").first()
    given = release.assignments.filter(task=now.task, to=now.holder_id).select_related("to", "by").order_by("-id").first()
    late = due is not None and due < timezone.localdate()
    return Standing(now.task, due, late, day if day and day.reason else None, given if now.holder_id else None)


def may(user: User, release: Release, now: Standing) -> dict[str, bool]:
    """Which of these a person may do now."""
    assigns = user.has_perm("redaction.assign", release)
    fits = bool(now.task) and queue.candidates(release, now.task).filter(pk=user.pk).exists()
    return {
        "due": user.has_perm("redaction.due", release),
        "take": fits and now.given is None,
        "hand_over": bool(now.task) and (assigns or (now.given is not None and now.given.to_id == user.pk)),
    }


def usual_day() -> dt.date:
    """When a copy is due if nobody says otherwise."""
    return timezone.localdate() + dt.timedelta(days=settings.REDACTION["DUE_DAYS"])


def set_due(user: User, release: Release, due: dt.date, reason: str = "") -> DueDate:
    """Write down a day that may be. ValidationError for one that is over."""
    if due < timezone.localdate():
        raise ValidationError({"due": "The day it is due must be today or later"})
    return DueDate.objects.create(release=release, due=due, reason=reason.strip()[:300], by=user)


@recorded
def change_due(user: User, release: Release, due: dt.date, reason: str) -> DueDate:
    """Change the day a copy is due, and say why. Whoever has it is told."""
    require(user, "redaction.due", release)
    lock(release.document)
    now = turn_of(release)
    if now.state in OVER:
        raise ValidationError("This copy is released, recalled or withdrawn: it is no longer due")
    if due == now.due:
        raise ValidationError({"due": "It is due on that day already"})
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the day is changed"})
    made = set_due(user, release, due, reason)
    record(
        "redaction.due_changed",
        actor=user.as_actor(),
        case_id=release.case_id,
        object_type="release",
        object_id=release.pk,
        before={"due": None if now.due == queue.NEVER else now.due.isoformat()},
        after={"due": due.isoformat(), "document": str(release.document_id)},
        detail={"reason": made.reason},
    )
    text = f"{release.document.exhibit}: the copy for the {release.get_audience_display()} is now due on {due:%d/%m/%Y}"
    if now.holder_id:
        notify(User.objects.filter(pk=now.holder_id).exclude(pk=user.pk), text, url_of(release))
    else:
        roles = [queue.ROLE[now.task]] if now.task else [Role.REDACTOR, Role.APPROVER]
        notify_team(release.document.case, text, url_of(release), roles=roles, without=user)
    return made
