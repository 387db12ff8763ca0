"""What the database itself refuses in this room, whoever asks and however. Python checks the same earlier, to say it kindly.

Two kinds of lock keep these rules true when people act at the same time; each is held until the transaction ends:
of a version (its rows against its state), and of a case's numbers of one kind of schedule.
"""

# ruff: noqa: S608 (SQL put together from constants of this file; nothing of a request reaches it)

import pgtrigger

from audit.triggers import OwnersTrigger, Trigger, append_only
from disclosure import block_triggers, fence_triggers, part_triggers

# Refusals reach Django as IntegrityError
_CODE = "USING ERRCODE = 'integrity_constraint_violation'"

TRANSITIONS: dict[str, tuple[str, ...]] = {
    "": ("draft",),
    "draft": ("in_qa",),
    "in_qa": ("checked", "draft"),
    "checked": ("certified", "draft"),
    "certified": ("submitted", "superseded"),
    "submitted": ("under_review", "returned", "endorsed", "superseded"),
    "under_review": ("returned", "endorsed", "superseded"),
    "returned": ("superseded",),
    "endorsed": ("served", "superseded"),
    "served": ("superseded",),
    "superseded": (),
}
"""From each state of a version, those that may follow (DOMAIN section 6)."""

_ARROWS = ", ".join(f"'{start}>{end}'" for start, ends in TRANSITIONS.items() for end in ends)


def lock_sql(kind: str, key: str) -> str:
    """SQL expression that takes a transaction's advisory lock; `key` is an SQL expression of type text."""
    return f"pg_advisory_xact_lock(hashtextextended('disclosure.{kind} ' || {key}, 0))"


_LOCK_VERSION = f"PERFORM {lock_sql('version', 'NEW.version_id::text')};"
_STATE = "SELECT state FROM disclosure_versionstate WHERE version_id = NEW.version_id ORDER BY id DESC LIMIT 1"
# A row belongs on a schedule as its item is decided now
_BELONGS = (
    "(i.use = 'unused' AND i.relevance = 'relevant' AND CASE s.kind"
    " WHEN 'MG6E' THEN i.test = 'may_meet' AND i.sensitivity <> ''"
    " WHEN 'MG6D' THEN i.sensitivity = 'sensitive' ELSE i.sensitivity = 'not_sensitive' END)"
)


