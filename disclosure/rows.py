"""The rows of a draft: which items and blocks belong, which have left, their numbers. Called by `actions` in its transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from disclosure.models import Block, BlockItem, Decision, Item, Row, Schedule, ScheduleNumber, ScheduleVersion
from disclosure.triggers import lock_sql


@dataclass(frozen=True)
class Changes:
    """How many rows a draft gained, lost and got back."""

    added: int
    withdrawn: int
    restored: int

    def __bool__(self) -> bool:
        return bool(self.added or self.withdrawn or self.restored)


def lock_version(version: ScheduleVersion) -> None:
    """Hold a version's rows and state until the transaction ends, and forget the state read before."""
    _lock("version", str(version.id))
    version.__dict__.pop("latest_state", None)


def lock_numbers(case: Case, kind: str) -> None:
    """Hold a case's numbers of one kind of schedule until the transaction ends. Take it before any version's lock."""
    _lock("numbers", f"{case.id}{kind}")


def _lock(kind: str, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock_sql(kind, '%s')}", [key])


def copy_rows(source: ScheduleVersion, target: ScheduleVersion) -> None:
    """Carry rows that have a number over into a new version.

    Their words stay those of whoever wrote them, who then can't check the new version either.
    """
    standing = set(Block.objects.filter(case_id=target.case_id).standing().values_list("id", flat=True))
    Row.objects.bulk_create(
        Row(
            version=target,
            item_id=row.item_id,
            block_id=row.block_id,
            position=row.position,
            description=row.description if belongs else "",
            location=row.location if belongs else "",
            sensitivity_reason=row.sensitivity_reason if belongs else "",
            withdrawn=not belongs,
            edited_by_id=row.edited_by_id if belongs or row.withdrawn else target.created_by_id,
        )
        for row in source.rows.filter(position__isnull=False).select_related("item")
        for belongs in [
            not row.withdrawn and (row.item.belongs_on(target.schedule.kind) if row.item is not None else row.block_id in standing)
        ]
    )


def refresh(user: User, version: ScheduleVersion) -> Changes:
    """Bring a draft up to date with the decisions: add, withdraw, restore, number again. The user is the author of what changes."""
    kind = version.schedule.kind
    rows = {row.key: row for row in version.rows.all()}
    listed = _listed(version, rows)
    left = [row for key, row in rows.items() if not row.withdrawn and key not in listed]
    back = [row for key, row in rows.items() if row.withdrawn and key in listed]
    new = [
        Row(version=version, **{"block" if isinstance(entry, Block) else "item": entry}, edited_by=user)
        for key, entry in listed.items()
        if key not in rows
    ]
    reasons = _reasons([row.key for row in back + new], kind)
    for row in back + new:
        _begin(row, kind, listed[row.key], reasons.get(row.key, ""))
    for row in left:
        row.description = row.location = row.sensitivity_reason = ""
        row.withdrawn = True
    for row in left + back:
        row.edited_by = user
        row.save()
    Row.objects.bulk_create(new)
    renumber(version)
    return Changes(len(new), len(left), len(back))


def _listed(version: ScheduleVersion, rows: Mapping[UUID, Row]) -> dict[UUID, Item | Block]:
    """Items and blocks that this version lists: what belongs on its kind and stands on no other schedule of that kind.

    New ones join the latest of several schedules; an earlier one keeps those that it has. An item of a block is not listed again.
    """
    schedule = version.schedule
    items = Item.objects.filter(case_id=version.case_id).belonging_on(schedule.kind).select_related("exhibit")
    blocks = Block.objects.filter(case_id=version.case_id).of_kind(schedule.kind).standing()
    items = items.exclude(id__in=BlockItem.objects.standing().filter(block__in=blocks).values("item_id"))
    others = Schedule.objects.filter(case_id=version.case_id, kind=schedule.kind).exclude(pk=schedule.pk)
    elsewhere = Row.objects.filter(version__schedule__in=others, withdrawn=False)
    if others.filter(ordinal__gt=schedule.ordinal).exists():
        items, blocks = items.filter(id__in=list(rows)), blocks.filter(id__in=list(rows))
    listed = items.exclude(id__in=elsewhere.filter(item__isnull=False).values("item_id"))
    listed_blocks = blocks.exclude(id__in=elsewhere.filter(block__isnull=False).values("block_id"))
    found: dict[UUID, Item | Block] = {item.id: item for item in listed}
    return found | {block.id: block for block in listed_blocks}


