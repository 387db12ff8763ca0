"""Proposals by what they say: how often, where, and what was decided of the same words in the case.

Counting takes one question for all; only the groups that are shown fetch places and words.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, Value, Window
from django.db.models.functions import Concat, RowNumber

from cases.models import Case, Person
from redaction import certainty, words
from redaction.models import Document, Page, Proposal, ProposalQuerySet

SIZE = 25
"""Groups on a page of the list."""
PLACES = 6
"""Places named of each."""
_CONTEXT = 40

SHOWN = {"open": "To decide", "both": "Decided both ways", "all": "All"}
"""What the list can be narrowed to."""


@dataclass(frozen=True)
class Standing:
    """What stands of the same words: in this document, and in the case's other documents."""

    here: int = 0
    open_here: int = 0
    redacted_elsewhere: int = 0
    kept_elsewhere: int = 0

    @property
    def as_before(self) -> str:
        """The verdict on which all decisions elsewhere agree, else empty."""
        if bool(self.redacted_elsewhere) == bool(self.kept_elsewhere):
            return ""
        return "accept" if self.redacted_elsewhere else "reject"

    @property
    def elsewhere(self) -> str:
        """In words; empty where nothing is decided elsewhere."""
        parts = [(self.redacted_elsewhere, "redacted"), (self.kept_elsewhere, "kept")]
        told = [f"{verb} in {count} place{'' if count == 1 else 's'}" for count, verb in parts if count]
        return " and ".join(told)


@dataclass
class Group:
    """Proposals that say the same."""

    said: str
    all: int
    open: int
    redacted: int
    kept: int
    documents: int
    codes: list[str] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)
    found_by: list[str] = field(default_factory=list)
    who: list[str] = field(default_factory=list)
    places: list[Proposal] = field(default_factory=list)
    before: str = ""
    text: str = ""
    after: str = ""
    standing: Standing | None = None

    @property
    def certainty(self) -> str:
        """How sure the least sure of them is (`certainty.LEVELS`)."""
        return certainty.least(certainty.of(*found.split(":", 1)) for found in self.found_by)

    @property
    def how_sure(self) -> str:
        """The same in words."""
        return certainty.LEVELS.get(self.certainty, "").lower()

    @property
    def both_ways(self) -> bool:
        """Whether it is redacted here and kept there."""
        return bool(self.redacted and self.kept)

    @property
    def decided(self) -> int:
        """How many are decided."""
        return self.all - self.open

    @property
    def more(self) -> int:
        """Places not named."""
        return self.all - len(self.places)


def proposals_of(scope: Document | Case) -> ProposalQuerySet:
    """All proposals of a document, or of a case's documents that are ready."""
    if isinstance(scope, Document):
        return Proposal.objects.filter(document=scope)
    return Proposal.objects.filter(document__case=scope, document__state=Document.State.READY)


def counted(scope: Document | Case) -> list[Group]:
    """Every group with its counts: what is to decide first, then the most frequent."""
    replaced = {"verdict": "moved"}
    rows: Any = proposals_of(scope).exclude(said="").with_decision().exclude(**replaced).order_by().values("said")
    rows = rows.annotate(
        all=Count("pk"),
        open=Count("pk", filter=Q(verdict="")),
        redacted=Count("pk", filter=Q(verdict="accept")),
        kept=Count("pk", filter=Q(verdict="reject")),
        documents=Count("document", distinct=True),
        codes=ArrayAgg("decided_category", distinct=True),
        people=ArrayAgg("person", distinct=True, filter=Q(person__isnull=False), default=[]),
        found_by=ArrayAgg(Concat("source", Value(":"), "rule"), distinct=True),
    )
    found = [Group(**row) for row in rows]
    return sorted(found, key=lambda group: (not group.open, -group.open, -group.all, group.said))


