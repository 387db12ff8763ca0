"""Who gets what at every address of the web application. Written from who may do what (DOMAIN section 1), not from the code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tests.access.walk import HIDDEN, IN, REFUSED, SIGN_IN, SIGNED_IN, STEP_UP, TEAM, Row, row

LEADS = ("investigator", "supervisor")
KEEPERS = ("investigator", "exhibits", "forensics")
ACTS = ("seal", "open-seal", "hand-over", "move", "take-out", "send-out", "return")
STORES = ("exhibits", "elsewhere")
DISCLOSES = ("investigator", "disclosure", "deputy", "supervisor")
SENSITIVE = ("disclosure", "deputy", "supervisor")
OFFICERS = ("disclosure", "deputy")
MAKES_BUNDLES = ("disclosure", "supervisor")
REDACTS = ("investigator", "disclosure", "deputy", "supervisor", "redactor", "approver")
ASKS = ("investigator", "disclosure", "deputy", "redactor")
CREATES = ("investigator", "supervisor", "elsewhere")
AUDITORS = ("auditor", "auditor_elsewhere")
PERSON = {"kind": "witness", "label": "A. Bystander"}
MG9 = {"readers": "cps", "kind": "docx", "reason": "For the charging file"}
EXHIBIT = {
    "reference": "ZZ/77",
    "kind": "document",
    "description": "A notebook in plain words",
    "seized_at": "2026-11-03T09:30:00Z",
    "seized_where": "Wexcombe",
    "seized_by": "PC 2914",
    "within_marking": True,
    "marking": "within",
}
_SHARED = ("description", "seized_at", "seized_where", "seized_by", "within_marking", "marking")
BATCH = {key: EXHIBIT[key] for key in _SHARED} | {"initials": "ZY"}
STRANGERS = [str(UUID(int=number)) for number in (1, 2)]
"""Ids of nothing."""
BLOCK = {"title": "Automatic receipts", "location": "Store", "why": "Each says the same"}
SEIZED_AT = {"seized_at_day": "3", "seized_at_month": "11", "seized_at_year": "2026", "seized_at_time": "09:30"}
PART = {"number": 1, "length": 10, "md5": "0" * 32, "sha256": "0" * 64}


def team(name: str, allowed: Iterable[str] = TEAM, **more: Any) -> Row:
    """Of a case: some of its team may; to the rest of the team it is refused; for everybody else it isn't there."""
    return row(name, allowed, refused=TEAM, **more)


def disclosure(name: str, allowed: Iterable[str] = DISCLOSES, *, kind: str = "MG6C", **more: Any) -> list[Row]:
    """Of a schedule: the same within those who take part in disclosure, who are fewer for sensitive material."""
    kwargs = {"schedule_id": f"{kind}_schedule", "row_id": f"{kind}_row"}
    return [row(name, allowed, refused=DISCLOSES, case=kind, kwargs=kwargs, **more)]


def sensitive(name: str, allowed: Iterable[str] = SENSITIVE, **more: Any) -> list[Row]:
    """The same of an MG6D."""
    kwargs = {"schedule_id": "MG6D_schedule", "row_id": "MG6D_row"}
    return [row(name, allowed, refused=SENSITIVE, case="MG6D", kwargs=kwargs, **more)]


def managing(name: str, allowed: Iterable[str] = DISCLOSES, *, kwargs: dict[str, str] | None = None, **more: Any) -> Row:
    """Of the case's DMD."""
    return row(f"disclosure:{name}", allowed, refused=DISCLOSES, kwargs={"kind": "DMD"} | (kwargs or {}), **more)


def public(name: str) -> Row:
    """For everybody, signed in or not."""
    return row(name, SIGNED_IN, anonymous=IN)


def own(name: str, **more: Any) -> Row:
    """Of one's own account: whoever has signed in."""
    return row(name, SIGNED_IN, **more)


