"""Pages of blocks: which there are, the choice of many similar items to list as one row, and one block with its items."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.policy import require
from accounts.ui.paging import paginate
from accounts.ui.request import posted, signed_in
from cases.models import Case
from cases.reads import looked
from cases.views import show_errors
from disclosure import blocks, manifests
from disclosure.block_forms import BlockFilter, BlockForm
from disclosure.models import Block, Item, ItemQuerySet, VersionState
from disclosure.views import PAGE, after_key, case_or_404, picked


@login_required
@require_GET
def blocks_of(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Which blocks of items there are, and where each is listed."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    seen = Block.objects.visible_to(user).filter(case=case).select_related("case")
    page = paginate(seen, request, ["at", "id"], PAGE)
    facts = manifests.facts_of(page.items)
    context = {
        "case": case,
        "tab": "Disclosure",
        "page": page,
        "blocks": [(one, facts.get(one.pk, "")) for one in page.items],
        "may_make": user.has_perm("disclosure.draft_schedule", case),
    }
    return render(request, "disclosure/blocks.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Items that can be listed together, a hundred at a time: tick them, or take all that the filter finds."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    require(user, "disclosure.draft_schedule", case)
    asked = {name: request.GET.get(name, "")[:100].replace("\0", "") for name in BlockFilter.base_fields}
    items = _filtered(case, asked)
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        every = posted(request, "step") == "all"
        try:
            made = blocks.make(user, case, _all(items) if every else picked(request), **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            kind = "MG6D" if made.is_sensitive else "MG6C"
            messages.success(request, f"The block is made. The {kind} lists it as soon as its draft is brought up to date.")
            return redirect("disclosure:block", case_id=case.pk, block_id=made.pk)
    shown = list(after_key(items, request.GET.get("after")).select_related("exhibit").order_by("created_at", "id")[: PAGE + 1])
    following = {"after": str(shown[PAGE - 1].pk)} if len(shown) > PAGE else {}
    context = {
        "case": case,
        "tab": "Disclosure",
        "form": form,
        "items": shown[:PAGE],
        "count": items.count(),
        "ticked": set(request.POST.getlist("items")),
        "more": f"?{urlencode(asked | following)}" if following else "",
        "filter": BlockFilter(request.GET or None),
    }
    return render(request, "disclosure/new_block.html", context, status=422 if form.errors else 200)


def _filtered(case: Case, asked: dict[str, str]) -> ItemQuerySet:
    """Items that a block of this sensitivity can be made of, as far as the filter finds them."""
    sensitive = asked["sensitivity"] == Item.Sensitivity.SENSITIVE
    items = blocks.choosable(case).belonging_on("MG6D" if sensitive else "MG6C")
    if asked["kind"]:
        items = items.filter(exhibit__kind=asked["kind"])
    return items.filter(exhibit__description__icontains=asked["words"]) if asked["words"] else items


def _all(items: ItemQuerySet) -> list[UUID]:
    # One more than can be: so that too many are told of, not left out
    return list(items.order_by("created_at", "id").values_list("pk", flat=True)[: blocks.MOST + 1])


@login_required
@require_http_methods(["GET", "POST"])
def block(request: HttpRequest, case_id: UUID, block_id: UUID) -> HttpResponse:
    """One block: its words, its items, and what of it can still be changed."""
    user = signed_in(request)
    case = case_or_404(user, case_id)
    found = get_object_or_404(Block.objects.visible_to(user).select_related("case", "by"), pk=block_id, case=case)
    step = posted(request, "step") if request.method == "POST" else ""
    initial = {name: getattr(found, name) for name in BlockForm.base_fields}
    form = BlockForm(request.POST if step == "words" else None, initial=initial)
    if request.method == "POST":
        require(user, "disclosure.draft_schedule", found)
        if step not in ("words", "take_out", "dissolve"):
            raise Http404
        if step != "words" or form.is_valid():
            try:
                messages.success(request, _done(request, user, found, step, form))
            except ValidationError as error:
                if step == "words":
                    show_errors(form, error)
                else:
                    _tell(request, error)
                    return redirect("disclosure:block", case_id=case.pk, block_id=found.pk)
            else:
                return redirect("disclosure:block", case_id=case.pk, block_id=found.pk)
    looked(user, "block.viewed", found, case)
    page = paginate(found.places.standing().select_related("item__exhibit"), request, ["id"], PAGE)
    row = blocks.newest_row(found)
    version = row.version if row is not None else None
    context: dict[str, Any] = {
        "case": case,
        "tab": "Disclosure",
        "listing": found,
        "facts": manifests.facts_of([found]).get(found.pk, ""),
        "page": page,
        "must_leave": blocks.must_leave(found.places.standing()),
        "row": row,
        "version": version,
        "form": form,
        "may_change": user.has_perm("disclosure.draft_schedule", found)
        and bool(page.items)
        and (version is None or version.state == VersionState.State.DRAFT),
    }
    return render(request, "disclosure/block.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, user: User, block: Block, step: str, form: BlockForm) -> str:
    """Do one step; what to say when it is done."""
    if step == "words":
        blocks.change_words(user, block, **form.cleaned_data)
        return "The words of the block are saved."
    if step == "take_out":
        count = blocks.take_out(user, block, picked(request))
        return (
            f"{count} item{'' if count == 1 else 's'} taken out: bring the draft up to date, to list what is taken out by itself."
        )
    blocks.dissolve(user, block)
    return "The block is dissolved: bring the draft up to date, to list its items one by one."


def _tell(request: HttpRequest, error: ValidationError) -> None:
    for message in error.messages:
        messages.error(request, message)
