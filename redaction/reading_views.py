"""What the editor asks while its document is still being read."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from redaction import frames, reading
from redaction.models import Document
from redaction.views import document_or_404, load_anew


@login_required
@never_cache
@require_GET
def progress(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """How far it is and the pages that are there by now; for the page that waits for the first one, whether to load it."""
    document = document_or_404(request, document_id)
    if "page" not in request.GET:
        begun = document.state != Document.State.READING or document.pages.exists()
        return load_anew() if begun else HttpResponse(status=204)
    if document.state == Document.State.REFUSED:
        return load_anew()
    pages = frames.page_list(document)
    context = reading.line(document, _number(request, "page"), _number(request, "shown"))
    context |= {
        "pages": pages,
        "left": sum(entry["open"] for entry in pages),
        "page": {"index": context["index"]},
        "done": document.state == Document.State.READY,
        "polled": True,
    }
    return render(request, "redaction/reading_line.html", context)


def _number(request: HttpRequest, name: str) -> int:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 0
