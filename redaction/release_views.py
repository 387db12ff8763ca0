"""Pages of one release: what will be burnt in, approval, the leak check, and letting it go or taking it back."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.ui.request import signed_in
from audit.models import Event
from cases.progress import row_of
from cases.views import refuse_unless, show_errors
from evidence import fencing
from jobs.models import Job
from redaction import actions, differences, frames, remarks, sampling, summary, turns, withdrawing
from redaction.forms import ReasonForm
from redaction.models import OVER, Release, ReleaseState
from redaction.triggers import TRANSITIONS
from redaction.views import is_htmx, load_anew

State = ReleaseState.State


def release_or_404(request: HttpRequest, document_id: UUID, release_id: UUID) -> Release:
    """The release, with its document, case and exhibit."""
    found = Release.objects.visible_to(signed_in(request)).with_state()
    chosen = found.select_related("document__case__cps_area", "document__exhibit", "document__source", "asked_by")
    return get_object_or_404(chosen, pk=release_id, document=document_id)


def _to(release: Release) -> HttpResponse:
    return redirect("redaction:release", document_id=release.document_id, release_id=release.pk)


def frame(release: Release) -> dict[str, Any]:
    """What every page of a release needs."""
    document = release.document
    return {
        "case": document.case,
        "tab": "Redaction",
        "document": document,
        "exhibit": document.exhibit,
        "release": release,
        "to": _to_whom(release),
        "fence": fencing.words(release.exhibit.fence),
    }


def _to_whom(release: Release) -> str:
    if release.audience == "cps":
        area = release.document.case.cps_area
        return str(area) if area else "the CPS (the case is not shared with a CPS area yet)"
    return f"the {release.get_audience_display().lower()}"


@login_required
@require_GET
def show(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """Where a release stands, and what can be done to it."""
    user = signed_in(request)
    found = release_or_404(request, document_id, release_id)
    if is_htmx(request):
        return load_anew()
    state = found.state
    job = Job.objects.filter(object_id=found.pk).order_by("-created_at").first()
    context = frame(found) | {
        "state": summary.label(state),
        "colour": summary.COLOURS[state],
        "job": row_of(job) if job and job.is_active else None,
        "blob": actions.output_of(found),
        "check": found.leak_checks.order_by("-id").first(),
        "categories": frames.by_category(found.document),
        "people": User.objects.filter(pk__in=found.document.deciders()),
        "timeline": _timeline(found),
        "may": _steps(user, found),
        "since": remarks.changed_since(found),
        "threads": _threads(found),
        "sample": sampling.entries(found),
    }
    if found.state not in OVER:
        turn = turns.standing(found)
        context |= {"turn": turn, "may": context["may"] | turns.may(user, found, turn)}
    return render(request, "redaction/release.html", context)


def _threads(release: Release) -> list[remarks.Thread]:
    """The approver's remarks on it, with their answers; none while its exhibit is fenced, since they show its words."""
    if release.exhibit.fence:
        return []
    return [thread for thread in remarks.threads(release.document) if thread.remark.release_id == release.pk]


def _timeline(release: Release) -> list[dict[str, Any]]:
    return [
        {"title": entry.get_state_display(), "by": str(entry.by) if entry.by else "", "at": entry.at, "text": entry.reason}
        for entry in release.states.select_related("by").order_by("-id")
    ]


