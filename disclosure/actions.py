"""What people do in disclosure: decide about items, write schedules, check, certify and submit them.

Every function checks who may, changes state and appends the event, in one transaction. A rule that is broken raises
`ValidationError` with words for the person; a person who may not raises `audit.actions.Refused`. The database refuses the same
(`disclosure.triggers`) to whoever comes another way.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Role, User
from accounts.policy import case_id_of, require
from audit.actions import recorded
from cases.actions import identities_for_detection
from cases.models import Case
from cases.policy import roles_on
from disclosure import blocks, completeness, content, findings, lint, parts, presumed, rows, steps
from disclosure.models import Certificate, Decision, Explanation, Item, Row, Schedule, ScheduleVersion, VersionState
from disclosure.policy import OFFICERS
from disclosure.triggers import TRANSITIONS
from evidence.models import Exhibit

State = VersionState.State
DRAWN_UP = (Schedule.Kind.MG6C, Schedule.Kind.MG6D, Schedule.Kind.MG6E, Schedule.Kind.SDC)


# ---- items -----------------------------------------------------------------------------------------------------------


def ensure_item(exhibit: Exhibit) -> Item:
    """The item of a whole exhibit; made if there is none yet. No decision and so no event: the exhibit's own says it exists."""
    item, _ = Item.objects.get_or_create(exhibit=exhibit, locator__isnull=True, defaults={"case_id": exhibit.case_id})
    return item


@recorded
def decide(
    user: User,
    item: Item,
    *,
    use: str | None = None,
    relevance: str | None = None,
    sensitivity: str | None = None,
    test: str | None = None,
    reason: str = "",
) -> list[Decision]:
    """Decide one or more of an item's questions; what is None stays.

    Clearly not relevant, not examined, sensitive, and that it may meet the disclosure test need a reason.

    Returns the decisions made: none where the answer is what it was and no reason is given anew.
    """
    require(user, "disclosure.decide", item)
    item = Item.objects.select_for_update(of=("self",)).select_related("exhibit", "case").get(pk=item.pk)
    wanted = {"use": use, "relevance": relevance, "sensitivity": sensitivity, "test": test}
    made = decide_locked(user, item, wanted, reason.strip())
    parts.require_consistent([item.exhibit_id])
    return made


def decide_locked(user: User, item: Item, wanted: Mapping[str, str | None], reason: str) -> list[Decision]:
    """`decide` on an item that the caller has locked and may decide about."""
    presumed.check(item, wanted, reason)
    given = [field for field, value in wanted.items() if value is not None]
    before, after, reasons = {}, {}, {}
    for field in given:
        value = wanted[field] or ""
        _check_decision(field, value, reason)
        if closed := item.closed_to(value):
            raise ValidationError(closed)
        # A reason belongs to the last question answered: why something is sensitive is not for everybody who sees the others
        reasons[field] = reason if field == given[-1] or value in _NOT_READ else ""
        if value != getattr(item, field) or reasons[field]:
            before[field], after[field] = getattr(item, field), value
    # In order: each must come after the one before it
    made = Decision.objects.bulk_create(
        Decision(item=item, field=field, value=value, reason=reasons[field], by=user) for field, value in after.items()
    )
    if made:
        detail = {"exhibit": item.label, "reason": reason}
        steps.record_on("item.decided", user, item.case, item, before=before, after=after, detail=detail)
    return made


_NOT_READ = (Item.Relevance.NOT_RELEVANT, Item.Relevance.UNEXAMINED)


def _check_decision(field: str, value: str, reason: str) -> None:
    choices = {"use": Item.Use, "relevance": Item.Relevance, "sensitivity": Item.Sensitivity, "test": Item.Test}[field]
    if not value or value not in choices.values or value == Item.Use.APART:
        raise ValidationError({field: "Select one of the answers"})
    if value == Item.Relevance.NOT_RELEVANT and not reason:
        raise ValidationError({"reason": "Enter why it can't have any impact on the case"})
    if value == Item.Relevance.UNEXAMINED and not reason:
        raise ValidationError({"reason": "Enter why it is not examined"})
    if value == Item.Test.MAY_MEET and not reason:
        raise ValidationError({"reason": "Enter why it may undermine the prosecution or assist the accused"})
    if value == Item.Sensitivity.SENSITIVE and not reason:
        raise ValidationError({"reason": "Enter which public interest would be seriously prejudiced, and how"})


# ---- drafts ----------------------------------------------------------------------------------------------------------


