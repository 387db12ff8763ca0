"""What the database refuses by itself, to the application's own role, past every line of Python."""

from __future__ import annotations

from typing import Any

import psycopg2
import pytest

from evidence import actions
from evidence.models import Blob, Copy, Exhibit
from tests.evidence.conftest import World
from tests.factories import make_exhibit, make_verified_exhibit


@pytest.fixture
def kept(transactional_db: None, world: World) -> Exhibit:
    """An exhibit with a verified file, in the database for other connections to see."""
    return make_verified_exhibit(world.investigator, world.case, data=b"evidence")


def refused(connection: Any, sql: str, *values: Any) -> str:
    """Run a statement that must fail, and return what PostgreSQL said."""
    with pytest.raises(psycopg2.Error) as caught, connection, connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(caught.value)


@pytest.mark.parametrize("table", ["evidence_custodyevent", "evidence_verification"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET id = gen_random_uuid()", "DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {}"]
)
def test_custody_and_checks_are_only_ever_added(kept: Exhibit, app_connection: Any, table: str, statement: str) -> None:
    said = refused(app_connection, statement.format(table))
    assert "permission denied" in said or "must be owner" in said


@pytest.mark.parametrize("table", ["evidence_custodyevent", "evidence_verification"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = gen_random_uuid()", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_owner_may_not_change_them_either(kept: Exhibit, owner_connection: Any, table: str, statement: str) -> None:
    assert "is refused" in refused(owner_connection, statement.format(table))


@pytest.mark.parametrize("table", ["evidence_exhibit", "evidence_copy", "evidence_blob"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_nothing_is_deleted(kept: Exhibit, app_connection: Any, owner_connection: Any, table: str, statement: str) -> None:
    assert "permission denied" in refused(app_connection, statement.format(table))
    assert "is refused" in refused(owner_connection, statement.format(table))


def test_a_reference_never_changes(kept: Exhibit, app_connection: Any) -> None:
    said = refused(app_connection, "UPDATE evidence_exhibit SET reference = 'ZZ/9' WHERE id = %s", str(kept.pk))
    assert "never changes" in said


@pytest.mark.parametrize("reference", ["{}", "{lower}"])
def test_a_reference_is_never_used_again(kept: Exhibit, app_connection: Any, reference: str) -> None:
    again = reference.format(kept.reference, lower=kept.reference.lower())
    said = refused(
        app_connection,
        "INSERT INTO evidence_exhibit (id, case_id, reference, kind, description, seized_at, seized_where, seized_by,"
        " seal_number, location, state, created_by_id, created_at, within_marking)"
        " SELECT gen_random_uuid(), case_id, %s, kind, description, seized_at, seized_where, seized_by,"
        " seal_number, location, state, created_by_id, created_at, within_marking FROM evidence_exhibit WHERE id = %s",
        again,
        str(kept.pk),
    )
    assert "exhibit_reference" in said


@pytest.mark.parametrize(
    "change", ["sha256 = repeat('0', 64)", "version_id = 'x'", "key = 'x'", "size = 1", "original_name = 'x'", "state = 'received'"]
)
def test_stored_bytes_stay_what_they_are(kept: Exhibit, app_connection: Any, change: str) -> None:
    said = refused(app_connection, f"UPDATE evidence_blob SET {change}")
    assert "never change" in said or "no step" in said


def test_a_quarantine_does_not_end_by_an_update(kept: Exhibit, app_connection: Any) -> None:
    with app_connection, app_connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_blob SET state = 'quarantined'")
    assert "ends only by a supervisor" in refused(app_connection, "UPDATE evidence_blob SET state = 'verified'")


def test_an_exhibit_has_one_master(kept: Exhibit, app_connection: Any) -> None:
    said = refused(
        app_connection,
        "INSERT INTO evidence_copy (id, exhibit_id, kind, made_with, made_by_id, made_at)"
        " SELECT gen_random_uuid(), exhibit_id, 'master', '', made_by_id, made_at FROM evidence_copy",
    )
    assert "one_master_per_exhibit" in said


def test_a_copy_keeps_its_line(kept: Exhibit, world: World, app_connection: Any) -> None:
    other = make_exhibit(world.investigator, world.case)
    actions.add_copy(world.redactor, kept, Copy.Kind.REDACTED, kept.copies.get(), b"made", "engine 1")
    for change in ("parent_id = NULL", "kind = 'working'", f"exhibit_id = '{other.pk}'"):
        refused(app_connection, f"UPDATE evidence_copy SET {change} WHERE kind = 'redacted'")


def test_no_role_can_switch_the_triggers_off(kept: Exhibit, app_connection: Any) -> None:
    with app_connection, app_connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{evidence_blob:pgtrigger_bytes_are_final}', false)")
    assert "never change" in refused(app_connection, "UPDATE evidence_blob SET size = 1")
    assert "permission denied" in refused(app_connection, "SET session_replication_role = replica")
    assert "must be owner" in refused(app_connection, "ALTER TABLE evidence_blob DISABLE TRIGGER ALL")


def test_verified_means_that_there_is_a_hash(kept: Exhibit, world: World, app_connection: Any) -> None:
    exhibit = make_exhibit(world.investigator, world.case)
    upload = actions.open_upload(world.investigator, exhibit, size=5, name="x")
    Blob.objects.filter(pk=upload.blob.pk).update(state=Blob.State.RECEIVED)
    said = refused(app_connection, "UPDATE evidence_blob SET state = 'verified' WHERE id = %s", str(upload.blob.pk))
    assert "verified_has_hash" in said
