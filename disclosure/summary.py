"""Where disclosure stands: for its own overview, for the case's overview and for "My work"."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from cases.models import Case
from cases.work import Card, WorkItem
from disclosure import presumed
from disclosure.models import (
    IN_LIMBO,
    BlockItem,
    Fence,
    Item,
    Schedule,
    ScheduleVersion,
    ScheduleVersionQuerySet,
    VersionState,
    cases_for,
)
from disclosure.policy import OFFICERS
from evidence.fencing import UNDETERMINED

State = VersionState.State
COLOURS: dict[str, str] = {
    State.DRAFT: "blue",
    State.IN_QA: "yellow",
    State.CHECKED: "purple",
    State.CERTIFIED: "green",
    State.SUBMITTED: "green",
    State.UNDER_REVIEW: "purple",
    State.RETURNED: "red",
    State.ENDORSED: "green",
    State.SERVED: "green",
    State.SUPERSEDED: "grey",
}


@dataclass(frozen=True)
class Line:
    """One kind of schedule on the disclosure page: its newest version, how many items belong on it, and whether they agree."""

    kind: str
    label: str
    version: ScheduleVersion | None
    href: str
    items: int
    stale: bool
    colour: str


def newest_versions(schedules: QuerySet[Schedule]) -> ScheduleVersionQuerySet:
    """The newest version of each of these schedules, with its state."""
    newest = ScheduleVersion.objects.filter(schedule=OuterRef("schedule")).order_by("-number").values("id")[:1]
    versions = ScheduleVersion.objects.with_state().filter(id=Subquery(newest), schedule__in=schedules)
    return versions.select_related("schedule__case")


def schedules(user: User, case: Case, counts: dict[str, int]) -> list[Line]:
    """A line for MG6C (or the SDC that stands for it), and for MG6D and MG6E where the person may see them."""
    versions = newest_versions(Schedule.objects.visible_to(user).filter(case=case)).annotate(
        listed=Count("rows", filter=Q(rows__withdrawn=False)), misplaced=Count("rows", filter=_misplaced())
    )
    found = {version.schedule.kind: version for version in versions.order_by("schedule__ordinal")}
    kinds = [Schedule.Kind.SDC if Schedule.Kind.SDC in found else Schedule.Kind.MG6C]
    if user.has_perm("disclosure.view_sensitive", case):
        kinds += [Schedule.Kind.MG6D, Schedule.Kind.MG6E]
    elsewhere, spared = _listed_elsewhere(case), _spared(case)
    lines = []
    for kind in kinds:
        rows = counts["mg6c" if kind == Schedule.Kind.SDC else kind.lower()] - elsewhere.get(kind, 0)
        lines.append(_line(kind, found.get(kind), rows, rows - spared.get(kind, 0)))
    return lines


def _spared(case: Case) -> dict[str, int]:
    """How many rows blocks spare on each kind of schedule: all of a block's items but one, those that must leave it not counted."""
    fit = BlockItem.objects.standing().filter(block__case=case).fit().order_by()
    sizes = fit.values_list("block", "block__sensitivity").annotate(count=Count("pk"))
    spared: dict[str, int] = {}
    for _, sensitivity, count in sizes:
        for kind in ("MG6D",) if sensitivity == Item.Sensitivity.SENSITIVE else ("MG6C", "SDC"):
            spared[kind] = spared.get(kind, 0) + count - 1
    return spared


def _listed_elsewhere(case: Case) -> dict[str, int]:
    """How many rows earlier schedules of each kind have, where there are later ones."""
    later = Schedule.objects.filter(case=case, ordinal__gt=1)
    if not later.exists():
        return {}
    last = Schedule.objects.filter(case=case, kind=OuterRef("kind")).order_by("-ordinal").values("pk")[:1]
    earlier = Schedule.objects.filter(case=case).exclude(pk=Subquery(last))
    newest = newest_versions(earlier).annotate(listed=Count("rows", filter=Q(rows__withdrawn=False)))
    found: dict[str, int] = {}
    for version in newest:
        found[version.schedule.kind] = found.get(version.schedule.kind, 0) + version.listed
    return found


def _misplaced() -> Q:
    """Rows of a version whose item no longer belongs on it."""
    belongs = Q(rows__item__use="unused", rows__item__relevance="relevant")
    mg6d = Q(schedule__kind="MG6D", rows__item__sensitivity="sensitive")
    mg6e = Q(schedule__kind="MG6E", rows__item__test="may_meet")
    other = Q(schedule__kind__in=["MG6C", "SDC"], rows__item__sensitivity="not_sensitive")
    return Q(rows__withdrawn=False, rows__block__isnull=True) & ~(belongs & (mg6d | mg6e | other))


def _line(kind: str, version: ScheduleVersion | None, items: int, rows: int) -> Line:
    listed, misplaced = (getattr(version, "listed", 0), getattr(version, "misplaced", 0)) if version else (0, 0)
    return Line(
        kind=kind,
        label=str(Schedule.Kind(kind).label),
        version=version,
        href=reverse("disclosure:schedule", kwargs={"schedule_id": version.schedule_id}) if version else "",
        items=items,
        stale=version is not None and (misplaced > 0 or listed != rows),
        colour=COLOURS.get(version.state, "") if version else "",
    )


# ---- My work and the case's overview ---------------------------------------------------------------------------------


