"""What the database itself refuses of blocks: an item that is to be listed by itself, a change of what is no draft."""

# ruff: noqa: S608 (SQL put together from constants of this file; nothing of a request reaches it)

import pgtrigger

from audit.triggers import Trigger, append_only

_CODE = "USING ERRCODE = 'integrity_constraint_violation'"


def _refuse(condition: str, message: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{message}' {_CODE}; END IF;"


def fit_sql(item: str, block: str) -> str:
    """SQL condition: the item of this alias may stand in the block of that alias (`models.blocks.alone`)."""
    return (
        f"({item}.use = 'unused' AND {item}.relevance = 'relevant' AND {item}.sensitivity = {block}.sensitivity"
        f" AND {item}.test <> 'may_meet' AND (SELECT fence FROM evidence_exhibit WHERE id = {item}.exhibit_id) = ''"
        " AND NOT EXISTS (SELECT 1 FROM disclosure_presumption p"
        f" WHERE p.item_id = {item}.id AND p.holds AND NOT EXISTS (SELECT 1 FROM disclosure_presumption q"
        " WHERE q.item_id = p.item_id AND q.category_id = p.category_id AND q.id > p.id))"
        " AND NOT EXISTS (SELECT 1 FROM disclosure_presumptionproposal p JOIN disclosure_presumptioncategory c"
        f" ON c.id = p.category_id AND c.is_active WHERE p.item_id = {item}.id AND NOT EXISTS"
        " (SELECT 1 FROM disclosure_presumption q WHERE q.item_id = p.item_id AND q.category_id = p.category_id)))"
    )


def _held(block: str) -> str:
    """SQL: hold the versions with the block's row, and refuse to go on if one of them is the newest and no draft any more."""
    return (
        "PERFORM pg_advisory_xact_lock(hashtextextended('disclosure.version ' || r.version_id::text, 0))"
        f" FROM disclosure_row r WHERE r.block_id = {block};"
        + _refuse(
            "EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_scheduleversion v ON v.id = r.version_id"
            f" WHERE r.block_id = {block} AND NOT r.withdrawn AND v.number ="
            " (SELECT max(w.number) FROM disclosure_scheduleversion w WHERE w.schedule_id = v.schedule_id)"
            " AND (SELECT state FROM disclosure_versionstate t WHERE t.version_id = v.id ORDER BY t.id DESC LIMIT 1) <> 'draft')",
            "A block changes in a draft only",
        )
    )


_KEPT = [trigger for trigger in append_only() if trigger.name != "keep_update"]
_STANDING = "(SELECT count(*) FROM (SELECT 1 FROM disclosure_blockitem WHERE block_id = {0} AND left_at IS NULL LIMIT 2) two)"

BLOCK = [
    *_KEPT,
    Trigger(
        name="block_changes_in_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=_refuse(
            "(NEW.id, NEW.case_id, NEW.sensitivity, NEW.by_id, NEW.at)"
            " IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.sensitivity, OLD.by_id, OLD.at)",
            "Only the words of a block change",
        )
        + _held("NEW.id")
        + "RETURN NEW;",
    ),
    Trigger(
        # Deferred: its items come after it
        name="block_has_items",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=_refuse(
            "(SELECT count(*) FROM (SELECT 1 FROM disclosure_blockitem WHERE block_id = NEW.id LIMIT 2) two) < 2",
            "A block has at least two items",
        )
        + "RETURN NULL;",
    ),
]

BLOCK_ITEM = [
    *_KEPT,
    Trigger(
        name="item_may_stand_in_block",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        # The locks that a decision, an answer and a fence take too: they meet each other
        func="PERFORM 1 FROM disclosure_item i JOIN evidence_exhibit e ON e.id = i.exhibit_id"
        " WHERE i.id = NEW.item_id FOR UPDATE OF i, e;"
        + _refuse("NEW.left_at IS NOT NULL", "An item leaves a block after it came into it")
        + _refuse(
            "EXISTS (SELECT 1 FROM disclosure_row WHERE block_id = NEW.block_id)", "The items of a block are chosen as it is made"
        )
        + _refuse(
            "NOT EXISTS (SELECT 1 FROM disclosure_item i JOIN disclosure_block b ON b.id = NEW.block_id AND b.case_id = i.case_id"
            f" WHERE i.id = NEW.item_id AND {fit_sql('i', 'b')})",
            "The item is to be listed by itself, or is not of the sensitivity or the case of the block",
        )
        + _refuse(
            "EXISTS (SELECT 1 FROM disclosure_schedulenumber WHERE item_id = NEW.item_id AND kind <> 'MG6E')",
            "The item has a number of its own",
        )
        + "RETURN NEW;",
    ),
    Trigger(
        name="item_leaves_in_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=_refuse(
            "OLD.left_at IS NOT NULL OR NEW.left_at IS NULL OR (NEW.id, NEW.block_id, NEW.item_id, NEW.by_id, NEW.at)"
            " IS DISTINCT FROM (OLD.id, OLD.block_id, OLD.item_id, OLD.by_id, OLD.at)",
            "An item leaves a block once, and nothing else changes",
        )
        + _held("NEW.block_id")
        + "RETURN NEW;",
    ),
    Trigger(
        # Deferred: the last two leave together
        name="block_keeps_two",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=_refuse(f"{_STANDING.format('NEW.block_id')} = 1", "A block has at least two items") + "RETURN NULL;",
    ),
]

