"""Work that this room itself knows of: what a case lacks before others can begin."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.models import Role, User
from cases.actions import MANAGERS
from cases.models import Case, Person, TeamMember
from cases.work import WorkItem

# Before these states there is nothing to share
_WITH_THE_CPS = (Case.State.EARLY_ADVICE, Case.State.SUBMITTED, Case.State.ACTION_PLAN, Case.State.CHARGED, Case.State.POST_CHARGE)
_OVER = (Case.State.NFA, Case.State.CONCLUDED)


def _managed(user: User) -> QuerySet[Case]:
    """The open cases where this person makes up the team."""
    mine = TeamMember.objects.filter(user=user, left_at=None, role__in=MANAGERS).values("case_id")
    return Case.objects.visible_to(user).filter(id__in=mine).exclude(state__in=_OVER)


def unshared(user: User) -> Iterable[WorkItem]:
    """Cases with the CPS by their state that no CPS area can see."""
    for case in _managed(user).filter(cps_area=None, state__in=_WITH_THE_CPS):
        yield WorkItem(
            case_id=case.pk,
            case=str(case),
            title="Share the case with a CPS area",
            href=reverse("cases:share", kwargs={"case_id": case.pk}),
            urgency=0,
            blocks="The CPS sees nothing of this case yet",
        )


def without_people(user: User) -> Iterable[WorkItem]:
    """Cases in which no complainant has been named: detection then has no names to look for."""
    complainants = Person.objects.filter(case=OuterRef("pk"), kind=Person.Kind.COMPLAINANT)
    for case in _managed(user).filter(~Exists(complainants)):
        yield WorkItem(
            case_id=case.pk,
            case=str(case),
            title="Add the complainant under a pseudonym",
            href=reverse("cases:new_person", kwargs={"case_id": case.pk}),
            urgency=0,
            blocks="Redaction can’t look for a complainant’s name that it doesn’t know",
        )


def without_roles(user: User) -> Iterable[WorkItem]:
    """Cases that lack a disclosure officer or a supervisor."""
    there = {
        role: Exists(TeamMember.objects.filter(case=OuterRef("pk"), role=role, left_at=None))
        for role in (Role.DISCLOSURE, Role.SUPERVISOR)
    }
    cases = _managed(user).annotate(officer=there[Role.DISCLOSURE], checker=there[Role.SUPERVISOR])
    for case in cases.exclude(officer=True, checker=True):
        lacks = [name for name, found in (("disclosure officer", case.officer), ("supervisor", case.checker)) if not found]
        yield WorkItem(
            case_id=case.pk,
            case=str(case),
            title=f"Add a {' and a '.join(lacks)} to the team",
            href=reverse("cases:new_member", kwargs={"case_id": case.pk}),
            blocks="A schedule needs a disclosure officer to certify it and a supervisor to check it",
        )
