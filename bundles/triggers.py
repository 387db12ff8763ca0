"""What the database itself refuses in this room, whoever asks."""

import pgtrigger

from audit.triggers import Protect, Trigger, append_only

CHECK = append_only()

BUNDLE = [
    Trigger(
        name="fixed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF OLD.state <> 'asked'
                OR ROW(OLD.id, OLD.case_id, OLD.audience, OLD.purpose, OLD.asked_by_id, OLD.asked_at)
                    IS DISTINCT FROM ROW(NEW.id, NEW.case_id, NEW.audience, NEW.purpose, NEW.asked_by_id, NEW.asked_at)
            THEN
                RAISE EXCEPTION 'A bundle stays as it was asked for, and as it was made';
            END IF;
            RETURN NEW;
        """,
    ),
    Protect(name="keep_delete", operation=pgtrigger.Delete),
    Protect(name="keep_truncate", operation=pgtrigger.Truncate, level=pgtrigger.Statement),
]