def _begin(row: Row, kind: str, item: Item | Block, reason: str) -> None:
    """A row's first words: the block's, or the exhibit's own for the author to make fit for its readers; on an MG6E the reason."""
    row.withdrawn = False
    if kind == Schedule.Kind.MG6E:
        row.description = reason
        return
    row.sensitivity_reason = reason
    if isinstance(item, Block):
        row.description, row.location = item.title, item.location
        return
    place = f"{item.part[0].upper()}{item.part[1:]} of: " if item.locator else ""
    row.description = place + item.exhibit.description
    row.location = item.exhibit.location


def _reasons(keys: Iterable[UUID], kind: str) -> dict[UUID, str]:
    """Why each item was last decided sensitive (MG6D), or thought to meet the test (MG6E); of a block, the last of its items."""
    value = {"MG6D": Item.Sensitivity.SENSITIVE.value, "MG6E": Item.Test.MAY_MEET.value}.get(kind)
    if value is None:
        return {}
    decisions = Decision.objects.filter(value=value).order_by("id")
    wanted = list(keys)
    of_items = decisions.filter(item_id__in=wanted).values_list("item_id", "reason")
    of_blocks = decisions.filter(item__places__left_at=None, item__places__block__in=wanted)
    return dict(of_items) | dict(of_blocks.values_list("item__places__block", "reason"))


def renumber(version: ScheduleVersion) -> None:
    """Provisional numbers: fixed ones stay, others go on after the last fixed one; withdrawn before it had a number: none."""
    schedule = version.schedule
    numbers = ScheduleNumber.objects.filter(case_id=schedule.case_id, kind=schedule.kind)
    fixed = {one.item_id or one.block_id: one.number for one in numbers}
    following = max(fixed.values(), default=0)
    changed = []
    for row in _in_order(version):
        position = fixed.get(row.key)
        if position is None and not row.withdrawn:
            position = following = following + 1
        if position != row.position:
            row.position = position
            changed.append(row)
    Row.objects.bulk_update(changed, ["position"], batch_size=500)


def fix_numbers(version: ScheduleVersion) -> None:
    """Make the numbers of a version that is being certified final. The case's numbers must be locked."""
    schedule = version.schedule
    numbers = ScheduleNumber.objects.filter(case_id=schedule.case_id, kind=schedule.kind)
    fixed = {one.item_id or one.block_id for one in numbers}
    following = numbers.aggregate(last=Max("number"))["last"] or 0
    made = [
        ScheduleNumber(case_id=schedule.case_id, kind=schedule.kind, item_id=row.item_id, block_id=row.block_id, number=number)
        for number, row in enumerate((r for r in _in_order(version) if not r.withdrawn and r.key not in fixed), following + 1)
    ]
    ScheduleNumber.objects.bulk_create(made)
    renumber(version)


def _in_order(version: ScheduleVersion) -> list[Row]:
    """Rows by their numbers; new ones after those, in the order their exhibits came in or their blocks were made."""
    rows = list(version.rows.select_related("item__exhibit", "block"))
    far = len(rows) + 1_000_000_000
    return sorted(rows, key=lambda row: (row.position or far, *_since(row), row.id))


def _since(row: Row) -> tuple[datetime, datetime]:
    if row.block is not None:
        return row.block.at, row.block.at
    return row.item.exhibit.created_at, row.item.created_at  # type: ignore[union-attr]  # a constraint


def edit(user: User, row: Row, **words: str) -> None:
    """Write a row's words, which are its block's newest too; `edited_at` moves on even if the clock doesn't."""
    if row.block_id:
        names = {"description": "title", "location": "location"}
        Block.objects.filter(pk=row.block_id).update(**{names[name]: value for name, value in words.items() if name in names})
    for name, value in words.items():
        setattr(row, name, value)
    row.edited_by = user
    row.edited_at = timezone.now()
    row.save(update_fields=[*words, "edited_by", "edited_at"])
