"""The pages of the portal. Whatever isn't shared with the reader's CPS area isn't found."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.ui.context import MARKING
from accounts.ui.paging import paginate
from disclosure import differences, managing_content
from evidence import reading
from evidence.drawing import PDF, page_picture
from portal import actions, acts, news
from portal.forms import FilterForm, OpenForm
from portal.models import Bundle, Document, Endorsement, LoggedEvent, Offence, Person, ReleasedCopy, Row, Schedule, SharedCase
from portal.policy import prosecutors_only

PAGES_AT_ONCE = 50
ROWS_AT_ONCE = 100


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - prosecutors_only has seen to it
    return request.user


@require_safe
@prosecutors_only
def home(request: HttpRequest) -> HttpResponse:
    """What was shared with us, and what of it is new?"""
    user = _user(request)
    form = FilterForm(request.GET)
    shared = news.shared_with(user)
    if form.is_valid() and (words := form.cleaned_data["words"]):
        shared = shared.filter(Q(crime_number__icontains=words) | Q(urn__icontains=words) | Q(operation__icontains=words))
    page = paginate(shared.prefetch_related("offences"), request, ("-has_news", "-changed_at", "-id"))
    context = {"page": page, "filter_form": form, "area": user.organisation}
    return render(request, "portal/home.html", context)


@require_safe
@prosecutors_only
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What does this case hold for us?"""
    user = _user(request)
    shared = get_object_or_404(SharedCase.objects.visible_to(user), pk=case_id)
    since = news.last_look(request, user, shared)
    actions.consult_case(user, shared)
    schedules = Schedule.objects.visible_to(user).filter(case=shared).defer("content", "statement")
    context = _frame(user, shared) | {
        "schedules": schedules,
        "copies": ReleasedCopy.objects.visible_to(user).filter(case=shared),
        "bundles": Bundle.objects.visible_to(user).filter(case=shared),
        "documents": Document.objects.visible_to(user).filter(case=shared).defer("content", "intact"),
        "since": since,
        "seen_before": news.seen_before(since),
        "tab": "overview",
    }
    return render(request, "portal/case.html", context)


