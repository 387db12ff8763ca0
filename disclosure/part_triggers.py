"""What the database itself refuses of parts of exhibits: a place that is none, one that crosses another, and decisions about a part
and what holds it that contradict each other (`parts.contradiction`).
"""

# ruff: noqa: S608 (SQL put together from constants of this file; nothing of a request reaches it)

import pgtrigger

from audit.triggers import Trigger

_CODE = "USING ERRCODE = 'integrity_constraint_violation'"


def _refuse(condition: str, message: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{message}' {_CODE}; END IF;"


def _unit(item: str) -> str:
    return (
        # In brackets: PL/pgSQL's IF ends at the first THEN outside of them
        f"(CASE WHEN {item}.locator ? 'pages' THEN 'pages' WHEN {item}.locator ? 'messages' THEN 'messages'"
        f" WHEN {item}.locator ? 'from_ms' THEN 'clip' END)"
    )


def _start(item: str) -> str:
    return f"coalesce({item}.locator -> 'pages' ->> 0, {item}.locator -> 'messages' ->> 0, {item}.locator ->> 'from_ms')::bigint"


def _end(item: str) -> str:
    return f"coalesce({item}.locator -> 'pages' ->> 1, {item}.locator -> 'messages' ->> 1, {item}.locator ->> 'to_ms')::bigint"


# Exactly one of the three forms, of whole numbers, and nothing else in it
_WELL_FORMED = (
    "jsonb_typeof(NEW.locator) = 'object' AND ("
    + " OR ".join(
        f"NEW.locator - '{unit}' = '{{}}' AND jsonb_typeof(NEW.locator -> '{unit}') = 'array'"
        f" AND jsonb_array_length(NEW.locator -> '{unit}') = 2"
        f" AND NEW.locator -> '{unit}' ->> 0 ~ '^[0-9]{{1,9}}$' AND NEW.locator -> '{unit}' ->> 1 ~ '^[0-9]{{1,9}}$'"
        for unit in ("pages", "messages")
    )
    + " OR NEW.locator - 'from_ms' - 'to_ms' = '{}' AND NEW.locator ->> 'from_ms' ~ '^[0-9]{1,9}$'"
    " AND NEW.locator ->> 'to_ms' ~ '^[0-9]{1,9}$')"
)
_CROSSES = (
    f"EXISTS (SELECT 1 FROM disclosure_item o WHERE o.exhibit_id = NEW.exhibit_id AND o.locator IS NOT NULL"
    f" AND {_unit('o')} = {_unit('NEW')} AND {_start('o')} <= {_end('NEW')} AND {_start('NEW')} <= {_end('o')}"
    f" AND NOT ({_start('o')} <= {_start('NEW')} AND {_end('NEW')} <= {_end('o')}"
    f" AND ({_start('o')} < {_start('NEW')} OR {_end('NEW')} < {_end('o')}))"
    f" AND NOT ({_start('NEW')} <= {_start('o')} AND {_end('o')} <= {_end('NEW')}"
    f" AND ({_start('NEW')} < {_start('o')} OR {_end('o')} < {_end('NEW')})))"
)

ITEM = [
    Trigger(
        name="part_is_a_place",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.locator IS NOT NULL"),
        func="PERFORM 1 FROM evidence_exhibit WHERE id = NEW.exhibit_id FOR UPDATE;"
        + _refuse(f"NOT coalesce({_WELL_FORMED}, false)", "A part is pages, messages or a clip")
        + _refuse(
            f"{_start('NEW')} > {_end('NEW')} OR {_unit('NEW')} <> 'clip' AND {_start('NEW')} < 1"
            f" OR {_unit('NEW')} = 'clip' AND {_start('NEW')} = {_end('NEW')}",
            "A part ends where it begins, or after",
        )
        + _refuse(_CROSSES, "Parts of an exhibit lie beside or within each other, and each is there once")
        + _refuse("(SELECT fence FROM evidence_exhibit WHERE id = NEW.exhibit_id) <> ''", "Nothing is made of a fenced exhibit")
        + "RETURN NEW;",
    ),
]

_SCHEDULED = "{0}.use = 'unused' AND {0}.relevance = 'relevant' AND {0}.sensitivity = '{1}'"
_CONTRADICTS = " OR ".join(
    f"({condition})"
    for condition in (
        "w.use = 'used' AND p.use = 'unused'",
        f"{_SCHEDULED.format('w', 'not_sensitive')} AND {_SCHEDULED.format('p', 'sensitive')}",
        "w.use = 'unused' AND w.relevance = 'clearly_not_relevant'"
        " AND (p.use = 'used' OR p.use = 'unused' AND p.relevance = 'relevant')",
        "w.test = 'does_not' AND p.test = 'may_meet'",
    )
)

DECISION = [
    Trigger(
        # Deferred: a decision of three answers is only whole once all three are there
        name="part_and_whole_agree",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        declare=[("_exhibit", "uuid")],
        func="SELECT exhibit_id INTO _exhibit FROM disclosure_item WHERE id = NEW.item_id;"
        " IF EXISTS (SELECT 1 FROM disclosure_item WHERE exhibit_id = _exhibit AND locator IS NOT NULL) THEN"
        " PERFORM 1 FROM evidence_exhibit WHERE id = _exhibit FOR UPDATE;"
        + _refuse(
            "EXISTS (SELECT 1 FROM disclosure_item w JOIN disclosure_item p ON p.exhibit_id = w.exhibit_id"
            f" AND p.locator IS NOT NULL AND p.id <> w.id AND (w.locator IS NULL OR {_unit('w')} = {_unit('p')}"
            f" AND {_start('w')} <= {_start('p')} AND {_end('p')} <= {_end('w')})"
            f" WHERE w.exhibit_id = _exhibit AND ({_CONTRADICTS}))",
            "A part and what holds it are decided so that they agree",
        )
        + " END IF; RETURN NULL;",
    ),
]
