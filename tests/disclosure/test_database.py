"""What the database refuses to the application's own role, by SQL that passes the actions by."""

import hashlib
import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.db import connection as django_connection
from psycopg2.extensions import connection as Connection

from accounts.models import Role
from cases import actions as case_actions
from disclosure import actions, prosecution
from disclosure.models import Item, Row, ScheduleNumber, ScheduleVersion
from tests.disclosure.arrange import (
    FULLER,
    PLACE,
    WORDS,
    Team,
    certified,
    certify_rest,
    checked,
    drafted,
    make_item,
    make_team,
    submitted,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

NOT_ALLOWED = psycopg2.errors.InsufficientPrivilege
REFUSED = psycopg2.errors.IntegrityConstraintViolation


def run(connection: Connection, sql: str, *values: Any) -> None:
    """One statement, committed: what waits for the commit is refused here too."""
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql, [str(value) if isinstance(value, uuid.UUID) else value for value in values])
    finally:
        connection.rollback()


def refused(connection: Connection, error: type[Exception], sql: str, *values: Any) -> str:
    with pytest.raises(error) as caught:
        run(connection, sql, *values)
    return str(caught.value)


def enter(connection: Connection, version: ScheduleVersion, state: str, by: Any, reason: str = "") -> None:
    run(
        connection,
        "INSERT INTO disclosure_versionstate (version_id, state, by_id, reason, at) VALUES (%s, %s, %s, %s, now())",
        version.id,
        state,
        by.id,
        reason,
    )


def refused_state(connection: Connection, version: ScheduleVersion, state: str, by: Any, reason: str = "") -> str:
    with pytest.raises(REFUSED) as caught:
        enter(connection, version, state, by, reason)
    return str(caught.value)


@pytest.mark.parametrize(
    "table",
    [
        "disclosure_decision",
        "disclosure_schedule",
        "disclosure_schedulenumber",
        "disclosure_scheduleversion",
        "disclosure_versionstate",
        "disclosure_rowedit",
        "disclosure_certificate",
        "disclosure_certifiedrow",
        "disclosure_endorsement",
        "disclosure_row",
        "disclosure_item",
    ],
)
@pytest.mark.parametrize("what", ["DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_nothing_is_deleted(app_connection: Connection, owner_connection: Connection, table: str, what: str) -> None:
    team = make_team()
    submitted(team)
    refused(app_connection, NOT_ALLOWED, what.format(table))
    if table != "disclosure_endorsement":
        # The owner has the right, and the trigger still refuses
        refused(owner_connection, psycopg2.Error, what.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE disclosure_decision SET reason = 'another'",
        "UPDATE disclosure_schedule SET kind = 'MG6D'",
        "UPDATE disclosure_schedulenumber SET number = number + 10",
        "UPDATE disclosure_scheduleversion SET number = 9",
        "UPDATE disclosure_versionstate SET state = 'draft'",
        "UPDATE disclosure_rowedit SET before = NULL",
        "UPDATE disclosure_certificate SET statement = 'another'",
        "UPDATE disclosure_certifiedrow SET said = '{}'",
        "UPDATE disclosure_item SET case_id = gen_random_uuid()",
    ],
)
def test_what_is_kept_never_changes(app_connection: Connection, owner_connection: Connection, statement: str) -> None:
    submitted(make_team())
    refused(app_connection, NOT_ALLOWED, statement)
    refused(owner_connection, psycopg2.Error, statement)


# ---- items -----------------------------------------------------------------------------------------------------------


def test_only_a_decision_changes_an_item(app_connection: Connection) -> None:
    item = make_item(make_team(), "mg6d")
    message = refused(app_connection, REFUSED, "UPDATE disclosure_item SET sensitivity = 'not_sensitive'")
    assert "Only a decision" in message
    item.refresh_from_db()
    assert item.sensitivity == "sensitive"


def test_an_item_begins_undecided_and_in_its_exhibits_case(app_connection: Connection) -> None:
    team, other = make_team(), make_team()
    item = make_item(team)
    insert = (
        "INSERT INTO disclosure_item (id, case_id, exhibit_id, locator, use, relevance, sensitivity, created_at)"
        " VALUES (gen_random_uuid(), %s, %s, '{\"pages\": [1, 2]}', %s, '', '', now())"
    )
    refused(app_connection, REFUSED, insert, team.case.id, item.exhibit_id, "used")
    refused(app_connection, REFUSED, insert, other.case.id, item.exhibit_id, "")
    run(app_connection, insert, team.case.id, item.exhibit_id, "")
    whole = insert.replace("'{\"pages\": [1, 2]}'", "NULL")
    refused(app_connection, psycopg2.errors.UniqueViolation, whole, team.case.id, item.exhibit_id, "")


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("relevance", "clearly_not_relevant", ""),
        ("relevance", "clearly_not_relevant", "  "),
        ("sensitivity", "sensitive", ""),
        ("use", "relevant", "words"),
        ("colour", "red", "words"),
    ],
)
def test_a_decision_has_its_reason_and_a_value_of_its_field(
    app_connection: Connection, field: str, value: str, reason: str
) -> None:
    team = make_team()
    item = make_item(team)
    insert = "INSERT INTO disclosure_decision (item_id, field, value, reason, by_id, at) VALUES (%s, %s, %s, %s, %s, now())"
    refused(app_connection, psycopg2.errors.CheckViolation, insert, item.id, field, value, reason, team.officer.id)


