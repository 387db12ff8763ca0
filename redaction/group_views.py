"""Pages on which all that says the same is decided at once, in a document or a whole case; undo and redo."""

from collections.abc import Callable, Iterable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.ui.request import posted, signed_in
from cases.models import Case
from cases.views import visible_case
from redaction import deciding, groups
from redaction.forms import GROUP_FILTERS, GroupFilter
from redaction.models import Document
from redaction.views import document_or_404, editor_answer, is_htmx, say, ticket_for

_VERBS = {"accept": "redacted", "reject": "kept"}


def _scope(request: HttpRequest, document_id: UUID | None, case_id: UUID | None) -> Document | Case:
    """The document or the case that the address names, for somebody who sees its redactions."""
    if document_id is not None:
        return document_or_404(request, document_id)
    if case_id is None:
        raise Http404
    case = visible_case(signed_in(request), case_id)
    if not signed_in(request).has_perm("redaction.view", case):
        raise Http404
    return case


def _address(scope: Document | Case) -> str:
    return reverse("redaction:groups" if isinstance(scope, Document) else "redaction:case_groups", args=[scope.pk])


@login_required
@require_GET
def show(request: HttpRequest, document_id: UUID | None = None, case_id: UUID | None = None) -> HttpResponse:
    """What is proposed, by what it says: how often, where, decided how."""
    user = signed_in(request)
    scope = _scope(request, document_id, case_id)
    if isinstance(scope, Document):
        ticket_for(request, scope)
    every = groups.counted(scope)
    shown = request.GET.get("show", "open")
    shown = shown if shown in groups.SHOWN else "open"
    people = groups.find_people(every)
    filters = GroupFilter(request.GET, codes={code for group in every for code in group.codes}, people=people)
    kept = filters.chosen
    chosen = groups.narrowed(every, shown, **kept)
    start = _start(request)
    page = chosen[start : start + groups.SIZE]
    groups.find_places(page, scope)
    groups.find_words(page, _readable(request, page))
    document = scope if isinstance(scope, Document) else None
    if document is not None:
        known = groups.standing(document, [group.said for group in page])
        for group in page:
            group.standing = known.get(group.said)
    context = {
        "case": scope.case if isinstance(scope, Document) else scope,
        "tab": "Redaction",
        "document": document,
        "exhibit": document.exhibit if document else None,
        "groups": page,
        "tabs": [
            (_page_url(name, 0, kept), name, label, len(groups.narrowed(every, name, **kept)))
            for name, label in groups.SHOWN.items()
        ],
        "filter_form": filters,
        "kept": kept,
        "shown": shown,
        "boxes": groups.without_words(scope),
        "may_decide": user.has_perm("redaction.decide", scope),
        "here": _address(scope),
        "case_scope": document is None,
        "previous_url": _page_url(shown, max(0, start - groups.SIZE), kept) if start else "",
        "next_url": _page_url(shown, start + groups.SIZE, kept) if start + groups.SIZE < len(chosen) else "",
    }
    return render(request, "redaction/groups.html", context)


def _start(request: HttpRequest) -> int:
    asked = request.GET.get("from", "0")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 0


def _page_url(shown: str, start: int, kept: dict[str, str]) -> str:
    return f"?{urlencode({'show': shown} | ({'from': start} if start else {}) | kept)}"


def _readable(request: HttpRequest, chosen: Iterable[groups.Group]) -> set[UUID]:
    """Documents whose words this person may be shown here; opening each is one event a session."""
    documents = {group.places[0].document_id: group.places[0].document for group in chosen if group.places}
    readable = set()
    for document in documents.values():
        try:
            ticket_for(request, document)
        except PermissionDenied:
            continue
        readable.add(document.pk)
    return readable


@login_required
@require_POST
def decide(request: HttpRequest, document_id: UUID | None = None, case_id: UUID | None = None) -> HttpResponse:
    """Redact or keep all that says the same."""
    scope = _scope(request, document_id, case_id)
    verdict = posted(request, "verdict")

    def act() -> str:
        user = signed_in(request)
        if verdict == "before":
            if not isinstance(scope, Document):
                raise Http404
            return _told(deciding.decide_as_before(user, scope, posted(request, "said")), "decided as elsewhere in the case")
        done = deciding.decide_group(
            user,
            scope,
            posted(request, "said"),
            verdict,
            reason=posted(request, "reason"),
            also_decided=bool(posted(request, "also_decided")),
        )
        return _told(done, _VERBS[verdict])

    return _answer(request, scope, act)


@login_required
@require_POST
def as_before(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Decide all whose words the case's other documents agree on as they were decided there."""
    document = document_or_404(request, document_id)

    def act() -> str:
        return _told(deciding.decide_as_before(signed_in(request), document), "decided as elsewhere in the case")

    return _answer(request, document, act)


@login_required
@require_POST
def turn_back(request: HttpRequest, document_id: UUID | None = None, case_id: UUID | None = None) -> HttpResponse:
    """Undo one's own last act, or do it again."""
    scope = _scope(request, document_id, case_id)
    again = posted(request, "way") == "redo"
    act = deciding.redo if again else deciding.undo
    return _answer(request, scope, lambda: _told(act(signed_in(request), scope), "done again" if again else "undone"))


def _told(done: deciding.Done, verb: str) -> str:
    count = len(done.decisions)
    where = f" in {done.documents} documents" if done.documents > 1 else ""
    pages = sorted({decision.proposal.page + 1 for decision in done.decisions})
    on = f" on page {pages[0]}" if len(pages) == 1 and not where else ""
    left = f". {done.skipped} document{'' if done.skipped == 1 else 's'} with the approver left as before" if done.skipped else ""
    return f"{count or 'None'} {verb}{where}{on}{left}."


def _answer(request: HttpRequest, scope: Document | Case, act: Callable[[], str]) -> HttpResponse:
    """Do it, and show what came of it: in the editor the page's list anew, elsewhere the page it was asked from."""
    text, problem = "", ""
    try:
        text = act()
    except ValidationError as error:
        if not is_htmx(request):
            say(request, error)
        problem = " ".join(error.messages)
    if is_htmx(request) and isinstance(scope, Document):
        return editor_answer(request, scope, text, problem)
    if text:
        messages.success(request, text)
    kept = {name: posted(request, name) for name in GROUP_FILTERS if posted(request, name)}
    return redirect(f"{_address(scope)}{_page_url(posted(request, 'show') or 'open', 0, kept)}")
