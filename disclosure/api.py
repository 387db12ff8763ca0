"""API of this room: items and decisions, schedules with their versions and rows, and each step from draft to submission."""

from typing import Any
from uuid import UUID

from allauth.core.exceptions import ReauthenticationRequired
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiToken
from accounts.ui.request import signed_in
from cases.reads import looked
from disclosure import actions, locators, parts
from disclosure.models import Certificate, Decision, Item, Row, Schedule, ScheduleVersion
from disclosure.signing import require_fresh_sign_in
from disclosure.views import RESTRICTED_REASONS, case_or_404

SCOPES = {"GET": "disclosure.read", "POST": "disclosure.write", "PATCH": "disclosure.write"}


class ItemSerializer(serializers.ModelSerializer):
    """An item and what has been decided about it."""

    reference = serializers.CharField(source="exhibit.reference", read_only=True)
    description = serializers.CharField(source="exhibit.description", read_only=True)
    part = serializers.CharField(read_only=True, help_text="The locator in words; empty for the whole")
    in_limbo = serializers.BooleanField(source="is_in_limbo", read_only=True)

    class Meta:
        model = Item
        fields = (
            "id",
            "exhibit",
            "reference",
            "description",
            "locator",
            "part",
            "use",
            "relevance",
            "sensitivity",
            "in_limbo",
            "created_at",
        )


class NewPartSerializer(serializers.Serializer):
    """Which part of which exhibit becomes an item of its own."""

    exhibit = serializers.UUIDField()
    locator = serializers.JSONField(help_text='{"pages": [1, 3]}, {"messages": [12, 12]} or {"from_ms": 0, "to_ms": 900}')


class DecisionSerializer(serializers.ModelSerializer):
    """One decision. Why something is sensitive is given only to those who see the MG6D."""

    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = Decision
        fields = ("id", "field", "value", "reason", "by", "at")


class NewDecisionSerializer(serializers.Serializer):
    """Answers to one or more of the three questions."""

    use = serializers.ChoiceField(choices=[c for c in Item.Use.choices if c[0] and c[0] != Item.Use.APART], required=False)
    relevance = serializers.ChoiceField(choices=[c for c in Item.Relevance.choices if c[0]], required=False)
    sensitivity = serializers.ChoiceField(choices=[c for c in Item.Sensitivity.choices if c[0]], required=False)
    test = serializers.ChoiceField(choices=[c for c in Item.Test.choices if c[0]], required=False)
    reason = serializers.CharField(max_length=2000, required=False, default="")


class KindSerializer(serializers.Serializer):
    """Which schedule to draft."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in actions.DRAWN_UP])


class VersionSerializer(serializers.ModelSerializer):
    """One version of a schedule and its state."""

    schedule = serializers.UUIDField(source="schedule_id", read_only=True)
    kind = serializers.CharField(source="schedule.kind", read_only=True)
    state = serializers.CharField(read_only=True)

    class Meta:
        model = ScheduleVersion
        fields = ("id", "schedule", "kind", "number", "state", "created_at")


class ScheduleSerializer(serializers.ModelSerializer):
    """A schedule of a case, with its versions."""

    versions = serializers.SerializerMethodField()

    class Meta:
        model = Schedule
        fields = ("id", "kind", "ordinal", "versions", "created_at")

    @extend_schema(responses=VersionSerializer(many=True))
    def get_versions(self, schedule: Schedule) -> list[dict[str, Any]]:
        versions = schedule.versions.select_related("schedule").with_state().order_by("number")
        return list(VersionSerializer(versions, many=True).data)


class RowSerializer(serializers.ModelSerializer):
    """A row of a version; its number is provisional until the version is certified."""

    number = serializers.IntegerField(source="position", read_only=True, allow_null=True)

    class Meta:
        model = Row
        fields = ("id", "item", "block", "number", "description", "location", "sensitivity_reason", "withdrawn", "edited_at")


class WordsSerializer(serializers.Serializer):
    """A row's words; what is left out stays."""

    description = serializers.CharField(max_length=8000, required=False, allow_blank=True)
    location = serializers.CharField(max_length=200, required=False, allow_blank=True)
    sensitivity_reason = serializers.CharField(max_length=8000, required=False, allow_blank=True)


class CertificateSerializer(serializers.ModelSerializer):
    """What was certified, as it was hashed."""

    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = Certificate
        fields = ("version", "statement", "content", "sha256", "by", "at")


class VersionDetailSerializer(VersionSerializer):
    """A version with its rows, and its certificate once there is one."""

    rows = RowSerializer(many=True, read_only=True)
    certificate = CertificateSerializer(read_only=True, allow_null=True, default=None)

    class Meta(VersionSerializer.Meta):
        fields = (*VersionSerializer.Meta.fields, "rows", "certificate")  # type: ignore[assignment]


class ReturnSerializer(serializers.Serializer):
    """What must be changed."""

    reason = serializers.CharField(max_length=2000)


