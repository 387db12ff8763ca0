"""Pages on which copies of several exhibits are asked for at once, and how far the reading of their files is."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.ui.request import signed_in
from cases.models import Case
from cases.views import refuse_unless, show_errors, visible_case
from redaction import asking, withdrawing
from redaction.forms import AskManyForm, ReasonForm


def _case(request: HttpRequest, case_id: UUID) -> Case:
    """The case, for somebody who sees its redactions."""
    case = visible_case(signed_in(request), case_id)
    if not signed_in(request).has_perm("redaction.view", case):
        raise Http404
    return case


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask for a redacted copy of each exhibit that is ticked."""
    user, case = signed_in(request), _case(request, case_id)
    refuse_unless(user, "redaction.ask", case)
    offered = asking.askable(case).order_by("reference")
    form = AskManyForm(request.POST if request.method == "POST" else None, exhibits=offered)
    if request.method == "POST" and form.is_valid():
        try:
            asked = asking.start_many(user, case, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            count = len(asked.releases)
            messages.success(request, f"{count} redacted {'copy is' if count == 1 else 'copies are'} asked for.")
            for exhibit, why in asked.left_out:
                messages.warning(request, f"{exhibit}: not asked for. {why.rstrip('.')}.")
            return redirect("redaction:list", case_id=case.pk)
    context = {"case": case, "tab": "Redaction", "form": form, "any": offered.exists()}
    return render(request, "redaction/ask_many.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_GET
def reading(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The line alone, for htmx. The answer that says that all is read tells the page, which loads what is new."""
    row = asking.progress(_case(request, case_id))
    if row:
        return render(request, "components/progress.html", row)
    return HttpResponse(headers={"HX-Trigger": "job-done"})


@login_required
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Withdraw what one asked for and is still being read."""
    user, case = signed_in(request), _case(request, case_id)
    refuse_unless(user, "redaction.withdraw", case)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="Why are they not wanted?")
    if request.method == "POST" and form.is_valid():
        try:
            given_up = withdrawing.stop_reading(user, case, form.cleaned_data["reason"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            count = len(given_up)
            messages.success(request, f"{count} {'copy is' if count == 1 else 'copies are'} withdrawn.")
            return redirect("redaction:list", case_id=case.pk)
    copies = withdrawing.unread(user, case).select_related("document__exhibit").order_by("document__exhibit__reference")
    context = {"case": case, "tab": "Redaction", "form": form, "copies": copies}
    return render(request, "redaction/stop.html", context, status=422 if form.errors else 200)