CASES = [
    own("cases:home"),
    own("cases:list"),
    row("cases:new", CREATES, rest=REFUSED),
    team("cases:case"),
    team("cases:change", LEADS),
    team("cases:add_offence", LEADS),
    team("cases:share", LEADS),
    team("cases:people"),
    team("cases:new_person", LEADS),
    team("cases:identity", LEADS),
    team("cases:record_identity", LEADS, method="POST", data={"names": "Marianne Thistlewood"}),
    team("cases:team"),
    team("cases:new_member", LEADS),
    team("cases:end_membership", LEADS),
    row("cases:new", CREATES, rest=REFUSED, method="POST", data={"crime_number": "45/999998/26", "offence_code": "@offence_id"}),
    team("cases:change", LEADS, method="POST", data={"state": "investigating", "operation": "Larch"}),
    team("cases:add_offence", LEADS, method="POST", data={"code": "@other_offence_id"}),
    team("cases:share", LEADS, method="POST", data={"cps_area": "@cps_area_id"}),
    team("cases:new_person", LEADS, method="POST", data=PERSON),
    team("cases:identity", LEADS, method="POST", data={"reason": "To plan the interview"}),
    team("cases:new_member", LEADS, method="POST", data={"member": "@newcomer", "role": "redactor"}),
    team("cases:end_membership", LEADS, method="POST", data={"reason": "Posted elsewhere"}),
    team("cases:progress", kwargs={"job_id": "verification_job"}),
    own("api-cases"),
    row("api-cases", CREATES, rest=REFUSED, method="POST", data={"crime_number": "45/999999/26", "offence_code": "@offence"}),
    team("api-case"),
    team("api-people"),
    team("api-people", LEADS, method="POST", data=PERSON),
    team("api-team"),
    team("api-team", LEADS, method="POST", data={"member": "@newcomer", "role": "redactor"}),
    team("api-end-membership", LEADS, method="POST", data={"reason": "Posted elsewhere"}),
]

LOG = [
    row("cases:log", (*TEAM, "auditor")),
    row("cases:log_verify", (*TEAM, "auditor")),
    row("cases:log_verify", (*TEAM, "auditor"), method="POST"),
    row("cases:log_proof", (*TEAM, "auditor")),
    row(
        "cases:log",
        ("investigator", "supervisor", "disclosure", "auditor"),
        refused=TEAM,
        case="details",
        method="POST",
        data={"reason": "Complaint 12"},
    ),
    row("cases:audit", AUDITORS, rest=REFUSED),
    row("cases:audit_events", AUDITORS, rest=REFUSED),
    row("cases:audit_verify", AUDITORS, rest=REFUSED),
    row("cases:audit_verify", AUDITORS, rest=REFUSED, method="POST"),
    row("cases:audit_proof", ("auditor",), rest=REFUSED, also={"auditor_elsewhere": HIDDEN}),
    row("cases:log_proof_file", (*TEAM, "auditor")),
    row("cases:audit_proof_file", ("auditor",), rest=REFUSED, also={"auditor_elsewhere": HIDDEN}),
    row("cases:log_export", (*TEAM, "auditor"), kwargs={"extension": "csv"}),
    row("cases:audit_export", AUDITORS, rest=REFUSED, kwargs={"extension": "csv"}),
    row("cases:audit_people", AUDITORS, rest=REFUSED),
    row("cases:audit_checkpoints", AUDITORS, rest=REFUSED),
    row("cases:audit_consistency", AUDITORS, rest=REFUSED, kwargs={"first": "signed_at", "second": "signed_at"}),
    row("api-log-proof", (*TEAM, "auditor")),
    # Sizes and roots say nothing of any event: whoever has signed in may check the log
    own("api-log-checkpoints"),
    own("api-log-consistency"),
    row("cases:audit_progress", (*TEAM, "auditor"), kwargs={"job_id": "log_job"}),
]

