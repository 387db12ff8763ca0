"""Pages of where exhibits are kept: the tree, one location's contents, and its stocktakes."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.ui.forms import Form
from accounts.ui.request import signed_in
from cases.views import show_errors
from evidence import standing, stocktake
from evidence.models import CustodyEvent, Exhibit
from evidence.place_models import DEEPEST, Location, Scan, Stocktake, paths


class ScanForm(Form):
    """One line that a scanner types into and ends with Enter."""

    code = forms.CharField(
        max_length=stocktake.LONGEST,
        label="Scan a label, or enter a reference",
        help_text="A scanner types the label’s code here and presses Enter. By hand: AB/1, or 45/123456/26 AB/1.",
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"}),
    )


def _locations(user: User) -> Any:
    if not user.has_perm("evidence.keep_stores"):
        raise Http404
    return Location.objects.filter(organisation=user.organisation_id)


@login_required
@require_GET
def locations(request: HttpRequest) -> HttpResponse:
    """Where the force keeps exhibits, and how many are there."""
    user = signed_in(request)
    places = paths(_locations(user))
    there = CustodyEvent.objects.holding().filter(kind=CustodyEvent.Kind.MOVED, location__organisation=user.organisation_id)
    counts = with_what_is_inside(Counter(there.values_list("location", flat=True)), (place for place, _ in places))
    open_ones = set(
        Stocktake.objects.filter(location__organisation=user.organisation_id, finished_at=None).values_list("location", flat=True)
    )
    rows = [(place, path, counts[place.pk], place.pk in open_ones) for place, path in places if place.is_active or counts[place.pk]]
    return render(request, "evidence/locations.html", {"rows": rows})


def with_what_is_inside(counts: Counter[UUID], places: Iterable[Location]) -> Counter[UUID]:
    """Counts by location, each with those of the locations in it: what a stocktake of it takes in."""
    parents = {place.pk: place.parent_id for place in places}
    totals: Counter[UUID] = Counter()
    for pk, count in counts.items():
        place: UUID | None = pk
        for _ in range(DEEPEST):
            if place is None:
                break
            totals[place] += count
            place = parents.get(place)
    return totals


@login_required
@require_GET
def location(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """What is in a location by the records, and its stocktakes."""
    user = signed_in(request)
    place = get_object_or_404(_locations(user).select_related("parent__parent"), pk=location_id)
    stocktake.view(user, place)
    found = stocktake.contents(place)
    context = {
        "location": place,
        "rows": _rows(user, found, standing.of_many([exhibit.pk for exhibit in found])),
        "stocktakes": place.stocktakes.select_related("started_by", "finished_by")[:20],
        "open": place.stocktakes.filter(finished_at=None).first(),
    }
    return render(request, "evidence/location.html", context)


def _rows(user: User, exhibits: list[Exhibit], standings: Any) -> list[dict[str, Any]]:
    mine = stocktake.known_to(user, exhibits)
    return [{"exhibit": exhibit, "known": exhibit.pk in mine, "standing": standings[exhibit.pk]} for exhibit in exhibits]


@login_required
@require_POST
def start(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """Begin a stocktake, or go on with the open one."""
    user = signed_in(request)
    place = get_object_or_404(_locations(user), pk=location_id)
    return redirect("evidence:stocktake", stocktake_id=stocktake.start(user, place).pk)


def _stocktake(user: User, stocktake_id: UUID) -> Stocktake:
    found = Stocktake.objects.filter(location__in=_locations(user)).select_related("location__parent__parent")
    return get_object_or_404(found.select_related("started_by", "finished_by"), pk=stocktake_id)


@login_required
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, stocktake_id: UUID) -> HttpResponse:
    """Scan what is there; once it is finished, what it found."""
    user = signed_in(request)
    found = _stocktake(user, stocktake_id)
    if request.method == "GET":
        stocktake.view(user, found.location)
    form = ScanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            stocktake.scan(user, found, form.cleaned_data["code"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            # No message: its banner would take the cursor away from the field that a scanner types into
            return redirect("evidence:stocktake", stocktake_id=found.pk)
    context = {"stocktake": found, "location": found.location, "form": form, "last": _last(found), **_shown(user, found)}
    return render(request, "evidence/stocktake.html", context)


def _last(found: Stocktake) -> Scan | None:
    return None if found.finished_at else found.scans.select_related("exhibit").order_by("-at").first()


def _shown(user: User, found: Stocktake) -> dict[str, Any]:
    """The groups of a count: as it stands while it is open, from custody once it is finished."""
    if found.finished_at is None:
        now = stocktake.count(found)
        groups = {"found": now.found, "missing": now.missing, "unexpected": now.unexpected}
        standings, unknown = now.standings, now.unknown
    else:
        results = list(found.results.select_related("exhibit__case").order_by("exhibit__reference"))
        kinds = CustodyEvent.Kind
        by_kind = {"found": kinds.SEEN, "missing": kinds.MISSED, "unexpected": kinds.MISPLACED}
        groups = {name: [event.exhibit for event in results if event.kind == kind] for name, kind in by_kind.items()}
        standings = standing.of_many([event.exhibit_id for event in results])
        unknown = list(found.scans.filter(exhibit=None).values_list("text", flat=True))
    return {name: _rows(user, exhibits, standings) for name, exhibits in groups.items()} | {"unknown": unknown}


@login_required
@require_POST
def finish(request: HttpRequest, stocktake_id: UUID) -> HttpResponse:
    """End it: differences become work."""
    user = signed_in(request)
    found = _stocktake(user, stocktake_id)
    try:
        stocktake.finish(user, found)
        messages.success(request, "The stocktake is finished. Differences are now work for the teams of those cases.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("evidence:stocktake", stocktake_id=found.pk)
