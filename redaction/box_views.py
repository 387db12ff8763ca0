"""What the editor sends when boxes are moved, sized, merged, or drawn around everything but what is kept."""

import json
import math
from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.ui.request import posted, signed_in
from redaction import boxes
from redaction.models import Document, Proposal
from redaction.views import act_of, answer_to_box, document_or_404, number_in

_MOST = 200


@login_required
@require_POST
def move(request: HttpRequest, document_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Redact at other boxes than those of a proposal."""
    document = document_or_404(request, document_id)
    proposal = get_object_or_404(document.proposals.select_related("document", "category"), pk=proposal_id)
    proposal.document = document

    def act() -> str:
        placed = _boxes(posted(request, "boxes"))
        seen = number_in(posted(request, "seen"))
        boxes.move(signed_in(request), proposal, placed, reason=posted(request, "reason"), seen=seen, act=act_of(request))
        return "The box is moved."

    return answer_to_box(request, document, proposal.page, act)


@login_required
@require_POST
def merge(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Make one of the boxes that are chosen: each `chosen` is a proposal and the decision that the page showed of it."""
    document = document_or_404(request, document_id)

    def act() -> str:
        seen = _chosen(document, request.POST.getlist("chosen"))
        boxes.merge(signed_in(request), document, list(seen), seen=seen, act=act_of(request))
        return "The boxes are merged."

    return answer_to_box(request, document, number_in(posted(request, "page")) or 0, act)


def _chosen(document: Document, asked: list[str]) -> dict[Proposal, int]:
    """The proposals in the order they were named, each with the decision that was seen."""
    named = dict(pair.split(":", 1) for pair in asked[:_MOST] if ":" in pair)
    try:
        found = {str(p.pk): p for p in document.proposals.filter(pk__in=named).select_related("document", "category")}
    except ValidationError:
        found = {}
    if len(found) < len(named):
        raise ValidationError("Choose boxes of this document")
    return {found[key]: number_in(seen) or 0 for key, seen in named.items()}


@login_required
@require_POST
def keep_only(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Redact everything but some areas of the page, or, if `scope` is the document, but these in all of it."""
    document = document_or_404(request, document_id)
    index = number_in(posted(request, "page")) or 0

    def act() -> str:
        areas = [edges_of(text.split(",")) for text in request.POST.getlist("area")[:_MOST]]
        if not areas:
            areas = [edges_of([posted(request, edge) for edge in ("left", "top", "right", "bottom")])]
        whole = posted(request, "scope") == "document"
        category = posted(request, "category")
        boxes.keep_only(signed_in(request), document, {index: areas}, category, whole=whole, act=act_of(request))
        return f"Everything else {'in the document' if whole else 'on the page'} is redacted. Undo takes all of it back."

    return answer_to_box(request, document, index, act)


def _boxes(text: str) -> list[list[float]]:
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if not isinstance(data, list) or not 0 < len(data) <= _MOST or not all(isinstance(box, list) for box in data):
        raise ValidationError("Say where the box goes")
    return [edges_of(box) for box in data]


def edges_of(values: Sequence[object]) -> list[float]:
    """Left, top, right, bottom as numbers; ValidationError for anything else."""
    try:
        edges = [float(str(value)) for value in values]
    except ValueError:
        edges = []
    if len(edges) != 4 or not all(math.isfinite(edge) for edge in edges):
        raise ValidationError("Enter the four edges of the box in points")
    return edges
