"""The portal's pages of a submitted version: its rows, what changed, whether all of it is whole, and a copy to keep."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.ui.context import MARKING
from accounts.ui.paging import paginate
from accounts.ui.request import signed_in
from disclosure import differences, printed
from disclosure.prosecution import WITH_THE_PROSECUTOR
from documents import TYPES, make
from portal import actions, acts, frame
from portal.forms import EndorseForm, RowsForm
from portal.models import Certified, Endorsement, Person, ReleasedCopy, Row, Schedule
from portal.policy import prosecutors_only

ROWS_AT_ONCE = 100
MOST_PRINTED = 10_000
"""Rows that a process of the portal sets into a PDF or a Word file; the text itself can be taken whatever its length."""
KINDS = {**TYPES, "json": "application/json"}


@require_safe
@prosecutors_only
def schedule(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """What was certified and submitted?"""
    user = signed_in(request)
    version = get_object_or_404(Schedule.objects.visible_to(user).select_related("case"), pk=schedule_id)
    actions.consult_schedule(user, version)
    rows_form = RowsForm(request.GET)
    rows = Row.objects.visible_to(user).filter(version=version)
    if rows_form.is_valid() and (words := rows_form.cleaned_data["words"]):
        rows = rows.filter(_said(words))
    with _in_order():
        shown = paginate(rows, request, ("position",), ROWS_AT_ONCE)
    released = ReleasedCopy.objects.visible_to(user).filter(case=version.case)
    copies = {copy.exhibit_id: copy for copy in released.filter(exhibit_id__in={row.exhibit_id for row in shown.items} - {None})}
    others = list(Schedule.objects.visible_to(user).filter(schedule_id=version.schedule_id).exclude(pk=version.pk))
    endorsements = Endorsement.objects.visible_to(user).filter(version=version)
    said = {said.position: said for said in endorsements.filter(position__in=[row.position for row in shown.items])}
    may_endorse = _is_with_us(version) and user.has_perm("portal.endorse", version)
    context = _frame(user, version) | {
        "rows": [(row, copies.get(row.exhibit_id) if row.exhibit_id else None, said.get(row.position)) for row in shown.items],
        "page": shown,
        "filter_form": rows_form,
        "endorsed": may_endorse or bool(said) or endorsements.exists(),
        "others": others,
        "earlier": any(other.number < version.number for other in others),
        "acts": acts.on(user, version.case, version.pk),
        "may_endorse": may_endorse,
    }
    return render(request, "portal/schedule.html", context)


@contextmanager
def _in_order() -> Iterator[None]:
    """Rows are read by their index, one after another, until there are enough.

    What stands behind a security barrier is else planned as if all of it were wanted: sorted and joined whole for a hundred rows.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        yield


def _said(words: str) -> Q:
    """Rows that say this anywhere."""
    names = ("description", "location", "sensitivity_reason", "reference", "block")
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": words})
    return found


@require_safe
@prosecutors_only
def changes(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """What differs from the version that was submitted before?"""
    user = signed_in(request)
    versions = Schedule.objects.visible_to(user).select_related("case")
    version = get_object_or_404(versions, pk=schedule_id)
    before = versions.filter(schedule_id=version.schedule_id, number__lt=version.number).order_by("-number").first()
    if before is None:
        raise Http404
    actions.consult_schedule(user, version)
    old = Row.objects.visible_to(user).filter(version=before)
    # An item or a block keeps its number for ever
    names = ("position", "withdrawn", "description", "location", "sensitivity_reason", "block")
    same = old.filter(**{name: OuterRef(name) for name in names})
    differing = Row.objects.visible_to(user).filter(~Exists(same), version=version)
    shown = paginate(differing, request, ("position",), ROWS_AT_ONCE)
    was = {row.position: row for row in old.filter(position__in=[row.position for row in shown.items])}
    found = differences.compare(was, ((row.position, row) for row in shown.items))
    context = _frame(user, version) | {"before": before, "changes": found, "page": shown}
    return render(request, "portal/changes.html", context)


@require_http_methods(["GET", "POST"])
@prosecutors_only
def endorse(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """What do we decide of these rows? Where the force lets it be said here."""
    user = signed_in(request)
    version = get_object_or_404(Schedule.objects.visible_to(user).select_related("case"), pk=schedule_id)
    if not (user.has_perm("portal.endorse", version) and _is_with_us(version)):
        raise Http404
    sensitive = version.kind == "MG6D"
    form = EndorseForm(request.POST or None, initial={"numbers": request.GET.get("rows", "")}, sensitive=sensitive)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.endorse(user, version, form.entries())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"{made} row{'' if made == 1 else 's'} endorsed.")
            return redirect("portal:schedule", schedule_id)
    else:
        actions.consult_schedule(user, version)
    return render(request, "portal/endorse.html", _frame(user, version) | {"form": form}, status=422 if form.errors else 200)


def _is_with_us(version: Schedule) -> bool:
    return version.state in WITH_THE_PROSECUTOR


@require_safe
@prosecutors_only
def check(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """Is all of it what was certified?"""
    user = signed_in(request)
    certified = _certified(user, schedule_id)
    actions.verify_schedule(user, certified)
    return _result(request, user, certified)


@require_safe
@prosecutors_only
def form(request: HttpRequest, schedule_id: UUID, kind: str) -> HttpResponse:
    """A copy to keep: the form, or the certified text itself. All of it is checked first."""
    user = signed_in(request)
    certified = _certified(user, schedule_id)
    if kind not in KINDS:
        raise Http404
    text = json.loads(certified.content) if certified.is_whole else {"rows": []}
    if kind in TYPES and len(text["rows"]) > MOST_PRINTED:
        return _result(request, user, certified, too_long=len(text["rows"]))
    try:
        actions.print_schedule(user, certified, kind)
    except ValidationError:
        return _result(request, user, certified)
    version = certified.schedule
    made = certified.content.encode() if kind == "json" else make(printed.TEMPLATES[version.kind], kind, _data(user, version, text))
    response = HttpResponse(made, content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{version.kind}-v{version.number}.{kind}"'
    return response


def _certified(user: User, schedule_id: UUID) -> Certified:
    found: Certified = get_object_or_404(
        Certified.objects.visible_to(user).select_related("case", "schedule"), schedule_id=schedule_id
    )
    return found


def _data(user: User, version: Schedule, text: dict[str, Any]) -> dict[str, Any]:
    suspects = Person.objects.visible_to(user).filter(case=version.case, kind="suspect").values_list("label", flat=True)
    names = ("position", "code", "meaning", "reason", "agrees_sensitive", "court_application")
    endorsed = Endorsement.objects.visible_to(user).filter(version=version).values_list(*names)
    return printed.from_text(text, version.sha256, suspects, endorsed)


def _result(request: HttpRequest, user: User, certified: Certified, *, too_long: int = 0) -> HttpResponse:
    """What the check found; with 409 where a copy was asked for and none is made."""
    context = _frame(user, certified.schedule) | {"certified": certified, "too_long": too_long, "most": MOST_PRINTED}
    refused = request.resolver_match is not None and request.resolver_match.url_name == "form"
    return render(request, "portal/check.html", context | {"refused": refused}, status=409 if refused else 200)


def _frame(user: User, version: Schedule) -> dict[str, Any]:
    context = frame.of_case(user, version.case) | {"schedule": version}
    return context | {"marking": f"{MARKING} – NOT FOR DISCLOSURE"} if version.not_for_disclosure else context
