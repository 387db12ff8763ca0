"""What is found out about a file: the plain data that leaves the sandbox and is kept on its blob."""

from dataclasses import dataclass, field
from typing import Any

# A file may hold millions of names, and a title of a gigabyte
LONGEST_TEXT = 300
MOST_ENTRIES = 500


@dataclass
class Found:
    """`marks` are codes that `evidence.marks` puts into words; `rows` are labelled texts for people of the case;
    `private` likewise, but of where or who somebody is; `entries` are what an archive lists.
    """

    media_type: str
    size: int = 0
    marks: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    private: list[list[str]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    entries_total: int = 0
    numbers: dict[str, Any] = field(default_factory=dict)

    def mark(self, code: str) -> None:
        """Note a state or a warning, once."""
        if code not in self.marks:
            self.marks.append(code)

    def row(self, label: str, value: object, *, private: bool = False) -> None:
        """Note a fact, if there is one."""
        text = clean(value)
        if text:
            (self.private if private else self.rows).append([label, text])

    def entry(self, name: str, size: int, *, kind: str = "file", encrypted: bool = False) -> None:
        """Note what an archive lists; past MOST_ENTRIES they are only counted."""
        self.entries_total += 1
        if len(self.entries) < MOST_ENTRIES:
            self.entries.append({"name": clean(name), "size": size, "kind": kind, "encrypted": encrypted})

    def as_data(self) -> dict[str, Any]:
        """As JSON; what is empty is left out."""
        lists = {"marks": self.marks, "rows": self.rows, "private": self.private, "entries": self.entries}
        counted = {"entries_total": self.entries_total} if self.entries_total else {}
        return {"media_type": self.media_type} | self.numbers | {name: kept for name, kept in lists.items() if kept} | counted


def clean(value: object) -> str:
    """A short text on one line, which a database can hold."""
    if value is None or value is False:
        return ""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    # Surrogates and NUL: JSON in PostgreSQL takes neither. Other controls could turn a page's text around.
    plain = "".join(c if c.isprintable() else " " for c in text[: LONGEST_TEXT * 4])
    return " ".join(plain.split())[:LONGEST_TEXT]
