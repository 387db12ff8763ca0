"""API of this room: exhibits, and the upload of an exhibit's file part by part (what the upload page itself calls)."""

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from cases.models import Case, Person
from cases.reads import looked
from evidence import actions, door
from evidence.models import Blob, Copy, Exhibit, Upload, UploadPart
from vault.errors import Unavailable, UploadGone, VaultError
from vault.protocol import SignedPut

EXHIBITS = {"GET": "exhibits.read", "POST": "exhibits.write"}
UPLOADS = {"GET": "uploads.write", "POST": "uploads.write"}
PARTS_AT_ONCE = 64


# ---- what goes in and out --------------------------------------------------------------------------------------------


class BlobSerializer(serializers.ModelSerializer):
    """Stored bytes: their hash and whether they were verified."""

    class Meta:
        model = Blob
        fields = ("id", "state", "size", "sha256", "media_type", "verified_at")


class CopySerializer(serializers.ModelSerializer):
    """A copy of an exhibit."""

    blobs = BlobSerializer(many=True, read_only=True)

    class Meta:
        model = Copy
        fields = ("id", "kind", "parent", "made_with", "made_at", "blobs")


class ExhibitSerializer(serializers.ModelSerializer):
    """An exhibit. The original file name is restricted and is not given out."""

    # By name, because `parent` is also what a serializer calls the one it stands in
    parent_exhibit = serializers.PrimaryKeyRelatedField(
        source="parent", queryset=Exhibit.objects.none(), required=False, allow_null=True
    )
    subject = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none(), required=False, allow_null=True)
    copies = CopySerializer(many=True, read_only=True)
    within_marking = serializers.BooleanField(help_text="You say that it is not above OFFICIAL-SENSITIVE; nothing else is taken")
    fenced = serializers.SerializerMethodField(help_text="Whether its content is closed to the whole team")

    class Meta:
        model = Exhibit
        fields = (
            "id",
            "reference",
            "kind",
            "description",
            "parent_exhibit",
            "subject",
            "seized_at",
            "seized_where",
            "seized_by",
            "seal_number",
            "location",
            "within_marking",
            "state",
            "fenced",
            "created_at",
            "copies",
        )
        read_only_fields = ("id", "state", "created_at")
        # Uniqueness within the case is the action's to say
        validators: list[Any] = []

    def get_fenced(self, exhibit: Exhibit) -> bool:
        """Why is for the pages that may say it."""
        return bool(exhibit.fence)

    def get_fields(self) -> dict[str, serializers.Field]:
        """Parent and subject are looked for in the case that the request names."""
        fields: dict[str, serializers.Field] = super().get_fields()
        case = self.context.get("case")
        if isinstance(case, Case):
            fields["parent_exhibit"] = serializers.PrimaryKeyRelatedField(
                source="parent", queryset=case.exhibits.all(), required=False, allow_null=True, default=None
            )
            fields["subject"] = serializers.PrimaryKeyRelatedField(
                queryset=case.people.all(), required=False, allow_null=True, default=None
            )
        return fields


class FileSerializer(serializers.Serializer):
    """The file that is about to be sent."""

    size = serializers.IntegerField(help_text="In bytes")
    name = serializers.CharField(max_length=255, help_text="Kept as restricted data")
    last_modified = serializers.IntegerField(
        min_value=0, max_value=actions.LATEST_MODIFIED, default=0, help_text="In ms since 1970"
    )
    sha256 = serializers.CharField(
        max_length=64, default="", help_text="Of the whole file, if it is known: then the upload completes with no other"
    )


class ExhibitFileSerializer(FileSerializer):
    """The same of an exhibit, with what its sender says of it; false is refused, as at booking-in."""

    within_marking = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="You say again that it is not above OFFICIAL-SENSITIVE"
    )


class DigestsSerializer(serializers.Serializer):
    """A part that is about to be sent."""

    number = serializers.IntegerField(min_value=1)
    length = serializers.IntegerField(min_value=1, help_text="In bytes")
    md5 = serializers.CharField(
        max_length=32, default="", allow_blank=True, help_text="Lower-case hexadecimal; without it the store checks the SHA-256"
    )
    sha256 = serializers.CharField(max_length=64, help_text="Lower-case hexadecimal")


class ManyDigestsSerializer(serializers.Serializer):
    """Parts that are about to be sent."""

    parts = serializers.ListField(child=DigestsSerializer(), allow_empty=False, max_length=PARTS_AT_ONCE)


class SignedPutSerializer(serializers.Serializer):
    """One PUT that may be made: the address, and the headers to send with it."""

    url = serializers.CharField()
    headers = serializers.DictField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()


