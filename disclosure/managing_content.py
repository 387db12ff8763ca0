"""What stands in a DMD and an IMD: the sections, what the case fills in of each, and the content of a version.

A DMD is served on the defence: nothing here counts or names a sensitive item, and people stand under the case's labels.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Role
from cases.models import Case, Person
from disclosure import blocks, completeness, managing_devices, presumed, sampling_facts
from disclosure.content import Signature
from disclosure.models import CourtApplication, Decision, Item, ManagementDocument, ManagementEntry, ManagementService, Schedule
from disclosure.summary import newest_versions
from evidence.fencing import FOR_FEW
from evidence.models import Exhibit

Kind = ManagementDocument.Kind
Fact = list[str]


@dataclass(frozen=True)
class Section:
    """A section: what an officer writes in it (`fields`: name and label; none if the case says it all) and what the case knows.

    `many`: it has as many entries as there are things to tell of; `of_devices`: one for each device of the case.
    """

    key: str
    title: str
    help: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    many: bool = False
    of_devices: bool = False
    facts: Callable[[Case], list[Fact]] = lambda case: []


def _offence(case: Case) -> list[Fact]:
    people = case.people.filter(kind__in=[Person.Kind.SUSPECT, Person.Kind.COMPLAINANT]).order_by("kind", "label")
    facts = [["State of the case", case.get_state_display()]]
    for offence in case.offences.select_related("code"):
        days = [f"{day:%d/%m/%Y}" for day in (offence.committed_from, offence.committed_to) if day]
        facts.append(["Offence", f"{offence.code}{', ' if days else ''}{' to '.join(dict.fromkeys(days))}"])
    officers = case.team.filter(role=Role.DISCLOSURE, left_at=None).select_related("user")
    facts += [[person.get_kind_display(), person.label] for person in people]
    return facts + [["Disclosure officer", str(member.user)] for member in officers]


def _open_items(case: Case) -> QuerySet[Item]:
    """Every item but the sensitive ones and those above the marking, whose number alone would tell that they exist."""
    items = Item.objects.filter(case=case).exclude(sensitivity=Item.Sensitivity.SENSITIVE)
    return items.exclude(exhibit__fence__in=FOR_FEW)


def _material(case: Case) -> list[Fact]:
    kinds = Counter(_open_items(case).values_list("exhibit__kind", flat=True))
    return [[str(Exhibit.Kind(kind).label), str(count)] for kind, count in sorted(kinds.items())]


def _unexamined(case: Case) -> list[Fact]:
    items = _open_items(case).filter(use=Item.Use.UNUSED, relevance=Item.Relevance.UNEXAMINED).select_related("exhibit")
    decisions = Decision.objects.filter(item__in=items, value=Item.Relevance.UNEXAMINED).order_by("id")
    why = dict(decisions.values_list("item_id", "reason"))
    return [[item.label, f"{item.exhibit.description}: {why.get(item.pk, '')}"] for item in items]


def _schedules(case: Case) -> list[Fact]:
    shown = Schedule.objects.filter(case=case, kind__in=[Schedule.Kind.MG6C, Schedule.Kind.SDC])
    versions = [version for version in newest_versions(shown) if not version.is_open]
    return [[str(version), version.state_label] for version in versions] or [["Schedules", "None certified yet"]]


def _issues(case: Case) -> list[Fact]:
    """What the latest defence statement puts in issue."""
    statement = completeness.statement_of(case)
    if statement is None or not statement.received_on:
        return []
    return [[f"Defence statement of {statement.received_on:%d/%m/%Y}", statement.issues]]


def _defence(case: Case) -> list[Fact]:
    served = ManagementService.objects.filter(document__case=case).select_related("document").order_by("on", "id")
    facts = [[f"{one.document}, {one.on:%d/%m/%Y}", f"{one.get_to_display()}. {one.observations}".strip()] for one in served]
    if statement := completeness.statement_of(case):
        facts.append(["Defence statement due", f"{statement.due_on:%d/%m/%Y}"])
        if statement.received_on:
            facts.append(["Defence statement received", f"{statement.received_on:%d/%m/%Y}"])
    for application in CourtApplication.objects.filter(case=case).exclude(kind=CourtApplication.Kind.PII).order_by("made_on"):
        facts.append([f"Application of {application.made_on:%d/%m/%Y}", application.get_outcome_display()])
    return facts


_OFFENCE = Section("offence", "The case", facts=_offence)
_LINES = Section(
    "lines",
    "Reasonable lines of enquiry",
    "Towards and away from the suspect; those not pursued too",
    (("line", "Line of enquiry"), ("pursued", "Pursued, and how far"), ("why", "Why, or why not")),
    many=True,
)
_DEVICES = Section(
    "devices",
    "Devices and other digital sources",
    "One for each phone, device and export of messages that is booked in",
    (
        ("owner", "Whose it is"),
        ("extraction", "Level of extraction"),
        ("terms", "Search terms and dates"),
        ("share", "How much was examined"),
        ("outcome", "What came of it"),
    ),
    of_devices=True,
)
_THIRD = Section(
    "third_parties",
    "Third-party material",
    "Who holds it, why it is necessary and proportionate to ask, and what came of it",
    (("holder", "Held by"), ("material", "What"), ("justification", "Why it is asked for, or is not"), ("outcome", "Outcome")),
    many=True,
)


def _text(key: str, title: str, help: str, **more: Any) -> Section:
    return Section(key, title, help, (("text", title),), **more)


_SEARCHES = _text(
    "searches",
    "Search terms and sampling",
    "What else is to be said of it: terms, hits and shares stand here from each review of a large set",
    facts=sampling_facts.facts,
)

SECTIONS: dict[str, tuple[Section, ...]] = {
    Kind.IMD: (
        _OFFENCE,
        _text("strategy", "Strategy of the investigation", "Which issues it must answer, and how"),
        _LINES,
        _DEVICES,
        _SEARCHES,
        _THIRD,
        Section("material", "Material held", facts=_material),
    ),
    Kind.DMD: (
        _OFFENCE,
        _text("issues", "Issues in the case", "What the prosecution and the defence say, as far as it is known", facts=_issues),
        _LINES,
        _DEVICES,
        _SEARCHES,
        _THIRD,
        _text("linked", "Linked cases", "Other investigations that may hold relevant material"),
        _text("blocks", "Block listing", "What else is to be said of what is listed in blocks, and why", facts=blocks.facts),
        _text("presumption", "Presumption material", "What else is to be said of it", facts=presumed.facts),
        Section("unexamined", "Material not examined", facts=_unexamined),
        Section("schedules", "Schedules", facts=_schedules),
        _text("defence", "Engagement with the defence", "Meetings, letters, and what was asked for and answered", facts=_defence),
    ),
}
"""By kind of document. National forms change: a section is added, dropped or renamed here (DOMAIN section 1)."""


@dataclass(frozen=True)
class Part:
    """One entry of a section: what the case knows of it, what was written, and under which thread the next writing goes."""

    thread: UUID | None
    facts: list[Fact]
    entry: ManagementEntry | None = None
    answered: frozenset[str] = frozenset()
    """Fields that the facts answer: nobody writes them."""

    def lines(self, section: Section) -> list[Fact]:
        """All of it as labels and texts."""
        values = self.entry.values if self.entry else {}
        written = [[label, values[name]] for name, label in section.fields if values.get(name) and name not in self.answered]
        return self.facts + written


@dataclass(frozen=True)
class Filled:
    """A section with what the case says of it, and its entries."""

    section: Section
    facts: list[Fact]
    parts: list[Part]


def filled(case: Case, kind: str) -> list[Filled]:
    """The sections of the next version, as things stand now. As many queries however much the case holds."""
    written: dict[str, dict[UUID, ManagementEntry]] = defaultdict(dict)
    for entry in ManagementEntry.objects.filter(case=case).select_related("by").order_by("id"):
        written[entry.section][entry.thread] = entry
    return [Filled(section, section.facts(case), _parts(case, section, written[section.key])) for section in SECTIONS[Kind(kind)]]


def _parts(case: Case, section: Section, written: dict[UUID, ManagementEntry]) -> list[Part]:
    if section.of_devices:
        return device_parts(case, managing_devices.devices(case), written)
    return [Part(thread, [], entry) for thread, entry in written.items() if not entry.withdrawn]


def device_parts(case: Case, found: QuerySet[Exhibit], written: Mapping[UUID, ManagementEntry]) -> list[Part]:
    """Devices: what the case knows of each, what its reviews say, and what was written."""
    searched = sampling_facts.of_devices(case)
    return [
        Part(
            device,
            facts + searched.get(device, []),
            written.get(device),
            sampling_facts.ANSWERED if searched.get(device) else frozenset(),
        )
        for device, facts in managing_devices.known(case, found).items()
    ]


def content_of(case: Case, kind: str, number: int, signature: Signature) -> dict[str, Any]:
    """Everything that a version says. Sections in which nothing stands are part of it: nil is said too."""
    return {
        "form": kind,
        "version": number,
        "crime_number": case.crime_number,
        "urn": case.urn,
        "sections": [
            {
                "key": one.section.key,
                "title": one.section.title,
                "facts": one.facts,
                "entries": [lines for part in one.parts if (lines := part.lines(one.section))],
            }
            for one in filled(case, kind)
        ],
        "issued_by": signature.name,
        "issued_as": signature.role,
        "issued_at": signature.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def changed(before: dict[str, Any] | None, after: dict[str, Any]) -> list[str]:
    """The titles of sections that say something else than in the version before; all of them in the first."""
    old = {section["key"]: section for section in before["sections"]} if before else {}
    new = [section["title"] for section in after["sections"] if section != old.get(section["key"])]
    gone = {section["key"] for section in after["sections"]}
    return new + [section["title"] for key, section in old.items() if key not in gone]
