"""Pages of a case: the list, the overview, what is known of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Role, User
from accounts.policy import require
from accounts.ui.paging import paginate
from accounts.ui.request import signed_in
from audit.actions import acting
from cases import actions, lists, reads, work
from cases.forms import CaseForm, ChangeCaseForm, FilterForm, OffenceForm, ShareForm
from cases.models import Case

SIZE = 50


def visible_case(user: Any, case_id: UUID) -> Case:
    """The case, for somebody on its team; not found for anybody else."""
    case: Case = get_object_or_404(Case.objects.visible_to(user).select_related("organisation", "cps_area"), pk=case_id)
    return case


def refuse_unless(user: User, permission: str, obj: Any = None) -> None:
    """Show a form only to who may use it; a refusal is recorded like one of the action itself."""
    with acting():
        require(user, permission, obj)


def show_errors(form: Any, error: ValidationError) -> None:
    """Put what an action refused at the fields it is about."""
    named = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for field, texts in named.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, text)


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """My work: what must I do today, in which order, and what has changed?"""
    user = signed_in(request)
    items = work.items_for(user)
    context = {
        "items": items,
        "late": sum(item.is_late for item in items),
        "news": user.notifications.filter(read_at=None)[:10],
        "cases": Case.objects.visible_to(user).count(),
        "audits": user.holds(Role.AUDITOR),
    }
    return render(request, "cases/home.html", context)


@login_required
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """Which cases are mine, in which state, what is late?"""
    user = signed_in(request)
    form = FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    cases = lists.visible(user, **chosen)
    page = paginate(lists.with_facts(cases, user), request, ("-created_at", "-id"), SIZE)
    count = cases.count()
    if chosen.get("words"):
        reads.searched(user, chosen["words"], count)
    context = {
        "filter_form": form,
        "filtered": any(chosen.values()),
        "count": count,
        "rows": lists.rows(list(page.items), user),
        "page": page,
        "may_add": user.has_perm("cases.add_case"),
    }
    return render(request, "cases/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_case(request: HttpRequest) -> HttpResponse:
    """Open a case."""
    user = signed_in(request)
    if request.method == "GET":
        refuse_unless(user, "cases.add_case")
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.create_case(user, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"{case} has been opened. Add the people in it, then its team.")
            return redirect("cases:case", case_id=case.pk)
    return render(request, "cases/new.html", {"form": form})


@login_required
@require_GET
def overview(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Where does this case stand, what blocks it, who is on it, what is due?"""
    user = signed_in(request)
    case = visible_case(user, case_id)
    reads.looked(user, "case.viewed", case, case)
    items = [item for item in work.items_for(user) if item.case_id == case.pk]
    context = {
        "case": case,
        "cards": work.cards_for(user, case),
        "items": items,
        "blocks": [item for item in items if item.blocks],
        "offences": case.offences.select_related("code"),
        "team": case.team.filter(left_at=None).select_related("user").order_by("role", "user__name"),
        "people": case.people.all(),
        "may_change": user.has_perm("cases.change_case", case),
        "may_share": user.has_perm("cases.share_with_cps", case),
        "may_manage": user.has_perm("cases.manage_team", case),
    }
    return render(request, "cases/overview.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Change the operation's name, the URN or the state."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    if request.method == "GET":
        refuse_unless(user, "cases.change_case", case)
    form = ChangeCaseForm(case, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_case(user, case, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "The case has been changed.")
            return redirect("cases:case", case_id=case.pk)
    context = {"case": case, "form": form, "heading": "Change the case", "button": "Save", "tab": "Overview"}
    return render(request, "cases/form.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add_offence(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Add an offence under investigation."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    if request.method == "GET":
        refuse_unless(user, "cases.change_case", case)
    form = OffenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_offence(user, case, form.cleaned_data["code"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "The offence has been added.")
            return redirect("cases:case", case_id=case.pk)
    context = {"case": case, "form": form, "heading": "Add an offence", "button": "Add offence", "tab": "Overview"}
    return render(request, "cases/form.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Open the case to the prosecutors of a CPS area."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    if request.method == "GET":
        refuse_unless(user, "cases.share_with_cps", case)
    form = ShareForm(request.POST or None, initial={"cps_area": case.cps_area})
    if request.method == "POST" and form.is_valid():
        try:
            actions.share_with_cps(user, case, form.cleaned_data["cps_area"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"The case is shared with {form.cleaned_data['cps_area']}.")
            return redirect("cases:case", case_id=case.pk)
    context = {
        "case": case,
        "form": form,
        "heading": "Share the case with the CPS",
        "text": "Prosecutors of the area see submitted schedules and released copies, with their proof. They see nothing else, and"
        " no complainant’s identity.",
        "button": "Share case",
        "tab": "Overview",
    }
    return render(request, "cases/form.html", context)