def conflicts(case: Case) -> int:
    """How many words are redacted in one place of a case and kept in another; one question."""
    rows: Any = proposals_of(case).exclude(said="").with_decision().order_by().values("said")
    rows = rows.annotate(redacted=Count("pk", filter=Q(verdict="accept")), kept=Count("pk", filter=Q(verdict="reject")))
    return int(rows.filter(redacted__gt=0, kept__gt=0).count())


def without_words(scope: Document | Case) -> int:
    """How many undecided proposals say nothing that could be compared: boxes over pictures."""
    return proposals_of(scope).undecided().filter(said="").count()


def narrowed(groups: Iterable[Group], shown: str, *, code: str = "", person: str = "", sure: str = "") -> list[Group]:
    """Those that a name of `SHOWN` means; and of a category (its code), about a person (their id), of a certainty, if given."""
    groups = [
        group
        for group in groups
        if (not code or code in group.codes)
        and (not person or person in map(str, group.people))
        and (not sure or sure == group.certainty)
    ]
    if shown == "open":
        return [group for group in groups if group.open]
    return [group for group in groups if group.both_ways] if shown == "both" else list(groups)


def find_people(groups: Iterable[Group]) -> dict[str, str]:
    """Fill in whom each is about, as the team names them; return of all of them, by id."""
    found = list(groups)
    ids = {person for group in found for person in group.people}
    people = {pk: str(person) for pk, person in Person.objects.in_bulk(ids).items()}
    for group in found:
        group.who = sorted(people[person] for person in group.people)
    return {str(pk): name for pk, name in sorted(people.items(), key=lambda item: item[1])}


def find_places(groups: list[Group], scope: Document | Case) -> None:
    """Fill in the first places of each, with their document and exhibit."""
    number = Window(RowNumber(), partition_by=F("said"), order_by=[F("document").asc(), F("page").asc(), F("start").asc()])
    found = (
        proposals_of(scope)
        .filter(said__in=[group.said for group in groups])
        .with_decision()
        .annotate(number=number)
        .filter(number__lte=PLACES)
        .select_related("document__exhibit", "document__case", "document__source__copy__exhibit")
        .order_by("document", "page", "start")
    )
    by_said: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in found:
        by_said[proposal.said].append(proposal)
    for group in groups:
        group.places = by_said[group.said]


def find_words(groups: list[Group], readable: set[UUID]) -> None:
    """Fill in the words of each from the vault, from a document of those that the reader holds a ticket for."""
    chosen = {g.said: next((p for p in g.places if p.document_id in readable), None) for g in groups}
    wanted = Q(pk__in=[])
    for proposal in chosen.values():
        if proposal is not None:
            wanted |= Q(document=proposal.document_id, index=proposal.page)
    pages = {(page.document_id, page.index): words.page_words(page) for page in Page.objects.filter(wanted)}
    for group in groups:
        proposal = chosen[group.said]
        page = pages.get((proposal.document_id, proposal.page)) if proposal else None
        if proposal is None or page is None:
            continue
        if proposal.start is None or proposal.end is None:
            group.text = words.under(page, proposal.boxes)
            continue
        start, end = proposal.start, proposal.end
        group.before = page.text[max(0, start - _CONTEXT) : start]
        group.text, group.after = page.text[start:end], page.text[end : end + _CONTEXT]


def standing(document: Document, said: Iterable[str]) -> dict[str, Standing]:
    """What stands of each of these, in the document and elsewhere in its case; one question."""
    here = Q(document=document)
    rows: Any = Proposal.objects.filter(document__case=document.case_id, said__in=set(said) - {""})
    rows = rows.with_decision().exclude(verdict="moved").order_by().values("said")
    rows = rows.annotate(
        here=Count("pk", filter=here),
        open_here=Count("pk", filter=here & Q(verdict="")),
        redacted_elsewhere=Count("pk", filter=~here & Q(verdict="accept")),
        kept_elsewhere=Count("pk", filter=~here & Q(verdict="reject")),
    )
    return {row.pop("said"): Standing(**row) for row in rows}
