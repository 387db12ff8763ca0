"""The log's API: proofs that another system can keep or check by itself."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.ui.request import signed_in
from audit import conf, notes
from audit.models import Checkpoint
from cases import log_actions, log_proofs
from cases.log_policy import Scope
from cases.log_views import case_scope

SCOPE = "log.read"


class NotProvable(APIException):
    """There is no proof now; the answer says why."""

    status_code = status.HTTP_409_CONFLICT


class InclusionSerializer(serializers.Serializer):
    """The proof that an event is in the log (RFC 9162, section 2.1.3), as `audit_check_proof` takes it."""

    form = serializers.CharField()
    checkpoint = serializers.CharField(help_text="C2SP signed note")
    leaf_index = serializers.IntegerField(help_text="The event's place, from 0")
    path = serializers.ListField(child=serializers.CharField(), help_text="Hashes in hex, the leaf's sibling first")
    body = serializers.CharField(help_text="The event, exactly as hashed")


class ConsistencySerializer(serializers.Serializer):
    """The proof that one checkpoint's log is the beginning of a later one's (RFC 9162, section 2.1.4)."""

    form = serializers.CharField()
    first = serializers.CharField(help_text="C2SP signed note")
    second = serializers.CharField(help_text="C2SP signed note")
    path = serializers.ListField(child=serializers.CharField(), help_text="Hashes in hex")


class CheckpointSerializer(serializers.ModelSerializer):
    """What the log said about itself. `key` is the log's public key as it is published now."""

    root_hash = serializers.SerializerMethodField()
    key = serializers.SerializerMethodField()

    class Meta:
        model = Checkpoint
        fields = ("size", "root_hash", "at", "note", "key")

    def get_root_hash(self, checkpoint: Checkpoint) -> str:
        return bytes(checkpoint.root).hex()

    def get_key(self, checkpoint: Checkpoint) -> str:
        return notes.verifier_key(conf.origin(), conf.public_key())


class LargestFirst(CursorPagination):
    """The newest checkpoints first."""

    ordering = "-size"
    page_size = 50


class Checkpoints(ListAPIView):
    """The log's checkpoints, the newest first."""

    scope = SCOPE
    serializer_class = CheckpointSerializer
    pagination_class = LargestFirst

    def get_queryset(self) -> QuerySet[Checkpoint]:
        return Checkpoint.objects.all()


class EventProof(APIView):
    """The proof of one event."""

    scope = SCOPE

    @extend_schema(responses=InclusionSerializer, operation_id="log_event_proof")
    def get(self, request: Request, case_id: UUID, event_id: UUID) -> Response:
        """An event of a case whose log you may read, proved under the latest checkpoint. 409 until one covers it (seconds)."""
        user = signed_in(request)
        scope = case_scope(user, case_id)
        scope.require(user, "cases.view_log")
        event = get_object_or_404(scope.events(), pk=event_id)
        try:
            proof, _ = log_proofs.inclusion(event.pk)
        except log_proofs.NoProof as error:
            raise NotProvable(str(error)) from error
        log_actions.take_proof(user, scope, event)
        return Response(proof.members())


_SIZES = [OpenApiParameter(name, int, required=True, description="Number of events") for name in ("first", "second")]


class ConsistencyProof(APIView):
    """The proof between two checkpoints."""

    scope = SCOPE

    @extend_schema(parameters=_SIZES, responses=ConsistencySerializer, operation_id="log_consistency")
    def get(self, request: Request) -> Response:
        """Of the checkpoint at `first` events and the one at `second`."""
        user = signed_in(request)
        asked = _SizesSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        first, second = asked.validated_data["first"], asked.validated_data["second"]
        found = log_proofs.between(*(get_object_or_404(Checkpoint, pk=size) for size in (first, second)))
        if found.proof is None:
            raise NotProvable(found.problem)
        log_actions.take_consistency(user, Scope(user.organisation), first, second)
        return Response(found.proof.members())


class _SizesSerializer(serializers.Serializer[Any]):
    first = serializers.IntegerField(min_value=1, max_value=2**62)
    second = serializers.IntegerField(min_value=1, max_value=2**62)

    def validate(self, attrs: dict[str, int]) -> dict[str, int]:
        if attrs["first"] > attrs["second"]:
            raise serializers.ValidationError({"second": "Name the checkpoint with fewer events first"})
        return attrs


urlpatterns = [
    path("cases/<uuid:case_id>/log/<uuid:event_id>/proof/", EventProof.as_view(), name="api-log-proof"),
    path("log/checkpoints/", Checkpoints.as_view(), name="api-log-checkpoints"),
    path("log/consistency/", ConsistencyProof.as_view(), name="api-log-consistency"),
]