def _refuse(condition: str, message: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{message}' {_CODE}; END IF;"


def _keep(*, update: bool = False) -> list[pgtrigger.Trigger]:
    """Neither deleted nor emptied; without `update`, never changed either."""
    kept = append_only()
    return [trigger for trigger in kept if not (update and trigger.name == "keep_update")]


# ---- items -----------------------------------------------------------------------------------------------------------

ITEM = [
    *_keep(update=True),
    *part_triggers.ITEM,
    Trigger(
        name="item_begins_undecided",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_refuse("NEW.use || NEW.relevance || NEW.sensitivity || NEW.test <> ''", "An item begins undecided")
        + _refuse(
            "NEW.case_id IS DISTINCT FROM (SELECT case_id FROM evidence_exhibit WHERE id = NEW.exhibit_id)",
            "An item is of the case of its exhibit",
        )
        + "RETURN NEW;",
    ),
    Trigger(
        name="item_follows_decisions",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        # Depth 2: the trigger of a decision or an assignment changes the item
        func=_refuse(
            "pg_trigger_depth() < 2 OR (NEW.id, NEW.case_id, NEW.exhibit_id, NEW.locator, NEW.created_at)"
            " IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.exhibit_id, OLD.locator, OLD.created_at)",
            "Only a decision changes an item",
        )
        + "RETURN NEW;",
    ),
]

ASSIGNMENT = [
    *append_only(),
    Trigger(
        name="assignment_shows_on_item",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func="UPDATE disclosure_item SET assigned_to_id = NEW.to_id WHERE id = NEW.item_id; RETURN NULL;",
    ),
]

DECISION = [
    *append_only(),
    *fence_triggers.DECISION,
    *part_triggers.DECISION,
    Trigger(
        name="decision_is_the_latest",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="PERFORM 1 FROM disclosure_item WHERE id = NEW.item_id FOR UPDATE;"
        + _refuse(
            "NEW.id <= (SELECT max(id) FROM disclosure_decision WHERE item_id = NEW.item_id)",
            "A decision comes after those before it",
        )
        + "RETURN NEW;",
    ),
    Trigger(
        name="decision_shows_on_item",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func="""
            UPDATE disclosure_item SET
                use = CASE NEW.field WHEN 'use' THEN NEW.value ELSE use END,
                relevance = CASE NEW.field WHEN 'relevance' THEN NEW.value ELSE relevance END,
                sensitivity = CASE NEW.field WHEN 'sensitivity' THEN NEW.value ELSE sensitivity END,
                test = CASE NEW.field WHEN 'test' THEN NEW.value ELSE test END
            WHERE id = NEW.item_id;
            RETURN NULL;
        """,
    ),
]

# ---- versions --------------------------------------------------------------------------------------------------------

VERSION = [
    *append_only(),
    Trigger(
        name="version_follows_a_closed_one",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("_last", "integer"), ("_state", "text")],
        func=f"""
            PERFORM {lock_sql("schedule", "NEW.schedule_id::text")};
            SELECT v.number, (SELECT state FROM disclosure_versionstate WHERE version_id = v.id ORDER BY id DESC LIMIT 1)
                INTO _last, _state
                FROM disclosure_scheduleversion v WHERE v.schedule_id = NEW.schedule_id ORDER BY v.number DESC LIMIT 1;
        """
        + _refuse("NEW.number <> coalesce(_last, 0) + 1", "Versions are numbered without gaps")
        + _refuse(
            "_last IS NOT NULL AND coalesce(_state, 'draft') IN ('draft', 'in_qa', 'checked')",
            "A new version needs the last one certified",
        )
        + "RETURN NEW;",
    ),
]

