"""What the database itself refuses, asked in SQL as the real roles."""

import uuid
from collections.abc import Callable

import psycopg2
import psycopg2.errors
import pytest
from django.core.management import call_command
from django.db import connection

from audit.models import Event
from tests.audit.conftest import Intruder

Connect = Callable[[str], psycopg2.extensions.connection]
TABLES = ["event", "eventdetail", "pending", "leaf", "node", "checkpoint", "anchor"]
COLUMN = {
    "event": "body",
    "eventdetail": "detail",
    "pending": "position",
    "leaf": "leaf_hash",
    "node": "hash",
    "checkpoint": "note",
    "anchor": "name",
}
# Of an event, three columns may be given; the others are filled from its body
GIVEN = {("event", column): {"evidence_app", "evidence_portal"} for column in ("id", "body", "hmac")}
ALLOWED = {
    "evidence_app": {
        **{table: {"SELECT"} for table in TABLES},
        "event": {"SELECT"},
        "eventdetail": {"SELECT", "INSERT"},
        "pending": {"SELECT", "INSERT"},
        "anchor": {"SELECT", "INSERT"},
    },
    "evidence_portal": {"eventdetail": {"INSERT"}, "pending": {"INSERT"}},
    "evidence_log": {
        "event": {"SELECT"},
        "pending": {"SELECT", "DELETE"},
        "leaf": {"SELECT", "INSERT"},
        "node": {"SELECT", "INSERT"},
        "checkpoint": {"SELECT", "INSERT"},
    },
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ALLOWED)
def test_each_role_has_these_privileges_on_the_log_and_no_others(role: str) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            held = set()
            for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
                cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, f"audit_{table}", privilege])
                if cursor.fetchone()[0]:
                    held.add(privilege)
            assert held == ALLOWED[role].get(table, set()), f"{role} on audit_{table}"
            cursor.execute("SELECT has_any_column_privilege(%s, %s, 'UPDATE')", [role, f"audit_{table}"])
            assert cursor.fetchone()[0] is False
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                [f"audit_{table}"],
            )
            for (column,) in cursor.fetchall():
                cursor.execute("SELECT has_column_privilege(%s, %s, %s, 'INSERT')", [role, f"audit_{table}", column])
                may = "INSERT" in held or role in GIVEN.get((table, column), set())
                assert cursor.fetchone()[0] is may, f"{role} on {column} of audit_{table}"


def attempts(table: str) -> list[str]:
    column = COLUMN[table]
    return [
        f"UPDATE audit_{table} SET {column} = {column}",
        f"DELETE FROM audit_{table}",
        f"TRUNCATE audit_{table} CASCADE",
        f"ALTER TABLE audit_{table} DISABLE TRIGGER ALL",
        f"DROP TABLE audit_{table} CASCADE",
    ]


@pytest.mark.parametrize("role", ["evidence_app", "evidence_portal", "evidence_log"])
def test_no_role_can_change_what_was_written(events: list[Event], connect_as: Connect, role: str) -> None:
    raw = connect_as(role)
    raw.autocommit = True
    with raw.cursor() as cursor:
        for table in TABLES:
            for attempt in attempts(table):
                if (role, attempt) == ("evidence_log", "DELETE FROM audit_pending"):
                    continue
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(attempt)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("CREATE TABLE audit_other (id int)")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("CREATE TEMPORARY TABLE audit_event (id int)")
    raw.close()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ["evidence_app", "evidence_owner"])
def test_triggers_refuse_where_a_privilege_was_given_by_mistake(
    events: list[Event], connect_as: Connect, intruder: Intruder, role: str, table: str
) -> None:
    """Also where the session has set the switch of django-pgtrigger, as any role may."""
    intruder(*[f"GRANT ALL ON audit_{name} TO evidence_app" for name in TABLES])
    raw = connect_as(role)
    raw.autocommit = True
    try:
        with raw.cursor() as cursor:
            cursor.execute("SELECT array_agg(tgname::text) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")
            names = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, false)", ["{" + ",".join(names) + "}"])
            refused = [f"TRUNCATE audit_{table} CASCADE"]
            # These are empty here, so a row trigger has nothing to refuse
            if table not in ("pending", "node", "anchor"):
                refused += attempts(table)[:2]
            for attempt in refused:
                with pytest.raises(psycopg2.errors.RaiseException, match="is refused"):
                    cursor.execute(attempt)
    finally:
        raw.close()
        intruder(*[f"REVOKE ALL ON audit_{name} FROM evidence_app" for name in TABLES])
        call_command("grant_roles", verbosity=0)


def test_an_id_that_is_not_the_bodys_is_refused(events: list[Event], app_connection: psycopg2.extensions.connection) -> None:
    with app_connection.cursor() as cursor, pytest.raises(psycopg2.errors.CheckViolation):
        cursor.execute(
            "INSERT INTO audit_event (id, body, hmac) SELECT %s, body, hmac FROM audit_event LIMIT 1", [str(uuid.uuid4())]
        )


def test_the_function_that_appends_does_nothing_that_its_caller_may_not(
    events: list[Event], log_connection: psycopg2.extensions.connection
) -> None:
    with log_connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("SELECT audit_append(id, body, hmac, hmac, body) FROM audit_event LIMIT 1")


def test_a_column_cannot_be_given_a_value_of_its_own(events: list[Event], app_connection: psycopg2.extensions.connection) -> None:
    with app_connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(
            "INSERT INTO audit_event (id, body, hmac, verb) SELECT id, body, hmac, 'other.verb' FROM audit_event LIMIT 1"
        )


@pytest.mark.django_db
def test_no_trigger_of_any_room_has_the_switch() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT p.proname, p.prosrc LIKE '%%should_ignore%%', coalesce(p.proconfig::text, '') FROM pg_trigger t"
            " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
        )
        functions = cursor.fetchall()
    assert len(functions) > 15
    assert [name for name, switch, _ in functions if switch] == []
    assert [name for name, _, config in functions if "search_path" not in config] == []
