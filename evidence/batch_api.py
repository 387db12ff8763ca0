"""API of many files at once: a batch, and each of its files as an exhibit with its upload (what its page itself calls)."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cases.models import Case
from evidence import batches, door
from evidence.api import EXHIBITS, EvidenceView, ExhibitFileSerializer, UploadSerializer, case_of, checked, user_of
from evidence.models import Batch, Exhibit, Upload


class BatchSerializer(serializers.ModelSerializer):
    """What files have in common that were received together, and how many have arrived."""

    # By name, because `parent` is also what a serializer calls the one it stands in
    parent_exhibit = serializers.PrimaryKeyRelatedField(
        source="parent", queryset=Exhibit.objects.none(), required=False, allow_null=True
    )
    within_marking = serializers.BooleanField(help_text="You say that none is above OFFICIAL-SENSITIVE; nothing else is taken")
    files = serializers.SerializerMethodField()
    complete = serializers.SerializerMethodField()

    class Meta:
        model = Batch
        fields = (
            "id",
            "initials",
            "parent_exhibit",
            "kind",
            "description",
            "seized_at",
            "seized_where",
            "seized_by",
            "location",
            "within_marking",
            "created_at",
            "files",
            "complete",
        )
        read_only_fields = ("id", "created_at")

    def get_fields(self) -> dict[str, serializers.Field]:
        """The parent is looked for in the case that the request names."""
        fields: dict[str, serializers.Field] = super().get_fields()
        case = self.context.get("case")
        if isinstance(case, Case):
            fields["parent_exhibit"] = serializers.PrimaryKeyRelatedField(
                source="parent", queryset=case.exhibits.all(), required=False, allow_null=True, default=None
            )
        return fields

    def get_files(self, batch: Batch) -> int:
        """Its exhibits, of which each has a file that arrived or is on its way."""
        return batch.exhibits.count()

    def get_complete(self, batch: Batch) -> int:
        """Its exhibits whose file has arrived whole."""
        return arrived(batch)


class BatchFileSerializer(ExhibitFileSerializer):
    """A file of a batch."""

    name = serializers.CharField(max_length=4096, help_text="May be a path within a folder; kept as restricted data")


def arrived(batch: Batch) -> int:
    """How many of its files are in the vault."""
    whole = Q(copies__blobs__upload__state=Upload.State.COMPLETE)
    counted: dict[str, int] = batch.exhibits.aggregate(whole=Count("pk", filter=whole, distinct=True))
    return counted["whole"]


def _batch(request: Request, batch_id: UUID) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(user_of(request)).select_related("case", "parent"), pk=batch_id)


class BatchList(EvidenceView):
    """The batches of a case."""

    scopes = EXHIBITS

    @extend_schema(request=BatchSerializer, responses={201: BatchSerializer}, operation_id="batches_create")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Say what many files have in common; then POST each to `batches/{id}/files/`."""
        case = case_of(request, case_id)
        asked = checked(BatchSerializer, request, case=case)
        door.check(user_of(request), case, asked["within_marking"])
        made = batches.open_batch(user_of(request), case, **asked)
        return Response(BatchSerializer(made).data, status=status.HTTP_201_CREATED)


class BatchDetail(EvidenceView):
    """One batch."""

    scopes = EXHIBITS

    @extend_schema(responses=BatchSerializer, operation_id="batches_retrieve")
    def get(self, request: Request, batch_id: UUID) -> Response:
        """What its files have in common, and how many have arrived."""
        return Response(BatchSerializer(_batch(request, batch_id)).data)


class BatchFiles(EvidenceView):
    """The files of a batch."""

    scopes = EXHIBITS

    @extend_schema(request=BatchFileSerializer, responses={201: UploadSerializer}, operation_id="batch_files_create")
    def post(self, request: Request, batch_id: UUID) -> Response:
        """Make the file's exhibit under the next reference and open its upload. A file of the same name, size and time is the
        same file: then its upload comes back, "open" to be gone on with or "complete" with the SHA-256 to compare.
        """
        asked: dict[str, Any] = checked(BatchFileSerializer, request)
        batch = _batch(request, batch_id)
        door.check(user_of(request), batch.case, asked["within_marking"] is not False)
        upload = batches.add_file(user_of(request), batch, **asked)
        return Response(UploadSerializer(upload).data, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("cases/<uuid:case_id>/batches/", BatchList.as_view(), name="api-batches"),
    path("batches/<uuid:batch_id>/", BatchDetail.as_view(), name="api-batch"),
    path("batches/<uuid:batch_id>/files/", BatchFiles.as_view(), name="api-batch-files"),
]
