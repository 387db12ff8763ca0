"""Proposals of another supplier's detector, taken over the API: they wait for people's decisions like our own."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.policy import require
from audit.actions import record, recorded
from redaction import words
from redaction.deciding import box_on, may_decide
from redaction.engine.shapes import Page as PageWords
from redaction.engine.shapes import lines_of
from redaction.models import Category, Document, Page, Proposal


@recorded
def propose(user: User, document: Document, detector: str, proposals: Sequence[dict[str, Any]]) -> int:
    """Add proposals (`page`, `boxes` or `start` and `end`, `code`, `rule`) in the name of a detector; return how many.

    ValidationError names the first that can't be taken, counted from 1; then none is.
    """
    require(user, "redaction.decide", document)
    may_decide(user, document)
    codes = set(Category.objects.filter(is_active=True).values_list("code", flat=True))
    wanted = {data["page"] for data in proposals}
    pages = {page.index: page for page in Page.objects.filter(document=document, index__in=wanted)}
    read = {index: words.page_words(page) for index, page in pages.items()}
    made = []
    for number, data in enumerate(proposals, start=1):
        page = pages.get(data["page"])
        if page is None:
            raise ValidationError(f"Proposal {number}: the document has no page {data['page']}")
        if data["code"] not in codes:
            raise ValidationError(f"Proposal {number}: there is no category {data['code']}")
        try:
            made.append(_proposal(document, detector, data, page, read[page.index]))
        except ValidationError as error:
            raise ValidationError(f"Proposal {number}: {' '.join(error.messages)}") from error
    Proposal.objects.bulk_create(made)
    record(
        "redaction.proposed",
        actor=user.as_actor(),
        case_id=document.case_id,
        object_type="document",
        object_id=document.pk,
        after={"state": document.state, "proposals": len(made), "detector": detector},
    )
    return len(made)


def _proposal(document: Document, detector: str, data: dict[str, Any], page: Page, read: PageWords | None) -> Proposal:
    start, end = data.get("start"), data.get("end")
    boxes: Iterable[list[float]] = data.get("boxes") or ()
    text = ""
    if start is not None and end is not None:
        if read is None or not start < end <= len(read.text):
            raise ValidationError("The span is not within the page’s text")
        text = read.text[start:end]
        boxes = boxes or [box.as_data() for box in lines_of(read.boxes[start:end])]
    placed = [box_on(page, list(box)) for box in boxes]
    if not placed:
        raise ValidationError("Give boxes, or start and end of letters that have a place")
    if not text and read is not None:
        text = words.under(read, placed)
    return Proposal(
        document=document,
        page=page.index,
        boxes=placed,
        start=start if end is not None else None,
        end=end if start is not None else None,
        category_id=data["code"],
        source=Proposal.Source.MODEL,
        rule=f"{detector[:30]}: {data.get('rule', '')}"[:60].rstrip(": "),
        said=words.said(document.case_id, text),
    )
