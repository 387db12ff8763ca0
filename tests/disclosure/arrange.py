"""A case with the people that disclosure needs, and schedules brought as far as a test wants, by the actions that pages call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import Role, User
from cases.models import Case
from disclosure import actions, completeness
from disclosure.forms import OUTCOMES
from disclosure.models import Item, Row, ScheduleVersion
from tests.factories import make_case, make_exhibit, make_force, make_user

WORDS = "Statement of 12 March 2026 by the night manager: who was on shift and when the door was locked, 2 pages"


def words(number: int) -> str:
    """A description that says enough, another for each number from 1."""
    return WORDS if number == 1 else WORDS.replace("12 March", f"{11 + number} March")


SECRET = "Plan of 14/03/2026, 5 pages, by two constables, sketching a loft and its skylight"
FULLER = "Statement of 12 March 2026 by the night manager about the lock of the side door, 3 pages"
PLACE = "Wexcombe police station, store 3"


@dataclass
class Team:
    """A case and who is on it."""

    case: Case
    investigator: User
    officer: User
    deputy: User
    supervisor: User
    redactor: User


def make_team() -> Team:
    """A case with an investigator, a disclosure officer, their deputy, a supervisor and a redactor."""
    force = make_force()
    people = {
        name: make_user(role, organisation=force)
        for name, role in [
            ("officer", Role.DISCLOSURE),
            ("deputy", Role.DEPUTY_DISCLOSURE),
            ("supervisor", Role.SUPERVISOR),
            ("redactor", Role.REDACTOR),
        ]
    }
    investigator = make_user(Role.INVESTIGATOR, organisation=force)
    roles: dict[User, Role | str] = {
        people["officer"]: Role.DISCLOSURE,
        people["deputy"]: Role.DEPUTY_DISCLOSURE,
        people["supervisor"]: Role.SUPERVISOR,
        people["redactor"]: Role.REDACTOR,
    }
    return Team(make_case(investigator, team=roles), investigator, **people)


def make_item(team: Team, outcome: str = "", **exhibit: Any) -> Item:
    """An exhibit's item, decided as ``outcome`` (`OUTCOMES`), in limbo without one."""
    number = team.case.exhibits.count() % 19 + 1
    # What is sensitive is about something else: else the lint finds it given away by the others
    description = SECRET.replace("14/03", f"{number:02}/03") if outcome == "mg6d" else words(number)
    values = {"description": description, "location": PLACE} | exhibit
    item = actions.ensure_item(make_exhibit(team.investigator, team.case, **values))
    if outcome:
        redecide(team, item, outcome)
    return item


def redecide(team: Team, item: Item, outcome: str) -> None:
    """Decide about an item."""
    actions.decide(team.officer, item, **OUTCOMES[outcome], reason="For the reasons in the policy file")
    item.refresh_from_db()


def drafted(team: Team, kind: str = "MG6C", rows: int = 2) -> ScheduleVersion:
    """A draft by the officer, with so many new rows."""
    for _ in range(rows):
        make_item(team, kind.lower())
    return actions.draft_schedule(team.officer, team.case, kind)


def checked(team: Team, version: ScheduleVersion) -> ScheduleVersion:
    """The same version, checked by the supervisor."""
    actions.send_to_qa(team.officer, version)
    actions.check(team.supervisor, version)
    return version


def certified(team: Team, kind: str = "MG6C", rows: int = 2) -> ScheduleVersion:
    """A certified version."""
    version = checked(team, drafted(team, kind, rows))
    account_for_rest(team)
    actions.certify(team.officer, version)
    return version


def account_for_rest(team: Team) -> None:
    """What else the case holds is evidence: nothing is left in limbo."""
    for item in completeness.unaccounted(team.case):
        actions.decide(team.officer, item, use="used")


def submitted(team: Team, kind: str = "MG6C", rows: int = 2) -> ScheduleVersion:
    """A submitted version."""
    version = certified(team, kind, rows)
    actions.submit(team.officer, version)
    return version


def printed_rows(version: ScheduleVersion) -> list[tuple[int | None, str, bool]]:
    """Number, words and whether withdrawn, in order."""
    return [(row.position, row.description, row.withdrawn) for row in Row.objects.filter(version=version)]
