"""What stands in other documents about reviews of large sets: terms with their hits, the share examined, why not the rest.

For the DMD, the IMD and the declaration of what is not examined. Nothing of a set with a sensitive exhibit is in what is served.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from cases.models import Case
from disclosure.models import SearchTerm, SetExhibit, SetReview, SetStatement, TermCount
from evidence.models import Exhibit

Fact = list[str]
_NAMED = 3


def named(exhibits: Sequence[Exhibit]) -> str:
    """References, or the first of them and how many more."""
    first = ", ".join(exhibit.reference for exhibit in exhibits[:_NAMED])
    return f"{first} and {len(exhibits) - _NAMED} more" if len(exhibits) > _NAMED else first


@dataclass(frozen=True)
class Hits:
    """What came of a term in the whole set."""

    term: SearchTerm
    hits: int
    counted: int
    entered: int
    exhibits: int

    @property
    def open(self) -> int:
        """In how many exhibits nobody knows yet."""
        return self.exhibits - self.counted - self.entered

    def __str__(self) -> str:
        if not self.counted and not self.entered:
            return "hits not known yet"
        ways = [f"in {self.counted} stored file{'' if self.counted == 1 else 's'}"] if self.counted else []
        ways += [f"in {self.entered} exhibit{'' if self.entered == 1 else 's'} by hand"] if self.entered else []
        left = f"; not known of {self.open} of {self.exhibits} exhibits" if self.open else ""
        return f"{self.hits:,} hit{'' if self.hits == 1 else 's'} (counted {', '.join(ways)}{left})"


def hits_of(reviews: Iterable[SetReview]) -> dict[UUID, list[Hits]]:
    """By review, its standing terms with what came of them; three queries, however many there are."""
    listed = list(reviews)
    sizes = dict(SetExhibit.objects.filter(review__in=listed).order_by().values_list("review").annotate(count=Count("pk")))
    counts = TermCount.objects.newest().filter(term__review__in=listed).order_by().values("term")
    counts = counts.annotate(
        total=Sum("hits"),
        counted=Count("pk", filter=Q(how="counted")),
        entered=Count("pk", filter=Q(how="entered")),
    )
    known = {line["term"]: line for line in counts}
    found: dict[UUID, list[Hits]] = defaultdict(list)
    for term in SearchTerm.objects.standing().filter(review__in=listed).order_by("review", "number"):
        line: Mapping[str, Any] = known.get(term.pk, {})
        hits = Hits(
            term,
            hits=line.get("total") or 0,
            counted=line.get("counted", 0),
            entered=line.get("entered", 0),
            exhibits=sizes.get(term.review_id, 0),
        )
        found[term.review_id].append(hits)
    return found


def terms_of(review: SetReview) -> list[dict[str, Any]]:
    """The standing terms as a version keeps them: as they may be read, with who chose them, why, and their hits."""
    return [
        {"number": one.term.number, "term": one.term.said, "why": one.term.why, "chosen_by": one.term.chosen_by, "hits": str(one)}
        for one in hits_of([review])[review.pk]
    ]


def last_statements(reviews: Iterable[SetReview]) -> dict[UUID, SetStatement]:
    """The newest version of each review that has one; one query."""
    statements = SetStatement.objects.filter(review__in=list(reviews)).select_related("sample").order_by("number")
    return {statement.review_id: statement for statement in statements}


def exhibits_of(reviews: Iterable[SetReview]) -> dict[UUID, list[Exhibit]]:
    """The exhibits of each review; one query."""
    found: dict[UUID, list[Exhibit]] = defaultdict(list)
    for member in SetExhibit.objects.filter(review__in=list(reviews)).select_related("exhibit").order_by("id"):
        found[member.review_id].append(member.exhibit)
    return found


# ---- for the DMD and the IMD -----------------------------------------------------------------------------------------


def _outcome(statement: SetStatement | None) -> list[Fact]:
    if statement is None:
        return [["How much was examined", "Not said yet"]]
    facts = [["How much was examined", statement.share], ["How it was chosen", statement.how]]
    if statement.parameters:
        facts.append(["Other limits", statement.parameters])
    facts.append(["What came of it", statement.found])
    return facts + ([["Why the rest is not examined", statement.rest_why]] if statement.rest_why else [])


def facts(case: Case) -> list[Fact]:
    """Every review of the case, for the section about searches and samples."""
    reviews = list(SetReview.objects.filter(case=case).open_ones().order_by("at", "id"))
    terms, statements, exhibits = hits_of(reviews), last_statements(reviews), exhibits_of(reviews)
    said: list[Fact] = []
    for review in reviews:
        said.append(["Searched", f"{named(exhibits[review.pk])}: {review.title}"])
        for one in terms[review.pk]:
            text = f"“{one.term.said}”: {one}. Chosen by {one.term.chosen_by}: {one.term.why}"
            said.append([f"Search term {one.term.number}", text])
        said += _outcome(statements.get(review.pk))
    return said


ANSWERED = frozenset({"terms", "share", "outcome"})
"""What an officer need not write of a device whose review says it."""


def of_devices(case: Case) -> dict[UUID, list[Fact]]:
    """By exhibit, what its reviews say in the places of `ANSWERED`; only of exhibits whose review has a statement."""
    reviews = list(SetReview.objects.filter(case=case).open_ones().order_by("at", "id"))
    terms, statements, exhibits = hits_of(reviews), last_statements(reviews), exhibits_of(reviews)
    found: dict[UUID, list[Fact]] = defaultdict(list)
    for review in reviews:
        statement = statements.get(review.pk)
        if statement is None:
            continue
        listed = "; ".join(f"“{one.term.said}”: {one}" for one in terms[review.pk])
        lines = [["Search terms", listed or "None"], *_outcome(statement)]
        for exhibit in exhibits[review.pk]:
            found[exhibit.pk] += lines
    return found


# ---- for the declaration of what is not examined ---------------------------------------------------------------------


def not_examined(case: Case, *, served: bool) -> list[str]:
    """A sentence for each set of which a part was not examined. `served`: without sets that hold something sensitive."""
    reviews = SetReview.objects.filter(case=case)
    listed = list((reviews.open_ones() if served else reviews).order_by("at", "id"))
    statements, exhibits = last_statements(listed), exhibits_of(listed)
    return [
        f"Of {named(exhibits[review.pk])} ({review.title}), {statement.share} were examined. Not the rest: {statement.rest_why}"
        for review in listed
        if (statement := statements.get(review.pk)) and statement.examined < statement.population
    ]
