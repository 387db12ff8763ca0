"""The content of a version as it is certified: plain data in RFC 8785 form, and its SHA-256. What is served comes from here.

Internal flags (presumption, decisions, people who wrote) are not in it: an MG6C goes to the defence.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785

from cases.models import Case
from disclosure import manifests, sampling_facts
from disclosure.models import Item, Row, Schedule, ScheduleNumber, ScheduleVersion

STATEMENT = (
    "To the best of my knowledge and belief, all relevant material which has been retained and made available to me has been"
    " inspected, viewed or listened to, and has been revealed to the prosecutor in accordance with the Criminal Procedure and"
    " Investigations Act 1996 (as amended), the Code of Practice issued under it, and the Attorney General's Guidelines on"
    " Disclosure."
)


@dataclass(frozen=True)
class Signature:
    """Who certifies, as they stand on the form, and when (aware)."""

    name: str
    role: str
    at: datetime


def of_version(version: ScheduleVersion, rows: Iterable[Row], *, unexamined: str, signature: Signature) -> dict[str, Any]:
    """Everything that a certificate covers. Rows without a number (withdrawn before they had one) are not part of it."""
    schedule = version.schedule
    listed = listed_as(schedule.case) if schedule.kind == Schedule.Kind.MG6E else {}
    numbered = [row for row in rows if row.position is not None]
    blocks = manifests.said([row.block_id for row in numbered if row.block_id])
    return {
        "form": schedule.kind,
        "ordinal": schedule.ordinal,
        "version": version.number,
        "crime_number": schedule.case.crime_number,
        "urn": schedule.case.urn,
        "unexamined": unexamined,
        "rows": [_row(row, schedule.kind, listed, blocks) for row in numbered],
        "statement": STATEMENT,
        "certified_by": signature.name,
        "certified_as": signature.role,
        "certified_at": signature.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def _row(row: Row, kind: str, listed: Mapping[UUID, tuple[str, int]], blocks: Mapping[UUID, dict[str, Any]]) -> dict[str, Any]:
    if row.withdrawn:
        return {"number": row.position, "withdrawn": True}
    words: dict[str, Any] = {"number": row.position, "withdrawn": False, "description": row.description}
    if row.block_id and row.block_id in blocks:
        words["block"] = blocks[row.block_id]
    if kind == Schedule.Kind.MG6D:
        return words | {"sensitivity_reason": row.sensitivity_reason}
    if kind == Schedule.Kind.MG6E:
        place = listed.get(row.key)
        return words | ({"schedule": place[0], "item": place[1]} if place else {})
    return words | {"location": row.location}


def listed_as(case: Case) -> dict[UUID, tuple[str, int]]:
    """On which schedule each item stands, and its final number there; of an item that moved, where it belongs now."""
    numbers = ScheduleNumber.objects.filter(case=case, item__isnull=False).exclude(kind=Schedule.Kind.MG6E)
    found: dict[UUID, tuple[str, int]] = {}
    for item, kind, number, sensitivity in numbers.values_list("item_id", "kind", "number", "item__sensitivity"):
        if (kind == Schedule.Kind.MG6D) == (sensitivity == Item.Sensitivity.SENSITIVE):
            found[item] = (kind, number)
    return found


def canonical(content: dict[str, Any]) -> tuple[str, str]:
    """The content's RFC 8785 text, and the SHA-256 of that text's UTF-8 bytes in hexadecimal."""
    text = rfc8785.dumps(content)
    return text.decode(), hashlib.sha256(text).hexdigest()


def unexamined_note(version: ScheduleVersion) -> str:
    """What the form must say of what is held and not examined: how many items, and which part of which sets; nothing if none."""
    waiting = Item.objects.filter(case_id=version.case_id, use=Item.Use.UNUSED, relevance=Item.Relevance.UNEXAMINED).count()
    items, have = ("item", "has") if waiting == 1 else ("items", "have")
    said = [f"{waiting} {items} held in the case {have} not yet been examined."] if waiting else []
    return "\n".join(said + sampling_facts.not_examined(version.schedule.case, served=not version.schedule.is_restricted))