EVIDENCE = [
    team("evidence:exhibits"),
    team("evidence:new", KEEPERS),
    team("evidence:new", KEEPERS, method="POST", data=EXHIBIT | SEIZED_AT),
    team("evidence:new-batch", KEEPERS),
    team("evidence:new-batch", KEEPERS, method="POST", data=BATCH | SEIZED_AT),
    team("evidence:batch"),
    team("evidence:exhibit"),
    team("evidence:state"),
    team("evidence:stop-upload", KEEPERS, method="POST"),
    *(team("evidence:custody", KEEPERS, case=act, kwargs={"act": act}) for act in ACTS),
    # From whoever can no longer hand it over
    team("evidence:custody", ("supervisor",), case="take-over", kwargs={"act": "take-over"}),
    team(
        "evidence:custody",
        ("supervisor",),
        method="POST",
        case="take-over",
        kwargs={"act": "take-over"},
        data={"reason": "On leave"},
    ),
    team("evidence:custody", KEEPERS, method="POST", case="seal", kwargs={"act": "seal"}, data={"number": "A1234567"}),
    team("evidence:timeline"),
    team("evidence:labels", KEEPERS),
    team("evidence:labels", KEEPERS, method="POST", data={"layout": "a6", "exhibits": "@exhibit_id"}),
    team("evidence:continuity", (*KEEPERS, "disclosure", "deputy", "supervisor")),
    team("evidence:integrity", (*KEEPERS, "disclosure", "deputy", "supervisor")),
    team("api-custody"),
    team("api-seals", KEEPERS, method="POST", data={"number": "A1234567"}),
    team("api-open-seal", KEEPERS, method="POST", data={"purpose": "Examination"}),
    team("api-handovers", KEEPERS, method="POST", data={"to": "@receiver", "purpose": "Booking in"}),
    team("api-accept", ("exhibits",), method="POST", data={"seal": ""}),
    team("api-decline", ("exhibits",), method="POST", data={"reason": "The bag is torn"}),
    # Stores hold exhibits of every case: whoever the force made an exhibits officer keeps them
    row("evidence:locations", STORES),
    row("evidence:location", STORES),
    row("evidence:start-stocktake", STORES, method="POST"),
    row("evidence:stocktake", STORES),
    row("evidence:stocktake", STORES, method="POST", data={"code": "ZZ/77"}),
    row("evidence:finish-stocktake", STORES, method="POST"),
    # Only the person whom it was handed to answers, and only who handed it over takes it back
    team("evidence:accept", ("exhibits",)),
    team("evidence:accept", ("exhibits",), method="POST", data={"seal": ""}),
    team("evidence:decline", ("exhibits",)),
    team("evidence:decline", ("exhibits",), method="POST", data={"reason": "The bag is torn"}),
    team("evidence:withdraw", ("investigator",), method="POST"),
    team("evidence:new-working", KEEPERS),
    team("evidence:new-working", KEEPERS, method="POST", data={"made_with": "Amped FIVE 34, brightness raised"}),
    team("evidence:working"),
    team("api-working-copies", KEEPERS, method="POST", data={"made_with": "Amped FIVE 34, brightness raised"}),
    team("api-copy-uploads"),
    team("api-copy-uploads", KEEPERS, method="POST", data={"size": 10, "name": "brighter.png"}),
    team("evidence:check", (*KEEPERS, "disclosure", "supervisor"), method="POST"),
    team("evidence:checks"),
    team("evidence:store-lock"),
    team("evidence:retention"),
    team("evidence:retention", LEADS, method="POST", data={"rule": "0"}),
    team(
        "evidence:retention",
        ("investigator", "disclosure", "supervisor"),
        case="hold",
        method="POST",
        data={"hold_reason": "Appeal 2026/01234 is pending"},
    ),
    team("evidence:lift-hold", ("supervisor",)),
    team("evidence:lift-hold", ("supervisor",), method="POST", data={"reason": "The appeal was dismissed"}),
    team("evidence:ask-disposal", (*KEEPERS, "supervisor")),
    team("evidence:ask-disposal", (*KEEPERS, "supervisor"), method="POST", data={"reason": "The retention is over"}),
    team("evidence:disposal"),
    team("evidence:approve-disposal", ("supervisor",)),
    team("evidence:approve-disposal", ("supervisor",), method="POST"),
    team("evidence:refuse-disposal", ("supervisor",), method="POST", data={"reason": "A complaint is expected"}),
    team("evidence:end-quarantine", ("supervisor",)),
    team(
        "evidence:end-quarantine",
        ("supervisor",),
        method="POST",
        data={"how": "matches", "reason": "The cable was loose; it has been mended"},
    ),
    team("evidence:open", method="POST", data={"purpose": "Review"}),
    # A ticket is for the person who said what they open it for
    row("evidence:viewer", ("investigator",)),
    row("evidence:content", ("investigator",)),
    team("api-exhibits"),
    team("api-exhibits", KEEPERS, method="POST", data=EXHIBIT),
    team("api-exhibit"),
    team("api-exhibit-uploads"),
    team(
        "api-exhibit-uploads",
        KEEPERS,
        method="POST",
        kwargs={"exhibit_id": "waiting_exhibit"},
        data={"size": 10, "name": "later.bin"},
    ),
    team("api-upload"),
    team("api-upload-parts", KEEPERS, method="POST", data=PART),
    team("api-upload-parts-many", KEEPERS, method="POST", data={"parts": [PART]}),
    team("api-batches", KEEPERS, method="POST", data=BATCH),
    team("api-batch"),
    team("api-batch-files", KEEPERS, method="POST", data={"size": 10, "name": "scene/1.jpg"}),
    team("api-upload-part", KEEPERS, method="POST", kwargs={"number": "part"}),
    team("api-upload-complete", KEEPERS, method="POST", data={"sha256": "0" * 64}),
    team("api-upload-abort", KEEPERS, method="POST"),
    # The signature in the address is the authority, and here is none
    row("vault:part", (), rest=REFUSED, anonymous=REFUSED, method="PUT", kwargs={"upload_id": "upload_id", "number": "part"}),
]

SUPPLIED = {"items": [], "to": "A. Prosecutor", "on": "2026-11-03"}

