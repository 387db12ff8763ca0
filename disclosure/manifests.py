"""What a block's row says beside its words: how many items, from when to when, why they are a block, and which they are.

All of it is read from the block's items. Of each stand its reference, its type and the day on which it was seized or received; not
its description, which nobody has written for those who read the schedule: what they need to know of all is the row's own.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min
from django.utils import timezone

from disclosure import locators
from disclosure.models import Block, BlockItem, CertifiedRow, Row, ScheduleVersion
from evidence.models import Exhibit

_SHOWN = "%d/%m/%Y"


@dataclass(frozen=True)
class Entry:
    """One item of a block, in words."""

    reference: str
    kind: str
    date: str


@dataclass(frozen=True)
class Manifest:
    """A block's items, as a form or a page shows them."""

    quantity: int
    first: dt.date
    last: dt.date
    why: str
    items: list[Entry]

    @property
    def facts(self) -> str:
        """How many, and from when to when."""
        return _facts(self.quantity, self.first, self.last)

    @property
    def text(self) -> str:
        """All of it as one text, to be compared with another version's."""
        return "\n".join([f"{self.facts}. {self.why}", *(f"{one.reference}, {one.kind}, {one.date}" for one in self.items)])


def _facts(quantity: int, first: dt.date, last: dt.date) -> str:
    days = f"{first:{_SHOWN}}" if first == last else f"{first:{_SHOWN}} to {last:{_SHOWN}}"
    return f"Block of {quantity:,} items, seized or received {days}"


def said(blocks: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """By block, what a certified text says of it (`block_triggers.MANIFEST`). One query, however many items there are."""
    places = BlockItem.objects.standing().filter(block__in=list(blocks)).select_related("block", "item__exhibit")
    found: dict[UUID, list[BlockItem]] = defaultdict(list)
    for place in places.order_by("item__exhibit__created_at", "item__created_at", "item_id"):
        found[place.block_id].append(place)
    return {block: _said(listed) for block, listed in found.items()}


def _said(places: list[BlockItem]) -> dict[str, Any]:
    items = [
        {
            "reference": place.item.exhibit.reference,
            "locator": place.item.locator,
            "kind": place.item.exhibit.kind,
            "date": timezone.localdate(place.item.exhibit.seized_at).isoformat(),
        }
        for place in places
    ]
    days = [str(item["date"]) for item in items]
    return {"quantity": len(items), "from": min(days), "to": max(days), "why": places[0].block.why, "items": items}


def read(block: Mapping[str, Any]) -> Manifest:
    """What a text says of a block, in words."""
    return Manifest(
        block["quantity"],
        dt.date.fromisoformat(block["from"]),
        dt.date.fromisoformat(block["to"]),
        block["why"],
        [
            Entry(
                f"{item['reference']}, {locators.words_of(item['locator'])}" if item["locator"] else item["reference"],
                str(Exhibit.Kind(item["kind"]).label),
                f"{dt.date.fromisoformat(item['date']):{_SHOWN}}",
            )
            for item in block["items"]
        ],
    )


def of_rows(version: ScheduleVersion, rows: Iterable[Row]) -> dict[UUID, Manifest]:
    """By row, what the blocks among these rows of a version hold: as it was certified, else as things stand now. One query."""
    blocks = {row.block_id: row for row in rows if row.block_id and not row.withdrawn}
    if not blocks:
        return {}
    if version.is_open:
        return {blocks[block].pk: read(text) for block, text in said(blocks).items()}
    numbers = {row.position or 0: row.pk for row in blocks.values()}
    frozen = CertifiedRow.objects.filter(version=version, number__in=numbers)
    return {numbers[row.number]: read(row.said["block"]) for row in frozen if "block" in row.said}


def put_on(version: ScheduleVersion, rows: Iterable[Row]) -> list[Row]:
    """These rows, each with its `manifest_text`."""
    listed = list(rows)
    found = of_rows(version, listed)
    for row in listed:
        if row.pk in found:
            row.manifest_text = found[row.pk].text
    return listed


def facts_of(blocks: Iterable[Block]) -> dict[UUID, str]:
    """By block, how many items, and from when to when. One query, in which the database counts."""
    places = BlockItem.objects.standing().filter(block__in=list(blocks)).order_by().values("block")
    counted = places.annotate(count=Count("pk"), first=Min("item__exhibit__seized_at"), last=Max("item__exhibit__seized_at"))
    return {
        line["block"]: _facts(line["count"], timezone.localdate(line["first"]), timezone.localdate(line["last"]))
        for line in counted
    }