def test_a_decision_is_not_slipped_in_before_others(app_connection: Connection) -> None:
    team = make_team()
    item = make_item(team, "used")
    insert = (
        "INSERT INTO disclosure_decision (id, item_id, field, value, reason, by_id, at)"
        " VALUES (0, %s, 'use', 'unused', '', %s, now())"
    )
    refused(app_connection, REFUSED, insert, item.id, team.officer.id)


# ---- states ----------------------------------------------------------------------------------------------------------


def test_states_follow_each_other(app_connection: Connection) -> None:
    team = make_team()
    version = drafted(team)
    for state in ("checked", "certified", "submitted", "endorsed", "served", "superseded", "draft", "nonsense"):
        assert "can not go from draft" in refused_state(app_connection, version, state, team.supervisor, "because")
    enter(app_connection, version, "in_qa", team.officer)
    assert "needs a reason" in refused_state(app_connection, version, "draft", team.supervisor)
    enter(app_connection, version, "draft", team.supervisor, "Mend row 1")


def test_a_whole_chain_in_one_statement_is_checked_step_by_step(app_connection: Connection) -> None:
    team = make_team()
    version = drafted(team)
    chain = (
        "INSERT INTO disclosure_versionstate (version_id, state, by_id, reason, at)"
        " SELECT %s, state, %s, '', now() FROM unnest(ARRAY['in_qa', 'checked']) state"
    )
    assert "checks what they wrote" in refused(app_connection, REFUSED, chain, version.id, team.officer.id)
    assert "can not go" in refused(
        app_connection, REFUSED, chain.replace("'in_qa', 'checked'", "'in_qa', 'certified'"), version.id, team.officer.id
    )


def test_a_deputy_who_wrote_a_row_does_not_check(app_connection: Connection) -> None:
    team = make_team()
    version = drafted(team)
    row = Row.objects.select_related("version__schedule__case").filter(version=version).first()
    assert row
    actions.write_row(
        team.deputy,
        row,
        description=FULLER,
        location="Store 3",
    )
    actions.send_to_qa(team.officer, version)
    for author in (team.officer, team.deputy):
        assert "checks what they wrote" in refused_state(app_connection, version, "checked", author)
    enter(app_connection, version, "checked", team.supervisor)


def test_a_row_changed_by_sql_names_its_author_for_the_check(app_connection: Connection) -> None:
    team = make_team()
    version = drafted(team)
    change = "UPDATE disclosure_row SET description = 'Other words', edited_by_id = %s"
    assert "who made it and when" in refused(app_connection, REFUSED, change, team.supervisor.id)
    run(app_connection, f"{change}, edited_at = now() + interval '1 second'", team.supervisor.id)
    enter(app_connection, version, "in_qa", team.officer)
    refused_state(app_connection, version, "checked", team.supervisor)


def test_an_edit_is_written_by_its_row_only(app_connection: Connection) -> None:
    team = make_team()
    version = drafted(team, rows=1)
    insert = (
        "INSERT INTO disclosure_rowedit (row_id, version_id, by_id, at, after)"
        " SELECT id, version_id, %s, now(), '{}' FROM disclosure_row"
    )
    refused(app_connection, REFUSED, insert, team.supervisor.id)
    assert version.edits.count() == 1


