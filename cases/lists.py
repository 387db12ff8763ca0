"""What the lists of cases show, in few queries whatever their length."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from cases import work
from cases.models import Case, CaseOffence, Person, TeamMember


@dataclass(frozen=True)
class Row:
    """A case in a list, with this person's roles in it and their open work."""

    case: Case
    roles: list[str]
    offence: str
    complainants: list[str]
    to_do: int
    late: int


def visible(user: User, *, words: str = "", state: str = "", role: str = "") -> QuerySet[Case]:
    """The cases this person is on, narrowed."""
    cases: QuerySet[Case] = Case.objects.visible_to(user)
    if words:
        cases = cases.filter(Q(crime_number__icontains=words) | Q(urn__icontains=words) | Q(operation__icontains=words))
    if state:
        cases = cases.filter(state=state)
    if role:
        cases = cases.filter(id__in=TeamMember.objects.filter(user=user, role=role, left_at=None).values("case_id"))
    return cases


def with_facts(cases: QuerySet[Case], user: User) -> QuerySet[Case]:
    """Fetch offences, complainants and this person's memberships along with the cases."""
    return cases.prefetch_related(
        Prefetch("offences", CaseOffence.objects.select_related("code").order_by("id")),
        Prefetch("people", Person.objects.filter(kind=Person.Kind.COMPLAINANT), to_attr="complainants"),
        Prefetch("team", TeamMember.objects.filter(user=user, left_at=None), to_attr="mine"),
    )


def rows(cases: list[Case], user: User) -> list[Row]:
    """Rows for cases that were fetched `with_facts`."""
    items = work.items_for(user)
    to_do: Counter[UUID | None] = Counter(item.case_id for item in items)
    late: Counter[UUID | None] = Counter(item.case_id for item in items if item.is_late)
    return [_row(case, to_do[case.pk], late[case.pk]) for case in cases]


def _row(case: Case, to_do: int, late: int) -> Row:
    offences = [offence.code.title for offence in case.offences.all()]
    more = f" and {len(offences) - 1} more" if len(offences) > 1 else ""
    return Row(
        case=case,
        roles=[member.get_role_display() for member in case.mine],  # type: ignore[attr-defined]
        offence=f"{offences[0]}{more}" if offences else "",
        complainants=[person.label for person in case.complainants],  # type: ignore[attr-defined]
        to_do=to_do,
        late=late,
    )
