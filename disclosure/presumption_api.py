"""API of presumption material and of copies that the prosecutor is owed."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.ui.request import signed_in
from cases.reads import looked
from disclosure import presumed, presumption
from disclosure.api import SCOPES
from disclosure.api import _asked as asked_for
from disclosure.models import Item, PresumptionCategory, SuppliedCopy
from disclosure.views import case_or_404, items_seen


class StandingSerializer(serializers.Serializer):
    """A category that an item was proposed for or that somebody answered. `holds` is null while nobody has."""

    category = serializers.CharField(source="category.code")
    title = serializers.CharField(source="category.title")
    presumed = serializers.BooleanField(source="category.presumed")
    proposed = serializers.BooleanField()
    because = serializers.CharField()
    holds = serializers.BooleanField(allow_null=True)
    reason = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)


class AnswerSerializer(serializers.Serializer):
    """A person's answer. To take a confirmation back needs a reason."""

    category = serializers.SlugRelatedField("code", queryset=PresumptionCategory.objects.filter(is_active=True))
    holds = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000, required=False, default="")


class Presumptions(APIView):
    """Whether an item is presumption material."""

    scopes = SCOPES

    @extend_schema(responses=StandingSerializer(many=True), operation_id="presumption_list")
    def get(self, request: Request, item_id: UUID) -> Response:
        """What was proposed and answered; what is still open first."""
        item = self._item(request, item_id)
        looked(signed_in(request), "item.viewed", item, item.exhibit.case)
        return Response(StandingSerializer(presumed.of_item(item), many=True).data)

    @extend_schema(request=AnswerSerializer, responses={201: StandingSerializer(many=True)}, operation_id="presumption_answer")
    def post(self, request: Request, item_id: UUID) -> Response:
        """Confirm or decline; what is confirmed is disclosed by presumption until it is rebutted with a reason."""
        item = self._item(request, item_id)
        presumption.answer(signed_in(request), item, **asked_for(AnswerSerializer, request))
        return Response(StandingSerializer(presumed.of_item(item), many=True).data, status=status.HTTP_201_CREATED)

    def _item(self, request: Request, item_id: UUID) -> Item:
        return get_object_or_404(Item.objects.visible_to(signed_in(request)).select_related("exhibit__case"), pk=item_id)


class OwedSerializer(serializers.Serializer):
    """An item whose copy goes along with the schedule, and why."""

    item = serializers.UUIDField(source="item.pk")
    reference = serializers.CharField(source="item.exhibit.reference")
    why = serializers.CharField()


class SuppliedSerializer(serializers.ModelSerializer):
    """A copy that a prosecutor has."""

    reference = serializers.CharField(source="item.exhibit.reference")
    by = serializers.CharField(source="by.name")

    class Meta:
        model = SuppliedCopy
        fields = ("item", "reference", "to", "on", "how", "by", "at")


class CopiesSerializer(serializers.Serializer):
    """Copies that accompany revelation."""

    owed = OwedSerializer(many=True)
    supplied = SuppliedSerializer(many=True)


class SupplySerializer(serializers.Serializer):
    """Copies that were given to a prosecutor."""

    items = serializers.ListField(child=serializers.UUIDField(), max_length=500)
    to = serializers.CharField(max_length=160)
    on = serializers.DateField()
    how = serializers.CharField(max_length=200, required=False, default="")


class Copies(APIView):
    """Copies that the prosecutor is owed, and those supplied."""

    scopes = SCOPES

    @extend_schema(responses=CopiesSerializer, operation_id="copies_list")
    def get(self, request: Request, case_id: UUID) -> Response:
        """All of them; of sensitive items only for those who see an MG6D."""
        user = signed_in(request)
        case = case_or_404(user, case_id)
        looked(user, "copies.viewed", case, case)
        items = items_seen(user, case)
        supplied = SuppliedCopy.objects.standing().filter(item__in=items).select_related("item__exhibit", "by")
        found: dict[str, Any] = {
            "owed": presumed.with_reasons(presumed.owed(items).select_related("exhibit").order_by("created_at", "id")),
            "supplied": supplied,
        }
        return Response(CopiesSerializer(found).data)

    @extend_schema(request=SupplySerializer, responses={201: CopiesSerializer}, operation_id="copies_supply")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Record copies as supplied."""
        user = signed_in(request)
        presumption.supply(user, case_or_404(user, case_id), **asked_for(SupplySerializer, request))
        answer = self.get(request, case_id)
        answer.status_code = status.HTTP_201_CREATED
        return answer


urlpatterns = [
    path("items/<uuid:item_id>/presumption/", Presumptions.as_view(), name="api-presumption"),
    path("cases/<uuid:case_id>/copies/", Copies.as_view(), name="api-disclosure-copies"),
]
