"""What custody asks of people: hand-overs to answer, exhibits to bring back or take over, what a stocktake did not find."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from cases import work
from cases.models import TeamMember
from evidence.models import CustodyEvent
from evidence.policy import KEEPERS

Kind = CustodyEvent.Kind
LISTED = 50


def to_answer(user: User) -> Iterable[work.WorkItem]:
    """Exhibits that were handed over to this person and wait to be accepted or declined."""
    offers = CustodyEvent.objects.visible_to(user).waiting().filter(to_user=user)
    for offer in offers.select_related("exhibit__case")[:LISTED]:
        yield _item(offer, f"Accept or decline {offer.exhibit}, handed over by {offer.by}", "Handed over", "blue", urgency=0)


def overdue(user: User) -> QuerySet[CustodyEvent]:
    """The entries by which exhibits of this person's cases are out past the day they were due back."""
    late = CustodyEvent.objects.visible_to(user).holding().filter(due_back__lt=timezone.localdate())
    return late.select_related("exhibit__case", "to_user")


def to_bring_back(user: User) -> Iterable[work.WorkItem]:
    """Overdue exhibits: of those who have them, and of everybody who keeps exhibits on the case."""
    for event in overdue(user).filter(exhibit__case__in=_kept_by(user)).order_by("due_back")[:LISTED]:
        mine = event.to_user_id == user.pk
        title = f"Bring {event.exhibit} back" if mine else f"Get {event.exhibit} back from {event.to}"
        yield work.WorkItem(
            case_id=event.exhibit.case_id,
            case=str(event.exhibit.case),
            title=title,
            href=_url(event),
            due=event.due_back,
            urgency=1,
            tag="Overdue",
            colour="red",
        )


def to_clear_up(user: User) -> Iterable[work.WorkItem]:
    """What the last stocktake of an exhibit did not find, or found where it should not be."""
    said = (*CustodyEvent.HOLDING, *CustodyEvent.COUNTED)
    found = CustodyEvent.objects.visible_to(user).last_of(said).filter(kind__in=(Kind.MISSED, Kind.MISPLACED))
    for event in found.filter(exhibit__case__in=_kept_by(user)).select_related("exhibit__case")[:LISTED]:
        if event.kind == Kind.MISSED:
            yield _item(event, f"Find {event.exhibit}: it was not in {event.from_place}", "Missing", "red", urgency=0)
        else:
            yield _item(event, f"Say why {event.exhibit} was in {event.to_place}", "Misplaced", "orange")


def left_behind(user: User) -> Iterable[work.WorkItem]:
    """Exhibits that somebody has who is no longer on the case, or has no account any more: only a supervisor can take them over."""
    if not user.holds(Role.SUPERVISOR):
        return
    # What was booked in with a file, and nothing said since of a thing, is a file: nobody has it in their hands
    supervised = TeamMember.objects.filter(user=user, left_at=None, role=Role.SUPERVISOR).values("case")
    in_hand = Q(kind__in=CustodyEvent.IN_HAND) | Q(kind=Kind.SEIZED, to_place="", exhibit__copies=None)
    holder = Coalesce("to_user", "user")
    there = TeamMember.objects.filter(case=OuterRef("exhibit__case"), user=OuterRef("holder"), left_at=None, user__is_active=True)
    held = CustodyEvent.objects.visible_to(user).holding().filter(in_hand, exhibit__case__in=supervised)
    for event in held.annotate(holder=holder).filter(~Exists(there)).select_related("exhibit__case", "user")[:LISTED]:
        yield _item(
            event, f"Take {event.exhibit} over: {event.to or event.user} has it and is no longer on the case", "Left behind", "red"
        )


def _kept_by(user: User) -> QuerySet[TeamMember, object]:
    return TeamMember.objects.filter(user=user, left_at=None, role__in=KEEPERS).values("case")


def _item(event: CustodyEvent, title: str, tag: str, colour: str, urgency: int = 1) -> work.WorkItem:
    return work.WorkItem(
        case_id=event.exhibit.case_id,
        case=str(event.exhibit.case),
        title=title,
        href=_url(event),
        urgency=urgency,
        tag=tag,
        colour=colour,
    )


def _url(event: CustodyEvent) -> str:
    return reverse("evidence:exhibit", args=[event.exhibit_id]) + "#continuity"


for provider in (to_answer, to_bring_back, to_clear_up, left_behind):
    work.register(provider)
