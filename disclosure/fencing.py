"""Fencing what may be legally privileged or above OFFICIAL-SENSITIVE, and the route by which it is opened again or stays closed.

Of privilege independent counsel determines, nobody of the team or the CPS (DOMAIN section 5: stop; independent counsel). What is
above the marking is out of scope here (DOMAIN sections 1 and 7): it goes to secure handling, and is on no schedule of this system.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from accounts.policy import require
from audit.actions import Refused, recorded
from cases.models import Case, TeamMember
from cases.notify import notify_team
from disclosure import steps
from disclosure.actions import ensure_item
from disclosure.fence_triggers import LIFTED, TRANSITIONS
from disclosure.models import Decision, Fence, FenceStep, Item
from disclosure.policy import OFFICERS
from evidence.models import Exhibit

Step = FenceStep.Kind
TOLD: dict[str, Sequence[str]] = {
    Fence.Kind.PRIVILEGE: (*OFFICERS, Role.SUPERVISOR),
    # As few as can act
    Fence.Kind.SECRET: (Role.SUPERVISOR,),
}


@recorded
def fence(user: User, exhibit: Exhibit, kind: str, reason: str, *, item: Item | None = None) -> list[Fence]:
    """Close an exhibit to the whole team at once, and what was made from it. `item`: the part that gave rise to it.

    Anybody on the team may, whoever met it. Returns the fences raised, the exhibit's own first.
    """
    require(user, "disclosure.fence", exhibit)
    if kind not in Fence.Kind.values:
        raise ValidationError({"kind": "Select what it may be"})
    if not reason.strip():
        raise ValidationError({"reason": "Enter from what you think so, without saying what it says"})
    family = [exhibit, *_made_from(exhibit)]
    list(Exhibit.objects.select_for_update().filter(pk__in=[one.pk for one in family]).order_by("pk"))
    closed = _closed(family, kind)
    if exhibit.pk in closed:
        raise ValidationError(f"{exhibit} is fenced for this already")
    made = []
    for one in family:
        if one.pk not in closed:
            why = reason.strip() if one == exhibit else f"Made from {exhibit}. {reason.strip()}"
            of = item if item is not None and one == exhibit else ensure_item(one)
            made.append(Fence.objects.create(exhibit=one, item=of, kind=kind, reason=why, by=user))
    for raised in made:
        _record(
            "exhibit.fenced", user, raised, after={"exhibit": raised.exhibit_id}, detail={"kind": kind, "reason": raised.reason}
        )
    also = f", with {len(made) - 1} made from it," if len(made) > 1 else ""
    what = "may be legally privileged" if kind == Fence.Kind.PRIVILEGE else "was flagged and needs you"
    _tell(user, made[0], f"{exhibit}{also} {what}: it is closed to the team")
    return made


def _made_from(exhibit: Exhibit) -> list[Exhibit]:
    """Everything that was made from it, and from that: it may hold the same."""
    found: list[Exhibit] = []
    level = [exhibit]
    while level:
        level = list(Exhibit.objects.filter(parent__in=level).order_by("created_at"))
        found += level
    return found


def _closed(exhibits: Sequence[Exhibit], kind: str) -> set[Any]:
    standing = Fence.objects.filter(exhibit__in=exhibits, kind=kind).with_step()
    return {one.exhibit_id for one in standing if not one.is_lifted}


# ---- privilege -------------------------------------------------------------------------------------------------------


@recorded
def instruct(user: User, fence: Fence, *, person: str, body: str, on: dt.date) -> FenceStep:
    """Counsel from outside the team is instructed to look at it: their name, chambers, and the day."""
    require(user, "disclosure.run_fence", fence)
    wrong = {}
    if not person.strip():
        wrong["person"] = "Enter counsel's name"
    elif TeamMember.objects.filter(case=fence.case_id, user__name__iexact=person.strip()).exists():
        wrong["person"] = f"{person.strip()} is or was on the team of this case: counsel must be independent of it"
    if not body.strip():
        wrong["body"] = "Enter counsel's chambers"
    if wrong:
        raise ValidationError(wrong)
    return _go(user, fence, Step.INSTRUCTED, "fence.counsel_instructed", person=person, body=body, on=on)


@recorded
def determine(user: User, fence: Fence, outcome: str, *, on: dt.date, reason: str) -> FenceStep:
    """What counsel who was instructed has determined: privileged, in part, or not. Only the last opens it again."""
    require(user, "disclosure.run_fence", fence)
    if outcome not in FenceStep.DETERMINED:
        raise ValidationError({"outcome": "Select what counsel determined"})
    if not reason.strip():
        raise ValidationError({"reason": "Enter counsel's reason, without what the material says"})
    last = fence.steps.order_by("-id").first()
    person, body = (last.person, last.body) if last else ("", "")
    step = _go(user, fence, outcome, "fence.determined", person=person, body=body, on=on, reason=reason)
    _tell(user, fence, f"{fence.exhibit}: counsel has determined: {step.get_kind_display().lower()}")
    return step


# ---- above the marking -----------------------------------------------------------------------------------------------


@recorded
def hand_over(user: User, fence: Fence, *, person: str, body: str, on: dt.date, reason: str = "") -> FenceStep:
    """It is above OFFICIAL-SENSITIVE, and secure handling has taken it over. Closed for good, and on no schedule here."""
    require(user, "disclosure.run_secret_fence", fence)
    wrong = {}
    if not person.strip():
        wrong["person"] = "Enter who took it over"
    if not body.strip():
        wrong["body"] = "Enter the unit that took it over"
    if wrong:
        raise ValidationError(wrong)
    step = _go(user, fence, Step.MOVED, "fence.determined", person=person, body=body, on=on, reason=reason)
    apart = [item for item in fence.exhibit.items.select_for_update(of=("self",)).order_by("id") if item.use != Item.Use.APART]
    Decision.objects.bulk_create(Decision(item=item, field="use", value=Item.Use.APART, by=user) for item in apart)
    return step


@recorded
def clear(user: User, fence: Fence, *, on: dt.date, reason: str) -> FenceStep:
    """It is not above OFFICIAL-SENSITIVE after all, says somebody other than who flagged it."""
    require(user, "disclosure.run_secret_fence", fence)
    if fence.by_id == user.pk:
        raise Refused(
            "disclosure.run_secret_fence",
            actor=user.as_actor(),
            case_id=fence.case_id,
            object_type="fence",
            object_id=fence.pk,
            reason="You flagged it: another supervisor must clear it",
        )
    if not reason.strip():
        raise ValidationError({"reason": "Enter how you know that it is not above OFFICIAL-SENSITIVE"})
    return _go(user, fence, Step.CLEARED, "fence.determined", person="", body="", on=on, reason=reason)


def take(user: User, fence: Fence, kind: str, *, on: dt.date, person: str = "", body: str = "", reason: str = "") -> FenceStep:
    """The step of this kind, by the action that it is."""
    if kind == Step.INSTRUCTED:
        return instruct(user, fence, person=person, body=body, on=on)
    if kind == Step.MOVED:
        return hand_over(user, fence, person=person, body=body, on=on, reason=reason)
    if kind == Step.CLEARED:
        return clear(user, fence, on=on, reason=reason)
    return determine(user, fence, kind, on=on, reason=reason)


# ---- shared ----------------------------------------------------------------------------------------------------------


def _go(user: User, fence: Fence, kind: str, verb: str, *, person: str, body: str, on: dt.date, reason: str = "") -> FenceStep:
    """Take the next step of the route."""
    Exhibit.objects.select_for_update().get(pk=fence.exhibit_id)
    last = fence.steps.order_by("-id").first()
    before = last.kind if last else ""
    if kind not in TRANSITIONS[fence.kind][before]:
        raise ValidationError(f"This fence stands at “{fence.standing.lower()}”: this can't be done to it now")
    earliest = last.on if last else timezone.localdate(fence.at)
    if on > timezone.localdate():
        raise ValidationError({"on": "The day must be today or in the past"})
    if on < earliest:
        raise ValidationError({"on": f"The day must be on or after {earliest:%d/%m/%Y}, the day of the step before it"})
    step = FenceStep.objects.create(
        fence=fence, kind=kind, person=person.strip(), body=body.strip(), on=on, reason=reason.strip(), by=user
    )
    fence.latest_step = kind
    fence.exhibit.refresh_from_db(fields=["fence"])
    told = {"person": step.person, "body": step.body, "on": f"{on:%d/%m/%Y}", "reason": step.reason}
    after = {"step": kind, "lifted": kind in LIFTED}
    # What became of something secret is itself for few: that it is closed or open shows on the exhibit
    closed = fence.kind == Fence.Kind.SECRET
    _record(
        verb,
        user,
        fence,
        before=None if closed else {"step": before},
        after=None if closed else after,
        detail={name: value for name, value in told.items() if value},
    )
    return step


def _record(verb: str, user: User, fence: Fence, **fields: Any) -> None:
    steps.record_on(verb, user, Case.objects.get(pk=fence.case_id), fence, **fields)


def _tell(user: User, fence: Fence, text: str) -> None:
    url = reverse("disclosure:fence", args=[fence.pk])
    notify_team(fence.exhibit.case, text, url, roles=TOLD[fence.kind], important=True, without=user)
