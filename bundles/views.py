"""Pages of bundles: a case's list, asking for one, one bundle, and the public keys that all are checked with."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.ui.request import signed_in
from audit import conf as log
from bundles import actions, conf, contents
from bundles.forms import NewBundleForm, OpenForm
from bundles.models import Bundle
from cases.models import Case
from cases.progress import row_of
from cases.reads import looked
from cases.views import refuse_unless, show_errors, visible_case
from evidence.reading import serve, ticket_of
from jobs.models import Job
from redaction.models import Audience
from vault.errors import Unavailable, VaultError

_SHOWN = 200
COLOURS = {Bundle.State.ASKED: "blue", Bundle.State.MADE: "green", Bundle.State.FAILED: "red"}


def bundle_or_404(request: HttpRequest, bundle_id: Any) -> Bundle:
    """The bundle, for somebody who takes part in the disclosure of its case."""
    found = Bundle.objects.visible_to(signed_in(request)).select_related("case__organisation", "asked_by")
    return get_object_or_404(found, pk=bundle_id)


@login_required
@require_GET
def case_list(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What was put together for whom, and when?"""
    user = signed_in(request)
    case = visible_case(user, case_id)
    if not user.has_perm("bundles.view", case):
        raise Http404
    found = Bundle.objects.filter(case=case).select_related("asked_by")[:_SHOWN]
    context = {
        "case": case,
        "tab": "Bundles",
        "bundles": [{"bundle": bundle, "colour": COLOURS[Bundle.State(bundle.state)]} for bundle in found],
        "may_make": user.has_perm("bundles.make", case),
    }
    return render(request, "bundles/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Say what each audience would be given now; then have it made."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    if not user.has_perm("bundles.view", case):
        raise Http404
    refuse_unless(user, "bundles.make", case)
    form = NewBundleForm(request.POST if request.method == "POST" else None, hints=_hints(case))
    if request.method == "POST" and form.is_valid():
        try:
            bundle = actions.ask(user, case, form.cleaned_data["audience"], form.cleaned_data["purpose"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            return redirect("bundles:bundle", bundle_id=bundle.pk)
    context = {"case": case, "tab": "Bundles", "form": form, "is_set_up": bool(conf.key_file())}
    return render(request, "bundles/new.html", context, status=422 if form.errors else 200)


def _hints(case: Case) -> dict[str, str]:
    """What a bundle for each audience would hold."""
    hints = {}
    for audience in Audience.values:
        try:
            found = contents.of_case(case, audience)
        except ValidationError as error:
            hints[audience] = ". ".join(error.messages)
            continue
        names = [f"{release.document.exhibit.reference} (redacted)" for release, _, _ in found.copies]
        hints[audience] = "Would hold: " + ", ".join([*names, *(str(version) for version, _ in found.schedules)])
    return hints


@login_required
@require_GET
def show(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """What is in it, for whom, by whom, when; its hash, and how to check it."""
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Refresh": "true"})
    bundle = bundle_or_404(request, bundle_id)
    looked(signed_in(request), "bundle.viewed", bundle, bundle.case)
    return _page(request, bundle, OpenForm())


def _page(request: HttpRequest, bundle: Bundle, form: OpenForm) -> HttpResponse:
    job = Job.objects.filter(object_id=bundle.pk, kind__in=(actions.MAKE, actions.CHECK)).order_by("-created_at").first()
    recalled, damaged, user = bundle.recalled(), bundle.is_damaged(), signed_in(request)
    fenced, disposed = bundle.fenced(), bundle.disposed()
    is_made = bundle.state == Bundle.State.MADE and not disposed
    is_good = is_made and not recalled and not damaged and not fenced
    context = {
        "case": bundle.case,
        "tab": "Bundles",
        "bundle": bundle,
        "colour": COLOURS[Bundle.State(bundle.state)],
        "job": row_of(job) if job and job.is_active else None,
        "recalled": ", ".join(recalled),
        "fenced": ", ".join(fenced),
        "disposed": ", ".join(disposed),
        "damaged": damaged,
        "last_check": bundle.last_check(),
        "recheck_days": settings.VAULT["RECHECK_DAYS"],
        "may_check": is_made and user.has_perm("bundles.verify", bundle),
        "form": form if is_good and user.has_perm("bundles.open", bundle) else None,
        "fingerprint": conf.fingerprint(),
    }
    return render(request, "bundles/bundle.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def open_bundle(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """Say what for; then the file."""
    bundle = bundle_or_404(request, bundle_id)
    form = OpenForm(request.POST)
    if form.is_valid():
        try:
            ticket = actions.open_bundle(signed_in(request), bundle, form.cleaned_data["purpose"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            return redirect("bundles:content", ticket_id=ticket.id)
    return _page(request, bundle, form)


@login_required
@require_POST
def check(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """Have the stored bundle checked against its hash, now."""
    bundle = bundle_or_404(request, bundle_id)
    try:
        actions.verify_now(signed_in(request), bundle)
        messages.success(request, "The check was asked for.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("bundles:bundle", bundle_id=bundle.pk)


@login_required
@require_safe
def content(request: HttpRequest, ticket_id: str) -> HttpResponseBase:
    """The zip, whole or by range, as long as the person still takes part in the case's disclosure."""
    ticket = ticket_of(signed_in(request).pk, ticket_id)
    if ticket.facts.object_type != "bundle":
        raise Http404
    bundle = bundle_or_404(request, ticket.facts.object_id)
    if bundle.recalled() or bundle.fenced() or bundle.disposed() or bundle.is_damaged():
        raise Http404
    try:
        return serve(request, ticket, inline=False)
    except VaultError as error:
        return HttpResponse(str(error), status=503 if isinstance(error, Unavailable) else 404, content_type="text/plain")


@login_required
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys and their fingerprint, to print and to give to the defence by another way than a bundle."""
    text = conf.key_file()
    context = {"lines": text.splitlines(), "fingerprint": conf.fingerprint(), "log": log.origin(), "signer": conf.origin()}
    return render(request, "bundles/keys.html", context)


@login_required
@require_GET
def key_file(request: HttpRequest) -> HttpResponse:
    """The same as a file for `evidence-verify --key`."""
    if not conf.key_file():
        raise Http404
    disposition = {"Content-Disposition": 'attachment; filename="keys.txt"'}
    return HttpResponse(conf.key_file(), content_type="text/plain; charset=utf-8", headers=disposition)
