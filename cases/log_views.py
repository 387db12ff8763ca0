"""The log's pages: a case's log for its team and its force's auditors; across a force for its auditors."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.ui.paging import paginate
from accounts.ui.request import signed_in
from audit import conf, notes
from audit.models import Checkpoint, Event, EventDetail
from cases import log_actions, log_proofs, log_rows, log_verification
from cases.log_forms import CaseLogFilterForm, CaseSearchForm, DetailsForm, ForceLogFilterForm, LogFilterForm
from cases.log_policy import Scope, logs_visible_to
from cases.models import Case
from cases.policy import roles_on
from cases.progress import row_of
from cases.views import show_errors
from jobs.models import Job

SIZE = 50


def case_scope(user: User, case_id: UUID) -> Scope:
    """One case's log; not found for whoever may not read it."""
    case = get_object_or_404(logs_visible_to(user).select_related("organisation"), pk=case_id)
    return Scope(case.organisation, case)


def _context(user: User, scope: Scope) -> dict[str, Any]:
    """What all pages of the log need. The case's frame is for its team: to an auditor every tab but this one is a dead end."""
    case = scope.case
    on_team = case is not None and bool(roles_on(user, case.pk))
    urls = {name: _url(scope, name) for name in ("log", "verify")}
    return {
        "scope": scope,
        "case": case,
        "tab": "Log",
        "layout": "case.html" if on_team else "base.html",
        "urls": urls,
        "may_open": user.has_perm("cases.open_log_details", case) if case else True,
        "audits": user.has_perm("cases.audit_force"),
    }


def _url(scope: Scope, name: str, **kwargs: Any) -> str:
    if scope.case:
        return reverse("cases:log" if name == "log" else f"cases:log_{name}", kwargs={"case_id": scope.case.pk, **kwargs})
    return reverse("cases:audit_events" if name == "log" else f"cases:audit_{name}", kwargs=kwargs)


# ---- reading ---------------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def case_log(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who did what in this case, and when?"""
    scope = case_scope(signed_in(request), case_id)
    return _log(request, scope, CaseLogFilterForm(scope, request.GET or None))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def force_log(request: HttpRequest) -> HttpResponse:
    """Who did what across the force's cases; what did this person do?"""
    return _log(request, Scope(signed_in(request).organisation), ForceLogFilterForm(request.GET or None))


def _log(request: HttpRequest, scope: Scope, filters: LogFilterForm) -> HttpResponse:
    """A page of events. By POST, and for a reason, with their details: those never have an address of their own."""
    user = signed_in(request)
    narrowed = filters.is_bound and filters.is_valid()
    if request.method == "GET":
        log_actions.view_log(user, scope, filters.chosen() if narrowed else {})
    else:
        scope.require(user, "cases.view_log")
    events = filters.narrow(scope.events()) if filters.is_bound else scope.events()
    page = paginate(events.select_related("leaf"), request, filters.order_by(), SIZE)
    form = DetailsForm(request.POST or None)
    opened = _opened(user, scope, page.items, form) if request.method == "POST" else None
    context = _context(user, scope) | {
        "filter_form": filters,
        "form": form if form.errors else filters,
        "details_form": form,
        "filtered": narrowed and bool(filters.chosen()),
        "count": events.count() if scope.case else None,
        "rows": log_rows.rows(list(page.items), opened, cases=scope.case is None),
        "opened": opened is not None,
        "page": page,
        "query": _filters_of(request),
    }
    return render(request, "cases/log/list.html", context)


def _filters_of(request: HttpRequest) -> str:
    """The filter as it stands in the address, for the exports; without the place in the list."""
    query = request.GET.copy()
    for name in ("before", "after", "order"):
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else ""


