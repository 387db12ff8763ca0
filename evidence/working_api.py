"""API of working copies: begin one, and send its file by the same steps as an exhibit's own."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from evidence import working
from evidence.api import CopySerializer, EvidenceView, FileSerializer, UploadSerializer, checked, open_ones, user_of
from evidence.models import Copy, Exhibit


class WorkingCopySerializer(serializers.Serializer):
    """What a working copy was made with."""

    made_with = serializers.CharField(max_length=120, help_text="Tool and version, and what was done")


class ExhibitWorkingCopies(EvidenceView):
    """Working copies of an exhibit."""

    scopes = {"POST": "uploads.write"}

    @extend_schema(request=WorkingCopySerializer, responses={201: CopySerializer}, operation_id="exhibit_working_copies_create")
    def post(self, request: Request, exhibit_id: UUID) -> Response:
        """Begin a working copy of its master; its file is sent next."""
        exhibit = get_object_or_404(Exhibit.objects.visible_to(user_of(request)).select_related("case"), pk=exhibit_id)
        made = working.begin(user_of(request), exhibit, **checked(WorkingCopySerializer, request))
        return Response(CopySerializer(made).data, status=status.HTTP_201_CREATED)


class CopyUploads(EvidenceView):
    """The upload of a working copy's file."""

    scopes = {"GET": "uploads.write", "POST": "uploads.write"}

    def _copy(self, request: Request, copy_id: UUID) -> Copy:
        copies = Copy.objects.visible_to(user_of(request)).filter(kind=Copy.Kind.WORKING)
        return get_object_or_404(copies.select_related("exhibit__case"), pk=copy_id)

    @extend_schema(responses=UploadSerializer(many=True), operation_id="copy_uploads_list")
    def get(self, request: Request, copy_id: UUID) -> Response:
        """Those that are open: after a reload, go on with one."""
        return open_ones(working.open_upload_of(self._copy(request, copy_id)))

    @extend_schema(request=FileSerializer, responses={201: UploadSerializer}, operation_id="copy_uploads_create")
    def post(self, request: Request, copy_id: UUID) -> Response:
        """Open an upload, or go on with the open one for a file of the same size."""
        upload = working.open_upload(user_of(request), self._copy(request, copy_id), **checked(FileSerializer, request))
        return Response(UploadSerializer(upload).data, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("exhibits/<uuid:exhibit_id>/working-copies/", ExhibitWorkingCopies.as_view(), name="api-working-copies"),
    path("copies/<uuid:copy_id>/uploads/", CopyUploads.as_view(), name="api-copy-uploads"),
]