TERM = {"words": "hotel", "why": "It is where they met", "chosen_by": "The OIC"}
DRAWN = {"unit": "messages", "population": 100, "size": 5}
STATED = {"unit": "messages", "population": 9, "examined": 9, "method": "all", "found": "Nothing"}
PART_OF = {"step": "part", "part-unit": "pages", "part-start": "1"}
COUNSEL = {"kind": "instructed", "on": "2026-11-24", "person": "Rhona Vance KC", "body": "Carden Row Chambers"}

DISCLOSURE = [
    row("disclosure:overview", DISCLOSES),
    row("disclosure:review", DISCLOSES),
    row("disclosure:review", OFFICERS, refused=DISCLOSES, method="POST", data={"item": "@item_id", "outcome": "used"}),
    row("disclosure:draft", OFFICERS, refused=DISCLOSES, method="POST", data={"kind": "MG6C"}),
    *disclosure("disclosure:schedule"),
    *disclosure("disclosure:version"),
    *disclosure("disclosure:receipt"),
    *disclosure("disclosure:pdf"),
    *disclosure("disclosure:new_version", OFFICERS, method="POST"),
    *disclosure("disclosure:row", OFFICERS, method="POST", data={"description": "Words", "location": "Store"}),
    *disclosure("disclosure:writing", OFFICERS, method="POST", data={"description": "MG11", "location": "Store"}),
    *disclosure("disclosure:explain", OFFICERS, method="POST", data={"rule": "no-date", "reason": "It has none"}),
    own("disclosure:rules"),
    own("disclosure:schema"),
    row("disclosure:duty", DISCLOSES),
    row("disclosure:duty", OFFICERS, refused=DISCLOSES, method="POST", data={"step": "expect"}),
    row("disclosure:many", OFFICERS, refused=DISCLOSES),
    row("disclosure:many", OFFICERS, refused=DISCLOSES, method="POST", data={"outcome": "used", "items": "@item_id"}),
    row(
        "disclosure:many",
        OFFICERS,
        refused=DISCLOSES,
        case="to the deputy",
        method="POST",
        data={"step": "assign", "to": "@deputy_id", "items": "@item_id"},
    ),
    row("disclosure:blocks", DISCLOSES),
    row("disclosure:new_block", OFFICERS, refused=DISCLOSES),
    row("disclosure:new_block", OFFICERS, refused=DISCLOSES, method="POST", data={"step": "all"} | BLOCK),
    row("disclosure:block", DISCLOSES),
    row("disclosure:block", SENSITIVE, case="MG6D", kwargs={"block_id": "sensitive_block"}),
    row("disclosure:block", OFFICERS, refused=DISCLOSES, method="POST", data={"step": "words"} | BLOCK),
    row(
        "disclosure:block",
        OFFICERS,
        refused=SENSITIVE,
        case="MG6D",
        kwargs={"block_id": "sensitive_block"},
        method="POST",
        data={"step": "words"} | BLOCK,
    ),
    row("api-blocks", DISCLOSES),
    row("api-blocks", OFFICERS, refused=DISCLOSES, method="POST", data=BLOCK | {"items": STRANGERS}),
    row("api-block", DISCLOSES),
    row("api-block", SENSITIVE, case="MG6D", kwargs={"block_id": "sensitive_block"}),
    row("api-block", OFFICERS, refused=DISCLOSES, method="PATCH", data=BLOCK),
    row("api-block-take-out", OFFICERS, refused=DISCLOSES, method="POST", data={"items": STRANGERS}),
    row("api-block-dissolve", OFFICERS, refused=DISCLOSES, method="POST"),
    row("disclosure:presumption", DISCLOSES),
    row("disclosure:presumption", OFFICERS, refused=DISCLOSES, method="POST", data={"step": "again"}),
    row("disclosure:presumption_item", DISCLOSES),
    row("disclosure:presumption_item", OFFICERS, refused=DISCLOSES, method="POST", data={"category": "2", "holds": "yes"}),
    row("disclosure:copies", DISCLOSES),
    row("disclosure:copies", OFFICERS, refused=DISCLOSES, method="POST", data={"step": "supply", "to": "A. Prosecutor"}),
    row("api-presumption", DISCLOSES),
    row("api-presumption", OFFICERS, refused=DISCLOSES, method="POST", data={"category": "2", "holds": True}),
    row("api-disclosure-copies", DISCLOSES),
    row("api-disclosure-copies", OFFICERS, refused=DISCLOSES, method="POST", data=SUPPLIED),
    row("disclosure:searches", DISCLOSES),
    row("disclosure:searches", OFFICERS, refused=DISCLOSES, method="POST", data={"title": "Messages", "exhibits": "*"}),
    row("disclosure:search", DISCLOSES),
    row("disclosure:search", OFFICERS, refused=DISCLOSES, method="POST", data={"step": "term", "term-words": "hotel"}),
    row("api-searches", DISCLOSES),
    row("api-searches", OFFICERS, refused=DISCLOSES, method="POST", data={"title": "Messages", "exhibits": "AB/1"}),
    row("api-search", DISCLOSES),
    row("api-search-terms", OFFICERS, refused=DISCLOSES, method="POST", data=TERM),
    row("api-search-counts", OFFICERS, refused=DISCLOSES, method="POST"),
    row("api-search-samples", OFFICERS, refused=DISCLOSES, method="POST", data=DRAWN),
    row("api-search-statements", OFFICERS, refused=DISCLOSES, method="POST", data=STATED),
    row("disclosure:later", OFFICERS, refused=DISCLOSES, method="POST", data={"kind": "MG6C"}),
    managing("managing"),
    managing("managing_section", OFFICERS, kwargs={"key": "issues"}),
    managing("managing_section", OFFICERS, kwargs={"key": "issues"}, method="POST", data={"text": "Consent"}),
    managing("managing_issue", ("disclosure",), method="POST"),
    managing("managing_version"),
    managing("managing_version", OFFICERS, method="POST", data={"to": "court"}),
    managing("managing_pdf"),
    managing("managing_docx"),
    row("disclosure:fenced", DISCLOSES),
    # Whoever of the team meets it closes it
    team("disclosure:raise_fence"),
    team("disclosure:raise_fence", method="POST", data={"kind": "privilege", "reason": "A solicitor's letterhead"}),
    row("disclosure:fence", DISCLOSES),
    row("disclosure:fence", SENSITIVE, case="above the marking", kwargs={"fence_id": "secret_fence"}),
    row("disclosure:fence", SENSITIVE, refused=DISCLOSES, method="POST", data={"step": "instruct"}),
    row(
        "disclosure:fence",
        ("supervisor",),
        refused=SENSITIVE,
        case="above the marking",
        method="POST",
        kwargs={"fence_id": "secret_fence"},
        data={"step": "hand_over"},
    ),
    row("disclosure:review", DISCLOSES, case="the file beside", method="POST", data={"step": "open"}),
    row("disclosure:review", OFFICERS, refused=DISCLOSES, case="a part", method="POST", data=PART_OF),
    row("api-items", OFFICERS, refused=DISCLOSES, method="POST", data={"exhibit": "@exhibit_id", "locator": {"pages": [1, 1]}}),
    row("api-fences", DISCLOSES),
    team("api-exhibit-fences", method="POST", data={"kind": "privilege", "reason": "A solicitor's letterhead"}),
    row("api-fence-steps", SENSITIVE, refused=DISCLOSES, method="POST", data=COUNSEL),
    row("disclosure:lists", DISCLOSES),
    row("disclosure:witness_list", LEADS, refused=DISCLOSES, method="POST", data=MG9),
    row("disclosure:exhibit_list", DISCLOSES),
    row("disclosure:exhibit_list_word", DISCLOSES),
    *disclosure("disclosure:docx"),
    *sensitive("disclosure:docx"),
    *disclosure("disclosure:export"),
    *disclosure("disclosure:diff"),
    *sensitive("disclosure:diff"),
    *disclosure("disclosure:prosecutor"),
    *disclosure("disclosure:prosecutor", OFFICERS, method="POST", data={"step": "review"}),
    *disclosure("disclosure:import", OFFICERS, method="POST"),
    *sensitive("disclosure:export"),
    *sensitive("disclosure:prosecutor"),
    *sensitive("disclosure:pdf"),
    *disclosure("disclosure:send", OFFICERS, method="POST"),
    *disclosure("disclosure:check", ("supervisor",), method="POST"),
    *disclosure("disclosure:return", ("supervisor", "disclosure"), method="POST", data={"reason": "Row 1 is too short"}),
    *disclosure("disclosure:certify", ("disclosure",)),
    *disclosure("disclosure:submit", ("disclosure",)),
    row("api-items", DISCLOSES),
    row("api-decisions", DISCLOSES),
    row("api-decisions", OFFICERS, refused=DISCLOSES, method="POST", data={"use": "used"}),
    row("api-schedules", DISCLOSES),
    row("api-schedules", OFFICERS, refused=DISCLOSES, method="POST", data={"kind": "MG6C"}),
    *disclosure("api-schedule"),
    *disclosure("api-schedule", OFFICERS, method="POST"),
    *disclosure("api-row", OFFICERS, method="PATCH", data={"description": "Words"}),
    *disclosure("api-version"),
    *disclosure("api-version-send", OFFICERS, method="POST"),
    *disclosure("api-version-check", ("supervisor",), method="POST"),
    *disclosure("api-version-return", ("supervisor", "disclosure"), method="POST", data={"reason": "Row 1 is too short"}),
    *disclosure("api-version-certify", ("disclosure",), method="POST"),
    *disclosure("api-version-submit", ("disclosure",), method="POST"),
    *disclosure("disclosure:certify", ("disclosure",), method="POST"),
    *disclosure("disclosure:submit", ("disclosure",), method="POST"),
    *sensitive("api-schedule"),
    *sensitive("api-version"),
    *sensitive("api-version-certify", ("disclosure",), method="POST"),
    *sensitive("disclosure:schedule"),
    *sensitive("disclosure:version"),
    *sensitive("disclosure:receipt"),
    # Its form is not printed yet
    *sensitive("disclosure:new_version", OFFICERS, method="POST"),
    *sensitive("disclosure:certify", ("disclosure",)),
    *sensitive("disclosure:submit", ("disclosure",)),
]

