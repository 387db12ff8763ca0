"""Who decides about which items: a large case is shared out among the disclosure officer and their deputies."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.policy import require
from audit.actions import Entry, record_many, recorded
from cases.models import Case, TeamMember
from cases.notify import notify
from disclosure.models import IN_LIMBO, Assignment, Item
from disclosure.policy import OFFICERS

MOST = 5000
"""How many items are given at once."""


@dataclass(frozen=True)
class Share:
    """How far one person is with what they were given."""

    user: User
    total: int
    left: int

    @property
    def done(self) -> int:
        """How many of them are decided."""
        return self.total - self.left


def officers(case: Case) -> QuerySet[User]:
    """Who decides in a case now."""
    members = TeamMember.objects.filter(case=case, left_at=None, role__in=OFFICERS)
    return User.objects.filter(pk__in=members.values("user_id"), is_active=True).order_by("name", "pk")


def shares(case: Case) -> list[Share]:
    """What each person was given, and what of it is still to be decided. Two queries, however many items and people."""
    given = Item.objects.filter(case=case, assigned_to__isnull=False).order_by().values("assigned_to")
    counted = {line["assigned_to"]: line for line in given.annotate(total=Count("pk"), left=Count("pk", filter=IN_LIMBO))}
    people = User.objects.filter(pk__in=counted).order_by("name", "pk")
    return [Share(user, counted[user.pk]["total"], counted[user.pk]["left"]) for user in people]


@recorded
def assign(user: User, case: Case, items: Iterable[UUID], to: User | None) -> int:
    """Give items to a person, or to nobody. Returns how many changed hands.

    A deputy takes what nobody has, and gives back their own; what is between others is the lead's.
    """
    require(user, "disclosure.decide", case)
    if to is not None and not officers(case).filter(pk=to.pk).exists():
        raise ValidationError({"to": f"{to} is not a disclosure officer or deputy on this case"})
    found = list(Item.objects.select_for_update(of=("self",)).filter(case=case, pk__in=list(items)[:MOST]).order_by("pk"))
    changed = [item for item in found if item.assigned_to_id != (to.pk if to else None)]
    own = {None, user.pk}
    if any(item.assigned_to_id not in own for item in changed) or (to is not None and to != user):
        require(user, "disclosure.assign", case)
    if not changed:
        raise ValidationError({"items": "Select items that this changes something for"})
    Assignment.objects.bulk_create(Assignment(item=item, to=to, by=user) for item in changed)
    record_many(
        [
            Entry(
                verb="item.assigned",
                actor=user.as_actor(),
                case_id=case.pk,
                organisation_id=case.organisation_id,
                object_type="item",
                object_id=item.pk,
                before={"to": item.assigned_to_id},
                after={"to": to.pk if to else None},
            )
            for item in changed
        ]
    )
    if to is not None and to != user:
        url = f"{reverse('disclosure:review', kwargs={'case_id': case.pk})}?show=mine"
        notify([to], f"{case}: {len(changed)} item{'' if len(changed) == 1 else 's'} to decide, given to you", url)
    return len(changed)
