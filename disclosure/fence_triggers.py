"""What the database itself refuses of fenced exhibits: steps out of their order, a determination from within the team, decisions
about what nobody may read. The exhibit's own `fence` follows from these rows.
"""

# ruff: noqa: S608 (SQL put together from constants of this file; nothing of a request reaches it)

import pgtrigger

from audit.triggers import Trigger, append_only

_CODE = "USING ERRCODE = 'integrity_constraint_violation'"

TRANSITIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "privilege": {
        "": ("instructed",),
        "instructed": ("instructed", "privileged", "in_part", "not_privileged"),
        "privileged": ("instructed",),
        "in_part": ("instructed",),
        "not_privileged": (),
    },
    "secret": {"": ("moved", "cleared"), "moved": (), "cleared": ()},
}
"""By kind of fence, from each step those that may follow. Of privilege counsel may be asked again, until it is lifted."""

LIFTED = ("not_privileged", "cleared")
"""Steps after which the exhibit is open to the team again."""

_ARROWS = ", ".join(
    f"'{kind}:{start}>{end}'" for kind, steps in TRANSITIONS.items() for start, ends in steps.items() for end in ends
)
_LIFTED = ", ".join(f"'{step}'" for step in LIFTED)
_DETERMINED = "('privileged', 'in_part', 'not_privileged')"
_LATEST = "(SELECT s.kind FROM disclosure_fencestep s WHERE s.fence_id = f.id ORDER BY s.id DESC LIMIT 1)"


def _refuse(condition: str, message: str) -> str:
    return f"IF {condition} THEN RAISE EXCEPTION '{message}' {_CODE}; END IF;"


def _some(kind: str, steps: str) -> str:
    """Whether a fence of this kind on `_exhibit` stands at one of these steps ('' before the first)."""
    return (
        f"EXISTS (SELECT 1 FROM disclosure_fence f WHERE f.exhibit_id = _exhibit AND f.kind = '{kind}'"
        f" AND coalesce({_LATEST}, '') IN ({steps}))"
    )


_STANDS = [
    ("secret", "secret", "''"),
    ("moved", "secret", "'moved'"),
    ("privilege", "privilege", "'', 'instructed'"),
    ("privileged", "privilege", "'privileged', 'in_part'"),
]
"""What an exhibit shows, the strictest first, with the kind of fence and the steps that it comes of."""
_SHOW = (
    "UPDATE evidence_exhibit SET fence = CASE "
    + " ".join(f"WHEN {_some(kind, steps)} THEN '{shown}'" for shown, kind, steps in _STANDS)
    + " ELSE '' END WHERE id = _exhibit;"
)

FENCE = [
    *append_only(),
    Trigger(
        name="fence_is_needed",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="PERFORM 1 FROM evidence_exhibit WHERE id = NEW.exhibit_id FOR UPDATE;"
        + _refuse(
            "NEW.exhibit_id IS DISTINCT FROM (SELECT exhibit_id FROM disclosure_item WHERE id = NEW.item_id)",
            "A fence is of the exhibit of its item",
        )
        + _refuse(
            "EXISTS (SELECT 1 FROM disclosure_fence f WHERE f.exhibit_id = NEW.exhibit_id AND f.kind = NEW.kind"
            f" AND coalesce({_LATEST}, '') NOT IN ({_LIFTED}))",
            "It is fenced for this already",
        )
        + "RETURN NEW;",
    ),
    Trigger(
        name="fence_shows_on_exhibit",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        declare=[("_exhibit", "uuid")],
        func=f"_exhibit := NEW.exhibit_id; {_SHOW} RETURN NULL;",
    ),
]

STEP = [
    *append_only(),
    Trigger(
        name="step_follows_the_route",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[
            ("_exhibit", "uuid"),
            ("_case", "uuid"),
            ("_kind", "text"),
            ("_by", "uuid"),
            ("_id", "bigint"),
            ("_from", "text"),
            ("_person", "text"),
            ("_on", "date"),
        ],
        func="""
            SELECT f.exhibit_id, f.kind, f.by_id, e.case_id INTO _exhibit, _kind, _by, _case FROM disclosure_fence f
                JOIN evidence_exhibit e ON e.id = f.exhibit_id WHERE f.id = NEW.fence_id FOR UPDATE OF e;
            SELECT id, kind, person, "on" INTO _id, _from, _person, _on FROM disclosure_fencestep
                WHERE fence_id = NEW.fence_id ORDER BY id DESC LIMIT 1;
        """
        + _refuse("NEW.id <= _id", "A step comes after those before it")
        + _refuse(
            f"NOT _kind || ':' || coalesce(_from, '') || '>' || NEW.kind = ANY (ARRAY[{_ARROWS}])",
            "This step does not follow in the route",
        )
        + _refuse('NEW."on" < _on', "A step is not dated before the one that it follows")
        + _refuse(f"NEW.kind IN {_DETERMINED} AND NEW.person <> _person", "Counsel who was instructed determines")
        # Independent: never on the team of the case, now or before
        + _refuse(
            "NEW.kind = 'instructed' AND lower(trim(NEW.person)) IN (SELECT lower(trim(u.name)) FROM accounts_user u"
            " JOIN cases_teammember m ON m.user_id = u.id WHERE m.case_id = _case)",
            "Independent counsel is nobody of the team",
        )
        + _refuse("NEW.kind = 'cleared' AND NEW.by_id = _by", "Nobody clears what they fenced")
        + "RETURN NEW;",
    ),
    Trigger(
        name="step_shows_on_exhibit",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        declare=[("_exhibit", "uuid")],
        func=f"SELECT exhibit_id INTO _exhibit FROM disclosure_fence WHERE id = NEW.fence_id; {_SHOW} RETURN NULL;",
    ),
]

DECISION = [
    Trigger(
        name="review_stops_at_a_fence",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("_fence", "text")],
        func="SELECT e.fence INTO _fence FROM disclosure_item i JOIN evidence_exhibit e ON e.id = i.exhibit_id"
        " WHERE i.id = NEW.item_id;"
        + _refuse("_fence IN ('privilege', 'secret')", "Review of a fenced exhibit is stopped")
        + _refuse("(_fence = 'moved') <> (NEW.value = 'apart')", "What is kept elsewhere is decided so, and nothing else is")
        + _refuse(
            "_fence = 'privileged' AND NEW.value NOT IN ('unused', 'relevant', 'unexamined', 'sensitive', 'not_sensitive')",
            "Nobody has read what is privileged: it is scheduled, or declared as not examined",
        )
        + "RETURN NEW;",
    ),
]

UNDETERMINED = (
    "EXISTS (SELECT 1 FROM disclosure_item i JOIN evidence_exhibit e ON e.id = i.exhibit_id WHERE i.case_id = _case"
    " AND (e.fence IN ('privilege', 'secret') OR e.fence = 'privileged'"
    " AND (i.use = 'used' OR i.use = 'unused' AND i.relevance = 'clearly_not_relevant')"
    " OR e.fence = 'moved' AND i.use <> 'apart'))"
)
"""An item of `_case` whose fence nobody has determined, or that was decided otherwise than its fence allows."""
