"""The labelled documents of tests/data/redaction: text with its marks taken out, and how well spans cover them.

A file begins with "# genre:" and "# accused:", then a blank line, then text in which [[CODE:words]] marks what should be
proposed under a kind (NAM: a person's name) and [[KEEP:words]] what must stay. The half `held_out` is not to be looked at
while rules are tuned: it stands for documents nobody has seen. `tuned` and `fresh` (written later, to find what the rules of
`tuned` missed) may be. `blind` and `shown` were written last, by somebody who had not read the rules, and committed before
anything was measured on them: the even-numbered documents are `blind` (only totals may be looked at), the odd ones `shown`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "data" / "redaction"
_MARK = re.compile(r"\[\[([A-Z]+):(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked stretch, offsets in the document's text."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class Document:
    """A labelled document."""

    name: str
    genre: str
    accused: tuple[str, ...]
    text: str
    marks: tuple[Mark, ...]

    def people(self) -> list[str]:
        """The names that a case would know: the fullest form of each marked person."""
        names = {" ".join(self.text[m.start : m.end].split()) for m in self.marks if m.code == "NAM"}
        full = {name.removesuffix("'s") for name in names if " " in name}
        told = {word.lower() for name in full for word in re.findall(r"[\w'-]+", name)}
        return sorted(full | {name for name in names if " " not in name and name.lower().removesuffix("'s") not in told})


def load(half: str) -> list[Document]:
    """The documents of a half: `held_out`, `tuned`, `fresh`, `blind` or `shown`."""
    return [_read(path) for path in sorted((FOLDER / half).glob("*.txt"))]


def _read(path: Path) -> Document:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    facts = dict(line[2:].split(":", 1) for line in head.splitlines())
    text, marks, last, parts = 0, [], 0, []
    for match in _MARK.finditer(body):
        parts.append(body[last : match.start()] + match[2])
        text += match.start() - last
        marks.append(Mark(text, text + len(match[2]), match[1]))
        text += len(match[2])
        last = match.end()
    parts.append(body[last:])
    accused = tuple(name.strip() for name in facts["accused"].split(";") if name.strip())
    return Document(path.stem, facts["genre"].strip(), accused, "".join(parts), tuple(marks))


@dataclass(slots=True)
class Score:
    """How many marks of each kind are wholly covered, and how many letters are that should stay."""

    marks: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    letters: int = 0  # that should stay
    masked: int = 0  # of them

    def recall(self, *codes: str) -> float:
        """The share of marks of these kinds that are wholly covered; 1 where there are none."""
        total = sum(self.marks[code] for code in codes)
        return sum(self.covered[code] for code in codes) / total if total else 1.0

    @property
    def overmasked(self) -> float:
        """The share of letters that should stay but are covered."""
        return self.masked / self.letters if self.letters else 0.0

    @property
    def kept_masked(self) -> float:
        """The share of KEEP marks of which a letter is covered."""
        return self.covered["KEEP"] / self.marks["KEEP"] if self.marks["KEEP"] else 0.0

    def add(self, document: Document, spans: Iterable[tuple[int, int]]) -> list[Mark]:
        """Count a document; returns the marks that are wrong: not wholly covered, or KEEP and touched."""
        text, wrong = document.text, []
        covered = bytearray(len(text))
        for start, end in spans:
            covered[start:end] = b"\1" * (end - start)
        wanted = bytearray(len(text))
        for mark in document.marks:
            letters = [place for place in range(mark.start, mark.end) if text[place].isalnum()]
            hit = [covered[place] for place in letters]
            is_kept = mark.code == "KEEP"
            good = any(hit) if is_kept else all(hit)
            self.marks[mark.code] += 1
            self.covered[mark.code] += good
            if good == is_kept:
                wrong.append(mark)
            if not is_kept:
                wanted[mark.start : mark.end] = b"\1" * (mark.end - mark.start)
        stay = [place for place in range(len(text)) if not wanted[place] and text[place].isalnum()]
        self.letters += len(stay)
        self.masked += sum(covered[place] for place in stay)
        return wrong


NUMBERS = ("TEL", "EML", "SOC", "DOB", "NI", "NHS", "ID", "FIN", "VRM", "OTH", "OPS")


def lines(score: Score) -> Sequence[tuple[str, int, float]]:
    """What, how many, share: for a table."""
    found = [("names", score.marks["NAM"], score.recall("NAM")), ("addresses", score.marks["ADDR"], score.recall("ADDR"))]
    found += [(code, score.marks[code], score.recall(code)) for code in (*NUMBERS, "WRK") if score.marks[code]]
    found.append(("letters masked that should stay", score.letters, score.overmasked))
    found.append(("KEEP masked", score.marks["KEEP"], score.kept_masked))
    return found
