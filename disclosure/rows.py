"""The rows of a draft: which items belong, which have left, and their numbers. Called by `actions` inside its transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from disclosure.models import Decision, Item, Row, Schedule, ScheduleNumber, ScheduleVersion
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
    Row.objects.bulk_create(
        Row(
            version=target,
            item_id=row.item_id,
            position=row.position,
            description=row.description if belongs else "",
            location=row.location if belongs else "",
            sensitivity_reason=row.sensitivity_reason if belongs else "",
            withdrawn=not belongs,
            edited_by_id=row.edited_by_id if belongs or row.withdrawn else target.created_by_id,
        )
        for row in source.rows.filter(position__isnull=False).select_related("item")
        for belongs in [not row.withdrawn and row.item.belongs_on(target.schedule.kind)]
    )


def refresh(user: User, version: ScheduleVersion) -> Changes:
    """Bring a draft up to date with the decisions: add, withdraw, restore, number again. The user is the author of what changes."""
    kind = version.schedule.kind
    rows = {row.item_id: row for row in version.rows.select_related("item")}
    items = _items(version, rows)
    left = [row for item_id, row in rows.items() if not row.withdrawn and item_id not in items]
    back = [row for item_id, row in rows.items() if row.withdrawn and item_id in items]
    new = [Row(version=version, item=item, edited_by=user) for item_id, item in items.items() if item_id not in rows]
    reasons = _reasons([row.item_id for row in back + new], kind)
    for row in back + new:
        _begin(row, kind, items[row.item_id], reasons.get(row.item_id, ""))
    for row in left:
        row.description = row.location = row.sensitivity_reason = ""
        row.withdrawn = True
    for row in left + back:
        row.edited_by = user
        row.save()
    Row.objects.bulk_create(new)
    renumber(version)
    return Changes(len(new), len(left), len(back))


def _items(version: ScheduleVersion, rows: Mapping[UUID, Row]) -> dict[UUID, Item]:
    """Items that this version lists: what belongs on its kind and stands on no other schedule of that kind.

    New items join the latest of several schedules; an earlier one keeps those that it has.
    """
    schedule = version.schedule
    items = Item.objects.filter(case_id=version.case_id).belonging_on(schedule.kind).select_related("exhibit")
    others = Schedule.objects.filter(case_id=version.case_id, kind=schedule.kind).exclude(pk=schedule.pk)
    elsewhere = Row.objects.filter(version__schedule__in=others, withdrawn=False).values("item_id")
    if others.filter(ordinal__gt=schedule.ordinal).exists():
        items = items.filter(id__in=list(rows))
    return {item.id: item for item in items.exclude(id__in=elsewhere)}


def _begin(row: Row, kind: str, item: Item, reason: str) -> None:
    """A row's first words: the exhibit's own, for the author to make fit for its readers; on an MG6E the reason."""
    row.withdrawn = False
    if kind == Schedule.Kind.MG6E:
        row.description = reason
        return
    row.description = item.exhibit.description
    row.location = item.exhibit.location
    row.sensitivity_reason = reason


def _reasons(item_ids: Iterable[object], kind: str) -> dict[object, str]:
    """Why each item was last decided sensitive (MG6D), or thought to meet the test (MG6E)."""
    value = {"MG6D": Item.Sensitivity.SENSITIVE.value, "MG6E": Item.Test.MAY_MEET.value}.get(kind)
    decisions = Decision.objects.filter(item_id__in=list(item_ids), value=value).order_by("id")
    return dict(decisions.values_list("item_id", "reason"))


def renumber(version: ScheduleVersion) -> None:
    """Provisional numbers: fixed ones stay, others go on after the last fixed one; withdrawn before it had a number: none."""
    schedule = version.schedule
    numbers = ScheduleNumber.objects.filter(case_id=schedule.case_id, kind=schedule.kind)
    fixed = dict(numbers.values_list("item_id", "number"))
    following = max(fixed.values(), default=0)
    changed = []
    for row in _in_order(version):
        position = fixed.get(row.item_id)
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
    fixed = set(numbers.values_list("item_id", flat=True))
    following = numbers.aggregate(last=Max("number"))["last"] or 0
    made = [
        ScheduleNumber(case_id=schedule.case_id, kind=schedule.kind, item_id=row.item_id, number=number)
        for number, row in enumerate((r for r in _in_order(version) if not r.withdrawn and r.item_id not in fixed), following + 1)
    ]
    ScheduleNumber.objects.bulk_create(made)
    renumber(version)


def _in_order(version: ScheduleVersion) -> list[Row]:
    """Rows by their numbers; new ones after those, in the order their exhibits came in."""
    rows = list(version.rows.select_related("item__exhibit"))
    far = len(rows) + 1_000_000_000
    return sorted(rows, key=lambda row: (row.position or far, row.item.exhibit.created_at, row.id))


def edit(user: User, row: Row, **words: str) -> None:
    """Write a row's words; `edited_at` moves on even if the clock doesn't."""
    for name, value in words.items():
        setattr(row, name, value)
    row.edited_by = user
    row.edited_at = timezone.now()
    row.save(update_fields=[*words, "edited_by", "edited_at"])
