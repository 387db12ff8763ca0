"""Boxes that a person changes: moved, sized or merged, or drawn around everything but what is kept.

A proposal never changes. Its box in another place is a new one, drawn by whoever moved it, and the old one is decided `moved`
in the same act: one undo turns it back, and the history shows both.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.policy import require
from audit.actions import recorded
from redaction import words
from redaction.deciding import (
    Choice,
    Done,
    box_on,
    category_of,
    current_category,
    have_reasons,
    may_decide,
    not_overtaken,
    record_act,
    write,
)
from redaction.engine.shapes import Box
from redaction.engine.shapes import Page as PageWords
from redaction.models import Category, Document, Page, Proposal, ProposalDecision

Verdict = ProposalDecision.Verdict
REST = "rest"
"""The rule of a box around everything on a page but what is kept."""


@recorded
def move(
    user: User,
    proposal: Proposal,
    boxes: Sequence[Sequence[float]],
    *,
    reason: str = "",
    seen: int | None = None,
    act: UUID | None = None,
) -> Proposal:
    """Redact at these boxes instead of the proposal's own. Letters that come free need a reason where keeping them would.

    `seen` and `act` as in `deciding.decide`.
    """
    require(user, "redaction.decide", proposal)
    may_decide(user, proposal.document, act)
    if seen is not None:
        not_overtaken(proposal, seen)
    _still_there([proposal])
    category = current_category(proposal)
    return _replace(user, [proposal], proposal.page, boxes, category, reason=reason, verb="moved", act=act)


@recorded
def merge(
    user: User,
    document: Document,
    proposals: Sequence[Proposal],
    *,
    category: Category | str | None = None,
    seen: Mapping[Proposal, int] | None = None,
    act: UUID | None = None,
) -> Proposal:
    """Redact what lies under these proposals of one page, and between those of one line, as one. The first gives the category."""
    require(user, "redaction.decide", document)
    may_decide(user, document, act)
    if len({proposal.pk for proposal in proposals}) < 2:
        raise ValidationError("Choose at least two boxes to merge")
    if {proposal.document_id for proposal in proposals} != {document.pk} or len({p.page for p in proposals}) > 1:
        raise ValidationError("Only boxes of one page can be merged")
    for proposal, decision in (seen or {}).items():
        not_overtaken(proposal, decision)
    _still_there(proposals)
    chosen = category_of(category) if category else current_category(proposals[0])
    lines = joined(Box(*box) for proposal in proposals for box in proposal.boxes)
    boxes = [box.as_data() for box in lines]
    return _replace(user, proposals, proposals[0].page, boxes, chosen, verb="merged", act=act)


def joined(boxes: Iterable[Box]) -> list[Box]:
    """Boxes as one a line: two are of a line where the middle of one is as high as the other."""
    lines: list[Box] = []
    for box in sorted(boxes, key=lambda box: (box.centre[1], box.left)):
        if lines and (_beside(lines[-1], box) or _beside(box, lines[-1])):
            lines[-1] = lines[-1].joined(box)
        else:
            lines.append(box)
    return lines


def _beside(line: Box, box: Box) -> bool:
    return line.top <= box.centre[1] <= line.bottom


def _still_there(proposals: Sequence[Proposal]) -> None:
    replaced = {"pk__in": [proposal.pk for proposal in proposals], "verdict": Verdict.MOVED.value}
    if Proposal.objects.with_decision().filter(**replaced).exists():
        raise ValidationError("Another box has taken the place of this one: move that one")


def _replace(
    user: User,
    old: Sequence[Proposal],
    index: int,
    boxes: Sequence[Sequence[float]],
    category: Category,
    *,
    reason: str = "",
    verb: str,
    act: UUID | None,
) -> Proposal:
    document = old[0].document
    page = Page.objects.get(document=document, index=index)
    placed = [box_on(page, list(box)) for box in boxes]
    if not placed:
        raise ValidationError({"box": "A box has four edges"})
    read = words.page_words(page)
    if read is not None and _freed(read, old, placed):
        # Whatever it is called, this keeps words that were to be redacted
        have_reasons(user, [Choice(p, Verdict.REJECT, p.category_id, reason.strip()) for p in old])
    people = {proposal.person_id for proposal in old}
    made = Proposal.objects.create(
        document=document,
        page=index,
        boxes=placed,
        category=category,
        source=Proposal.Source.HAND,
        rule=verb,
        person_id=people.pop() if len(people) == 1 else None,
        said=words.said(document.case_id, words.under(read, placed)) if read else "",
        by=user,
    )
    replaced = [Choice(proposal, Verdict.MOVED, current_category(proposal).pk, reason.strip()) for proposal in old]
    decisions = write(user, [Choice(made, Verdict.ACCEPT, category.pk), *replaced], act=act)
    record_act(user, document, decisions, verb)
    return made


def _freed(read: PageWords, old: Sequence[Proposal], placed: Sequence[Sequence[float]]) -> bool:
    """Whether letters under the old boxes are under none of the new."""
    before, now = [Box(*box) for proposal in old for box in proposal.boxes], [Box(*box) for box in placed]
    letters = [box.centre for letter, box in zip(read.text, read.boxes, strict=False) if box and not letter.isspace()]
    return any(
        any(area.contains(middle) for area in before) and not any(area.contains(middle) for area in now) for middle in letters
    )


# ---- keep only this --------------------------------------------------------------------------------------------------


@recorded
def keep_only(
    user: User,
    document: Document,
    areas: Mapping[int, Sequence[Sequence[float]]],
    category: Category | str,
    *,
    whole: bool,
    act: UUID | None = None,
) -> Done:
    """Redact everything but these areas (boxes by page, indices from 0), on their pages or, if `whole`, in the document.

    What is proposed wholly outside them is redacted with it; what is proposed within stays to be decided. On a page that
    was done before, these areas take the place of the earlier; if `whole`, pages without areas that were done before stay.
    """
    require(user, "redaction.decide", document)
    may_decide(user, document, act)
    code = category_of(category).pk
    pages = {page.index: page for page in document.pages.all()}
    if not areas or any(index not in pages or not boxes for index, boxes in areas.items()):
        raise ValidationError("Choose what is kept: draw a box around it, or search for it")
    there = list(document.proposals.with_decision().select_related("document"))
    before = {p.page: p for p in there if p.rule == REST and p.verdict == Verdict.ACCEPT}
    wanted = set(areas) | (set(pages) - set(before) if whole else set())
    kept = {index: _snapped(pages[index], areas.get(index, ())) for index in wanted}
    drawn = [_rest(user, pages[index], boxes, code) for index, boxes in sorted(kept.items())]
    drawn = [proposal for proposal in drawn if proposal.boxes]
    if not drawn:
        raise ValidationError("Nothing is left to redact outside of this")
    Proposal.objects.bulk_create(drawn)
    outside = [p for p in there if not p.verdict and p.page in wanted and _outside(p, kept[p.page])]
    # The new before those whose place they take: the database looks for them
    choices = [Choice(p, Verdict.ACCEPT, code) for p in drawn]
    choices += [Choice(before[p.page], Verdict.MOVED, before[p.page].decided_category) for p in drawn if p.page in before]
    choices += [Choice(p, Verdict.ACCEPT, p.decided_category) for p in outside]
    made = write(user, choices, act=act)
    record_act(user, document, made, "kept_only")
    return Done(made)


def _snapped(page: Page, areas: Iterable[Sequence[float]]) -> list[Box]:
    """The areas in whole points, each grown to hold the letters whose middle it holds."""
    read = words.page_words(page)
    letters = [box for letter, box in zip(read.text, read.boxes, strict=False) if box and not letter.isspace()] if read else []
    grown = []
    for area in areas:
        chosen = Box(*box_on(page, list(area)))
        around = chosen
        for letter in letters:
            if chosen.contains(letter.centre):
                around = around.joined(letter)
        grown.append(Box(around.left // 1, around.top // 1, -(-around.right // 1), -(-around.bottom // 1)))
    return grown


def _rest(user: User, page: Page, kept: Sequence[Box], code: str) -> Proposal:
    return Proposal(
        document_id=page.document_id,
        page=page.index,
        boxes=[box.as_data() for box in outside_of(kept, page.width, page.height)],
        category_id=code,
        source=Proposal.Source.HAND,
        rule=REST,
        by=user,
    )


def outside_of(kept: Sequence[Box], width: float, height: float) -> list[Box]:
    """The page without these areas, as rectangles that leave no gap."""
    cut = [Box(max(0.0, b.left), max(0.0, b.top), min(width, b.right), min(height, b.bottom)) for b in kept]
    inside = [box for box in cut if box.left < box.right and box.top < box.bottom]
    levels = sorted({0.0, height, *(edge for box in inside for edge in (box.top, box.bottom))})
    found: list[Box] = []
    for top, bottom in itertools.pairwise(levels):
        at = 0.0
        for box in sorted(box for box in inside if box.top <= top and box.bottom >= bottom):
            if box.left > at:
                found.append(Box(at, top, box.left, bottom))
            at = max(at, box.right)
        if at < width:
            found.append(Box(at, top, width, bottom))
    return found


def _outside(proposal: Proposal, kept: Sequence[Box]) -> bool:
    return not any(
        left < area.right and right > area.left and top < area.bottom and bottom > area.top
        for left, top, right, bottom in proposal.boxes
        for area in kept
    )
