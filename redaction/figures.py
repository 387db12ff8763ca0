"""How much deciding a force's people do in redaction, and how long it takes them: counts and times, no documents, no names."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Organisation
from redaction.boxes import REST
from redaction.models import Document, Page, Proposal, ProposalDecision, Release, ReleaseState

PAUSE = 300
"""Seconds: a longer gap between two decisions is a pause and counts for nothing."""

# A window over all decisions of a person in a document; the acts of one moment have no gap between them
_TIME = """
    SELECT coalesce(sum(gap), 0) FROM (
        SELECT extract(epoch FROM d.at - lag(d.at) OVER (PARTITION BY d.document_id, d.by_id ORDER BY d.id)) AS gap
        FROM redaction_proposaldecision d
        JOIN redaction_document o ON o.id = d.document_id JOIN cases_case c ON c.id = o.case_id
        WHERE c.organisation_id = %s
    ) AS gaps WHERE gap <= %s
"""


@dataclass(frozen=True)
class Figures:
    """Of one force. `seconds` is time between decisions, pauses left out."""

    documents: int
    pages: int
    released: int
    rows: list[dict[str, Any]]
    acts: int
    decisions: int
    seconds: int

    @property
    def minutes(self) -> int:
        """Whole minutes."""
        return round(self.seconds / 60)

    @property
    def seconds_each(self) -> str:
        """Seconds a proposal decided, with one decimal; empty before the first."""
        decided = sum(row["accepted"] + row["kept"] for row in self.rows)
        return f"{self.seconds / decided:.1f}" if decided else ""


def of(force: Organisation) -> Figures:
    """What was proposed, decided, drawn and released in a force's cases so far."""
    documents = Document.objects.filter(case__organisation=force)
    # What another box replaces is counted once: as that box, which is neither found by the machine nor missed by it
    replaced = {"verdict": "moved"}
    proposals: Any = Proposal.objects.filter(document__in=documents).with_decision().exclude(**replaced).order_by()
    changed = Case(When(rule__in=["moved", "merged"], source="hand", then=Value("changed")), When(rule=REST, then=Value(REST)))
    rows = (
        proposals.annotate(found=Coalesce(changed, F("source"), output_field=CharField()))
        .values("found")
        .annotate(
            all=Count("pk"),
            accepted=Count("pk", filter=Q(verdict="accept")),
            kept=Count("pk", filter=Q(verdict="reject")),
            open=Count("pk", filter=Q(verdict="")),
        )
    )
    labels = dict(Proposal.Source.choices) | {"changed": "Moved, sized or merged", REST: "All but what is kept"}
    decided = ProposalDecision.objects.filter(document__in=documents)
    counted = decided.aggregate(acts=Count("act", distinct=True), decisions=Count("pk"))
    with connection.cursor() as cursor:
        cursor.execute(_TIME, [force.pk, PAUSE])
        seconds = int(cursor.fetchone()[0])
    return Figures(
        documents=documents.count(),
        pages=Page.objects.filter(document__in=documents).count(),
        released=Release.objects.filter(document__in=documents).in_states(ReleaseState.State.RELEASED).count(),
        rows=[row | {"label": labels[row["found"]]} for row in rows.order_by("found")],
        acts=counted["acts"],
        decisions=counted["decisions"],
        seconds=seconds,
    )
