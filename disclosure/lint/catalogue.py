"""The rules and the words that they know, read once from `rules.toml` and `words.toml`."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

_FOLDER = Path(__file__).parent
STOP: Literal["stop"] = "stop"
REASON: Literal["reason"] = "reason"


@dataclass(frozen=True)
class Rule:
    """One rule: what is wrong, where that is laid down, what to write instead, and what follows from a finding."""

    id: str
    title: str
    level: str
    schedules: tuple[str, ...]
    source: str
    says: str
    instead: str
    restricted: bool = False
    field: str = "description"
    yields_to: tuple[str, ...] = ()
    """Rules that say the same more exactly: where one of them finds something, this one is silent."""
    patterns: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """All its patterns as one."""
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.patterns), re.IGNORECASE) if self.patterns else None

    @property
    def stops(self) -> bool:
        """Whether a finding keeps the schedule from being certified; else it asks for a reason."""
        return self.level == STOP


@dataclass(frozen=True)
class Words:
    """The vocabulary."""

    material: frozenset[str]
    filler: frozenset[str]
    stop: frozenset[str]
    cues: frozenset[str]
    who: frozenset[str]
    thing: frozenset[str]
    unit: frozenset[str]
    numbers: frozenset[str]
    plain_abbreviations: frozenset[str]
    names_that_are_words: frozenset[str]
    everyday: frozenset[str]
    always_there: frozenset[str]
    place: frozenset[str]
    written: frozenset[str]
    abbreviations: dict[str, str]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id, in the order of the file."""
    made = {}
    for entry in _read("rules.toml")["rule"]:
        made[entry["id"]] = Rule(**entry | _tuples(entry))
    return made


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}


@cache
def words() -> Words:
    """The vocabulary, in lower case."""
    data = _read("words.toml")
    abbreviations = data.pop("abbreviations")
    return Words(**{name: frozenset(text.split()) for name, text in data.items()}, abbreviations=abbreviations)
