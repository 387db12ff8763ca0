"""What the case knows of each device and other digital source: for the IMD and the DMD, so that nobody types it again.

A DMD is served on the defence: nothing sensitive is told of, nor what is thought of the disclosure test.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.models import Case, Person
from disclosure.models import BlockItem, Item, Schedule, ScheduleNumber
from evidence.fencing import FOR_FEW
from evidence.models import Copy, Exhibit

Fact = list[str]
DEVICES = (Exhibit.Kind.PHONE, Exhibit.Kind.MESSAGES)
NAMED = (Person.Kind.COMPLAINANT, Person.Kind.SUSPECT)


def devices(case: Case) -> QuerySet[Exhibit]:
    """Phones, devices and exports of messages; none that is sensitive."""
    found = case.exhibits.filter(kind__in=DEVICES).exclude(id__in=_sensitive(case))
    return found.select_related("subject").order_by("created_at", "id")


def _sensitive(case: Case) -> QuerySet[Any]:
    # What is above the marking too: that it exists is not for the defence
    hidden = Q(sensitivity=Item.Sensitivity.SENSITIVE) | Q(exhibit__fence__in=FOR_FEW)
    return Item.objects.filter(hidden, case=case).values("exhibit_id")


def known(case: Case, exhibits: Iterable[Exhibit]) -> dict[UUID, list[Fact]]:
    """By device: what it is and where it came from, what was made from it, and what was decided. Four queries for any number."""
    found = list(exhibits)
    made, decided = _made_from(case, found), _decided(found)
    return {exhibit.pk: [*_of_register(exhibit), *made[exhibit.pk], *decided[exhibit.pk]] for exhibit in found}


def _of_register(exhibit: Exhibit) -> list[Fact]:
    seized = f"{timezone.localtime(exhibit.seized_at):%d/%m/%Y}, {exhibit.seized_where}, by {exhibit.seized_by}"
    concerns = [["Concerns", exhibit.subject.label]] if exhibit.subject and exhibit.subject.kind in NAMED else []
    return [["Exhibit", exhibit.reference], ["What it is", exhibit.description], *concerns, ["Seized or received", seized]]


def _made_from(case: Case, found: list[Exhibit]) -> dict[UUID, list[Fact]]:
    """Exhibits taken from a device, and working copies with the tool that made them."""
    facts: dict[UUID, list[Fact]] = defaultdict(list)
    children = Exhibit.objects.filter(parent__in=found).exclude(id__in=_sensitive(case)).order_by("created_at", "id")
    for parent, reference, description in children.values_list("parent_id", "reference", "description"):
        facts[parent or UUID(int=0)].append(["Taken from it", f"{reference}: {description}"])
    copies = Copy.objects.filter(exhibit__in=found, kind=Copy.Kind.WORKING).order_by("made_at", "id")
    for exhibit, tool, at in copies.values_list("exhibit_id", "made_with", "made_at"):
        facts[exhibit].append(["Working copy", f"made {timezone.localtime(at):%d/%m/%Y}{f' with {tool}' if tool else ''}"])
    return facts


def _decided(found: list[Exhibit]) -> dict[UUID, list[Fact]]:
    """What became of each as unused material; of what is clearly not relevant nothing, which is for the police only."""
    numbers = ScheduleNumber.objects.filter(item__exhibit__in=found, kind__in=[Schedule.Kind.MG6C, Schedule.Kind.SDC])
    listed = {one.item_id: f"Listed on the {one.kind} as item {one.number}" for one in numbers}
    places = BlockItem.objects.standing().filter(item__exhibit__in=found, block__sensitivity="not_sensitive")
    listed |= dict.fromkeys(places.values_list("item_id", flat=True), "Listed in a block")
    facts: dict[UUID, list[Fact]] = defaultdict(list)
    for item in Item.objects.filter(exhibit__in=found, locator__isnull=True):
        if item.use == Item.Use.USED:
            facts[item.exhibit_id].append(["Decided", "Used as evidence"])
        elif item.relevance == Item.Relevance.UNEXAMINED:
            facts[item.exhibit_id].append(["Decided", "Not examined"])
        elif item.relevance == Item.Relevance.RELEVANT:
            facts[item.exhibit_id].append(["Decided", listed.get(item.pk, "Unused and relevant: to be scheduled")])
    return facts
