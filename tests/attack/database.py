"""Asking PostgreSQL directly, as a role that has got hold of the application's password would."""

from __future__ import annotations

import uuid
from typing import Any, TypeAlias

import psycopg2
import pytest

Connection: TypeAlias = psycopg2.extensions.connection

NOT_ALLOWED = psycopg2.errors.InsufficientPrivilege
BROKEN_RULE = psycopg2.errors.IntegrityError


def refused(connection: Connection, error: type[psycopg2.Error], sql: str, *values: Any, says: str = "") -> None:
    """The statement fails as ``error`` (with ``says`` in its message), and nothing of it stays."""
    with pytest.raises(error, match=says or None), connection, connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def done(connection: Connection, sql: str, *values: Any) -> None:
    """The statement works: what surrounds a refusal is not what was refused."""
    with connection, connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def one(connection: Connection, sql: str, *values: Any) -> Any:
    """The single value of a query."""
    with connection, connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        row = cursor.fetchone()
        assert row is not None
        return row[0]


def new_id() -> str:
    """A fresh primary key."""
    return str(uuid.uuid4())
