"""What the prosecutor says of a submitted version, as an officer writes it down from a document: rows, then the whole.

An endorsement is made once and locked. Whoever enters it did not decide it; the database refuses both too. Where a force lets its
prosecutors endorse in the portal, `portal.actions.endorse` is the other way.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import ValidationError

from accounts.models import Role, User
from accounts.policy import require
from audit.actions import recorded
from disclosure import steps
from disclosure.models import Endorsement, EndorsementCode, Schedule, ScheduleVersion, VersionState
from disclosure.policy import OFFICERS

State = VersionState.State
WITH_THE_PROSECUTOR = (State.SUBMITTED, State.UNDER_REVIEW)


@dataclass(frozen=True)
class Source:
    """Who decided, and the document that says so."""

    decided_by: str
    document: str

    def check(self, user: User) -> None:
        """Refuse a decision without a prosecutor or document, or by whoever enters it."""
        wrong = {}
        if not self.decided_by.strip():
            wrong["decided_by"] = "Enter the prosecutor who decided"
        elif self.decided_by.strip().casefold() == user.name.strip().casefold():
            wrong["decided_by"] = "Who enters an endorsement did not decide it: enter the prosecutor"
        if not self.document.strip():
            wrong["source_document"] = "Enter the document that says so, for example the prosecutor's e-mail of 20/11/2026"
        if wrong:
            raise ValidationError(wrong)

    @property
    def fields(self) -> dict[str, str]:
        """As columns."""
        return {"decided_by": self.decided_by.strip(), "source_document": self.document.strip()}


@dataclass(frozen=True)
class Entry:
    """What the prosecutor said of one row."""

    code: str
    reason: str = ""
    item_viewed: bool = False
    # Of a row of an MG6D alone; None: not said
    agrees_sensitive: bool | None = None
    court_application: bool | None = None


@recorded
def begin_review(user: User, version: ScheduleVersion, source: Source) -> VersionState:
    """The prosecutor has it under review."""
    require(user, "disclosure.transcribe", version)
    source.check(user)
    steps.lock(version)
    steps.may_go(version, State.UNDER_REVIEW)
    return steps.move(user, version, State.UNDER_REVIEW, "schedule.under_review", source=source.fields)


@recorded
def endorse(user: User, version: ScheduleVersion, entries: Mapping[int, Entry], source: Source) -> list[Endorsement]:
    """Write down what the prosecutor said of rows, by their numbers: all of them, or none if one can't be."""
    require(user, "disclosure.transcribe", version)
    source.check(user)
    steps.lock(version)
    if version.state not in WITH_THE_PROSECUTOR:
        raise ValidationError(f"{version} is {version.state_label.lower()}: its rows can't be endorsed now")
    rows = {row.position: row for row in version.rows.all() if row.position is not None}
    done = set(Endorsement.objects.filter(row__version=version).values_list("row__position", flat=True))
    codes = {code.code: code for code in EndorsementCode.objects.filter(is_active=True)}
    check(entries, rows, done, codes, sensitive=version.schedule.kind == Schedule.Kind.MG6D)
    made = {
        number: Endorsement(
            row=rows[number],
            code=codes[entry.code],
            reason=entry.reason.strip(),
            item_viewed=entry.item_viewed,
            agrees_sensitive=entry.agrees_sensitive,
            court_application=entry.court_application,
            entered_by=user,
            **source.fields,
        )
        for number, entry in entries.items()
    }
    Endorsement.objects.bulk_create(made.values())
    for number, endorsement in made.items():
        after = facts(number, entries[number]) | {"version": version.number, "kind": version.schedule.kind}
        detail = {"reason": endorsement.reason, **source.fields}
        steps.record_on("row.endorsed", user, version.schedule.case, endorsement.row, after=after, detail=detail)
    return list(made.values())


def facts(number: int, entry: Entry) -> dict[str, Any]:
    """What the log says of an endorsement: states and codes, no words."""
    after = {"number": number, "code": entry.code, "item_viewed": entry.item_viewed}
    said = {"agrees_sensitive": entry.agrees_sensitive, "court_application": entry.court_application}
    return after | {name: answer for name, answer in said.items() if answer is not None}


class Code(Protocol):
    """What is asked of a code."""

    @property
    def needs_reason(self) -> bool: ...


class Listed(Protocol):
    """What is asked of a row."""

    @property
    def withdrawn(self) -> bool: ...


def check(
    entries: Mapping[int, Entry],
    rows: Mapping[int, Listed],
    done: Container[int | None],
    codes: Mapping[str, Code],
    *,
    sensitive: bool,
) -> None:
    """Refuse entries, by their rows' numbers, if one of them can't be made; `done` are endorsed already."""
    wrong = []
    for number, entry in entries.items():
        wrong += _wrong(number, entry, rows.get(number), done, codes)
        if not sensitive and (entry.agrees_sensitive, entry.court_application) != (None, None):
            wrong.append(f"Row {number}: only on an MG6D does the prosecutor say whether it is sensitive")
    if wrong:
        raise ValidationError(wrong)


def _wrong(number: int, entry: Entry, row: Listed | None, done: Container[int | None], codes: Mapping[str, Code]) -> list[str]:
    if row is None:
        return [f"Row {number}: there is no such row"]
    if row.withdrawn:
        return [f"Row {number} is withdrawn: it is not endorsed"]
    if number in done:
        return [f"Row {number} is endorsed already: an endorsement is locked once made"]
    if entry.code not in codes:
        return [f"Row {number}: {entry.code or 'nothing'} is not a code in use; there are {', '.join(codes)}"]
    if codes[entry.code].needs_reason and not entry.reason.strip():
        return [f"Row {number}: {entry.code} needs a reason"]
    return []


@recorded
def return_version(user: User, version: ScheduleVersion, reason: str, source: Source) -> VersionState:
    """The prosecutor sends it back, with reasons; a new version answers."""
    require(user, "disclosure.transcribe", version)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the prosecutor returned it"})
    source.check(user)
    steps.lock(version)
    steps.may_go(version, State.RETURNED)
    state = steps.move(user, version, State.RETURNED, "schedule.returned", reason=reason.strip(), source=source.fields)
    steps.tell(user, version, "has been returned by the prosecutor", [*OFFICERS, Role.SUPERVISOR])
    return state


@recorded
def complete(user: User, version: ScheduleVersion, source: Source) -> VersionState:
    """Every row is endorsed: so is the version."""
    require(user, "disclosure.transcribe", version)
    source.check(user)
    steps.lock(version)
    steps.may_go(version, State.ENDORSED)
    left = version.rows.filter(withdrawn=False, endorsements=None).values_list("position", flat=True)
    if left:
        numbers = ", ".join(map(str, left[:10])) + (" and others" if len(left) > 10 else "")
        raise ValidationError(f"Rows without an endorsement: {numbers}")
    state = steps.move(user, version, State.ENDORSED, "schedule.endorsed", source=source.fields)
    steps.tell(user, version, "has been endorsed", [*OFFICERS, Role.SUPERVISOR])
    return state


@recorded
def serve(user: User, version: ScheduleVersion, source: Source) -> VersionState:
    """The prosecutor has served it on the defence. Never an MG6D or an MG6E."""
    require(user, "disclosure.transcribe", version)
    source.check(user)
    steps.lock(version)
    if version.schedule.is_restricted:
        raise ValidationError(f"An {version.schedule.kind} is never served")
    steps.may_go(version, State.SERVED)
    return steps.move(user, version, State.SERVED, "schedule.served", source=source.fields)
