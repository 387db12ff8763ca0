"""Pages about one schedule: its versions, their rows, and each step from draft to submission."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.policy import require
from accounts.ui.request import posted, signed_in
from audit.models import Event
from cases.reads import looked
from disclosure import (
    actions,
    blocks,
    completeness,
    content,
    findings,
    forms,
    lint,
    manifests,
    presumed,
    printed,
    prosecution,
    summary,
)
from disclosure.models import OPEN_STATES, Certificate, Endorsement, Row, Schedule, ScheduleVersion, VersionState
from disclosure.signing import require_fresh_sign_in
from documents import TYPES

State = VersionState.State
PAGE = 100
NAMED = 20
"""Of rows to mend, how many are named with a link; of reasons why a step can't be taken, how many are said."""


def schedule_or_404(user: User, schedule_id: UUID) -> Schedule:
    """The schedule, if this person may see schedules of its kind in its case."""
    return get_object_or_404(Schedule.objects.visible_to(user).select_related("case"), pk=schedule_id)


def version_or_404(user: User, schedule_id: UUID, number: int) -> ScheduleVersion:
    """One version of it, with its state."""
    versions = ScheduleVersion.objects.with_state().select_related("schedule__case", "created_by")
    return get_object_or_404(versions, schedule=schedule_or_404(user, schedule_id), number=number)


def _to(version: ScheduleVersion, row: Row | None = None) -> HttpResponse:
    address = reverse("disclosure:version", kwargs={"schedule_id": version.schedule_id, "number": version.number})
    return redirect(f"{address}?at={row.pk}#row-{row.pk}" if row else address)


