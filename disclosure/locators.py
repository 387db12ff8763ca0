"""Places within an exhibit, as plain data: pages, messages, or a clip of a recording.

As an item keeps them: `{"pages": [1, 3]}`, `{"messages": [12, 12]}` or `{"from_ms": 0, "to_ms": 900}`, both ends within.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

PAGES, MESSAGES, CLIP = "pages", "messages", "clip"
_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6})(?:[.,](\d{1,3}))?\Z", re.ASCII)
MOST = 10**9


@dataclass(frozen=True)
class Span:
    """From where to where, both inclusive: page or message numbers from 1, or milliseconds from the start."""

    unit: str
    start: int
    end: int

    @property
    def locator(self) -> dict[str, Any]:
        """As an item keeps it."""
        if self.unit == CLIP:
            return {"from_ms": self.start, "to_ms": self.end}
        return {self.unit: [self.start, self.end]}

    def holds(self, other: "Span") -> bool:
        """Whether the other lies within it."""
        return self.unit == other.unit and self.start <= other.start and other.end <= self.end

    def crosses(self, other: "Span") -> bool:
        """Whether they have something in common and neither lies within the other."""
        apart = self.unit != other.unit or self.end < other.start or other.end < self.start
        return not (apart or self.holds(other) or other.holds(self))


def span_of(locator: dict[str, Any]) -> Span:
    """A locator as it is kept."""
    if "from_ms" in locator:
        return Span(CLIP, locator["from_ms"], locator["to_ms"])
    unit = PAGES if PAGES in locator else MESSAGES
    return Span(unit, *locator[unit])


def read_span(unit: str, start: str, end: str) -> Span:
    """What a person entered; without an end, one page or message. ValidationError, keyed by field, for what is no place."""
    if unit not in (PAGES, MESSAGES, CLIP):
        raise ValidationError({"unit": "Select pages, messages or a clip"})
    read = _moment if unit == CLIP else _number
    wrong: dict[str, str] = {}
    values: dict[str, int] = {}
    for name, text in (("start", start), ("end", end if end.strip() or unit == CLIP else start)):
        found = read(text.strip())
        if found is None:
            wrong[name] = f"Enter {_EXAMPLES[unit]}"
        else:
            values[name] = found
    if wrong:
        raise ValidationError(wrong)
    if values["end"] < values["start"] or (unit == CLIP and values["end"] == values["start"]):
        raise ValidationError({"end": "It must end after it begins"})
    return Span(unit, values["start"], values["end"])


_EXAMPLES = {
    PAGES: "a page number from 1, for example 3",
    MESSAGES: "a message number from 1, for example 12",
    CLIP: "a time from the start, for example 1:05 or 00:01:05.500",
}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0 else None


def _moment(text: str) -> int | None:
    """Milliseconds of "65", "1:05", "00:01:05" or "00:01:05.5"."""
    found = _TIME.match(text)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    if (found[2] and seconds > 59) or (found[1] and minutes > 59):
        return None
    whole = ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((found[4] or "0").ljust(3, "0"))
    return whole if whole < MOST else None


def checked(locator: Any) -> Span:
    """A locator as a program sent it. ValidationError for what is no place."""
    if isinstance(locator, dict):
        if set(locator) == {"from_ms", "to_ms"}:
            ends, unit, least = [locator["from_ms"], locator["to_ms"]], CLIP, 0
        elif len(locator) == 1 and (unit := next(iter(locator))) in (PAGES, MESSAGES):
            ends, least = locator[unit], 1
        else:
            ends = None
        if isinstance(ends, list) and len(ends) == 2 and all(type(end) is int and least <= end < MOST for end in ends):
            if ends[1] < ends[0] or (unit == CLIP and ends[0] == ends[1]):
                raise ValidationError({"locator": "It must end after it begins"})
            return Span(unit, *ends)
    raise ValidationError({"locator": 'Give {"pages": [1, 3]}, {"messages": [12, 12]} or {"from_ms": 0, "to_ms": 900}'})


def words_of(locator: dict[str, Any]) -> str:
    """A place in words: "pages 3 to 4", "message 12", "00:01:05 to 00:02:10"."""
    span = span_of(locator)
    if span.unit == CLIP:
        return f"{clock(span.start)} to {clock(span.end)}"
    if span.start == span.end:
        return f"{span.unit.removesuffix('s')} {span.start}"
    return f"{span.unit} {span.start} to {span.end}"


def clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{clock}.{rest:03}" if rest else clock
