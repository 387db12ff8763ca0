"""The log on paper and as a table: CSV of everything that was narrowed down to, PDF of as much as somebody reads."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC

from django.utils import timezone

from accounts.models import User
from audit.models import Event, EventQuerySet
from cases import log_rows
from cases.log_policy import Scope
from documents.render import render

MOST_PRINTED = 2000
BATCH = 500
HEADER = ["Place", "At (UTC)", "Who", "Act", "Object", "Case", "Said", "Object id", "Person id", "Request", "Event"]
# What a spreadsheet takes for a formula when a cell begins with it
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(events: EventQuerySet) -> Iterator[str]:
    """The events as CSV (RFC 4180), a header first, in batches: memory doesn't grow with their number."""
    yield _lines([HEADER])
    for batch in _batches(events):
        yield _lines([_cells(row) for row in log_rows.rows(batch, cases=True)])


def pdf(user: User, scope: Scope, events: EventQuerySet, narrowed: str) -> bytes:
    """The events on A4, with who printed them and what they were narrowed by."""
    rows = [row for batch in _batches(events) for row in log_rows.rows(batch, cases=True)]
    title = f"Log of case {scope.case.crime_number}" if scope.case else f"Log of {scope.organisation}"
    data = {
        "title": title,
        "printed": f"{timezone.localtime():%d/%m/%Y %H:%M} by {user}",
        "narrowed": narrowed,
        "count": str(len(rows)),
        "events": [dict(zip(("place", "at", "who", "act", "object", "case", "said"), _texts(row), strict=False)) for row in rows],
    }
    return render("log", data)


def _batches(events: EventQuerySet) -> Iterator[list[Event]]:
    batch: list[Event] = []
    for event in events.in_order().select_related("leaf").iterator(chunk_size=BATCH):
        batch.append(event)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _texts(row: log_rows.Row) -> list[str]:
    event = row.event
    said = "; ".join(f"{fact.name}: {f'{fact.before} → ' if fact.before else ''}{fact.after}" for fact in row.facts)
    place = "" if row.leaf_index is None else str(row.leaf_index)
    ids = [event.object_id, str(event.actor_id or ""), event.request_id or "", str(event.pk)]
    return [place, f"{event.at.astimezone(UTC):%d/%m/%Y %H:%M:%S}", row.who, row.what, row.object, row.case, said, *ids]


def _cells(row: log_rows.Row) -> list[str]:
    return [safe(text) for text in _texts(row)]


def safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what would begin one."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _lines(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
