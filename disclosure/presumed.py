"""Questions about presumption material and the copies that accompany revelation. What people do about them: `presumption`."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases.models import Case
from disclosure.models import (
    Decision,
    Item,
    ItemQuerySet,
    Presumption,
    PresumptionCategory,
    PresumptionProposal,
    ScheduleVersion,
    SuppliedCopy,
)

_NAMED = 20


def presumed(items: ItemQuerySet) -> ItemQuerySet:
    """Those of the items that are confirmed presumption material."""
    return items.filter(Exists(Presumption.objects.standing().filter(item=OuterRef("pk"), category__presumed=True)))


def categories_of(item: Item) -> list[PresumptionCategory]:
    """What an item is confirmed as, of what is disclosed by presumption."""
    standing = Presumption.objects.standing().filter(item=item, category__presumed=True)
    return [answer.category for answer in standing.select_related("category").order_by("category__position")]


def waiting(case: Case) -> QuerySet[PresumptionProposal]:
    """Proposals that nobody has answered. What is used as evidence is served: it waits for nothing."""
    answered = Presumption.objects.filter(item=OuterRef("item"), category=OuterRef("category"))
    proposals = PresumptionProposal.objects.filter(item__case=case, category__is_active=True)
    return proposals.exclude(item__use=Item.Use.USED).filter(~Exists(answered))


@dataclass(frozen=True)
class Standing:
    """A category that an item was proposed for or that somebody answered: why it was proposed, and the last answer."""

    category: PresumptionCategory
    proposed: bool
    because: str = ""
    holds: bool | None = None
    reason: str = ""
    by: str = ""
    at: dt.datetime | None = None

    @property
    def is_open(self) -> bool:
        """Proposed, and nobody has answered."""
        return self.holds is None

    @property
    def is_presumed(self) -> bool:
        """Confirmed, and disclosed by presumption."""
        return bool(self.holds) and self.category.presumed

    @property
    def why(self) -> str:
        """Where it comes from."""
        if not self.proposed:
            return "entered by hand"
        return f"proposed by the words “{self.because}”" if self.because else "proposed by the type"


def of_item(item: Item) -> list[Standing]:
    """Every category that an item was proposed for or that was answered; what is still open first. One query."""
    joined = PresumptionCategory.objects.annotate(
        proposal=FilteredRelation("proposals", condition=Q(proposals__item=item)),
        answer=FilteredRelation("answers", condition=Q(answers__item=item)),
        because=F("proposal__because"),
        proposed=F("proposal__id"),
        holds=F("answer__holds"),
        reason=F("answer__reason"),
        by_title=F("answer__by__title"),
        by_name=F("answer__by__name"),
        by_number=F("answer__by__collar_number"),
        answered_at=F("answer__at"),
    )
    # Of several answers to one category the last holds
    rows = joined.filter(Q(answer__isnull=False) | Q(proposal__isnull=False, is_active=True)).order_by("answer__id")
    found = {
        row: Standing(
            row,
            row.proposed is not None,
            row.because or "",
            row.holds,
            row.reason or "",
            " ".join(filter(None, (row.by_title, row.by_name, row.by_number))),
            row.answered_at,
        )
        for row in rows
    }
    return sorted(found.values(), key=lambda one: (not one.is_open, one.category.position, one.category.code))


def check(item: Item, wanted: Mapping[str, str | None], reason: str) -> None:
    """Refuse what a decision would do to presumption material: it is examined, scheduled, and rebutted only with a reason."""
    left_out = wanted.get("relevance") in (Item.Relevance.NOT_RELEVANT, Item.Relevance.UNEXAMINED)
    rebutted = wanted.get("test") == Item.Test.DOES_NOT and not reason
    if not left_out and not rebutted:
        return
    found = categories_of(item)
    if not found:
        return
    named = f"{item.exhibit.reference} is presumption material ({'; '.join(map(str, found))})"
    if left_out:
        raise ValidationError({"relevance": f"{named}: it is examined and scheduled. If it is not such, take that back first"})
    raise ValidationError({"reason": f"{named}: enter why it does not meet the disclosure test all the same"})


# ---- copies that accompany revelation --------------------------------------------------------------------------------


def to_accompany(items: ItemQuerySet) -> ItemQuerySet:
    """Items whose copy goes to the prosecutor with the schedule, of those that are scheduled.

    Confirmed of any category, rebutted or not; or what may meet the disclosure test (Code 7.3; the MG6E's items).
    """
    scheduled = items.filter(use=Item.Use.UNUSED, relevance=Item.Relevance.RELEVANT)
    confirmed = Exists(Presumption.objects.standing().filter(item=OuterRef("pk")))
    return scheduled.filter(Q(confirmed) | Q(test=Item.Test.MAY_MEET))


def owed(items: ItemQuerySet) -> ItemQuerySet:
    """Of the items, those whose copy must go along and has not."""
    return to_accompany(items).filter(~Exists(SuppliedCopy.objects.standing().filter(item=OuterRef("pk"))))


@dataclass(frozen=True)
class Why:
    """An item whose copy goes along, and why."""

    item: Item
    why: str


def with_reasons(items: Iterable[Item]) -> list[Why]:
    """Each with what makes its copy go along; one query for all."""
    listed = list(items)
    titles: dict[object, list[str]] = defaultdict(list)
    standing = Presumption.objects.standing().filter(item__in=listed).select_related("category")
    for answer in standing.order_by("category__position"):
        titles[answer.item_id].append(answer.category.title)
    for item in listed:
        if item.test == Item.Test.MAY_MEET:
            titles[item.pk].append("May undermine or assist")
    return [Why(item, "; ".join(titles[item.pk])) for item in listed]


def warnings(version: ScheduleVersion) -> dict[str, Any]:
    """What the steps of a version tell, and what stops none: proposals that wait, and copies of its items that are still owed."""
    listed = version.rows.filter(withdrawn=False).values("item_id")
    left = owed(Item.objects.filter(pk__in=listed))
    return {
        "presumption_waiting": waiting(version.schedule.case).count(),
        "copies_owed_count": left.count(),
        "copies_owed": with_reasons(left.select_related("exhibit").order_by("created_at", "id")[:_NAMED]),
    }


def counts(case: Case, items: ItemQuerySet) -> tuple[int, int]:
    """How many proposals of a case wait for an answer, and how many copies of these items are owed. One query."""
    proposals = waiting(case).order_by().values("item__case").annotate(count=Count("pk")).values("count")
    copies = owed(items).order_by().values("case").annotate(count=Count("pk")).values("count")
    found = Case.objects.filter(pk=case.pk).values_list(Coalesce(Subquery(proposals), 0), Coalesce(Subquery(copies), 0))
    waits, left = found.get()
    return waits, left


# ---- for the DMD -----------------------------------------------------------------------------------------------------


def facts(case: Case) -> list[list[str]]:
    """What a DMD says of presumption material: what is confirmed, and why it is thought not to meet the test. Nothing sensitive."""
    items = Item.objects.filter(case=case, use=Item.Use.UNUSED).exclude(sensitivity=Item.Sensitivity.SENSITIVE)
    standing = Presumption.objects.standing().filter(item__in=items, category__presumed=True)
    answers = list(standing.select_related("category", "item__exhibit").order_by("item__created_at", "category__position"))
    views = Decision.objects.filter(item__in=[answer.item_id for answer in answers], value=Item.Test.DOES_NOT).order_by("id")
    rebutted = dict(views.values_list("item_id", "reason"))
    titles: dict[Item, list[str]] = {}
    for answer in answers:
        titles.setdefault(answer.item, []).append(answer.category.title)
    said = []
    for item, names in titles.items():
        why = f". Thought not to meet the test: {rebutted.get(item.pk, '')}" if item.test == Item.Test.DOES_NOT else ""
        said.append([item.exhibit.reference, "; ".join(names) + why])
    return said
