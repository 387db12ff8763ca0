"""Consulting records (DPA 2018 s.62): who looked at a case, an exhibit, a schedule, or searched for one, and when.

Stored bytes have tickets of their own with a purpose (`evidence.reading`), prints and exports their own events. A form, a list of
references or a page that refreshes itself shows nothing that the page it belongs to has not shown.
"""

from typing import Any

from accounts.models import User
from audit.actions import record, recorded
from cases.models import Case


@recorded
def looked(user: User, verb: str, obj: Any, case: Case, **after: Any) -> None:
    """Record that somebody reads what is known of `obj`. Call it once it is certain that they may, before anything is shown."""
    record(
        verb,
        actor=user.as_actor(),
        case_id=case.pk,
        organisation_id=case.organisation_id,
        object_type=obj._meta.model_name,
        object_id=obj.pk,
        after=after or None,
    )


@recorded
def searched(user: User, words: str, found: int) -> None:
    """Record that somebody searched their cases for words, which are kept where they can be removed by law."""
    record(
        "cases.searched",
        actor=user.as_actor(),
        organisation_id=user.organisation_id,
        object_type="organisation",
        object_id=user.organisation_id,
        after={"found": found},
        detail={"words": words},
    )
