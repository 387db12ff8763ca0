"""The door: nothing above OFFICIAL-SENSITIVE is booked in or sent here (DOMAIN sections 1 and 7). A person says so each time.

What is refused leaves an event that says who refused it and when, and nothing of what it was.
"""

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.models import Role, User
from accounts.policy import require
from audit.actions import record, recorded
from cases.models import Case
from cases.notify import notify_team

QUESTION = "Is any of it above OFFICIAL-SENSITIVE?"
ABOVE = "marked SECRET or TOP SECRET, or about an informant (CHIS) or an intercept"


def route() -> str:
    """What to do with what is refused, in words."""
    return (
        f"This system holds nothing above OFFICIAL-SENSITIVE: nothing {ABOVE}. Do not book it in, send it or describe it "
        f"here. Leave it as it is, keep it under your hand, and call {settings.SECURE_HANDLING}. They tell the prosecutor by their "
        "own way"
    )


def require_within(stated: bool) -> None:
    """Refuse what nobody has said to be within the marking. ValidationError with the route."""
    if not stated:
        raise ValidationError({"within_marking": f"Say that nothing of it is above OFFICIAL-SENSITIVE. {route()}"})


@recorded
def refuse(user: User, case: Case) -> None:
    """Somebody has met something above the marking, and does not bring it in. The supervisors are told."""
    require(user, "evidence.add_exhibit", case)
    record(
        "exhibit.refused_at_the_door",
        actor=user.as_actor(),
        case_id=case.pk,
        organisation_id=case.organisation_id,
        object_type="case",
        object_id=case.pk,
    )
    text = f"{case}: {user} met material above the marking and did not bring it in: see that it goes the secure way"
    notify_team(case, text, roles=[Role.SUPERVISOR], important=True, without=user)


def check(user: User, case: Case, stated: bool) -> None:
    """`require_within`, for what a program sent: what is stated to be above is refused with its event."""
    if not stated:
        refuse(user, case)
    require_within(stated)
