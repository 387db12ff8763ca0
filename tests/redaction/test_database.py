"""What the database itself refuses, as the application's role, past the Python code."""

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest

from accounts.models import User
from redaction import actions
from redaction.models import Document, Release
from tests.factories import run_jobs
from tests.redaction.arrange import asked, decided, make_team, verified

pytestmark = pytest.mark.django_db(transaction=True)

STATE = "INSERT INTO redaction_releasestate (release_id, state, by_id, reason, at) VALUES (%s, %s, %s, '', now())"
DECISION = (
    "INSERT INTO redaction_proposaldecision (proposal_id, document_id, verdict, category_id, reason, by_id, at)"
    " VALUES (%s, %s, 'accept', 'TEL', '', %s, now())"
)
DRAWN = (
    "INSERT INTO redaction_proposal (id, document_id, page, boxes, category_id, source, rule, by_id, at)"
    " VALUES (gen_random_uuid(), %s, 0, '[[1,1,9,9]]', 'FAC', 'hand', '', %s, now())"
)


def refused(connection: Any, statement: str, values: list[Any]) -> str:
    with pytest.raises(psycopg2.Error) as caught, connection.cursor() as cursor:
        cursor.execute(statement, [str(value) if value is not None else None for value in values])
    connection.rollback()
    return str(caught.value)


def put_state(release: Release, state: str, user: User | None = None) -> list[Any]:
    return [release.pk, state, user.pk if user else None]


def test_an_approver_who_decided_or_drew_is_refused(app_connection: Any) -> None:
    team = make_team()
    document, release = asked(team)
    actions.accept_rest(team.redactor, document)
    actions.draw(team.colleague, document, 0, [1, 1, 30, 30], "FAC")
    actions.ask_approval(team.redactor, release)
    for decider in (team.redactor, team.colleague):
        assert "neither approve nor release" in refused(app_connection, STATE, put_state(release, "approved", decider))


def test_nobody_approves_as_the_system(app_connection: Any) -> None:
    team = make_team()
    _, release = decided(team)
    actions.ask_approval(team.redactor, release)
    assert "is named" in refused(app_connection, STATE, put_state(release, "approved"))


def test_an_approver_who_decides_later_is_refused(app_connection: Any) -> None:
    team = make_team()
    document, _ = verified(team)
    proposal = document.proposals.first()
    assert proposal is not None
    values = [proposal.pk, document.pk, team.approver.pk]
    assert "may not decide in it" in refused(app_connection, DECISION, values)
    assert "may not decide in it" in refused(app_connection, DRAWN, [document.pk, team.approver.pk])


def test_decisions_are_frozen_while_the_approver_has_them(app_connection: Any) -> None:
    team = make_team()
    document, release = decided(team)
    actions.ask_approval(team.redactor, release)
    proposal = document.proposals.first()
    assert proposal is not None
    assert "send it back" in refused(app_connection, DECISION, [proposal.pk, document.pk, team.redactor.pk])


def test_a_decision_on_another_documents_proposal_is_refused(app_connection: Any) -> None:
    team = make_team()
    first, _ = asked(team)
    second, _ = asked(team)
    proposal = first.proposals.first()
    assert proposal is not None
    assert "of the document of its proposal" in refused(app_connection, DECISION, [proposal.pk, second.pk, team.redactor.pk])


@pytest.mark.parametrize("state", ["approved", "applied", "verified", "released", "recalled", "asked"])
def test_states_are_not_skipped(app_connection: Any, state: str) -> None:
    team = make_team()
    _, release = decided(team)
    assert "does not follow" in refused(app_connection, STATE, put_state(release, state, team.approver))


def test_undecided_proposals_are_not_sent_for_approval(app_connection: Any) -> None:
    team = make_team()
    _, release = asked(team)
    assert "undecided" in refused(app_connection, STATE, put_state(release, "for_approval", team.redactor))


def test_only_a_checked_copy_is_verified_or_released(app_connection: Any, superuser_connection: Any) -> None:
    team = make_team()
    _, release = decided(team)
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    run_jobs("redaction.burn_in")
    assert "leak check" in refused(app_connection, STATE, put_state(release, "verified"))
    run_jobs()
    assert release.current().state == "verified"
    # Its bytes are found changed after the check
    with superuser_connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        release.refresh_from_db()
        cursor.execute("UPDATE evidence_blob SET state = 'quarantined' WHERE copy_id = %s", [str(release.output_id)])
    superuser_connection.commit()
    assert "leak check" in refused(app_connection, STATE, put_state(release, "released", team.approver))


@pytest.mark.parametrize(
    "table", ["redaction_proposal", "redaction_proposaldecision", "redaction_releasestate", "redaction_leakcheck"]
)
def test_nothing_decided_is_changed_or_removed(
    app_connection: Any, owner_connection: Any, table: str, connect_as: Callable[[str], Any]
) -> None:
    verified(make_team())
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET at = now()", f"TRUNCATE {table} CASCADE"):
        refused(app_connection, statement, [])
        refused(owner_connection, statement, [])


@pytest.mark.parametrize("table", ["redaction_document", "redaction_release"])
def test_documents_and_releases_stay(app_connection: Any, owner_connection: Any, table: str) -> None:
    verified(make_team())
    assert Document.objects.exists()
    for connection in (app_connection, owner_connection):
        refused(connection, f"DELETE FROM {table}", [])
        refused(connection, f"TRUNCATE {table} CASCADE", [])
