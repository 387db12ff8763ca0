"""Pages of the IMD and the DMD: what stands in the next version, writing in it, issuing it, and what became of a version."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.policy import require
from accounts.ui.request import signed_in
from cases.models import Case
from cases.reads import looked
from cases.views import show_errors
from disclosure import managing, managing_devices
from disclosure import managing_content as sections
from disclosure.forms import SectionForm, ServiceForm
from disclosure.models import ManagementDocument, ManagementEntry
from disclosure.schedule_views import file_of
from disclosure.signing import require_fresh_sign_in
from disclosure.views import case_or_404

Kind = ManagementDocument.Kind


def _case(request: HttpRequest, case_id: UUID, kind: str) -> tuple[User, Case]:
    user = signed_in(request)
    case = case_or_404(user, case_id)
    if kind not in Kind.values:
        raise Http404
    return user, case


@login_required
@require_GET
def document(request: HttpRequest, case_id: UUID, kind: str) -> HttpResponse:
    """What would the next version say, what is still to be written, and which versions are there?"""
    user, case = _case(request, case_id, kind)
    looked(user, "management.viewed", case, case, kind=kind)
    versions = ManagementDocument.objects.filter(case=case, kind=kind).defer("content").select_related("by")
    context = {
        "case": case,
        "tab": "Disclosure",
        "kind": kind,
        "name": Kind(kind).label,
        "sections": [(one, [(part, part.lines(one.section)) for part in one.parts]) for one in sections.filled(case, kind)],
        "versions": versions,
        "may_write": user.has_perm("disclosure.draft_schedule", case),
        "may_issue": user.has_perm("disclosure.certify", case),
    }
    return render(request, "disclosure/managing.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, case_id: UUID, kind: str, key: str) -> HttpResponse:
    """Write in a section, or in one entry of it."""
    user, case = _case(request, case_id, kind)
    require(user, "disclosure.draft_schedule", case)
    asked = _uuid(request.GET.get("entry"))
    try:
        found = managing.section_of(kind, key)
        thread = managing.thread_of(case, found, asked)
    except ValidationError as error:
        raise Http404 from error
    last = ManagementEntry.objects.filter(case=case, section=key, thread=thread).select_related("by").order_by("-id").first()
    part = _part(case, found, thread)
    form = SectionForm(found, request.POST or None, initial=last.values if last else _begun(case, found, thread))
    for name in part.answered:
        del form.fields[name]
    if request.method == "POST" and form.is_valid():
        withdraw = "withdraw" in request.POST
        try:
            managing.write(user, case, kind, key, form.cleaned_data, thread=asked, withdraw=withdraw)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"{found.title}: {'the entry is taken out' if withdraw else 'saved'}.")
            return redirect("disclosure:managing", case_id=case.pk, kind=kind)
    context = {
        "case": case,
        "tab": "Disclosure",
        "kind": kind,
        "section": found,
        "facts": part.facts,
        "form": form,
        "last": last,
        "may_withdraw": found.many and last is not None,
    }
    return render(request, "disclosure/managing_section.html", context, status=422 if form.errors else 200)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _begun(case: Case, found: sections.Section, thread: UUID) -> dict[str, str]:
    """What the case offers for an entry that nobody has written: a device may be its owner's whom it concerns."""
    if not found.of_devices:
        return {}
    subject = managing_devices.devices(case).get(pk=thread).subject
    return {"owner": subject.label} if subject and subject.kind in managing_devices.NAMED else {}


def _part(case: Case, found: sections.Section, thread: UUID) -> sections.Part:
    """What the case knows of the entry that is being written, and what of it nobody need write."""
    if not found.of_devices:
        return sections.Part(thread, found.facts(case))
    return sections.device_parts(case, managing_devices.devices(case).filter(pk=thread), {})[0]


@login_required
@require_POST
def issue(request: HttpRequest, case_id: UUID, kind: str) -> HttpResponse:
    """Freeze the next version."""
    user, case = _case(request, case_id, kind)
    require(user, "disclosure.certify", case)
    require_fresh_sign_in(request)
    try:
        made = managing.issue(user, case, kind)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect("disclosure:managing", case_id=case.pk, kind=kind)
    messages.success(request, f"{made} is issued.")
    return redirect("disclosure:managing_version", case_id=case.pk, kind=kind, number=made.number)


def _version(request: HttpRequest, case_id: UUID, kind: str, number: int) -> tuple[User, ManagementDocument]:
    user = signed_in(request)
    documents = ManagementDocument.objects.visible_to(user).select_related("case", "by")
    return user, get_object_or_404(documents, case_id=case_id, kind=kind, number=number)


@login_required
@require_http_methods(["GET", "POST"])
def version(request: HttpRequest, case_id: UUID, kind: str, number: int) -> HttpResponse:
    """What a version says, what is new in it, and what became of it."""
    user, found = _version(request, case_id, kind, number)
    form = ServiceForm(request.POST or None)
    if request.method == "POST":
        require(user, "disclosure.transcribe", found.case)
        if form.is_valid():
            try:
                managing.serve(user, found, **form.cleaned_data)
            except ValidationError as error:
                show_errors(form, error)
            else:
                messages.success(request, "It is recorded.")
                return redirect("disclosure:managing_version", case_id=case_id, kind=kind, number=number)
    looked(user, "management.viewed", found, found.case)
    said = json.loads(found.content)
    before = ManagementDocument.objects.filter(case_id=case_id, kind=kind, number=number - 1).first()
    context: dict[str, Any] = {
        "case": found.case,
        "tab": "Disclosure",
        "kind": kind,
        "name": found.get_kind_display(),
        "document": found,
        "said": said,
        "before": before,
        "changed": sections.changed(json.loads(before.content) if before else None, said),
        "services": found.services.select_related("by"),
        "form": form,
        "may_serve": kind == Kind.DMD and user.has_perm("disclosure.transcribe", found.case),
    }
    return render(request, "disclosure/managing_version.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def form(request: HttpRequest, case_id: UUID, kind: str, number: int, to: str) -> HttpResponse:
    """A version as a file."""
    user, found = _version(request, case_id, kind, number)
    return file_of(managing.take(user, found, to), f"{found.kind}-v{found.number}", to)
