"""Pages about one file's integrity: every check that was made of it, and the end of a quarantine."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.ui.paging import paginate
from accounts.ui.request import signed_in
from cases.views import refuse_unless, show_errors
from evidence import quarantine
from evidence.forms import QuarantineForm
from evidence.models import Blob, Verification

PAGE = 50


def blob_or_404(request: HttpRequest, blob_id: UUID) -> Blob:
    """Stored bytes of a case that this person is on, with copy, exhibit and case."""
    blobs = Blob.objects.visible_to(signed_in(request)).select_related("copy__exhibit__case")
    return get_object_or_404(blobs, pk=blob_id)


@login_required
@require_GET
def checks(request: HttpRequest, blob_id: UUID) -> HttpResponse:
    """Every check of a file, newest first."""
    blob = blob_or_404(request, blob_id)
    page = paginate(blob.verifications.all(), request, ("-at", "id"), PAGE)
    ends = blob.quarantine_ends.select_related("by")
    context = {
        "case": blob.exhibit.case,
        "tab": "Exhibits",
        "exhibit": blob.exhibit,
        "blob": blob,
        "checks": page.items,
        "count": blob.verifications.count(),
        "damage": Verification.DAMAGE,
        "ends": ends,
        "page": page,
    }
    return render(request, "evidence/checks.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def end_quarantine(request: HttpRequest, blob_id: UUID) -> HttpResponse:
    """Say what was found out; then rely on the file again, or give it up for a new one."""
    user, blob = signed_in(request), blob_or_404(request, blob_id)
    if request.method == "GET":
        refuse_unless(user, "evidence.end_quarantine", blob)
    form = QuarantineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = quarantine.end_quarantine if form.cleaned_data["how"] == "matches" else quarantine.give_up
        try:
            ended = act(user, blob, form.cleaned_data["reason"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            new = ended.state == Blob.State.SUPERSEDED
            messages.success(request, "The file is given up. Send the new one now." if new else "The quarantine is ended.")
            return redirect("evidence:exhibit", exhibit_id=blob.exhibit.pk)
    elif blob.state != Blob.State.QUARANTINED:
        messages.error(request, "This file is not quarantined.")
        return redirect("evidence:exhibit", exhibit_id=blob.exhibit.pk)
    context = {
        "case": blob.exhibit.case,
        "tab": "Exhibits",
        "exhibit": blob.exhibit,
        "blob": blob,
        "form": form,
        "match": quarantine.matching_check(blob),
        "last": blob.verifications.first(),
    }
    return render(request, "evidence/end_quarantine.html", context, status=422 if form.errors else 200)