def _steps(user: User, release: Release) -> dict[str, bool]:
    """Which steps this person may take now."""
    following = TRANSITIONS[release.state]
    independent = user.pk not in release.document.deciders()
    return {
        "ask": State.SENT_FOR_APPROVAL in following and user.has_perm("redaction.decide", release),
        "approve": State.APPROVED in following and independent and user.has_perm("redaction.approve", release),
        "send_back": State.SENT_BACK in following and user.has_perm("redaction.approve", release),
        "release": State.RELEASED in following and independent and user.has_perm("redaction.release", release),
        "recall": State.RECALLED in following and user.has_perm("redaction.recall", release),
        "withdraw": State.WITHDRAWN in following and user.has_perm("redaction.withdraw", release),
    }


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def approve(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """Say what will be burnt in and who decided it; then approve it."""
    user = signed_in(request)
    found = release_or_404(request, document_id, release_id)
    if request.method == "GET":
        refuse_unless(user, "redaction.approve", found)
    else:
        try:
            actions.approve(user, found)
        except ValidationError as error:
            return _cannot(request, found, error)
        messages.success(request, "Approved. A worker burns it in and checks it for leaks.")
        return _to(found)
    if State.APPROVED not in TRANSITIONS[found.state]:
        messages.error(request, "This release is not waiting for approval.")
        return _to(found)
    context = frame(found) | {
        "categories": frames.by_category(found.document),
        "people": User.objects.filter(pk__in=found.document.deciders()),
        "pages": frames.page_list(found.document),
        "since": remarks.changed_since(found),
        "threads": _threads(found),
        "sample": sampling.entries(found),
        "difference": differences.between(found),
    }
    context["to_read"] = [entry for entry in context["sample"] if entry.read is None]
    return render(request, "redaction/approve.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def release(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """Say what goes to whom, with its hash and leak check; then let it go."""
    user = signed_in(request)
    found = release_or_404(request, document_id, release_id)
    if request.method == "GET":
        refuse_unless(user, "redaction.release", found)
    else:
        try:
            actions.release(user, found)
        except ValidationError as error:
            return _cannot(request, found, error)
        return redirect("redaction:receipt", document_id=document_id, release_id=found.pk)
    if State.RELEASED not in TRANSITIONS[found.state]:
        messages.error(request, "This release has not passed its leak check.")
        return _to(found)
    context = frame(found) | {"blob": actions.output_of(found), "check": found.leak_checks.order_by("-id").first()}
    return render(request, "redaction/confirm_release.html", context)


@login_required
@require_GET
def receipt(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """The event that says a copy was released."""
    found = release_or_404(request, document_id, release_id)
    event = Event.objects.about("release", found.pk).filter(verb="redaction.released").newest_first().first()
    if event is None:
        return _to(found)
    context = frame(found) | {"event": event, "blob": actions.output_of(found)}
    return render(request, "redaction/receipt.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """Back to the redactors, with what must be changed."""
    words = ("Send the redaction back", "What must be changed?", "Send back", "It is back with the redactors.")
    return _with_reason(request, release_or_404(request, document_id, release_id), "approve", actions.send_back, words)


@login_required
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """Take a released copy back."""
    words = ("Recall the released copy", "Why is it recalled?", "Recall", "The copy is recalled: its audience no longer sees it.")
    return _with_reason(request, release_or_404(request, document_id, release_id), "recall", actions.recall, words)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """Give up a copy that is not wanted any more."""
    words = ("Withdraw the copy that was asked for", "Why is it not wanted?", "Withdraw", "The copy is withdrawn.")
    return _with_reason(request, release_or_404(request, document_id, release_id), "withdraw", withdrawing.withdraw, words)


def _with_reason(request: HttpRequest, found: Release, permission: str, act: Any, words: tuple[str, str, str, str]) -> HttpResponse:
    user = signed_in(request)
    heading, label, button, done = words
    if request.method == "GET":
        refuse_unless(user, f"redaction.{permission}", found)
    form = ReasonForm(request.POST if request.method == "POST" else None, label=label)
    if request.method == "POST" and form.is_valid():
        try:
            act(user, found, form.cleaned_data["reason"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, done)
            return _to(found)
    context = frame(found) | {"form": form, "heading": heading, "button": button, "sends_back": act is actions.send_back}
    if act is actions.send_back:
        context["threads"] = [thread for thread in _threads(found) if not thread.settled]
    return render(request, "redaction/reason.html", context, status=422 if form.errors else 200)


def _cannot(request: HttpRequest, found: Release, error: ValidationError) -> HttpResponse:
    for message in error.messages:
        messages.error(request, message)
    return _to(found)
