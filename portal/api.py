"""What the portal shows, for programs: read only, scope `portal.read`. Each look is an event, as on the pages."""

import json
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import KeysetPagination, ScopedPermission
from accounts.models import User
from evidence import reading
from portal import actions
from portal.models import LoggedEvent, Offence, Person, ReleasedCopy, Row, Schedule, SharedCase, prosecutes


class ProsecutorPermission(BasePermission):
    """Prosecutors of an active CPS area."""

    message = "This interface is for prosecutors of an active CPS area."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return prosecutes(request.user)


class OffenceSerializer(serializers.ModelSerializer[Offence]):
    class Meta:
        model = Offence
        fields = ["cjs_code", "title", "statute", "committed_from", "committed_to"]


class PersonSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ["id", "kind", "label"]


class ScheduleSummarySerializer(serializers.ModelSerializer[Schedule]):
    class Meta:
        model = Schedule
        fields = ["id", "kind", "ordinal", "number", "state", "submitted_at", "certified_at", "sha256", "not_for_disclosure"]

    not_for_disclosure = serializers.BooleanField()


class CopySerializer(serializers.ModelSerializer[ReleasedCopy]):
    class Meta:
        model = ReleasedCopy
        fields = [
            "id",
            "case",
            "exhibit_id",
            "reference",
            "kind",
            "description",
            "media_type",
            "size",
            "sha256",
            "source_sha256",
            "verified",
            "verified_at",
            "made_with",
            "made_at",
            "leak_checked_at",
            "approved_by",
            "approved_at",
            "released_by",
            "released_at",
        ]


class CaseSummarySerializer(serializers.ModelSerializer[SharedCase]):
    class Meta:
        model = SharedCase
        fields = ["id", "force", "crime_number", "urn", "operation", "state", "shared_at"]


class CaseSerializer(CaseSummarySerializer):
    offences = OffenceSerializer(many=True)
    people = PersonSerializer(many=True)
    schedules = ScheduleSummarySerializer(many=True)
    copies = CopySerializer(many=True)

    class Meta(CaseSummarySerializer.Meta):
        fields = [*CaseSummarySerializer.Meta.fields, "offences", "people", "schedules", "copies"]


class RowSerializer(serializers.ModelSerializer[Row]):
    class Meta:
        model = Row
        fields = [
            "position",
            "withdrawn",
            "description",
            "location",
            "sensitivity_reason",
            "exhibit_id",
            "reference",
            "listed_on",
            "listed_as",
            "block",
        ]

    block = serializers.SerializerMethodField(help_text="Of a row that lists a block: how many items, when, why, and which")

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_block(self, row: Row) -> dict[str, Any] | None:
        return json.loads(row.block) if row.block else None


class ScheduleSerializer(ScheduleSummarySerializer):
    rows = RowSerializer(many=True)
    content = serializers.CharField(
        source="certified.content", help_text="What was certified, RFC 8785 JSON: `sha256` is the hash of its UTF-8 bytes"
    )

    class Meta(ScheduleSummarySerializer.Meta):
        fields = [
            *ScheduleSummarySerializer.Meta.fields,
            "case",
            "submitted_by",
            "certified_by",
            "statement",
            "rows",
            "content",
        ]


class EventSerializer(serializers.ModelSerializer[LoggedEvent]):
    class Meta:
        model = LoggedEvent
        fields = ["id", "at", "verb", "actor", "object_type", "object_id", "leaf_index", "leaf_hash"]


class PurposeSerializer(serializers.Serializer[Any]):
    purpose = serializers.CharField(max_length=200, help_text="What the copy is opened for; the log keeps it")


class TicketSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="Where the bytes are read, whole or by range, with the same credentials")
    minutes = serializers.IntegerField(help_text="For how long")
    sha256 = serializers.CharField()


class PortalView(APIView):
    """Read only, for prosecutors, and by token only with the scope."""

    permission_classes = [ScopedPermission, ProsecutorPermission]
    scope = "portal.read"

    @property
    def user(self) -> User:
        return cast(User, self.request.user)


class CasePagination(KeysetPagination):
    ordering = ("-shared_at", "-id")


class EventPagination(KeysetPagination):
    ordering = ("-at", "-seq", "-id")  # type: ignore[assignment]


