"""Pages about a case's items: how far disclosure is, and the review of one item after another."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.policy import require
from accounts.ui.request import posted, signed_in
from cases.models import Case
from cases.reads import looked
from cases.views import show_errors
from disclosure import actions, assigning, beside, blocks, completeness, parts, presumed, summary
from disclosure.fence_forms import FenceForm
from disclosure.forms import DecisionForm, PartForm, outcome_of
from disclosure.models import IN_LIMBO, Item, ItemQuerySet, cases_for
from disclosure.policy import VIEWERS
from evidence.fencing import UNDETERMINED
from evidence.fencing import words as fencing_words

PAGE = 100
# Reasons that only those read who see an MG6D and an MG6E
RESTRICTED_REASONS = (Item.Sensitivity.SENSITIVE, Item.Test.MAY_MEET)
CLOSED = {
    "fenced": Count("id", filter=Q(locator__isnull=True) & ~Q(exhibit__fence="")),
    "closed": Count("id", filter=IN_LIMBO & Q(exhibit__fence__in=UNDETERMINED)),
}
OUTCOME_WORDS = {
    "": "not decided",
    "used": "used",
    "mg6c": "unused, relevant",
    "mg6d": "unused, relevant, sensitive",
    "not_relevant": "clearly not relevant",
    "unexamined": "not examined",
}
SHOWS = {
    "limbo": "To decide",
    "mine": "Given to me",
    "all": "All",
    "used": "Used",
    "mg6c": "MG6C",
    "mg6d": "MG6D",
    "not_relevant": "Clearly not relevant",
    "unexamined": "Not examined",
    "fenced": "Closed to the team",
    "unaccounted": "Not accounted for",
}


def case_or_404(user: User, case_id: UUID) -> Case:
    """The case, if this person takes part in its disclosure."""
    return get_object_or_404(cases_for(user, VIEWERS), pk=case_id)


def items_seen(user: User, case: Case) -> ItemQuerySet:
    """The case's items; without the sensitive ones for whoever sees no MG6D."""
    items = Item.objects.filter(case=case)
    if user.has_perm("disclosure.view_sensitive", case):
        return items
    return items.exclude(sensitivity=Item.Sensitivity.SENSITIVE)