_AUTHORS = (
    "SELECT by_id FROM disclosure_rowedit WHERE version_id = NEW.version_id"
    " UNION SELECT created_by_id FROM disclosure_scheduleversion WHERE id = NEW.version_id"
)
_INCOMPLETE = (
    "EXISTS (SELECT 1 FROM disclosure_row WHERE version_id = NEW.version_id AND NOT withdrawn AND (description !~ '\\S'"
    " OR CASE _kind WHEN 'MG6D' THEN sensitivity_reason !~ '\\S' WHEN 'MG6E' THEN false ELSE location !~ '\\S' END))"
)
_MISPLACED = (
    "(EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_item i ON i.id = r.item_id"
    " JOIN disclosure_scheduleversion v ON v.id = r.version_id JOIN disclosure_schedule s ON s.id = v.schedule_id"
    f" WHERE r.version_id = NEW.version_id AND NOT r.withdrawn AND NOT {_BELONGS})"
    f" OR {block_triggers.UNFIT_ROWS} OR {block_triggers.TWICE})"
)
_MISNUMBERED = (
    "EXISTS (SELECT 1 FROM disclosure_row r LEFT JOIN disclosure_schedulenumber n ON n.item_id = r.item_id AND n.kind = _kind"
    " LEFT JOIN disclosure_schedulenumber b ON b.block_id = r.block_id AND b.kind = _kind"
    " WHERE r.version_id = NEW.version_id AND r.position IS DISTINCT FROM coalesce(n.number, b.number))"
)
_DROPPED = (
    "EXISTS (SELECT 1 FROM disclosure_row o JOIN disclosure_scheduleversion ov ON ov.id = o.version_id"
    " JOIN disclosure_scheduleversion v ON v.schedule_id = ov.schedule_id AND v.number = ov.number + 1"
    " WHERE v.id = NEW.version_id AND o.position IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM disclosure_row r WHERE r.version_id = v.id AND r.item_id = o.item_id)"
    " AND NOT EXISTS (SELECT 1 FROM disclosure_row r WHERE r.version_id = v.id AND r.block_id = o.block_id))"
)
_LAST_CHECKER = (
    "(SELECT by_id FROM disclosure_versionstate WHERE version_id = NEW.version_id AND state = 'checked' ORDER BY id DESC LIMIT 1)"
)
_CERTIFIER = "(SELECT by_id FROM disclosure_certificate WHERE version_id = NEW.version_id)"
# Where an item of an MG6E is listed: the schedule that it belongs on now, and its number there
_LISTED_AS = (
    "coalesce((SELECT jsonb_build_object('schedule', n.kind, 'item', n.number) FROM disclosure_schedulenumber n"
    " JOIN disclosure_item i ON i.id = n.item_id WHERE n.item_id = disclosure_row.item_id"
    " AND CASE i.sensitivity WHEN 'sensitive' THEN n.kind = 'MG6D' ELSE n.kind IN ('MG6C', 'SDC') END), '{}')"
)
_UNLISTED = (
    "EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_item i ON i.id = r.item_id"
    " WHERE r.version_id = NEW.version_id AND NOT r.withdrawn AND NOT EXISTS (SELECT 1 FROM disclosure_schedulenumber n"
    " WHERE n.item_id = i.id AND CASE i.sensitivity WHEN 'sensitive' THEN n.kind = 'MG6D' ELSE n.kind IN ('MG6C', 'SDC') END))"
)
# An exhibit of the case that nobody has accounted for: no item, a question open, or relevant and on no schedule's newest version
_UNACCOUNTED = (
    "EXISTS (SELECT 1 FROM evidence_exhibit e WHERE e.case_id = _case AND NOT EXISTS"
    " (SELECT 1 FROM disclosure_item i WHERE i.exhibit_id = e.id AND i.locator IS NULL))"
    " OR EXISTS (SELECT 1 FROM disclosure_item i WHERE i.case_id = _case AND (i.use = '' OR i.use = 'unused' AND (i.relevance = ''"
    " OR i.relevance = 'relevant' AND (i.sensitivity = '' OR NOT EXISTS (SELECT 1 FROM disclosure_row r"
    " JOIN disclosure_scheduleversion v ON v.id = r.version_id JOIN disclosure_schedule s ON s.id = v.schedule_id"
    " WHERE r.item_id = i.id AND NOT r.withdrawn AND s.kind <> 'MG6E' AND (s.kind = 'MG6D') = (i.sensitivity = 'sensitive')"
    " AND v.number = (SELECT max(w.number) FROM disclosure_scheduleversion w WHERE w.schedule_id = s.id))"
    f" AND NOT {block_triggers.in_listed_block_sql('i')}))))"
    f" OR {fence_triggers.UNDETERMINED}"
)
_CERTIFIED_IN_CASE = (
    "disclosure_versionstate t JOIN disclosure_scheduleversion v ON v.id = t.version_id"
    " JOIN disclosure_schedule s ON s.id = v.schedule_id WHERE s.case_id = _case AND t.state = 'certified'"
)
# An SDC is a certificate of its own; without one, what goes to the prosecutor is a set (`completeness.SET`)
_IN_A_SET = "NOT EXISTS (SELECT 1 FROM disclosure_schedule WHERE case_id = _case AND kind = 'SDC')"
_NOT_A_SET = f"{_IN_A_SET} AND (SELECT count(DISTINCT s.kind) FROM {_CERTIFIED_IN_CASE}) < 3"
# A schedule goes with a report that was certified after it: after its first version, for those that answer the prosecutor too;
# of a later schedule after the version itself
_UNREPORTED = (
    f"_kind <> 'MG6E' AND (_ordinal > 1 OR {_IN_A_SET}) AND NOT EXISTS (SELECT 1 FROM {_CERTIFIED_IN_CASE} AND s.kind = 'MG6E'"
    " AND t.id > (SELECT min(c.id) FROM disclosure_versionstate c JOIN disclosure_scheduleversion w ON w.id = c.version_id"
    " WHERE c.state = 'certified' AND CASE WHEN _ordinal > 1 THEN w.id = NEW.version_id"
    " ELSE w.schedule_id = (SELECT schedule_id FROM disclosure_scheduleversion WHERE id = NEW.version_id) END))"
)
# A defence statement re-opens what is scheduled and what was thought irrelevant: the report waits until all is read again
_NOT_READ_AGAIN = (
    "EXISTS (SELECT 1 FROM disclosure_defencestatement d JOIN disclosure_item i ON i.case_id = d.case_id"
    " WHERE d.case_id = _case AND d.received_on IS NOT NULL AND i.created_at <= d.at"
    " AND i.use = 'unused' AND i.relevance IN ('relevant', 'clearly_not_relevant')"
    " AND NOT EXISTS (SELECT 1 FROM disclosure_rereview w WHERE w.statement_id = d.id AND w.item_id = i.id))"
)
_UNENDORSED = (
    "EXISTS (SELECT 1 FROM disclosure_row r WHERE r.version_id = NEW.version_id AND NOT r.withdrawn"
    " AND NOT EXISTS (SELECT 1 FROM disclosure_endorsement e WHERE e.row_id = r.id))"
)
# The content that was hashed says what the rows say (`content.of_version`)
_MISQUOTED = (
    "(SELECT jsonb_build_array(content::jsonb -> 'form', content::jsonb -> 'rows') FROM disclosure_certificate"
    " WHERE version_id = NEW.version_id) IS DISTINCT FROM (SELECT jsonb_build_array(_kind, coalesce(jsonb_agg("
    "CASE WHEN withdrawn THEN jsonb_build_object('number', position, 'withdrawn', true)"
    " ELSE jsonb_build_object('number', position, 'withdrawn', false, 'description', description)"
    f" || CASE _kind WHEN 'MG6D' THEN jsonb_build_object('sensitivity_reason', sensitivity_reason)"
    f" WHEN 'MG6E' THEN {_LISTED_AS} ELSE jsonb_build_object('location', location) END"
    f" || {block_triggers.MANIFEST} END ORDER BY position), '[]'))"
    " FROM disclosure_row WHERE version_id = NEW.version_id AND position IS NOT NULL)"
)

