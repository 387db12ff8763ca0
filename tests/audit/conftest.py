"""Small helpers for a log with something in it."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest

from audit.actions import Actor, record, recorded
from audit.models import Event
from audit.sequencer import Sequencer

CASE = uuid.UUID("5f0c9c5e-3a4b-4c5d-8e6f-000000000001")
ACTOR = Actor(uuid.UUID("5f0c9c5e-3a4b-4c5d-8e6f-0000000000aa"), "DC Ann Example 1234 (Anyshire)")


@recorded
def note(number: int, case_id: uuid.UUID | None = CASE, object_id: str = "", **more: Any) -> Event:
    """Append one event with a number in it, about the thing of that number unless another is named."""
    return record(
        "thing.noted",
        actor=ACTOR,
        case_id=case_id,
        object_type="thing",
        object_id=object_id or number,
        after={"number": number},
        detail={"name": f"Thing {number}"},
        **more,
    )


@pytest.fixture
def sequencer() -> Sequencer:
    """A sequencer with the tests' key."""
    return Sequencer.from_settings()


@pytest.fixture
def events(transactional_db: None, sequencer: Sequencer) -> list[Event]:
    """Ten events in the tree, signed after each two of them."""
    made = []
    for number in range(10):
        made.append(note(number))
        if number % 2:
            sequencer.drain()
    return made


Intruder = Callable[..., None]


@pytest.fixture
def intruder(superuser_connection: psycopg2.extensions.connection) -> Intruder:
    """Runs SQL as PostgreSQL's superuser with every trigger and foreign key off."""

    def run(*statements: str, **values: Any) -> None:
        with superuser_connection, superuser_connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                cursor.execute(statement, values)

    return run


@contextmanager
def closing(connection: psycopg2.extensions.connection) -> Iterator[psycopg2.extensions.connection]:
    """Close a raw connection at the end."""
    try:
        yield connection
    finally:
        connection.close()
