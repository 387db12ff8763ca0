"""A log that was written before a migration says after it what it said."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from audit.models import Event
from demo.services import OWNER, SUPERUSER, Services

ROOT = Path(__file__).parent.parent.parent
COLUMNS = "id, body, hmac, at, verb, actor_id, case_id, organisation_id, object_type, object_id, seq"


@pytest.fixture
def older(services: Services) -> Iterator[str]:
    """A database of its own, for the log alone."""
    name = f"older_{uuid.uuid4().hex}"
    superuser = psycopg2.connect(services.postgres.url(SUPERUSER))
    superuser.autocommit = True
    with superuser.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
        yield services.postgres.url(OWNER, name)
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    superuser.close()


def _migrate(url: str, *name: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "audit", *name, "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, check=True)


def test_columns_say_what_they_said(events: list[Event], older: str) -> None:
    _migrate(older, "0002")
    connection = psycopg2.connect(older)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for event in events:
            cursor.execute("INSERT INTO audit_event (id, body, hmac) VALUES (%s, %s, %s)", [str(event.pk), event.body, event.hmac])
        cursor.execute(f"SELECT {COLUMNS} FROM audit_event ORDER BY id")
        before = cursor.fetchall()
        _migrate(older)
        cursor.execute(f"SELECT {COLUMNS} FROM audit_event ORDER BY id")
        assert cursor.fetchall() == before
        # And the next one is filled in the same way
        body = events[0].body.replace(str(events[0].pk), new := str(uuid.uuid4()))
        cursor.execute("SELECT audit_append(%s, %s, '', '', '{}')", [new, body])
        cursor.execute(f"SELECT {COLUMNS} FROM audit_event WHERE id IN (%s, %s)", [new, str(events[0].pk)])
        one, other = (row[3:] for row in cursor.fetchall())
        assert one == other
    connection.close()
    assert len(before) == len(events)
