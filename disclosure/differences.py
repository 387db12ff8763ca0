"""What changed between two versions of a schedule, row by row."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from disclosure import manifests
from disclosure.models import ScheduleVersion

_FIELDS = ("description", "location", "sensitivity_reason", "manifest_text")


class Words(Protocol):
    """A row of a version, wherever it was read."""

    @property
    def position(self) -> int | None: ...
    @property
    def withdrawn(self) -> bool: ...
    @property
    def description(self) -> str: ...
    @property
    def location(self) -> str: ...
    @property
    def sensitivity_reason(self) -> str: ...
    @property
    def manifest_text(self) -> str: ...


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed, went or came."""

    text: str
    mark: str
    """"", "del" or "ins"."""


@dataclass(frozen=True)
class Change:
    """One row that differs: what happened to it, and its words with what went and what came."""

    number: int | None
    what: str
    fields: list[tuple[str, list[Piece]]]


def between(old: ScheduleVersion, new: ScheduleVersion) -> list[Change]:
    """Rows that were added, withdrawn, restored or changed, in the order of the new version."""
    before, after = (manifests.put_on(version, version.rows.all()) for version in (old, new))
    return compare({row.key: row for row in before}, ((row.key, row) for row in after))


def compare(before: Mapping[Any, Words], after: Iterable[tuple[Any, Words]]) -> list[Change]:
    """The same of rows from anywhere, each under what stays the same between versions: its item or block, or its number."""
    return [change for key, row in after for change in _of(before.get(key), row)]


def _of(old: Words | None, new: Words) -> Iterator[Change]:
    if old is None:
        if not new.withdrawn:
            yield Change(new.position, "Added", _compared(None, new))
    elif new.withdrawn and not old.withdrawn:
        yield Change(new.position, "Withdrawn", [])
    elif old.withdrawn and not new.withdrawn:
        yield Change(new.position, "Restored", _compared(None, new))
    elif any(getattr(old, field) != getattr(new, field) for field in _FIELDS):
        yield Change(new.position, "Changed", _compared(old, new))


def _compared(old: Words | None, new: Words) -> list[tuple[str, list[Piece]]]:
    names = {"description": "Description", "location": "Location", "sensitivity_reason": "Reason for sensitivity"}
    names["manifest_text"] = "The block and its items"
    texts = ((field, getattr(old, field) if old else "", getattr(new, field)) for field in _FIELDS)
    return [(names[field], words(before, after)) for field, before, after in texts if before != after]


def words(old: str, new: str) -> list[Piece]:
    """Two texts as one, word by word."""
    left, right = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("".join(right[c:d]), ""))
            continue
        pieces += [Piece(text, mark) for text, mark in (("".join(left[a:b]), "del"), ("".join(right[c:d]), "ins")) if text]
    return pieces
