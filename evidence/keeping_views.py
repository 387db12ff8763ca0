"""Pages about keeping: a case's rules of retention and holds, what the store says of a file's lock, and disposal."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import vault
from accounts.ui.request import signed_in
from audit.models import Event
from cases.models import Case
from cases.progress import row_of
from cases.views import refuse_unless, show_errors, visible_case
from evidence import disposal as disposals
from evidence import keeping
from evidence.check_views import blob_or_404
from evidence.forms import DisposalForm, HoldForm, LiftForm, RefuseForm, RetentionForm
from evidence.models import Blob, Disposal, Exhibit, Hold
from jobs.models import Job
from vault.errors import Missing, VaultError

# ---- the store's own word --------------------------------------------------------------------------------------------


@login_required
@require_GET
def store_lock(request: HttpRequest, blob_id: UUID) -> HttpResponse:
    """What the store says, now, keeps a file from being removed: asked by the exhibit's page, or opened by itself."""
    blob = blob_or_404(request, blob_id)
    context: dict[str, Any] = {"blob": blob, "exhibit": blob.exhibit, "case": blob.exhibit.case, "tab": "Exhibits"}
    store = vault.store()
    context |= {"locks": store.locks, "asked_at": timezone.now()}
    if blob.state in Blob.KEPT or blob.state == Blob.State.DISPOSING:
        try:
            context["lock"] = store.protection(blob.key, blob.version_id)
        except Missing:
            context["trouble"] = "The store does not have this file. Have it checked: the check records what it finds."
        except VaultError:
            context["trouble"] = "The store does not answer now, so this can't be said. Nothing is changed by it. Ask again later."
    part = request.headers.get("HX-Request") == "true"
    return render(request, "evidence/store_lock.html" if part else "evidence/store_lock_page.html", context)


# ---- retention and holds ---------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def retention(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Until when the case's material is kept, by which rules, and what holds it beyond that."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    rule_form = RetentionForm(request.POST if "rule" in request.POST else None)
    hold_form = HoldForm(request.POST if "hold_reason" in request.POST else None)
    if request.method == "POST":
        done = _set_rule(request, case, rule_form) if rule_form.is_bound else _place_hold(request, case, hold_form)
        if done:
            return redirect("evidence:retention", case_id=case.pk)
    kept = keeping.retentions(case)
    context = {
        "case": case,
        "tab": "Exhibits",
        "rule_form": rule_form,
        "hold_form": hold_form,
        "form": rule_form if rule_form.is_bound else hold_form,
        "retentions": kept,
        "longest": next(iter(kept), None),
        "history": case.retentions.select_related("rule", "by"),
        "holds": case.holds.select_related("placed_by", "lifted_by"),
        "disposals": Disposal.objects.filter(exhibit__case=case).select_related("exhibit"),
        "may_set": user.has_perm("evidence.set_retention", case),
        "may_hold": user.has_perm("evidence.place_hold", case),
        "may_lift": user.has_perm("evidence.lift_hold", case),
        "today": timezone.localdate(),
    }
    return render(request, "evidence/retention.html", context, status=422 if rule_form.errors or hold_form.errors else 200)


def _set_rule(request: HttpRequest, case: Case, form: RetentionForm) -> bool:
    if not form.is_valid():
        refuse_unless(signed_in(request), "evidence.set_retention", case)
        return False
    try:
        keeping.set_retention(signed_in(request), case, **form.cleaned_data)
    except ValidationError as error:
        show_errors(form, error)
        return False
    messages.success(request, "The retention is recorded.")
    return True


def _place_hold(request: HttpRequest, case: Case, form: HoldForm) -> bool:
    if not form.is_bound or not form.is_valid():
        refuse_unless(signed_in(request), "evidence.place_hold", case)
        return False
    try:
        keeping.place_hold(signed_in(request), case, form.cleaned_data["hold_reason"])
    except ValidationError as error:
        show_errors(form, error)
        return False
    messages.success(request, "The hold stands. Nothing of this case is disposed of.")
    return True


