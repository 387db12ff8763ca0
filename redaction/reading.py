"""How far the reading of a document is, for the editor that is open meanwhile."""

from typing import Any

from jobs.models import Job
from redaction.actions import PROPOSE
from redaction.models import Document


def line(document: Document, index: int, shown: int) -> dict[str, Any]:
    """The context of `redaction/reading_line.html`.

    `index` is the page that the editor shows, with `shown` proposals: what came to it since then is offered, never swapped in under
    somebody's hands.
    """
    job = Job.objects.filter(kind=PROPOSE, object_id=document.pk).order_by("-created_at").first()
    on_page = document.proposals.filter(page=index).count()
    return {
        "document": document,
        "index": index,
        "shown": shown,
        "read": document.pages.count(),
        "total": job.total if job else 0,
        "waits": job.message if job and job.is_active else "",
        "proposed": document.proposals.count(),
        "more": max(0, on_page - shown),
    }