STATE = [
    *append_only(),
    Trigger(
        name="state_follows_the_rules",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("_id", "bigint"), ("_from", "text"), ("_kind", "text"), ("_case", "uuid"), ("_ordinal", "integer")],
        func=_LOCK_VERSION
        + """
            SELECT id, state INTO _id, _from FROM disclosure_versionstate
                WHERE version_id = NEW.version_id ORDER BY id DESC LIMIT 1;
            SELECT s.kind, s.case_id, s.ordinal INTO _kind, _case, _ordinal FROM disclosure_scheduleversion v
                JOIN disclosure_schedule s ON s.id = v.schedule_id WHERE v.id = NEW.version_id;
        """
        + _refuse("NEW.id <= _id", "A state comes after those before it")
        + f"IF NOT coalesce(_from, '') || '>' || NEW.state = ANY (ARRAY[{_ARROWS}]) THEN"
        f" RAISE EXCEPTION 'A version can not go from % to %', coalesce(_from, 'nothing'), NEW.state {_CODE}; END IF;"
        + _refuse(
            "((NEW.state = 'draft' AND _from IS NOT NULL) OR NEW.state = 'returned') AND NEW.reason !~ '\\S'",
            "A return needs a reason",
        )
        + _refuse(
            f"NEW.state = 'draft' AND {_CERTIFIER} IS NOT NULL",
            "A version with a certificate does not go back to its author",
        )
        + _refuse(f"NEW.state IN ('in_qa', 'certified') AND {_INCOMPLETE}", "A row lacks its description, location or reason")
        + _refuse(f"NEW.state IN ('in_qa', 'certified') AND {_MISPLACED}", "A row does not belong on this schedule")
        + _refuse(f"NEW.state IN ('in_qa', 'certified') AND {_DROPPED}", "A row of the last version is withdrawn, not left out")
        + _refuse(f"NEW.state = 'checked' AND NEW.by_id IN ({_AUTHORS})", "Nobody checks what they wrote")
        + _refuse(f"NEW.state = 'certified' AND NEW.by_id = {_LAST_CHECKER}", "Nobody certifies what they checked")
        + _refuse(
            f"NEW.state IN ('certified', 'submitted') AND {_CERTIFIER} IS NULL",
            "A certified version has a certificate",
        )
        + _refuse(f"NEW.state = 'certified' AND NEW.by_id <> {_CERTIFIER}", "Who certifies signs the certificate")
        + _refuse(f"NEW.state = 'certified' AND {_MISNUMBERED}", "Rows of a certified version have their final numbers")
        + _refuse(f"NEW.state = 'certified' AND {_MISQUOTED}", "A certificate says what the rows say")
        + _refuse(f"NEW.state = 'certified' AND ({_UNACCOUNTED})", "An item of the case is not accounted for")
        + _refuse(
            f"NEW.state = 'certified' AND _kind = 'MG6E' AND {_UNLISTED}", "An item of the report has no number on a schedule"
        )
        + _refuse(f"NEW.state = 'certified' AND _kind = 'MG6E' AND {_NOT_READ_AGAIN}", "An item was not read again")
        + _refuse(f"NEW.state = 'submitted' AND {_NOT_A_SET}", "MG6C, MG6D and MG6E are certified before one of them goes")
        + _refuse(f"NEW.state = 'submitted' AND {_UNREPORTED}", "A schedule goes with its own MG6E")
        + _refuse(f"NEW.state = 'endorsed' AND {_UNENDORSED}", "A row is not endorsed")
        + _refuse("NEW.state = 'served' AND _kind IN ('MG6D', 'MG6E')", "An MG6D or MG6E is never served")
        + "RETURN NEW;",
    ),
]