class UnexaminedSerializer(serializers.Serializer):
    """What has not been examined, and why; left out: how many items await a decision."""

    unexamined = serializers.CharField(max_length=8000, required=False, allow_null=True, allow_blank=True, default=None)


def _asked(serializer: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    asked = serializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _schedule(request: Request, schedule_id: UUID) -> Schedule:
    return get_object_or_404(Schedule.objects.visible_to(signed_in(request)).select_related("case"), pk=schedule_id)


def _version(request: Request, schedule_id: UUID, number: int) -> ScheduleVersion:
    versions = ScheduleVersion.objects.with_state().select_related("schedule__case")
    return get_object_or_404(versions, schedule=_schedule(request, schedule_id), number=number)


class ItemList(ListAPIView):
    """The items of a case on whose disclosure you work: one for every exhibit, and its parts that are items of their own."""

    scopes = SCOPES
    serializer_class = ItemSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Item.objects.none()
        case = case_or_404(signed_in(self.request), self.kwargs["case_id"])
        looked(signed_in(self.request), "items.listed", case, case)
        return Item.objects.ensure_for(case).select_related("exhibit")

    @extend_schema(request=NewPartSerializer, responses={201: ItemSerializer}, operation_id="items_make_part")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Make a part of an exhibit an item of its own."""
        user, asked = signed_in(request), _asked(NewPartSerializer, request)
        exhibit = get_object_or_404(case_or_404(user, case_id).exhibits.all(), pk=asked["exhibit"])
        item = parts.make_part(user, exhibit, locators.checked(asked["locator"]))
        return Response(ItemSerializer(item).data, status=status.HTTP_201_CREATED)


class Decisions(APIView):
    """Decisions about one item."""

    scopes = SCOPES

    @extend_schema(responses=DecisionSerializer(many=True), operation_id="decisions_list")
    def get(self, request: Request, item_id: UUID) -> Response:
        """Every decision, in order."""
        item = self._item(request, item_id)
        looked(signed_in(request), "item.viewed", item, item.exhibit.case)
        decisions = list(item.decisions.select_related("by"))
        if not signed_in(request).has_perm("disclosure.view_sensitive", item):
            for decision in decisions:
                decision.reason = "" if decision.value in RESTRICTED_REASONS else decision.reason
        return Response(DecisionSerializer(decisions, many=True).data)

    @extend_schema(request=NewDecisionSerializer, responses={201: ItemSerializer}, operation_id="decisions_create")
    def post(self, request: Request, item_id: UUID) -> Response:
        """Decide: used or unused, relevant or clearly not, sensitive or not. The last two need a reason."""
        item = self._item(request, item_id)
        actions.decide(signed_in(request), item, **_asked(NewDecisionSerializer, request))
        item.refresh_from_db()
        return Response(ItemSerializer(item).data, status=status.HTTP_201_CREATED)

    def _item(self, request: Request, item_id: UUID) -> Item:
        return get_object_or_404(Item.objects.visible_to(signed_in(request)).select_related("exhibit__case"), pk=item_id)


class Schedules(APIView):
    """The schedules of a case."""

    scopes = SCOPES

    @extend_schema(responses=ScheduleSerializer(many=True), operation_id="schedules_list")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Those that you may see: an MG6D is for fewer people."""
        user = signed_in(request)
        schedules = Schedule.objects.visible_to(user).filter(case=case_or_404(user, case_id))
        return Response(ScheduleSerializer(schedules, many=True).data)

    @extend_schema(request=KindSerializer, responses={201: VersionSerializer}, operation_id="schedules_draft")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Draft a schedule from the decisions, or bring its open draft up to date."""
        user = signed_in(request)
        version = actions.draft_schedule(user, case_or_404(user, case_id), _asked(KindSerializer, request)["kind"])
        return Response(VersionSerializer(version).data, status=status.HTTP_201_CREATED)


class ScheduleDetail(APIView):
    """One schedule."""

    scopes = SCOPES

    @extend_schema(responses=ScheduleSerializer, operation_id="schedules_retrieve")
    def get(self, request: Request, schedule_id: UUID) -> Response:
        """A schedule and its versions."""
        return Response(ScheduleSerializer(_schedule(request, schedule_id)).data)

    @extend_schema(request=None, responses={201: VersionSerializer}, operation_id="versions_create")
    def post(self, request: Request, schedule_id: UUID) -> Response:
        """Begin the next version of a certified schedule."""
        version = actions.new_version(signed_in(request), _schedule(request, schedule_id))
        return Response(VersionSerializer(version).data, status=status.HTTP_201_CREATED)


class RowDetail(APIView):
    """A row of a draft."""

    scopes = SCOPES

    @extend_schema(request=WordsSerializer, responses=RowSerializer, operation_id="rows_write")
    def patch(self, request: Request, schedule_id: UUID, row_id: UUID) -> Response:
        """Write its words."""
        rows = Row.objects.select_related("version__schedule__case", "edited_by")
        row = get_object_or_404(rows, pk=row_id, version__schedule=_schedule(request, schedule_id))
        words = {"description": row.description, "location": row.location} | _asked(WordsSerializer, request)
        return Response(RowSerializer(actions.write_row(signed_in(request), row, **words)).data)


class VersionDetail(APIView):
    """One version."""

    scopes = SCOPES

    @extend_schema(responses=VersionDetailSerializer, operation_id="versions_retrieve")
    def get(self, request: Request, schedule_id: UUID, number: int) -> Response:
        """With its rows and its certificate."""
        version = _version(request, schedule_id, number)
        looked(signed_in(request), "schedule.viewed", version, version.schedule.case)
        return Response(VersionDetailSerializer(version).data)


class Send(APIView):
    """From the author to the supervisor."""

    scope = "disclosure.write"

    @extend_schema(request=None, responses=VersionSerializer, operation_id="versions_send")
    def post(self, request: Request, schedule_id: UUID, number: int) -> Response:
        """Send a complete draft to the supervisor."""
        version = _version(request, schedule_id, number)
        actions.send_to_qa(signed_in(request), version)
        return Response(VersionSerializer(version).data)


class Check(APIView):
    """The supervisor's check."""

    scope = "disclosure.check"

    @extend_schema(request=None, responses=VersionSerializer, operation_id="versions_check")
    def post(self, request: Request, schedule_id: UUID, number: int) -> Response:
        """Find a version in order; not by anybody who wrote in it."""
        version = _version(request, schedule_id, number)
        actions.check(signed_in(request), version)
        return Response(VersionSerializer(version).data)


class SendBack(APIView):
    """Back to the author."""

    scope = "disclosure.check"

    @extend_schema(request=ReturnSerializer, responses=VersionSerializer, operation_id="versions_return")
    def post(self, request: Request, schedule_id: UUID, number: int) -> Response:
        """Return a version, saying what must be changed."""
        version = _version(request, schedule_id, number)
        actions.return_to_author(signed_in(request), version, _asked(ReturnSerializer, request)["reason"])
        return Response(VersionSerializer(version).data)


class Certify(APIView):
    """The disclosure officer's certificate."""

    scope = "disclosure.certify"

    @extend_schema(request=UnexaminedSerializer, responses={201: CertificateSerializer}, operation_id="versions_certify")
    def post(self, request: Request, schedule_id: UUID, number: int) -> Response:
        """Certify a checked version: its rows never change again. A session must have been signed in anew within minutes."""
        version = _version(request, schedule_id, number)
        bound(request)
        certificate = actions.certify(signed_in(request), version, **_asked(UnexaminedSerializer, request))
        return Response(CertificateSerializer(certificate).data, status=status.HTTP_201_CREATED)


class Submit(APIView):
    """Submission to the CPS."""

    scope = "disclosure.submit"

    @extend_schema(request=None, responses=VersionSerializer, operation_id="versions_submit")
    def post(self, request: Request, schedule_id: UUID, number: int) -> Response:
        """Give a certified version to the prosecutors. A session must have been signed in anew within minutes."""
        version = _version(request, schedule_id, number)
        bound(request)
        actions.submit(signed_in(request), version)
        return Response(VersionSerializer(version).data)


def bound(request: Request) -> None:
    """What binds needs a token made for it, or a fresh sign-in: a session left open is not enough."""
    if isinstance(request.auth, ApiToken):
        return
    try:
        require_fresh_sign_in(request._request)
    except ReauthenticationRequired as error:
        raise exceptions.PermissionDenied("Confirm who you are first: sign in again.") from error


_VERSION = "schedules/<uuid:schedule_id>/versions/<int:number>/"

urlpatterns = [
    path("cases/<uuid:case_id>/items/", ItemList.as_view(), name="api-items"),
    path("items/<uuid:item_id>/decisions/", Decisions.as_view(), name="api-decisions"),
    path("cases/<uuid:case_id>/schedules/", Schedules.as_view(), name="api-schedules"),
    path("schedules/<uuid:schedule_id>/", ScheduleDetail.as_view(), name="api-schedule"),
    path("schedules/<uuid:schedule_id>/rows/<uuid:row_id>/", RowDetail.as_view(), name="api-row"),
    path(_VERSION, VersionDetail.as_view(), name="api-version"),
    path(f"{_VERSION}send/", Send.as_view(), name="api-version-send"),
    path(f"{_VERSION}check/", Check.as_view(), name="api-version-check"),
    path(f"{_VERSION}return/", SendBack.as_view(), name="api-version-return"),
    path(f"{_VERSION}certify/", Certify.as_view(), name="api-version-certify"),
    path(f"{_VERSION}submit/", Submit.as_view(), name="api-version-submit"),
]