@recorded
def draft_schedule(user: User, case: Case, kind: str) -> ScheduleVersion:
    """The draft of a case's schedule, up to date with the decisions: a new one, the open one, or the next version.

    A schedule without rows is drafted too: a nil schedule is still certified. Of several schedules of a kind it is the latest.
    """
    require(user, "disclosure.draft_schedule", case)
    if kind not in DRAWN_UP:
        raise ValidationError({"kind": "Select MG6C, MG6D, MG6E or SDC"})
    rows.lock_numbers(case, kind)
    other = {"MG6C": "SDC", "SDC": "MG6C"}.get(kind)
    if other and Schedule.objects.filter(case=case, kind=other).exists():
        raise ValidationError(f"This case has an {other}: its items are listed there")
    Item.objects.ensure_for(case)
    schedule = Schedule.objects.filter(case=case, kind=kind).order_by("-ordinal").first()
    if schedule is None:
        schedule = Schedule.objects.create(case=case, kind=kind)
    latest = latest_version(schedule)
    if latest is None:
        return _make_version(user, schedule, None)
    if latest.is_open:
        return _update_draft(user, latest)
    return _make_version(user, schedule, latest)


@recorded
def new_version(user: User, schedule: Schedule) -> ScheduleVersion:
    """The next version of a certified schedule: its rows carried over, what no longer belongs withdrawn, what is new added."""
    require(user, "disclosure.draft_schedule", schedule)
    rows.lock_numbers(schedule.case, schedule.kind)
    latest = latest_version(schedule)
    if latest is None or latest.is_open:
        raise ValidationError("The latest version is not certified yet: change that one")
    Item.objects.ensure_for(schedule.case)
    return _make_version(user, schedule, latest)


@recorded
def later_schedule(user: User, case: Case, kind: str) -> ScheduleVersion:
    """Begin a further schedule for what came after the last of its kind was submitted. Numbers go on; it needs its own MG6E."""
    require(user, "disclosure.draft_schedule", case)
    rows.lock_numbers(case, kind)
    last = Schedule.objects.filter(case=case, kind=kind).order_by("-ordinal").first()
    latest = latest_version(last) if last else None
    if last is None or latest is None or latest.is_open or latest.state == State.CERTIFIED:
        raise ValidationError(f"The last {kind} is not submitted yet: what is new belongs there")
    Item.objects.ensure_for(case)
    return _make_version(user, Schedule.objects.create(case=case, kind=kind, ordinal=last.ordinal + 1), None)


def latest_version(schedule: Schedule) -> ScheduleVersion | None:
    """The newest version of a schedule, with its state."""
    versions = schedule.versions.select_related("schedule__case").with_state()
    found: ScheduleVersion | None = versions.order_by("-number").first()
    return found


def _make_version(user: User, schedule: Schedule, latest: ScheduleVersion | None) -> ScheduleVersion:
    version = ScheduleVersion.objects.create(schedule=schedule, number=latest.number + 1 if latest else 1, created_by=user)
    steps.enter(user, version, State.DRAFT)
    blocks.shed(user, version)
    if latest is not None:
        rows.copy_rows(latest, version)
    changes = rows.refresh(user, version)
    steps.record_version(
        "schedule.drafted", user, version, after=steps.facts_of(version) | {"added": changes.added, "restored": changes.restored}
    )
    return version


def _update_draft(user: User, version: ScheduleVersion) -> ScheduleVersion:
    rows.lock_version(version)
    if version.state != State.DRAFT:
        raise ValidationError(f"{version} is {version.state_label.lower()}: it must come back to its author before it can change")
    blocks.shed(user, version)
    changes = rows.refresh(user, version)
    if changes:
        after = {"added": changes.added, "withdrawn": changes.withdrawn, "restored": changes.restored}
        steps.record_version("schedule.draft_updated", user, version, after=steps.facts_of(version) | after)
    return version


@recorded
def write_row(
    user: User, row: Row, *, description: str, location: str, sensitivity_reason: str | None = None, seen: str = ""
) -> Row:
    """Write a row's words in a draft.

    `seen`: the row's `edited_at` in ISO form as the writer saw it; if somebody has changed the row since, nothing is written.
    """
    require(user, "disclosure.write_row", row)
    rows.lock_version(row.version)
    row = Row.objects.select_related("version__schedule__case", "edited_by").get(pk=row.pk)
    if row.version.state != State.DRAFT:
        raise ValidationError(f"{row.version} is {row.version.state_label.lower()}: its rows can't change")
    if row.withdrawn:
        raise ValidationError("The row is withdrawn: decide about the item first")
    if seen and seen != row.edited_at.isoformat():
        raise ValidationError(f"{row.edited_by} changed this row meanwhile: read it again before you save")
    words = {"description": description.strip(), "location": location.strip()}
    if row.version.schedule.is_sensitive and sensitivity_reason is not None:
        words["sensitivity_reason"] = sensitivity_reason.strip()
    before = {name: getattr(row, name) for name in words}
    if words == before:
        return row
    row.clean_fields(exclude=[field.name for field in Row._meta.fields if field.name not in words])
    rows.edit(user, row, **words)
    after = {"number": row.position, "version": row.version.number, "kind": row.version.schedule.kind}
    steps.record_on(
        "schedule.row_written", user, row.version.schedule.case, row, after=after, detail={"before": before, "after": words}
    )
    return row


