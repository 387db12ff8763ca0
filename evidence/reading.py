"""Reading stored bytes under a ticket (docs/architecture.md, decision 6): the event first, then the bytes.

Works on plain data, so that the portal, whose database role sees none of this room's tables, reads by the same rules. A
ticket is bound to one person and one version of a blob for some minutes; the ranges read under it are counted, not
logged one by one.
"""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponseBase

import vault
from audit.actions import Actor, record, recorded
from vault.http import INLINE_TYPES, Content, send

MINUTES = 30
_SECONDS = MINUTES * 60


@dataclass(frozen=True)
class Facts:
    """What is to be read, as plain data: ids are text. `file_name` comes from the exhibit's reference."""

    key: str
    version_id: str
    size: int
    sha256: str
    media_type: str
    file_name: str
    case_id: str
    object_type: str
    object_id: str

    @property
    def shown_inline(self) -> bool:
        """Whether a browser may show it in a page."""
        return self.media_type in INLINE_TYPES


@dataclass(frozen=True)
class Ticket:
    """Leave to read: who, what, why."""

    id: str
    actor_id: str
    facts: Facts
    purpose: str


def open_for_reading(actor: Actor, facts: Facts, purpose: str) -> Ticket:
    """Record that `actor` opens these bytes for `purpose`, and give the ticket. The event is committed when this
    returns.

    The caller has checked that the person may, and that the bytes are verified.
    """
    ticket = Ticket(secrets.token_urlsafe(24), str(actor.id), facts, purpose)
    _record_opening(actor, ticket)
    cache.set(_key(ticket.id), asdict(ticket), _SECONDS)
    return ticket


@recorded
def _record_opening(actor: Actor, ticket: Ticket) -> None:
    facts = ticket.facts
    record(
        "blob.opened",
        actor=actor,
        case_id=facts.case_id,
        object_type=facts.object_type,
        object_id=facts.object_id,
        after={"sha256": facts.sha256, "version": facts.version_id, "minutes": MINUTES},
        detail={"purpose": ticket.purpose},
    )


def ticket_of(actor_id: object, ticket_id: str) -> Ticket:
    """The person's own ticket. Http404 if there is none, it is somebody else's, or its time is over."""
    kept: dict[str, Any] | None = cache.get(_key(ticket_id))
    if kept is None or kept["actor_id"] != str(actor_id):
        raise Http404
    return Ticket(kept["id"], kept["actor_id"], Facts(**kept["facts"]), kept["purpose"])


def serve(request: HttpRequest, ticket: Ticket, *, inline: bool) -> HttpResponseBase:
    """The bytes, or the range asked for. Raises the vault's errors before the first byte."""
    facts = ticket.facts
    content = Content(
        store=vault.store(),
        key=facts.key,
        version_id=facts.version_id,
        size=facts.size,
        sha256=facts.sha256,
        file_name=facts.file_name,
        content_type=facts.media_type,
    )
    return send(request, content, inline=inline, counted=_counter(ticket.id))


def _counter(ticket_id: str) -> Callable[[int], None]:
    def count(sent: int) -> None:
        for name, by in (("bytes", sent), ("ranges", 1)):
            key = f"{_key(ticket_id)}:{name}"
            cache.add(key, 0, _SECONDS)
            cache.incr(key, by)

    return count


def counted(ticket_id: str) -> tuple[int, int]:
    """How many bytes, in how many answers, were sent under a ticket."""
    return cache.get(f"{_key(ticket_id)}:bytes", 0), cache.get(f"{_key(ticket_id)}:ranges", 0)


def _key(ticket_id: str) -> str:
    return f"reading:{ticket_id}"
