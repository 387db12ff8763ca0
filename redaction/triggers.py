"""What the database itself refuses in this room, whoever asks and however. Python checks the same earlier, to say it kindly.

Approver and decider are sets of people over a whole document, so each side is checked where either grows, under one lock
of the document that is held until the transaction ends.
"""

# ruff: noqa: S608 (SQL put together from constants of this file; nothing of a request reaches it)

import pgtrigger

from audit.triggers import Trigger, append_only

# Refusals reach Django as IntegrityError
_CODE = "USING ERRCODE = 'integrity_constraint_violation'"

TRANSITIONS: dict[str, tuple[str, ...]] = {
    "": ("asked",),
    "asked": ("for_approval", "withdrawn"),
    "for_approval": ("approved", "sent_back"),
    "sent_back": ("for_approval", "withdrawn"),
    "approved": ("applied", "failed"),
    "applied": ("verified", "leaked", "failed"),
    "verified": ("released", "sent_back"),
    "leaked": ("for_approval", "sent_back", "withdrawn"),
    "failed": ("for_approval", "sent_back", "withdrawn"),
    "released": ("recalled",),
    "recalled": (),
    "withdrawn": (),
}
"""From each state of a release, those that may follow (DOMAIN section 6). What redactors have can be withdrawn."""

FROZEN = ("for_approval", "approved", "applied")
"""While a release of it is in one of these states, nothing in a document may be decided or drawn."""

_ARROWS = ", ".join(f"'{start}>{end}'" for start, ends in TRANSITIONS.items() for end in ends)
_FROZEN = ", ".join(f"'{state}'" for state in FROZEN)


def _lock(document: str) -> str:
    return f"PERFORM pg_advisory_xact_lock(hashtextextended('redaction.document ' || ({document})::text, 0));"


