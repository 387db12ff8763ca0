"""Block listing: many similar items as one row of a schedule (Code 6.10; AG Guidelines Annex A; DOMAIN section 2).

Refused for what may meet the disclosure test, presumption material and whatever else is to be listed by itself; an item that comes
to be such leaves its block as the draft is brought up to date, and no version is certified before. What is certified stays; the
next version lists the item by itself. The database refuses the same (`block_triggers`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from accounts.policy import require
from audit.actions import recorded
from cases.models import Case
from disclosure import manifests, rows, steps
from disclosure.models import (
    Block,
    BlockItem,
    Item,
    ItemQuerySet,
    Presumption,
    Row,
    Schedule,
    ScheduleNumber,
    ScheduleVersion,
    VersionState,
    alone,
)

LEAST = 2
MOST = 5000
"""How many items a block is made of at once."""
_NAMED = 10


def choosable(case: Case) -> ItemQuerySet:
    """Items that a new block can be made of."""
    items = Item.objects.filter(case=case).exclude(sensitivity=Item.Sensitivity.UNDECIDED).exclude(alone())
    numbered = ScheduleNumber.objects.filter(item=OuterRef("pk")).exclude(kind=Schedule.Kind.MG6E)
    return items.filter(~Exists(numbered), ~Exists(BlockItem.objects.standing().filter(item=OuterRef("pk"))))


@recorded
def make(user: User, case: Case, items: Iterable[UUID], *, title: str, location: str, why: str) -> Block:
    """List items of one sensitivity as a block. The next draft of their schedule has one row for all of them."""
    require(user, "disclosure.draft_schedule", case)
    words = _words(title, location, why)
    asked = set(items)
    if not LEAST <= len(asked) <= MOST:
        raise ValidationError({"items": f"Select at least two items, and at most {MOST:,}"})
    found = list(
        Item.objects.select_for_update(of=("self",)).select_related("exhibit").filter(case=case, pk__in=asked).order_by("id")
    )
    if len(found) < len(asked):
        raise ValidationError({"items": "Select items of this case"})
    if wrong := _wrong(found):
        raise ValidationError({"items": _first(wrong)})
    sensitivities = {item.sensitivity for item in found}
    if len(sensitivities) > 1:
        raise ValidationError({"items": "Sensitive items and others stand in blocks of their own: select one of the two"})
    block = Block(case=case, sensitivity=sensitivities.pop(), by=user, **words)
    block.clean_fields()
    block.save()
    found.sort(key=lambda item: (item.created_at, item.pk))  # as the review lists them
    BlockItem.objects.bulk_create(BlockItem(block=block, item=item, by=user) for item in found)
    detail = words | {"items": [item.label for item in found]}
    steps.record_on("block.made", user, case, block, after={"items": len(found)}, detail=detail)
    return block


def _words(title: str, location: str, why: str) -> dict[str, str]:
    """A block's words, all of them there."""
    words = {"title": title.strip(), "location": location.strip(), "why": why.strip()}
    asked = {
        "title": "Enter what the items are",
        "location": "Enter where they are kept",
        "why": "Enter why they are listed as a block, for example that one by one would tell no more",
    }
    missing = {name: text for name, text in asked.items() if not words[name]}
    if missing:
        raise ValidationError(missing)
    return words


def _first(messages: Sequence[str]) -> list[str]:
    left = len(messages) - _NAMED
    return [*messages[:_NAMED], *([f"and {left} more"] if left > 0 else [])]


def _wrong(items: list[Item]) -> list[str]:
    """Why items can't be put in a block: each named, in order."""
    numbers = ScheduleNumber.objects.filter(item__in=items).exclude(kind=Schedule.Kind.MG6E)
    numbered = {one.item_id: f"is listed by itself, as {one.kind} item {one.number}" for one in numbers}
    places = BlockItem.objects.standing().filter(item__in=items)
    placed = dict.fromkeys(places.values_list("item_id", flat=True), "is in a block already")
    known = placed | numbered | _faults(Item.objects.filter(pk__in=[item.pk for item in items]).filter(alone()))
    undecided = "is not decided yet: unused, relevant, sensitive or not"
    found = [(item, known.get(item.pk, "" if item.sensitivity else undecided)) for item in items]
    return [f"{item.label} {why}" for item, why in found if why]


