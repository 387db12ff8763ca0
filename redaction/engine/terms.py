"""Given words, wherever they stand on a page."""

import re
from collections.abc import Sequence

from redaction.engine.shapes import Page, Redaction, lines_of

CODE = "OTH"


def terms_on(page: Page, terms: Sequence[str], code: str = CODE) -> list[Redaction]:
    """Each place where a term stands as whole words, whatever its case and however its spaces break over lines."""
    places: list[tuple[int, int]] = []
    for term in terms:
        for match in pattern_of(term).finditer(page.text):
            places.append(match.span())
    found: list[Redaction] = []
    last = -1
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if end <= last:
            continue
        first = max(start, last)
        found.append(Redaction(page.index, tuple(lines_of(page.boxes[first:end])), code, first, end))
        last = end
    return found


def pattern_of(term: str) -> re.Pattern[str]:
    """A term as a pattern: whole words at its edges where these are letters or digits, any white space inside."""
    inner = r"\s+".join(re.escape(word) for word in term.split())
    before = r"(?<!\w)" if term[:1].isalnum() else ""
    after = r"(?!\w)" if term[-1:].isalnum() else ""
    return re.compile(before + inner + after, re.IGNORECASE)