UNFIT_ROWS = (
    "EXISTS (SELECT 1 FROM disclosure_row r WHERE r.version_id = NEW.version_id AND NOT r.withdrawn AND r.block_id IS NOT NULL"
    " AND ((SELECT count(*) FROM disclosure_blockitem m WHERE m.block_id = r.block_id AND m.left_at IS NULL) < 2"
    " OR EXISTS (SELECT 1 FROM disclosure_blockitem m JOIN disclosure_item i ON i.id = m.item_id"
    " JOIN disclosure_block b ON b.id = m.block_id"
    f" WHERE m.block_id = r.block_id AND m.left_at IS NULL AND NOT {fit_sql('i', 'b')})))"
)
"""A block on `NEW.version_id` holds an item that is to be listed by itself, or fewer than two."""

TWICE = (
    "EXISTS (SELECT 1 FROM disclosure_row r JOIN disclosure_scheduleversion v ON v.id = r.version_id"
    " JOIN disclosure_schedule s ON s.id = v.schedule_id JOIN disclosure_blockitem m ON m.item_id = r.item_id AND m.left_at IS NULL"
    " JOIN disclosure_block b ON b.id = m.block_id AND (b.sensitivity = 'sensitive') = (s.kind = 'MG6D')"
    " WHERE r.version_id = NEW.version_id AND NOT r.withdrawn AND s.kind <> 'MG6E')"
)
"""An item on `NEW.version_id` by itself stands in a block as well."""


def in_listed_block_sql(item: str) -> str:
    """SQL condition: the item of this alias stands, and may stand, in a block whose row is on a schedule's newest version."""
    return (
        "EXISTS (SELECT 1 FROM disclosure_blockitem m JOIN disclosure_block b ON b.id = m.block_id"
        " JOIN disclosure_row r ON r.block_id = b.id AND NOT r.withdrawn JOIN disclosure_scheduleversion v ON v.id = r.version_id"
        f" WHERE m.item_id = {item}.id AND m.left_at IS NULL AND v.number ="
        " (SELECT max(w.number) FROM disclosure_scheduleversion w WHERE w.schedule_id = v.schedule_id)"
        f" AND {fit_sql(item, 'b')})"
    )


MANIFEST = (
    # A withdrawn row says nothing; of a row that is an item's there is no such member
    "coalesce((SELECT jsonb_build_object('block', jsonb_build_object('quantity', count(*),"
    " 'from', to_char(min(x.seized_at AT TIME ZONE 'Europe/London'), 'YYYY-MM-DD'),"
    " 'to', to_char(max(x.seized_at AT TIME ZONE 'Europe/London'), 'YYYY-MM-DD'),"
    " 'why', (SELECT why FROM disclosure_block WHERE id = disclosure_row.block_id),"
    " 'items', jsonb_agg(jsonb_build_object('reference', x.reference, 'locator', i.locator, 'kind', x.kind,"
    " 'date', to_char(x.seized_at AT TIME ZONE 'Europe/London', 'YYYY-MM-DD')) ORDER BY x.created_at, i.created_at, i.id)))"
    " FROM disclosure_blockitem m JOIN disclosure_item i ON i.id = m.item_id JOIN evidence_exhibit x ON x.id = i.exhibit_id"
    " WHERE m.block_id = disclosure_row.block_id AND m.left_at IS NULL HAVING count(*) > 0), '{}')"
)
"""SQL: what a certified text says of the block of `disclosure_row` (`manifests.said`)."""