BOX = {"page": "0", "left": "70", "top": "80", "right": "200", "bottom": "100", "category": "TEL"}
FOUND = {"detector": "other 1", "proposals": [{"page": 0, "boxes": [[70, 80, 200, 100]], "code": "TEL"}]}
DECIDED = {"decisions": [{"proposal": "@proposal_id", "verdict": "accept"}]}
GROUP = {"said": "0" * 64, "verdict": "accept"}
KEPT = {"areas": [{"page": 0, "boxes": [[70, 80, 200, 100]]}], "code": "OTH"}
TAKES = ("supervisor", "redactor", "approver")
DUE = ("investigator", "disclosure", "deputy", "supervisor", "redactor")
LATER = {"due_day": "1", "due_month": "2", "due_year": "2099", "reason": "The hearing was moved"}


def redaction(name: str, allowed: Iterable[str] = REDACTS, **more: Any) -> Row:
    """Of a redaction: some of those who have to do with it may; to the rest of these it is refused."""
    return row(f"redaction:{name}", allowed, refused=REDACTS, **more)


def redaction_api(name: str, allowed: Iterable[str] = REDACTS, **more: Any) -> Row:
    """The same of the API."""
    return row(f"api-redaction-{name}", allowed, refused=REDACTS, **more)


REDACTION = [
    own("redaction:mine"),
    row("redaction:figures", ("supervisor", "elsewhere"), rest=REFUSED),
    row("api-redaction-proposals", REDACTS),
    row("api-redaction-decisions", REDACTS),
    row("api-redaction-proposals", ("redactor",), refused=REDACTS, method="POST", data=FOUND),
    row("api-redaction-decisions", ("redactor",), refused=REDACTS, method="POST", data=DECIDED),
    own("api-redaction-queue"),
    row("api-redaction-figures", ("supervisor", "elsewhere"), rest=REFUSED),
    row("api-case-redactions", REDACTS),
    row("api-case-redactions", ASKS, refused=REDACTS, method="POST", data={"exhibits": [], "audience": "court"}),
    team("api-exhibit-redactions", ASKS, method="POST", data={"audience": "court"}),
    redaction_api("document"),
    redaction_api("open", method="POST", data={"purpose": "Detection"}),
    # Under the ticket that the investigator was given
    row("api-redaction-image", ("investigator",)),
    row("api-redaction-words", ("investigator",)),
    row("api-redaction-search", ("investigator",), method="POST", data={"words": "Statement"}),
    redaction_api("redact-found", ("redactor",), method="POST", data={"words": "Statement", "code": "OTH"}),
    redaction_api("boxes", ("redactor",), method="POST", data={"page": 0, "box": [70, 80, 200, 100], "code": "TEL"}),
    redaction_api("move", ("redactor",), method="POST", data={"boxes": [[71, 80, 201, 100]]}),
    redaction_api("merge", ("redactor",), method="POST", data={"proposals": []}),
    redaction_api("keep-only", ("redactor",), method="POST", data=KEPT),
    redaction_api("groups"),
    redaction_api("groups", ("redactor",), method="POST", data=GROUP),
    redaction_api("as-before", ("redactor",), method="POST"),
    redaction_api("undo", ("redactor",), method="POST"),
    redaction_api("redo", ("redactor",), method="POST"),
    redaction_api("remarks"),
    redaction_api("remarks", ("redactor", "approver"), method="POST", data={"page": 0, "text": "Look at the margin"}),
    redaction_api("remark-answers", ("redactor", "approver"), method="POST", data={"settles": True}),
    redaction_api("test"),
    redaction_api("test-questions", ("redactor",), method="POST", data={"note": "Page 2"}),
    redaction_api("test-answers", ("disclosure", "deputy"), method="POST", data={"may": [], "reason": "No bearing on it"}),
    redaction_api("release"),
    redaction_api("assignment", TAKES),
    redaction_api("assignment", TAKES, method="POST", data={"to": None}),
    redaction_api("due", DUE, method="POST", data={"due": "2099-02-01", "reason": "The hearing was moved"}),
    redaction_api("ask-approval", ("redactor",), method="POST"),
    redaction_api("sample", ("approver",), method="POST"),
    redaction_api("approve", ("approver",), method="POST"),
    redaction_api("send-back", ("approver",), method="POST", data={"reason": "Page 2 was missed"}),
    redaction_api("let-go", ("approver",), method="POST"),
    redaction_api("recall", ("supervisor", "approver"), method="POST", data={"reason": "A name was left in"}),
    redaction_api("withdraw", DUE, method="POST", data={"reason": "The wrong audience"}),
    redaction_api("log"),
    redaction_api("log-pdf"),
    redaction_api("difference"),
    redaction("list"),
    redaction("ask_many", ASKS),
    redaction("ask_many", ASKS, method="POST", data={"audience": "court"}),
    redaction("case_reading"),
    redaction("stop_reading", DUE),
    redaction("stop_reading", DUE, method="POST", data={"reason": "The wrong case"}),
    team("redaction:ask", ASKS),
    team("redaction:ask", ASKS, method="POST", data={"audience": "court"}),
    redaction("editor"),
    redaction("reading"),
    # The picture of a page is shown under the ticket that opening the editor gives
    row("redaction:image", (), case="without the editor"),
    redaction("image", first="redaction:editor"),
    redaction("decide", ("redactor",), method="POST", data={"verdict": "accept"}),
    redaction("accept_rest", ("redactor",), method="POST", data={"page": "0"}),
    redaction("draw", ("redactor",), method="POST", data=BOX),
    redaction("move", ("redactor",), method="POST", data={"boxes": "[[71, 80, 201, 100]]"}),
    redaction("merge", ("redactor",), method="POST", data={"chosen": ["@proposal_id"]}),
    redaction("keep_only", ("redactor",), method="POST", data=BOX | {"scope": "page"}),
    redaction("remark", ("redactor", "approver"), method="POST", data={"page": "0", "text": "Look at the margin"}),
    redaction("answer_remark", ("redactor", "approver"), method="POST", data={"text": "It is empty", "done": "yes"}),
    row("redaction:news", (), case="without the editor"),
    redaction("news", first="redaction:editor"),
    redaction("through"),
    row("redaction:sheet", (), case="without the editor"),
    redaction("sheet", first="redaction:through"),
    redaction("groups"),
    redaction("case_groups"),
    redaction("search"),
    redaction("search", method="POST", data={"words": "Statement"}),
    redaction("redact_found", ("redactor",), method="POST", data={"words": "Statement", "category": "OTH", "which": "all"}),
    redaction("decide_group", ("redactor",), method="POST", data=GROUP),
    redaction("case_decide_group", ("redactor",), method="POST", data=GROUP),
    redaction("as_before", ("redactor",), method="POST"),
    redaction("turn_back", ("redactor",), method="POST", data={"way": "undo"}),
    redaction("case_turn_back", ("redactor",), method="POST", data={"way": "redo"}),
    redaction("assign", TAKES),
    redaction("assign", TAKES, method="POST", data={"to": "", "note": ""}),
    redaction("take", TAKES, method="POST", data={"way": "take"}),
    redaction("due", DUE),
    redaction("due", DUE, method="POST", data=LATER),
    redaction("disclosure_test"),
    redaction("ask_test", ("redactor",), method="POST", data={"note": "Page 2"}),
    redaction("answer_test", ("disclosure", "deputy"), method="POST", data={"reason": "No bearing on the case"}),
    redaction("ask_approval", ("redactor",), method="POST"),
    redaction("release"),
    redaction("redaction_log"),
    redaction("redaction_log_pdf"),
    redaction("difference"),
    redaction("confirm_read", ("approver",), method="POST"),
    redaction("approve", ("approver",)),
    redaction("approve", ("approver",), method="POST"),
    redaction("send_back", ("approver",)),
    redaction("let_go", ("approver",)),
    redaction("let_go", ("approver",), method="POST"),
    redaction("receipt"),
    redaction("withdraw", DUE),
    redaction("withdraw", DUE, method="POST", data={"reason": "The wrong audience"}),
    redaction("recall", ("supervisor", "approver")),
    redaction("recall", ("supervisor", "approver"), method="POST", data={"reason": "A name was left in"}),
    redaction("send_back", ("approver",), method="POST", data={"reason": "Page 2 was missed"}),
]