def limbo_card(user: User, case: Case) -> Card | None:
    """Items that nobody has decided about, exhibits without an item among them."""
    if not user.has_perm("disclosure.view", case):
        return None
    decided = Item.objects.filter(case=case, locator__isnull=True).exclude(IN_LIMBO).values("exhibit_id")
    parts = Item.objects.filter(case=case).filter(locator__isnull=False).in_limbo()
    waiting = case.exhibits.exclude(id__in=decided).count() + parts.count()
    text = "item to decide for disclosure" if waiting == 1 else "items to decide for disclosure"
    return Card(30, waiting, text, reverse("disclosure:overview", kwargs={"case_id": case.id}), late=waiting > 0)


def schedule_card(user: User, case: Case) -> Card | None:
    """The state of the MG6C."""
    if not user.has_perm("disclosure.view", case):
        return None
    version = newest_versions(Schedule.objects.filter(case=case, kind=Schedule.Kind.MG6C)).order_by("-schedule__ordinal").first()
    href = reverse("disclosure:overview", kwargs={"case_id": case.id})
    if version is None:
        return Card(31, "–", "MG6C not drafted", href)
    return Card(31, f"v{version.number}", f"MG6C: {version.state_label.lower()}", href)


def review_work(user: User) -> list[WorkItem]:
    """Cases in which this officer has items to decide."""
    mine = cases_for(user, OFFICERS)
    decided = Item.objects.filter(case__in=mine, locator__isnull=True).exclude(IN_LIMBO).values("exhibit_id")
    # Nobody decides about what is closed to the team
    to_decide = ~Q(exhibits__in=decided) & ~Q(exhibits__fence__in=UNDETERMINED)
    parts = Item.objects.filter(case=OuterRef("pk"), locator__isnull=False).open_to_review().in_limbo()
    divided = parts.order_by().values("case").annotate(count=Count("pk")).values("count")
    counted = mine.annotate(waiting=Count("exhibits", filter=to_decide), divided=Coalesce(Subquery(divided), 0))
    found = [(case, case.waiting + case.divided) for case in counted]
    return [
        WorkItem(
            case_id=case.id,
            case=str(case),
            title=f"Decide about {waiting} item{'' if waiting == 1 else 's'} for disclosure",
            href=reverse("disclosure:review", kwargs={"case_id": case.id}),
            blocks="The schedules",
        )
        for case, waiting in found
        if waiting
    ]


_STEPS: dict[str, tuple[str, str, int]] = {
    State.DRAFT: ("Finish", "disclosure.send_to_qa", 1),
    State.IN_QA: ("Check", "disclosure.check", 0),
    State.CHECKED: ("Certify", "disclosure.certify", 0),
    State.CERTIFIED: ("Submit", "disclosure.submit", 0),
    State.RETURNED: ("Answer the prosecutor on", "disclosure.draft_schedule", 0),
}


def schedule_work(user: User) -> list[WorkItem]:
    """The next step of each schedule that is this person's to take; nobody is asked to check what they wrote."""
    schedules = Schedule.objects.visible_to(user)
    work = []
    for version in newest_versions(schedules).prefetch_related("edits"):
        verb, permission, urgency = _STEPS.get(version.state, ("", "", 0))
        if not verb or not user.has_perm(permission, version):
            continue
        if version.state == State.IN_QA and user.id in {version.created_by_id, *(edit.by_id for edit in version.edits.all())}:
            continue
        work.append(
            WorkItem(
                case_id=version.case_id,
                case=str(version.schedule.case),
                title=f"{verb} {version}",
                href=reverse("disclosure:version", kwargs={"schedule_id": version.schedule_id, "number": version.number}),
                urgency=urgency,
                tag=version.state_label,
                colour=COLOURS[version.state],
                blocks="" if version.state == State.DRAFT else "The prosecutor waits for it",
            )
        )
    return work


def copies_work(user: User) -> list[WorkItem]:
    """Cases in which a schedule is with the prosecutor and copies that go with it are not."""
    with_prosecutor = VersionState.objects.filter(state=State.SUBMITTED).values("version__schedule__case")
    cases = cases_for(user, OFFICERS).filter(pk__in=with_prosecutor)
    owed = presumed.owed(Item.objects.filter(case__in=cases)).order_by().values("case").annotate(count=Count("pk"))
    counted = {line["case"]: line["count"] for line in owed}
    return [
        WorkItem(
            case_id=case.pk,
            case=str(case),
            title=f"Supply {counted[case.pk]} cop{'y' if counted[case.pk] == 1 else 'ies'} that the prosecutor is owed",
            href=reverse("disclosure:copies", kwargs={"case_id": case.pk}),
            urgency=0,
        )
        for case in cases.filter(pk__in=counted)
    ]


def fence_work(user: User) -> list[WorkItem]:
    """Fences whose next step is this person's to record."""
    waiting = Fence.objects.visible_to(user).with_step().select_related("exhibit__case").filter(exhibit__fence__in=UNDETERMINED)
    permissions = {Fence.Kind.PRIVILEGE: "disclosure.run_fence", Fence.Kind.SECRET: "disclosure.run_secret_fence"}
    return [
        WorkItem(
            case_id=fence.case_id,
            case=str(fence.exhibit.case),
            title=f"Take {fence.exhibit}, which is closed to the team, further",
            href=reverse("disclosure:fence", args=[fence.pk]),
            urgency=0,
            tag=fence.standing,
            colour="red",
            blocks="The schedules",
        )
        for fence in waiting
        if fence.is_open and user.has_perm(permissions[Fence.Kind(fence.kind)], fence)
    ]
