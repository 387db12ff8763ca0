"""Pages of the queue: what waits for whom across one's cases, who has it, and until when."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.ui.paging import paginate
from accounts.ui.request import posted, signed_in
from cases.views import refuse_unless, show_errors
from redaction import queue, summary, turns
from redaction.forms import AssignForm, DueForm
from redaction.models import Release
from redaction.release_views import frame, release_or_404


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Every copy under way in my cases: asked for by whom, for whom, due when, how much is left, who has it."""
    user = signed_in(request)
    found = queue.under_way(user)
    counts = queue.counts(found, user)
    asked = request.GET.get("show", "")
    shown = asked if asked in queue.SHOWN else "mine"
    chosen = queue.narrowed(found, user, shown).select_related("document__case", "document__exhibit", "asked_by")
    page = paginate(chosen, request, ["due", "id"])
    shown_here = Release.objects.filter(pk__in=[release.pk for release in page.items]).with_state()
    free = set(queue.with_turn(shown_here).filter(queue.is_mine(user) & Q(holder_id=None)).values_list("pk", flat=True))
    context = {
        "rows": [_row(entry, user, free) for entry in queue.rows(page.items)],
        "shown": shown,
        "tabs": [(name, text, counts[name]) for name, text in queue.SHOWN.items()],
        "previous_url": page.previous_url,
        "next_url": page.next_url,
        "figures": user.has_perm("redaction.figures"),
    }
    return render(request, "redaction/mine.html", context)


def _row(entry: queue.Entry, user: User, free: set[UUID]) -> dict[str, object]:
    release = entry.release
    return {
        "entry": entry,
        "release": release,
        "text": summary.label(release.state),
        "colour": summary.COLOURS[release.state],
        "href": summary.address(release),
        "mine": release.holder_id == user.pk,
        "may_take": release.pk in free,
    }


def _to(release: Release) -> HttpResponse:
    return redirect("redaction:release", document_id=release.document_id, release_id=release.pk)


@login_required
@require_POST
def take(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """Take a copy that nobody has, or give one's own back."""
    user = signed_in(request)
    found = release_or_404(request, document_id, release_id)
    back = posted(request, "way") == "back"
    try:
        turns.assign(user, found, None if back else user, posted(request, "note"))
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    else:
        messages.success(request, f"{found.document.exhibit} is {'given back: nobody has it now' if back else 'yours'}.")
    return redirect("redaction:mine") if posted(request, "from") == "queue" else _to(found)


@login_required
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """Hand a copy over to somebody, with a note."""
    user = signed_in(request)
    found = release_or_404(request, document_id, release_id)
    if request.method == "GET":
        refuse_unless(user, "redaction.take", found)
    now = turns.turn_of(found)
    if not now.task and request.method == "GET":
        messages.error(request, "There is nothing for a person to do on this copy now.")
        return _to(found)
    form = AssignForm(request.POST if request.method == "POST" else None, people=queue.candidates(now, now.task or "decide"))
    if request.method == "POST" and form.is_valid():
        try:
            turns.assign(user, found, form.cleaned_data["to"], form.cleaned_data["note"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            to = form.cleaned_data["to"]
            messages.success(request, f"{found.document.exhibit} is given to {to}." if to else "Nobody has it now.")
            return _to(found)
    context = frame(found) | {
        "form": form,
        "heading": "Hand over" if now.holder_id else "Give to somebody",
        "button": "Hand over" if now.holder_id else "Give",
        "holder": User.objects.filter(pk=now.holder_id).first() if now.holder_id else None,
        "task": "decides what is redacted" if now.task == "decide" else "approves and releases",
    }
    return render(request, "redaction/assign.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def due(request: HttpRequest, document_id: UUID, release_id: UUID) -> HttpResponse:
    """Change the day a copy is due, and say why."""
    user = signed_in(request)
    found = release_or_404(request, document_id, release_id)
    if request.method == "GET":
        refuse_unless(user, "redaction.due", found)
    now = turns.turn_of(found)
    initial = {"due": None if now.due == queue.NEVER else now.due}
    form = DueForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            turns.change_due(user, found, form.cleaned_data["due"], form.cleaned_data["reason"])
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"It is now due on {form.cleaned_data['due']:%d/%m/%Y}.")
            return _to(found)
    context = frame(found) | {"form": form, "heading": "Change the day it is due", "button": "Change the day"}
    return render(request, "redaction/reason.html", context, status=422 if form.errors else 200)
