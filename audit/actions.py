"""How the other rooms write to the log: `record` an event inside a `recorded` action.

    @recorded
    def seal(user: User, exhibit: Exhibit, number: str) -> SealEvent:
        require(user, "evidence.seal", exhibit)
        ...
        record("exhibit.sealed", actor=user.as_actor(), case_id=exhibit.case_id, object_type="exhibit", object_id=exhibit.id,
               before={"state": "verified"}, after={"state": "sealed"}, detail={"seal": number})

The outermost action is one transaction: change and event commit together or not at all. An action called by another joins it. When
an action raises `Refused`, everything it did is rolled back, and then the refusal itself is recorded in a transaction of its own.
"""

import functools
import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from audit import body as form
from audit import conf
from audit.middleware import request_id
from audit.models import Event

# The columns that are members of the body, in their order
_COLUMNS = {
    "at": "at",
    "verb": "verb",
    "actor_id": "actor",
    "case_id": "case",
    "organisation_id": "organisation",
    "object_type": "object_type",
    "object_id": "object_id",
    "seq": "seq",
}

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Actor:
    """Who acted: the person's id (None for the system itself) and the text that stands for them, frozen with the event."""

    id: uuid.UUID | str | None
    text: str


SYSTEM = Actor(None, "The system")
"""The actor of what no person did: a scheduled check, a sweep."""


class Refused(PermissionDenied):
    """Somebody may not do this. The log records it as `<permission>.refused`.

    `reason` is for the person who meets it, and goes into the event's detail.
    """

    def __init__(
        self,
        permission: str,
        *,
        actor: Actor,
        case_id: uuid.UUID | str | None = None,
        organisation_id: uuid.UUID | str | None = None,
        object_type: str = "",
        object_id: Any = None,
        reason: str = "",
    ) -> None:
        super().__init__(reason or "You do not have permission to do this")
        self.permission = permission
        self.actor = actor
        self.case_id = case_id
        self.organisation_id = organisation_id
        self.object_type = object_type
        self.object_id = object_id
        self.reason = reason
        self.recorded = False


class NotInTransaction(RuntimeError):
    """`record` was called where the event would commit apart from the change it speaks of."""

    def __init__(self) -> None:
        super().__init__("Call record() inside a function decorated with @recorded, or inside transaction.atomic()")


@dataclass
class _Action:
    """The action under way: the id that its events share, and how many there are."""

    id: uuid.UUID = field(default_factory=uuid.uuid4)
    events: int = 0


_current: ContextVar[_Action | None] = ContextVar("current_action", default=None)


