"""API of this room: proposals and decisions in and out as JSON, so that another detector or editor can be put in.

What goes in and comes out is described by docs/redaction-api.md and its JSON schema. No answer here holds a word of a document. The
editor's other verbs are in `box_api` and `remark_api`, the queue and the copies in `release_api`.
"""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import KeysetPagination
from accounts.ui.request import signed_in
from cases.views import refuse_unless
from evidence.fencing import require_unfenced
from redaction import certainty, deciding, foreign
from redaction.models import Document, Proposal, ProposalDecision

MOST = 2000


class ProposalSerializer(serializers.ModelSerializer):
    """A place that might be redacted, and what holds of it. Places as in docs/redaction-engine.md."""

    code = serializers.CharField(source="category_id", read_only=True)
    verdict = serializers.CharField(read_only=True, help_text="accept, reject, moved (to another box), or empty while undecided")
    decided_code = serializers.CharField(source="decided_category", read_only=True)
    decision = serializers.IntegerField(source="decided_id", read_only=True, allow_null=True)
    certainty = serializers.SerializerMethodField(help_text=f"{', '.join(certainty.LEVELS)}; empty for a drawn box")

    class Meta:
        model = Proposal
        fields = (
            "id", "page", "boxes", "start", "end", "code", "source", "rule", "certainty", "verdict", "decided_code", "decision"
        )  # fmt: skip

    def get_certainty(self, proposal: Proposal) -> str:
        """By what found it."""
        return certainty.of(proposal.source, proposal.rule)


class NewProposalSerializer(serializers.Serializer):
    """A place: boxes, or a span of the page's text, whose boxes are then those of its letters."""

    page = serializers.IntegerField(min_value=0, max_value=1_000_000)
    boxes = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4), required=False, max_length=200
    )
    start = serializers.IntegerField(min_value=0, required=False)
    end = serializers.IntegerField(min_value=1, required=False)
    code = serializers.CharField(max_length=4)
    rule = serializers.CharField(max_length=40, required=False, default="")


class NewProposalsSerializer(serializers.Serializer):
    """What a detector found."""

    detector = serializers.CharField(max_length=60, help_text="Name and version")
    proposals = serializers.ListField(child=NewProposalSerializer(), allow_empty=False, max_length=MOST)


class CountSerializer(serializers.Serializer):
    """How many were taken."""

    taken = serializers.IntegerField()


class RedactionDecisionSerializer(serializers.ModelSerializer):
    """A person's word on a proposal; the latest of a proposal holds."""

    code = serializers.CharField(source="category_id", read_only=True)

    class Meta:
        model = ProposalDecision
        fields = ("id", "proposal", "verdict", "code", "reason", "act", "undoes", "by", "at")


class NewRedactionDecisionSerializer(serializers.Serializer):
    """What is to hold of one proposal. `seen`: the decision that held when it was chosen, 0 for none."""

    proposal = serializers.UUIDField()
    verdict = serializers.ChoiceField(choices=["accept", "reject"])
    code = serializers.CharField(max_length=4, required=False, default="")
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    seen = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)


class NewRedactionDecisionsSerializer(serializers.Serializer):
    """Decisions that are one act: all are taken, or none."""

    decisions = serializers.ListField(child=NewRedactionDecisionSerializer(), allow_empty=False, max_length=MOST)


def document_of(request: Request, document_id: UUID) -> Document:
    found = Document.objects.visible_to(signed_in(request)).select_related("case", "exhibit")
    document = get_object_or_404(found, pk=document_id)
    require_unfenced(signed_in(request), "redaction.view", document)
    return document


def asked(kind: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    form = kind(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


class _ById(KeysetPagination):
    """Ids are unique: no two rows share a place in the order."""

    ordering = ("id",)  # type: ignore[assignment]


class Proposals(ListAPIView):
    """A document's proposals, in no order that means anything."""

    pagination_class = _ById
    scopes = {"GET": "redaction.read", "POST": "redaction.propose"}
    serializer_class = ProposalSerializer

    def get_queryset(self) -> Any:
        """With what holds of each."""
        if getattr(self, "swagger_fake_view", False):
            return Proposal.objects.none()
        document = document_of(self.request, self.kwargs["document_id"])
        return document.proposals.with_decision()

    @extend_schema(request=NewProposalsSerializer, responses={201: CountSerializer}, operation_id="redaction_proposals_add")
    def post(self, request: Request, document_id: UUID) -> Response:
        """Take the proposals of another detector, to be decided by people like all others."""
        user, document = signed_in(request), document_of(request, document_id)
        refuse_unless(user, "redaction.decide", document)
        taken = foreign.propose(user, document, **asked(NewProposalsSerializer, request))
        return Response({"taken": taken}, status=status.HTTP_201_CREATED)


class Decisions(ListAPIView):
    """What was decided in a document, the first first."""

    pagination_class = _ById
    scopes = {"GET": "redaction.read", "POST": "redaction.decide"}
    serializer_class = RedactionDecisionSerializer

    def get_queryset(self) -> Any:
        """All of them: the latest of a proposal holds."""
        if getattr(self, "swagger_fake_view", False):
            return ProposalDecision.objects.none()
        return document_of(self.request, self.kwargs["document_id"]).decisions.all()

    @extend_schema(
        request=NewRedactionDecisionsSerializer, responses={201: CountSerializer}, operation_id="redaction_decisions_add"
    )
    def post(self, request: Request, document_id: UUID) -> Response:
        """Decide, as the person whose token it is."""
        user, document = signed_in(request), document_of(request, document_id)
        refuse_unless(user, "redaction.decide", document)
        made = deciding.decide_many(user, document, asked(NewRedactionDecisionsSerializer, request)["decisions"])
        return Response({"taken": len(made)}, status=status.HTTP_201_CREATED)


urlpatterns: list[Any] = [
    path("redactions/<uuid:document_id>/proposals/", Proposals.as_view(), name="api-redaction-proposals"),
    path("redactions/<uuid:document_id>/decisions/", Decisions.as_view(), name="api-redaction-decisions"),
]
