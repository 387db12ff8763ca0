"""The strings that were taken out, as something to look for."""

import difflib
import re
from collections.abc import Sequence

from redaction.engine.shapes import Page, Redaction

# Shorter strings turn up anywhere by chance; of digits alone, a year or a house number does.
SHORTEST, SHORTEST_NUMBER = 4, 6


def strings(pages: Sequence[Page], redactions: dict[int, list[Redaction]]) -> list[str]:
    """Every redacted string of four letters or more: whole, and its words of four or more, each once, longest first."""
    found: set[str] = set()
    for page in pages:
        for redaction in redactions.get(page.index, []):
            if redaction.start is not None and redaction.end is not None:
                found |= pieces(page.text[redaction.start : redaction.end])
    return sorted(found, key=lambda string: (-len(string), string))


def pieces(text: str) -> set[str]:
    """The string on one line, without its spaces, and each of its words, where long enough to be told from chance."""
    line = " ".join(text.split())
    candidates = {line, line.replace(" ", ""), *re.findall(r"[\w.@'-]+", line)}
    return {found for found in candidates if _telling(found)}


def is_number(text: str) -> bool:
    """Whether it is digits and signs, without a letter."""
    return not any(letter.isalpha() for letter in text)


def _telling(text: str) -> bool:
    if is_number(text):
        return sum(letter.isdigit() for letter in text) >= SHORTEST_NUMBER
    return len(text) >= SHORTEST


def likeness(wanted: str, text: str) -> float:
    """How much of a word stands in a text in one piece or nearly so: 0 to 1."""
    matching = difflib.SequenceMatcher(None, wanted, text, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matching) / max(1, len(wanted))


def encodings(string: str) -> list[bytes]:
    """The byte strings that a file may hold a string as: UTF-8, UTF-16 of either order, and hexadecimal of those."""
    plain = [string.encode("utf-8", "replace"), string.encode("utf-16-be", "replace"), string.encode("utf-16-le", "replace")]
    return plain + [data.hex().encode() for data in plain[:2]]