def recorded(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function an action (see the module's docstring)."""

    @functools.wraps(function)
    def action(*args: P.args, **kwargs: P.kwargs) -> R:
        with acting():
            return function(*args, **kwargs)

    return action


@contextmanager
def acting() -> Iterator[None]:
    """The same for a block: `with acting(): ...`."""
    if _current.get() is not None:
        # No savepoint: an action that failed half way can't be caught and committed by the one that called it
        with transaction.atomic(savepoint=False):
            yield
        return
    token = _current.set(_Action())
    try:
        with transaction.atomic():
            yield
    except Refused as refused:
        if not refused.recorded and _can_record():
            record_refusal(refused)
        raise
    finally:
        _current.reset(token)


def _can_record() -> bool:
    """False inside somebody else's transaction: it will roll back, and the refusal with it. Who holds it records it then.

    A transaction that a test wraps around itself doesn't count: it stands for the world outside.
    """
    return all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def record_refusal(refused: Refused) -> Event:
    """Append a refusal in a transaction of its own and mark it recorded. Call it after what was refused has been rolled back."""
    token = _current.set(_Action())
    try:
        with transaction.atomic():
            event = record(
                f"{refused.permission}.refused",
                actor=refused.actor,
                case_id=refused.case_id,
                organisation_id=refused.organisation_id,
                object_type=refused.object_type,
                object_id=refused.object_id,
                detail={"reason": refused.reason} if refused.reason else None,
            )
    finally:
        _current.reset(token)
    refused.recorded = True
    return event


def record(
    verb: str,
    *,
    actor: Actor,
    case_id: uuid.UUID | str | None = None,
    organisation_id: uuid.UUID | str | None = None,
    object_type: str = "",
    object_id: Any = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event to the log, in the transaction under way.

    `before` and `after` hold state names, ids, numbers and hashes only; names, terms and reasons go into `detail`, which can be
    removed by law. Raises `audit.body.BodyError` for a value that an event can't hold, `NotInTransaction` outside a transaction.
    """
    entry = Entry(
        verb=verb,
        actor=actor,
        case_id=case_id,
        organisation_id=organisation_id,
        object_type=object_type,
        object_id=object_id,
        before=before,
        after=after,
        detail=detail,
    )
    event, salt, detail_text = _made(entry)
    _insert(str(event.id), event.body, bytes(event.hmac), salt, detail_text)
    return event


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What one event says: see the arguments of `record`. `request` is given where it isn't that under way."""

    verb: str
    actor: Actor
    case_id: uuid.UUID | str | None = None
    organisation_id: uuid.UUID | str | None = None
    object_type: str = ""
    object_id: Any = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    detail: Mapping[str, Any] | None = None
    request: str | None = None


def record_many(entries: Sequence[Entry]) -> list[Event]:
    """Append events as `record` appends one, in their order and in one statement: for work that is done on many objects at once."""
    made = [_made(entry) for entry in entries]
    if made:
        events = [event for event, _, _ in made]
        _insert_many(events, [salt for _, salt, _ in made], [detail for _, _, detail in made])
    return [event for event, _, _ in made]


def _made(entry: Entry) -> tuple[Event, bytes, str]:
    """The event under the next number of the action under way, its detail's salt and text; nothing is written yet."""
    form.check_verb(entry.verb)
    if not connection.in_atomic_block:
        raise NotInTransaction
    action = _current.get() or _Action()
    salt = os.urandom(form.SALT_SIZE)
    detail_text = form.detail_text(entry.actor.text, entry.detail)
    at = datetime.now(UTC)
    members = {
        "v": form.VERSION,
        "id": form.new_id(at),
        "at": at,
        "verb": entry.verb,
        "actor": _uuid(entry.actor.id),
        "case": _uuid(entry.case_id),
        "organisation": _uuid(entry.organisation_id),
        "object_type": entry.object_type,
        "object_id": "" if entry.object_id is None else str(entry.object_id),
        "before": entry.before,
        "after": entry.after,
        "request": entry.request or request_id.get(),
        "action": action.id,
        "seq": action.events,
        "detail_hash": form.detail_hash(salt, detail_text),
    }
    text = form.canonical(form.plain(members))
    seal = form.seal(text, conf.hmac_keys()[0])
    action.events += 1
    return _event(members, text, seal), salt, detail_text


def _uuid(value: uuid.UUID | str | None) -> uuid.UUID | None:
    if value is None or isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(value)
    except ValueError as error:
        raise form.BodyError("Actor, case and organisation of an event are UUIDs") from error


def _insert(event_id: str, text: str, seal: bytes, salt: bytes, detail: str) -> None:
    # One round trip by a function of the database, which keeps the plans of its three INSERTs. It runs as whoever calls it, and
    # returns nothing: the portal's role may INSERT here and not SELECT
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_append(%s, %s, %s, %s, %s)", [event_id, text, seal, salt, detail])


def _insert_many(events: Sequence[Event], salts: Sequence[bytes], details: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH given AS (SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::bytea[], %s::text[])"
            " WITH ORDINALITY AS row (id, body, hmac, salt, detail, number)),"
            " event AS (INSERT INTO audit_event (id, body, hmac) SELECT id, body, hmac FROM given ORDER BY number),"
            " detail AS (INSERT INTO audit_eventdetail (event_id, salt, detail) SELECT id, salt, detail FROM given ORDER BY number)"
            " INSERT INTO audit_pending (event_id) SELECT id FROM given ORDER BY number",
            [
                [event.id for event in events],
                [event.body for event in events],
                [event.hmac for event in events],
                list(salts),
                list(details),
            ],
        )


def _event(members: dict[str, Any], text: str, seal: bytes) -> Event:
    """Return the event as the database now has it, without asking (see `_insert`); `created` is read when asked for."""
    values = [members["id"], text, seal, *(members[name] for name in _COLUMNS.values())]
    return Event.from_db(connection.alias, ["id", "body", "hmac", *_COLUMNS], values)
