"""What the database itself refuses in this room, to whatever role and by whatever program.

An exhibit's reference and case, a copy's place in its line, and a blob's key, size, version and hash never change once
given. A quarantine ends only by a supervisor's row that names a matching check, or gives the bytes up for a new file.
"""

# ruff: noqa: S608 (SQL put together from constants of this file; nothing of a request reaches it)

import pgtrigger

from audit.triggers import Trigger, append_only
from evidence.keeping_triggers import BLOB_DISPOSED, BLOB_DISPOSING

_CODE = "USING ERRCODE = 'integrity_constraint_violation'"


def _keep_rows() -> list[pgtrigger.Trigger]:
    """Rows may change where another trigger lets them, but stay."""
    return [trigger for trigger in append_only() if trigger.name != "keep_update"]


def _before_update(name: str, condition: str, message: str) -> Trigger:
    return Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"IF {condition} THEN RAISE EXCEPTION '{message}' {_CODE}; END IF; RETURN NEW;",
    )


APPEND_ONLY = append_only()

# An answer is to an offer of the same exhibit, by the person it was offered to; it is withdrawn by who offered it. A supervisor who
# takes an exhibit over ends the hand-over that was waiting
_ANSWERED_RIGHTLY = f"""
IF NEW.kind IN ('accepted', 'declined', 'withdrawn') THEN
    PERFORM 1 FROM evidence_custodyevent offer
        WHERE offer.id = NEW.answers_id AND offer.exhibit_id = NEW.exhibit_id AND offer.kind = 'offered'
        AND NEW.user_id = CASE WHEN NEW.kind = 'withdrawn' THEN offer.user_id ELSE offer.to_user_id END;
    IF NOT FOUND THEN RAISE EXCEPTION 'A hand-over is answered by the person it was offered to' {_CODE}; END IF;
ELSIF NEW.kind = 'taken_over' AND NEW.answers_id IS NOT NULL THEN
    PERFORM 1 FROM evidence_custodyevent offer
        WHERE offer.id = NEW.answers_id AND offer.exhibit_id = NEW.exhibit_id AND offer.kind = 'offered';
    IF NOT FOUND THEN RAISE EXCEPTION 'What ends by this is a hand-over of the same exhibit' {_CODE}; END IF;
ELSIF NEW.answers_id IS NOT NULL THEN
    RAISE EXCEPTION 'Only a hand-over is answered' {_CODE};
END IF;
RETURN NEW;
"""

CUSTODY = [
    *append_only(),
    Trigger(name="answered_rightly", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_ANSWERED_RIGHTLY),
]

STOCKTAKE = [
    *_keep_rows(),
    _before_update(
        "finished_is_final",
        "OLD.finished_at IS NOT NULL OR (NEW.id, NEW.location_id, NEW.started_by_id, NEW.started_at)"
        " IS DISTINCT FROM (OLD.id, OLD.location_id, OLD.started_by_id, OLD.started_at)",
        "A finished stocktake stays as it is",
    ),
]

SCAN = [
    *append_only(),
    Trigger(
        name="scan_while_open",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="PERFORM 1 FROM evidence_stocktake s WHERE s.id = NEW.stocktake_id AND s.finished_at IS NULL;"
        f" IF NOT FOUND THEN RAISE EXCEPTION 'The stocktake is finished' {_CODE}; END IF; RETURN NEW;",
    ),
]

_WITHIN = "Whoever books something in says that it is not above OFFICIAL-SENSITIVE"

BATCH = [
    *append_only(),
    Trigger(
        name="batch_within_marking",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"IF NOT NEW.within_marking THEN RAISE EXCEPTION '{_WITHIN}' {_CODE}; END IF; RETURN NEW;",
    ),
]

EXHIBIT = [
    *_keep_rows(),
    _before_update(
        "reference_is_final",
        "(NEW.id, NEW.case_id, NEW.reference, NEW.parent_id, NEW.batch_id, NEW.created_by_id, NEW.created_at)"
        " IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.reference, OLD.parent_id, OLD.batch_id, OLD.created_by_id, OLD.created_at)",
        "The reference of an exhibit never changes once issued",
    ),
    Trigger(
        name="exhibit_begins_open",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"IF NEW.fence <> '' THEN RAISE EXCEPTION 'An exhibit is fenced after it is booked in' {_CODE}; END IF;"
        f" IF NOT NEW.within_marking THEN RAISE EXCEPTION '{_WITHIN}' {_CODE}; END IF; RETURN NEW;",
    ),
    # Depth 2: the trigger of a fence, or of a step of its route, changes the exhibit
    _before_update(
        "fence_follows_its_route",
        "NEW.fence <> OLD.fence AND pg_trigger_depth() < 2",
        "Only a fence, or a step of its route, closes or opens an exhibit",
    ),
    _before_update(
        "marking_stays_as_stated",
        "NEW.within_marking <> OLD.within_marking",
        "What was stated of the marking as it was booked in stays",
    ),
]

