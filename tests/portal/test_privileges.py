"""What PostgreSQL says that the portal's role may do, against the list in `portal.privileges`: nothing more, nothing less."""

import json
import re
import uuid
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection

from portal.privileges import PORTAL_PRIVILEGES, PORTAL_ROWS, PORTAL_VIEWS
from tests.factories import make_cps_area, make_user

ROLE = "evidence_portal"
TABLE_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")


def ask(connection: Connection, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def relations(connection: Connection) -> list[tuple[Any, ...]]:
    return ask(
        connection,
        "SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')",
    )


def expected() -> dict[str, set[str]]:
    """Table privileges by table; those on single columns are left to the test of columns."""
    whole = {table: {p for p in listed if "(" not in p} for table, listed in PORTAL_PRIVILEGES.items()}
    return {table: privileges for table, privileges in whole.items() if privileges}


def test_tables_and_views(superuser_connection: Connection) -> None:
    found: dict[str, set[str]] = {}
    for oid, schema, table in relations(superuser_connection):
        for privilege in TABLE_PRIVILEGES:
            if ask(superuser_connection, "SELECT has_table_privilege(%s, %s::oid, %s)", ROLE, oid, privilege)[0][0]:
                found.setdefault(table if schema == "public" else f"{schema}.{table}", set()).add(privilege)
    assert found == expected()


def test_single_columns(superuser_connection: Connection) -> None:
    found = ask(
        superuser_connection,
        "SELECT c.relname || '.' || a.attname, p FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped"
        " AND has_column_privilege(%s, c.oid, a.attnum, p) AND NOT has_table_privilege(%s, c.oid, p)",
        ROLE,
        ROLE,
    )
    listed = {
        (f"{table}.{column}", privilege.split(" ")[0])
        for table, privileges in PORTAL_PRIVILEGES.items()
        for privilege in privileges
        if "(" in privilege
        for column in re.search(r"\((.*)\)", privilege)[1].split(", ")  # type: ignore[index]
    }
    assert (
        set(found)
        == listed
        == {
            ("accounts_user.last_login", "UPDATE"),
            ("accounts_user.password", "UPDATE"),
            ("accounts_apitoken.revoked_at", "UPDATE"),
            *((f"audit_event.{column}", "INSERT") for column in ("id", "body", "hmac")),
        }
    )


def test_sequences_functions_schemas_and_the_role_itself(superuser_connection: Connection) -> None:
    sequences = ask(
        superuser_connection,
        "SELECT c.relname, p FROM pg_class c CROSS JOIN unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) p"
        " WHERE c.relkind = 'S' AND has_sequence_privilege(%s, c.oid, p)",
        ROLE,
    )
    assert set(sequences) == {("audit_pending_position_seq", "USAGE"), ("mfa_authenticator_id_seq", "USAGE")}
    callable_ones = ask(
        superuser_connection,
        "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype"
        " AND has_function_privilege(%s, p.oid, 'EXECUTE') AND p.prosecdef",
        ROLE,
    )
    assert callable_ones == []
    schemas = ask(
        superuser_connection,
        "SELECT nspname, has_schema_privilege(%s, oid, 'CREATE') FROM pg_namespace WHERE has_schema_privilege(%s, oid, 'USAGE')",
        ROLE,
        ROLE,
    )
    assert {name for name, _ in schemas} <= {"public", "pg_catalog", "information_schema"}
    assert not any(may_create for _, may_create in schemas)
    role = ask(
        superuser_connection,
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication,"
        " EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid),"
        " has_database_privilege(rolname, current_database(), 'CREATE'),"
        " has_database_privilege(rolname, current_database(), 'TEMPORARY')"
        " FROM pg_roles r WHERE rolname = %s",
        ROLE,
    )
    assert role == [(False,) * 8]


def test_every_view_is_a_security_barrier_of_the_owners(superuser_connection: Connection) -> None:
    views = ask(
        superuser_connection,
        "SELECT relname, pg_get_userbyid(relowner), reloptions FROM pg_class"
        " WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace",
    )
    assert {view for view, _, _ in views} == set(PORTAL_VIEWS)
    for view, owner, options in views:
        assert owner == "evidence_owner", view
        assert options == ["security_barrier=true"], view


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM cases_personidentity",
        "SELECT * FROM cases_person",
        "SELECT * FROM cases_case",
        "SELECT * FROM evidence_exhibit",
        "SELECT * FROM evidence_blob",
        "SELECT * FROM disclosure_row",
        "SELECT * FROM disclosure_decision",
        "SELECT * FROM redaction_proposal",
        "SELECT * FROM redaction_release",
        "SELECT * FROM audit_event",
        "SELECT * FROM audit_eventdetail",
        "SELECT * FROM accounts_notification",
        "SELECT * FROM django_session",
        "SELECT * FROM jobs_job",
        "INSERT INTO audit_event (id, body, hmac) VALUES (gen_random_uuid(), '{}', '') RETURNING body",
        "UPDATE audit_event SET body = ''",
        "DELETE FROM audit_pending",
        "INSERT INTO audit_leaf (leaf_index, event_id, leaf_hash) VALUES (0, gen_random_uuid(), '')",
        "UPDATE portal_case SET crime_number = 'x'",
        "UPDATE portal_copy SET sha256 = 'x'",
        "DELETE FROM portal_schedule",
        "DELETE FROM portal_event",
        "INSERT INTO portal_row (id) VALUES (gen_random_uuid())",
        "UPDATE accounts_user SET is_staff = true",
        "UPDATE accounts_user SET email = 'x@example.org'",
        "UPDATE accounts_user SET organisation_id = gen_random_uuid()",
        "INSERT INTO accounts_rolegrant (user_id, role, granted_at) SELECT id, 'prosecutor', now() FROM accounts_user",
        "UPDATE accounts_apitoken SET scopes = '[]'",
        "DELETE FROM accounts_apitoken",
        "UPDATE accounts_organisation SET is_active = true",
        "TRUNCATE portal_session",
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "DROP VIEW portal_case",
        "ALTER TABLE accounts_user DISABLE ROW LEVEL SECURITY",
        "SET ROLE evidence_owner",
        "SET session_replication_role = replica",
        "COPY accounts_organisation TO '/tmp/stolen'",
    ],
)
def test_it_is_refused(portal_connection: Connection, statement: str) -> None:
    with portal_connection.cursor() as cursor, pytest.raises(psycopg2.Error) as refusal:
        cursor.execute(statement)
    assert refusal.value.pgcode in {"42501", "55000"}, refusal.value  # insufficient privilege; a view that takes no change


