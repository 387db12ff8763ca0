"""What the database itself refuses about keeping and disposal, to whatever role and by whatever program.

Nothing is approved or removed while a hold stands on the case, before every rule of retention is over, while the case
is open, or while the store last said that it locks the bytes. Holds and disposals of a case wait for one another.
"""

# ruff: noqa: S608 (SQL put together from constants of this file; nothing of a request reaches it)

import pgtrigger

from audit.triggers import Trigger, append_only

_CODE = "USING ERRCODE = 'integrity_constraint_violation'"
CLOSED_STATES = ("nfa", "concluded")
"""States of a case in which its exhibits may be disposed of."""

_CLOSED = ", ".join(f"'{state}'" for state in CLOSED_STATES)


def refuse(condition: str, message: str) -> str:
    """SQL that raises `message` where `condition` holds."""
    return f"IF {condition} THEN RAISE EXCEPTION '{message}' {_CODE}; END IF;"


def _lock(case: str) -> str:
    return f"PERFORM pg_advisory_xact_lock(hashtextextended('evidence.keeping ' || ({case})::text, 0));"


def _kept(case: str, exhibit: str) -> str:
    """Every reason for which bytes of this exhibit must stay."""
    latest = (
        f"(SELECT DISTINCT ON (r.rule_id) r.until FROM evidence_retention r WHERE r.case_id = {case} ORDER BY r.rule_id, r.at DESC)"
    )
    return (
        refuse(
            f"EXISTS (SELECT 1 FROM evidence_hold h WHERE h.case_id = {case} AND h.lifted_at IS NULL)", "A hold stands on this case"
        )
        + refuse(f"NOT EXISTS (SELECT 1 FROM {latest} l)", "No rule of retention has been set for this case")
        + refuse(f"EXISTS (SELECT 1 FROM {latest} l WHERE l.until >= current_date)", "The retention of this case is not over")
        + refuse(
            f"(SELECT state FROM cases_case WHERE id = {case}) NOT IN ({_CLOSED})", "Exhibits of an open case are not disposed of"
        )
        + refuse(
            "EXISTS (SELECT 1 FROM evidence_blob b JOIN evidence_copy c ON c.id = b.copy_id"
            f" WHERE c.exhibit_id = {exhibit} AND b.state NOT IN ('disposed', 'abandoned')"
            " AND b.protected_until > clock_timestamp())",
            "The store still locks a file of this exhibit",
        )
    )


APPEND_ONLY = append_only()
# Rows that change where another trigger lets them, but stay
_KEPT_ROWS = [trigger for trigger in append_only() if trigger.name != "keep_update"]

HOLD = [
    *_KEPT_ROWS,
    Trigger(
        name="hold_waits_its_turn",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_lock("NEW.case_id") + "RETURN NEW;",
    ),
    Trigger(
        name="hold_is_lifted_once",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=refuse(
            "OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL"
            " OR (NEW.id, NEW.case_id, NEW.reason, NEW.placed_by_id, NEW.placed_at)"
            " IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.reason, OLD.placed_by_id, OLD.placed_at)",
            "A hold can only be lifted, once",
        )
        + "RETURN NEW;",
    ),
]

_CASE_OF_EXHIBIT = "(SELECT x.case_id FROM evidence_exhibit x WHERE x.id = NEW.exhibit_id)"
_CASE_OF_DISPOSAL = (
    "(SELECT x.case_id FROM evidence_exhibit x JOIN evidence_disposal d ON d.exhibit_id = x.id WHERE d.id = NEW.disposal_id)"
)
_EXHIBIT_OF_DISPOSAL = "(SELECT d.exhibit_id FROM evidence_disposal d WHERE d.id = NEW.disposal_id)"
_LEFT = (
    "EXISTS (SELECT 1 FROM evidence_blob b JOIN evidence_copy c ON c.id = b.copy_id"
    " WHERE c.exhibit_id = NEW.exhibit_id AND b.state NOT IN ('disposed', 'abandoned'))"
)

DISPOSAL = [
    *_KEPT_ROWS,
    Trigger(
        name="disposal_is_asked_for_first",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=refuse("NEW.state <> 'asked'", "A disposal is asked for before it is approved") + "RETURN NEW;",
    ),
    Trigger(
        name="disposal_goes_its_way",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=_lock(_CASE_OF_EXHIBIT)
        + refuse(
            "(NEW.id, NEW.exhibit_id, NEW.rule_id, NEW.reason, NEW.asked_by_id, NEW.asked_at)"
            " IS DISTINCT FROM (OLD.id, OLD.exhibit_id, OLD.rule_id, OLD.reason, OLD.asked_by_id, OLD.asked_at)"
            " OR OLD.state || '>' || NEW.state NOT IN ('asked>approved', 'asked>refused', 'approved>done')"
            " OR (OLD.state = 'approved'"
            " AND (NEW.decided_by_id, NEW.decided_at) IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at))",
            "That is no step of a disposal",
        )
        + f"IF NEW.state = 'approved' THEN {_kept(_CASE_OF_EXHIBIT, 'NEW.exhibit_id')} END IF;"
        + refuse(f"NEW.state = 'done' AND {_LEFT}", "Files of this exhibit are not removed yet")
        + "RETURN NEW;",
    ),
]

TOMBSTONE = [
    *append_only(),
    Trigger(
        name="tombstone_is_of_an_approved_disposal",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_lock(_CASE_OF_DISPOSAL)
        + refuse(
            "NOT EXISTS (SELECT 1 FROM evidence_disposal d JOIN evidence_copy c ON c.exhibit_id = d.exhibit_id"
            " JOIN evidence_blob b ON b.copy_id = c.id WHERE d.id = NEW.disposal_id AND d.state = 'approved'"
            " AND b.id = NEW.blob_id AND b.state = 'disposing' AND b.sha256 = NEW.sha256 AND b.size = NEW.size)",
            "Only a file whose disposal was approved gets a tombstone",
        )
        + _kept(_CASE_OF_DISPOSAL, _EXHIBIT_OF_DISPOSAL)
        + "RETURN NEW;",
    ),
]

BLOB_DISPOSING = (
    "NEW.state = 'disposing' AND NOT EXISTS (SELECT 1 FROM evidence_disposal d JOIN evidence_copy c ON c.exhibit_id = d.exhibit_id"
    " WHERE c.id = NEW.copy_id AND d.state = 'approved')"
)
BLOB_DISPOSED = "NEW.state = 'disposed' AND NOT EXISTS (SELECT 1 FROM evidence_tombstone t WHERE t.blob_id = NEW.id)"
