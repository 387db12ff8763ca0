"""Proposes what might be redacted. It never removes anything: a person decides each proposal.

A text is taken in stretches of whole lines, so that memory doesn't grow with it; names found in one are then looked for in all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from redaction.engine.detect import (
    addresses,
    born,
    ensemble,
    fields,
    homes,
    keep,
    models,
    names,
    ocr,
    patterns,
    people,
    recase,
    tables,
)
from redaction.engine.detect.everywhere import Terms
from redaction.engine.detect.text import View, view
from redaction.engine.shapes import Page, Person, Proposal, Span, lines_of

_RANK = {"person": 4, "field": 3, "pattern": 2, "model": 1}
STRETCH = 60_000
"""Letters taken at a time."""
_MOST_HOMES = 60
_NOT_EVERYWHERE = ("name.unknown", "name.initials")


def name() -> str:
    """What detects, with its models: kept with each document's proposals."""
    return " + ".join(["rules 3", *models.names()])


def spans(text: str, known: Sequence[Person] = (), also: Iterable[Person] = (), terms: Terms | None = None) -> list[Span]:
    """Spans of a text, in order, none overlapping.

    `known` are the case's people; `also` people, and `terms` names, found elsewhere (`terms` grows by the names found here).
    """
    terms = terms if terms is not None else Terms()
    terms.add_people([*(person for person in known if not person.keep), *also])
    found: list[Span] = []
    stretches = list(_stretches(text))
    for offset, stretch in stretches:
        found += (_moved(span, offset) for span in _find(stretch, known, also, terms))
    for offset, stretch in stretches:
        found += (_moved(span, offset) for span in _again(stretch, terms))
    stays: list[Span] = []
    for offset, stretch in stretches:
        flat = view(stretch)
        stays += (_moved(_there(span, flat), offset) for span in keep.find(flat.text, known))
    found = merged(without(found, stays))
    return without(found, list(keep.own(text, found, known)))


class Reading:
    """Proposals for a document whose pages come one by one.

    A name found on one page is looked for on those that follow at once, and on those before it when all are read (`whole`).
    """

    def __init__(self, known: Sequence[Person] = (), terms: Terms | None = None) -> None:
        self._known = known
        self._terms = terms if terms is not None else Terms()
        self._first: list[tuple[Page, list[Span]]] = []

    def take(self, page: Page) -> list[Proposal]:
        """The next page: what it says by itself, and of what the pages before it said."""
        found = spans(page.text, self._known, terms=self._terms)
        self._first.append((page, found))
        return [_placed(page, span) for span in found]

    def whole(self) -> list[Proposal]:
        """All of the document, now that every page is read."""
        made = []
        for page, found in self._first:
            again = _again(page.text, self._terms) if len(self._first) > 1 else []
            made += [_placed(page, span) for span in merged([*found, *without(again, list(kept(page.text, self._known)))])]
        return made

    def rest(self, told: Mapping[int, Sequence[tuple[int, int]]]) -> list[Proposal]:
        """Of all of it what the spans `told` of each page leave uncovered: only letters and digits count."""
        pages = {page.index: page for page, _ in self._first}
        return [
            _placed(pages[proposal.page], span)
            for proposal in self.whole()
            for span in beyond(proposal.span, told.get(proposal.page, ()), pages[proposal.page].text)
        ]


def proposals(pages: Sequence[Page], known: Sequence[Person] = (), terms: Terms | None = None) -> list[Proposal]:
    """Proposals for a document: what is found on one page is looked for on all."""
    reading = Reading(known, terms)
    for page in pages:
        reading.take(page)
    return reading.whole()


def _placed(page: Page, span: Span) -> Proposal:
    return Proposal(page.index, span, tuple(lines_of(page.boxes[span.start : span.end])))


def beyond(span: Span, told: Iterable[tuple[int, int]], text: str) -> Iterator[Span]:
    """The parts of a span that none of these offsets covers, without what is neither letter nor digit at their edges."""
    place = span.start
    for start, end in [*sorted(told), (span.end, span.end)]:
        if end <= place and (start, end) != (span.end, span.end):
            continue
        until = min(start, span.end)
        left = [offset for offset in range(place, until) if text[offset].isalnum()]
        if left:
            yield replace(span, start=left[0], end=left[-1] + 1)
        place = max(place, end)
        if place >= span.end:
            return


