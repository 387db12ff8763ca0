"""A document's page as the editor shows it: its boxes with the words under them, what was decided, what is left."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from redaction import certainty, stays
from redaction.boxes import REST
from redaction.engine.shapes import Page as PageWords
from redaction.groups import Standing, standing
from redaction.models import Category, Document, Page, Policy, Proposal
from redaction.summary import COLOURS, label
from redaction.words import page_words, under

_CONTEXT = 40


@dataclass(frozen=True)
class Mark:
    """One proposal on the page."""

    proposal: Proposal
    number: int
    before: str
    words: str
    after: str
    standing: Standing
    decided_by: str = ""
    stays: str = ""
    policies: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """open, accept, reject, moved (another box replaces it), or withdrawn: a drawn box that is kept after all."""
        if self.proposal.source == Proposal.Source.HAND and self.proposal.verdict == "reject":
            return "withdrawn"
        return self.proposal.verdict or "open"

    @property
    def state_words(self) -> str:
        """The same for people."""
        return _STATES[self.state]

    @property
    def code(self) -> str:
        """The category that holds."""
        return self.proposal.decided_category

    @property
    def certainty(self) -> str:
        """How sure it is, in words; empty for a drawn box."""
        return certainty.LEVELS.get(certainty.of(self.proposal.source, self.proposal.rule), "").lower()

    @property
    def policy(self) -> str:
        """What the policy of the audiences that wait for a copy says of the category that holds; empty before there is one."""
        return self.policies.get(self.code, "")

    @property
    def rectangles(self) -> list[dict[str, float]]:
        """SVG rectangles, points."""
        return [{"x": x0, "y": y0, "width": x1 - x0, "height": y1 - y0} for x0, y0, x1, y1 in self.proposal.boxes]

    @property
    def boxes(self) -> str:
        """The same as JSON, [left, top, right, bottom] each."""
        return json.dumps(self.proposal.boxes)

    @property
    def is_rest(self) -> bool:
        """Whether it is everything on the page but what is kept."""
        return self.proposal.rule == REST

    @property
    def where_from(self) -> str:
        """Who or what proposed it, in words."""
        if self.proposal.source == Proposal.Source.HAND:
            return f"{_DRAWN.get(self.proposal.rule, 'drawn')} by {self.proposal.by}"
        what = rule_words(self.proposal.rule)
        if self.proposal.person:
            return f"{what} of {self.proposal.person}"
        return f"{what}, from the document’s own fields" if self.proposal.source == Proposal.Source.FIELD else what


_STATES = {
    "open": "to decide", "accept": "redact", "reject": "keep", "withdrawn": "withdrawn", "moved": "replaced by another box"
}  # fmt: skip
_DRAWN = {"moved": "moved", "merged": "merged", REST: "all but what is kept, chosen"}
_RULES = {
    "name.full": "full name", "name.reversed": "full name", "name.given": "forenames", "name.first": "forename",
    "name.middle": "forename", "name.last": "surname", "name.initials": "initials", "name.alias": "other name",
    "known.phone": "telephone number", "known.address": "address", "known.email": "e-mail address",
    "known.dob": "date of birth", "known.nhs": "NHS number", "known.other": "other detail",
    "name.titled": "name after a title", "name.unknown": "word that may be a name", "everywhere": "name found elsewhere",
    "everywhere.possessive": "name found elsewhere", "everywhere.short": "short form of a name",
    "everywhere.case": "found in another document of the case",
    "name.outright": "word called a name", "everywhere.misspelt": "misspelt name",
    "model": "name or address by a model", "field": "form field",
    "table": "column of a table",
    "address": "address", "address.spoken": "part of an address", "school": "school", "employer": "employer",
    "surgery": "employer or surgery",
    "vrm": "vehicle registration", "dob": "date of birth", "nhs": "NHS number",
    "face": "face in a picture", "plate": "number plate in a picture",
    "ni": "National Insurance number", "ip": "IP address", "imei": "IMEI", "iban": "IBAN",
}  # fmt: skip


def rule_words(rule: str) -> str:
    """A rule of the engine in words a person knows; a rule without words of its own is named by its first part."""
    stem = rule.partition(".")[0]
    return _RULES.get(rule) or _RULES.get(stem) or stem.replace("_", " ")


def marks(page: Page) -> list[Mark]:
    """The page's proposals in reading order, those drawn by hand last, with their words out of the vault."""
    chosen = Proposal.objects.filter(document=page.document_id, page=page.index).with_decision()
    read = page_words(page)
    found = sorted(
        chosen.select_related("person", "by", "document"),
        key=lambda p: (p.start is None, p.start or 0, p.boxes[0][1] if p.boxes else 0, str(p.pk)),
    )
    known = standing(page.document, [proposal.said for proposal in found])
    deciders = {p.decided_by_id for p in found if p.decided_by_id}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=deciders)}
    kept, defence, policies = stays.found(read), stays.for_defence(page.document), policy_words(page.document)
    return [
        replace(
            _mark(p, number, read, known.get(p.said, Standing())),
            decided_by=people[p.decided_by_id] if p.decided_by_id else "",
            stays="" if p.rule == REST else stays.warning(p, read, kept, defence=defence),
            policies=policies,
        )
        for number, p in enumerate(found, start=1)
    ]


