"""Exhibits whose content is closed to the whole team: perhaps legally privileged, or above OFFICIAL-SENSITIVE.

Whatever reads content asks here first: opening, tickets, viewing and redacted copies, words of a document. Why an exhibit is
fenced, and the way to open it again, are the disclosure room's (`disclosure.fencing`); its triggers keep `Exhibit.fence`.
"""

from typing import Any

import rules
from django.db import models

from accounts.models import User
from accounts.policy import case_id_of
from audit.actions import Refused, acting


class Fence(models.TextChoices):
    """What stands of an exhibit's fences together, the strictest first to hold."""

    NONE = "", "Open to the team"
    PRIVILEGE = "privilege", "May be legally privileged"
    PRIVILEGED = "privileged", "Legally privileged"
    SECRET = "secret", "May be above OFFICIAL-SENSITIVE"
    MOVED = "moved", "Above OFFICIAL-SENSITIVE"


UNDETERMINED = (Fence.PRIVILEGE, Fence.SECRET)
"""Nobody has said yet what becomes of it."""
FOR_FEW = (Fence.SECRET, Fence.MOVED)
"""The reason is for those who see what is sensitive; to others it is closed, no more."""

_WORDS = {
    Fence.PRIVILEGE: "It may be legally privileged. Nobody on the team opens it until independent counsel has said whether it is.",
    Fence.PRIVILEGED: "It is legally privileged, whole or in part, as independent counsel has said. Nobody on the team opens it.",
}
_CLOSED = "Its content is closed to the whole team. Ask the supervisor."


def words(fence: str) -> str:
    """Why it can't be opened, for anybody on the team; empty where it can."""
    return _WORDS.get(Fence(fence), _CLOSED) if fence else ""


def fence_of(obj: Any) -> str:
    """The fence of an exhibit, or of the exhibit that this belongs to; a case has none."""
    exhibit = obj if hasattr(obj, "fence") else getattr(obj, "exhibit", None)
    return str(exhibit.fence) if exhibit is not None else ""


@rules.predicate  # type: ignore[untyped-decorator]
def unfenced(user: User, obj: Any) -> bool:
    """The content of the object's exhibit is not closed."""
    return not fence_of(obj)


def require_unfenced(user: User, permission: str, obj: Any) -> None:
    """Go on only if the content of the object's exhibit is not closed; else raise `Refused`, which says why and is recorded."""
    fence = fence_of(obj)
    if not fence:
        return
    with acting():
        raise Refused(
            permission,
            actor=user.as_actor(),
            case_id=case_id_of(obj),
            object_type=str(obj._meta.model_name),
            object_id=obj.pk,
            reason=f"This exhibit is fenced. {words(fence)}",
        )
