"""Pages about fenced exhibits: what is closed and where each is in its route; closing one; one fence and its next step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.policy import require
from accounts.ui.paging import paginate
from accounts.ui.request import posted, signed_in
from cases.reads import looked
from cases.views import refuse_unless, show_errors
from disclosure import fence_forms as forms
from disclosure import fencing
from disclosure.models import Fence, FenceStep, Item
from disclosure.views import case_or_404
from evidence.fencing import FOR_FEW
from evidence.models import Exhibit

PAGE = 50


@login_required
@require_GET
def fenced(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What of a case is closed to the team, since when, and what is next for each?"""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    fences = Fence.objects.visible_to(user).filter(exhibit__case=case).with_step()
    page = paginate(fences.select_related("exhibit", "item__exhibit", "by"), request, ("-at", "-id"), PAGE)
    # Who sees no row of what is above the marking sees on the exhibits that they are closed
    hidden = 0 if user.has_perm("disclosure.view_sensitive", case) else case.exhibits.filter(fence__in=FOR_FEW).count()
    context = {
        "case": case,
        "tab": "Disclosure",
        "page": page,
        "others": hidden,
    }
    return render(request, "disclosure/fenced.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def raise_fence(request: HttpRequest, exhibit_id: UUID) -> HttpResponse:
    """Close an exhibit to the whole team, from its page or from the workbench."""
    user = signed_in(request)
    exhibit = get_object_or_404(Exhibit.objects.visible_to(user).select_related("case", "parent"), pk=exhibit_id)
    if request.method == "GET":
        refuse_unless(user, "disclosure.fence", exhibit)
    form = forms.FenceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            fencing.fence(user, exhibit, data["kind"], data["reason"], item=_item(request, exhibit))
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"{exhibit} is closed to the whole team. Who must act has been told.")
            return redirect(_back(request, exhibit))
    context = {
        "case": exhibit.case,
        "tab": "Exhibits",
        "exhibit": exhibit,
        "form": form,
        "children": exhibit.children.order_by("created_at"),
        "item": posted(request, "item"),
        "next": posted(request, "next"),
    }
    return render(request, "disclosure/raise_fence.html", context, status=422 if form.errors else 200)


def _item(request: HttpRequest, exhibit: Exhibit) -> Item | None:
    """The item in the workbench that gave rise to it."""
    try:
        asked = UUID(posted(request, "item"))
    except ValueError:
        return None
    return exhibit.items.filter(pk=asked).first()


def _back(request: HttpRequest, exhibit: Exhibit) -> str:
    back = posted(request, "next")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("evidence:exhibit", args=[exhibit.pk])


STEPS: dict[str, tuple[str, str, Any, Callable[..., Any]]] = {
    "instruct": ("Counsel is instructed", "Record the instruction", forms.InstructForm, fencing.instruct),
    "determine": ("Counsel has determined", "Record the determination", forms.DetermineForm, fencing.determine),
    "hand_over": ("Secure handling took it over", "Record the handover", forms.HandOverForm, fencing.hand_over),
    "clear": ("It is not above OFFICIAL-SENSITIVE", "Open it to the team again", forms.ClearForm, fencing.clear),
}
"""Each step's title, button, form and action."""
_NEXT: dict[tuple[str, str], tuple[str, ...]] = {
    ("privilege", ""): ("instruct",),
    ("privilege", "instructed"): ("determine", "instruct"),
    ("privilege", "privileged"): ("instruct",),
    ("privilege", "in_part"): ("instruct",),
    ("secret", ""): ("hand_over", "clear"),
}


@login_required
@require_http_methods(["GET", "POST"])
def fence(request: HttpRequest, fence_id: UUID) -> HttpResponse:
    """Why is it closed, who has looked at it since, and what is next?"""
    user = signed_in(request)
    found = get_object_or_404(
        Fence.objects.visible_to(user).with_step().select_related("exhibit__case", "item__exhibit", "by"), pk=fence_id
    )
    permission = "disclosure.run_fence" if found.kind == Fence.Kind.PRIVILEGE else "disclosure.run_secret_fence"
    step = posted(request, "step") if request.method == "POST" else ""
    following = _NEXT.get((found.kind, found.step), ())
    asked = {name: STEPS[name][2](request.POST if name == step else None, prefix=name) for name in following}
    if request.method == "POST":
        require(user, permission, found)
        if step not in STEPS:
            raise Http404
        if step not in asked:
            messages.error(request, f"This fence stands at “{found.standing.lower()}”: look at what is next.")
            return redirect("disclosure:fence", fence_id=found.pk)
        if asked[step].is_valid() and _take(user, found, step, asked[step]):
            messages.success(request, f"Recorded: {found.standing.lower()}.")
            return redirect("disclosure:fence", fence_id=found.pk)
    else:
        looked(user, "fence.viewed", found, found.exhibit.case)
    context = {
        "case": found.exhibit.case,
        "tab": "Disclosure",
        "fence": found,
        "route": _route(found),
        "forms": [(name, *STEPS[name][:2], form) for name, form in asked.items()],
        # Its errors are told on top of the page
        "form": asked.get(step),
        "may_act": user.has_perm(permission, found),
    }
    wrong = any(form.errors for form in asked.values())
    return render(request, "disclosure/fence.html", context, status=422 if wrong else 200)


def _take(user: User, found: Fence, step: str, form: Any) -> bool:
    try:
        STEPS[step][3](user, found, **form.cleaned_data)
    except ValidationError as error:
        show_errors(form, error)
        return False
    return True


def _route(found: Fence) -> list[dict[str, Any]]:
    """What happened to it, newest first."""
    steps = [
        {"title": step.get_kind_display(), "by": str(step.by), "at": step.at, "text": _told(step)}
        for step in found.steps.select_related("by").order_by("-id")
    ]
    return [*steps, {"title": "Closed to the team", "by": str(found.by), "at": found.at, "text": found.reason}]


def _told(step: FenceStep) -> str:
    who = ", ".join(filter(None, [step.person, step.body]))
    return ". ".join(filter(None, [f"On {step.on:%d/%m/%Y}", who, step.reason]))