# ---- rows ------------------------------------------------------------------------------------------------------------

_WORDS = "description, location, sensitivity_reason, withdrawn"


def _words(row: str) -> str:
    return "(" + ", ".join(f"{row}.{name.strip()}" for name in _WORDS.split(",")) + ")"


def _words_json(row: str) -> str:
    return (
        f"jsonb_build_object('description', {row}.description, 'location', {row}.location,"
        f" 'sensitivity_reason', {row}.sensitivity_reason, 'withdrawn', {row}.withdrawn)"
    )


_NUMBER_OF_ROW = (
    "(SELECT n.number FROM disclosure_schedulenumber n JOIN disclosure_schedule s ON s.kind = n.kind"
    " JOIN disclosure_scheduleversion v ON v.schedule_id = s.id WHERE v.id = NEW.version_id"
    " AND (n.item_id = NEW.item_id OR n.block_id = NEW.block_id))"
)

ROW = [
    *_keep(update=True),
    Trigger(
        name="row_added_to_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_LOCK_VERSION
        + _refuse(f"coalesce(({_STATE}), '') <> 'draft'", "Rows are added to a draft only")
        + _refuse(
            "NOT EXISTS (SELECT 1 FROM disclosure_item i JOIN disclosure_schedule s ON s.case_id = i.case_id"
            " JOIN disclosure_scheduleversion v ON v.schedule_id = s.id"
            f" WHERE i.id = NEW.item_id AND v.id = NEW.version_id AND (NEW.withdrawn OR {_BELONGS}))"
            " AND NOT EXISTS (SELECT 1 FROM disclosure_block b JOIN disclosure_schedule s ON s.case_id = b.case_id"
            " JOIN disclosure_scheduleversion v ON v.schedule_id = s.id WHERE b.id = NEW.block_id AND v.id = NEW.version_id"
            " AND s.kind <> 'MG6E' AND (s.kind = 'MG6D') = (b.sensitivity = 'sensitive'))",
            "The item does not belong on this schedule",
        )
        + "RETURN NEW;",
    ),
    Trigger(
        name="row_changed_in_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        declare=[("_state", "text")],
        func=_LOCK_VERSION
        + f"_state := ({_STATE});"
        + _refuse(
            "(NEW.id, NEW.version_id, NEW.item_id, NEW.block_id)"
            " IS DISTINCT FROM (OLD.id, OLD.version_id, OLD.item_id, OLD.block_id)",
            "A row stays with its version and item",
        )
        # Numbers become final as the version is certified: nothing else may change then
        + _refuse(
            "_state IS DISTINCT FROM 'draft' AND NOT (_state = 'checked'"
            f" AND {_words('NEW')} IS NOT DISTINCT FROM {_words('OLD')}"
            " AND (NEW.edited_by_id, NEW.edited_at) IS NOT DISTINCT FROM (OLD.edited_by_id, OLD.edited_at)"
            f" AND NEW.position IS NOT DISTINCT FROM {_NUMBER_OF_ROW})",
            "Rows change in a draft only",
        )
        + _refuse(
            f"{_words('NEW')} IS DISTINCT FROM {_words('OLD')} AND NEW.edited_at <= OLD.edited_at",
            "A change of a row says who made it and when",
        )
        + "RETURN NEW;",
    ),
    Trigger(
        name="row_edit_is_kept",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="IF TG_OP = 'INSERT' THEN"
        " INSERT INTO disclosure_rowedit (row_id, version_id, by_id, at, before, after)"
        f" VALUES (NEW.id, NEW.version_id, NEW.edited_by_id, clock_timestamp(), NULL, {_words_json('NEW')});"
        f" ELSIF {_words('NEW')} IS DISTINCT FROM {_words('OLD')} OR NEW.edited_by_id <> OLD.edited_by_id THEN"
        " INSERT INTO disclosure_rowedit (row_id, version_id, by_id, at, before, after)"
        f" VALUES (NEW.id, NEW.version_id, NEW.edited_by_id, clock_timestamp(), {_words_json('OLD')}, {_words_json('NEW')});"
        " END IF; RETURN NULL;",
    ),
]