@login_required
@require_GET
def overview(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """How many items are in limbo, on which schedule, and what comes next."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    counts = Item.objects.ensure_for(case).counts(**CLOSED)
    # What is closed to the team is for nobody to decide now
    fenced, closed = counts.pop("fenced"), counts.pop("closed")
    counts["in_limbo"] -= closed
    waiting, owed = presumed.counts(case, items_seen(user, case))
    context = {
        "case": case,
        "counts": counts,
        "fenced": fenced,
        "sensitive": user.has_perm("disclosure.view_sensitive", case),
        "may_draft": user.has_perm("disclosure.draft_schedule", case),
        "may_decide": user.has_perm("disclosure.decide", case),
        "schedules": summary.schedules(user, case, counts),
        "unaccounted": completeness.missing(case, 20),
        "report_owed": completeness.report_owed(case),
        "presumption_waiting": waiting,
        "copies_owed": owed,
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
    queue = list(after_key(items, request.GET.get("after")).select_related("exhibit").with_parts()[: PAGE + 1])
    more, queue = len(queue) > PAGE, queue[:PAGE]
    item = _current(case, queue, request.GET.get("item"))
    presumption = presumed.of_item(item) if item else []
    is_presumed = any(one.is_presumed for one in presumption)
    part_form = PartForm(item.exhibit) if item else None
    if request.method == "POST" and item is not None and posted(request, "step") == "open":
        try:
            beside.open_file(request, user, item)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect(_address(case, show, item, request.GET.get("after")))
    if request.method == "POST" and posted(request, "step") == "part":
        if item is None:
            raise Http404
        require(user, "disclosure.decide", item)
        part_form = PartForm(item.exhibit, request.POST)
        if made := _divide(user, item, part_form):
            messages.success(request, f"{made.label} is an item now.")
            return redirect(_address(case, show, made, request.GET.get("after")))
        form = DecisionForm(initial=_initial(item), presumed=is_presumed)
    elif request.method == "POST":
        if item is None:
            raise Http404
        require(user, "disclosure.decide", item)
        form = DecisionForm(request.POST, presumed=is_presumed)
        if form.is_valid() and _decide(user, item, form):
            return redirect(_address(case, show, _following(queue, item), request.GET.get("after"), done=item))
    else:
        form = DecisionForm(initial=_initial(item) if item else {}, presumed=is_presumed)
        if item is not None:
            looked(user, "item.viewed", item, case)
    context: dict[str, Any] = (beside.frame(request, user, item) if item else {}) | {
        "case": case,
        "tab": "Disclosure",
        # Its errors are told on top of the page
        "form": part_form if part_form and part_form.errors else form,
        "decision_form": form,
        "part_form": part_form,
        "parts": _parts(case, item, show, sensitive=sensitive) if item else [],
        "show": show,
        "shows": [(name, text, _address(case, name)) for name, text in shows.items()],
        "queue": [(entry, _address(case, show, entry, request.GET.get("after"))) for entry in queue],
        "more_url": _address(case, show, after=str(queue[-1].id)) if more else "",
        "item": item,
        "done": _done(case, request.GET.get("done")),
        "history": _history(item, sensitive=sensitive) if item else [],
        **(_place(item, sensitive=sensitive) if item else {}),
        "presumption": presumption,
        "answered_to": request.get_full_path(),
        "may_decide": user.has_perm("disclosure.decide", case),
        "may_divide": item is not None and not item.exhibit.fence and user.has_perm("disclosure.decide", case),
        "fence": fencing_words(item.exhibit.fence) if item else "",
        "fence_form": FenceForm(),
        "here": _address(case, show, after=request.GET.get("after")),
        "skip_url": _address(case, show, _following(queue, item), request.GET.get("after")) if item else "",
        "previous_url": _address(case, show, _following(queue[::-1], item), request.GET.get("after")) if item else "",
    }
    return render(request, "disclosure/review.html", context, status=422 if part_form and part_form.errors else 200)


def _place(item: Item, *, sensitive: bool) -> dict[str, Any]:
    """The block in which an item stands, as far as this person may know of it; and why it must leave it, if it must."""
    standing = item.places.standing().select_related("block")
    place = standing.first()
    if place is None or (place.block.is_sensitive and not sensitive):
        return {}
    return {"place": place, "leaves": "; ".join(why for _, why in blocks.must_leave(standing))}


def _divide(user: User, item: Item, form: PartForm) -> Item | None:
    """Make the part of the item's exhibit that the form names an item, if it can be."""
    if not form.is_valid():
        return None
    try:
        return parts.make_part(user, item.exhibit, form.cleaned_data["span"])
    except ValidationError as error:
        show_errors(form, error)
        return None


def _parts(case: Case, item: Item, show: str, *, sensitive: bool) -> list[tuple[Item, str]]:
    """The whole and the parts of an item's exhibit, if it has parts, each with what was decided as far as this person may know."""
    if not item.has_parts:
        return []
    found = list(item.exhibit.items.order_by("created_at", "id"))
    for entry in found:
        outcome = outcome_of(entry)
        entry.outcome = OUTCOME_WORDS["mg6c" if outcome == "mg6d" and not sensitive else outcome]  # type: ignore[attr-defined]
    return [(entry, _address(case, show, entry)) for entry in found]


def _initial(item: Item) -> dict[str, Any]:
    """What was decided last, for the form to show."""
    known: dict[str, Any] = {"outcome": outcome_of(item), "may_meet": item.test == Item.Test.MAY_MEET}
    if item.test:
        last = item.decisions.filter(field="test").order_by("-id").first()
        known["test_reason" if known["may_meet"] else "rebut_reason"] = last.reason if last else ""
    return known


def _shown(items: ItemQuerySet, show: str) -> ItemQuerySet:
    if show in ("limbo", "mine"):
        return items.in_limbo().open_to_review()
    if show == "fenced":
        return items.exclude(exhibit__fence="")
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
    return get_object_or_404(Item.objects.filter(case=case).select_related("exhibit").with_parts(), pk=key)


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
