"""What this room adds to an exhibit: its item as it is booked in, and a way from its page to the decision."""

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from disclosure.actions import ensure_item
from disclosure.models import Item
from evidence.hooks import Link
from evidence.models import Exhibit


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
