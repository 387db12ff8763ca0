"""Events as the pages show them: in words, with the name of what they were about."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from accounts.models import User
from portal.models import LoggedEvent, ReleasedCopy, Schedule, SharedCase

_KINDS = {"blob": "File", "release": "Copy, recalled since", "exhibit": "Exhibit", "copy": "Copy", "document": "Redaction"}


@dataclass(frozen=True)
class Act:
    """One event, what it was about, and where that is (empty where there is no page of it)."""

    event: LoggedEvent
    about: str
    href: str


def named(user: User, case: SharedCase, events: Iterable[LoggedEvent]) -> list[Act]:
    """Events of one case with their names: two queries more, however many there are."""
    names: dict[str, tuple[str, str]] = {str(case.pk): (str(case), "")}
    for schedule in Schedule.objects.visible_to(user).filter(case=case).defer("statement"):
        names[str(schedule.pk)] = (str(schedule), reverse("portal:schedule", args=[schedule.pk]))
    for copy in ReleasedCopy.objects.visible_to(user).filter(case=case):
        names[str(copy.pk)] = (f"Copy of {copy.reference}", reverse("portal:copy", args=[copy.pk]))
        names[str(copy.exhibit_id)] = (f"Exhibit {copy.reference}", "")
    return [Act(event, *names.get(event.object_id, (_KINDS.get(event.object_type, ""), ""))) for event in events]


def on(user: User, shared: SharedCase, object_id: UUID) -> list[Act]:
    """The acts on one object, oldest first, without the looks of readers."""
    events = LoggedEvent.objects.visible_to(user).filter(case=shared, object_id=str(object_id)).exclude(verb__endswith=".consulted")
    return [Act(event, "", "") for event in events.order_by("at", "seq", "id")]