@require_safe
@prosecutors_only
def case_log(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who did what with what we were given?"""
    user = _user(request)
    shared = get_object_or_404(SharedCase.objects.visible_to(user), pk=case_id)
    actions.consult_log(user, shared)
    page = paginate(LoggedEvent.objects.visible_to(user).filter(case=shared), request, ("-at", "-seq", "-id"))
    context = {"page": page, "acts": acts.named(user, shared, page.items), "tab": "log"}
    return render(request, "portal/log.html", _frame(user, shared) | context)


@require_safe
@prosecutors_only
def schedule(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """What was certified and submitted, and is it whole?"""
    user = _user(request)
    version = get_object_or_404(Schedule.objects.visible_to(user).select_related("case"), pk=schedule_id)
    actions.consult_schedule(user, version)
    shown = paginate(Row.objects.visible_to(user).filter(version=version), request, ("position",), ROWS_AT_ONCE)
    released = ReleasedCopy.objects.visible_to(user).filter(case=version.case)
    copies = {copy.exhibit_id: copy for copy in released.filter(exhibit_id__in={row.exhibit_id for row in shown.items} - {None})}
    others = list(Schedule.objects.visible_to(user).filter(schedule_id=version.schedule_id).exclude(pk=version.pk).defer("content"))
    endorsements = Endorsement.objects.visible_to(user).filter(version=version)
    said = {said.position: said for said in endorsements.filter(position__in=[row.position for row in shown.items])}
    context = _frame(user, version.case) | {
        "schedule": version,
        "certified": json.loads(version.content),
        "rows": [(row, copies.get(row.exhibit_id) if row.exhibit_id else None, said.get(row.position)) for row in shown.items],
        "page": shown,
        "endorsed": bool(said) or endorsements.exists(),
        "others": others,
        "earlier": any(other.number < version.number for other in others),
        "acts": _acts_on(user, version.case, version.pk),
    }
    if version.not_for_disclosure:
        context["marking"] = f"{MARKING} – NOT FOR DISCLOSURE"
    return render(request, "portal/schedule.html", context)


@require_safe
@prosecutors_only
def changes(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """What differs from the version that was submitted before?"""
    user = _user(request)
    versions = Schedule.objects.visible_to(user).select_related("case").defer("content")
    version = get_object_or_404(versions, pk=schedule_id)
    before = versions.filter(schedule_id=version.schedule_id, number__lt=version.number).order_by("-number").first()
    if before is None:
        raise Http404
    actions.consult_schedule(user, version)
    old, new = (list(Row.objects.visible_to(user).filter(version=one)) for one in (before, version))
    # An item keeps its number for ever
    found = differences.compare({row.position: row for row in old}, ((row.position, row) for row in new))
    context = _frame(user, version.case) | {"schedule": version, "before": before, "changes": found}
    if version.not_for_disclosure:
        context["marking"] = f"{MARKING} – NOT FOR DISCLOSURE"
    return render(request, "portal/changes.html", context)


@require_safe
@prosecutors_only
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """What does a DMD or an IMD say, what is new in it, and is it whole?"""
    user = _user(request)
    documents = Document.objects.visible_to(user).select_related("case")
    found = get_object_or_404(documents, pk=document_id)
    actions.consult_document(user, found)
    others = list(documents.filter(case=found.case, kind=found.kind).exclude(pk=found.pk))
    before = next((other for other in others if other.number == found.number - 1), None)
    said = json.loads(found.content)
    context = _frame(user, found.case) | {
        "document": found,
        "said": said,
        "before": before,
        "changed": managing_content.changed(json.loads(before.content) if before else None, said),
        "later": [other for other in others if other.number > found.number],
    }
    return render(request, "portal/document.html", context)


@require_safe
@prosecutors_only
def copy(request: HttpRequest, copy_id: UUID) -> HttpResponse:
    """What was released to us, where does it come from, and is it whole?"""
    user = _user(request)
    released = _released(user, copy_id)
    actions.consult_copy(user, released)
    return _copy_page(request, released, OpenForm())


@require_POST
@prosecutors_only
def open_copy(request: HttpRequest, copy_id: UUID) -> HttpResponse:
    """Say what for; then the file, or its page in the browser."""
    user = _user(request)
    released = _released(user, copy_id)
    form = OpenForm(request.POST)
    if form.is_valid():
        try:
            ticket = actions.open_copy(user, released, form.cleaned_data["purpose"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            inline = request.POST.get("how") == "view" and released.can_be_shown
            return redirect("portal:view" if inline else "portal:content", copy_id=released.pk, ticket_id=ticket.id)
    return _copy_page(request, released, form)


@require_safe
@prosecutors_only
def view(request: HttpRequest, copy_id: UUID, ticket_id: str) -> HttpResponse:
    """A released copy in a page: a picture, a recording, or the pages of a document."""
    user = _user(request)
    released = _released(user, copy_id)
    ticket = _ticket(user, released, ticket_id)
    if not released.can_be_shown:
        raise Http404
    context = {
        "copy": released,
        "ticket": ticket,
        "family": released.media_type.split("/")[0],
        "page_count": released.pages,
        **(_pages(request, released.pages) if released.media_type == PDF else {}),
    }
    return render(request, "portal/view.html", _frame(user, released.case) | context)


def _pages(request: HttpRequest, total: int) -> dict[str, Any]:
    """Which pages a page of ours shows: PAGES_AT_ONCE from the one asked for, so that a long document stays light."""
    asked = request.GET.get("from", "1")
    first = min(max(int(asked), 1), max(total, 1)) - 1 if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    after = min(first + PAGES_AT_ONCE, total)
    return {
        "pages": range(first, after),
        "before": max(first - PAGES_AT_ONCE, 0) + 1 if first else 0,
        "after": after + 1 if after < total else 0,
    }


@require_safe
@prosecutors_only
def content(request: HttpRequest, copy_id: UUID, ticket_id: str) -> HttpResponseBase:
    """The bytes, or a range of them, under a ticket; asked again at each range whether the copy is still released."""
    user = _user(request)
    ticket = _ticket(user, _released(user, copy_id), ticket_id)
    return reading.serve(request, ticket, inline="inline" in request.GET)


@require_safe
@prosecutors_only
def page(request: HttpRequest, copy_id: UUID, ticket_id: str, page: int) -> HttpResponseBase:
    """A page of a document, as a picture."""
    user = _user(request)
    released = _released(user, copy_id)
    ticket = _ticket(user, released, ticket_id)
    if released.media_type != PDF or page >= released.pages:
        raise Http404
    return page_picture(ticket.facts, page)


@require_safe
@prosecutors_only
def bundle(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """What is in a bundle, and how is it checked?"""
    user = _user(request)
    found = _bundle(user, bundle_id)
    actions.consult_bundle(user, found)
    return _bundle_page(request, found, OpenForm())


@require_POST
@prosecutors_only
def open_bundle(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """Say what for; then the file."""
    user = _user(request)
    found = _bundle(user, bundle_id)
    form = OpenForm(request.POST)
    if form.is_valid():
        try:
            ticket = actions.open_bundle(user, found, form.cleaned_data["purpose"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("portal:bundle_content", bundle_id=found.pk, ticket_id=ticket.id)
    return _bundle_page(request, found, form)


@require_safe
@prosecutors_only
def bundle_content(request: HttpRequest, bundle_id: UUID, ticket_id: str) -> HttpResponseBase:
    """The bytes under a ticket; asked again at each range whether the bundle is still good."""
    user = _user(request)
    found = _bundle(user, bundle_id)
    ticket = reading.ticket_of(user.pk, ticket_id)
    if ticket.facts.object_id != str(found.pk):
        raise Http404
    return reading.serve(request, ticket, inline=False)


def _bundle(user: User, bundle_id: UUID) -> Bundle:
    found: Bundle = get_object_or_404(Bundle.objects.visible_to(user).select_related("case"), pk=bundle_id)
    return found


def _bundle_page(request: HttpRequest, found: Bundle, form: OpenForm) -> HttpResponse:
    context = {"bundle": found, "form": form}
    return render(request, "portal/bundle.html", _frame(_user(request), found.case) | context)


def _released(user: User, copy_id: UUID) -> ReleasedCopy:
    copies = ReleasedCopy.objects.visible_to(user).select_related("case")
    found: ReleasedCopy = get_object_or_404(copies, pk=copy_id)
    return found


def _ticket(user: User, released: ReleasedCopy, ticket_id: str) -> reading.Ticket:
    ticket = reading.ticket_of(user.pk, ticket_id)
    if ticket.facts.object_id != str(released.pk) or not released.verified:
        raise Http404
    return ticket


def _copy_page(request: HttpRequest, released: ReleasedCopy, form: OpenForm) -> HttpResponse:
    user = _user(request)
    context = {
        "copy": released,
        "form": form if released.verified else None,
        "acts": _acts_on(user, released.case, released.pk),
    }
    return render(request, "portal/copy.html", _frame(user, released.case) | context)


def _frame(user: User, shared: SharedCase) -> dict[str, Any]:
    """What the case's bar shows."""
    return {
        "case": shared,
        "offences": list(Offence.objects.visible_to(user).filter(case=shared)),
        "people": list(Person.objects.visible_to(user).filter(case=shared)),
    }


def _acts_on(user: User, shared: SharedCase, object_id: UUID) -> list[acts.Act]:
    """The acts on one object, oldest first, without the looks of readers."""
    events = LoggedEvent.objects.visible_to(user).filter(case=shared, object_id=str(object_id)).exclude(verb__endswith=".consulted")
    return [acts.Act(event, "", "") for event in events.order_by("at", "seq", "id")]