def test_incomplete_rows_go_to_nobody(app_connection: Connection) -> None:
    team = make_team()
    version = drafted(team)
    run(app_connection, "UPDATE disclosure_row SET location = ' ', edited_at = now() + interval '1 second' WHERE position = 1")
    assert "lacks" in refused_state(app_connection, version, "in_qa", team.officer)


def test_a_version_is_certified_with_a_certificate_by_who_signed_it(app_connection: Connection) -> None:
    team = make_team()
    version = checked(team, drafted(team))
    assert "has a certificate" in refused_state(app_connection, version, "certified", team.officer)
    sign = (
        "INSERT INTO disclosure_certificate (version_id, statement, content, sha256, by_id, at)"
        " VALUES (%s, 's', '{}', %s, %s, now())"
    )
    assert "that of its content" in refused(app_connection, REFUSED, sign, version.id, "0" * 64, team.officer.id)
    # A certificate without the state, and the state without the numbers
    good = hashlib.sha256(b"{}").hexdigest()
    assert "certifies its version" in refused(app_connection, REFUSED, sign, version.id, good, team.officer.id)
    both = (
        f"WITH signed AS ({sign}) INSERT INTO disclosure_versionstate (version_id, state, by_id, reason, at)"
        " VALUES (%s, 'certified', %s, '', now())"
    )
    refused(app_connection, REFUSED, both, version.id, good, team.officer.id, version.id, team.deputy.id)


def test_a_certificate_says_what_the_rows_say(app_connection: Connection) -> None:
    team = make_team()
    version = checked(team, drafted(team, rows=1))
    item = Item.objects.get(case=team.case)

    def certify(content: dict[str, Any]) -> None:
        text = json.dumps(content)
        with app_connection, app_connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO disclosure_schedulenumber (case_id, kind, number, item_id, at) VALUES (%s, 'MG6C', 1, %s, now())",
                [str(team.case.id), str(item.id)],
            )
            cursor.execute(
                "INSERT INTO disclosure_certificate (version_id, statement, content, sha256, by_id, at)"
                " VALUES (%s, 's', %s, %s, %s, now())",
                [str(version.id), text, hashlib.sha256(text.encode()).hexdigest(), str(team.officer.id)],
            )
            cursor.execute(
                "INSERT INTO disclosure_versionstate (version_id, state, by_id, reason, at)"
                " VALUES (%s, 'certified', %s, '', now())",
                [str(version.id), str(team.officer.id)],
            )

    row = {"number": 1, "withdrawn": False, "description": WORDS, "location": PLACE}
    for content in (
        {"form": "MG6C", "rows": []},
        {"form": "MG6C", "rows": [row | {"description": "Other words"}]},
        {"form": "MG6C", "rows": [row | {"presumption": "3a"}]},
        {"form": "MG6D", "rows": [row]},
        {},
    ):
        with pytest.raises(REFUSED, match="what the rows say"):
            certify(content)
    certify({"form": "MG6C", "rows": [row]})


def test_certified_rows_come_from_their_certificate_only(app_connection: Connection) -> None:
    version = submitted(make_team())
    insert = "INSERT INTO disclosure_certifiedrow (version_id, number, said) VALUES (%s, 9, '{}')"
    assert "taken from its certificate" in refused(app_connection, REFUSED, insert, version.id)
    rows = json.loads(version.certificate.content)["rows"]
    assert list(version.certified_rows.values_list("said", flat=True)) == rows


def test_whoever_checked_does_not_certify(app_connection: Connection) -> None:
    team = make_team()
    version = checked(team, drafted(team))
    assert "checked" in refused_state(app_connection, version, "certified", team.supervisor)


def test_an_mg6d_is_never_served(app_connection: Connection) -> None:
    team = make_team()
    version = submitted(team, "MG6D")
    assert "not endorsed" in refused_state(app_connection, version, "endorsed", team.officer)
    said = {number: prosecution.Entry("CND") for number in (1, 2)}
    prosecution.endorse(team.officer, version, said, prosecution.Source("A. Lawyer", "E-mail of 20/11/2026"))
    enter(app_connection, version, "endorsed", team.officer)
    assert "never served" in refused_state(app_connection, version, "served", team.officer)


