"""Who may do what in redaction, by team role. That approver and decider differ, the actions and the database see to."""

import rules

from accounts.models import Role
from accounts.policy import granted
from cases.policy import on_team
from evidence.fencing import unfenced
from redaction.models import VIEWERS

rules.add_perm("redaction.view", on_team(*VIEWERS))
rules.add_perm("redaction.ask", on_team(Role.REDACTOR, Role.INVESTIGATOR, Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE) & unfenced)
rules.add_perm("redaction.decide", on_team(Role.REDACTOR) & unfenced)
rules.add_perm("redaction.remark", on_team(Role.REDACTOR, Role.APPROVER) & unfenced)
rules.add_perm("redaction.approve", on_team(Role.APPROVER) & unfenced)
rules.add_perm("redaction.release", on_team(Role.APPROVER) & unfenced)
rules.add_perm("redaction.recall", on_team(Role.SUPERVISOR, Role.APPROVER))
rules.add_perm(
    "redaction.withdraw",
    on_team(Role.REDACTOR, Role.INVESTIGATOR, Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE, Role.SUPERVISOR),
)
rules.add_perm("redaction.answer", on_team(Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE))
rules.add_perm("redaction.take", on_team(Role.REDACTOR, Role.APPROVER, Role.SUPERVISOR))
rules.add_perm("redaction.assign", on_team(Role.SUPERVISOR))
rules.add_perm(
    "redaction.due",
    on_team(Role.REDACTOR, Role.INVESTIGATOR, Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE, Role.SUPERVISOR),
)
rules.add_perm("redaction.figures", granted(Role.SUPERVISOR))