@recorded
def explain(user: User, row: Row, rule: str, reason: str) -> Explanation:
    """Say why a row's words stand although a rule asks about them. The reason is for these words: other words are asked again."""
    require(user, "disclosure.write_row", row)
    rows.lock_version(row.version)
    row = Row.objects.select_related("version__schedule__case").get(pk=row.pk)
    if row.version.state != State.DRAFT:
        raise ValidationError(f"{row.version} is {row.version.state_label.lower()}: its rows can't change")
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the words stand"})
    asked = lint.rules().get(rule)
    if asked is None or asked.stops:
        raise ValidationError("This rule takes no reason: change the words")
    kind = row.version.schedule.kind
    made = Explanation.objects.create(
        item_id=row.item_id,
        block_id=row.block_id,
        kind=kind,
        rule=rule,
        sha256=findings.digest(row),
        reason=reason.strip(),
        by=user,
    )
    after = {"number": row.position, "version": row.version.number, "kind": kind, "rule": rule}
    steps.record_on("schedule.row_explained", user, row.version.schedule.case, row, after=after, detail={"reason": reason.strip()})
    return made


# ---- from draft to prosecutor ----------------------------------------------------------------------------------------


def send_to_qa(user: User, version: ScheduleVersion) -> VersionState:
    """Hand a complete draft to the supervisors.

    First opens the complainants' identities, to look for them in the words: the event of that stays whatever follows.
    """
    identities, _ = _open_identities(user, version, "disclosure.send_to_qa", State.IN_QA)
    return _send_to_qa(user, version, identities)


@recorded
def _send_to_qa(user: User, version: ScheduleVersion, identities: list[dict[str, Any]]) -> VersionState:
    require(user, "disclosure.send_to_qa", version)
    steps.lock(version)
    steps.may_go(version, State.IN_QA)
    _check_rows(version, identities)
    state = steps.move(user, version, State.IN_QA, "schedule.sent_to_qa")
    steps.tell(user, version, "is ready to be checked", [Role.SUPERVISOR])
    return state


@recorded
def _open_identities(user: User, version: ScheduleVersion, permission: str, to: str) -> tuple[list[dict[str, Any]], int]:
    """The identities of the case, by one logged look, and the last edit of the words that they are looked for in."""
    require(user, permission, version)
    steps.lock(version)
    steps.may_go(version, to)
    last_edit = steps.last_edit(version)
    return identities_for_detection(user, version.schedule.case, purpose=f"Check of the words of {version}"), last_edit


@recorded
def check(user: User, version: ScheduleVersion) -> VersionState:
    """A supervisor finds the version in order. Nobody who made it, or wrote or changed a row of it, may do so."""
    require(user, "disclosure.check", version)
    steps.lock(version)
    steps.may_go(version, State.CHECKED)
    if user.pk in version.authors():
        raise steps.refused(user, "disclosure.check", version, "You wrote part of this version: another supervisor must check it")
    state = steps.move(user, version, State.CHECKED, "schedule.checked")
    steps.tell(user, version, "has been checked and can be certified", [Role.DISCLOSURE])
    return state


@recorded
def return_to_author(user: User, version: ScheduleVersion, reason: str) -> VersionState:
    """Send a version back to draft, saying what must be mended."""
    require(user, "disclosure.return", version)
    if not reason.strip():
        raise ValidationError({"reason": "Enter what must be changed"})
    steps.lock(version)
    if version.state == State.DRAFT:
        raise ValidationError(f"{version} is a draft already")
    steps.may_go(version, State.DRAFT)
    state = steps.move(user, version, State.DRAFT, "schedule.returned_to_author", reason=reason.strip())
    steps.tell(user, version, "has come back to be changed", OFFICERS)
    return state


