"""What was decided in a document, as plain data: what is burnt in, and the hash that an approver's word is about."""

import datetime
import hashlib
import json
from typing import Any

from redaction.models import Document


def accepted(document: Document) -> list[dict[str, Any]]:
    """The accepted redactions as the engine takes them, in a fixed order."""
    proposals = document.proposals.accepted()
    return [
        {"page": p.page, "boxes": p.boxes, "code": p.decided_category, "start": p.start, "end": p.end}
        for p in proposals.order_by("page", "start", "at", "id")
    ]


def fingerprint(document: Document, until: datetime.datetime | None = None) -> str:
    """SHA-256 (hexadecimal) of every proposal of the document with its place and what holds of it, now or at that moment."""
    proposals = document.proposals.with_decision(until)
    if until is not None:
        proposals = proposals.filter(at__lte=until)
    rows = [[str(p.pk), p.page, p.boxes, p.start, p.end, p.verdict, p.decided_category] for p in proposals.order_by("id")]
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()