ROW_EDIT = [
    *append_only(),
    Trigger(
        name="edit_written_by_row",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_refuse("pg_trigger_depth() < 2", "An edit is written as its row changes") + "RETURN NEW;",
    ),
]

# ---- numbers and certificates ----------------------------------------------------------------------------------------

NUMBER = [
    *append_only(),
    Trigger(
        name="number_is_the_next",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"PERFORM {lock_sql('numbers', 'NEW.case_id::text || NEW.kind')};"
        + _refuse(
            "NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM disclosure_schedulenumber"
            " WHERE case_id = NEW.case_id AND kind = NEW.kind)",
            "Numbers go on without gaps",
        )
        + _refuse(
            "NEW.case_id IS DISTINCT FROM coalesce((SELECT case_id FROM disclosure_item WHERE id = NEW.item_id),"
            " (SELECT case_id FROM disclosure_block WHERE id = NEW.block_id))",
            "A number is of the case of its item",
        )
        + "RETURN NEW;",
    ),
    Trigger(
        name="number_is_certified",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=_refuse(
            "NOT EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_versionstate t ON t.version_id = r.version_id"
            " JOIN disclosure_scheduleversion v ON v.id = r.version_id JOIN disclosure_schedule s ON s.id = v.schedule_id"
            " WHERE (r.item_id = NEW.item_id OR r.block_id = NEW.block_id)"
            " AND r.position = NEW.number AND s.kind = NEW.kind AND t.state = 'certified')",
            "A number is given as a version is certified",
        )
        + "RETURN NULL;",
    ),
]

