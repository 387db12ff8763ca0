"""What the database refuses of presumption material, and the proposals that it makes as an item comes into being."""

# ruff: noqa: S608 (SQL put together from constants of this file; nothing of a request reaches it)

import pgtrigger

from audit.triggers import Trigger, append_only
from disclosure.triggers import _refuse as refuse


def presumed_sql(item: str) -> str:
    """SQL condition: the item with this id (an SQL expression) is confirmed presumption material."""
    return (
        "EXISTS (SELECT 1 FROM disclosure_presumption p JOIN disclosure_presumptioncategory c ON c.id = p.category_id"
        f" WHERE p.item_id = {item} AND p.holds AND c.presumed AND NOT EXISTS (SELECT 1 FROM disclosure_presumption q"
        " WHERE q.item_id = p.item_id AND q.category_id = p.category_id AND q.id > p.id))"
    )


def propose_sql(which: str) -> str:
    """SQL statement that proposes categories for items `i` of exhibits `e`; `which` is a condition. What is proposed stays.

    Words count more than the type, since they say why. A part of an exhibit is proposed by hand.
    """
    return (
        "INSERT INTO disclosure_presumptionproposal (item_id, category_id, because, at)"
        " SELECT i.id, c.id, left(coalesce(m.found, ''), 200), clock_timestamp() FROM disclosure_item i"
        " JOIN evidence_exhibit e ON e.id = i.exhibit_id CROSS JOIN disclosure_presumptioncategory c"
        " CROSS JOIN LATERAL (SELECT (regexp_match(e.description, c.pattern, 'i'))[1] AS found) m"
        " WHERE i.locator IS NULL AND c.is_active AND (c.pattern <> '' AND m.found IS NOT NULL OR c.kinds ? e.kind)"
        f" AND {which}"
        " ON CONFLICT DO NOTHING"
    )


# The phrases as one regular expression: word edges, a plural s, any white space between words
_PATTERN = r"""
    NEW.pattern := CASE WHEN NEW.words !~ '\S' THEN '' ELSE '\m(' || regexp_replace(regexp_replace(regexp_replace(
        regexp_replace(NEW.words, '^\s+|\s+$', '', 'g'), '([^[:alnum:][:space:]])', '\\\1', 'g'),
        '[ \t]*[\r\n]\s*', '|', 'g'), '[ \t]+', '\\s+', 'g') || ')s?\M' END;
    RETURN NEW;
"""

CATEGORY = [
    *(trigger for trigger in append_only() if trigger.name != "keep_update"),
    Trigger(name="category_pattern", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=_PATTERN),
    Trigger(
        name="category_means_the_same",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=refuse(
            "(NEW.code, NEW.presumed) IS DISTINCT FROM (OLD.code, OLD.presumed)",
            "A category keeps its code and whether it is presumed: answers point to it",
        )
        + "RETURN NEW;",
    ),
]

PROPOSE = Trigger(
    name="item_proposed",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    func=f"{propose_sql('i.id = NEW.id')}; RETURN NULL;",
)

_LAST_VIEW = "SELECT value, reason FROM disclosure_decision WHERE item_id = NEW.item_id AND field = 'test' ORDER BY id DESC LIMIT 1"

# At the commit, since use, relevance and the view are decided together
KEPT = Trigger(
    name="presumption_is_kept",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"IF {presumed_sql('NEW.item_id')} THEN "
    + refuse(
        "EXISTS (SELECT 1 FROM disclosure_item WHERE id = NEW.item_id AND use = 'unused'"
        " AND relevance IN ('clearly_not_relevant', 'unexamined'))",
        "Presumption material is examined and scheduled",
    )
    + refuse(
        f"NOT EXISTS (SELECT 1 FROM ({_LAST_VIEW}) v WHERE v.value = 'may_meet' OR v.reason ~ '\\S')",
        "Presumption material is disclosed by presumption, or rebutted with a reason",
    )
    + "END IF; RETURN NULL;",
)

ANSWER = [
    *append_only(),
    Trigger(
        name="answer_is_the_latest",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("_id", "bigint"), ("_held", "boolean")],
        # The item's lock, which decisions take too: an answer and a decision meet each other
        func="PERFORM 1 FROM disclosure_item WHERE id = NEW.item_id FOR UPDATE;"
        " SELECT id, holds INTO _id, _held FROM disclosure_presumption"
        " WHERE item_id = NEW.item_id AND category_id = NEW.category_id ORDER BY id DESC LIMIT 1;"
        + refuse("NEW.id <= _id", "An answer comes after those before it")
        + refuse("_held AND NOT NEW.holds AND NEW.reason !~ '\\S'", "What was confirmed is taken back with a reason")
        + "RETURN NEW;",
    ),
    KEPT,
]

SUPPLIED = [
    *append_only(),
    Trigger(
        name="supplied_in_order",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("_id", "bigint"), ("_taken_back", "boolean")],
        func="PERFORM 1 FROM disclosure_item WHERE id = NEW.item_id FOR UPDATE;"
        " SELECT id, taken_back INTO _id, _taken_back FROM disclosure_suppliedcopy"
        " WHERE item_id = NEW.item_id ORDER BY id DESC LIMIT 1;"
        + refuse("NEW.id <= _id", "An entry comes after those before it")
        + refuse("NEW.taken_back = coalesce(_taken_back, true)", "A copy is supplied once, and taken back only if it was")
        + "RETURN NEW;",
    ),
]