@login_required
@require_http_methods(["GET", "POST"])
def lift_hold(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Lift a hold, for a reason."""
    user = signed_in(request)
    holds = Hold.objects.filter(case__in=Case.objects.visible_to(user)).select_related("case", "placed_by")
    hold = get_object_or_404(holds, pk=hold_id)
    if request.method == "GET":
        refuse_unless(user, "evidence.lift_hold", hold.case)
    form = LiftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.lift_hold(user, hold, form.cleaned_data["reason"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "The hold is lifted.")
            return redirect("evidence:retention", case_id=hold.case_id)
    context = {"case": hold.case, "tab": "Exhibits", "hold": hold, "form": form}
    return render(request, "evidence/lift_hold.html", context, status=422 if form.errors else 200)


# ---- disposal --------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def ask_disposal(request: HttpRequest, exhibit_id: UUID) -> HttpResponse:
    """What stands in the way of a disposal; if nothing does, ask for it."""
    user = signed_in(request)
    exhibit = get_object_or_404(Exhibit.objects.visible_to(user).select_related("case"), pk=exhibit_id)
    if request.method == "GET":
        refuse_unless(user, "evidence.ask_disposal", exhibit)
    form = DisposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = disposals.ask(user, exhibit, form.cleaned_data["reason"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "The disposal waits for another person's approval.")
            return redirect("evidence:disposal", disposal_id=asked.pk)
    context = {
        "case": exhibit.case,
        "tab": "Exhibits",
        "exhibit": exhibit,
        "form": form,
        "standing": disposals.standing(exhibit),
        "blobs": disposals.blobs_of(exhibit),
    }
    return render(request, "evidence/ask_disposal.html", context, status=422 if form.errors else 200)


def _disposal(request: HttpRequest, disposal_id: UUID) -> Disposal:
    found = Disposal.objects.visible_to(signed_in(request))
    return get_object_or_404(found.select_related("exhibit__case", "rule", "asked_by", "decided_by"), pk=disposal_id)


@login_required
@require_GET
def disposal(request: HttpRequest, disposal_id: UUID) -> HttpResponse:
    """Where a disposal stands, and what stays of what was removed."""
    user, found = signed_in(request), _disposal(request, disposal_id)
    job = Job.objects.filter(kind=disposals.DISPOSE, object_id=found.pk).order_by("-created_at").first()
    waiting = found.state == Disposal.State.ASKED
    context = {
        "case": found.exhibit.case,
        "tab": "Exhibits",
        "exhibit": found.exhibit,
        "disposal": found,
        "job": row_of(job) if job and job.is_active else None,
        "job_message": job.message if job else "",
        "tombstones": found.tombstones.select_related("blob__copy"),
        "events": Event.objects.about("disposal", found.pk).newest_first(),
        "standing": disposals.standing(found.exhibit) if waiting else None,
        "may_approve": waiting and found.asked_by_id != user.pk and user.has_perm("evidence.approve_disposal", found),
        "may_refuse": waiting and user.has_perm("evidence.approve_disposal", found),
    }
    return render(request, "evidence/disposal.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def approve_disposal(request: HttpRequest, disposal_id: UUID) -> HttpResponse:
    """Say what will be removed for ever; then approve it."""
    user, found = signed_in(request), _disposal(request, disposal_id)
    if request.method == "GET":
        refuse_unless(user, "evidence.approve_disposal", found)
    else:
        try:
            disposals.approve(user, found)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
        else:
            messages.success(request, "Approved. A worker removes the files; their tombstones stay.")
        return redirect("evidence:disposal", disposal_id=found.pk)
    if found.state != Disposal.State.ASKED:
        messages.error(request, "This disposal has been decided already.")
        return redirect("evidence:disposal", disposal_id=found.pk)
    context = {
        "case": found.exhibit.case,
        "tab": "Exhibits",
        "exhibit": found.exhibit,
        "disposal": found,
        "blobs": disposals.blobs_of(found.exhibit),
        "standing": disposals.standing(found.exhibit),
        "own": found.asked_by_id == user.pk,
        "form": RefuseForm(),
    }
    return render(request, "evidence/approve_disposal.html", context)


@login_required
@require_POST
def refuse_disposal(request: HttpRequest, disposal_id: UUID) -> HttpResponse:
    """Keep it, for a reason."""
    user, found = signed_in(request), _disposal(request, disposal_id)
    form = RefuseForm(request.POST)
    try:
        disposals.refuse(user, found, form.data.get("reason", ""))
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    else:
        messages.success(request, "The disposal is refused: the exhibit is kept.")
    return redirect("evidence:disposal", disposal_id=found.pk)
