"""The queue: which copies wait for whom, until when, how much of each is left.

One set of questions for the page, "My work", the count in the navigation and the reminders.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from accounts.models import Role, User
from cases.models import TeamMember
from redaction.models import Document, Proposal, ProposalDecision, Release, ReleaseQuerySet, ReleaseState
from redaction.queue_models import Assignment, DueDate

State = ReleaseState.State
Task = Assignment.Task
DECIDE: dict[str, str] = {
    State.ASKED: "Decide what to redact in",
    State.SENT_BACK: "Mend the redaction of",
    State.LEAKED: "Find the leak in",
    State.FAILED: "See why it failed:",
}
APPROVE: dict[str, str] = {State.SENT_FOR_APPROVAL: "Approve the redaction of", State.VERIFIED: "Release the redacted copy of"}
ROLE: dict[str, str] = {Task.DECIDE: Role.REDACTOR, Task.APPROVE: Role.APPROVER}
"""Who does a task, by role on the case."""
NEVER = dt.date(9999, 12, 31)
SHOWN = {"mine": "Waiting for you", "free": "Nobody has", "late": "Overdue", "all": "All"}
"""What the page can be narrowed to."""


@dataclass(frozen=True)
class Entry:
    """A copy in the queue, for its row."""

    release: Release
    holder: User | None
    left: int
    all: int
    today: dt.date

    @property
    def due(self) -> dt.date | None:
        """When it is wanted; None for one asked for before days were set."""
        return None if self.release.due == NEVER else self.release.due

    @property
    def is_late(self) -> bool:
        """Whether that day is over."""
        return self.due is not None and self.due < self.today

    @property
    def verb(self) -> str:
        """What is to be done, in words."""
        return verb_of(self.release.state)

    @property
    def decides(self) -> bool:
        """Whether redactors have it."""
        return self.release.task == Task.DECIDE

    @property
    def reading(self) -> bool:
        """Whether its file is still being read."""
        return self.release.document.state == Document.State.READING


def verb_of(state: str) -> str:
    """What a state asks somebody to do; empty where a worker is at it."""
    return DECIDE.get(state) or APPROVE.get(state) or ""


def under_way(user: User) -> ReleaseQuerySet:
    """Every copy under way in this person's cases, with its turn."""
    return with_turn(Release.objects.visible_to(user).under_way())


def with_turn(found: ReleaseQuerySet) -> ReleaseQuerySet:
    """With `task` (empty while a worker has it), `due` (NEVER if none) and `holder_id`: who it was given to, if still on the team.

    `found` are releases `with_state`.
    """
    days = DueDate.objects.filter(release=OuterRef("pk")).order_by("-id").values("due")[:1]
    task: Any = Case(
        When(state__in=list(DECIDE), then=Value(Task.DECIDE.value)),
        When(state__in=list(APPROVE), then=Value(Task.APPROVE.value)),
        default=Value(""),
        output_field=CharField(),
    )
    latest = ReleaseState.objects.filter(release=OuterRef("pk")).order_by("-id").annotate(task=task)
    team = TeamMember.objects.filter(case=OuterRef("release__document__case"), left_at=None)
    there = team.filter(user=OuterRef("to"), user__is_active=True)
    holder = Case(*(When(Exists(there.filter(role=role)), task=name, then=F("to")) for name, role in ROLE.items()))
    given = Assignment.objects.filter(release=OuterRef("pk"), task=OuterRef("task")).order_by("-id")
    # Each of these is one question inside the other: annotations that name each other would be written out again at every use
    turn: dict[str, Any] = {
        "task": Subquery(latest.values("task")[:1]),
        "due": Coalesce(Subquery(days), Value(NEVER), output_field=DateField()),
        "holder_id": Subquery(given.annotate(holder=holder).values("holder")[:1]),
    }
    return found.annotate(**turn)


def is_mine(user: User) -> Q:
    """Of releases `with_turn`: what this person can do now and was not given to another. An approver didn't decide in it."""
    mine = TeamMember.objects.filter(user=user, left_at=None)
    redacts, approves = (mine.filter(role=role).values("case_id") for role in ROLE.values())
    drew = Proposal.objects.filter(document=OuterRef("document"), by=user)
    decided = ProposalDecision.objects.filter(document=OuterRef("document"), by=user)
    ready = ~Q(document__state=Document.State.REFUSED)
    return Q(Exact(Coalesce("holder_id", Value(user.pk), output_field=UUIDField()), user.pk)) & (
        Q(task=Task.DECIDE, document__case__in=redacts) & ready
        | Q(task=Task.APPROVE, document__case__in=approves) & ~Exists(drew) & ~Exists(decided)
    )


def waiting(user: User) -> ReleaseQuerySet:
    """What waits for this person: given to them, or to nobody."""
    return under_way(user).filter(is_mine(user))


def narrowed(found: ReleaseQuerySet, user: User, shown: str) -> ReleaseQuerySet:
    """Those that a name of `SHOWN` means."""
    return found.filter(_which(user)[shown])


def counts(found: ReleaseQuerySet, user: User) -> dict[str, int]:
    """How many each name of `SHOWN` means."""
    return {name: found.filter(which).count() for name, which in _which(user).items()}


def _which(user: User) -> dict[str, Q]:
    return {
        "mine": is_mine(user),
        "free": Q(holder_id=None) & ~Q(task=""),
        "late": Q(due__lt=timezone.localdate()),
        "all": Q(pk__isnull=False),
    }


def rows(found: Sequence[Release]) -> list[Entry]:
    """The entries of a page of releases, with who has each and what is left; two questions, however many there are."""
    people = User.objects.in_bulk({release.holder_id for release in found if release.holder_id})
    counted = left_of({release.document_id for release in found})
    today = timezone.localdate()
    return [
        Entry(r, people.get(r.holder_id) if r.holder_id else None, *counted.get(r.document_id, (0, 0)), today=today) for r in found
    ]


def left_of(documents: set[UUID]) -> dict[UUID, tuple[int, int]]:
    """By document, how many proposals are undecided and how many there are."""
    found: Any = Proposal.objects.filter(document__in=documents).with_decision().order_by().values("document_id")
    counted = found.annotate(all=Count("pk"), left=Count("pk", filter=Q(verdict="")))
    return {row["document_id"]: (row["left"], row["all"]) for row in counted}


def count(user: User) -> int:
    """How many copies wait for this person, for the navigation."""
    return waiting(user).count()


def candidates(release: Release, task: str) -> QuerySet[User]:
    """Who on the case can do a task on a copy: an approver is nobody who drew or decided in it."""
    members = TeamMember.objects.filter(case=release.case_id, left_at=None, role=ROLE[task])
    found = User.objects.filter(pk__in=members.values("user_id"), is_active=True)
    if task == Task.APPROVE:
        found = found.exclude(pk__in=release.document.deciders())
    return found.order_by("name", "pk")
