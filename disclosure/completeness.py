"""Nothing of a case in limbo: what keeps a schedule from being certified or submitted beside its own words."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, Subquery

from cases.models import Case
from disclosure.models import (
    NOT_DETERMINED,
    BlockItem,
    DefenceStatement,
    Item,
    ItemQuerySet,
    Row,
    Schedule,
    ScheduleVersion,
    VersionState,
)
from evidence.fencing import UNDETERMINED, Fence

_NAMED = 5


@dataclass(frozen=True)
class Missing:
    """An item that is not accounted for, and what is to be done about it."""

    item: Item
    why: str


def unaccounted(case: Case) -> ItemQuerySet:
    """Items that are neither evidence, scheduled, clearly not relevant with a reason, nor marked as not examined; and the fenced
    ones of which nobody has said yet what becomes of them.

    Scheduled means: it stands, not withdrawn, on the newest version of a schedule of the kind that it belongs on; by itself, or in
    a block that it may stand in.
    """
    newest = ScheduleVersion.objects.filter(schedule=OuterRef("version__schedule")).order_by("-number").values("number")[:1]
    listed = Row.objects.filter(version__schedule__case=case, withdrawn=False, version__number=Subquery(newest))
    alone = listed.filter(item__isnull=False)
    on_mg6d = alone.filter(version__schedule__kind=Schedule.Kind.MG6D).values("item_id")
    on_served = alone.filter(version__schedule__kind__in=[Schedule.Kind.MG6C, Schedule.Kind.SDC]).values("item_id")
    blocks = listed.filter(block__isnull=False).values("block_id")
    in_blocks = BlockItem.objects.standing().filter(block__in=blocks).fit().values("item_id")
    items = Item.objects.ensure_for(case)
    limbo = items.in_limbo()
    # A block that an item may stand in is of its own sensitivity
    mg6d = items.belonging_on("MG6D").exclude(id__in=on_mg6d).exclude(id__in=in_blocks)
    mg6c = items.belonging_on("MG6C").exclude(id__in=on_served).exclude(id__in=in_blocks)
    fenced = items.filter(NOT_DETERMINED)
    return items.filter(id__in=limbo.values("id").union(mg6d.values("id"), mg6c.values("id"), fenced.values("id")))


def missing(case: Case, limit: int | None = None) -> list[Missing]:
    """What is not accounted for, and why; the first `limit`."""
    items = unaccounted(case).select_related("exhibit").order_by("created_at", "id")[:limit]
    places = BlockItem.objects.standing().filter(item__in=[item.pk for item in items])
    in_blocks = set(places.values_list("item_id", flat=True))
    return [Missing(item, _why(item, in_block=item.pk in in_blocks)) for item in items]


def _why(item: Item, *, in_block: bool) -> str:
    if item.exhibit.fence in UNDETERMINED:
        privilege = item.exhibit.fence == Fence.PRIVILEGE
        return f"fenced: {'whether it is privileged' if privilege else 'what becomes of it'} is not determined yet"
    if item.exhibit.fence == Fence.PRIVILEGED and (item.use == Item.Use.USED or item.relevance == Item.Relevance.NOT_RELEVANT):
        return "found to be privileged since it was decided: schedule it, or declare it as not examined"
    if item.is_in_limbo:
        return "not decided: used, scheduled, clearly not relevant, or not examined"
    if in_block:
        return "in a block that no newest version lists as it must: bring the schedule up to date, or draft its next version"
    # "MG6D" would tell whoever may not see one that there is something sensitive
    return "belongs on a schedule whose newest version does not list it"


def require_complete(version: ScheduleVersion) -> None:
    """Refuse to certify while an item of the case is unaccounted for, or was not read again after a defence statement."""
    case = version.schedule.case
    count = unaccounted(case).count()
    found = [f"{entry.item.label}: {entry.why}" for entry in missing(case, _NAMED)]
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
        if row.key not in listed
    ]
    waiting = to_read_again(version.schedule.case).count()
    if waiting:
        found.append(f"{waiting} item{'' if waiting == 1 else 's'} must be read again against the defence statement first")
    return found


SET: tuple[str, ...] = (Schedule.Kind.MG6C, Schedule.Kind.MG6D, Schedule.Kind.MG6E)
"""What goes to the prosecutor together: both schedules, nil ones too, and the disclosure officer's report (DOMAIN section 2)."""


@dataclass(frozen=True)
class Owed:
    """A form that must be certified before another may go to the prosecutor: what to do, and its newest version if there is one."""

    kind: str
    what: str
    version: ScheduleVersion | None


def owed_before(version: ScheduleVersion) -> list[Owed]:
    """What keeps a version from being submitted: the rest of its set, and a report that was certified after it.

    An SDC is a certificate of its own; a later one still needs its report.
    """
    case, kind = version.schedule.case, version.schedule.kind
    owed = {}
    if not Schedule.objects.filter(case=case, kind=Schedule.Kind.SDC).exists():
        certified = VersionState.objects.filter(version__schedule__case=case, version__schedule__kind__in=SET, state="certified")
        done = {kind, Schedule.Kind.MG6E, *certified.values_list("version__schedule__kind", flat=True)}
        owed = {other: f"certify the {other} first, a nil one if there is nothing to list" for other in SET if other not in done}
    if kind != Schedule.Kind.MG6E and _needs_report(version) and not _reported(version):
        owed[Schedule.Kind.MG6E] = "certify an MG6E for it first, positive or nil"
    versions = ScheduleVersion.objects.with_state().filter(schedule__case=case, schedule__kind__in=owed)
    newest = {found.schedule.kind: found for found in versions.select_related("schedule").order_by("schedule__ordinal", "number")}
    return [Owed(other, what, newest.get(other)) for other, what in owed.items()]


def _needs_report(version: ScheduleVersion) -> bool:
    sdc = Schedule.objects.filter(case_id=version.case_id, kind=Schedule.Kind.SDC)
    return version.schedule.ordinal > 1 or not sdc.exists()


def _reported(version: ScheduleVersion) -> bool:
    """Whether an MG6E was certified after the schedule's first version; of a later schedule, after this version itself."""
    schedule = version.schedule
    first = {"version": version} if schedule.ordinal > 1 else {"version__schedule": schedule}
    certified = VersionState.objects.filter(state="certified", **first).order_by("id").values("id")[:1]
    reports = VersionState.objects.filter(
        version__schedule__case_id=version.case_id, version__schedule__kind=Schedule.Kind.MG6E, state="certified"
    )
    return reports.filter(id__gt=Subquery(certified)).exists()


def require_set(version: ScheduleVersion) -> None:
    """Refuse to submit a version before the rest of its set is certified."""
    if owed := owed_before(version):
        raise ValidationError([f"{version} goes with the rest of its set: {entry.what}" for entry in owed])


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