def kept(text: str, known: Sequence[Person] = ()) -> Iterator[Span]:
    """What must stay in a text; the rule of each span says why."""
    for offset, stretch in _stretches(text):
        flat = view(stretch)
        for span in keep.find(flat.text, known):
            yield _moved(_there(span, flat), offset)


def _find(text: str, known: Sequence[Person], also: Iterable[Person], terms: Terms) -> Iterator[Span]:
    """What one stretch says by itself; the names in it go into `terms`."""
    flat = view(text)
    scanned = ocr.clean(flat.text) if ocr.is_noisy(flat.text) else View(flat.text, len(flat.text))
    cased = recase.recased(scanned.text)
    sought = [*(person for person in known if not person.keep), *also]
    on_scanned = [
        *fields.find(scanned.text),
        *tables.find(scanned.text),
        *names.find(cased),
        *addresses.find(scanned.text, cased),
        *homes.find(scanned.text),
        *people.find(scanned.text, sought),
        *patterns.find(scanned.text),
    ]
    stays = list(keep.find(scanned.text, known))
    on_scanned = without([*on_scanned, *ensemble.find(cased, [*on_scanned, *stays])], stays)
    on_scanned += born.find(scanned.text, on_scanned)
    for span in on_scanned:
        if span.code == "TPN" and span.source != "person" and span.rule not in _NOT_EVERYWHERE:
            terms.add(scanned.text[span.start : span.end], span)
        elif span.code == "ADDR":
            for part in addresses.parts(scanned.text[span.start : span.end]):
                terms.add_thing(part, span, most=_MOST_HOMES)
        yield _there(_there(span, scanned), flat)
    if scanned.text != flat.text:
        for span in (*patterns.find(flat.text), *people.find(flat.text, sought)):
            yield _there(span, flat)


def _again(text: str, terms: Terms) -> Iterator[Span]:
    if not terms:
        return
    flat = view(text)
    scanned = ocr.clean(flat.text) if ocr.is_noisy(flat.text) else View(flat.text, len(flat.text))
    for span in terms.find(scanned.text, recase.recased(scanned.text)):
        yield _there(_there(span, scanned), flat)


def _stretches(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while len(text) - start > STRETCH:
        cut = max(text.rfind("\n", start, start + STRETCH), text.rfind(". ", start, start + STRETCH) + 1)
        end = cut + 1 if cut > start else start + STRETCH
        yield start, text[start:end]
        start = end
    if start < len(text):
        yield start, text[start:]


def _moved(span: Span, by: int) -> Span:
    return span if not by else Span(span.start + by, span.end + by, span.code, span.source, span.rule, span.person)


def _there(span: Span, of: View) -> Span:
    if of.back is None:
        return span
    start, end = of.there(span.start, span.end)
    return Span(start, end, span.code, span.source, span.rule, span.person)


def without(found: Iterable[Span], stays: Sequence[Span]) -> list[Span]:
    """The spans that no rule of what must stay covers whole; a known person's name yields only to a longer kept name."""
    stays = sorted(stays, key=lambda span: span.start)
    left: list[Span] = []
    first = 0
    for span in sorted(found, key=lambda s: s.start):
        while first < len(stays) and stays[first].start < span.start - 400:
            first += 1
        for stay in stays[first:]:
            if stay.start > span.start:
                left.append(span)
                break
            if span.end <= stay.end and not (span.source == "person" and stay.end - stay.start == span.end - span.start):
                break
        else:
            left.append(span)
    return left


def merged(found: Iterable[Span]) -> list[Span]:
    """Overlapping spans become one that covers them all, under the code of the best founded and longest of them."""
    done: list[tuple[Span, Span]] = []  # what it covers, whose code it takes
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        if done and span.start < done[-1][0].end:
            cover, best = done[-1]
            if _weight(span) > _weight(best):
                best = span
            done[-1] = (_over(best, cover.start, max(cover.end, span.end)), best)
        else:
            done.append((span, span))
    return [cover for cover, _ in done]


def _weight(span: Span) -> tuple[int, int]:
    return span.end - span.start, _RANK.get(span.source, 0)


def _over(span: Span, start: int, end: int) -> Span:
    return Span(start, end, span.code, span.source, span.rule, span.person)