def _faults(items: ItemQuerySet) -> dict[UUID, str]:
    """Why each of these items is to be listed by itself."""
    confirmed = Presumption.objects.standing().filter(item=OuterRef("pk"))
    found = {}
    for item in items.select_related("exhibit").annotate(confirmed=Exists(confirmed)):
        if item.exhibit.fence:
            found[item.pk] = "is closed to the team"
        elif item.test == Item.Test.MAY_MEET:
            found[item.pk] = "may undermine or assist: it is listed by itself"
        elif item.use != Item.Use.UNUSED or item.relevance != Item.Relevance.RELEVANT:
            found[item.pk] = "is not decided as unused and relevant"
        elif item.confirmed:
            found[item.pk] = "is presumption material, or a copy of it accompanies the schedule: it is listed by itself"
        else:
            found[item.pk] = "is proposed as presumption material, and nobody has answered"
    return found


# ---- what becomes of a block -----------------------------------------------------------------------------------------


@recorded
def change_words(user: User, block: Block, *, title: str, location: str, why: str) -> Block:
    """Write what a block is, where it is kept, and why it is one, until it is certified; its row in a draft says the same."""
    require(user, "disclosure.write_row", block)
    row = _row_in_draft(block)
    words = _words(title, location, why)
    before = {name: getattr(block, name) for name in words}
    if words == before:
        return block
    for name, value in words.items():
        setattr(block, name, value)
    block.clean_fields(exclude=[field.name for field in Block._meta.fields if field.name not in words])
    if row is not None:
        rows.edit(user, row, description=words["title"], location=words["location"])
    block.save(update_fields=list(words))
    steps.record_on("block.changed", user, block.case, block, detail={"before": before, "after": words})
    return block


@recorded
def take_out(user: User, block: Block, items: Iterable[UUID]) -> int:
    """Take items out of a block that no version holds but a draft: they are listed by themselves. Returns how many."""
    require(user, "disclosure.draft_schedule", block)
    _row_in_draft(block)
    leaving = list(block.places.standing().filter(item__in=list(items)).select_related("item__exhibit"))
    if not leaving:
        raise ValidationError({"items": "Select items of the block"})
    if block.places.standing().count() - len(leaving) < LEAST:
        raise ValidationError({"items": "A block has at least two items: dissolve it instead"})
    _leave(user, block, leaving, "block.items_taken_out")
    return len(leaving)


@recorded
def dissolve(user: User, block: Block) -> int:
    """Take every item out of a block that no version holds but a draft: each is listed by itself. Returns how many."""
    require(user, "disclosure.draft_schedule", block)
    _row_in_draft(block)
    leaving = list(block.places.standing().select_related("item__exhibit"))
    if not leaving:
        raise ValidationError("The block is dissolved already")
    _leave(user, block, leaving, "block.dissolved")
    return len(leaving)


def newest_row(block: Block) -> Row | None:
    """A block's row on the newest version of the schedule that lists it, if one does."""
    later = ScheduleVersion.objects.filter(schedule=OuterRef("version__schedule"), number__gt=OuterRef("version__number"))
    listed = Row.objects.filter(~Exists(later), block=block, withdrawn=False)
    return listed.select_related("version__schedule__case", "edited_by").first()


def _row_in_draft(block: Block) -> Row | None:
    """A block's row in the draft that lists it, held until the transaction ends; refuses where its newest version is no draft."""
    row = newest_row(block)
    if row is None:
        return None
    rows.lock_version(row.version)
    if row.version.state != VersionState.State.DRAFT:
        raise ValidationError(f"{row.version}, which lists the block, is {row.version.state_label.lower()}: it can't change there")
    return row


def _leave(user: User, block: Block, leaving: Sequence[BlockItem], verb: str) -> None:
    BlockItem.objects.filter(pk__in=[place.pk for place in leaving]).update(left_by=user, left_at=timezone.now())
    left = block.places.standing().count()
    detail: dict[str, Any] = {"title": block.title, "items": [place.item.label for place in leaving]}
    steps.record_on(verb, user, block.case, block, before={"items": left + len(leaving)}, after={"items": left}, detail=detail)