CERTIFICATE = [
    *append_only(),
    Trigger(
        name="certificate_of_a_checked_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_LOCK_VERSION
        + _refuse(f"({_STATE}) IS DISTINCT FROM 'checked'", "A certificate needs a checked version")
        + _refuse(
            "NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex')",
            "The hash of a certificate is that of its content",
        )
        + "RETURN NEW;",
    ),
    Trigger(
        name="certificate_means_certified",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=_refuse(
            "NOT EXISTS (SELECT 1 FROM disclosure_versionstate WHERE version_id = NEW.version_id AND state = 'certified')",
            "A certificate certifies its version",
        )
        + "RETURN NULL;",
    ),
    Trigger(
        name="certificate_gives_its_rows",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func="INSERT INTO disclosure_certifiedrow (version_id, number, said)"
        " SELECT NEW.version_id, (r ->> 'number')::integer, r FROM jsonb_array_elements(NEW.content::jsonb -> 'rows') r;"
        " RETURN NULL;",
    ),
]

CERTIFIED_ROW = [
    *append_only(),
    Trigger(
        name="row_of_its_certificate",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_refuse("pg_trigger_depth() < 2", "A certified row is taken from its certificate") + "RETURN NEW;",
    ),
]

# ---- what the prosecutor says ----------------------------------------------------------------------------------------

ENDORSEMENT = [
    *append_only(),
    # As the owner: the portal's role, where it may endorse, can read nothing of what is looked up here
    OwnersTrigger(
        name="endorsement_of_a_submitted_row",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[
            ("_version", "uuid"),
            ("_withdrawn", "boolean"),
            ("_kind", "text"),
            ("_area", "uuid"),
            ("_state", "text"),
            ("_name", "text"),
            ("_from", "uuid"),
        ],
        func="SELECT r.version_id, r.withdrawn, s.kind, c.cps_area_id INTO _version, _withdrawn, _kind, _area"
        " FROM disclosure_row r JOIN disclosure_scheduleversion v ON v.id = r.version_id"
        " JOIN disclosure_schedule s ON s.id = v.schedule_id JOIN cases_case c ON c.id = s.case_id WHERE r.id = NEW.row_id;"
        f" PERFORM {lock_sql('version', '_version::text')};"
        " SELECT state INTO _state FROM disclosure_versionstate WHERE version_id = _version ORDER BY id DESC LIMIT 1;"
        + _refuse("coalesce(_state, '') NOT IN ('submitted', 'under_review')", "Only a row with the prosecutor is endorsed")
        + _refuse("_withdrawn", "A withdrawn row is not endorsed")
        + _refuse(
            "NEW.reason !~ '\\S' AND (SELECT needs_reason FROM disclosure_endorsementcode WHERE id = NEW.code_id)",
            "This code needs a reason",
        )
        + _refuse(
            "_kind <> 'MG6D' AND (NEW.agrees_sensitive IS NOT NULL OR NEW.court_application IS NOT NULL)",
            "Only on an MG6D does the prosecutor say whether it is sensitive",
        )
        # `_from` is the CPS area of whoever enters it, if they are of one
        + "SELECT trim(u.name), o.id INTO _name, _from FROM accounts_user u LEFT JOIN accounts_organisation o"
        " ON o.id = u.organisation_id AND o.kind = 'cps_area' WHERE u.id = NEW.entered_by_id;"
        + _refuse(
            "_from IS NULL AND lower(trim(NEW.decided_by)) = lower(_name)",
            "Who enters an endorsement did not decide it",
        )
        + _refuse(
            "_from IS NOT NULL AND (_from IS DISTINCT FROM _area OR NEW.decided_by <> _name OR NEW.source_document <> '')",
            "A prosecutor enters what they decided themselves, on a case of their area",
        )
        + "RETURN NEW;",
    ),
]