COPY = [
    *_keep_rows(),
    _before_update(
        "copy_keeps_its_line",
        "(NEW.id, NEW.exhibit_id, NEW.kind, NEW.parent_id, NEW.made_by_id, NEW.made_at)"
        " IS DISTINCT FROM (OLD.id, OLD.exhibit_id, OLD.kind, OLD.parent_id, OLD.made_by_id, OLD.made_at)",
        "A copy stays what it was made as",
    ),
    Trigger(
        name="no_copy_of_what_is_fenced",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="IF NEW.kind <> 'master' AND (SELECT fence FROM evidence_exhibit WHERE id = NEW.exhibit_id) <> ''"
        f" THEN RAISE EXCEPTION 'No copy is made of a fenced exhibit' {_CODE}; END IF; RETURN NEW;",
    ),
]

_GIVEN_ONCE = " OR ".join(f"(OLD.{column} <> '' AND NEW.{column} <> OLD.{column})" for column in ("version_id", "sha256"))
_STATES = {
    "receiving": ("received", "abandoned"),
    "received": ("verified", "quarantined"),
    "verified": ("quarantined", "disposing"),
    "quarantined": ("verified", "superseded", "disposing"),
    "superseded": ("disposing",),
    "disposing": ("disposed",),
    "disposed": (),
    "abandoned": (),
}
_STEPS = ", ".join(f"'{before}>{after}'" for before, afters in _STATES.items() for after in afters)

_DAMAGE = "('changed', 'truncated', 'missing', 'unreadable')"
_MATCHES_NOW = (
    "EXISTS (SELECT 1 FROM evidence_verification v WHERE v.id = {check} AND v.blob_id = {blob} AND v.result = 'match'"
    " AND NOT EXISTS (SELECT 1 FROM evidence_verification later"
    " WHERE later.blob_id = {blob} AND later.at > v.at AND later.result IN " + _DAMAGE + "))"
)


def _ended(new_state: str) -> str:
    """Whether a row of this very transaction's blob lets it leave its quarantine for `new_state`."""
    said = f"e.check_made_id IS NOT NULL AND {_MATCHES_NOW.format(check='e.check_made_id', blob='NEW.id')}"
    wanted = said if new_state == "verified" else "e.check_made_id IS NULL"
    return f"EXISTS (SELECT 1 FROM evidence_quarantineend e WHERE e.blob_id = NEW.id AND {wanted})"


QUARANTINE_END = [
    *append_only(),
    Trigger(
        name="ends_by_a_matching_check",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="IF (SELECT state FROM evidence_blob WHERE id = NEW.blob_id) IS DISTINCT FROM 'quarantined'"
        f" OR (NEW.check_made_id IS NOT NULL AND NOT {_MATCHES_NOW.format(check='NEW.check_made_id', blob='NEW.blob_id')})"
        f" THEN RAISE EXCEPTION 'A quarantine ends by a check that matches and is the latest' {_CODE}; END IF; RETURN NEW;",
    ),
]

BLOB = [
    *_keep_rows(),
    _before_update("fence_stays", "OLD.malware <> '' AND NEW.malware = ''", "A file in which malware was found stays fenced"),
    _before_update(
        "bytes_are_final",
        "(NEW.id, NEW.copy_id, NEW.key, NEW.size, NEW.original_name, NEW.created_at)"
        " IS DISTINCT FROM (OLD.id, OLD.copy_id, OLD.key, OLD.size, OLD.original_name, OLD.created_at)"
        f" OR {_GIVEN_ONCE}",
        "Where bytes lie, how many and their hash never change once given",
    ),
    _before_update(
        "quarantine_is_ended",
        f"OLD.state = 'quarantined' AND (NEW.state = 'verified' AND NOT {_ended('verified')}"
        f" OR NEW.state = 'superseded' AND NOT {_ended('superseded')})",
        "A quarantine ends only by a supervisor, for a reason, and where the bytes match again",
    ),
    _before_update(
        "disposal_is_approved", f"NEW.state <> OLD.state AND {BLOB_DISPOSING}", "Only an approved disposal removes stored bytes"
    ),
    _before_update(
        "tombstone_comes_first", f"NEW.state <> OLD.state AND {BLOB_DISPOSED}", "Bytes that are removed leave a tombstone"
    ),
    _before_update(
        "state_goes_forward",
        f"NEW.state <> OLD.state AND NOT OLD.state || '>' || NEW.state = ANY (ARRAY[{_STEPS}])",
        "That is no step in the life of stored bytes",
    ),
]