def test_a_second_open_version_and_a_gap_are_refused(app_connection: Connection) -> None:
    team = make_team()
    version = drafted(team)
    insert = (
        "INSERT INTO disclosure_scheduleversion (id, schedule_id, number, created_by_id, created_at)"
        " VALUES (gen_random_uuid(), %s, %s, %s, now())"
    )
    assert "last one certified" in refused(app_connection, REFUSED, insert, version.schedule_id, 2, team.officer.id)
    checked(team, version)
    actions.certify(team.officer, version)
    assert "without gaps" in refused(app_connection, REFUSED, insert, version.schedule_id, 3, team.officer.id)


# ---- rows ------------------------------------------------------------------------------------------------------------

INSERT_ROW = (
    "INSERT INTO disclosure_row (id, version_id, item_id, position, description, location, sensitivity_reason, withdrawn,"
    " edited_by_id, edited_at) VALUES (gen_random_uuid(), %s, %s, %s, 'words', 'place', '', false, %s, now())"
)


@pytest.mark.parametrize("far", ["in_qa", "checked", "certified", "submitted"])
def test_rows_change_in_a_draft_only(app_connection: Connection, far: str) -> None:
    team = make_team()
    version = drafted(team)
    actions.send_to_qa(team.officer, version)
    if far != "in_qa":
        actions.check(team.supervisor, version)
    if far in ("certified", "submitted"):
        actions.certify(team.officer, version)
    if far == "submitted":
        certify_rest(team, version)
        actions.submit(team.officer, version)
    late = make_item(team, "mg6c")
    later = ", edited_at = now() + interval '1 second'"
    for change in (
        f"description = 'Other words'{later}",
        "position = position + 10",
        f"withdrawn = true{later}",
        "edited_at = now()",
    ):
        refused(app_connection, psycopg2.IntegrityError, f"UPDATE disclosure_row SET {change}")
    refused(app_connection, REFUSED, INSERT_ROW, version.id, late.id, 3, team.officer.id)


def test_a_row_stays_with_its_version_and_item(app_connection: Connection) -> None:
    team = make_team()
    drafted(team)
    refused(app_connection, REFUSED, "UPDATE disclosure_row SET item_id = (SELECT id FROM disclosure_item LIMIT 1 OFFSET 1)")


@pytest.mark.parametrize("outcome", ["", "used", "mg6d", "not_relevant"])
def test_an_item_that_does_not_belong_gets_no_row(app_connection: Connection, outcome: str) -> None:
    team = make_team()
    version = drafted(team)
    item = make_item(team, outcome)
    assert "does not belong" in refused(app_connection, REFUSED, INSERT_ROW, version.id, item.id, 3, team.officer.id)


def test_an_item_of_another_case_gets_no_row(app_connection: Connection) -> None:
    team = make_team()
    version = drafted(team)
    item = make_item(make_team(), "mg6c")
    refused(app_connection, REFUSED, INSERT_ROW, version.id, item.id, 3, team.officer.id)


def test_what_became_sensitive_is_not_certified_on_an_mg6c(app_connection: Connection) -> None:
    team = make_team()
    item = make_item(team, "mg6c")
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    actions.decide(team.officer, item, sensitivity="sensitive", reason="A live source")
    assert "does not belong" in refused_state(app_connection, version, "in_qa", team.officer)


def test_a_withdrawn_row_says_nothing(app_connection: Connection) -> None:
    drafted(make_team())
    sql = "UPDATE disclosure_row SET withdrawn = true, edited_at = now() + interval '1 second'"
    refused(app_connection, psycopg2.errors.CheckViolation, sql)


# ---- numbers ---------------------------------------------------------------------------------------------------------


