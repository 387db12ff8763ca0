"""Who may do what in a case, by team role. Other rooms build their rules from `on_team`."""

from uuid import UUID

import rules

from accounts.models import Role, User
from accounts.policy import case_id_of, granted, is_auditor
from cases.models import Case, TeamMember


def roles_on(user: User, case_id: UUID | None) -> frozenset[str]:
    """The roles a person has on a case now, read once a request (kept on the user object)."""
    if case_id is None or not user.is_authenticated or not user.is_active:
        return frozenset()
    known: dict[UUID, frozenset[str]] = user.__dict__.setdefault("_case_roles", {})
    if case_id not in known:
        known[case_id] = frozenset(
            TeamMember.objects.filter(user=user, case_id=case_id, left_at=None).values_list("role", flat=True)
        )
    return known[case_id]


def forget_roles(user: User) -> None:
    """After a change of team within the same request."""
    user.__dict__.pop("_case_roles", None)


def on_team(*roles: str) -> rules.Predicate:
    """Predicate: the person is on the object's case in one of these roles (in any, when none is named)."""

    @rules.predicate(name=f"on_team:{','.join(roles) or 'any'}")
    def predicate(user: User, obj: object) -> bool:
        held = roles_on(user, case_id_of(obj))
        return bool(held) if not roles else not held.isdisjoint(roles)

    return predicate


@rules.predicate
def audits_the_force(user: User, case: Case) -> bool:
    """An auditor sees the log of every case of their own organisation, and nothing else of it."""
    return is_auditor(user) and user.organisation_id == case.organisation_id


rules.add_perm("cases.add_case", granted(Role.INVESTIGATOR, Role.SUPERVISOR))
rules.add_perm("cases.view_case", on_team())
rules.add_perm("cases.change_case", on_team(Role.INVESTIGATOR, Role.SUPERVISOR))
rules.add_perm("cases.manage_team", on_team(Role.INVESTIGATOR, Role.SUPERVISOR))
rules.add_perm("cases.add_person", on_team(Role.INVESTIGATOR, Role.SUPERVISOR))
rules.add_perm("cases.view_identity", on_team(Role.INVESTIGATOR, Role.SUPERVISOR))
rules.add_perm("cases.share_with_cps", on_team(Role.INVESTIGATOR, Role.SUPERVISOR))
rules.add_perm("cases.view_log", on_team() | audits_the_force)