def outlines(page: Page) -> list[Mark]:
    """The page's proposals without their words: what everything but what is kept covers first, the rest over it."""
    chosen = Proposal.objects.filter(document=page.document_id, page=page.index).with_decision().select_related("by", "person")
    found = sorted(chosen, key=lambda p: (p.rule != REST, p.boxes[0][1] if p.boxes else 0, str(p.pk)))
    return [_mark(proposal, number, None, Standing()) for number, proposal in enumerate(found, start=1)]


_POLICY = {Policy.Rule.REDACT: "redact", Policy.Rule.JUDGE: "judge", Policy.Rule.KEEP: "keep"}


def policy_words(document: Document) -> dict[str, str]:
    """By category, what the policy says for each audience of a copy under way: "Defence: redact; CPS: judge"."""
    wanted = document.releases.under_way().order_by().values("audience")
    said: dict[str, list[str]] = {}
    for policy in Policy.objects.filter(audience__in=wanted).order_by("audience"):
        said.setdefault(policy.category_id, []).append(f"{policy.get_audience_display()}: {_POLICY[Policy.Rule(policy.rule)]}")
    return {category: "; ".join(parts) for category, parts in said.items()}


def mark_of(proposal_id: Any, page: Page) -> Mark | None:
    """One of them."""
    return next((mark for mark in marks(page) if mark.proposal.pk == proposal_id), None)


def _mark(proposal: Proposal, number: int, read: PageWords | None, known: Standing) -> Mark:
    if read is None or proposal.rule == REST:
        return Mark(proposal, number, "", "", "", known)
    if proposal.start is None or proposal.end is None:
        return Mark(proposal, number, "", under(read, proposal.boxes), "", known)
    start, end = proposal.start, proposal.end
    return Mark(
        proposal,
        number,
        read.text[max(0, start - _CONTEXT) : start],
        read.text[start:end],
        read.text[end : end + _CONTEXT],
        known,
    )


def page_list(document: Document) -> list[dict[str, Any]]:
    """Every page with how many proposals it has and how many are undecided."""
    rows: Any = document.proposals.with_decision().order_by().values("page")
    counts = {row["page"]: row for row in rows.annotate(all=Count("pk"), open=Count("pk", filter=Q(verdict="")))}
    none = {"all": 0, "open": 0}
    return [
        {"index": index, "number": index + 1, "all": counts.get(index, none)["all"], "open": counts.get(index, none)["open"]}
        for index in document.pages.values_list("index", flat=True)
    ]


def by_category(document: Document) -> list[dict[str, Any]]:
    """How many are redacted and kept of each category, for whoever approves."""
    decided: Any = document.proposals.with_decision().order_by()
    rows = decided.values("decided_category")
    counted = rows.annotate(redacted=Count("pk", filter=Q(verdict="accept")), kept=Count("pk", filter=Q(verdict="reject")))
    names = dict(Category.objects.values_list("code", "name"))
    return [row | {"name": names[row["decided_category"]]} for row in counted.order_by("decided_category")]


def with_tags(releases: Any) -> list[dict[str, Any]]:
    """Releases with the words and colour of their state."""
    return [{"release": found, "text": label(found.state), "colour": COLOURS[found.state]} for found in releases]