BUNDLES = [
    row("bundles:list", DISCLOSES),
    row("bundles:new", MAKES_BUNDLES, refused=DISCLOSES),
    row("bundles:new", MAKES_BUNDLES, refused=DISCLOSES, method="POST", data={"audience": "cps", "purpose": "Charging"}),
    row("bundles:bundle", DISCLOSES),
    row("bundles:open", MAKES_BUNDLES, refused=DISCLOSES, method="POST", data={"purpose": "To hand it over"}),
    # A ticket is for the person who said what they open it for
    row("bundles:content", ("disclosure",), kwargs={"ticket_id": "bundle_ticket"}),
    row("bundles:check", DISCLOSES, method="POST"),
    row("api-bundles", DISCLOSES),
    row("api-bundles", MAKES_BUNDLES, refused=DISCLOSES, method="POST", data={"audience": "cps", "purpose": "Charging"}),
    row("api-bundle", DISCLOSES),
    row("api-bundle-open", MAKES_BUNDLES, refused=DISCLOSES, method="POST", data={"purpose": "To hand it over"}),
    row("api-bundle-content", ("disclosure",), kwargs={"ticket_id": "bundle_ticket"}),
    own("bundles:keys"),
    own("bundles:key_file"),
]

ACCOUNTS = [
    own("accounts:profile"),
    own("accounts:notifications"),
    own("accounts:read_notifications", method="POST"),
    own("accounts:tokens"),
    own("accounts:new_token"),
    row("accounts:withdraw_token", ("investigator",), method="POST"),
]