def certify(user: User, version: ScheduleVersion, *, unexamined: str | None = None) -> Certificate:
    """Sign the version's content; its rows and numbers never change again.

    `unexamined` says what nobody has examined and why; by default how many items await a decision, if any do. First looks for
    the complainants' names, addresses and numbers in the words: that opens identities, and the event of it stays whatever follows.
    """
    identities, last_edit = _open_identities(user, version, "disclosure.certify", State.CERTIFIED)
    return _certify(user, version, unexamined, identities, last_edit)


@recorded
def _certify(
    user: User, version: ScheduleVersion, unexamined: str | None, identities: list[dict[str, Any]], last_edit: int
) -> Certificate:
    require(user, "disclosure.certify", version)
    schedule = version.schedule
    rows.lock_numbers(schedule.case, schedule.kind)
    steps.lock(version)
    steps.may_go(version, State.CERTIFIED)
    if steps.last_edit(version) != last_edit:
        raise ValidationError(f"{version} changed meanwhile: read it again before you certify")
    checker = version.states.filter(state=State.CHECKED).order_by("-id").values_list("by_id", flat=True).first()
    if checker == user.pk:
        raise steps.refused(user, "disclosure.certify", version, "You checked this version: somebody else must certify it")
    _check_rows(version, identities)
    completeness.require_complete(version)
    rows.fix_numbers(version)
    certificate = _sign(user, version, content.unexamined_note(version) if unexamined is None else unexamined.strip())
    steps.move(user, version, State.CERTIFIED, "schedule.certified", after={"sha256": certificate.sha256})
    return certificate


def _sign(user: User, version: ScheduleVersion, unexamined: str) -> Certificate:
    signature = content.Signature(str(user), role_of(user, version), timezone.now())
    data = content.of_version(version, version.rows.all(), unexamined=unexamined, signature=signature)
    text, sha256 = content.canonical(data)
    return Certificate.objects.create(version=version, statement=content.STATEMENT, content=text, sha256=sha256, by=user)


def role_of(user: User, version: ScheduleVersion | Case) -> str:
    """As what a person certifies: the words of their role on the case."""
    lead = Role.DISCLOSURE in roles_on(user, case_id_of(version))
    return str((Role.DISCLOSURE if lead else Role.DEPUTY_DISCLOSURE).label)


@recorded
def submit(user: User, version: ScheduleVersion) -> VersionState:
    """Give a certified version to the prosecutors. Earlier versions are superseded."""
    require(user, "disclosure.submit", version)
    steps.lock(version)
    steps.may_go(version, State.SUBMITTED)
    completeness.require_set(version)
    others = version.schedule.versions.with_state().exclude(pk=version.pk)
    if any(other.number > version.number and not other.is_open for other in others):
        raise ValidationError("A later version is certified: submit that one")
    for other in others:
        if other.number < version.number and State.SUPERSEDED in TRANSITIONS[other.state]:
            other.schedule = version.schedule
            steps.move(user, other, State.SUPERSEDED, "schedule.superseded")
    sha256 = Certificate.objects.values_list("sha256", flat=True).get(version=version)
    state = steps.move(user, version, State.SUBMITTED, "schedule.submitted", after={"sha256": sha256})
    roles = OFFICERS if version.schedule.is_restricted else (*OFFICERS, Role.INVESTIGATOR)
    steps.tell(user, version, "has been submitted to the CPS", [*roles, Role.SUPERVISOR])
    return state


def _check_rows(version: ScheduleVersion, identities: list[dict[str, Any]]) -> None:
    """Refuse a version whose rows are not complete, or no longer agree with the decisions."""
    kind = version.schedule.kind
    written = list(version.rows.select_related("item"))
    found = [str(problem) for problem in findings.of_rows(version, written, identities) if problem.is_open]
    found += [
        f"Row {row.position}: the item has since been decided otherwise: bring the draft up to date"
        for row in written
        if not row.withdrawn and row.item is not None and not row.item.belongs_on(kind)
    ]
    found += blocks.problems(version, written)
    if found:
        raise ValidationError(found)


@recorded
def decide_many(user: User, case: Case, items: Sequence[UUID], answers: Mapping[str, str | None], reason: str = "") -> int:
    """One decision for many items of a case, with one reason: all of them, or none. Returns how many changed."""
    require(user, "disclosure.decide", case)
    found = list(
        Item.objects.select_for_update(of=("self",))
        .select_related("exhibit", "case")
        .filter(case=case, id__in=items)
        .order_by("id")
    )
    if not found:
        raise ValidationError({"items": "Select at least one item"})
    changed = sum(bool(decide_locked(user, item, answers, reason.strip())) for item in found)
    parts.require_consistent({item.exhibit_id for item in found})
    return changed
