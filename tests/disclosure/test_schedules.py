"""A schedule from draft to submission: its rows, its numbers, who may take which step, and what is certified."""

import hashlib
import json
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import Notification, Role, User
from audit.actions import Refused
from audit.models import Event
from cases import actions as case_actions
from disclosure import actions
from disclosure.models import Row, RowEdit, ScheduleNumber, ScheduleVersion, VersionState
from tests.disclosure.arrange import (
    FULLER,
    PLACE,
    WORDS,
    certified,
    certify_rest,
    checked,
    drafted,
    make_item,
    make_team,
    printed_rows,
    redecide,
    submitted,
    words,
)
from tests.factories import make_complainant, make_user

pytestmark = pytest.mark.django_db


def row(version: ScheduleVersion, position: int) -> Row:
    return Row.objects.select_related("version__schedule__case").get(version=version, position=position)


def write(user: User, found: Row, description: str = WORDS, location: str = PLACE, **words: str) -> Row:
    return actions.write_row(user, found, description=description, location=location, **words)


def check_constraints() -> None:
    """What waits for the commit, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_draft_lists_what_is_unused_and_relevant_in_the_order_it_came_in() -> None:
    team = make_team()
    make_item(team, "used", description="Used")
    make_item(team, "mg6c", description="First")
    make_item(team, "not_relevant", description="Not relevant")
    make_item(team, "mg6d", description="Secret")
    make_item(team, "", description="In limbo")
    make_item(team, "mg6c", description="Second")
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    assert version.state == "draft"
    assert printed_rows(version) == [(1, "First", False), (2, "Second", False)]
    sensitive = actions.draft_schedule(team.officer, team.case, "MG6D")
    assert printed_rows(sensitive) == [(1, "Secret", False)]
    assert Row.objects.get(version=sensitive).sensitivity_reason == "For the reasons in the policy file"


def test_a_draft_is_brought_up_to_date_and_numbers_stay_dense() -> None:
    team = make_team()
    items = [make_item(team, "mg6c", description=name) for name in ("A", "B", "C")]
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    redecide(team, items[0], "used")
    make_item(team, "mg6c", description="D")
    assert actions.draft_schedule(team.deputy, team.case, "MG6C") == version
    assert printed_rows(version) == [(1, "B", False), (2, "C", False), (3, "D", False), (None, "", True)]


def test_an_item_that_comes_back_gets_its_row_back() -> None:
    team = make_team()
    item = make_item(team, "mg6c", description="A")
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    redecide(team, item, "used")
    actions.draft_schedule(team.officer, team.case, "MG6C")
    redecide(team, item, "mg6c")
    actions.draft_schedule(team.officer, team.case, "MG6C")
    assert printed_rows(version) == [(1, "A", False)]


def test_the_whole_way() -> None:
    team = make_team()
    version = submitted(team)
    check_constraints()
    states = version.states.values_list("state", "by")
    assert list(states) == [
        ("draft", team.officer.pk),
        ("in_qa", team.officer.pk),
        ("checked", team.supervisor.pk),
        ("certified", team.officer.pk),
        ("submitted", team.officer.pk),
    ]
    verbs = [event.verb for event in Event.objects.about("scheduleversion", version.pk).in_order()]
    assert verbs == ["schedule.drafted", "schedule.sent_to_qa", "schedule.checked", "schedule.certified", "schedule.submitted"]


def test_the_certificate_is_the_hash_of_what_is_certified() -> None:
    team = make_team()
    version = certified(team)
    certificate = version.certificate
    assert hashlib.sha256(certificate.content.encode()).hexdigest() == certificate.sha256
    content = json.loads(certificate.content)
    row = {"withdrawn": False, "location": PLACE}
    assert content["rows"] == [row | {"number": number, "description": words(number)} for number in (1, 2)]
    assert content["certified_by"] == str(team.officer)
    assert content["certified_as"] == "Disclosure officer"
    assert content["statement"] == certificate.statement
    event = Event.objects.about("scheduleversion", version.pk).with_verb("schedule.certified").get()
    assert event.after is not None
    assert event.after["sha256"] == certificate.sha256


def test_what_nobody_has_examined_is_certified_as_such() -> None:
    team = make_team()
    make_item(team, "unexamined")
    version = certified(team, rows=1)
    assert json.loads(version.certificate.content)["unexamined"] == "1 item held in the case has not yet been examined."


def test_a_nil_schedule_is_certified_too() -> None:
    team = make_team()
    version = submitted(team, "MG6D", rows=0)
    assert json.loads(version.certificate.content)["rows"] == []


@pytest.mark.parametrize("description", ["", "MG11", "Form MG 11", "form mg6c.", "Officer's notes", "scan0001.pdf"])
def test_a_description_that_says_nothing_stays_with_its_author(description: str) -> None:
    team = make_team()
    version = drafted(team)
    write(team.officer, row(version, 2), description=description)
    with pytest.raises(ValidationError, match="Row 2"):
        actions.send_to_qa(team.officer, version)
    assert ScheduleVersion.objects.with_state().get(pk=version.pk).state == "draft"


def test_a_row_without_location_stays_with_its_author() -> None:
    team = make_team()
    version = drafted(team)
    write(team.officer, row(version, 1), location=" ")
    with pytest.raises(ValidationError, match="Row 1: enter where it is kept"):
        actions.send_to_qa(team.officer, version)


def test_a_row_whose_item_is_decided_otherwise_stops_the_version() -> None:
    team = make_team()
    item = make_item(team, "mg6c")
    version = checked(team, actions.draft_schedule(team.officer, team.case, "MG6C"))
    redecide(team, item, "mg6d")
    with pytest.raises(ValidationError, match="decided otherwise"):
        actions.certify(team.officer, version)


def test_nobody_checks_what_they_wrote() -> None:
    team = make_team()
    both = make_user(Role.SUPERVISOR, Role.DEPUTY_DISCLOSURE, organisation=team.case.organisation)
    for role in (Role.SUPERVISOR, Role.DEPUTY_DISCLOSURE):
        case_actions.add_team_member(team.investigator, team.case, both, role)
    version = drafted(team)
    write(
        both,
        row(version, 1),
        description=FULLER,
    )
    actions.send_to_qa(team.officer, version)
    with pytest.raises(Refused, match="another supervisor"):
        actions.check(both, version)
    assert Event.objects.filter(verb="disclosure.check.refused", actor_id=both.pk).exists()
    actions.check(team.supervisor, version)
    assert version.state == "checked"


def test_nobody_certifies_what_they_checked() -> None:
    team = make_team()
    both = make_user(Role.SUPERVISOR, Role.DISCLOSURE, organisation=team.case.organisation)
    for role in (Role.SUPERVISOR, Role.DISCLOSURE):
        case_actions.add_team_member(team.investigator, team.case, both, role)
    version = drafted(team)
    actions.send_to_qa(team.officer, version)
    actions.check(both, version)
    with pytest.raises(Refused, match="somebody else must certify"):
        actions.certify(both, version)
    actions.certify(team.officer, version)


@pytest.mark.parametrize(
    ("step", "allowed"),
    [
        ("draft", {"officer", "deputy"}),
        ("send", {"officer", "deputy"}),
        ("check", {"supervisor"}),
        ("return", {"officer", "supervisor"}),
        ("certify", {"officer"}),
        ("submit", {"officer"}),
    ],
)
@pytest.mark.parametrize("who", ["investigator", "officer", "deputy", "supervisor", "redactor"])
def test_each_step_belongs_to_a_role(step: str, allowed: set[str], who: str) -> None:
    team = make_team()
    user = getattr(team, who)
    version = drafted(team, rows=1) if step not in ("certify", "submit") else None
    if step in ("check", "return"):
        assert version
        actions.send_to_qa(team.deputy, version)
    if step == "certify":
        version = checked(team, drafted(team, rows=1))
    if step == "submit":
        version = certified(team, rows=1)
        certify_rest(team, version)
    assert version
    acts: dict[str, Callable[[], object]] = {
        "draft": lambda: actions.draft_schedule(user, team.case, "MG6C"),
        "send": lambda: actions.send_to_qa(user, version),
        "check": lambda: actions.check(user, version),
        "return": lambda: actions.return_to_author(user, version, "Row 1 says too little"),
        "certify": lambda: actions.certify(user, version),
        "submit": lambda: actions.submit(user, version),
    }
    if who in allowed:
        acts[step]()
    else:
        with pytest.raises(Refused):
            acts[step]()


def test_a_version_comes_back_with_a_reason_and_goes_again() -> None:
    team = make_team()
    version = checked(team, drafted(team))
    with pytest.raises(ValidationError):
        actions.return_to_author(team.supervisor, version, " ")
    actions.return_to_author(team.supervisor, version, "Row 1: say who wrote it")
    assert version.state == "draft"
    assert VersionState.objects.filter(version=version).last().reason == "Row 1: say who wrote it"  # type: ignore[union-attr]
    assert Notification.objects.filter(user=team.officer, text__contains="has come back").exists()
    write(
        team.deputy,
        row(version, 1),
        description=FULLER,
    )
    checked(team, version)
    actions.certify(team.officer, version)


def test_steps_out_of_order_are_refused() -> None:
    team = make_team()
    version = drafted(team)
    for step in (
        lambda: actions.check(team.supervisor, version),
        lambda: actions.certify(team.officer, version),
        lambda: actions.submit(team.officer, version),
        lambda: actions.new_version(team.officer, version.schedule),
        lambda: actions.return_to_author(team.supervisor, version, "No"),
    ):
        with pytest.raises(ValidationError):
            step()
    actions.send_to_qa(team.officer, version)
    with pytest.raises(ValidationError, match="with the supervisor"):
        write(team.officer, row(version, 1), description="Later words about the night manager's statement")
    with pytest.raises(ValidationError, match="come back to its author"):
        actions.draft_schedule(team.officer, team.case, "MG6C")


def test_a_complainants_name_keeps_a_version_with_its_author_and_each_look_is_logged() -> None:
    team = make_team()
    make_complainant(team.investigator, team.case, identity={"names": ["Marianne Thistlewood"], "phones": ["07700 900461"]})
    version = drafted(team)
    write(team.officer, row(version, 1), description=f"{WORDS}; Ms THISTLEWOOD was there")
    write(team.officer, row(version, 2), description=f"{WORDS}, with calls from 07700900461")
    with pytest.raises(ValidationError) as caught:
        actions.send_to_qa(team.officer, version)
    assert [message[:5] for message in caught.value.messages] == ["Row 1", "Row 2"]
    assert "histlewood" not in str(caught.value).lower()
    assert version.states.last().state == "draft"  # type: ignore[union-attr]
    read = Event.objects.for_case(team.case.pk).filter(verb="identities.read")
    assert read.count() == 1
    write(team.officer, row(version, 1), description=f"{WORDS}; Complainant A was there")
    write(team.officer, row(version, 2), description=f"{WORDS}, with calls from Complainant A")
    checked(team, version)
    assert read.count() == 2
    other = {"names": ["Night Manager"]}
    case_actions.add_person(team.investigator, team.case, kind="complainant", label="Complainant B", identity=other)
    with pytest.raises(ValidationError, match="identifies a complainant"):
        actions.certify(team.officer, version)
    assert version.states.last().state == "checked"  # type: ignore[union-attr]
    assert read.count() == 3


def test_numbers_go_on_through_versions_and_a_withdrawn_row_says_nothing() -> None:
    team = make_team()
    a, c, d = (words(number) for number in (1, 2, 3))
    b = "Receipt of 3 April 2026 from the locksmith, 1 page, for cutting a pair of brass latchkeys"
    items = [make_item(team, "mg6c", description=text) for text in (a, b, c)]
    first = checked(team, actions.draft_schedule(team.officer, team.case, "MG6C"))
    actions.certify(team.officer, first)
    certify_rest(team, first)
    actions.submit(team.officer, first)
    redecide(team, items[1], "mg6d")
    actions.draft_schedule(team.officer, team.case, "MG6D")
    make_item(team, "mg6c", description=d)
    second = actions.new_version(team.officer, first.schedule)
    assert printed_rows(second) == [
        (1, a, False),
        (2, "", True),
        (3, c, False),
        (4, d, False),
    ]
    checked(team, second)
    actions.certify(team.officer, second)
    assert json.loads(second.certificate.content)["rows"][1] == {"number": 2, "withdrawn": True}
    actions.submit(team.officer, second)
    assert first.states.last().state == "superseded"  # type: ignore[union-attr]
    assert printed_rows(first)[1] == (2, b, False)
    numbers = ScheduleNumber.objects.filter(case=team.case, kind="MG6C").values_list("number", "item")
    assert [number for number, _ in numbers] == [1, 2, 3, 4]
    # Back again: the same number
    redecide(team, items[1], "mg6c")
    third = actions.new_version(team.officer, first.schedule)
    assert printed_rows(third)[1] == (2, b, False)
    check_constraints()


def test_whoever_wrote_words_that_are_carried_over_does_not_check_them() -> None:
    team = make_team()
    both = make_user(Role.SUPERVISOR, Role.DEPUTY_DISCLOSURE, organisation=team.case.organisation)
    for role in (Role.SUPERVISOR, Role.DEPUTY_DISCLOSURE):
        case_actions.add_team_member(team.investigator, team.case, both, role)
    version = drafted(team)
    write(
        both,
        row(version, 1),
        description=FULLER,
    )
    checked(team, version)
    actions.certify(team.officer, version)
    second = actions.new_version(team.officer, version.schedule)
    actions.send_to_qa(team.officer, second)
    with pytest.raises(Refused):
        actions.check(both, second)


def test_edits_are_kept_with_before_and_after() -> None:
    team = make_team()
    version = drafted(team, rows=1)
    write(team.deputy, row(version, 1), description="Statement by the night manager about the door, 2 pages")
    first, second = RowEdit.objects.filter(version=version)
    assert (first.by, first.before) == (team.officer, None)
    assert second.by == team.deputy
    assert second.before == {"description": WORDS, "location": PLACE, "sensitivity_reason": "", "withdrawn": False}
    assert second.after["description"] == "Statement by the night manager about the door, 2 pages"


def test_a_row_changed_meanwhile_is_not_overwritten() -> None:
    team = make_team()
    version = drafted(team, rows=1)
    seen = row(version, 1).edited_at.isoformat()
    write(team.deputy, row(version, 1), description="Statement by the night manager about the door, 2 pages", seen=seen)
    with pytest.raises(ValidationError, match="meanwhile"):
        write(team.officer, row(version, 1), description="Something else about the manager and the door", seen=seen)


def test_a_later_certified_version_is_the_one_to_submit() -> None:
    team = make_team()
    first = certified(team)
    second = checked(team, actions.new_version(team.officer, first.schedule))
    actions.certify(team.officer, second)
    certify_rest(team, second)
    with pytest.raises(ValidationError, match="later version"):
        actions.submit(team.officer, first)
    actions.submit(team.officer, second)


def test_an_mg6d_is_told_to_nobody_else() -> None:
    team = make_team()
    submitted(team, "MG6D")
    assert not Notification.objects.filter(user__in=[team.investigator, team.redactor], text__contains="MG6D").exists()
