"""Descriptions in a CSV file: reading them, and measuring the rules on labelled ones."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from disclosure.lint import Context, Finding, check_all, rules, verdict

KINDS = ("MG6C", "MG6D", "MG6E", "SDC")


class TableError(Exception):
    """A file of descriptions can't be used; the message says why."""


@dataclass(frozen=True)
class Described:
    """One line of a file. `expected` and `rule` are labels: what it should come to, and by which rule; empty without labels."""

    id: str
    schedule: str
    description: str
    expected: str = ""
    rule: str = ""
    set_aside: bool = False


@dataclass(frozen=True)
class Score:
    """How often a rule, or all that stop, were right: `found` of `expected`, and `right` of `raised`."""

    name: str
    expected: int
    raised: int
    right: int

    @property
    def recall(self) -> float:
        """Of what should be found, the share that is; 1 if there was nothing to find."""
        return self.right / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        """Of what was raised, the share that is right; 1 if nothing was raised."""
        return self.right / self.raised if self.raised else 1.0


def read(path: Path) -> list[Described]:
    """Read columns id, schedule and description (others by name: verdict, rule, set_aside). Raises TableError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path} can't be read: {error.strerror}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    lines = csv.DictReader(io.StringIO(text, newline=""), restval="")
    lines.fieldnames = [name.strip().lower() for name in lines.fieldnames or []]
    if "description" not in lines.fieldnames:
        raise TableError(
            f"{path.name} needs the columns id, schedule and description; it has: {', '.join(lines.fieldnames) or 'none'}"
        )
    return [_described(number, line) for number, line in enumerate(lines, 1)]


def _described(number: int, line: dict[str, str]) -> Described:
    kind = (line.get("schedule") or "MG6C").upper().replace(" ", "").replace("(", "").replace(")", "")
    if kind not in KINDS:
        raise TableError(f"Line {number}: {line.get('schedule')!r} is not a schedule; there are {', '.join(KINDS)}")
    return Described(
        id=(line.get("id") or str(number)).strip(),
        schedule=kind,
        description=line.get("description") or "",
        expected=(line.get("verdict") or "").strip().lower(),
        rule=(line.get("rule") or "").strip(),
        set_aside=(line.get("set_aside") or "").strip().lower() in ("yes", "true", "1"),
    )


def findings(rows: Iterable[Described], context: Context) -> list[list[Finding]]:
    """What each row breaks."""
    return check_all([(row.schedule, row.description) for row in rows], context)


def measure(rows: list[Described], context: Context, *, set_aside: bool) -> list[Score]:
    """Scores of all stopping rules together, then of each rule, on the labelled rows that were or were not set aside.

    A rule's precision counts a finding as wrong where the row is labelled with another rule of the same or a weaker level.
    """
    pairs = [(row, found) for row, found in zip(rows, findings(rows, context), strict=True) if row.set_aside is set_aside]
    stops = [(row.expected == "stop", verdict(found) == "stop") for row, found in pairs]
    scores = [_score("all that stop", stops)]
    for rule in rules().values():
        marks = [
            (row.rule == rule.id, any(finding.rule is rule for finding in found))
            for row, found in pairs
            if row.rule == rule.id or not (row.expected == "stop" and not rule.stops)
        ]
        scores.append(_score(rule.id, marks))
    return scores


def _score(name: str, marks: list[tuple[bool, bool]]) -> Score:
    expected = sum(wanted for wanted, _ in marks)
    raised = sum(found for _, found in marks)
    return Score(name, expected, raised, sum(wanted and found for wanted, found in marks))
