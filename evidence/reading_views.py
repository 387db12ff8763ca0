"""Opening a file: the purpose first, then a page that shows it, or the bytes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

import vault
from accounts.ui.request import posted, signed_in
from evidence import viewing
from evidence.drawing import PDF
from evidence.fencing import require_unfenced
from evidence.models import Blob
from evidence.opening import FENCED, open_blob
from evidence.reading import Ticket, serve, ticket_of
from vault.errors import Unavailable, VaultError

TEXT_SHOWN = 256 * 1024


def _ticket(request: HttpRequest, ticket_id: str) -> tuple[Ticket, Blob]:
    """The person's ticket, as long as they still see the case: who left the team reads no further."""
    user = signed_in(request)
    ticket = ticket_of(user.pk, ticket_id)
    blobs = Blob.objects.visible_to(user).select_related("copy__exhibit__case")
    blob = get_object_or_404(blobs, pk=ticket.facts.object_id, state=Blob.State.VERIFIED)
    require_unfenced(user, "evidence.open", blob)
    if blob.malware and not ticket.facts.file_name.endswith(FENCED):
        # Found since it was opened: the ticket was given for another file than this has turned out to be
        raise Http404
    return ticket, blob


@login_required
@require_POST
def open_file(request: HttpRequest, blob_id: UUID) -> HttpResponse:
    """Record who opens which file and why, then show it or send it."""
    user = signed_in(request)
    blob = get_object_or_404(Blob.objects.visible_to(user).select_related("copy__exhibit__case"), pk=blob_id)
    if "view" in request.POST and viewing.wanted(blob):
        blob = viewing.copy_of(blob) or blob
    try:
        ticket = open_blob(user, blob, posted(request, "purpose"), reason=posted(request, "reason"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("evidence:exhibit", exhibit_id=blob.exhibit.pk)
    if "download" in request.POST or blob.malware:
        return redirect(reverse("evidence:content", args=[ticket.id]) + "?download=1")
    return redirect("evidence:viewer", ticket_id=ticket.id)


@login_required
@require_GET
def viewer(request: HttpRequest, ticket_id: str) -> HttpResponse:
    """The file in the page, if it is of a kind that can be shown without running anything in it."""
    ticket, blob = _ticket(request, ticket_id)
    context = {"case": blob.exhibit.case, "tab": "Exhibits", **viewer_frame(ticket, blob)}
    return render(request, "evidence/viewer.html", context)


def viewer_frame(ticket: Ticket, blob: Blob) -> dict[str, Any]:
    """What `evidence/viewer_body.html` needs to show the bytes of a ticket."""
    kind = "pdf" if ticket.facts.media_type == PDF else ticket.facts.media_type.partition("/")[0]
    return {
        "exhibit": blob.exhibit,
        "blob": blob,
        "ticket": ticket,
        "viewing": viewing.standing(blob),
        "shown": kind if kind == "pdf" or ticket.facts.shown_inline else "",
        "text": _text(ticket) if kind == "text" and ticket.facts.shown_inline else "",
        "content_url": reverse("evidence:content", args=[ticket.id]),
    }


def _text(ticket: Ticket) -> str:
    """The beginning of a plain text; the template escapes it. A frame of its own would need a looser policy."""
    facts = ticket.facts
    try:
        head = b"".join(vault.store().read(facts.key, facts.version_id, 0, TEXT_SHOWN))
    except VaultError as error:
        return str(error)
    return head.decode("utf-8", "replace")


@login_required
@require_safe
def content(request: HttpRequest, ticket_id: str) -> HttpResponseBase:
    """The bytes, whole or by range."""
    ticket, _blob = _ticket(request, ticket_id)
    try:
        return serve(request, ticket, inline="download" not in request.GET)
    except VaultError as error:
        return HttpResponse(str(error), status=503 if isinstance(error, Unavailable) else 404, content_type="text/plain")
