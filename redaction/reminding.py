"""Reminders of copies that are due soon or overdue: each person once before the day and once after it."""

import datetime as dt

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import Role, User
from audit.actions import SYSTEM, acting, record
from cases.models import TeamMember
from cases.notify import notify
from redaction import queue
from redaction.addresses import url_of
from redaction.deciding import lock
from redaction.models import Release
from redaction.queue_models import Reminder


def remind() -> int:
    """Remind of every copy whose day has come near or is over, if nobody was reminded of that yet; return of how many."""
    today = timezone.localdate()
    near = today + dt.timedelta(days=settings.REDACTION["REMIND_DAYS"])
    found = queue.with_turn(Release.objects.under_way()).filter(Q(due__lte=near) & ~Q(task=""))
    done = set(Reminder.objects.filter(release__in=found.values("pk")).values_list("release", "due", "when", "task"))
    sent = 0
    for release in found.select_related("document__case", "document__exhibit"):
        when = Reminder.When.LATE if release.due < today else Reminder.When.SOON
        if (release.pk, release.due, when, release.task) not in done:
            sent += _once(release, when)
    return sent


def _once(release: Release, when: str) -> bool:
    """Write the reminder down and send it, in one transaction; False if another worker did so meanwhile."""
    with acting():
        lock(release.document)
        wanted = {"release": release, "due": release.due, "when": when, "task": release.task}
        if Reminder.objects.filter(**wanted).exists():
            return False
        late = when == Reminder.When.LATE
        told = notify(_people(release, late=late), _text(release, late=late), url_of(release), important=late)
        Reminder.objects.create(**wanted, told=told)
        record(
            "redaction.reminded",
            actor=SYSTEM,
            case_id=release.case_id,
            object_type="release",
            object_id=release.pk,
            after={"due": release.due.isoformat(), "when": when, "task": release.task, "told": told},
        )
    return True


def _text(release: Release, *, late: bool) -> str:
    day = f"{release.due:%d/%m/%Y}"
    was = f"was due on {day} and is overdue" if late else f"is due on {day}"
    verb = queue.verb_of(release.state).rstrip(":").lower()
    return f"{release.document.exhibit}: the copy for the {release.get_audience_display()} {was}. To do: {verb} it"


def _people(release: Release, *, late: bool) -> set[User]:
    """Who has it, or everybody who could take it; once it is late the supervisors too."""
    holder = release.holder_id
    people = set(User.objects.filter(pk=holder) if holder else queue.candidates(release, release.task))
    if late:
        members = TeamMember.objects.filter(case=release.case_id, left_at=None, role=Role.SUPERVISOR)
        people |= set(User.objects.filter(pk__in=members.values("user_id")))
    return people
