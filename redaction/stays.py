"""What should stay, and a box covers all the same: a warning, never more (DOMAIN section 5, "must not redact").

References, times, officers' numbers and where the offence happened; for the defence also the accused's own details, and names of
witnesses whose evidence is served.
"""

from collections.abc import Iterable, Sequence

from cases.models import Person
from redaction.engine import detect
from redaction.engine.shapes import Box, Span
from redaction.engine.shapes import Page as PageWords
from redaction.models import Audience, Document, Proposal

_RULES = {
    "reference": "an exhibit reference, URN or crime number",
    "officer": "an officer’s rank and number",
    "time": "a time",
    "offence": "where the offence happened",
}
_PEOPLE = {
    Person.Kind.SUSPECT: "the accused’s own details, which stay for the accused",
    Person.Kind.WITNESS: "a witness, whose name stays where their evidence is served, unless the court ordered otherwise",
}


def for_defence(document: Document) -> bool:
    """Whether a copy for the defence is under way."""
    return document.releases.under_way().filter(audience=Audience.DEFENCE).exists()


def found(read: PageWords | None) -> Sequence[Span]:
    """What a page's words say that should stay."""
    return [span for span in detect.kept(read.text) if span.rule in _RULES] if read is not None else []


def warning(proposal: Proposal, read: PageWords | None, stays: Sequence[Span], *, defence: bool) -> str:
    """What this box covers that should stay, in words; empty if nothing."""
    names = {_RULES[span.rule] for span in _covered(proposal, read, stays)} if read is not None else set()
    if defence and proposal.person is not None and proposal.person.kind in _PEOPLE:
        names.add(_PEOPLE[Person.Kind(proposal.person.kind)])
    return "; ".join(sorted(names))


def _covered(proposal: Proposal, read: PageWords, stays: Sequence[Span]) -> Iterable[Span]:
    if proposal.start is not None and proposal.end is not None:
        start, end = proposal.start, proposal.end
        return [span for span in stays if any(c.isalnum() for c in read.text[max(start, span.start) : min(end, span.end)])]
    areas = [Box(*box) for box in proposal.boxes]

    def under(offset: int) -> bool:
        box = read.boxes[offset] if offset < len(read.boxes) else None
        return box is not None and read.text[offset].isalnum() and any(area.contains(box.centre) for area in areas)

    return [span for span in stays if any(under(offset) for offset in range(span.start, span.end))]
