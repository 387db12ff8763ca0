"""What the portal's database role may do, table by table and row by row: the whole list (docs/architecture.md, decision 10).

SELECT on the portal's own views, INSERT on the log, and what signing in needs. A test compares it with what PostgreSQL says.
"""

PORTAL_VIEWS = [
    "portal_case",
    "portal_offence",
    "portal_person",
    "portal_schedule",
    "portal_certified",
    "portal_row",
    "portal_endorsement",
    "portal_endorsementcode",
    "portal_document",
    "portal_copy",
    "portal_bundle",
    "portal_event",
    "portal_look",
]

PORTAL_PRIVILEGES: dict[str, list[str]] = {
    **{view: ["SELECT"] for view in PORTAL_VIEWS},
    # the log
    "audit_event": ["INSERT (id, body, hmac)"],
    "audit_eventdetail": ["INSERT"],
    "audit_pending": ["INSERT"],
    # signing in: rows of CPS staff only, see PORTAL_ROWS
    "accounts_organisation": ["SELECT"],
    "accounts_user": ["SELECT", "UPDATE (last_login, password)"],
    "accounts_rolegrant": ["SELECT"],
    "accounts_apitoken": ["SELECT", "INSERT", "UPDATE (revoked_at)"],
    "account_emailaddress": ["SELECT"],
    "mfa_authenticator": ["SELECT", "INSERT", "UPDATE", "DELETE"],
    "portal_session": ["SELECT", "INSERT", "UPDATE", "DELETE"],
    "django_content_type": ["SELECT"],
}

ENDORSING: dict[str, list[str]] = {"disclosure_endorsement": ["INSERT"]}
"""What comes to it where a force lets prosecutors endorse in the portal (the setting PORTAL_ENDORSEMENTS), and nothing more."""

# Who takes over the portal must find no officer's password, second factor or token there, and not be able to set one and then
# walk into the police application; nor write into the log in an officer's name. The system itself only records here that somebody
# did not get in.
_CPS_STAFF = "IN (SELECT id FROM accounts_user)"
PORTAL_ROWS: dict[str, str] = {
    # Not those who administer: they sign in to the police application, where their password and second factor belong
    "accounts_user": "NOT is_staff AND organisation_id IN (SELECT id FROM accounts_organisation WHERE kind = 'cps_area')",
    "accounts_rolegrant": f"user_id {_CPS_STAFF}",
    "accounts_apitoken": f"user_id {_CPS_STAFF}",
    "account_emailaddress": f"user_id {_CPS_STAFF}",
    "mfa_authenticator": f"user_id {_CPS_STAFF}",
    # A trigger refuses whatever isn't the prosecutor's own, on a case of their area
    "disclosure_endorsement": f"entered_by_id {_CPS_STAFF}",
    "audit_event": f"actor_id {_CPS_STAFF} OR (actor_id IS NULL AND verb = 'session.not_opened')",
}