def _opened(user: User, scope: Scope, events: Sequence[Event], form: DetailsForm) -> Mapping[UUID, EventDetail] | None:
    """The details of these events, if the person may and has said why."""
    if not form.is_valid():
        return None
    try:
        return log_actions.open_details(user, scope, events, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        show_errors(form, error)
        return None


# ---- one event and its proof -----------------------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def case_proof(request: HttpRequest, case_id: UUID, event_id: UUID) -> HttpResponse:
    """What exactly was recorded, and can it be proved?"""
    return _proof(request, case_scope(signed_in(request), case_id), event_id)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def force_proof(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """The same for any event of the force."""
    return _proof(request, Scope(signed_in(request).organisation), event_id)


def _proof(request: HttpRequest, scope: Scope, event_id: UUID) -> HttpResponse:
    user = signed_in(request)
    scope.require(user, "cases.view_log")
    event = get_object_or_404(scope.events().select_related("leaf"), pk=event_id)
    if request.method == "GET":
        log_actions.view_proof(user, scope, event)
    form = DetailsForm(request.POST or None)
    opened = _opened(user, scope, [event], form) if request.method == "POST" else None
    context = _context(user, scope) | {
        "row": log_rows.rows([event], opened, cases=True)[0],
        "event": event,
        "proof": log_proofs.of_event(event),
        "origin": conf.origin(),
        "form": form,
        "details_form": form,
        "opened": opened is not None,
    }
    return render(request, "cases/log/proof.html", context)


# ---- verifying -------------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def case_verify(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Is this case's log whole?"""
    return _verify(request, case_scope(signed_in(request), case_id))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def force_verify(request: HttpRequest) -> HttpResponse:
    """Is the whole log whole?"""
    return _verify(request, Scope(signed_in(request).organisation))


def _verify(request: HttpRequest, scope: Scope) -> HttpResponse:
    """One click asks for a verification; the page shows how far it is, and what was found."""
    user = signed_in(request)
    if request.method == "POST":
        log_actions.ask_verification(user, scope)
        return redirect(_url(scope, "verify"))
    scope.require(user, "cases.verify_log")
    found = log_verification.latest(scope)
    job = log_verification.current_job(scope)
    context = _context(user, scope) | {
        "newest": found[0] if found else None,
        "findings": _findings(scope, found[0]) if found else [],
        "earlier": found[1:],
        "progress": _progress_row(job) if job else None,
        "running": job is not None and job.is_active,
        "command": f"manage.py audit_verify --case {scope.case.pk}" if scope.case else "manage.py audit_verify",
    }
    return render(request, "cases/log/verify.html", context)


def _findings(scope: Scope, verification: log_verification.Verification) -> list[dict[str, Any]]:
    """What was found, with the address of each event that is still there to look at."""
    findings = verification.findings
    there = {
        str(pk)
        for pk in scope.events().filter(pk__in=[one["event"] for one in findings if one["event"]]).values_list("pk", flat=True)
    }
    return [one | {"href": _url(scope, "proof", event_id=one["event"]) if one["event"] in there else ""} for one in findings]


def _progress_row(job: Job) -> dict[str, Any]:
    row = row_of(job)
    if job.is_active:
        row["poll_url"] = reverse("cases:audit_progress", kwargs={"job_id": job.pk})
    return row


@login_required
@never_cache
@require_GET
def verification_progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far a verification is, for its team or its auditors; the last answer tells the page to fetch the result."""
    user = signed_in(request)
    mine = Q(case_id__in=logs_visible_to(user).values("pk"))
    if user.has_perm("cases.audit_force"):
        mine |= Q(case_id=None, object_id=user.organisation_id)
    job = get_object_or_404(Job.objects.filter(mine, kind=log_actions.VERIFY), pk=job_id)
    response = render(request, "components/progress.html", _progress_row(job))
    if not job.is_active:
        response["HX-Trigger"] = "job-done"
    return response


# ---- across a force --------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_GET
def audit_start(request: HttpRequest) -> HttpResponse:
    """Which cases has the force, what happened in them, and what has the log signed?"""
    user = signed_in(request)
    scope = Scope(user.organisation)
    form = CaseSearchForm(request.GET or None)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    log_actions.view_log(user, scope, {"cases": words or "all"})
    cases = Case.objects.filter(organisation=user.organisation_id)
    if words:
        cases = cases.filter(Q(crime_number__icontains=words) | Q(urn__icontains=words) | Q(operation__icontains=words))
    page = paginate(cases, request, ("-created_at", "-id"), SIZE)
    context = _context(user, scope) | {
        "filter_form": form,
        "filtered": bool(words),
        "count": cases.count(),
        "rows": _with_events(page.items),
        "page": page,
        "checkpoints": Checkpoint.objects.order_by("-size")[:5],
        "verifier_key": notes.verifier_key(conf.origin(), conf.public_key()),
        "newest": next(iter(log_verification.latest(scope, 1)), None),
    }
    return render(request, "audit/start.html", context)


def _with_events(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Each case with how many events it has and when the last was."""
    counted = Event.objects.filter(case_id__in=[case.pk for case in cases]).order_by().values("case_id")
    facts = {row["case_id"]: row for row in counted.annotate(events=Count("pk"), last=Max("at"))}
    return [{"case": case, "events": 0, "last": None} | facts.get(case.pk, {}) for case in cases]
