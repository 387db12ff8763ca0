"""Taking the log away, and what one person has looked at."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.ui.paging import paginate
from accounts.ui.request import signed_in
from audit.models import Event
from cases import log_actions, log_export
from cases.log_forms import CaseLogFilterForm, ForceLogFilterForm, LogFilterForm, PersonSearchForm
from cases.log_policy import Scope
from cases.log_views import case_scope

SIZE = 50


@login_required
@never_cache
@require_GET
def case_export(request: HttpRequest, case_id: UUID, extension: str) -> HttpResponseBase:
    """The case's log, narrowed as the page was, as CSV or PDF."""
    scope = case_scope(signed_in(request), case_id)
    return _export(request, scope, CaseLogFilterForm(scope, request.GET or None), extension)


@login_required
@never_cache
@require_GET
def force_export(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The same across a force."""
    return _export(request, Scope(signed_in(request).organisation), ForceLogFilterForm(request.GET or None), extension)


def _export(request: HttpRequest, scope: Scope, filters: LogFilterForm, extension: str) -> HttpResponseBase:
    user = signed_in(request)
    scope.require(user, "cases.view_log")
    if extension not in ("csv", "pdf"):
        raise Http404
    if filters.is_bound and not filters.is_valid():
        return _problem(request, "The filter can’t be understood. Go back and mend it.")
    chosen = filters.chosen() if filters.is_bound else {}
    events = filters.narrow(scope.events()) if filters.is_bound else scope.events()
    count = events.count()
    if extension == "pdf" and count > log_export.MOST_PRINTED:
        return _problem(request, f"{count} events are too many to print. Narrow the log, or take it as CSV.")
    log_actions.export_log(user, scope, chosen, count=count, form=extension)
    name = f"log-{scope.object_id}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if extension == "csv":
        return StreamingHttpResponse(log_export.csv_lines(events), content_type="text/csv; charset=utf-8", headers=headers)
    narrowed = ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in chosen.items())
    return HttpResponse(log_export.pdf(user, scope, events, narrowed), content_type="application/pdf", headers=headers)


def _problem(request: HttpRequest, problem: str) -> HttpResponse:
    return render(request, "cases/log/no_export.html", {"problem": problem}, status=409)


@login_required
@never_cache
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Whose access history is to be looked at?"""
    user = signed_in(request)
    form = PersonSearchForm(request.GET or None)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    log_actions.view_log(user, Scope(user.organisation), {"people": words or "all"})
    found = User.objects.filter(organisation=user.organisation_id)
    if words:
        found = found.filter(name__icontains=words) | found.filter(email__iexact=words) | found.filter(collar_number__iexact=words)
    page = paginate(found, request, ("name", "pk"), SIZE)
    context: dict[str, Any] = {
        "filter_form": form,
        "form": form,
        "filtered": bool(words),
        "rows": _with_last(page.items),
        "page": page,
    }
    return render(request, "audit/people.html", context)


def _with_last(people: Any) -> list[dict[str, Any]]:
    """Each person with when they did anything last."""
    acted = Event.objects.filter(actor_id__in=[person.pk for person in people]).order_by().values("actor_id")
    last = dict(acted.annotate(last=Max("at")).values_list("actor_id", "last"))
    return [{"person": person, "last": last.get(person.pk)} for person in people]
