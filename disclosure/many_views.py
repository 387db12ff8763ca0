"""The page of many items at once: one decision for those that are ticked, or a person to decide about them."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.policy import require
from accounts.ui.request import posted, signed_in
from cases.models import Case
from cases.views import show_errors
from disclosure import actions, assigning, forms
from disclosure.models import Item, ItemQuerySet
from disclosure.views import PAGE, after_key, case_or_404, picked

FILTERS = ("kind", "words", "who")


@login_required
@require_http_methods(["GET", "POST"])
def many(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Items to decide, a hundred at a time: tick those that come to the same, and decide about them or give them to somebody."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    require(user, "disclosure.decide", case)
    people = assigning.officers(case)
    asked = {name: request.GET.get(name, "")[:100].replace("\0", "") for name in FILTERS}
    items = _filtered(case, asked)
    step = posted(request, "step") if request.method == "POST" else ""
    giving = step in ("assign", "assign_all")
    form = forms.ManyForm(request.POST if request.method == "POST" and not giving else None)
    assign_form = forms.AssignForm(people, request.POST if giving else None)
    wrong: Any = assign_form if giving else form
    if request.method == "POST" and wrong.is_valid():
        try:
            if giving:
                done = _give(user, case, picked(request) if step == "assign" else _ids(items), assign_form)
            else:
                count = actions.decide_many(user, case, picked(request), **form.decision())
                done = f"{count} item{'' if count == 1 else 's'} decided. Each can be changed in the review."
        except ValidationError as error:
            show_errors(wrong, error)
        else:
            messages.success(request, done)
            return redirect(request.get_full_path())
    ordered = after_key(items, request.GET.get("after")).select_related("exhibit", "assigned_to").order_by("created_at", "id")
    shown = list(ordered[: PAGE + 1])
    following = {"after": str(shown[PAGE - 1].pk)} if len(shown) > PAGE else {}
    context = {
        "case": case,
        "tab": "Disclosure",
        "form": form,
        "assign_form": assign_form,
        "items": shown[:PAGE],
        "more": f"?{urlencode(asked | following)}" if following else "",
        "filter": forms.ManyFilter(people, request.GET or None),
        "may_assign": user.has_perm("disclosure.assign", case),
    }
    return render(request, "disclosure/many.html", context, status=422 if wrong.errors else 200)


def _filtered(case: Case, asked: dict[str, str]) -> ItemQuerySet:
    """Items still to be decided that the filter finds."""
    items = Item.objects.begun_for(case).in_limbo().open_to_review()
    if asked["kind"]:
        items = items.filter(exhibit__kind=asked["kind"])
    if asked["words"]:
        items = items.filter(exhibit__description__icontains=asked["words"])
    if asked["who"] == "nobody":
        return items.filter(assigned_to=None)
    try:
        return items.filter(assigned_to=UUID(asked["who"])) if asked["who"] else items
    except ValueError:
        return items.none()


def _ids(items: ItemQuerySet) -> list[UUID]:
    return list(items.order_by("created_at", "id").values_list("pk", flat=True)[: assigning.MOST])


def _give(user: User, case: Case, items: list[UUID], form: forms.AssignForm) -> str:
    to = form.cleaned_data["to"]
    count = assigning.assign(user, case, items, to)
    return f"{count} item{'' if count == 1 else 's'} {f'given to {to}' if to else 'given back: nobody has them'}."
