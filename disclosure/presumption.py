"""What people do about presumption material: look for it again, confirm it, decline it, and supply its copies.

A proposal decides nothing. Confirming says that the item is disclosed by presumption: it is then thought to meet the test, until
somebody rebuts that with a reason (`actions.decide`).
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.policy import require
from audit.actions import recorded
from cases.models import Case
from disclosure import presumed, steps
from disclosure.actions import decide_locked
from disclosure.models import Item, Presumption, PresumptionCategory, PresumptionProposal, SuppliedCopy
from disclosure.presumption_triggers import propose_sql


@recorded
def answer(user: User, item: Item, category: PresumptionCategory, *, holds: bool, reason: str = "") -> Presumption:
    """Confirm that an item is material of a category, or that it is not; proposed or not.

    To take a confirmation back needs a reason.
    What is confirmed and presumed is thought to meet the test from now on, unless the item's last decision says with a reason
    why it doesn't: that rebuts the presumption.
    """
    require(user, "disclosure.decide", item)
    item = Item.objects.select_for_update(of=("self",)).select_related("exhibit", "case").get(pk=item.pk)
    reason = reason.strip()
    last = Presumption.objects.filter(item=item, category=category).order_by("-id").first()
    held = last is not None and last.holds
    if last is not None and held is holds:
        raise ValidationError(f"{item.exhibit.reference} is {'confirmed' if holds else 'declined'} as {category} already")
    if held and not reason:
        raise ValidationError({"reason": f"Enter why {item.exhibit.reference} is not “{category.title}” after all"})
    if holds:
        _may_be_confirmed(item, category)
    made = Presumption.objects.create(item=item, category=category, holds=holds, reason=reason, by=user)
    verb = "item.presumption_confirmed" if holds else "item.presumption_declined"
    detail = {"exhibit": item.exhibit.reference, "category": category.title, "reason": reason}
    steps.record_on(verb, user, item.case, item, after={"category": category.code, "holds": holds}, detail=detail)
    if holds and category.presumed and not _has_a_view(item):
        decide_locked(user, item, {"test": Item.Test.MAY_MEET}, f"Presumed to meet the disclosure test: {category.title}")
    return made


def _may_be_confirmed(item: Item, category: PresumptionCategory) -> None:
    if not category.is_active:
        raise ValidationError({"category": f"“{category.title}” is no longer used"})
    left_out = (Item.Relevance.NOT_RELEVANT, Item.Relevance.UNEXAMINED)
    if category.presumed and item.use == Item.Use.UNUSED and item.relevance in left_out:
        raise ValidationError(
            f"{item.exhibit.reference} is decided as {item.get_relevance_display().lower()}: presumption material is examined and"
            " scheduled. Decide that first"
        )


def _has_a_view(item: Item) -> bool:
    """Whether the item is thought to meet the test, or not to with a reason."""
    last = item.decisions.filter(field="test").order_by("-id").first()
    return last is not None and (last.value == Item.Test.MAY_MEET or bool(last.reason.strip()))


@recorded
def answer_many(user: User, case: Case, proposals: Sequence[int], *, holds: bool) -> int:
    """One answer to many proposals of a case: all of them, or none. Returns how many."""
    require(user, "disclosure.decide", case)
    found = list(
        presumed.waiting(case).filter(pk__in=proposals).select_related("item__exhibit", "item__case", "category").order_by("pk")
    )
    if not found:
        raise ValidationError({"proposals": "Select at least one proposal that is still to be answered"})
    for proposal in found:
        answer(user, proposal.item, proposal.category, holds=holds)
    return len(found)


@recorded
def look_again(user: User, case: Case) -> int:
    """Propose for all items of a case by the categories as they are now: they may have changed since. Returns how many are new."""
    require(user, "disclosure.decide", case)
    before = PresumptionProposal.objects.filter(item__case=case).count()
    with connection.cursor() as cursor:
        cursor.execute(propose_sql("i.case_id = %s"), [case.pk])
    made = PresumptionProposal.objects.filter(item__case=case).count() - before
    steps.record_on("case.presumption_proposed", user, case, case, after={"proposals": made})
    return made


# ---- copies ----------------------------------------------------------------------------------------------------------


@recorded
def supply(user: User, case: Case, items: Sequence[UUID], *, to: str, on: dt.date, how: str = "") -> int:
    """Write down that copies of these items were given to a prosecutor. Returns how many."""
    require(user, "disclosure.transcribe", case)
    wrong = {}
    if not to.strip():
        wrong["to"] = "Enter the prosecutor who received them"
    if on > timezone.localdate():
        wrong["on"] = "The day on which they were supplied can't be still to come"
    if wrong:
        raise ValidationError(wrong)
    locked = Item.objects.select_for_update(of=("self",)).select_related("exhibit", "case").filter(case=case, pk__in=list(items))
    still = set(presumed.owed(Item.objects.filter(case=case, pk__in=list(items))).values_list("pk", flat=True))
    found = [item for item in locked.order_by("pk") if item.pk in still]
    if not found:
        raise ValidationError({"items": "Select items whose copy is still owed"})
    for item in found:
        made = SuppliedCopy.objects.create(item=item, to=to.strip(), on=on, how=how.strip(), by=user)
        detail = {"exhibit": item.exhibit.reference, "to": made.to, "how": made.how}
        steps.record_on("item.copy_supplied", user, case, item, after={"on": on.isoformat()}, detail=detail)
    return len(found)


@recorded
def take_back(user: User, item: Item, reason: str) -> SuppliedCopy:
    """Say that an entry was wrong: the copy is owed again. The entry stays."""
    require(user, "disclosure.transcribe", item)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the entry is wrong"})
    item = Item.objects.select_for_update(of=("self",)).select_related("exhibit", "case").get(pk=item.pk)
    if not SuppliedCopy.objects.standing().filter(item=item).exists():
        raise ValidationError("No copy of it is recorded as supplied")
    made = SuppliedCopy.objects.create(item=item, taken_back=True, reason=reason.strip(), by=user)
    detail = {"exhibit": item.exhibit.reference, "reason": made.reason}
    steps.record_on("item.copy_taken_back", user, item.case, item, detail=detail)
    return made