class CaseList(PortalView, generics.ListAPIView[SharedCase]):
    """Cases shared with the area."""

    serializer_class = CaseSummarySerializer
    pagination_class = CasePagination
    queryset = SharedCase.objects.none()

    def get_queryset(self) -> Any:
        return SharedCase.objects.visible_to(self.user)


class CaseDetail(PortalView, generics.RetrieveAPIView[SharedCase]):
    """A case with what was submitted and released in it."""

    serializer_class = CaseSerializer
    queryset = SharedCase.objects.none()

    def get_queryset(self) -> Any:
        return SharedCase.objects.visible_to(self.user).prefetch_related("offences", "people", "schedules", "copies")

    def get_object(self) -> SharedCase:
        case = super().get_object()
        actions.consult_case(self.user, case)
        return case


class EventList(PortalView, generics.ListAPIView[LoggedEvent]):
    """Who did what with what was shared, newest first."""

    serializer_class = EventSerializer
    pagination_class = EventPagination
    queryset = LoggedEvent.objects.none()

    def get_queryset(self) -> Any:
        case = generics.get_object_or_404(SharedCase.objects.visible_to(self.user), pk=self.kwargs["pk"])
        actions.consult_log(self.user, case)
        return LoggedEvent.objects.visible_to(self.user).filter(case=case)


class ScheduleDetail(PortalView, generics.RetrieveAPIView[Schedule]):
    """A submitted version as it was certified."""

    serializer_class = ScheduleSerializer
    queryset = Schedule.objects.none()

    def get_queryset(self) -> Any:
        found = Schedule.objects.visible_to(self.user).select_related("case", "certified").prefetch_related("rows")
        # The text and its hash go out: the program compares them itself
        return found.defer("certified__intact", "certified__rows_agree", "certified__log_agrees")

    def get_object(self) -> Schedule:
        schedule = super().get_object()
        actions.consult_schedule(self.user, schedule)
        return schedule


class CopyDetail(PortalView, generics.RetrieveAPIView[ReleasedCopy]):
    """A released copy's proof."""

    serializer_class = CopySerializer
    queryset = ReleasedCopy.objects.none()

    def get_queryset(self) -> Any:
        return ReleasedCopy.objects.visible_to(self.user).select_related("case")

    def get_object(self) -> ReleasedCopy:
        copy = super().get_object()
        actions.consult_copy(self.user, copy)
        return copy


class CopyOpen(PortalView):
    """Open a released copy for a purpose."""

    @extend_schema(request=PurposeSerializer, responses={201: TicketSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        copy = generics.get_object_or_404(ReleasedCopy.objects.visible_to(self.user).select_related("case"), pk=pk)
        asked = PurposeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        ticket = actions.open_copy(self.user, copy, asked.validated_data["purpose"])
        url = reverse("portal_api:content", kwargs={"pk": copy.pk, "ticket_id": ticket.id})
        reply = {"url": request.build_absolute_uri(url), "minutes": reading.MINUTES, "sha256": copy.sha256}
        return Response(TicketSerializer(reply).data, status=status.HTTP_201_CREATED)


class CopyContent(PortalView):
    """The bytes of a released copy under a ticket."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID, ticket_id: str) -> HttpResponseBase:
        copy = generics.get_object_or_404(ReleasedCopy.objects.visible_to(self.user), pk=pk)
        ticket = reading.ticket_of(self.user.pk, ticket_id)
        if ticket.facts.object_id != str(copy.pk) or not copy.verified:
            raise NotFound
        return reading.serve(request._request, ticket, inline=False)


app_name = "portal_api"
urlpatterns = [
    path("cases/", CaseList.as_view(), name="cases"),
    path("cases/<uuid:pk>/", CaseDetail.as_view(), name="case"),
    path("cases/<uuid:pk>/events/", EventList.as_view(), name="events"),
    path("schedules/<uuid:pk>/", ScheduleDetail.as_view(), name="schedule"),
    path("copies/<uuid:pk>/", CopyDetail.as_view(), name="copy"),
    path("copies/<uuid:pk>/open/", CopyOpen.as_view(), name="open"),
    path("copies/<uuid:pk>/content/<str:ticket_id>/", CopyContent.as_view(), name="content"),
]
