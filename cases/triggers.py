"""What the database itself refuses in this room, whoever asks."""

import pgtrigger

from audit.triggers import Trigger


def _fixed(*columns: str, what: str) -> pgtrigger.Trigger:
    """Columns of a row that never change once written."""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return Trigger(
        name="fixed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"IF {changed} THEN RAISE EXCEPTION '{what}'; END IF; RETURN NEW;",
    )


CASE = [
    _fixed(
        "id", "organisation_id", "crime_number", "created_by_id", "created_at", what="A case keeps its force and its crime number"
    )
]

PERSON = [_fixed("id", "case_id", "kind", "created_at", what="A person stays in the case, as what they are in it")]

# A membership begins, and may end once; who was on the team, and when, is never rewritten
TEAM_MEMBER = [
    Trigger(
        name="history",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF OLD.left_at IS NOT NULL OR NEW.left_at IS NULL
                OR ROW(OLD.id, OLD.case_id, OLD.user_id, OLD.role, OLD.added_by_id, OLD.added_at)
                    IS DISTINCT FROM ROW(NEW.id, NEW.case_id, NEW.user_id, NEW.role, NEW.added_by_id, NEW.added_at)
            THEN
                RAISE EXCEPTION 'A membership can only be ended, once';
            END IF;
            RETURN NEW;
        """,
    ),
]