# The sign-in package's own pages: for everybody, or for whoever has signed in
SIGNING_IN = [
    *(
        public(name)
        for name in (
            "account_login",
            "account_logout",
            "account_inactive",
            "account_signup",
            "account_email_verification_sent",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
        )
    ),
    # No step of signing in is under way
    row("account_confirm_login_code", (), rest=IN, anonymous=SIGN_IN),
    row("mfa_authenticate", (), rest=IN, anonymous=SIGN_IN),
    row("account_confirm_email", (), rest=IN, anonymous=IN),
    *(
        own(name)
        for name in (
            "account_reauthenticate",
            "account_email",
            "account_change_password",
            "account_set_password",
            "mfa_index",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_generate_recovery_codes",
        )
    ),
]

# Second factors: only the admin has one (a code), and nobody a key or recovery codes
SECOND_FACTORS = [
    own("mfa_activate_totp", also={"admin": STEP_UP}),
    row("mfa_deactivate_totp", ("admin",)),
    row("mfa_reauthenticate", ("admin",), rest=STEP_UP),
    row("mfa_reauthenticate_webauthn", (), rest=STEP_UP),
    row("mfa_view_recovery_codes", ()),
    row("mfa_download_recovery_codes", ()),
    row("mfa_remove_webauthn", ()),
    row("mfa_edit_webauthn", ()),
]

