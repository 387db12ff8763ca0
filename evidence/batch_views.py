"""Pages of many files at once: what they have in common, then the files themselves."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.ui.request import signed_in
from cases.views import refuse_unless, show_errors, visible_case
from evidence import batches
from evidence.batch_api import arrived
from evidence.forms import BatchForm
from evidence.models import Batch, Upload
from evidence.views import above_the_marking, not_here

UNFINISHED_SHOWN = 100


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Say what many files have in common; the files come next, on the batch's own page."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    if request.method == "GET":
        refuse_unless(user, "evidence.add_exhibit", case)
    form = BatchForm(user, case, request.POST or None)
    if above_the_marking(request, form):
        return not_here(request, case)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data.pop("marking")
        try:
            made = batches.open_batch(user, case, within_marking=True, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            return redirect("evidence:batch", batch_id=made.pk)
    earlier = case.batches.filter(exhibits__copies__blobs__upload__state=Upload.State.OPEN).select_related("parent").distinct()
    context = {"case": case, "form": form, "tab": "Exhibits", "unfinished": earlier.order_by("-created_at")[:10]}
    return render(request, "evidence/new_batch.html", context)


@login_required
@require_GET
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Choose files and folders, see them go, come back another day and go on."""
    user = signed_in(request)
    found = get_object_or_404(Batch.objects.visible_to(user).select_related("case", "parent", "created_by"), pk=batch_id)
    waiting = Upload.objects.filter(blob__copy__exhibit__batch=found, state=Upload.State.OPEN)
    waiting = waiting.select_related("blob__copy__exhibit").order_by("blob__copy__exhibit__created_at")
    context = {
        "case": found.case,
        "batch": found,
        "tab": "Exhibits",
        "files": found.exhibits.count(),
        "arrived": arrived(found),
        "waiting": waiting[:UNFINISHED_SHOWN],
        "waiting_count": waiting.count(),
        "may_send": user.has_perm("evidence.upload", found.case) and user.has_perm("evidence.add_exhibit", found.case),
    }
    return render(request, "evidence/batch.html", context)
