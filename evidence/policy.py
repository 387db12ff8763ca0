"""Who may do what with exhibits. Everybody on the case sees them; what is opened is recorded with its purpose."""

import rules

from accounts.models import Role, User
from accounts.policy import granted
from cases.policy import on_team
from evidence.fencing import unfenced
from evidence.models import CustodyEvent, Exhibit
from evidence.place_models import Location

KEEPERS = (Role.INVESTIGATOR, Role.EXHIBITS, Role.FORENSICS)

rules.add_perm("evidence.view_exhibit", on_team())
rules.add_perm("evidence.add_exhibit", on_team(*KEEPERS))
rules.add_perm("evidence.upload", on_team(*KEEPERS))
rules.add_perm("evidence.add_copy", on_team(*KEEPERS, Role.REDACTOR, Role.APPROVER) & unfenced)
rules.add_perm("evidence.verify", on_team(*KEEPERS, Role.DISCLOSURE, Role.SUPERVISOR))
rules.add_perm("evidence.end_quarantine", on_team(Role.SUPERVISOR))
rules.add_perm("evidence.set_retention", on_team(Role.INVESTIGATOR, Role.SUPERVISOR))
rules.add_perm("evidence.place_hold", on_team(Role.INVESTIGATOR, Role.DISCLOSURE, Role.SUPERVISOR))
rules.add_perm("evidence.lift_hold", on_team(Role.SUPERVISOR))
rules.add_perm("evidence.ask_disposal", on_team(*KEEPERS, Role.SUPERVISOR))
rules.add_perm("evidence.approve_disposal", on_team(Role.SUPERVISOR))
rules.add_perm("evidence.open", on_team() & unfenced)
rules.add_perm("evidence.print_label", on_team(*KEEPERS))
rules.add_perm("evidence.print", on_team(*KEEPERS, Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE, Role.SUPERVISOR))


@rules.predicate
def holds_it(user: User, exhibit: Exhibit) -> bool:
    """The person who has an exhibit in their hands."""
    held = exhibit.custody.holding().filter(kind__in=CustodyEvent.IN_HAND, to_user=user)
    return bool(held.exists())


# A supervisor keeps only what they have taken over from somebody who can no longer hand it over
rules.add_perm("evidence.take_over", on_team(Role.SUPERVISOR))
rules.add_perm("evidence.keep", on_team(*KEEPERS) | on_team(Role.SUPERVISOR) & holds_it)


@rules.predicate
def offered_to(user: User, offer: CustodyEvent) -> bool:
    """The person whom an exhibit was offered to."""
    return offer.to_user_id == user.pk


@rules.predicate
def offered_by(user: User, offer: CustodyEvent) -> bool:
    """The person who offered it."""
    return offer.user_id == user.pk


rules.add_perm("evidence.answer_offer", on_team(*KEEPERS) & offered_to)
rules.add_perm("evidence.withdraw_offer", on_team(*KEEPERS, Role.SUPERVISOR) & offered_by)


@rules.predicate
def of_own_organisation(user: User, location: Location) -> bool:
    """A location of the person's own organisation."""
    return user.organisation_id == location.organisation_id


# Stores hold exhibits of every case: who keeps them counts them all (see `evidence.stocktake`)
rules.add_perm("evidence.keep_stores", granted(Role.EXHIBITS))
rules.add_perm("evidence.take_stock", granted(Role.EXHIBITS) & of_own_organisation)
