"""Pages about a case's items: how far disclosure is, and the review of one item after another."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.policy import require
from accounts.ui.request import signed_in
from cases.models import Case
from cases.reads import looked
from disclosure import actions, assigning, completeness, summary
from disclosure.forms import DecisionForm, outcome_of
from disclosure.models import Item, ItemQuerySet, cases_for
from disclosure.policy import VIEWERS

PAGE = 100
# Reasons that only those read who see an MG6D and an MG6E
RESTRICTED_REASONS = (Item.Sensitivity.SENSITIVE, Item.Test.MAY_MEET)
SHOWS = {
    "limbo": "To decide",
    "mine": "Given to me",
    "all": "All",
    "used": "Used",
    "mg6c": "MG6C",
    "mg6d": "MG6D",
    "not_relevant": "Clearly not relevant",
    "unexamined": "Not examined",
    "unaccounted": "Not accounted for",
}


def case_or_404(user: User, case_id: UUID) -> Case:
    """The case, if this person takes part in its disclosure."""
    return get_object_or_404(cases_for(user, VIEWERS), pk=case_id)


@login_required
@require_GET
def overview(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """How many items are in limbo, on which schedule, and what comes next."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    counts = Item.objects.ensure_for(case).counts()
    context = {
        "case": case,
        "counts": counts,
        "sensitive": user.has_perm("disclosure.view_sensitive", case),
        "may_draft": user.has_perm("disclosure.draft_schedule", case),
        "may_decide": user.has_perm("disclosure.decide", case),
        "schedules": summary.schedules(user, case, counts),
        "unaccounted": completeness.missing(case, 20),
        "report_owed": completeness.report_owed(case),
        "shares": assigning.shares(case),
    }
    return render(request, "disclosure/overview.html", context)


