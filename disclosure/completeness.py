"""Nothing of a case in limbo: what keeps a schedule from being certified or submitted beside its own words."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, Subquery

from cases.models import Case
from disclosure.models import (
    DefenceStatement,
    Item,
    ItemQuerySet,
    Row,
    Schedule,
    ScheduleVersion,
    VersionState,
)

_NAMED = 5


@dataclass(frozen=True)
class Missing:
    """An item that is not accounted for, and what is to be done about it."""

    item: Item
    why: str


def unaccounted(case: Case) -> ItemQuerySet:
    """Items that are neither evidence, scheduled, clearly not relevant with a reason, nor marked as not examined.

    Scheduled means: it stands, not withdrawn, on the newest version of a schedule of the kind that it belongs on.
    """
    newest = ScheduleVersion.objects.filter(schedule=OuterRef("version__schedule")).order_by("-number").values("number")[:1]
    listed = Row.objects.filter(version__schedule__case=case, withdrawn=False, version__number=Subquery(newest))
    on_mg6d = listed.filter(version__schedule__kind=Schedule.Kind.MG6D).values("item_id")
    on_served = listed.filter(version__schedule__kind__in=[Schedule.Kind.MG6C, Schedule.Kind.SDC]).values("item_id")
    items = Item.objects.ensure_for(case)
    limbo = items.in_limbo()
    mg6d = items.belonging_on("MG6D").exclude(id__in=on_mg6d)
    mg6c = items.belonging_on("MG6C").exclude(id__in=on_served)
    return items.filter(id__in=limbo.values("id").union(mg6d.values("id"), mg6c.values("id")))


def missing(case: Case, limit: int | None = None) -> list[Missing]:
    """What is not accounted for, and why; the first `limit`."""
    items = unaccounted(case).select_related("exhibit").order_by("created_at", "id")[:limit]
    return [Missing(item, _why(item)) for item in items]


def _why(item: Item) -> str:
    if item.is_in_limbo:
        return "not decided: used, scheduled, clearly not relevant, or not examined"
    # "MG6D" would tell whoever may not see one that there is something sensitive
    return "belongs on a schedule whose newest version does not list it"


def require_complete(version: ScheduleVersion) -> None:
    """Refuse to certify while an item of the case is unaccounted for, or was not read again after a defence statement."""
    case = version.schedule.case
    count = unaccounted(case).count()
    found = [f"{entry.item.exhibit.reference}: {entry.why}" for entry in missing(case, _NAMED)]
    if count > _NAMED:
        found.append(f"and {count - _NAMED} more items that are not accounted for")
    if version.schedule.kind == Schedule.Kind.MG6E:
        found += _of_report(version)
    if found:
        raise ValidationError(found)


def _of_report(version: ScheduleVersion) -> list[str]:
    from disclosure.content import listed_as

    listed = listed_as(version.schedule.case)
    found = [
        f"Row {row.position}: its item has no number yet: certify the schedule that it belongs on first"
        for row in version.rows.filter(withdrawn=False)
        if row.item_id not in listed
    ]
    waiting = to_read_again(version.schedule.case).count()
    if waiting:
        found.append(f"{waiting} item{'' if waiting == 1 else 's'} must be read again against the defence statement first")
    return found


def require_report(version: ScheduleVersion) -> None:
    """Refuse to submit a later schedule without an MG6E that was certified after it."""
    schedule = version.schedule
    if schedule.ordinal == 1 or schedule.kind == Schedule.Kind.MG6E or reported(version):
        return
    raise ValidationError(f"{version} is a later schedule: certify an MG6E for it first")


def require_report_to_serve(version: ScheduleVersion) -> None:
    """Refuse to serve an MG6C, the first one too, before an MG6E was certified after it.

    Later versions keep the report of the first. An SDC is a certificate of its own.
    """
    schedule = version.schedule
    if schedule.kind != Schedule.Kind.MG6C:
        return
    first = VersionState.objects.filter(version__schedule=schedule, state="certified").order_by("id").values("id")[:1]
    reports = VersionState.objects.filter(version__schedule__case_id=version.case_id, version__schedule__kind=Schedule.Kind.MG6E)
    if not reports.filter(state="certified", id__gt=Subquery(first)).exists():
        raise ValidationError(f"{schedule} goes with a disclosure officer's report: certify its MG6E, positive or nil, first")


def reported(version: ScheduleVersion) -> bool:
    """Whether an MG6E of the case was certified after this version was."""
    certified = VersionState.objects.filter(version=version, state="certified").values("id")[:1]
    reports = VersionState.objects.filter(
        version__schedule__case_id=version.case_id, version__schedule__kind=Schedule.Kind.MG6E, state="certified"
    )
    return reports.filter(id__gt=Subquery(certified)).exists()


def statement_of(case: Case) -> DefenceStatement | None:
    """The latest defence statement of the case, awaited or received."""
    return DefenceStatement.objects.filter(case=case).order_by("-at", "-id").first()


def to_read_again(case: Case) -> ItemQuerySet:
    """Items that a received defence statement re-opened and nobody has read again since: all scheduled and clearly not relevant."""
    statements = DefenceStatement.objects.filter(case=case).exclude(received_on=None)
    read = Item.objects.none()
    waiting = Item.objects.none()
    for statement in statements:
        read = Item.objects.filter(rereviews__statement=statement)
        opened = Item.objects.filter(
            case=case, use=Item.Use.UNUSED, relevance__in=[Item.Relevance.RELEVANT, Item.Relevance.NOT_RELEVANT]
        )
        waiting = waiting | opened.filter(created_at__lte=statement.at).exclude(id__in=read.values("id"))
    return waiting


def report_owed(case: Case) -> str:
    """Why an MG6E is owed to the prosecutor now, or nothing."""
    reports = VersionState.objects.filter(version__schedule__case=case, version__schedule__kind="MG6E", state="certified")
    last = reports.order_by("-id").first()
    statement = DefenceStatement.objects.filter(case=case).exclude(received_on=None).order_by("-at").first()
    if statement is not None and (last is None or last.at < statement.at):
        return "the defence statement has been received: every item is read again and an MG6E follows, positive or nil"
    schedules = VersionState.objects.filter(version__schedule__case=case, state="certified").exclude(version__schedule__kind="MG6E")
    newest = (
        schedules.filter(version__number=1).order_by("-id").values("id").annotate(ordinal=F("version__schedule__ordinal")).first()
    )
    if newest is not None and (last is None or last.id < newest["id"]):
        return "a schedule has been certified and its MG6E has not"
    return ""