def test_numbers_are_dense_and_given_at_certification(app_connection: Connection) -> None:
    team = make_team()
    version = certified(team)
    item = make_item(team, "mg6c")
    insert = "INSERT INTO disclosure_schedulenumber (case_id, kind, number, item_id, at) VALUES (%s, 'MG6C', %s, %s, now())"
    assert "without gaps" in refused(app_connection, REFUSED, insert, team.case.id, 7, item.id)
    assert "as a version is certified" in refused(app_connection, REFUSED, insert, team.case.id, 3, item.id)
    assert "case of its item" in refused(app_connection, REFUSED, insert, make_team().case.id, 1, item.id)
    assert list(ScheduleNumber.objects.filter(case=team.case).values_list("number", flat=True)) == [1, 2]
    assert version.states.count() == 4


def at_once(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Do all of these at the same time, each on a connection of its own; what each raised."""
    gate = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def one(number: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        except BaseException as error:
            raised[number] = error
        finally:
            django_connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def fresh(version: ScheduleVersion) -> ScheduleVersion:
    return ScheduleVersion.objects.select_related("schedule__case").get(pk=version.pk)


def second_schedule(team: Team) -> ScheduleVersion:
    """A later MG6C of the same case: its numbers go on with those of the first."""
    from disclosure import rows
    from disclosure.models import Schedule, VersionState

    item = make_item(team, "mg6c")
    schedule = Schedule.objects.create(case=team.case, kind="MG6C", ordinal=2)
    version = ScheduleVersion.objects.create(schedule=schedule, number=1, created_by=team.officer)
    VersionState.objects.create(version=version, state="draft", by=team.officer)
    row = Row.objects.create(
        version=version,
        item=item,
        position=1,
        description="Letter of 15 March 2026 by the manager, 2 pages, about the lock of the side door",
        location="Store",
        edited_by=team.officer,
    )
    rows.renumber(version)
    assert row.pk
    return version


def test_two_schedules_certified_at_once_share_one_sequence() -> None:
    team = make_team()
    first = checked(team, drafted(team, rows=3))
    second = checked(team, second_schedule(team))
    one, two = fresh(first), fresh(second)
    assert at_once(lambda: actions.certify(team.officer, one), lambda: actions.certify(team.officer, two)) == [None, None]
    numbers = list(ScheduleNumber.objects.filter(case=team.case, kind="MG6C").values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4]
    positions = [set(version.rows.values_list("position", flat=True)) for version in (first, second)]
    assert positions[0] | positions[1] == {1, 2, 3, 4}
    assert not positions[0] & positions[1]


def test_one_version_certified_by_two_officers_at_once_has_one_certificate() -> None:
    team = make_team()
    other = make_user(Role.DISCLOSURE, organisation=team.case.organisation)
    case_actions.add_team_member(team.investigator, team.case, other, Role.DISCLOSURE)
    version = checked(team, drafted(team))
    one, two = fresh(version), fresh(version)
    raised = at_once(lambda: actions.certify(team.officer, one), lambda: actions.certify(other, two))
    assert sum(error is None for error in raised) == 1
    assert version.states.filter(state="certified").count() == 1


def test_a_row_written_while_the_version_is_sent_is_either_in_it_or_refused() -> None:
    team = make_team()
    version = drafted(team)
    row = Row.objects.select_related("version__schedule__case").filter(version=version).first()
    assert row
    sent = fresh(version)
    raised = at_once(
        lambda: actions.send_to_qa(team.officer, sent),
        lambda: actions.write_row(
            team.deputy,
            row,
            description=FULLER,
            location="Store 4",
        ),
    )
    assert raised[0] is None
    written = Row.objects.get(pk=row.pk).description.startswith(FULLER)
    assert written == (raised[1] is None)


def test_two_drafts_at_once_are_one() -> None:
    team = make_team()
    for _ in range(3):
        make_item(team, "mg6c")
    raised = at_once(
        lambda: actions.draft_schedule(team.officer, team.case, "MG6C"),
        lambda: actions.draft_schedule(team.deputy, team.case, "MG6C"),
    )
    assert raised == [None, None]
    assert ScheduleVersion.objects.filter(schedule__case=team.case).count() == 1
    assert list(Row.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


def test_decisions_at_once_leave_the_latest_on_the_item() -> None:
    team = make_team()
    item = make_item(team)
    at_once(lambda: actions.decide(team.officer, item, use="used"), lambda: actions.decide(team.deputy, item, use="unused"))
    latest = item.decisions.order_by("-id").values_list("value", flat=True).first()
    assert Item.objects.get(pk=item.pk).use == latest