def shed(user: User, version: ScheduleVersion) -> None:
    """Let go of what may not stay in a block, as a draft is brought up to date; of a block with one item left, that one too.

    A block on another schedule of the kind is that one's to bring up to date. Called by `actions` inside its transaction.
    """
    schedule = version.schedule
    elsewhere = Row.objects.filter(
        version__schedule__case_id=schedule.case_id, version__schedule__kind=schedule.kind, block__isnull=False
    ).exclude(version__schedule=schedule)
    own = Block.objects.filter(case_id=schedule.case_id).of_kind(schedule.kind)
    standing = BlockItem.objects.standing().filter(block__in=own.exclude(pk__in=elsewhere.values("block_id")))
    leaving: dict[Block, list[BlockItem]] = defaultdict(list)
    for place in standing.unfit().select_related("block__case", "item__exhibit").order_by("id"):
        leaving[place.block].append(place)
    for block, places in leaving.items():
        rest = standing.filter(block=block).exclude(pk__in=[place.pk for place in places]).select_related("item__exhibit")
        if len(last := list(rest[:LEAST])) < LEAST:
            _leave(user, block, [*places, *last], "block.dissolved")
        else:
            _leave(user, block, places, "block.items_left")


def problems(version: ScheduleVersion, listed: Iterable[Row]) -> list[str]:
    """What keeps a version from going on: an item of one of its blocks that must leave, or that has a row of its own too."""
    standing = [row for row in listed if not row.withdrawn]
    blocks = {row.block_id: row for row in standing if row.block_id}
    places = BlockItem.objects.standing().filter(block__case=version.case_id)
    found = [
        f"Row {blocks[place.block_id].position}: {why}, so it can't stay in the block: bring the draft up to date"
        for place, why in must_leave(places.filter(block__in=list(blocks)))
    ]
    sized = dict(places.order_by().values_list("block").annotate(count=Count("pk")))
    found += [
        f"Row {row.position}: the block has been dissolved: bring the draft up to date"
        for key, row in blocks.items()
        if sized.get(key, 0) < LEAST
    ]
    own = Block.objects.filter(case=version.case_id).of_kind(version.schedule.kind)
    twice = set(
        places.filter(block__in=own, item__in=[row.item_id for row in standing if row.item_id]).values_list("item", flat=True)
    )
    return found + [
        f"Row {row.position}: the item has since been put in a block: bring the draft up to date"
        for row in standing
        if row.item_id in twice
    ]


def must_leave(places: Any) -> list[tuple[BlockItem, str]]:
    """Of these places in blocks, those whose item must leave, and why."""
    unfit = list(places.unfit().select_related("item__exhibit").order_by("id"))
    faults = _faults(Item.objects.filter(pk__in=[place.item_id for place in unfit]).filter(alone()))
    otherwise = "is decided of another sensitivity than the block"
    return [(place, f"{place.item.label} {faults.get(place.item_id, otherwise)}") for place in unfit]


def must_leave_version(version: ScheduleVersion) -> list[tuple[BlockItem, str]]:
    """Of the blocks on a version, the items that must leave, and why; nothing once a later one has taken its place."""
    if version.state == VersionState.State.SUPERSEDED:
        return []
    blocks = version.rows.filter(withdrawn=False, block__isnull=False)
    return must_leave(BlockItem.objects.standing().filter(block__in=blocks.values("block_id")))


# ---- for the DMD -----------------------------------------------------------------------------------------------------


def facts(case: Case) -> list[list[str]]:
    """What a DMD says of blocks: which there are, and why. Nothing of a sensitive one, whose being there would tell."""
    blocks = list(Block.objects.filter(case=case).of_kind(Schedule.Kind.MG6C).standing().order_by("at", "id"))
    counted = manifests.facts_of(blocks)
    numbers = {one.block_id: f"{one.kind} item {one.number}" for one in ScheduleNumber.objects.filter(block__in=blocks)}
    return [
        [numbers.get(block.pk, "Not numbered yet"), f"{block.title}. {counted[block.pk]}. Why: {block.why}"] for block in blocks
    ]
