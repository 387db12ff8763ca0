"""What another audience's copy leaves out more or less than the first: places and codes, never words.

One set of decisions serves every audience, so a copy differs from an earlier one by what was decided since that was approved. What
the policy says otherwise for the new audience is listed beside it, to be looked at again.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Min

from redaction import printed
from redaction.models import Category, Policy, Proposal, Release, ReleaseState

MOST = 500
"""Lines shown of each list."""


@dataclass(frozen=True)
class Line:
    """So many places under a code on a page; `at` is one of them."""

    page: int
    code: str
    name: str
    count: int
    at: UUID


@dataclass(frozen=True)
class Difference:
    """Between a copy and the first."""

    first: Release
    more: list[Line]
    less: list[Line]
    recoded: list[Line]

    @property
    def is_none(self) -> bool:
        """Whether both leave out the same."""
        return not (self.more or self.less or self.recoded)

    @property
    def counts(self) -> dict[str, int]:
        """Places in each list."""
        return {name: sum(line.count for line in getattr(self, name)) for name in ("more", "less", "recoded")}


def first_of(release: Release) -> Release | None:
    """The document's copy that was approved first; None if that is this one, or there is none yet."""
    others = Release.objects.filter(document=release.document_id, states__state=ReleaseState.State.APPROVED)
    found = others.annotate(approved=Min("states__at")).order_by("approved").first()
    return found if found is not None and found.pk != release.pk else None


def between(release: Release) -> Difference | None:
    """What differs from the first copy. ValidationError as `printed.redacted`."""
    first = first_of(release)
    if first is None:
        return None
    first.document = release.document
    here, there = ({p.pk: p for p in printed.redacted(one)} for one in (release, first))
    both = here.keys() & there.keys()
    return Difference(
        first,
        lines(here[key] for key in here.keys() - there.keys()),
        lines(there[key] for key in there.keys() - here.keys()),
        lines(here[key] for key in both if here[key].decided_category != there[key].decided_category),
    )


def lines(proposals: Iterable[Proposal]) -> list[Line]:
    """By page and code."""
    counted: Counter[tuple[int, str]] = Counter()
    first: dict[tuple[int, str], UUID] = {}
    for proposal in proposals:
        key = (proposal.page, proposal.decided_category)
        counted[key] += 1
        first.setdefault(key, proposal.pk)
    names = dict(Category.objects.values_list("code", "name"))
    return [Line(page + 1, code, names[code], count, first[page, code]) for (page, code), count in sorted(counted.items())]


def against_policy(release: Release) -> dict[str, list[Line]]:
    """What is kept though this audience's policy redacts it, and redacted though it keeps it."""
    rules = dict(Policy.objects.filter(audience=release.audience).values_list("category_id", "rule"))
    decided: Any = release.document.proposals.with_decision(printed.approved_at(release))
    kept = [p for p in decided if p.verdict == "reject" and rules.get(p.decided_category) == Policy.Rule.REDACT]
    redacted = [p for p in decided if p.verdict == "accept" and rules.get(p.decided_category) == Policy.Rule.KEEP]
    # A box that whoever drew it withdrew was never proposed by anybody else
    kept = [p for p in kept if p.source != Proposal.Source.HAND]
    return {"kept": lines(kept), "redacted": lines(redacted)}
