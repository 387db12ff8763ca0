"""Pages of redaction: the lists, asking, and the editor."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import vault
from accounts.ui.request import posted, signed_in
from cases.progress import row_of
from cases.views import refuse_unless, show_errors, visible_case
from evidence.fencing import require_unfenced
from evidence.models import Exhibit
from evidence.opening import facts_of
from evidence.reading import Ticket, open_for_reading, ticket_of
from jobs.models import Job
from redaction import actions, asking, figures, frames, groups, held, live, reading, remarks, sampling, summary, withdrawing
from redaction.deciding import OVERTAKEN, REPEATED
from redaction.forms import AreaForm, AskForm, BoxForm
from redaction.models import Category, Document, Page, Release, ReleaseState
from redaction.triggers import FROZEN
from vault.errors import Unavailable, VaultError
from vault.http import Content, guard

State = ReleaseState.State
_PURPOSE = "Redaction"


def document_or_404(request: HttpRequest, document_id: UUID) -> Document:
    """The document, for somebody on its team who has to do with redaction; refused while its exhibit is fenced."""
    found = Document.objects.visible_to(signed_in(request)).select_related("case", "exhibit", "source__copy__exhibit")
    document = get_object_or_404(found, pk=document_id)
    require_unfenced(signed_in(request), "redaction.view", document)
    return document


def editor_url_at(document: Document, page: int = 0) -> str:
    """A page (index from 0) of the editor."""
    return f"{actions.editor_url(document)}?page={page + 1}"


def to_editor(document: Document, page: int = 0) -> HttpResponse:
    """Back to a page (index from 0) of the editor."""
    return redirect(editor_url_at(document, page))


def say(request: HttpRequest, error: ValidationError) -> None:
    """Show why something can't be done."""
    for message in error.messages:
        messages.error(request, message)


def is_htmx(request: HttpRequest) -> bool:
    """Whether a progress row asks, because the work that the page waits for is done."""
    return "HX-Request" in request.headers


def load_anew() -> HttpResponse:
    """Have the browser load the page again as a whole: its script comes with it."""
    return HttpResponse(headers={"HX-Refresh": "true"})


# ---- lists -----------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def figures_of_force(request: HttpRequest) -> HttpResponse:
    """How much is proposed, decided and drawn in one's force, and how long deciding takes."""
    user = signed_in(request)
    refuse_unless(user, "redaction.figures")
    return render(request, "redaction/figures.html", {"force": user.organisation, "figures": figures.of(user.organisation)})


