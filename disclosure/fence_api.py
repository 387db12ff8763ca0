"""API of fenced exhibits: closing one, and each step of the route by which it is opened again or stays closed."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import KeysetPagination
from accounts.ui.request import signed_in
from cases.reads import looked
from disclosure import fencing
from disclosure.api import SCOPES
from disclosure.models import Fence, FenceStep, Item
from disclosure.views import case_or_404
from evidence.models import Exhibit


class FenceStepSerializer(serializers.ModelSerializer):
    """A step of the route, as it was recorded."""

    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = FenceStep
        fields = ("kind", "person", "body", "on", "reason", "by", "at")


class FenceSerializer(serializers.ModelSerializer):
    """Why an exhibit is closed to the team, and where it is in its route."""

    reference = serializers.CharField(source="exhibit.reference", read_only=True)
    by = serializers.CharField(source="by.name", read_only=True)
    standing = serializers.CharField(read_only=True)
    lifted = serializers.BooleanField(source="is_lifted", read_only=True)
    steps = FenceStepSerializer(many=True, read_only=True)

    class Meta:
        model = Fence
        fields = ("id", "exhibit", "reference", "item", "kind", "reason", "by", "at", "standing", "lifted", "steps")


class NewFenceSerializer(serializers.Serializer):
    """What it may be, and from what one thinks so; the item is the part that gave rise to it, if it was one."""

    kind = serializers.ChoiceField(choices=Fence.Kind.choices)
    reason = serializers.CharField(max_length=2000)
    item = serializers.PrimaryKeyRelatedField(queryset=Item.objects.none(), required=False, allow_null=True, default=None)

    def get_fields(self) -> dict[str, Any]:
        """The item is looked for in the exhibit that the request names."""
        fields: dict[str, Any] = super().get_fields()
        exhibit = self.context.get("exhibit")
        if isinstance(exhibit, Exhibit):
            fields["item"] = serializers.PrimaryKeyRelatedField(
                queryset=exhibit.items.all(), required=False, allow_null=True, default=None
            )
        return fields


class NewStepSerializer(serializers.Serializer):
    """The next step. Counsel and chambers for `instructed`; who took it over and their unit for `moved`; else a reason."""

    kind = serializers.ChoiceField(choices=FenceStep.Kind.choices)
    on = serializers.DateField()
    person = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    body = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)


def _fence(request: Request, fence_id: UUID) -> Fence:
    fences = Fence.objects.visible_to(signed_in(request)).with_step().select_related("exhibit__case", "by")
    return get_object_or_404(fences, pk=fence_id)


class _ByMoment(KeysetPagination):
    """A fence has no other moment than that it was raised."""

    ordering = ("at", "id")


class CaseFences(ListAPIView):
    """The fences of a case that you may see; those about what is above the marking are for fewer people."""

    pagination_class = _ByMoment
    scopes = SCOPES
    serializer_class = FenceSerializer

    def get_queryset(self) -> Any:
        """Lifted ones too: `lifted` says so."""
        if getattr(self, "swagger_fake_view", False):
            return Fence.objects.none()
        user = signed_in(self.request)
        case = case_or_404(user, self.kwargs["case_id"])
        looked(user, "fences.listed", case, case)
        fences = Fence.objects.visible_to(user).filter(exhibit__case=case).with_step()
        return fences.select_related("exhibit", "by").prefetch_related("steps__by")


class ExhibitFences(APIView):
    """Closing an exhibit to the team."""

    scope = "disclosure.write"

    @extend_schema(request=NewFenceSerializer, responses={201: FenceSerializer(many=True)}, operation_id="fences_create")
    def post(self, request: Request, exhibit_id: UUID) -> Response:
        """Nobody reads it from then on. What was made from it is closed too: each is a fence of its own."""
        user = signed_in(request)
        exhibit = get_object_or_404(Exhibit.objects.visible_to(user).select_related("case"), pk=exhibit_id)
        asked = NewFenceSerializer(data=request.data, context={"exhibit": exhibit})
        asked.is_valid(raise_exception=True)
        made = fencing.fence(user, exhibit, **asked.validated_data)
        return Response(FenceSerializer(made, many=True).data, status=status.HTTP_201_CREATED)


class FenceSteps(APIView):
    """The route of a fence."""

    scope = "disclosure.write"

    @extend_schema(request=NewStepSerializer, responses={201: FenceSerializer}, operation_id="fences_step")
    def post(self, request: Request, fence_id: UUID) -> Response:
        """Record what happened to it next."""
        fence = _fence(request, fence_id)
        asked = NewStepSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        fencing.take(signed_in(request), fence, **asked.validated_data)
        return Response(FenceSerializer(fence).data, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("cases/<uuid:case_id>/fences/", CaseFences.as_view(), name="api-fences"),
    path("exhibits/<uuid:exhibit_id>/fences/", ExhibitFences.as_view(), name="api-exhibit-fences"),
    path("fences/<uuid:fence_id>/steps/", FenceSteps.as_view(), name="api-fence-steps"),
]
