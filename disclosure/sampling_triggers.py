"""What the database refuses of reviews of large sets."""

# ruff: noqa: S608 (SQL put together from constants of this file; nothing of a request reaches it)

import pgtrigger

from audit.triggers import Trigger, append_only
from disclosure.triggers import _refuse as refuse
from disclosure.triggers import lock_sql

MEMBER = [
    *append_only(),
    Trigger(
        name="member_of_the_case",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=refuse(
            "(SELECT case_id FROM disclosure_setreview WHERE id = NEW.review_id)"
            " IS DISTINCT FROM (SELECT case_id FROM evidence_exhibit WHERE id = NEW.exhibit_id)",
            "An exhibit of a set is of the case of its review",
        )
        + "RETURN NEW;",
    ),
]

TERM = [
    *(trigger for trigger in append_only() if trigger.name != "keep_update"),
    Trigger(
        name="term_keeps_its_words",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        # The application's role may write `sealed` alone, for a change of keys
        func=refuse(
            "(NEW.id, NEW.review_id, NEW.number, NEW.digest, NEW.shown_as, NEW.why, NEW.chosen_by, NEW.by_id, NEW.at) IS DISTINCT"
            " FROM (OLD.id, OLD.review_id, OLD.number, OLD.digest, OLD.shown_as, OLD.why, OLD.chosen_by, OLD.by_id, OLD.at)",
            "A term stays as it was chosen",
        )
        + "RETURN NEW;",
    ),
]

COUNT = [
    *append_only(),
    Trigger(
        name="count_in_the_set",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=refuse(
            "NOT EXISTS (SELECT 1 FROM disclosure_setexhibit m JOIN disclosure_searchterm t ON t.review_id = m.review_id"
            " WHERE t.id = NEW.term_id AND m.exhibit_id = NEW.exhibit_id)",
            "Hits are counted in an exhibit of the set",
        )
        + refuse(
            "NEW.id <= (SELECT max(id) FROM disclosure_termcount WHERE term_id = NEW.term_id AND exhibit_id = NEW.exhibit_id)",
            "A count comes after those before it",
        )
        + "RETURN NEW;",
    ),
]

STATEMENT = [
    *append_only(),
    Trigger(
        name="statement_is_the_next",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"PERFORM {lock_sql('set', 'NEW.review_id::text')};"
        + refuse(
            "NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM disclosure_setstatement WHERE review_id = NEW.review_id)",
            "Versions are numbered without gaps",
        )
        + refuse(
            "NEW.sample_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM disclosure_sample s WHERE s.id = NEW.sample_id"
            " AND s.review_id = NEW.review_id AND s.population <= NEW.population)",
            "A sample is one of this review, of no more than its population",
        )
        + "RETURN NEW;",
    ),
]