def _refuse(condition: str, message: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{message}' {_CODE}; END IF;"


def _latest(release: str) -> str:
    return f"(SELECT s.state FROM redaction_releasestate s WHERE s.release_id = {release} ORDER BY s.id DESC LIMIT 1)"


_NOT_FROZEN = _refuse(
    f"EXISTS (SELECT 1 FROM redaction_release r WHERE r.document_id = NEW.document_id AND {_latest('r.id')} IN ({_FROZEN}))",
    "A release of this document is being approved: send it back before you change a decision",
)
_NO_APPROVER = _refuse(
    "NEW.by_id IN (SELECT s.by_id FROM redaction_releasestate s JOIN redaction_release r ON r.id = s.release_id"
    " WHERE r.document_id = NEW.document_id AND s.state IN ('approved', 'released'))",
    "Whoever approved or released a copy of this document may not decide in it",
)


def _fenced(document: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM redaction_document d JOIN evidence_exhibit e ON e.id = d.exhibit_id"
        f" WHERE d.id = {document} AND e.fence <> '')"
    )


_NOT_FENCED = _refuse(_fenced("NEW.document_id"), "The exhibit of this document is fenced: nothing is redacted in it")

APPEND_ONLY = append_only()
# Rows that change but are never deleted
KEPT = [trigger for trigger in append_only() if trigger.name != "keep_update"]

PROPOSAL = [
    *append_only(),
    Trigger(
        name="drawn_by_no_approver",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.by_id IS NOT NULL"),
        func=_lock("NEW.document_id") + _NO_APPROVER + _NOT_FROZEN + _NOT_FENCED + "RETURN NEW;",
    ),
]

DECISION = [
    *append_only(),
    Trigger(
        name="decided_by_no_approver",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_lock("NEW.document_id")
        + _refuse(
            "NEW.document_id IS DISTINCT FROM (SELECT document_id FROM redaction_proposal WHERE id = NEW.proposal_id)",
            "A decision is of the document of its proposal",
        )
        + _NO_APPROVER
        + _NOT_FROZEN
        + _NOT_FENCED
        + "RETURN NEW;",
    ),
    Trigger(
        name="moved_to_another_box",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.verdict = 'moved' AND NEW.undoes IS NULL"),
        func=_refuse(
            "NOT EXISTS (SELECT 1 FROM redaction_proposaldecision d JOIN redaction_proposal p ON p.id = d.proposal_id"
            " JOIN redaction_proposal o ON o.id = NEW.proposal_id WHERE d.act = NEW.act AND d.by_id = NEW.by_id"
            " AND d.verdict = 'accept' AND p.document_id = o.document_id AND p.page = o.page AND p.id <> o.id)",
            "A box is replaced only by another that is redacted on its page by the same act",
        )
        + "RETURN NULL;",
    ),
]

_DOCUMENT = "(SELECT document_id FROM redaction_release WHERE id = NEW.release_id)"
_DECIDED = (
    f"NEW.by_id IN (SELECT p.by_id FROM redaction_proposal p WHERE p.document_id = {_DOCUMENT} AND p.by_id IS NOT NULL"
    f" UNION SELECT d.by_id FROM redaction_proposaldecision d WHERE d.document_id = {_DOCUMENT})"
)
# What nobody has read may hold anything
_READ = f"(SELECT o.state = 'ready' FROM redaction_document o WHERE o.id = {_DOCUMENT})"
_UNDECIDED = (
    f"EXISTS (SELECT 1 FROM redaction_proposal p WHERE p.document_id = {_DOCUMENT}"
    " AND coalesce((SELECT d.verdict FROM redaction_proposaldecision d WHERE d.proposal_id = p.id"
    " ORDER BY d.id DESC LIMIT 1), 'open') = 'open')"
)


def withheld(document: str) -> str:
    """SQL: what is redacted in documents though the accused may need it: the proposals' `id`, `page`, `category_id`.

    An item of the exhibit may meet the disclosure test (CPIA 1996 s.3: might undermine the prosecution or assist the accused), and
    its officer hasn't said, of that very decision, that this category may be redacted here. `document` completes
    "document_id = ". An item of pages holds from the first to the last that it names.
    """
    pages = "SELECT {}(n::int) FROM jsonb_array_elements_text(i.locator -> 'pages') AS n"
    return (
        "SELECT DISTINCT p.id, p.document_id, p.page, d.category_id FROM redaction_proposal p"
        " CROSS JOIN LATERAL (SELECT x.verdict, x.category_id FROM redaction_proposaldecision x"
        " WHERE x.proposal_id = p.id ORDER BY x.id DESC LIMIT 1) d"
        " JOIN redaction_document o ON o.id = p.document_id"
        " JOIN disclosure_item i ON i.exhibit_id = o.exhibit_id AND i.test = 'may_meet'"
        f" WHERE p.document_id = {document} AND d.verdict = 'accept'"
        f" AND (i.locator -> 'pages' IS NULL OR p.page + 1 BETWEEN ({pages.format('min')}) AND ({pages.format('max')}))"
        " AND NOT coalesce((SELECT a.may FROM redaction_testanswer a"
        " WHERE a.document_id = o.id AND a.item_id = i.id AND a.category_id = d.category_id AND a.decision_id ="
        " (SELECT max(c.id) FROM disclosure_decision c WHERE c.item_id = i.id AND c.field = 'test')"
        " ORDER BY a.id DESC LIMIT 1), false)"
    )


_FOR_DEFENCE = "(SELECT r.audience = 'defence' FROM redaction_release r WHERE r.id = NEW.release_id)"
# Of the pages drawn when this approval was asked for none is unread
_SAMPLE_READ = (
    "EXISTS (SELECT 1 FROM redaction_sample m WHERE m.asked_id = (SELECT max(x.id) FROM redaction_releasestate x"
    " WHERE x.release_id = NEW.release_id AND x.state = 'for_approval') AND NOT EXISTS"
    " (SELECT 1 FROM jsonb_array_elements_text(m.pages) AS n WHERE NOT EXISTS"
    " (SELECT 1 FROM redaction_sampleread k WHERE k.sample_id = m.id AND k.page = n::int)))"
)
# The copy that goes out is the one that was checked, and its bytes are what they were
_CHECKED = (
    "EXISTS (SELECT 1 FROM redaction_release r JOIN evidence_blob b ON b.copy_id = r.output_id"
    " WHERE r.id = NEW.release_id AND b.state = 'verified' AND coalesce("
    "(SELECT k.passed FROM redaction_leakcheck k WHERE k.release_id = r.id AND k.blob_id = b.id"
    " ORDER BY k.id DESC LIMIT 1), false))"
)

RELEASE_STATE = [
    *append_only(),
    Trigger(
        name="release_follows_its_states",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_lock(_DOCUMENT)
        + _refuse(
            f"coalesce({_latest('NEW.release_id')}, '') || '>' || NEW.state NOT IN ({_ARROWS})",
            "This state does not follow the state of the release",
        )
        + _refuse(
            "NEW.state IN ('approved', 'released', 'recalled', 'withdrawn') AND NEW.by_id IS NULL",
            "A person does that, and is named",
        )
        + _refuse(
            f"NEW.state IN ('approved', 'released') AND {_DECIDED}",
            "Whoever drew or decided in this document may neither approve nor release it",
        )
        + _refuse(f"NEW.state = 'for_approval' AND NOT {_READ}", "The file of this document is still being read")
        + _refuse(f"NEW.state = 'for_approval' AND {_UNDECIDED}", "Proposals of this document are undecided")
        + _refuse(
            f"NEW.state IN ('for_approval', 'approved', 'released') AND {_FOR_DEFENCE} AND EXISTS ({withheld(_DOCUMENT)})",
            "What may meet the disclosure test is not redacted for the defence unless its officer says so",
        )
        + _refuse(f"NEW.state = 'approved' AND NOT {_SAMPLE_READ}", "Pages drawn for the approver are not read whole yet")
        + _refuse(
            f"NEW.state IN ('verified', 'released') AND NOT {_CHECKED}",
            "Only a verified copy whose leak check has passed may go out",
        )
        + _refuse(
            "NEW.state IN ('asked', 'for_approval', 'approved', 'applied', 'verified', 'released') AND " + _fenced(_DOCUMENT),
            "The exhibit of this copy is fenced: no copy of it goes on",
        )
        + "RETURN NEW;",
    ),
]

_SAMPLED = (
    "(SELECT r.document_id FROM redaction_sample m JOIN redaction_release r ON r.id = m.release_id WHERE m.id = NEW.sample_id)"
)

SAMPLE_READ = [
    *append_only(),
    Trigger(
        name="read_by_no_decider",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_lock(_SAMPLED)
        + _refuse(
            f"NEW.by_id IN (SELECT p.by_id FROM redaction_proposal p WHERE p.document_id = {_SAMPLED} AND p.by_id IS NOT NULL"
            f" UNION SELECT d.by_id FROM redaction_proposaldecision d WHERE d.document_id = {_SAMPLED})",
            "Whoever drew or decided in this document does not read its sample",
        )
        + _refuse(
            "NOT (SELECT m.pages @> to_jsonb(NEW.page) FROM redaction_sample m WHERE m.id = NEW.sample_id)",
            "This page is not one of the sample",
        )
        + "RETURN NEW;",
    ),
]
