"""Pages of the people in a case, and of who they are."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.ui.request import signed_in
from cases import actions, reads
from cases.forms import IdentityForm, PersonForm, ReasonForm
from cases.identity import Identity
from cases.models import Case, Person, PersonIdentity
from cases.views import refuse_unless, show_errors, visible_case


@login_required
@require_GET
def people(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who is in the case, under the names that the team may see?"""
    user = signed_in(request)
    case = visible_case(user, case_id)
    reads.looked(user, "people.viewed", case, case)
    context = {
        "case": case,
        "people": case.people.all(),
        "known": set(PersonIdentity.objects.filter(person__case=case).values_list("person_id", flat=True)),
        "may_add": user.has_perm("cases.add_person", case),
        "may_see": user.has_perm("cases.view_identity", case),
    }
    return render(request, "cases/people.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Add a person, and who they are as far as it is known."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    if request.method == "GET":
        refuse_unless(user, "cases.add_person", case)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = _add(user, case, form)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"{person.label} has been added.")
            return redirect("cases:people", case_id=case.pk)
    context = {"case": case, "form": form, "next_complainant": actions.next_complainant(case), "tab": "People"}
    return render(request, "cases/new_person.html", context)


def _add(user: User, case: Case, form: PersonForm) -> Person:
    kind, label = form.cleaned_data["kind"], form.cleaned_data["label"]
    if kind == Person.Kind.COMPLAINANT:
        label = label or actions.next_complainant(case)
    identity = form.identity()
    return actions.add_person(user, case, kind=kind, label=label, identity=identity if any(identity.values()) else None)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, case_id: UUID, person_id: UUID) -> HttpResponse:
    """Ask why, record it, then show who the person is: in the answer to the POST only, so that no address shows it."""
    user = signed_in(request)
    case, person = _person(user, case_id, person_id)
    if request.method == "GET":
        refuse_unless(user, "cases.view_identity", case)
    form = ReasonForm(request.POST or None)
    shown: Identity | None = None
    if request.method == "POST" and form.is_valid():
        try:
            shown = actions.view_identity(user, person, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            show_errors(form, error)
    context = {"case": case, "person": person, "form": form, "tab": "People"}
    if shown is None:
        return render(request, "cases/identity_reason.html", context)
    edit = IdentityForm(initial=IdentityForm.initial_of(shown))
    return render(request, "cases/identity.html", context | {"form": edit, "nothing": not shown})


@login_required
@never_cache
@require_http_methods(["POST"])
def record_identity(request: HttpRequest, case_id: UUID, person_id: UUID) -> HttpResponse:
    """Write down who the person is."""
    user = signed_in(request)
    case, person = _person(user, case_id, person_id)
    form = IdentityForm(request.POST)
    if form.is_valid():
        try:
            actions.record_identity(user, person, form.identity())
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"The identity of {person.label} has been recorded.")
            return redirect("cases:people", case_id=case.pk)
    return render(request, "cases/identity.html", {"case": case, "person": person, "form": form, "tab": "People"})


def _person(user: User, case_id: UUID, person_id: UUID) -> tuple[Case, Person]:
    case = visible_case(user, case_id)
    return case, get_object_or_404(case.people, pk=person_id)
