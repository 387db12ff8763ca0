"""What somebody who has taken over the portal's process can do with its database role: read what it shows, and no more.

`tests/portal/test_privileges.py` compares the whole list of grants; here they are tried.
"""

from __future__ import annotations

import psycopg2
import pytest

from accounts.models import Role
from portal.privileges import PORTAL_PRIVILEGES
from tests.attack.database import NOT_ALLOWED, Connection, done, one, refused
from tests.factories import make_admin, make_case, make_complainant, make_cps_area, make_force, make_user, make_verified_exhibit


@pytest.fixture
def evidence(transactional_db: None) -> None:
    """A case with a complainant and a verified exhibit, shared with nobody."""
    force = make_force()
    investigator = make_user(Role.INVESTIGATOR, organisation=force)
    case = make_case(investigator)
    make_complainant(investigator, case)
    make_verified_exhibit(investigator, case, data=b"bytes of a document")
    make_cps_area()


def test_it_reads_no_table_of_cases_evidence_disclosure_or_redaction(
    evidence: None, portal_connection: Connection, superuser_connection: Connection
) -> None:
    tables = one(
        superuser_connection,
        "SELECT array_agg(tablename ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'",
    )
    closed = [table for table in tables if table not in PORTAL_PRIVILEGES]
    assert {"cases_personidentity", "cases_case", "evidence_blob", "disclosure_row", "redaction_proposal"} <= set(closed)
    for table in closed:
        refused(portal_connection, NOT_ALLOWED, f'SELECT 1 FROM "{table}"')
        refused(portal_connection, NOT_ALLOWED, f'DELETE FROM "{table}"')


def test_what_is_not_shared_is_in_no_view(evidence: None, portal_connection: Connection) -> None:
    # The codes that may be given are of no case
    apart = ("portal_session", "portal_endorsementcode")
    for view in (name for name in PORTAL_PRIVILEGES if name.startswith("portal_") and name not in apart):
        if "SELECT" in PORTAL_PRIVILEGES[view]:
            assert one(portal_connection, f'SELECT count(*) FROM "{view}"') == 0
        # without the privilege, or because such a view can't be written to at all
        refused(portal_connection, psycopg2.DatabaseError, f'DELETE FROM "{view}"')


def test_it_sees_no_police_officer(evidence: None, portal_connection: Connection) -> None:
    assert one(portal_connection, "SELECT count(*) FROM accounts_user") == 0


def test_it_can_not_make_itself_an_administrator_of_the_cps(evidence: None, portal_connection: Connection) -> None:
    area = make_cps_area()
    admin, prosecutor = make_admin(organisation=area), make_user(Role.PROSECUTOR, organisation=area)
    assert one(portal_connection, "SELECT array_agg(id::text) FROM accounts_user") == [str(prosecutor.pk)]
    done(portal_connection, "UPDATE accounts_user SET password = 'mine' WHERE is_staff OR id = %s", str(admin.pk))
    admin.refresh_from_db()
    assert admin.password != "mine"
    factor = "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'totp', '{}', now())"
    refused(portal_connection, NOT_ALLOWED, factor, str(admin.pk))


def test_the_log_can_be_added_to_and_not_read(evidence: None, portal_connection: Connection) -> None:
    refused(portal_connection, NOT_ALLOWED, "SELECT body FROM audit_event")
    refused(portal_connection, NOT_ALLOWED, "SELECT detail FROM audit_eventdetail")
    refused(portal_connection, NOT_ALLOWED, "DELETE FROM audit_pending")
    refused(portal_connection, NOT_ALLOWED, "UPDATE audit_event SET body = body")
    refused(portal_connection, NOT_ALLOWED, "CREATE TABLE mine (n int)")
    refused(portal_connection, NOT_ALLOWED, "SET ROLE evidence_app")
