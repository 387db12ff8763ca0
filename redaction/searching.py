"""Words that a redactor looks for in all pages of a document, and redacts wherever they stand.

What is looked for stays in the request: no address, row or event holds it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.policy import require
from audit.actions import recorded
from redaction import boxes, deciding, words
from redaction.engine.detect.text import plain, view
from redaction.engine.shapes import Page as PageWords
from redaction.engine.shapes import lines_of
from redaction.models import Category, Document, Proposal

MOST = 1000
"""Places found at most; more must be narrowed."""
_CONTEXT = 40


@dataclass(frozen=True)
class Hit:
    """A place where the words stand. `proposal` is what covers it already, with what holds of it."""

    page: int
    start: int
    end: int
    boxes: list[list[float]]
    before: str
    words: str
    after: str
    proposal: Proposal | None

    @property
    def key(self) -> str:
        """What a form names it by."""
        return f"{self.page}-{self.start}-{self.end}"

    @property
    def redacted(self) -> bool:
        """Whether it is redacted as things stand."""
        return self.proposal is not None and self.proposal.verdict == "accept"


def find(document: Document, wanted: str, *, inside: bool = False) -> list[Hit]:
    """Where the words stand, in reading order, however they are written: case, accents, spaces and line breaks don't count.

    `inside`: also within longer words. ValidationError for too few letters or too many places.
    """
    pattern = pattern_of(wanted, inside=inside)
    known: dict[int, list[Proposal]] = {}
    for proposal in document.proposals.exclude(start=None).with_decision():
        known.setdefault(proposal.page, []).append(proposal)
    found: list[Hit] = []
    for page in document.pages.all():
        read = words.page_words(page)
        if read is None:
            if page.has_text:
                raise ValidationError(f"The words of page {page.index + 1} can’t be read now: search again in a minute")
            continue
        found += _on(read, page.index, pattern, known.get(page.index, []))
        if len(found) > MOST:
            raise ValidationError({"words": f"Found in more than {MOST} places: look for more words at once"})
    return found


def pattern_of(wanted: str, *, inside: bool = False) -> re.Pattern[str]:
    """Words as they are looked for in a plain text (`plain`); `inside`: also within longer words. ValidationError for too few."""
    parts = plain(wanted).split()
    if len("".join(parts)) < 2:
        raise ValidationError({"words": "Enter at least two letters or digits to look for"})
    text = r"\s+".join(re.escape(part) for part in parts)
    return re.compile(text if inside else rf"(?<!\w){text}(?!\w)", re.IGNORECASE)


def _on(read: PageWords, index: int, pattern: re.Pattern[str], known: list[Proposal]) -> Iterable[Hit]:
    flat = view(read.text)
    for match in pattern.finditer(flat.text):
        start, end = flat.there(match.start(), match.end())
        boxes = [box.as_data() for box in lines_of(read.boxes[start:end])]
        if not boxes:
            continue
        covering = [p for p in known if (p.start or 0) <= start and (p.end or 0) >= end]
        covering.sort(key=lambda p: p.verdict == "accept")
        yield Hit(
            index,
            start,
            end,
            boxes,
            read.text[max(0, start - _CONTEXT) : start],
            read.text[start:end],
            read.text[end : end + _CONTEXT],
            covering[-1] if covering else None,
        )


@recorded
def redact_found(
    user: User, document: Document, wanted: str, category: Category | str, *, chosen: set[str] | None = None, inside: bool = False
) -> deciding.Done:
    """Redact the words wherever they stand, or at the `chosen` places (`Hit.key`), in one act.

    A proposal that covers a place already is accepted; else the place is drawn, by this person.
    """
    require(user, "redaction.decide", document)
    deciding.may_decide(user, document)
    code = deciding.category_of(category).pk
    hits = [hit for hit in find(document, wanted, inside=inside) if not hit.redacted and (chosen is None or hit.key in chosen)]
    if not hits:
        raise ValidationError("Nothing is chosen that is not redacted already")
    drawn = [_drawn(user, document, hit, code) for hit in hits if hit.proposal is None]
    Proposal.objects.bulk_create(drawn)
    there = {hit.proposal.pk: hit.proposal for hit in hits if hit.proposal is not None}
    choices = [deciding.Choice(proposal, "accept", proposal.decided_category) for proposal in there.values()]
    made = deciding.write(user, [*choices, *(deciding.Choice(proposal, "accept", code) for proposal in drawn)])
    deciding.record_act(user, document, made, "drawn")
    return deciding.Done(made)


@recorded
def keep_only_found(
    user: User, document: Document, wanted: str, category: Category | str, *, chosen: set[str], inside: bool = False, whole: bool
) -> deciding.Done:
    """Redact everything but the words at the `chosen` places (`Hit.key`): on their pages or, if `whole`, in the document."""
    require(user, "redaction.decide", document)
    areas: dict[int, list[list[float]]] = {}
    for hit in find(document, wanted, inside=inside):
        if hit.key in chosen:
            areas.setdefault(hit.page, []).extend(hit.boxes)
    return boxes.keep_only(user, document, areas, category, whole=whole)


def _drawn(user: User, document: Document, hit: Hit, code: str) -> Proposal:
    return Proposal(
        document=document,
        page=hit.page,
        boxes=hit.boxes,
        start=hit.start,
        end=hit.end,
        category_id=code,
        source=Proposal.Source.HAND,
        rule="search",
        said=words.said(document.case_id, hit.words),
        by=user,
    )
