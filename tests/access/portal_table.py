"""Who gets what at every address of the CPS portal: prosecutors what is shared with their area, others the sign-in page."""

from __future__ import annotations

from typing import Any

from tests.access.walk import HIDDEN, IN, SIGN_IN, STEP_UP, Row

PORTAL_EVERYBODY = ("anonymous", "investigator", "auditor", "admin", "clerk", "prosecutor", "prosecutor_elsewhere")
"""Police have no account here, not even the investigator of the case; a clerk of the area is no prosecutor."""


def portal_row(name: str, prosecutor: str = IN, elsewhere: str = IN, others: str = SIGN_IN, **more: Any) -> Row:
    """What the area's prosecutor gets, one of another area, and everybody else."""
    answers = dict.fromkeys(PORTAL_EVERYBODY, others) | {"prosecutor": prosecutor, "prosecutor_elsewhere": elsewhere}
    return Row(name, answers, **more)


def shared(name: str, **more: Any) -> Row:
    """Of what is shared with the area."""
    return portal_row(name, IN, HIDDEN, **more)


def public(name: str) -> Row:
    """For everybody."""
    return portal_row(name, others=IN)


PORTAL_TABLE = [
    portal_row("portal:home"),
    shared("portal:case"),
    shared("portal:log"),
    shared("portal:schedule"),
    shared("portal:changes", kwargs={"schedule_id": "later_schedule_id"}),
    # Only where a force lets prosecutors endorse here (tests/portal/test_endorsing.py)
    portal_row("portal:endorse", HIDDEN, HIDDEN),
    shared("portal:check"),
    shared("portal:form"),
    shared("portal:document"),
    shared("portal:copy"),
    shared("portal:open", method="POST", data={"purpose": "Review", "how": "view"}),
    shared("portal:view"),
    shared("portal:page"),
    shared("portal:content"),
    shared("portal:bundle"),
    shared("portal:open_bundle", method="POST", data={"purpose": "Review"}),
    # A ticket is for the person who said what they open it for, and for what they opened
    portal_row("portal:bundle_content", HIDDEN, HIDDEN),
    portal_row("portal_api:cases"),
    shared("portal_api:case", kwargs={"pk": "case_id"}),
    shared("portal_api:events", kwargs={"pk": "case_id"}),
    shared("portal_api:schedule", kwargs={"pk": "schedule_id"}),
    shared("portal_api:copy", kwargs={"pk": "copy_id"}),
    shared("portal_api:open", kwargs={"pk": "copy_id"}, method="POST", data={"purpose": "Review"}),
    shared("portal_api:content", kwargs={"pk": "copy_id"}),
    portal_row("accounts:profile"),
    portal_row("accounts:tokens"),
    portal_row("accounts:new_token", STEP_UP, STEP_UP),
    portal_row("accounts:withdraw_token", HIDDEN, HIDDEN, method="POST"),
    *(
        public(name)
        for name in (
            "account_inactive",
            "account_signup",
            "account_email_verification_sent",
            "account_confirm_email",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
            "healthz",
        )
    ),
    *(
        portal_row(name)
        for name in (
            "account_login",
            "account_logout",
            "account_email",
            "account_change_password",
            "account_set_password",
            "account_confirm_login_code",
            "mfa_index",
            "mfa_authenticate",
            "mfa_list_webauthn",
            "schema",
            "api-docs",
        )
    ),
    *(
        portal_row(name, STEP_UP, STEP_UP)
        for name in (
            "account_reauthenticate",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_generate_recovery_codes",
            "mfa_remove_webauthn",
            "mfa_edit_webauthn",
        )
    ),
    # Nobody has set up a second factor here
    *(
        portal_row(name, HIDDEN, HIDDEN)
        for name in ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes")
    ),
]
