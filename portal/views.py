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
from accounts.ui.paging import paginate
from accounts.ui.request import signed_in
from disclosure import managing_content
from evidence import reading
from evidence.drawing import PDF, page_picture
from portal import actions, acts, frame, news
from portal.forms import FilterForm, OpenForm
from portal.models import Bundle, Document, LoggedEvent, ReleasedCopy, Schedule, SharedCase
from portal.policy import prosecutors_only

PAGES_AT_ONCE = 50


@require_safe
@prosecutors_only
def home(request: HttpRequest) -> HttpResponse:
    """What was shared with us, and what of it is new?"""
    user = signed_in(request)
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
    user = signed_in(request)
    shared = get_object_or_404(SharedCase.objects.visible_to(user), pk=case_id)
    since = news.last_look(request, user, shared)
    actions.consult_case(user, shared)
    schedules = Schedule.objects.visible_to(user).filter(case=shared).defer("statement")
    context = frame.of_case(user, shared) | {
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
    user = signed_in(request)
    shared = get_object_or_404(SharedCase.objects.visible_to(user), pk=case_id)
    actions.consult_log(user, shared)
    page = paginate(LoggedEvent.objects.visible_to(user).filter(case=shared), request, ("-at", "-seq", "-id"))
    context = {"page": page, "acts": acts.named(user, shared, page.items), "tab": "log"}
    return render(request, "portal/log.html", frame.of_case(user, shared) | context)


@require_safe
@prosecutors_only
def document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """What does a DMD or an IMD say, what is new in it, and is it whole?"""
    user = signed_in(request)
    documents = Document.objects.visible_to(user).select_related("case")
    found = get_object_or_404(documents, pk=document_id)
    actions.consult_document(user, found)
    others = list(documents.filter(case=found.case, kind=found.kind).exclude(pk=found.pk))
    before = next((other for other in others if other.number == found.number - 1), None)
    said = json.loads(found.content)
    context = frame.of_case(user, found.case) | {
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
    user = signed_in(request)
    released = _released(user, copy_id)
    actions.consult_copy(user, released)
    return _copy_page(request, released, OpenForm())


@require_POST
@prosecutors_only
def open_copy(request: HttpRequest, copy_id: UUID) -> HttpResponse:
    """Say what for; then the file, or its page in the browser."""
    user = signed_in(request)
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
    user = signed_in(request)
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
    return render(request, "portal/view.html", frame.of_case(user, released.case) | context)


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
    user = signed_in(request)
    ticket = _ticket(user, _released(user, copy_id), ticket_id)
    return reading.serve(request, ticket, inline="inline" in request.GET)


@require_safe
@prosecutors_only
def page(request: HttpRequest, copy_id: UUID, ticket_id: str, page: int) -> HttpResponseBase:
    """A page of a document, as a picture."""
    user = signed_in(request)
    released = _released(user, copy_id)
    ticket = _ticket(user, released, ticket_id)
    if released.media_type != PDF or page >= released.pages:
        raise Http404
    return page_picture(ticket.facts, page)


@require_safe
@prosecutors_only
def bundle(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """What is in a bundle, and how is it checked?"""
    user = signed_in(request)
    found = _bundle(user, bundle_id)
    actions.consult_bundle(user, found)
    return _bundle_page(request, found, OpenForm())


@require_POST
@prosecutors_only
def open_bundle(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """Say what for; then the file."""
    user = signed_in(request)
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
    user = signed_in(request)
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
    return render(request, "portal/bundle.html", frame.of_case(signed_in(request), found.case) | context)


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
    user = signed_in(request)
    context = {
        "copy": released,
        "form": form if released.verified else None,
        "acts": acts.on(user, released.case, released.pk),
    }
    return render(request, "portal/copy.html", frame.of_case(user, released.case) | context)
