"""Dates of birth that nothing calls so: a date right behind a name, of a year long before the document's own."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from redaction.engine.detect.patterns import MONTH
from redaction.engine.shapes import Span

_DATE = re.compile(
    r"[\s,(]{1,12}(?:(?:[MF]|[Mm]ale|[Ff]emale|MALE|FEMALE)\b[\s,/]{1,3})?(?:b\.?\s?)?"
    r"(?P<it>(?:0?[1-9]|[12]\d|3[01])\s?[./-]\s?(?:0?[1-9]|1[0-2])\s?[./-]\s?(?P<year>(?:19|20)\d\d|[3-9]\d)\b"
    rf"|\d{{1,2}}[ -]{MONTH}[ -](?P<spelt>(?:19|20)\d\d)\b"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?P<six>\d\d)(?!\d))",
    re.IGNORECASE,
)


def _year(match: re.Match[str]) -> str:
    return next(group for group in ("year", "spelt", "six") if match[group])


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_YEARS_BEFORE = 4
_IN_BRACKETS = re.compile(r"\s?\(\s?$")


def find(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """Dates behind the names among `found` in a plain text."""
    names = [span for span in found if span.code == "TPN"]
    behind = [match for span in names if (match := _DATE.match(text, span.end))]
    if not behind:
        return
    theirs = {match.start(_year(match)) for match in behind}
    years = [int(match[0]) for match in _YEAR.finditer(text) if int(match[0]) < 2100 and match.start() not in theirs]
    latest = max(years, default=0)
    for match in behind:
        year = int(match[_year(match)])
        year = year if year > 99 else 1900 + year if year > date.today().year % 100 else 2000 + year
        # What names only years before it (that of an Act, say) doesn't tell its own
        own = latest if latest >= year else date.today().year
        # Alone in brackets, as lists of a family have it, it need not be long before: "Kaiden PICKERSGILL (02/06/2018)"
        bracketed = _IN_BRACKETS.search(text, match.start(), match.start("it")) and text.startswith(")", match.end("it"))
        if year <= own - (1 if bracketed else _YEARS_BEFORE):
            yield Span(match.start("it"), match.end("it"), "DOB", "pattern", "dob.behind")
