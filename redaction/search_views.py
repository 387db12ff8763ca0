"""The page on which words are looked for in a document and redacted wherever they stand.

Words travel in the body of a POST only: an address is kept in logs and histories.
"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.ui.request import posted, signed_in
from cases.views import refuse_unless, show_errors
from redaction import searching
from redaction.forms import SearchForm
from redaction.models import Category, Document
from redaction.views import document_or_404, ticket_for

_KEEP = {"keep_page": "on their pages", "keep_document": "in the document"}


@login_required
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Look for words in all pages."""
    document = document_or_404(request, document_id)
    ticket_for(request, document)
    return _page(request, document, SearchForm(request.POST if request.method == "POST" else None))


def _page(request: HttpRequest, document: Document, form: SearchForm, problem: str = "") -> HttpResponse:
    hits = None
    if form.is_bound and form.is_valid():
        try:
            hits = searching.find(document, form.cleaned_data["words"], inside=form.cleaned_data["inside"])
        except ValidationError as error:
            show_errors(form, error)
    context = {
        "case": document.case,
        "tab": "Redaction",
        "document": document,
        "exhibit": document.exhibit,
        "form": form,
        "hits": hits,
        "left": sum(not hit.redacted for hit in hits or ()),
        "asked": form.cleaned_data if hits is not None else None,
        "problem": problem,
        "pictures": document.pages.filter(has_text=False).count(),
        "may_decide": signed_in(request).has_perm("redaction.decide", document),
        "categories": Category.objects.filter(is_active=True),
    }
    return render(request, "redaction/search.html", context, status=422 if form.errors or problem else 200)


@login_required
@require_POST
def redact(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Redact what was found: all of it, or what is ticked, or everything but what is ticked."""
    user = signed_in(request)
    document = document_or_404(request, document_id)
    refuse_unless(user, "redaction.decide", document)
    ticket_for(request, document)
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _page(request, document, form)
    which, ticked = posted(request, "which"), set(request.POST.getlist("place"))
    asked, category, inside = form.cleaned_data["words"], posted(request, "category"), form.cleaned_data["inside"]
    try:
        if which in _KEEP:
            whole = which == "keep_document"
            searching.keep_only_found(user, document, asked, category, chosen=ticked, inside=inside, whole=whole)
            messages.success(request, f"Everything else {_KEEP[which]} is redacted. In the editor, u undoes all of it.")
            return redirect("redaction:editor", document_id=document.pk)
        chosen = None if which == "all" else ticked
        done = searching.redact_found(user, document, asked, category, chosen=chosen, inside=inside)
    except ValidationError as error:
        return _page(request, document, form, " ".join(error.messages))
    count = len(done.decisions)
    messages.success(request, f"Redacted in {count} place{'' if count == 1 else 's'}. In the editor, u undoes it.")
    return redirect("redaction:editor", document_id=document.pk)
