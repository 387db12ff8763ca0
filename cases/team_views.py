"""Pages of a case's team."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.ui.request import signed_in
from cases import actions
from cases.forms import MemberForm, ReasonForm
from cases.views import refuse_unless, show_errors, visible_case


@login_required
@require_GET
def team(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who is on the case, as what, since when, and who was?"""
    user = signed_in(request)
    case = visible_case(user, case_id)
    context = {
        "case": case,
        "members": case.team.select_related("user", "added_by").order_by(F("left_at").desc(nulls_first=True), "role", "user__name"),
        "may_manage": user.has_perm("cases.manage_team", case),
    }
    return render(request, "cases/team.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_member(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Put somebody on the team."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    if request.method == "GET":
        refuse_unless(user, "cases.manage_team", case)
    form = MemberForm(case, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership = actions.add_team_member(user, case, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"{membership.user} has joined the team.")
            return redirect("cases:team", case_id=case.pk)
    context = {"case": case, "form": form, "heading": "Add somebody to the team", "button": "Add to the team", "tab": "Team"}
    return render(request, "cases/form.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def end_membership(request: HttpRequest, case_id: UUID, membership_id: UUID) -> HttpResponse:
    """Take somebody off the team, for a reason."""
    user = signed_in(request)
    case = visible_case(user, case_id)
    membership = get_object_or_404(case.team.filter(left_at=None).select_related("user"), pk=membership_id)
    if request.method == "GET":
        refuse_unless(user, "cases.manage_team", case)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_membership(user, membership, form.cleaned_data["reason"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"{membership.user} has left the team.")
            # Who left by their own hand may not see the case any more
            return redirect("cases:list") if membership.user_id == user.pk else redirect("cases:team", case_id=case.pk)
    context = {
        "case": case,
        "form": form,
        "heading": f"Take {membership.user} off the team",
        "text": f"They are {membership.get_role_display().lower()} on this case. From now on they see nothing of it in that role;"
        " what they did stays under their name.",
        "button": "Take off the team",
        "variant": "warning",
        "tab": "Team",
    }
    return render(request, "cases/form.html", context)
