"""Pages of the lists of what is used: witnesses (MG9) and exhibits (MG12)."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.policy import require
from accounts.ui.request import signed_in
from cases.models import Case, PersonIdentity
from cases.views import show_errors
from disclosure import lists as made
from disclosure.forms import WitnessListForm
from disclosure.schedule_views import file_of
from disclosure.views import case_or_404


@login_required
@require_GET
def lists(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who is on the witness list, what of them is missing, and how many exhibits are used?"""
    user = signed_in(request)
    return _page(request, user, case_or_404(user, case_id), WitnessListForm())


def _page(request: HttpRequest, user: User, case: Case, form: WitnessListForm) -> HttpResponse:
    context = {
        "case": case,
        "tab": "Disclosure",
        "witnesses": made.witnesses(case),
        "known": set(PersonIdentity.objects.filter(person__case=case).values_list("person_id", flat=True)),
        "exhibits": made.used(case).count(),
        "may_see": user.has_perm("cases.view_identity", case),
        "form": form,
    }
    return render(request, "disclosure/lists.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def witnesses(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The MG9, in the answer to the POST only, so that no address shows who the people are."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    require(user, "cases.view_identity", case)
    form = WitnessListForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            file = made.witness_list(user, case, reason=data["reason"], contact=data["readers"] == "cps", kind=data["kind"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            return file_of(file, "MG9", data["kind"])
    return _page(request, user, case, form)


@login_required
@require_GET
def exhibits(request: HttpRequest, case_id: UUID, kind: str) -> HttpResponse:
    """The MG12."""
    user = signed_in(request)
    return file_of(made.exhibit_list(user, case_or_404(user, case_id), kind), "MG12", kind)
