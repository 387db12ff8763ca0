"""What the shared fixtures promise: real roles on the test database, and a flush that keeps the reference data."""

from __future__ import annotations

from typing import Any

import psycopg2
import pytest
from django.db import connection


def who(raw: psycopg2.extensions.connection) -> tuple[Any, ...] | None:
    with raw.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def test_each_connection_is_its_role_on_the_test_database(
    app_connection: psycopg2.extensions.connection,
    portal_connection: psycopg2.extensions.connection,
    log_connection: psycopg2.extensions.connection,
    owner_connection: psycopg2.extensions.connection,
    superuser_connection: psycopg2.extensions.connection,
) -> None:
    name = str(connection.settings_dict["NAME"])
    assert name.startswith("test_")
    assert who(app_connection) == ("evidence_app", name)
    assert who(portal_connection) == ("evidence_portal", name)
    assert who(log_connection) == ("evidence_log", name)
    assert who(owner_connection) == ("evidence_owner", name)
    assert who(superuser_connection) == ("postgres", name)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", [1, 2])
def test_what_a_test_wrote_is_gone_afterwards_and_what_migrations_wrote_is_not(again: int) -> None:
    from django.contrib.contenttypes.models import ContentType

    from accounts.models import Organisation

    assert not Organisation.objects.filter(name="Left behind").exists()
    Organisation.objects.create(name="Left behind", kind="force")
    assert ContentType.objects.filter(app_label="accounts", model="organisation").count() == 1
