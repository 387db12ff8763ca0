"""Who may do what: helpers that every room's `policy.py` builds on.

Access = organisation + team role + state. A room registers `rules` permissions; its actions call `require`, its pages and
templates `user.has_perm`. Whoever is not on the case never gets as far: querysets start from `visible_to(user)`, and what is not
there is a 404.
"""

from typing import Any
from uuid import UUID

import rules

from accounts.models import Role, User
from audit.actions import Refused


def require(user: User, permission: str, obj: Any = None) -> None:
    """Go on only if the person has the permission on the object; else raise `Refused`, which the log records."""
    if user.has_perm(permission, obj):
        return
    raise Refused(
        permission,
        actor=user.as_actor(),
        case_id=case_id_of(obj),
        object_type=type(obj)._meta.model_name if obj is not None else "",
        object_id=getattr(obj, "pk", None),
    )


def case_id_of(obj: Any) -> UUID | None:
    """The case an object belongs to, by its `case_id`, or itself when it is a case."""
    if obj is None:
        return None
    if type(obj)._meta.label == "cases.Case":
        return obj.pk
    return getattr(obj, "case_id", None)


def granted(*roles: str) -> rules.Predicate:
    """Predicate: an admin has granted the person one of these roles (says nothing of any case), and their organisation is open."""

    @rules.predicate(name=f"granted:{','.join(roles)}")
    def predicate(user: User) -> bool:
        return bool(user.is_active and user.organisation.is_active and user.holds(*roles))

    return predicate


@rules.predicate
def is_admin(user: User) -> bool:
    """May configure. Opens no evidence."""
    return bool(user.is_active and user.is_staff)


rules.add_perm("accounts.configure", is_admin)

is_auditor = granted(Role.AUDITOR)
is_prosecutor = granted(Role.PROSECUTOR)
