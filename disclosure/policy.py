"""Who may do what in disclosure, by team role. Nobody else sees the room: not on the case in one of these roles means not found."""

import rules

from accounts.models import Role
from cases.policy import on_team

VIEWERS = (Role.INVESTIGATOR, Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE, Role.SUPERVISOR)
SENSITIVE_VIEWERS = (Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE, Role.SUPERVISOR)
OFFICERS = (Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE)

rules.add_perm("disclosure.view", on_team(*VIEWERS))
rules.add_perm("disclosure.view_sensitive", on_team(*SENSITIVE_VIEWERS))
rules.add_perm("disclosure.decide", on_team(*OFFICERS))
# The lead gives items to anybody who decides; a deputy takes them and gives their own back
rules.add_perm("disclosure.assign", on_team(Role.DISCLOSURE))
rules.add_perm("disclosure.draft_schedule", on_team(*OFFICERS))
rules.add_perm("disclosure.write_row", on_team(*OFFICERS))
rules.add_perm("disclosure.send_to_qa", on_team(*OFFICERS))
# Not the author as well: the actions and the database see to that
rules.add_perm("disclosure.check", on_team(Role.SUPERVISOR))
rules.add_perm("disclosure.return", on_team(Role.SUPERVISOR, Role.DISCLOSURE))
# A deputy drafts and reviews; the lead disclosure officer certifies
rules.add_perm("disclosure.certify", on_team(Role.DISCLOSURE))
rules.add_perm("disclosure.submit", on_team(Role.DISCLOSURE))
# Whoever meets it closes it; the way to open it again is the officers', and the supervisor's of what is above the marking
rules.add_perm("disclosure.fence", on_team())
rules.add_perm("disclosure.run_fence", on_team(*OFFICERS, Role.SUPERVISOR))
rules.add_perm("disclosure.run_secret_fence", on_team(Role.SUPERVISOR))
# What the prosecutor, the defence and the court say is written down by the officers
rules.add_perm("disclosure.transcribe", on_team(*OFFICERS))
