"""Who may read which part of the log.

A case's team reads its case's log, an auditor the log of every case of their own force and of what was done there outside any case.
An event's detail (names, terms, reasons) is opened only by those whose work it is, for a reason that the log keeps.
"""

from dataclasses import dataclass
from uuid import UUID

import rules
from django.db.models import Q, QuerySet

from accounts.models import Organisation, Role, User
from accounts.policy import is_auditor, require
from audit.models import Event, EventQuerySet
from cases.models import Case
from cases.policy import audits_the_force, on_team

rules.add_perm("cases.open_log_details", on_team(Role.INVESTIGATOR, Role.SUPERVISOR, Role.DISCLOSURE) | audits_the_force)
rules.add_perm("cases.verify_log", on_team() | audits_the_force)
rules.add_perm("cases.audit_force", is_auditor)


def logs_visible_to(user: User) -> QuerySet[Case]:
    """The cases whose log this person may read; for everybody else the log isn't there."""
    cases: QuerySet[Case] = Case.objects.visible_to(user)
    if is_auditor(user):
        return Case.objects.filter(Q(pk__in=cases.values("pk")) | Q(organisation=user.organisation_id))
    return cases


@dataclass(frozen=True)
class Scope:
    """What part of the log a page is about: one case's, or, for an auditor, all that was done in a force."""

    organisation: Organisation
    case: Case | None = None

    @property
    def object_id(self) -> UUID:
        """What a verification of this part of the log is about."""
        return self.case.pk if self.case else self.organisation.pk

    @property
    def object_type(self) -> str:
        """The same as a noun of the log."""
        return "case" if self.case else "organisation"

    def require(self, user: User, permission: str) -> None:
        """Refuse whoever lacks the permission on the case, or isn't an auditor where it is about the whole force."""
        if self.case:
            require(user, permission, self.case)
        else:
            require(user, "cases.audit_force")

    def events(self) -> EventQuerySet:
        """Every event of this part."""
        events: EventQuerySet = Event.objects.all()
        if self.case:
            return events.filter(case_id=self.case.pk)
        # Outside of cases: what names the force (a user made, a role granted), and what its people did (signed in, were refused)
        outside = Q(organisation_id=self.organisation.pk) | Q(actor_id__in=self.organisation.users.values("pk"))
        return events.filter(Q(case_id__in=self.organisation.cases.values("pk")) | Q(case_id=None) & outside)