class StoredPartSerializer(serializers.Serializer):
    """A part that the store holds."""

    number = serializers.IntegerField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class UploadSerializer(serializers.ModelSerializer):
    """An upload: how the file is cut, and which parts are stored."""

    exhibit = serializers.UUIDField(source="blob.copy.exhibit_id")
    reference = serializers.CharField(source="blob.copy.exhibit.reference")
    size = serializers.IntegerField(source="blob.size")
    sha256 = serializers.CharField(
        source="blob.sha256", help_text="Of the whole file, where it was stated or the upload is complete"
    )
    parts = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = (
            "id",
            "exhibit",
            "reference",
            "state",
            "size",
            "sha256",
            "part_size",
            "last_modified",
            "started_at",
            "parts",
        )

    @extend_schema(responses=StoredPartSerializer(many=True))
    def get_parts(self, upload: Upload) -> list[dict[str, Any]]:
        """Those that the store has acknowledged, with the digests the sender computed."""
        stored = upload.parts.exclude(stored_at=None)
        return [{"number": part.number, "size": part.size, "sha256": part.sha256} for part in stored]


class WholeSerializer(serializers.Serializer):
    """The hash of the whole file, as its sender computed it."""

    sha256 = serializers.CharField(max_length=64, help_text="Lower-case hexadecimal")


# ---- views -----------------------------------------------------------------------------------------------------------


class EvidenceView(APIView):
    """Answers the store's errors in the one shape that all errors have here."""

    def handle_exception(self, exc: Exception) -> Response:
        """503 means that trying again is safe, 409 that the upload is over, 400 that the request can't be right."""
        if not isinstance(exc, VaultError):
            return super().handle_exception(exc)
        code: int = status.HTTP_400_BAD_REQUEST
        if isinstance(exc, Unavailable):
            code = status.HTTP_503_SERVICE_UNAVAILABLE
        elif isinstance(exc, UploadGone):
            code = status.HTTP_409_CONFLICT
        return Response({"detail": str(exc), "code": exc.code}, status=code)


def user_of(request: Request) -> User:
    """Who asks."""
    return cast(User, request.user)


def checked(kind: type[serializers.BaseSerializer], request: Request, **context: Any) -> dict[str, Any]:
    """What the request's body says, once it fits `kind`. ValidationError."""
    asked = kind(data=request.data, context=context)
    asked.is_valid(raise_exception=True)
    found: dict[str, Any] = asked.validated_data
    return found


def case_of(request: Request, case_id: UUID) -> Case:
    """The case, if this person sees it. Http404."""
    return get_object_or_404(Case.objects.visible_to(user_of(request)), pk=case_id)


def _exhibit(request: Request, exhibit_id: UUID) -> Exhibit:
    return get_object_or_404(Exhibit.objects.visible_to(user_of(request)).select_related("case"), pk=exhibit_id)


def _upload(request: Request, upload_id: UUID) -> Upload:
    uploads = Upload.objects.visible_to(user_of(request)).select_related("blob__copy__exhibit__case")
    return get_object_or_404(uploads, pk=upload_id)


class ExhibitList(ListAPIView):
    """The exhibits of a case, newest first; POST adds one."""

    scopes = EXHIBITS
    serializer_class = ExhibitSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Exhibit.objects.none()
        case = case_of(self.request, self.kwargs["case_id"])
        looked(user_of(self.request), "exhibits.listed", case, case)
        return case.exhibits.prefetch_related("copies__blobs")

    @extend_schema(request=ExhibitSerializer, responses={201: ExhibitSerializer}, operation_id="exhibits_create")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Add an exhibit under a reference that then never changes."""
        case = case_of(request, case_id)
        asked = checked(ExhibitSerializer, request, case=case)
        door.check(user_of(request), case, asked["within_marking"])
        exhibit = actions.add_exhibit(user_of(request), case, **asked)
        return Response(ExhibitSerializer(exhibit).data, status=status.HTTP_201_CREATED)


class ExhibitDetail(EvidenceView):
    """One exhibit."""

    scopes = EXHIBITS

    @extend_schema(responses=ExhibitSerializer, operation_id="exhibits_retrieve")
    def get(self, request: Request, exhibit_id: UUID) -> Response:
        """An exhibit with its copies, their hashes and states."""
        found = _exhibit(request, exhibit_id)
        looked(user_of(request), "exhibit.viewed", found, found.case)
        return Response(ExhibitSerializer(found).data)


def open_ones(found: Upload | None) -> Response:
    """The answer with the open upload, or with none."""
    return Response(UploadSerializer([found] if found else [], many=True).data)


class ExhibitUploads(EvidenceView):
    """The upload of an exhibit's file."""

    scopes = UPLOADS

    @extend_schema(responses=UploadSerializer(many=True), operation_id="exhibit_uploads_list")
    def get(self, request: Request, exhibit_id: UUID) -> Response:
        """Those that are open: after a reload, go on with one."""
        return open_ones(actions.open_upload_of(_exhibit(request, exhibit_id)))

    @extend_schema(request=ExhibitFileSerializer, responses={201: UploadSerializer}, operation_id="exhibit_uploads_create")
    def post(self, request: Request, exhibit_id: UUID) -> Response:
        """Open an upload, or go on with the open one for a file of the same size: compare its parts' SHA-256 first."""
        exhibit = _exhibit(request, exhibit_id)
        asked = checked(ExhibitFileSerializer, request)
        door.check(user_of(request), exhibit.case, asked["within_marking"] is not False)
        upload = actions.open_upload(user_of(request), exhibit, **asked)
        return Response(UploadSerializer(upload).data, status=status.HTTP_201_CREATED)