@login_required
@require_GET
def case_list(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What is asked for in a case, by whom, how far."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    if not user.has_perm("redaction.view", case):
        raise Http404
    if is_htmx(request):
        return load_anew()
    wanted = Release.objects.under_way().filter(document__case=case).order_by().values("document")
    documents = Document.objects.filter(pk__in=wanted, state=Document.State.REFUSED)
    jobs = Job.objects.filter(case_id=case.pk, queue=actions.QUEUE, state__in=Job.ACTIVE)
    files = asking.progress(case)
    context = {
        "case": case,
        "tab": "Redaction",
        "releases": frames.with_tags(summary.releases(user, case)),
        "not_read": documents.select_related("exhibit"),
        "may_stop": bool(files) and user.has_perm("redaction.withdraw", case) and withdrawing.unread(user, case).exists(),
        "jobs": [*([files] if files else []), *(row_of(job) for job in jobs.exclude(kind=actions.PROPOSE))],
        "figures": user.has_perm("redaction.figures"),
        "conflicts": groups.conflicts(case),
        "exhibits": asking.askable(case)[:200] if user.has_perm("redaction.ask", case) else [],
    }
    return render(request, "redaction/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, exhibit_id: UUID) -> HttpResponse:
    """Ask for a redacted copy of an exhibit."""
    user = signed_in(request)
    exhibit = get_object_or_404(Exhibit.objects.visible_to(user).select_related("case"), pk=exhibit_id)
    if request.method == "GET":
        refuse_unless(user, "redaction.ask", exhibit)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            document, _ = actions.start(user, exhibit, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"A redacted copy of {exhibit} is asked for.")
            return to_editor(document)
    context = {"case": exhibit.case, "tab": "Redaction", "exhibit": exhibit, "form": form}
    return render(request, "redaction/ask.html", context, status=422 if form.errors else 200)


# ---- the editor ------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def editor(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The pages with boxes over the words, and what was decided of each."""
    user = signed_in(request)
    document = document_or_404(request, document_id)
    if is_htmx(request):
        return load_anew()
    pages_read = document.state == Document.State.READING and document.pages.exists()
    if document.state != Document.State.READY and not pages_read:
        return _not_ready(request, document)
    page = get_object_or_404(Page, document=document, index=_index(request))
    page.document = document
    ticket_for(request, document)
    releases = list(document.releases.with_state().select_related("asked_by"))
    frozen = any(found.state in FROZEN for found in releases)
    may_decide = user.has_perm("redaction.decide", document) and not frozen
    context = page_frame(document, page) | {
        "releases": frames.with_tags(releases),
        "tag": live.tag(document),
        "frozen": frozen,
        "may_decide": may_decide,
        "box_form": BoxForm() if may_decide else AreaForm(),
        "image_url": reverse("redaction:image", args=[document.pk, page.index]),
        "at": request.GET.get("at", ""),
        "held": held.standing(document),
        "samples": sampling.for_page(user, document, page.index),
    }
    if pages_read:
        context |= reading.line(document, page.index, len(context["marks"]))
    return render(request, "redaction/editor.html", context | remarks.frame(user, document))


def page_frame(document: Document, page: Page) -> dict[str, Any]:
    """A page with its marks, and every page with what is left on it."""
    pages = frames.page_list(document)
    return _frame(document) | {
        "page": page,
        "pages": pages,
        "marks": frames.marks(page),
        "categories": Category.objects.filter(is_active=True),
        "left": sum(entry["open"] for entry in pages),
    }


def answer_to_box(request: HttpRequest, document: Document, index: int, act: Callable[[], str]) -> HttpResponse:
    """Do what changes boxes, and show what came of it: the list anew to the editor's script, else the page."""
    text, problem = "", ""
    try:
        text = act()
    except ValidationError as error:
        problem = told(error)
    if is_htmx(request):
        return editor_answer(request, document, text, problem)
    if problem:
        messages.error(request, problem)
    elif text:
        messages.success(request, text)
    return to_editor(document, index)


def editor_answer(request: HttpRequest, document: Document, text: str, problem: str = "") -> HttpResponse:
    """What an act on many proposals did, for the editor: the list of the page that is shown, anew, and a word on it."""
    asked = request.POST.get("page", "")
    page = get_object_or_404(Page, document=document, index=int(asked) if asked.isdecimal() and len(asked) < 7 else 0)
    page.document = document
    context = page_frame(document, page) | {"may_decide": True, "said": text, "problem_for_all": problem}
    return render(request, "redaction/decided_many.html", context)


def _frame(document: Document) -> dict[str, Any]:
    return {"case": document.case, "tab": "Redaction", "document": document, "exhibit": document.exhibit}


def _index(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return int(asked) - 1 if asked.isdecimal() and 0 < int(asked) < 1_000_000 else 0


def _not_ready(request: HttpRequest, document: Document) -> HttpResponse:
    job = Job.objects.filter(object_id=document.pk).order_by("-created_at").first()
    context = _frame(document) | {"job": row_of(job) if job else None}
    return render(request, "redaction/reading.html", context)


def ticket_for(request: HttpRequest, document: Document) -> Ticket:
    """Leave to read the source for this person's session: one event when the editor is opened, not one a page."""
    user = signed_in(request)
    require_unfenced(user, "evidence.open", document)
    key = f"redaction-ticket-{document.pk}"
    known = request.session.get(key)
    if known:
        try:
            return ticket_of(user.pk, known)
        except Http404:
            pass  # its time is over
    refuse_unless(user, "evidence.open", document.source)
    made = open_for_reading(user.as_actor(), facts_of(document.source), f"{_PURPOSE} of {document.exhibit}")
    request.session[key] = made.id
    return made


@login_required
@require_GET
def image(request: HttpRequest, document_id: UUID, index: int) -> HttpResponseBase:
    """A page's picture, under the ticket that opening the editor gave."""
    document = document_or_404(request, document_id)
    page = get_object_or_404(Page, document=document, index=index)
    ticket = ticket_of(signed_in(request).pk, request.session.get(f"redaction-ticket-{document.pk}", ""))
    try:
        picture = b"".join(vault.store().read(page.image_key, page.image_version))
    except VaultError as error:
        return HttpResponse(str(error), status=503 if isinstance(error, Unavailable) else 404, content_type="text/plain")
    name = f"{document.exhibit.reference} page {index + 1}.png"
    shown = Content(vault.store(), "", "", len(picture), ticket.facts.sha256, name, "image/png")
    return guard(HttpResponse(picture), shown, inline=True)


@login_required
@require_POST
def decide(request: HttpRequest, document_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Redact or keep one proposal; htmx gets the proposal back, a plain form the page."""
    user = signed_in(request)
    document = document_or_404(request, document_id)
    proposal = get_object_or_404(document.proposals.select_related("document", "category"), pk=proposal_id)
    proposal.document = document
    problem, overtaken = "", False
    try:
        actions.decide(
            user,
            proposal,
            posted(request, "verdict"),
            category=posted(request, "category") or None,
            reason=posted(request, "reason"),
            seen=number_in(posted(request, "seen")),
            act=act_of(request),
        )
    except ValidationError as error:
        problem, overtaken = told(error), getattr(error, "code", "") == OVERTAKEN
    if not is_htmx(request):
        if problem:
            messages.error(request, problem)
        return to_editor(document, proposal.page)
    page = get_object_or_404(Page, document=document, index=proposal.page)
    page.document = document
    context = _frame(document) | {
        "mark": frames.mark_of(proposal.pk, page),
        "page": page,
        "problem": problem,
        "wanted": posted(request, "verdict") if overtaken else "",
        "typed": posted(request, "reason"),
        "may_decide": True,
        "categories": Category.objects.filter(is_active=True),
    }
    context["pages"] = frames.page_list(document)
    context["left"] = sum(entry["open"] for entry in context["pages"])
    return render(request, "redaction/decided.html", context)


def number_in(text: str) -> int | None:
    """A whole number; None for anything else. Of `seen`: the decision that the page showed."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def act_of(request: HttpRequest) -> UUID | None:
    """The id that the page gave what it asks for, so that it is done once however often it is sent."""
    try:
        return UUID(posted(request, "act"))
    except ValueError:
        return None


def told(error: ValidationError) -> str:
    """What to say of a refusal; nothing of what is done already."""
    return "" if getattr(error, "code", "") == REPEATED else " ".join(error.messages)


@login_required
@require_POST
def accept_rest(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Redact whatever is undecided on a page."""
    user = signed_in(request)
    document = document_or_404(request, document_id)
    asked = request.POST.get("page", "")
    index = int(asked) if asked.isdecimal() else 0
    try:
        made = actions.accept_rest(user, document, page=index)
    except ValidationError as error:
        say(request, error)
    else:
        messages.success(request, f"{len(made)} accepted on page {index + 1}.")
    return to_editor(document, index)


@login_required
@require_POST
def draw(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Redact what is in a box drawn by hand."""
    user = signed_in(request)
    document = document_or_404(request, document_id)
    asked = request.POST.get("page", "")
    index = int(asked) if asked.isdecimal() else 0
    form = BoxForm(request.POST)

    def act() -> str:
        if not form.is_valid():
            raise ValidationError("Enter the four edges of the box in points, and its category.")
        actions.draw(user, document, index, form.box, form.cleaned_data["category"], act=act_of(request))
        return "The box is drawn."

    return answer_to_box(request, document, index, act)


@login_required
@require_POST
def ask_approval(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """Hand the decided document to the approvers."""
    user = signed_in(request)
    document = document_or_404(request, document_id)
    found = get_object_or_404(document.releases.select_related("document__exhibit", "document__case"), pk=release_id)
    try:
        actions.ask_approval(user, found)
    except ValidationError as error:
        say(request, error)
        return to_editor(document)
    messages.success(request, f"The copy for the {found.get_audience_display()} is with the approvers.")
    return redirect("redaction:release", document_id=document.pk, release_id=found.pk)
