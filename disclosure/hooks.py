"""What this room adds to an exhibit (its item, a way from its page to the decision), and where a higher room joins in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from disclosure.actions import ensure_item
from disclosure.models import Fence, Item
from evidence.hooks import Link, TimelinePart
from evidence.models import Blob, Exhibit


@dataclass(frozen=True)
class Counted:
    """Of each term, in how many places it stands and on how many pages; how many pages were read."""

    hits: list[int]
    pages: list[int]
    of_pages: int


class CantBeRead(Exception):
    """Nothing can be counted in this file; the message says why."""


Counter = Callable[[Blob, Sequence[str], Callable[[int, int], None]], Counted]

word_counters: list[Counter] = []
"""Whoever reads the words of stored files (a higher room) puts here how terms are counted in one, telling how far it is."""


def begin_item(user: User, exhibit: Exhibit) -> None:
    """Every exhibit is an item to decide about."""
    ensure_item(exhibit)


def links(user: User, exhibit: Exhibit) -> list[Link]:
    """Where the exhibit's item is decided, for those who take part in disclosure."""
    if not user.has_perm("disclosure.view", exhibit):
        return []
    item = Item.objects.filter(exhibit=exhibit, locator__isnull=True).first()
    query = urlencode({"show": "all"} | ({"item": str(item.pk)} if item else {}))
    review = reverse("disclosure:review", kwargs={"case_id": exhibit.case_id})
    return [Link("Disclosure decision", f"{review}?{query}")]


def fence_links(user: User, exhibit: Exhibit) -> list[Link]:
    """Where an exhibit is closed to the team, for anybody on it; or, once it is, where it stands."""
    if not exhibit.fence:
        return [Link("Close it to the team", reverse("disclosure:raise_fence", args=[exhibit.pk]))]
    if not user.has_perm("disclosure.view", exhibit):
        return []
    return [Link("Where its fence is", f"{reverse('disclosure:fenced', args=[exhibit.case_id])}#{exhibit.pk}")]


def _fences(user: User, exhibit: Exhibit) -> QuerySet[Fence, UUID]:
    return Fence.objects.visible_to(user).filter(exhibit=exhibit).values_list("pk", flat=True)


TIMELINE = TimelinePart(
    dict.fromkeys(("exhibit.fenced", "fence.counsel_instructed", "fence.determined"), "custody"),
    _fences,
)
