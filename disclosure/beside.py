"""The exhibit's file beside its decision: opened by one key, under a ticket of the person's own, with the review as its purpose."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest

from accounts.models import User
from disclosure.models import Item
from evidence import viewing
from evidence.models import Blob
from evidence.opening import open_blob
from evidence.reading import ticket_of
from evidence.reading_views import viewer_frame

PURPOSE = "Disclosure review"


def _key(item: Item) -> str:
    return f"review-ticket-{item.exhibit_id}"


def open_file(request: HttpRequest, user: User, item: Item) -> None:
    """Open the exhibit's file for the review; the event is committed when this returns. ValidationError while it can't be."""
    blob = Blob.objects.master_of(item.exhibit)
    if blob is None:
        raise ValidationError(f"{item.exhibit} has no file")
    if viewing.wanted(blob):
        blob = viewing.copy_of(blob) or blob
    request.session[_key(item)] = open_blob(user, blob, PURPOSE).id


def frame(request: HttpRequest, user: User, item: Item) -> dict[str, Any]:
    """What shows the file beside the item, while the person's ticket lasts; empty before it is opened, and once it is fenced."""
    known = request.session.get(_key(item))
    if not known or item.exhibit.fence:
        return {}
    try:
        ticket = ticket_of(user.pk, known)
    except Http404:
        return {}  # its time is over
    blobs = Blob.objects.select_related("copy__exhibit__case").filter(copy__exhibit=item.exhibit_id, state=Blob.State.VERIFIED)
    blob = blobs.filter(pk=ticket.facts.object_id, malware="").first()
    return viewer_frame(ticket, blob) if blob is not None else {}
