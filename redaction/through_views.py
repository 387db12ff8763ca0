"""A document read through from its first page to its last, as it will be burnt in: pages come as they are scrolled to.

For whoever sends it for approval, and whoever approves. No words are sent here but the picture's own.
"""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.ui.request import signed_in
from evidence.reading import ticket_of
from redaction import frames
from redaction.models import Document, Page
from redaction.views import document_or_404, ticket_for


@login_required
@require_GET
def through(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Every page's place, empty until somebody scrolls near it."""
    document = document_or_404(request, document_id)
    if document.state != Document.State.READY:
        return redirect("redaction:editor", document_id=document.pk)
    ticket_for(request, document)
    context = {
        "case": document.case,
        "tab": "Redaction",
        "document": document,
        "exhibit": document.exhibit,
        "pages": document.pages.all(),
    }
    return render(request, "redaction/through.html", context)


@login_required
@require_GET
def sheet(request: HttpRequest, document_id: UUID, index: int) -> HttpResponse:
    """One page's picture and boxes, under the ticket that opening gave."""
    document = document_or_404(request, document_id)
    page = get_object_or_404(Page, document=document, index=index)
    ticket_of(signed_in(request).pk, request.session.get(f"redaction-ticket-{document.pk}", ""))
    context = {
        "document": document,
        "page": page,
        "boxes": frames.outlines(page),
        "image_url": reverse("redaction:image", args=[document.pk, index]),
    }
    return render(request, "redaction/sheet.html", context)
