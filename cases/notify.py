"""Telling a case's team. Notifications name no complainant: references, pseudonyms and numbers only."""

from collections.abc import Iterable

from accounts.models import Notification, User
from cases.models import Case


def notify(users: Iterable[User], text: str, url: str = "", *, important: bool = False) -> int:
    """Tell these people, each once; return how many. Call it in the transaction of the change that it speaks of."""
    once = {user.pk: user for user in users if user.is_active}
    Notification.objects.bulk_create(
        Notification(user=user, text=text[:300], url=url, important=important) for user in once.values()
    )
    return len(once)


def notify_team(
    case: Case,
    text: str,
    url: str = "",
    *,
    roles: Iterable[str] | None = None,
    important: bool = False,
    without: User | None = None,
) -> int:
    """Tell everybody on the case now, or only those in `roles`; `without` leaves out who did it. Return how many were told."""
    members = User.objects.filter(memberships__case=case, memberships__left_at=None)
    if roles is not None:
        members = members.filter(memberships__case=case, memberships__left_at=None, memberships__role__in=list(roles))
    if without is not None:
        members = members.exclude(pk=without.pk)
    return notify(members.distinct(), text, url, important=important)
