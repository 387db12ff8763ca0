"""What every step of a schedule's way shares: locks, the order of states, events and notifications. Called by the actions."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.urls import reverse

from accounts.models import User
from audit.actions import Refused, record
from cases.models import Case
from cases.notify import notify_team
from disclosure import rows
from disclosure.models import ScheduleVersion, VersionState
from disclosure.triggers import TRANSITIONS

State = VersionState.State


def lock(version: ScheduleVersion) -> None:
    """Hold a version until the transaction ends."""
    rows.lock_version(version)


def may_go(version: ScheduleVersion, state: str) -> None:
    """Refuse a step that does not follow the version's state."""
    if state not in TRANSITIONS[version.state]:
        raise ValidationError(f"{version} is {version.state_label.lower()}: this can't be done to it now")


def move(
    user: User,
    version: ScheduleVersion,
    to: str,
    verb: str,
    *,
    reason: str = "",
    after: Mapping[str, Any] = {},
    source: Mapping[str, str] = {},
) -> VersionState:
    """Enter a state and record it."""
    before = {"state": version.state}
    state = enter(user, version, to, reason, **source)
    told = {"reason": reason, **source}
    detail = {name: value for name, value in told.items() if value} or None
    record_version(verb, user, version, before=before, after=facts_of(version) | dict(after or {}), detail=detail)
    return state


def enter(user: User, version: ScheduleVersion, to: str, reason: str = "", **prosecutor: str) -> VersionState:
    """Enter a state."""
    state = VersionState.objects.create(version=version, state=to, by=user, reason=reason, **prosecutor)
    version.latest_state = to
    return state


def last_edit(version: ScheduleVersion) -> int:
    """The last change of a row's words, by id."""
    return version.edits.aggregate(last=Max("id"))["last"] or 0


def facts_of(version: ScheduleVersion) -> dict[str, Any]:
    """What an event says of a version."""
    numbered = version.rows.filter(position__isnull=False).count()
    return {"state": version.state, "kind": version.schedule.kind, "version": version.number, "rows": numbered}


def refused(user: User, permission: str, version: ScheduleVersion, reason: str) -> Refused:
    """A refusal that is kept in the log."""
    return Refused(
        permission,
        actor=user.as_actor(),
        case_id=version.case_id,
        object_type="scheduleversion",
        object_id=version.pk,
        reason=reason,
    )


def tell(user: User, version: ScheduleVersion, what: str, roles: Any) -> None:
    """Tell those in these roles on the case."""
    url = reverse("disclosure:version", kwargs={"schedule_id": version.schedule_id, "number": version.number})
    notify_team(version.schedule.case, f"{version.schedule.case}: {version} {what}", url, roles=roles, without=user)


def record_version(verb: str, user: User, version: ScheduleVersion, **fields: Any) -> None:
    """Append an event about a version."""
    record_on(verb, user, version.schedule.case, version, **fields)


def record_on(verb: str, user: User, case: Case, instance: Any, **fields: Any) -> None:
    """Append an event about anything of a case."""
    record(
        verb,
        actor=user.as_actor(),
        case_id=case.pk,
        organisation_id=case.organisation_id,
        object_type=type(instance)._meta.model_name or "",
        object_id=instance.pk,
        **fields,
    )