class UploadDetail(EvidenceView):
    """One upload."""

    scopes = UPLOADS

    @extend_schema(responses=UploadSerializer, operation_id="uploads_retrieve")
    def get(self, request: Request, upload_id: UUID) -> Response:
        """Its state and the parts that are stored."""
        return Response(UploadSerializer(_upload(request, upload_id)).data)


class UploadParts(EvidenceView):
    """The parts of an upload."""

    scopes = UPLOADS

    @extend_schema(request=DigestsSerializer, responses=SignedPutSerializer, operation_id="upload_parts_sign")
    def post(self, request: Request, upload_id: UUID) -> Response:
        """Give a part's number, length and digests; get the address to PUT it to, and the headers to send."""
        upload, part = _upload(request, upload_id), checked(DigestsSerializer, request)
        signed = actions.sign_part(user_of(request), upload, part["number"], part["length"], part["md5"], part["sha256"])
        return Response(SignedPutSerializer(_reachable(signed, request)).data)


class UploadPartsMany(EvidenceView):
    """Several parts of an upload at once."""

    scopes = UPLOADS

    @extend_schema(request=ManyDigestsSerializer, responses=SignedPutSerializer(many=True), operation_id="upload_parts_sign_many")
    def post(self, request: Request, upload_id: UUID) -> Response:
        """The same for several parts, answered in their order. Whoever sends by these need not say that a part arrived: the
        store is asked when the upload is opened again or completed.
        """
        upload = _upload(request, upload_id)
        asked = checked(ManyDigestsSerializer, request)["parts"]
        parts = [UploadPart(number=p["number"], size=p["length"], md5=p["md5"], sha256=p["sha256"]) for p in asked]
        signed = actions.sign_parts(user_of(request), upload, parts)
        return Response([SignedPutSerializer(_reachable(put, request)).data for put in signed])


def _reachable(signed: SignedPut, request: Request) -> SignedPut:
    """Where our own store takes parts, the address at the host this sender came by: a browser may send to no other."""
    ours = str(settings.VAULT["PUBLIC_URL"]) + "/"
    if not signed.url.startswith(ours):
        return signed
    return replace(signed, url=request.build_absolute_uri("/" + signed.url.removeprefix(ours)))


class UploadPartStored(EvidenceView):
    """One part that was sent."""

    scopes = UPLOADS

    @extend_schema(request=None, responses=StoredPartSerializer, operation_id="upload_parts_stored")
    def post(self, request: Request, upload_id: UUID, number: int) -> Response:
        """Say that a part was sent: it counts once the store says so itself."""
        part = actions.part_stored(user_of(request), _upload(request, upload_id), number)
        return Response(StoredPartSerializer(part).data)


class UploadComplete(EvidenceView):
    """The end of an upload."""

    scopes = UPLOADS

    @extend_schema(request=WholeSerializer, responses=BlobSerializer, operation_id="uploads_complete")
    def post(self, request: Request, upload_id: UUID) -> Response:
        """Close it with the SHA-256 of the whole file; a worker then compares. Safe to send again."""
        sha256 = checked(WholeSerializer, request)["sha256"]
        return Response(BlobSerializer(actions.complete_upload(user_of(request), _upload(request, upload_id), sha256)).data)


class UploadAbort(EvidenceView):
    """Giving an upload up."""

    scopes = UPLOADS

    @extend_schema(request=None, responses={204: None}, operation_id="uploads_abort")
    def post(self, request: Request, upload_id: UUID) -> Response:
        """Stop it and free what has arrived."""
        actions.abort_upload(user_of(request), _upload(request, upload_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("cases/<uuid:case_id>/exhibits/", ExhibitList.as_view(), name="api-exhibits"),
    path("exhibits/<uuid:exhibit_id>/", ExhibitDetail.as_view(), name="api-exhibit"),
    path("exhibits/<uuid:exhibit_id>/uploads/", ExhibitUploads.as_view(), name="api-exhibit-uploads"),
    path("uploads/<uuid:upload_id>/", UploadDetail.as_view(), name="api-upload"),
    path("uploads/<uuid:upload_id>/parts/", UploadParts.as_view(), name="api-upload-parts"),
    path("uploads/<uuid:upload_id>/parts/many/", UploadPartsMany.as_view(), name="api-upload-parts-many"),
    path("uploads/<uuid:upload_id>/parts/<int:number>/stored/", UploadPartStored.as_view(), name="api-upload-part"),
    path("uploads/<uuid:upload_id>/complete/", UploadComplete.as_view(), name="api-upload-complete"),
    path("uploads/<uuid:upload_id>/abort/", UploadAbort.as_view(), name="api-upload-abort"),
]
