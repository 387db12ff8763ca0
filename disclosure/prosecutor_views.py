"""Pages about what the prosecutor said of a version, what changed since the last, and the same as data for other systems."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.policy import require
from accounts.ui.request import posted, signed_in
from cases.reads import looked
from disclosure import differences, exchange, prosecution
from disclosure import prosecutor_forms as forms
from disclosure.models import Schedule, ScheduleVersion, VersionState
from disclosure.schedule_views import version_or_404

State = VersionState.State
_LARGEST_FILE = 2 * 1024 * 1024


@login_required
@require_GET
def diff(request: HttpRequest, schedule_id: UUID, number: int) -> HttpResponse:
    """What changed since an earlier version: the one before, or the one asked for."""
    user = signed_in(request)
    found = version_or_404(user, schedule_id, number)
    asked = request.GET.get("since", str(max(1, number - 1)))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 6 and 0 < int(asked) <= number):
        raise Http404
    old = version_or_404(user, schedule_id, int(asked))
    looked(user, "schedule.viewed", found, found.schedule.case)
    context = {
        "case": found.schedule.case,
        "tab": "Disclosure",
        "version": found,
        "old": old,
        "changes": differences.between(old, found),
        "earlier": range(1, number),
    }
    return render(request, "disclosure/diff.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def prosecutor(request: HttpRequest, schedule_id: UUID, number: int) -> HttpResponse:
    """What the prosecutor said of the rows and of the version; the officers write it down here."""
    user = signed_in(request)
    found = version_or_404(user, schedule_id, number)
    step = posted(request, "step") if request.method == "POST" else ""
    asked = {name: form(request.POST if name == step else None, prefix=name, **_more(name, found)) for name, form in _STEPS.items()}
    if request.method == "POST":
        require(user, "disclosure.transcribe", found)
        if step not in asked:
            raise Http404
        form = asked[step]
        if form.is_valid():
            try:
                done = _take(request, found, step, form)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, done)
                return redirect("disclosure:prosecutor", schedule_id=schedule_id, number=number)
    looked(user, "schedule.viewed", found, found.schedule.case)
    rows = list(found.rows.prefetch_related("endorsements__code", "endorsements__entered_by"))
    context: dict[str, Any] = {
        "case": found.schedule.case,
        "tab": "Disclosure",
        "version": found,
        "rows": [(row, next(iter(row.endorsements.all()), None)) for row in rows if row.position is not None],
        "left": sum(1 for row in rows if not row.withdrawn and not row.endorsements.all()),
        "forms": _offered(found, asked) if user.has_perm("disclosure.transcribe", found) else {},
        "may_import": found.state in prosecution.WITH_THE_PROSECUTOR and user.has_perm("disclosure.transcribe", found),
        # Its errors are told on top of the page
        "form": asked.get(step),
        "states": found.states.exclude(decided_by="").select_related("by"),
    }
    wrong = any(form.errors for form in asked.values())
    return render(request, "disclosure/prosecutor.html", context, status=422 if wrong else 200)


_STEPS: dict[str, Any] = {
    "review": forms.SourceForm,
    "endorse": forms.EndorseForm,
    "return": forms.ReturnedForm,
    "complete": forms.SourceForm,
    "serve": forms.SourceForm,
}
_TITLES = {
    "endorse": ("Endorse rows", "Endorse"),
    "complete": ("The whole version is endorsed", "Mark as endorsed"),
    "return": ("The prosecutor returned it", "Mark as returned"),
    "review": ("The prosecutor has it under review", "Mark as under review"),
    "serve": ("It has been served on the defence", "Mark as served"),
}


def _more(name: str, version: ScheduleVersion) -> dict[str, Any]:
    return {"sensitive": version.schedule.kind == Schedule.Kind.MG6D} if name == "endorse" else {}


def _offered(version: ScheduleVersion, asked: dict[str, Any]) -> dict[str, Any]:
    """The steps that follow the version's state, with their titles and forms."""
    steps = {
        State.SUBMITTED: ("endorse", "complete", "return", "review"),
        State.UNDER_REVIEW: ("endorse", "complete", "return"),
        State.ENDORSED: () if version.schedule.is_restricted else ("serve",),
    }
    names = steps.get(State(version.state), ())
    return {name: {"title": _TITLES[name][0], "button": _TITLES[name][1], "form": asked[name]} for name in names}


def _take(request: HttpRequest, version: ScheduleVersion, step: str, form: Any) -> str:
    """Do one step; what to say when it is done."""
    user = signed_in(request)
    if step == "endorse":
        made = prosecution.endorse(user, version, form.entries(), form.source())
        return f"{len(made)} row{'' if len(made) == 1 else 's'} endorsed."
    if step == "return":
        prosecution.return_version(user, version, form.cleaned_data["reason"], form.source())
        return f"{version} is returned: begin a new version to answer."
    act = {"review": prosecution.begin_review, "complete": prosecution.complete, "serve": prosecution.serve}[step]
    act(user, version, form.source())
    return f"{version} is {version.state_label.lower()}."


@login_required
@require_POST
def import_file(request: HttpRequest, schedule_id: UUID, number: int) -> HttpResponse:
    """Endorsements from a file in the published form."""
    user = signed_in(request)
    found = version_or_404(user, schedule_id, number)
    require(user, "disclosure.transcribe", found)
    upload = request.FILES.get("file")
    try:
        if upload is None or (upload.size or 0) > _LARGEST_FILE:
            raise ValidationError("Select a JSON file of at most 2 MB")
        made = exchange.import_endorsements(user, found, _json(upload.read()))
    except ValidationError as error:
        for message in error.messages[:10]:
            messages.error(request, message)
    else:
        messages.success(request, f"{len(made)} endorsement{'' if len(made) == 1 else 's'} imported.")
    return redirect("disclosure:prosecutor", schedule_id=schedule_id, number=number)


def _json(data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
        if "\0" in text or "\\u0000" in text:
            raise ValidationError("The file holds characters that can't be kept")
        return json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValidationError("The file is not JSON") from error


@login_required
@require_GET
def export(request: HttpRequest, schedule_id: UUID, number: int) -> HttpResponse:
    """A certified version as data."""
    user = signed_in(request)
    found = version_or_404(user, schedule_id, number)
    if not hasattr(found, "certificate"):
        raise Http404
    response = JsonResponse(exchange.export(user, found), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{found.schedule.kind}-v{found.number}.json"'
    return response


@login_required
@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """The published JSON Schema of exports and imports."""
    return JsonResponse(exchange.schema(), json_dumps_params={"ensure_ascii": False, "indent": 2})
