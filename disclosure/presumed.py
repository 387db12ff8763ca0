"""Questions about presumption material and the copies that accompany revelation. What people do about them: `presumption`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

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
    proposal: PresumptionProposal | None
    answer: Presumption | None

    @property
    def is_open(self) -> bool:
        """Proposed, and nobody has answered."""
        return self.answer is None

    @property
    def why(self) -> str:
        """Where it comes from."""
        if self.proposal is None:
            return "entered by hand"
        return f"proposed by the words “{self.proposal.because}”" if self.proposal.because else "proposed by the type"


def of_item(item: Item) -> list[Standing]:
    """Every category that an item was proposed for or that was answered; what is still open first. Two queries."""
    proposals = {p.category: p for p in item.presumption_proposals.select_related("category") if p.category.is_active}
    answers = {a.category: a for a in item.presumptions.select_related("category", "by").order_by("id")}
    found = [Standing(category, proposals.get(category), answers.get(category)) for category in {**proposals, **answers}]
    return sorted(found, key=lambda one: (not one.is_open, one.category.position, one.category.code))


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
