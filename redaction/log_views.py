"""The redaction log of a copy with its lineage, as a page and as a PDF that goes with the copy."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.ui.request import signed_in
from evidence.fencing import require_unfenced
from redaction import actions, printed
from redaction.models import Release
from redaction.release_views import frame, release_or_404

SIZE = 100


@login_required
@require_GET
def show(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """What the copy leaves out, item by item, and how it came about."""
    found = release_or_404(request, document_id, release_id)
    require_unfenced(signed_in(request), "redaction.view", found)
    try:
        rows = printed.rows(found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("redaction:release", document_id=document_id, release_id=release_id)
    page = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    context = frame(found) | {
        "rows": page.object_list,
        "all": len(rows),
        "counts": printed.counts(rows),
        "lineage": printed.lineage(found, actions.output_of(found)),
        "approved": printed.approved_at(found),
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "redaction/log.html", context)


@login_required
@require_GET
def pdf(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """The same to print; the print is an event."""
    found = release_or_404(request, document_id, release_id)
    try:
        made = printed.print_log(signed_in(request), found, actions.output_of(found))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("redaction:release", document_id=document_id, release_id=release_id)
    return as_pdf(found, made)


def as_pdf(found: Release, made: bytes) -> HttpResponse:
    """The printed log, named after its exhibit."""
    name = f"{found.document.exhibit.reference} redaction log.pdf".replace("/", "-")
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})
