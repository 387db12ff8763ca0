"""Remarks in the editor, and the look for what others did meanwhile."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.ui.request import posted, signed_in
from evidence.reading import ticket_of
from redaction import live, remarks
from redaction.box_views import edges_of
from redaction.models import Document, Page, Proposal
from redaction.triggers import FROZEN
from redaction.views import document_or_404, editor_url_at, is_htmx, number_in, page_frame, told


@login_required
@require_POST
def add(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Say something about a page, a proposal or an area; an approver chooses whether the copy is to come back for it."""
    user = signed_in(request)
    document = document_or_404(request, document_id)
    index = number_in(posted(request, "page")) or 0
    problem = ""
    try:
        remarks.remark(
            user,
            document,
            posted(request, "text"),
            page=index,
            proposal=_proposal(document, posted(request, "proposal")),
            box=edges_of(posted(request, "area").split(",")) if posted(request, "area") else None,
            release=remarks.for_approver(user, document) if posted(request, "for_release") else None,
        )
    except ValidationError as error:
        problem = told(error)
    return _answer(request, document, index, problem, "new")


def _proposal(document: Document, asked: str) -> Proposal | None:
    if not asked:
        return None
    try:
        return document.proposals.get(pk=UUID(asked))
    except (ValueError, Proposal.DoesNotExist):
        raise ValidationError("The document has no such place") from None


@login_required
@require_POST
def answer(request: HttpRequest, document_id: UUID, remark_id: UUID) -> HttpResponse:
    """Answer a remark, or mark it done."""
    user = signed_in(request)
    document = document_or_404(request, document_id)
    found = get_object_or_404(document.remarks.select_related("document"), pk=remark_id)
    problem = ""
    try:
        remarks.answer(user, found, posted(request, "text"), settles=posted(request, "done") == "yes")
    except ValidationError as error:
        problem = told(error)
    return _answer(request, document, number_in(posted(request, "page")) or 0, problem, str(remark_id))


def _answer(request: HttpRequest, document: Document, index: int, problem: str, where: str) -> HttpResponse:
    """The remarks anew, with what was wrong and what was typed where it was typed."""
    if not is_htmx(request):
        if problem:
            messages.error(request, problem)
        return redirect(f"{editor_url_at(document, index)}#remarks")
    page = get_object_or_404(Page, document=document, index=index)
    context = remarks.frame(signed_in(request), document) | {
        "document": document,
        "page": page,
        "problem": problem,
        "problem_at": where if problem else "",
        "typed": posted(request, "text") if problem else "",
        "open": True,
    }
    return render(request, "redaction/remarks.html", context)


@login_required
@require_GET
def news(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """What others did since the page was shown: nothing (204), or its lists anew. Under the ticket that opening the editor gave."""
    user = signed_in(request)
    document = document_or_404(request, document_id)
    index = number_in(request.GET.get("page", "")) or 0
    page = get_object_or_404(Page, document=document, index=index)
    ticket_of(user.pk, request.session.get(f"redaction-ticket-{document.pk}", ""))
    tag = live.tag(document)
    if tag == request.GET.get("tag"):
        return HttpResponse(status=204)
    page.document = document
    frozen = document.releases.in_states(*FROZEN).exists()
    context = page_frame(document, page) | remarks.frame(user, document)
    context |= {"tag": tag, "frozen": frozen, "may_decide": user.has_perm("redaction.decide", document) and not frozen}
    return render(request, "redaction/news.html", context)
