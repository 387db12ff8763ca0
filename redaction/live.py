"""Whether anything of a document has changed since a page of it was shown."""

from django.db import connection

from redaction.models import Document

_TAG = """
    SELECT concat_ws('.',
        (SELECT coalesce(max(id), 0) FROM redaction_proposaldecision WHERE document_id = %(document)s),
        (SELECT count(*) FROM redaction_proposal WHERE document_id = %(document)s),
        (SELECT count(*) FROM redaction_remark WHERE document_id = %(document)s),
        (SELECT coalesce(max(s.id), 0) FROM redaction_releasestate s JOIN redaction_release r ON r.id = s.release_id
            WHERE r.document_id = %(document)s))
"""


def tag(document: Document) -> str:
    """Another after every decision, box and remark, and every step of a release; one question, whatever the document holds."""
    with connection.cursor() as cursor:
        cursor.execute(_TAG, {"document": document.pk})
        return str(cursor.fetchone()[0])