def test_of_accounts_only_cps_staff_are_there(portal_connection: Connection) -> None:
    area = make_cps_area()
    prosecutor = make_user("prosecutor", organisation=area)
    officer = make_user("investigator")

    assert ask(portal_connection, "SELECT id::text FROM accounts_user") == [(str(prosecutor.pk),)]
    assert ask(portal_connection, "SELECT role FROM accounts_rolegrant") == [("prosecutor",)]
    with portal_connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET password = '!' RETURNING id::text")
        assert cursor.fetchall() == [(str(prosecutor.pk),)]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(
                "INSERT INTO mfa_authenticator (type, data, created_at, user_id) VALUES ('totp', '{}', now(), %s)",
                [str(officer.pk)],
            )


@pytest.mark.parametrize(
    "insert",
    ["INSERT INTO audit_event (id, body, hmac) VALUES (%s, %s, '')", "SELECT audit_append(%s, %s, '', '', '')"],
    ids=["table", "function"],
)
def test_the_log_takes_no_event_in_an_officers_name_from_here(portal_connection: Connection, insert: str) -> None:
    prosecutor, officer = make_user("prosecutor", organisation=make_cps_area()), make_user("investigator")
    for actor, verb, taken in [
        (str(prosecutor.pk), "case.consulted", True),
        (None, "session.not_opened", True),
        (str(officer.pk), "case.consulted", False),
        (None, "blob.verified", False),
    ]:
        event = str(uuid.uuid4())
        body: dict[str, Any] = {
            "id": event,
            "verb": verb,
            "actor": actor,
            "at": "2026-11-24T14:47:13.000001Z",
            "object_type": "",
            "object_id": "",
        }
        body |= {"action": event, "seq": 0, "detail_hash": "", "case": None, "organisation": None, "request": None}
        with portal_connection.cursor() as cursor:
            if taken:
                cursor.execute(insert, [event, json.dumps(body)])
                continue
            with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="row-level security"):
                cursor.execute(insert, [event, json.dumps(body)])
        portal_connection.rollback()


def test_row_security_is_on_wherever_it_is_listed(superuser_connection: Connection) -> None:
    on = ask(superuser_connection, "SELECT relname FROM pg_class WHERE relrowsecurity")
    assert {table for (table,) in on} == set(PORTAL_ROWS)


def test_the_application_meets_every_account(app_connection: Connection) -> None:
    make_user("prosecutor", organisation=make_cps_area())
    make_user("investigator")
    assert ask(app_connection, "SELECT count(*) FROM accounts_user") == [(2,)]


def test_the_application_stays_out_of_the_portals_sessions(app_connection: Connection) -> None:
    with app_connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("SELECT * FROM portal_session")
