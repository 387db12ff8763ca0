"""A case with the people that disclosure needs, and schedules brought as far as a test wants, by the actions that pages call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from cases.models import Case
from disclosure import actions, blocks, completeness, fencing
from disclosure.fence_triggers import LIFTED
from disclosure.forms import OUTCOMES
from disclosure.models import Block, Fence, Item, Row, ScheduleVersion
from tests.factories import SEIZED_AT, make_case, make_exhibit, make_force, make_user

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


SIGNED_FOR = "a delivery signed for by the porter"
RECEIPT = f"Receipt of 1 March 2026 from the parcel firm's machine, {SIGNED_FOR}, 1 page"
BLOCK = {
    "title": "Automatic receipts by the parcel firm's system for deliveries to the hall of residence, which show when the porter"
    " was at the desk",
    "location": PLACE,
    "why": "Each says the same but for its number: one by one they would tell no more",
}
SECRET_BLOCK = {
    "title": "Plans by two constables of lofts and skylights along the terrace, which show where the watching was done from",
    "location": "Force intelligence store",
    "why": "Each sketches one and the same loft",
}


def make_receipts(team: Team, count: int, outcome: str = "mg6c") -> list[Item]:
    """Similar items, seized on one day after another."""
    first = SEIZED_AT - timedelta(days=count - 1)
    return [
        make_item(team, outcome, seized_at=first + timedelta(days=number), kind="other", **({} if outcome == "mg6d" else words))
        for number in range(count)
        for words in [{"description": RECEIPT.replace("1 March", f"{number % 28 + 1} March")}]
    ]


def make_block(team: Team, count: int = 3, outcome: str = "mg6c", **words: str) -> Block:
    """So many similar items as one block."""
    items = make_receipts(team, count, outcome)
    known = SECRET_BLOCK if outcome == "mg6d" else BLOCK
    return blocks.make(team.officer, team.case, [item.pk for item in items], **(known | words))


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
    """What else the case holds is evidence: nothing is left in limbo, and nothing closed."""
    for fence in Fence.objects.filter(exhibit__case=team.case):
        if fence.step in LIFTED:
            continue
        if fence.kind == Fence.Kind.PRIVILEGE:
            fencing.instruct(team.officer, fence, person="Rhona Vance KC", body="Carden Row", on=timezone.localdate())
            fencing.determine(team.officer, fence, "not_privileged", on=timezone.localdate(), reason="A shopping list")
        else:
            fencing.clear(team.supervisor, fence, on=timezone.localdate(), reason="A stamp of a play")
    for item in completeness.unaccounted(team.case):
        actions.decide(team.officer, item, use="used")


def submitted(team: Team, kind: str = "MG6C", rows: int = 2) -> ScheduleVersion:
    """A submitted version. The rest of its set is certified, nil, and not submitted."""
    return submitted_each(team, {kind: rows})[kind]


def submitted_each(team: Team, rows: dict[str, int]) -> dict[str, ScheduleVersion]:
    """A submitted version of each of these kinds, with so many new rows. The rest of the set is certified, nil."""
    made = {kind: certified(team, kind, rows[kind]) for kind in completeness.SET if kind in rows}
    for version in made.values():
        certify_rest(team, version)
    for version in made.values():
        actions.submit(team.officer, version)
    return made


def certify_rest(team: Team, version: ScheduleVersion) -> None:
    """Certify what the version's set still lacks, nil unless there is something to list."""
    for owed in completeness.owed_before(version):
        certified(team, owed.kind, rows=0)


def printed_rows(version: ScheduleVersion) -> list[tuple[int | None, str, bool]]:
    """Number, words and whether withdrawn, in order."""
    return [(row.position, row.description, row.withdrawn) for row in Row.objects.filter(version=version)]