CONFIGURED = (
    "accounts_organisation",
    "accounts_user",
    "cases_offencecode",
    "cases_retentionrule",
    "evidence_location",
    "disclosure_endorsementcode",
    "disclosure_presumptioncategory",
    "redaction_category",
    "redaction_policy",
)
"""Every model that the admin site knows. Nothing of a case, of evidence or of the log is among them."""


def admin(name: str, answer: str = IN, **more: Any) -> Row:
    """Of the configuration: admins who have shown a second factor; to others it isn't there."""
    return row(f"admin:{name}", (), also={"admin": answer, "admin_unproved": STEP_UP}, **more)


ADMIN = [
    admin("(<path:object_id>/)", path="/admin/accounts/user/1/"),
    admin("((?P<url>.*)$)", HIDDEN, path="/admin/nothing/here/"),
    admin("index"),
    admin("login"),
    public("admin:logout"),
    admin("password_change"),
    admin("password_change_done"),
    admin("autocomplete", REFUSED),
    admin("jsi18n"),
    admin("app_list", kwargs={"app_label": "admin_app"}),
    admin("view_on_site", HIDDEN, kwargs={"content_type_id": "one", "object_id": "one"}),
    *(admin(f"{model}_changelist") for model in CONFIGURED),
    *(admin(f"{model}_add") for model in CONFIGURED),
    *(admin(f"{model}_{page}", kwargs={"object_id": model}) for model in CONFIGURED for page in ("change", "history")),
    # Nothing that old records point to is ever deleted
    *(admin(f"{model}_delete", REFUSED, kwargs={"object_id": model}) for model in CONFIGURED),
]

OTHER = [
    own("schema"),
    own("api-docs"),
    public("healthz"),
]

TABLE: list[Row] = [
    *CASES,
    *LOG,
    *EVIDENCE,
    *DISCLOSURE,
    *REDACTION,
    *BUNDLES,
    *ACCOUNTS,
    *SIGNING_IN,
    *SECOND_FACTORS,
    *ADMIN,
    *OTHER,
]
