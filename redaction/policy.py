"""Who may do what in redaction, by team role. That approver and decider differ, the actions and the database see to."""

import rules

from accounts.models import Role
from accounts.policy import granted
from cases.policy import on_team
from redaction.models import VIEWERS

rules.add_perm("redaction.view", on_team(*VIEWERS))
rules.add_perm("redaction.ask", on_team(Role.REDACTOR, Role.INVESTIGATOR, Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE))
rules.add_perm("redaction.decide", on_team(Role.REDACTOR))
rules.add_perm("redaction.approve", on_team(Role.APPROVER))
rules.add_perm("redaction.release", on_team(Role.APPROVER))
rules.add_perm("redaction.recall", on_team(Role.SUPERVISOR, Role.APPROVER))
rules.add_perm("redaction.figures", granted(Role.SUPERVISOR))
