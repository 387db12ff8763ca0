"""What other documents of a case have found, so that it is proposed in this one too ("once found, found everywhere").

No row holds a redacted word: the words are read from the kept pages' text, and live only as long as the detection.
"""

import json

from django.db.models import OuterRef, Q, Subquery

import vault
from redaction.engine.detect.everywhere import Terms
from redaction.engine.shapes import Span
from redaction.models import Document, Page, Proposal, ProposalDecision
from vault.errors import VaultError

MOST_PAGES, MOST_PROPOSALS = 300, 20_000
"""What is looked at of the rest of a case, the latest documents first, however large it is."""
NAMES = ("TPN", "CHD")
THINGS = ("TEL", "EML", "SOC", "NI", "NHS", "ID", "FIN", "VRM", "ADDR")
_SURE = Q(source__in=[Proposal.Source.FIELD, Proposal.Source.PATTERN]) & ~Q(
    rule__in=["name.unknown", "name.first", "name.initials"]
)
"""Findings that hold without a person's word. A model's guess doesn't."""


def terms_for(document: Document) -> Terms:
    """Names and numbers accepted or surely found in the case's other documents, less what somebody decided to keep there.

    One query whatever the case holds, and one reading of each page that says something new.
    """
    pages = Page.objects.filter(document=OuterRef("document"), index=OuterRef("page"))
    rows = list(
        Proposal.objects.filter(document__case_id=document.case_id, document__exhibit__fence="", start__isnull=False)
        .exclude(document=document)
        .exclude(source=Proposal.Source.PERSON)
        .exclude(said="")
        .with_decision()
        .filter(Q(verdict__gt="") | _SURE)
        .annotate(text_key=Subquery(pages.values("text_key")[:1]), text_version=Subquery(pages.values("text_version")[:1]))
        .filter(text_key__gt="", decided_category__in=[*NAMES, *THINGS])
        .order_by("-document__created_at", "page")
        .values_list("said", "verdict", "decided_category", "text_key", "text_version", "start", "end")[:MOST_PROPOSALS]
    )
    accepted = {said for said, verdict, *_ in rows if verdict == ProposalDecision.Verdict.ACCEPT}
    over = {said for said, verdict, *_ in rows if verdict == ProposalDecision.Verdict.REJECT} - accepted
    terms, texts = Terms(), dict[str, str]()
    for said, _, code, key, version, start, end in rows:
        if said in over or (key not in texts and len(texts) == MOST_PAGES):
            continue
        over.add(said)  # once is enough
        if key not in texts:
            texts[key] = _text(key, version)
        if words := texts[key][start:end].strip():
            (terms.add if code in NAMES else terms.add_thing)(words, Span(0, 0, code, "field", "everywhere.case"))
    return terms


def _text(key: str, version: str) -> str:
    """A page's text; nothing where the vault has none to give, which costs a proposal and no more."""
    try:
        return str(json.loads(b"".join(vault.store().read(key, version)))["text"])
    except VaultError:
        return ""
