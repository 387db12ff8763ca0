"""Pages of working copies: begin one, send its file, open it."""

from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.ui.forms import Form
from accounts.ui.request import signed_in
from cases.reads import looked
from cases.views import refuse_unless, show_errors
from evidence import working as work
from evidence.actions import VERIFY
from evidence.fencing import require_unfenced
from evidence.forms import PurposeForm
from evidence.marks import marks_of
from evidence.models import Blob, Copy, Exhibit
from jobs.models import Job


class WorkingForm(Form):
    """How the copy was made."""

    made_with = forms.CharField(
        max_length=120,
        label="What it was made with, and what was done",
        help_text="For example: Amped FIVE 34, brightness raised, from 23:04:50 to 23:05:10. Do not name the complainant.",
    )


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, exhibit_id: UUID) -> HttpResponse:
    """Say how a working copy was made; its file comes next, on its own page."""
    user = signed_in(request)
    exhibit = get_object_or_404(Exhibit.objects.visible_to(user).select_related("case"), pk=exhibit_id)
    if request.method == "GET":
        refuse_unless(user, "evidence.upload", exhibit)
        require_unfenced(user, "evidence.upload", exhibit)
    form = WorkingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = work.begin(user, exhibit, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            return redirect("evidence:working", copy_id=made.pk)
    text = "The original stays as it is. A working copy is kept beside it, marked as such, with its own hash and checks."
    context = {"case": exhibit.case, "tab": "Exhibits", "exhibit": exhibit, "form": form, "text": text}
    return render(
        request,
        "evidence/custody_form.html",
        context | {"heading": f"Add a working copy of {exhibit}", "button": "Go on to its file"},
    )


@login_required
@require_GET
def working(request: HttpRequest, copy_id: UUID) -> HttpResponse:
    """One working copy: how it was made, its file, its hash; the way to send or to open it."""
    user = signed_in(request)
    copies = Copy.objects.visible_to(user).filter(kind=Copy.Kind.WORKING).select_related("exhibit__case", "made_by")
    copy = get_object_or_404(copies, pk=copy_id)
    exhibit, blob = copy.exhibit, copy.blobs.exclude(state__in=Blob.ASIDE).order_by("-created_at").first()
    job = Job.objects.filter(object_id=blob.pk, kind=VERIFY).order_by("-created_at").first() if blob else None
    busy = job is not None and job.is_active
    if "HX-Request" in request.headers:
        return HttpResponse(status=204) if busy else HttpResponse(headers={"HX-Refresh": "true"})
    looked(user, "exhibit.viewed", exhibit, exhibit.case)
    waits = blob is None or blob.state == Blob.State.RECEIVING
    context = {
        "case": exhibit.case,
        "tab": "Exhibits",
        "exhibit": exhibit,
        "copy": copy,
        "blob": blob,
        "marks": marks_of(blob) if blob else [],
        "busy": busy,
        "upload": work.open_upload_of(copy),
        "may_send": waits and user.has_perm("evidence.upload", copy),
        "open_url": reverse("api-copy-uploads", args=[copy.pk]),
        "may_open": blob is not None and blob.state == Blob.State.VERIFIED and user.has_perm("evidence.open", blob),
        "form": PurposeForm(),
    }
    return render(request, "evidence/working.html", context)
