"""Where disclosure stands: for its own overview, for the case's overview and for "My work"."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.models import User
from cases.models import Case
from cases.work import Card, WorkItem
from disclosure.models import IN_LIMBO, Item, Schedule, ScheduleVersion, ScheduleVersionQuerySet, VersionState, cases_for
from disclosure.policy import OFFICERS

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
    elsewhere = _listed_elsewhere(case)
    return [
        _line(kind, found.get(kind), counts["mg6c" if kind == Schedule.Kind.SDC else kind.lower()] - elsewhere.get(kind, 0))
        for kind in kinds
    ]


def _listed_elsewhere(case: Case) -> dict[str, int]:
    """How many items stand on earlier schedules of each kind, where there are later ones."""
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
    return Q(rows__withdrawn=False) & ~(belongs & (mg6d | mg6e | other))


def _line(kind: str, version: ScheduleVersion | None, items: int) -> Line:
    listed, misplaced = (getattr(version, "listed", 0), getattr(version, "misplaced", 0)) if version else (0, 0)
    return Line(
        kind=kind,
        label=str(Schedule.Kind(kind).label),
        version=version,
        href=reverse("disclosure:schedule", kwargs={"schedule_id": version.schedule_id}) if version else "",
        items=items,
        stale=version is not None and (misplaced > 0 or listed != items),
        colour=COLOURS.get(version.state, "") if version else "",
    )


# ---- My work and the case's overview ---------------------------------------------------------------------------------


def limbo_card(user: User, case: Case) -> Card | None:
    """Items that nobody has decided about, exhibits without an item among them."""
    if not user.has_perm("disclosure.view", case):
        return None
    decided = Item.objects.filter(case=case).exclude(IN_LIMBO).values("exhibit_id")
    waiting = case.exhibits.exclude(id__in=decided).count()
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
    decided = Item.objects.filter(case__in=mine).exclude(IN_LIMBO).values("exhibit_id")
    cases = mine.annotate(waiting=Count("exhibits", filter=~Q(exhibits__in=decided))).filter(waiting__gt=0)
    return [
        WorkItem(
            case_id=case.id,
            case=str(case),
            title=f"Decide about {case.waiting} item{'' if case.waiting == 1 else 's'} for disclosure",
            href=reverse("disclosure:review", kwargs={"case_id": case.id}),
            blocks="The schedules",
        )
        for case in cases
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
