"""Pages of presumption material: what is proposed and to be answered, one item, and copies that the prosecutor is owed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.policy import require
from accounts.ui.forms import Form
from accounts.ui.paging import paginate
from accounts.ui.request import posted, signed_in
from cases.models import Case
from cases.reads import looked
from cases.views import show_errors
from disclosure import presumed, presumption
from disclosure.models import Item, Presumption, SuppliedCopy
from disclosure.presumption_forms import AnswerForm, SupplyForm, TakeBackForm
from disclosure.views import case_or_404, items_seen, picked

SHOWS = {"waiting": "To answer", "confirmed": "Confirmed", "declined": "Declined"}
PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def material(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What looks like presumption material, and what people have said of it."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    show = request.GET.get("show", "waiting")
    if show not in SHOWS:
        raise Http404
    form = Form(request.POST or None)
    if request.method == "POST":
        require(user, "disclosure.decide", case)
        try:
            messages.success(request, _answered(request, user, case))
            return redirect(request.get_full_path())
        except ValidationError as error:
            show_errors(form, error)
    looked(user, "presumption.viewed", case, case, show=show)
    waiting = presumed.waiting(case)
    answers = Presumption.objects.newest().filter(item__case=case)
    rows: Any = waiting if show == "waiting" else answers.filter(holds=show == "confirmed").select_related("by")
    context = {
        "case": case,
        "tab": "Disclosure",
        "show": show,
        "shows": SHOWS,
        "page": paginate(rows.select_related("item__exhibit", "category"), request, ["id"], PAGE),
        "count": waiting.count() if show == "waiting" else None,
        "form": form,
        "may_decide": user.has_perm("disclosure.decide", case),
    }
    return render(request, "disclosure/presumption.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, user: User, case: Case) -> str:
    step = posted(request, "step")
    if step == "again":
        count = presumption.look_again(user, case)
        return f"{count} new proposal{'' if count == 1 else 's'}."
    if step not in ("confirm", "decline"):
        raise Http404
    asked = [int(key) for key in request.POST.getlist("proposals")[:PAGE] if key.isascii() and key.isdigit() and len(key) < 19]
    count = presumption.answer_many(user, case, asked, holds=step == "confirm")
    return f"{count} proposal{'' if count == 1 else 's'} {'confirmed' if step == 'confirm' else 'declined'}."


@login_required
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, case_id: UUID, item_id: UUID) -> HttpResponse:
    """One item: what it was proposed as, every answer, and a further answer by hand."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    found = get_object_or_404(Item.objects.filter(case=case).select_related("exhibit"), pk=item_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        require(user, "disclosure.decide", found)
        if form.is_valid():
            data = form.cleaned_data
            try:
                presumption.answer(user, found, data["category"], holds=data["holds"] == "yes", reason=data["reason"])
            except ValidationError as error:
                show_errors(form, error)
            else:
                return redirect(_back(request, case, found))
    looked(user, "item.viewed", found, case)
    answers = found.presumptions.select_related("category", "by").order_by("-id")
    context = {
        "case": case,
        "tab": "Disclosure",
        "item": found,
        "presumption": presumed.of_item(found),
        "history": [_told(answer) for answer in answers],
        "form": form,
        "may_decide": user.has_perm("disclosure.decide", case),
        "answered_to": request.path,
    }
    return render(request, "disclosure/presumption_item.html", context, status=422 if form.errors else 200)


def _told(answer: Presumption) -> dict[str, Any]:
    title = f"{'Confirmed' if answer.holds else 'Declined'}: {answer.category.title}"
    return {"title": title, "by": str(answer.by), "at": answer.at, "text": answer.reason}


def _back(request: HttpRequest, case: Case, found: Item) -> str:
    """To the review where that is where the answer was given."""
    asked = posted(request, "next")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/"):
        return asked
    return reverse("disclosure:presumption_item", kwargs={"case_id": case.pk, "item_id": found.pk})


@login_required
@require_http_methods(["GET", "POST"])
def copies(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Which copies is the prosecutor owed, and which were supplied, to whom and when?"""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    step = posted(request, "step") if request.method == "POST" else ""
    supply = SupplyForm(request.POST if step == "supply" else None)
    back = TakeBackForm(request.POST if step == "take_back" else None)
    form: Any = back if step == "take_back" else supply
    if request.method == "POST":
        require(user, "disclosure.transcribe", case)
        if form.is_valid():
            try:
                messages.success(request, _moved(request, user, case, step, form))
                return redirect("disclosure:copies", case_id=case.pk)
            except ValidationError as error:
                show_errors(form, error)
    looked(user, "copies.viewed", case, case)
    items = items_seen(user, case)
    owed = presumed.owed(items)
    page = paginate(
        SuppliedCopy.objects.standing().filter(item__in=items).select_related("item__exhibit", "by"), request, ["-id"], PAGE
    )
    context = {
        "case": case,
        "tab": "Disclosure",
        "owed": presumed.with_reasons(owed.select_related("exhibit").order_by("created_at", "id")[:PAGE]),
        "owed_count": owed.count(),
        "ticked": picked(request) if step == "supply" else [],
        "page": page,
        "supply": supply,
        "back": back,
        "form": form,
        "may_write": user.has_perm("disclosure.transcribe", case),
    }
    return render(request, "disclosure/copies.html", context, status=422 if form.errors else 200)


def _moved(request: HttpRequest, user: User, case: Case, step: str, form: Any) -> str:
    if step == "supply":
        count = presumption.supply(user, case, picked(request), **form.cleaned_data)
        return f"{count} cop{'y' if count == 1 else 'ies'} recorded as supplied."
    if step != "take_back":
        raise Http404
    found = picked(request)
    item = get_object_or_404(Item.objects.filter(case=case).select_related("exhibit"), pk=found[0] if found else None)
    presumption.take_back(user, item, form.cleaned_data["reason"])
    return f"The entry is taken back: a copy of {item.exhibit.reference} is owed again."