@login_required
@require_GET
def schedule(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """The newest version."""
    found = schedule_or_404(signed_in(request), schedule_id)
    latest = actions.latest_version(found)
    if latest is None:
        raise Http404
    return _page(request, latest)


@login_required
@require_GET
def version(request: HttpRequest, schedule_id: UUID, number: int) -> HttpResponse:
    """One version, with its rows and what can be done to it."""
    return _page(request, version_or_404(signed_in(request), schedule_id, number))


def _page(
    request: HttpRequest, version: ScheduleVersion, *, form: forms.RowForm | None = None, row: Row | None = None
) -> HttpResponse:
    user = signed_in(request)
    looked(user, "schedule.viewed", version, version.schedule.case)
    editable = version.state == State.DRAFT and user.has_perm("disclosure.write_row", version)
    asked = row.id if row else _asked(request, "row")
    shown = _shown(request, version, asked or _asked(request, "at"))
    rows = list(shown.object_list)
    every = list(version.rows.all()) if version.is_open else rows
    held = manifests.of_rows(version, every)
    if editable and form is None:
        found = next((entry for entry in rows if entry.id == asked and not entry.withdrawn), None)
        form = _form_of(found, version) if found else None
    restricted = user.has_perm("disclosure.view_sensitive", version)
    problems: dict[UUID, list[findings.Problem]] = {}
    # A row may say what another page's says: the lint reads them all
    for problem in findings.of_rows(version, every, restricted=restricted, held=held) if version.is_open else []:
        problems.setdefault(problem.row_id, []).append(problem)
    to_mend = [found for found in problems.values() if any(problem.is_open for problem in found)]
    context: dict[str, Any] = {
        "case": version.schedule.case,
        "tab": "Disclosure",
        "schedule": version.schedule,
        "version": version,
        "colour": summary.COLOURS.get(version.state, ""),
        "rows": [(entry, problems.get(entry.id, []), held.get(entry.id)) for entry in rows],
        "must_leave": blocks.must_leave_version(version) if any(entry.block_id for entry in every) else [],
        "page": shown,
        "count": shown.paginator.count,
        "previous_url": f"?page={shown.previous_page_number()}" if shown.has_previous() else "",
        "next_url": f"?page={shown.next_page_number()}" if shown.has_next() else "",
        "problems": sum(problem.is_open for found in to_mend for problem in found),
        "to_mend": [found[0] for found in to_mend[:NAMED]] if shown.has_other_pages() else [],
        "editable": editable,
        "editing": asked if form else None,
        "form": form,
        "return_form": forms.ReturnForm(),
        "with_prosecutor": version.state in prosecution.WITH_THE_PROSECUTOR and user.has_perm("disclosure.transcribe", version),
        "endorsed": Endorsement.objects.filter(row__version=version).count(),
        "may_follow": version.state not in (*OPEN_STATES, State.CERTIFIED) and user.has_perm("disclosure.draft_schedule", version),
        "versions": version.schedule.versions.with_state().order_by("-number"),
        "states": _timeline(version),
        # Its content is as long as the schedule
        "certificate": Certificate.objects.filter(version=version).select_related("by").defer("content").first(),
        "wrote": user.id in version.authors() if version.state == State.IN_QA else False,
    } | _permissions(user, version)
    context["owed"] = completeness.owed_before(version) if context["may_submit"] else []
    return render(request, "disclosure/version.html", context, status=422 if form and form.errors else 200)


def _shown(request: HttpRequest, version: ScheduleVersion, at: UUID | None) -> Page[Row]:
    """The page of rows that the address asks for, by its number or by a row that is on it."""
    pages = Paginator(version.rows.select_related("item__exhibit", "edited_by"), PAGE)
    number: int | str = request.GET.get("page", "1")
    if at is not None and pages.num_pages > 1:
        ids = list(version.rows.values_list("id", flat=True))
        number = ids.index(at) // PAGE + 1 if at in ids else number
    return pages.get_page(number)


def _asked(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _form_of(row: Row, version: ScheduleVersion) -> forms.RowForm:
    # The version read already says the kind of schedule
    row.version = version
    return forms.RowForm(row)


def _permissions(user: User, version: ScheduleVersion) -> dict[str, bool]:
    """Which steps this person may take now, by the state and their role."""
    steps = {
        "may_update": ("draft_schedule", (State.DRAFT,)),
        "may_send": ("send_to_qa", (State.DRAFT,)),
        "may_check": ("check", (State.IN_QA,)),
        "may_return": ("return", (State.IN_QA, State.CHECKED)),
        "may_certify": ("certify", (State.CHECKED,)),
        "may_submit": ("submit", (State.CERTIFIED,)),
        "may_renew": ("draft_schedule", tuple(state for state in State if state not in (State.DRAFT, State.IN_QA, State.CHECKED))),
    }
    return {
        name: version.state in states and user.has_perm(f"disclosure.{permission}", version)
        for name, (permission, states) in steps.items()
    }


def _timeline(version: ScheduleVersion) -> list[dict[str, Any]]:
    return [
        {"title": state.get_state_display(), "by": str(state.by), "at": state.at, "text": state.reason}
        for state in version.states.select_related("by").order_by("-id")
    ]


@login_required
@require_POST
def row(request: HttpRequest, schedule_id: UUID, row_id: UUID) -> HttpResponse:
    """Save a row's words."""
    user = signed_in(request)
    found = _row_or_404(user, schedule_id, row_id)
    form = forms.RowForm(found, request.POST)
    if form.is_valid():
        try:
            actions.write_row(user, found, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"Row {found.position} is saved.")
            return _to(found.version, found)
    return _page(request, found.version, form=form, row=found)


def _row_or_404(user: User, schedule_id: UUID, row_id: UUID) -> Row:
    rows = Row.objects.select_related("version__schedule__case", "edited_by")
    return get_object_or_404(rows, pk=row_id, version__schedule=schedule_or_404(user, schedule_id))


@login_required
@require_POST
def writing(request: HttpRequest, schedule_id: UUID, row_id: UUID) -> HttpResponse:
    """What the lint finds in words that are still being written. Saves nothing."""
    user = signed_in(request)
    found = _row_or_404(user, schedule_id, row_id)
    require(user, "disclosure.write_row", found)
    case = found.version.schedule.case
    context = findings.context_of(case, findings.identities_while_writing(user, case))
    words = {name: posted(request, name) for name in ("description", "location", "sensitivity_reason")}
    return render(request, "disclosure/writing.html", {"findings": findings.of_words(found, words, context)})


@login_required
@require_POST
def explain(request: HttpRequest, schedule_id: UUID, row_id: UUID) -> HttpResponse:
    """Why a row's words stand although a rule asks about them."""
    user = signed_in(request)
    found = _row_or_404(user, schedule_id, row_id)
    rule, reason = posted(request, "rule"), posted(request, "reason")
    done = f"The reason for row {found.position} is kept."
    return _step(request, found.version, lambda: actions.explain(user, found, rule, reason), done, found)


@login_required
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """What the lint asks of a description: every rule."""
    return render(request, "disclosure/rules.html", {"rules": lint.rules().values()})


def _step(
    request: HttpRequest, version: ScheduleVersion, act: Callable[[], object], done: str, row: Row | None = None
) -> HttpResponse:
    """Do one step and say so, or say why it can't be done."""
    try:
        act()
    except ValidationError as error:
        for message in error.messages[:NAMED]:
            messages.error(request, message)
        if len(error.messages) > NAMED:
            messages.error(request, f"And {len(error.messages) - NAMED} more.")
    else:
        messages.success(request, done)
    return _to(version, row)


@login_required
@require_POST
def send(request: HttpRequest, schedule_id: UUID, number: int) -> HttpResponse:
    """Send a draft to the supervisor."""
    user = signed_in(request)
    found = version_or_404(user, schedule_id, number)
    return _step(request, found, lambda: actions.send_to_qa(user, found), f"{found} is with the supervisor.")


@login_required
@require_POST
def check(request: HttpRequest, schedule_id: UUID, number: int) -> HttpResponse:
    """The supervisor finds it in order."""
    user = signed_in(request)
    found = version_or_404(user, schedule_id, number)
    return _step(request, found, lambda: actions.check(user, found), f"{found} is checked.")


@login_required
@require_POST
def send_back(request: HttpRequest, schedule_id: UUID, number: int) -> HttpResponse:
    """Back to the author, with what must be changed."""
    user = signed_in(request)
    found = version_or_404(user, schedule_id, number)
    reason = posted(request, "reason")
    return _step(request, found, lambda: actions.return_to_author(user, found, reason), f"{found} is back with its author.")


@login_required
@require_POST
def new_version(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """Begin the next version."""
    user = signed_in(request)
    found = schedule_or_404(user, schedule_id)
    try:
        made = actions.new_version(user, found)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect("disclosure:schedule", schedule_id=found.id)
    messages.success(request, f"{made} is drafted: rows are carried over, what no longer belongs is withdrawn.")
    return _to(made)


@login_required
@require_http_methods(["GET", "POST"])
def certify(request: HttpRequest, schedule_id: UUID, number: int) -> HttpResponse:
    """Say what will be frozen and by which name; then freeze it."""
    user = signed_in(request)
    found = version_or_404(user, schedule_id, number)
    require(user, "disclosure.certify", found)
    require_fresh_sign_in(request)
    if found.state != State.CHECKED:
        messages.error(request, f"{found} is {found.state_label.lower()}: it can't be certified now.")
        return _to(found)
    form = forms.CertifyForm(request.POST or None, initial={"unexamined": content.unexamined_note(found)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.certify(user, found, unexamined=form.cleaned_data["unexamined"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("disclosure:receipt", schedule_id=found.schedule_id, number=found.number)
    context = {
        "case": found.schedule.case,
        "tab": "Disclosure",
        "version": found,
        "form": form,
        "statement": content.STATEMENT,
        "rows": [
            *_facts(found),
            {"key": "Checked by", "value": str(_checker(found))},
            {"key": "Certified by", "value": str(user)},
            {"key": "Certified as", "value": actions.role_of(user, found)},
        ],
    } | presumed.warnings(found)
    return render(request, "disclosure/certify.html", context)


def _checker(version: ScheduleVersion) -> User | str:
    state = version.states.filter(state=State.CHECKED).select_related("by").order_by("-id").first()
    return state.by if state else ""


def _facts(version: ScheduleVersion) -> list[dict[str, Any]]:
    rows = version.rows.filter(position__isnull=False)
    withdrawn = sum(1 for row in rows if row.withdrawn)
    return [
        {"key": "Schedule", "value": version.schedule.get_kind_display()},
        {"key": "Version", "value": version.number},
        {"key": "Rows", "value": f"{len(rows)}, of which {withdrawn} withdrawn" if withdrawn else len(rows)},
    ]


@login_required
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, schedule_id: UUID, number: int) -> HttpResponse:
    """Say to whom it goes; then give it to them."""
    user = signed_in(request)
    found = version_or_404(user, schedule_id, number)
    require(user, "disclosure.submit", found)
    require_fresh_sign_in(request)
    if request.method == "POST":
        try:
            actions.submit(user, found)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return _to(found)
        return redirect("disclosure:receipt", schedule_id=found.schedule_id, number=found.number)
    if found.state != State.CERTIFIED:
        messages.error(request, f"{found} is {found.state_label.lower()}: it can't be submitted now.")
        return _to(found)
    case = found.schedule.case
    context = {
        "case": case,
        "tab": "Disclosure",
        "version": found,
        "owed": completeness.owed_before(found),
        "rows": [
            *_facts(found),
            {"key": "Certified by", "value": str(found.certificate.by)},
            {"key": "SHA-256", "value": found.certificate.sha256},
            {"key": "To", "value": str(case.cps_area) if case.cps_area else "Nobody yet: the case is not shared with a CPS area"},
        ],
    }
    context["report_owed"] = completeness.report_owed(case) if user.has_perm("disclosure.view_sensitive", case) else ""
    context |= presumed.warnings(found)
    return render(request, "disclosure/submit.html", context)


@login_required
@require_GET
def receipt(request: HttpRequest, schedule_id: UUID, number: int) -> HttpResponse:
    """What has been certified or submitted, with the event that says so."""
    user = signed_in(request)
    found = version_or_404(user, schedule_id, number)
    events = Event.objects.about("scheduleversion", found.id).filter(verb__in=["schedule.certified", "schedule.submitted"])
    event = events.newest_first().first()
    if event is None:
        raise Http404
    context = {
        "case": found.schedule.case,
        "tab": "Disclosure",
        "version": found,
        "event": event,
        "submitted": event.verb == "schedule.submitted",
        "certificate": found.certificate,
    }
    if user.has_perm("disclosure.submit", found):
        context["may_submit"] = found.state == State.CERTIFIED
        context["owed"] = completeness.owed_before(found) if context["may_submit"] else []
        mine = summary.newest_versions(Schedule.objects.visible_to(user).filter(case=found.schedule.case))
        context["left"] = [other for other in mine if other.state == State.CERTIFIED and other != found]
    return render(request, "disclosure/receipt.html", context)


@login_required
@require_GET
def form(request: HttpRequest, schedule_id: UUID, number: int, kind: str) -> HttpResponse:
    """The form as a PDF or a Word file: what has been certified, or a draft marked as one."""
    user = signed_in(request)
    found = version_or_404(user, schedule_id, number)
    return file_of(printed.take(user, found, kind), f"{found.schedule.kind}-v{found.number}", kind)


def file_of(made: bytes, name: str, kind: str) -> HttpResponse:
    """A form to keep."""
    response = HttpResponse(made, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
