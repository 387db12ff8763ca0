"""Who may do what with bundles, by team role. Nobody else sees them: not on the case in one of these roles means not found."""

import rules

from accounts.models import Role
from cases.policy import on_team

VIEWERS = (Role.INVESTIGATOR, Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE, Role.SUPERVISOR)
MAKERS = (Role.DISCLOSURE, Role.SUPERVISOR)

rules.add_perm("bundles.view", on_team(*VIEWERS))
rules.add_perm("bundles.verify", on_team(*VIEWERS))
rules.add_perm("bundles.make", on_team(*MAKERS))
# To take one out of the house is to disclose it
rules.add_perm("bundles.open", on_team(*MAKERS))