@login_required
@require_POST
def draft(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Draft a schedule of the kind asked for, or bring its draft up to date."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    try:
        version = actions.draft_schedule(user, case, request.POST.get("kind", ""))
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect("disclosure:overview", case_id=case.id)
    messages.success(request, f"{version} is drafted from the decisions.")
    return redirect("disclosure:version", schedule_id=version.schedule_id, number=version.number)


@login_required
@require_POST
def later(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Begin a further schedule for what came after the last one was submitted."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    try:
        version = actions.later_schedule(user, case, request.POST.get("kind", ""))
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect("disclosure:overview", case_id=case.id)
    messages.success(request, f"{version} is begun. Its numbers go on, and it needs its own MG6E.")
    return redirect("disclosure:version", schedule_id=version.schedule_id, number=version.number)


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The queue beside one item and its decision; a decision leads on to the next item."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    sensitive = user.has_perm("disclosure.view_sensitive", case)
    shows = {name: text for name, text in SHOWS.items() if sensitive or name != "mg6d"}
    show = request.GET.get("show", "limbo")
    if show not in shows:
        raise Http404
    items = completeness.unaccounted(case) if show == "unaccounted" else _shown(Item.objects.begun_for(case), show)
    if show == "mine":
        items = items.filter(assigned_to=user)
    queue = list(after_key(items, request.GET.get("after")).select_related("exhibit")[: PAGE + 1])
    more, queue = len(queue) > PAGE, queue[:PAGE]
    item = _current(case, queue, request.GET.get("item"))
    if request.method == "POST":
        if item is None:
            raise Http404
        require(user, "disclosure.decide", item)
        form = DecisionForm(request.POST)
        if form.is_valid() and _decide(user, item, form):
            return redirect(_address(case, show, _following(queue, item), request.GET.get("after"), done=item))
    else:
        form = DecisionForm(initial=_initial(item) if item else {})
        if item is not None:
            looked(user, "item.viewed", item, case)
    context: dict[str, Any] = {
        "case": case,
        "tab": "Disclosure",
        "form": form,
        "show": show,
        "shows": [(name, text, _address(case, name)) for name, text in shows.items()],
        "queue": [(entry, _address(case, show, entry, request.GET.get("after"))) for entry in queue],
        "more_url": _address(case, show, after=str(queue[-1].id)) if more else "",
        "item": item,
        "done": _done(case, request.GET.get("done")),
        "history": _history(item, sensitive=sensitive) if item else [],
        "may_decide": user.has_perm("disclosure.decide", case),
        "skip_url": _address(case, show, _following(queue, item), request.GET.get("after")) if item else "",
        "previous_url": _address(case, show, _following(queue[::-1], item), request.GET.get("after")) if item else "",
    }
    return render(request, "disclosure/review.html", context)


def _initial(item: Item) -> dict[str, Any]:
    """What was decided last, for the form to show."""
    known: dict[str, Any] = {"outcome": outcome_of(item), "may_meet": item.test == Item.Test.MAY_MEET}
    if known["may_meet"]:
        last = item.decisions.filter(field="test").order_by("-id").first()
        known["test_reason"] = last.reason if last else ""
    return known


def _shown(items: ItemQuerySet, show: str) -> ItemQuerySet:
    if show in ("limbo", "mine"):
        return items.in_limbo()
    if show == "used":
        return items.filter(use="used")
    if show == "unexamined":
        return items.filter(use="unused", relevance="unexamined")
    if show == "not_relevant":
        return items.filter(use="unused", relevance="clearly_not_relevant")
    return items if show == "all" else items.belonging_on(show.upper())


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def after_key(items: ItemQuerySet, after: str | None) -> ItemQuerySet:
    """Items behind this one in order: by keyset, so that it stays in place when those before it are decided."""
    key = _uuid(after)
    start = Item.objects.filter(pk=key).first() if key else None
    if start is None:
        return items
    later = items.filter(created_at__gt=start.created_at)
    return later | items.filter(created_at=start.created_at, id__gt=start.id)


def _current(case: Case, queue: list[Item], asked: str | None) -> Item | None:
    """The item asked for, wherever it is in the queue; else the first of the queue."""
    if not asked:
        return queue[0] if queue else None
    known = {entry.id: entry for entry in queue}
    key = _uuid(asked)
    if key in known:
        return known[key]
    return get_object_or_404(Item.objects.filter(case=case).select_related("exhibit"), pk=key)


def _following(queue: list[Item], item: Item | None) -> Item | None:
    ids = [entry.id for entry in queue]
    if item is None or item.id not in ids:
        return queue[0] if queue else None
    place = ids.index(item.id) + 1
    return queue[place] if place < len(queue) else None


def _done(case: Case, done: str | None) -> Item | None:
    """The item just decided: named, with a way back to it, without moving the page as a banner would."""
    key = _uuid(done)
    return Item.objects.filter(case=case, pk=key).select_related("exhibit").first() if key else None


def _address(case: Case, show: str, item: Item | None = None, after: str | None = None, done: Item | None = None) -> str:
    values = {"show": show} | ({"after": after} if after else {}) | ({"item": str(item.id)} if item else {})
    values |= {"done": str(done.id)} if done else {}
    return f"{reverse('disclosure:review', kwargs={'case_id': case.id})}?{urlencode(values)}"


def _decide(user: User, item: Item, form: DecisionForm) -> bool:
    try:
        view = form.view(item)
        actions.decide(user, item, **form.answers())
        if view:
            actions.decide(user, item, **view)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


def _history(item: Item, *, sensitive: bool) -> list[dict[str, Any]]:
    """Decisions on the item, newest first. Why something is sensitive is for those who see the MG6D."""
    return [
        {
            "title": f"{decision.get_field_display()}: {decision.get_value_display()}",
            "by": str(decision.by),
            "at": decision.at,
            "text": decision.reason if sensitive or decision.value not in RESTRICTED_REASONS else "",
        }
        for decision in item.decisions.select_related("by").order_by("-id")
    ]


def picked(request: HttpRequest) -> list[UUID]:
    """The items whose boxes are ticked."""
    try:
        return [UUID(key) for key in request.POST.getlist("items")[:PAGE]]
    except ValueError:
        return []
