"""Events as the log's pages show them: in words, with the names of who acted and what it was about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import User
from audit.models import Event, EventDetail
from cases import log_names
from cases.models import Case

SYSTEM = "The system"
REFUSED = ".refused"
LISTED = 5
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Fact:
    """One thing that an event says: its name, its value before (if it was another) and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    """An event in the log. `details` is None unless they were opened, and empty where there were none."""

    event: Event
    who: str
    what: str
    object: str
    case: str
    facts: list[Fact]
    details: list[Fact] | None
    removed: bool

    @property
    def refused(self) -> bool:
        """Whether this is an act that was refused."""
        return bool(self.event.verb.endswith(REFUSED))

    @property
    def leaf_index(self) -> int | None:
        """The event's place in the log, or None before it has one."""
        leaf = getattr(self.event, "leaf", None)
        return None if leaf is None else leaf.leaf_index


def rows(events: Sequence[Event], opened: Mapping[UUID, EventDetail] | None = None, *, cases: bool = False) -> list[Row]:
    """Rows for events fetched with their leaves, in a few queries whatever their number.

    Args:
        events: in the order of the page.
        opened: the details that may be shown, by event; None if none were opened.
        cases: name each event's case.
    """
    said = {value for event in events for value in _ids(event)}
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id} | said)
    named = log_names.of(events)
    known = Case.objects.in_bulk({event.case_id for event in events if event.case_id}) if cases else {}
    return [_row(event, people, named, known, opened) for event in events]


def _row(
    event: Event,
    people: Mapping[Any, User],
    named: Mapping[tuple[str, str], str],
    known: Mapping[Any, Case],
    opened: Mapping[UUID, EventDetail] | None,
) -> Row:
    actor = people.get(event.actor_id)
    detail = opened.get(event.pk) if opened is not None else None
    return Row(
        event=event,
        who=SYSTEM if event.actor_id is None else str(actor) if actor else str(event.actor_id),
        what=in_words(event.verb),
        object=_object(event, named),
        case=known[event.case_id].crime_number if event.case_id in known else "",
        facts=changes(event.before, event.after, {str(key): str(user) for key, user in people.items()}),
        details=None if opened is None else _opened(detail),
        removed=opened is not None and detail is None,
    )


def _opened(detail: EventDetail | None) -> list[Fact]:
    return [Fact("as", "", detail.actor), *changes(None, detail.facts)] if detail else []


def _object(event: Event, named: Mapping[tuple[str, str], str]) -> str:
    if not event.object_type:
        return ""
    name = named.get((event.object_type, event.object_id)) or event.object_id.partition("-")[0]
    return f"{log_names.noun(event.object_type)} {name}".strip()


def _ids(event: Event) -> Iterable[UUID]:
    """The ids that an event says by themselves: some of them are people."""
    values = [*(event.before or {}).values(), *(event.after or {}).values()]
    return [UUID(value) for value in values if isinstance(value, str) and _UUID.fullmatch(value)]


def in_words(verb: str) -> str:
    """A verb of the log as a person says it: "exhibit.sealed" is "Exhibit sealed"."""
    refused = verb.endswith(REFUSED)
    words = verb.removesuffix(REFUSED).replace("blob.", "file.").replace(".", " ").replace("_", " ")
    return f"Refused: {words}" if refused else words.capitalize()


def changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, people: Mapping[str, str] | None = None
) -> list[Fact]:
    """What an event says, name by name: what it changed with both values, ids of `people` by their names."""
    first, then = before or {}, after or {}
    names = [*first, *(name for name in then if name not in first)]
    found = []
    for name in names:
        old, new = (in_text((people or {}).get(str(value), value)) for value in (first.get(name), then.get(name)))
        if old or new:
            found.append(Fact(name.replace("_", " "), old if name in first and old != new else "", new if name in then else "–"))
    return found


def in_text(value: Any) -> str:
    """A value of an event as text, short: lists by commas, the beginning of ids and hashes, nothing for null."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(
            f"{name.replace('_', ' ')}: {in_text(member)}" for name, member in value.items() if member not in (None, "")
        )
    if isinstance(value, Iterable) and not isinstance(value, str):
        members = [in_text(member) for member in value]
        more = f" and {len(members) - LISTED} more" if len(members) > LISTED else ""
        return ", ".join(members[:LISTED]) + more
    text = str(value)
    return f"{text[:8]}…" if _UUID.fullmatch(text) or _HASH.fullmatch(text) else text
