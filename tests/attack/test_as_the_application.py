"""What the database itself refuses to the application's own role, asked in SQL past all Python code."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Role, User
from cases.models import Case
from disclosure import actions as disclosure
from disclosure.models import Schedule, ScheduleVersion
from evidence.models import CustodyEvent
from redaction import actions as redaction
from redaction.models import Audience, Document, Proposal, ProposalDecision, Release
from tests.attack.database import BROKEN_RULE, NOT_ALLOWED, Connection, done, new_id, one, refused
from tests.factories import make_case, make_exhibit, make_force, make_user, make_verified_exhibit, run_jobs
from tests.redaction.files import statement

WORDS = {
    "description": "CCTV recording of 31/10/2026 by the steward, 6 seconds, showing one person at the side door",
    "location": "Store",
}


@pytest.fixture
def team(transactional_db: None) -> dict[str, User]:
    force = make_force()
    roles = {
        "investigator": Role.INVESTIGATOR,
        "officer": Role.DISCLOSURE,
        "deputy": Role.DEPUTY_DISCLOSURE,
        "supervisor": Role.SUPERVISOR,
        "redactor": Role.REDACTOR,
        "other_redactor": Role.REDACTOR,
        "approver": Role.APPROVER,
    }
    return {name: make_user(role, organisation=force) for name, role in roles.items()}


@pytest.fixture
def case(team: dict[str, User]) -> Case:
    members = {user: user.grants.get().role for name, user in team.items() if name != "investigator"}
    return make_case(team["investigator"], team=members)


# ---- exhibits, custody, the log --------------------------------------------------------------------------------------


def test_an_exhibit_reference_is_never_used_twice_or_changed(team: dict[str, User], case: Case, app_connection: Connection) -> None:
    exhibit = make_exhibit(team["investigator"], case)
    columns = (
        "case_id, kind, description, seized_at, seized_where, seized_by, seal_number, location, state, created_by_id, created_at,"
        " within_marking"
    )
    copy = f"INSERT INTO evidence_exhibit (id, reference, {columns}) SELECT %s, %s, {columns} FROM evidence_exhibit WHERE id = %s"
    refused(app_connection, BROKEN_RULE, copy, new_id(), exhibit.reference, str(exhibit.id))
    # in another case of letters too: the form forbids small ones, the index ignores case
    refused(app_connection, BROKEN_RULE, copy, new_id(), exhibit.reference.lower(), str(exhibit.id))
    change = "UPDATE evidence_exhibit SET reference = 'ZZ/9' WHERE id = %s"
    refused(app_connection, BROKEN_RULE, change, str(exhibit.id), says="never changes")


@pytest.mark.parametrize(
    "table", ["evidence_custodyevent", "evidence_verification", "audit_event", "audit_eventdetail", "audit_leaf"]
)
def test_the_past_is_neither_changed_nor_deleted_nor_emptied(
    table: str, team: dict[str, User], case: Case, app_connection: Connection
) -> None:
    make_verified_exhibit(team["investigator"], case, data=b"bytes of a document")
    assert CustodyEvent.objects.exists()
    column = one(
        app_connection,
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER' LIMIT 1",
        table,
    )
    refused(app_connection, NOT_ALLOWED, f"UPDATE {table} SET {column} = {column}")
    refused(app_connection, NOT_ALLOWED, f"DELETE FROM {table}")
    refused(app_connection, NOT_ALLOWED, f"TRUNCATE {table} CASCADE")
    refused(app_connection, NOT_ALLOWED, f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    refused(app_connection, NOT_ALLOWED, f"DROP TABLE {table} CASCADE")


def test_the_switch_that_triggers_know_does_not_work(team: dict[str, User], case: Case, app_connection: Connection) -> None:
    exhibit = make_exhibit(team["investigator"], case)
    change = "UPDATE evidence_exhibit SET reference = 'ZZ/9' WHERE id = %s"
    ignore = "SET LOCAL pgtrigger.ignore = '{evidence_exhibit:pgtrigger_reference_is_final,evidence_exhibit:*,*}'; "
    refused(app_connection, BROKEN_RULE, ignore + change, str(exhibit.id))
    refused(app_connection, NOT_ALLOWED, "SET session_replication_role = replica")
    refused(app_connection, NOT_ALLOWED, "SET ROLE evidence_owner")


# ---- disclosure ------------------------------------------------------------------------------------------------------


def drafted(team: dict[str, User], case: Case) -> ScheduleVersion:
    """A version with one row, last written by the deputy, with the supervisors."""
    exhibit = make_exhibit(team["investigator"], case)
    item = disclosure.ensure_item(exhibit)
    disclosure.decide(team["officer"], item, use="unused", relevance="relevant", sensitivity="not_sensitive")
    version = disclosure.draft_schedule(team["officer"], case, Schedule.Kind.MG6C)
    row = version.rows.get()
    disclosure.write_row(team["officer"], row, **WORDS)
    disclosure.write_row(team["deputy"], version.rows.get(), **WORDS | {"location": "Store, shelf 4"})
    disclosure.send_to_qa(team["officer"], again(version))
    return again(version)


def again(version: ScheduleVersion) -> ScheduleVersion:
    found: ScheduleVersion = ScheduleVersion.objects.select_related("schedule__case").with_state().get(pk=version.pk)
    return found


ENTER = "INSERT INTO disclosure_versionstate (version_id, state, by_id, reason, at) VALUES (%s, %s, %s, '', now())"


def test_nobody_who_wrote_a_row_checks_the_version(team: dict[str, User], case: Case, app_connection: Connection) -> None:
    version = drafted(team, case)
    for author in ("officer", "deputy"):
        refused(app_connection, BROKEN_RULE, ENTER, str(version.id), "checked", str(team[author].id), says="what they wrote")
    done(app_connection, ENTER, str(version.id), "checked", str(team["supervisor"].id))


def test_a_certified_version_can_not_be_edited(team: dict[str, User], case: Case, app_connection: Connection) -> None:
    version = drafted(team, case)
    disclosure.check(team["supervisor"], version)
    certificate = disclosure.certify(team["officer"], again(version))
    row = version.rows.get()
    by = f"edited_by_id = '{team['officer'].id}'"
    for change in ("description = 'other words'", "location = 'elsewhere'", "position = 9", "withdrawn = true"):
        refused(app_connection, BROKEN_RULE, f"UPDATE disclosure_row SET {change}, {by} WHERE id = %s", str(row.id))
    refused(app_connection, NOT_ALLOWED, "DELETE FROM disclosure_row WHERE id = %s", str(row.id))
    refused(app_connection, NOT_ALLOWED, "UPDATE disclosure_certificate SET sha256 = ''")
    refused(app_connection, NOT_ALLOWED, "UPDATE disclosure_versionstate SET state = 'draft'")
    refused(app_connection, NOT_ALLOWED, "UPDATE disclosure_schedulenumber SET number = number + 1")
    refused(app_connection, BROKEN_RULE, ENTER, str(version.id), "draft", str(team["supervisor"].id))
    assert one(app_connection, "SELECT sha256 FROM disclosure_certificate") == certificate.sha256


# ---- redaction -------------------------------------------------------------------------------------------------------


def decided_by_two(team: dict[str, User], case: Case, tmp_path: Any) -> tuple[Document, Release]:
    """A statement whose proposals two redactors have decided, with the approver."""
    data = statement(tmp_path / "statement.pdf").read_bytes()
    exhibit = make_verified_exhibit(team["investigator"], case, data=data, name="statement.pdf")
    document, release = redaction.start(team["redactor"], exhibit, audience=Audience.CPS)
    run_jobs()
    proposals = list(Proposal.objects.filter(document=document))
    assert len(proposals) >= 2
    for number, proposal in enumerate(proposals):
        who = team["redactor"] if number % 2 else team["other_redactor"]
        redaction.decide(who, proposal, ProposalDecision.Verdict.ACCEPT)
    redaction.ask_approval(team["redactor"], release)
    return document, release


MOVE = "INSERT INTO redaction_releasestate (release_id, state, by_id, reason, at) VALUES (%s, %s, %s, '', now())"


def test_nobody_who_decided_approves_or_releases(
    team: dict[str, User], case: Case, app_connection: Connection, tmp_path: Any
) -> None:
    document, release = decided_by_two(team, case, tmp_path)
    for decider in ("redactor", "other_redactor"):
        refused(app_connection, BROKEN_RULE, MOVE, str(release.id), "approved", str(team[decider].id), says="drew or decided")
    refused(app_connection, BROKEN_RULE, MOVE, str(release.id), "released", str(team["approver"].id))
    refused(app_connection, BROKEN_RULE, MOVE, str(release.id), "approved", None)
    redaction.approve(team["approver"], release)
    run_jobs()
    for decider in ("redactor", "other_redactor"):
        refused(app_connection, BROKEN_RULE, MOVE, str(release.id), "released", str(team[decider].id))
    # and the other way round: an approver does not become a decider
    proposal = Proposal.objects.filter(document=document).first()
    assert proposal is not None
    decide = (
        "INSERT INTO redaction_proposaldecision (proposal_id, document_id, verdict, category_id, reason, by_id, at) "
        "VALUES (%s, %s, 'reject', %s, 'x', %s, now())"
    )
    values = (str(proposal.id), str(document.id), proposal.category_id, str(team["approver"].id))
    refused(app_connection, BROKEN_RULE, decide, *values)
    done(app_connection, MOVE, str(release.id), "released", str(team["approver"].id))


def test_decisions_and_leak_checks_stay(team: dict[str, User], case: Case, app_connection: Connection, tmp_path: Any) -> None:
    decided_by_two(team, case, tmp_path)
    for table in ("redaction_proposal", "redaction_proposaldecision", "redaction_releasestate", "redaction_leakcheck"):
        refused(app_connection, NOT_ALLOWED, f"UPDATE {table} SET id = id")
        refused(app_connection, NOT_ALLOWED, f"DELETE FROM {table}")
        refused(app_connection, NOT_ALLOWED, f"TRUNCATE {table} CASCADE")
