"""What the engine's verbs take and give: plain data, with JSON forms.

Place = page index from 0 and a box in points from the top left of the page as shown (rotated crop box). Text offsets count
Unicode code points of the page's text. An image is one page whose points are its pixels after its orientation is applied.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Box(NamedTuple):
    """A rectangle in points, origin at the top left of the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle, (x, y)."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def contains(self, point: tuple[float, float]) -> bool:
        """Whether the point lies in the box, edges included."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def joined(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def as_data(self) -> list[float]:
        """[left, top, right, bottom], to a hundredth of a point."""
        return [round(edge, 2) for edge in self]


@dataclass(frozen=True, slots=True)
class Page:
    """A page's text and where each code point of it stands; None where a code point has no place of its own.

    `scanned` is the offset from which the text was read from pixels; None where no pixels were read. `seen` is what else
    pixels show that might be redacted: ("face" or "plate", where); not part of the JSON form.
    """

    index: int
    width: float
    height: float
    text: str = ""
    boxes: tuple[Box | None, ...] = ()
    scanned: int | None = None
    seen: tuple[tuple[str, Box], ...] = ()

    def as_data(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "index": self.index,
            "width": round(self.width, 2),
            "height": round(self.height, 2),
            "text": self.text,
            "boxes": [box.as_data() if box else None for box in self.boxes],
            "scanned": self.scanned,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Page":
        """The page of its JSON form."""
        boxes = tuple(Box(*box) if box else None for box in data["boxes"])
        return cls(data["index"], data["width"], data["height"], data["text"], boxes, data.get("scanned"))


@dataclass(frozen=True, slots=True)
class Person:
    """Someone whom the case knows. `code` is the category of the name; `keep` says that the name must stay."""

    ref: str = ""
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    dob: str = ""  # ISO 8601
    nhs: str = ""
    other: tuple[str, ...] = ()  # anything else that tells who it is, as it is written
    code: str = "TPN"
    keep: bool = False

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Person":
        """The person of a JSON object with any of these fields; lists become tuples."""
        known: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
        return cls(**known)

    def as_data(self) -> dict[str, Any]:
        """JSON form."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Span:
    """Words that might be redacted, as offsets in one text."""

    start: int
    end: int
    code: str
    source: str  # pattern | person | field
    rule: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A span with its place on a page: one box a line."""

    page: int
    span: Span
    boxes: tuple[Box, ...]

    def as_data(self) -> dict[str, Any]:
        """JSON form; holds offsets and no words."""
        span = self.span
        return {
            "page": self.page,
            "start": span.start,
            "end": span.end,
            "code": span.code,
            "source": span.source,
            "rule": span.rule,
            "person": span.person,
            "boxes": [box.as_data() for box in self.boxes],
        }


@dataclass(frozen=True, slots=True)
class Redaction:
    """What a person accepted: boxes to burn in under a code, and the words they stand for unless drawn by hand."""

    page: int
    boxes: tuple[Box, ...]
    code: str
    start: int | None = None
    end: int | None = None

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Redaction":
        """The redaction of a JSON object; a proposal's JSON form will do."""
        boxes = tuple(Box(*map(float, box)) for box in data["boxes"])
        return cls(data["page"], boxes, data["code"], data.get("start"), data.get("end"))

    def as_data(self) -> dict[str, Any]:
        """JSON form."""
        boxes = [box.as_data() for box in self.boxes]
        return {"page": self.page, "boxes": boxes, "code": self.code, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Burnt:
    """What a burn-in made: the new file's name in the output folder, and what it says about itself.

    `hidden` maps a page to the offsets of code points that nobody can see on it (white, covered, clipped, invisible):
    they were left out of the new text although nobody redacted them.
    """

    name: str
    media_type: str
    pages: int
    redactions: int
    hidden: dict[int, list[int]] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "name": self.name,
            "media_type": self.media_type,
            "pages": self.pages,
            "redactions": self.redactions,
            "hidden": {str(page): offsets for page, offsets in self.hidden.items()},
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Burnt":
        """The report of its JSON form."""
        hidden = {int(page): offsets for page, offsets in data["hidden"].items()}
        return cls(data["name"], data["media_type"], data["pages"], data["redactions"], hidden)


@dataclass(frozen=True, slots=True)
class Covered:
    """Words of an incoming file that a box hides and any reader still gives out: somebody's failed redaction."""

    page: int
    box: Box
    text: str

    def as_data(self) -> dict[str, Any]:
        """JSON form. Holds the words: for whoever asked, not for a log."""
        return {"page": self.page, "box": self.box.as_data(), "text": self.text}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that got through, or may have: what kind, where. Never the words themselves."""

    kind: str
    where: str
    page: int | None = None

    def as_data(self) -> dict[str, Any]:
        """JSON form."""
        return {"kind": self.kind, "where": self.where, "page": self.page}


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a leak check: what was found, and what was looked at with which tools."""

    findings: tuple[Finding, ...]
    looked_at: dict[str, Any]

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def as_data(self) -> dict[str, Any]:
        """JSON form."""
        findings = [finding.as_data() for finding in self.findings]
        return {"passed": self.passed, "findings": findings, "checked": self.looked_at}


def lines_of(boxes: Sequence[Box | None]) -> list[Box]:
    """The boxes of consecutive code points joined into one box a line.

    A new line begins where the middle of a box is above or below the line so far, or where it jumps back to the left.
    """
    lines: list[Box] = []
    last: Box | None = None
    for box in boxes:
        if box is None:
            continue
        if lines and last and _same_line(lines[-1], last, box):
            lines[-1] = lines[-1].joined(box)
        else:
            lines.append(box)
        last = box
    return lines


def _same_line(line: Box, last: Box, box: Box) -> bool:
    middle = box.centre[1]
    return line.top <= middle <= line.bottom and box.right > last.left - (last.bottom - last.top)


def by_page(redactions: Iterable[Redaction]) -> dict[int, list[Redaction]]:
    """The redactions of each page, in reading order: by words first, then those drawn by hand from top to bottom."""
    pages: dict[int, list[Redaction]] = {}
    for redaction in redactions:
        pages.setdefault(redaction.page, []).append(redaction)
    for found in pages.values():
        found.sort(key=lambda r: (r.start is None, r.start or 0, r.boxes[0].top if r.boxes else 0.0, r.code))
    return pages
