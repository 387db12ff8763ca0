"""What the database itself refuses of documents that manage the case: a gap in their versions, a hash that is another text's."""

# ruff: noqa: S608 (SQL put together from constants of this file; nothing of a request reaches it)

import pgtrigger

from audit.triggers import Trigger, append_only
from disclosure.triggers import _refuse as refuse
from disclosure.triggers import lock_sql

MANAGEMENT = [
    *append_only(),
    Trigger(
        name="management_version_is_the_next",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"PERFORM {lock_sql('management', 'NEW.case_id::text || NEW.kind')};"
        + refuse(
            "NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM disclosure_managementdocument"
            " WHERE case_id = NEW.case_id AND kind = NEW.kind)",
            "Versions are numbered without gaps",
        )
        + refuse(
            "NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex')",
            "The hash of a document is that of its content",
        )
        + "RETURN NEW;",
    ),
]
