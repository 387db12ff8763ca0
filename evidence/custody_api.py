"""API of custody: what happened to an exhibit, seals, and hand-overs, for systems that a store or a laboratory has."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from cases.reads import looked
from evidence import custody
from evidence.api import EvidenceView, checked, user_of
from evidence.models import CustodyEvent, Exhibit

SCOPES = {"GET": "exhibits.read", "POST": "custody.write"}


class CustodySerializer(serializers.ModelSerializer):
    """One entry of custody."""

    class Meta:
        model = CustodyEvent
        fields = (
            "id",
            "kind",
            "at",
            "recorded_at",
            "by",
            "to",
            "from_place",
            "to_place",
            "seal_before",
            "seal_after",
            "due_back",
            "condition",
            "purpose",
            "sha256",
        )


class _WhenSerializer(serializers.Serializer):
    condition = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    at = serializers.DateTimeField(required=False, help_text="When it happened, if earlier than now")


class SealSerializer(_WhenSerializer):
    """A seal that was put on. If there was one before, this is a re-seal, old to new."""

    number = serializers.CharField(max_length=40)
    purpose = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class OpenSealSerializer(_WhenSerializer):
    """A seal that was broken, and why."""

    purpose = serializers.CharField(max_length=300)


class HandOverSerializer(serializers.Serializer):
    """Whom it is offered to, and what for."""

    to = serializers.PrimaryKeyRelatedField(queryset=User.objects.none(), help_text="The receiver’s id")
    purpose = serializers.CharField(max_length=300)
    place = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    due_back = serializers.DateField(required=False, allow_null=True, default=None)
    condition = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        """The receiver is looked for among those who keep exhibits on the case."""
        fields: dict[str, serializers.Field] = super().get_fields()
        if isinstance(exhibit := self.context.get("exhibit"), Exhibit):
            receivers = User.objects.filter(pk__in=[person.pk for person in custody.receivers(exhibit)])
            fields["to"] = serializers.PrimaryKeyRelatedField(queryset=receivers)
        return fields


class AcceptSerializer(serializers.Serializer):
    """What the receiver sees on it."""

    seal = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    condition = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class DeclineSerializer(serializers.Serializer):
    """Why it is not taken."""

    reason = serializers.CharField(max_length=300)


class _View(EvidenceView):
    scopes = SCOPES

    def exhibit(self, exhibit_id: UUID) -> Exhibit:
        """The exhibit, for somebody on its case."""
        return get_object_or_404(Exhibit.objects.visible_to(user_of(self.request)).select_related("case"), pk=exhibit_id)

    def offer(self, offer_id: UUID) -> CustodyEvent:
        """The hand-over, for somebody on its case."""
        offers = CustodyEvent.objects.visible_to(user_of(self.request)).filter(kind=CustodyEvent.Kind.OFFERED)
        return get_object_or_404(offers.select_related("exhibit__case", "user", "to_user"), pk=offer_id)

    @staticmethod
    def made(event: CustodyEvent) -> Response:
        """The answer with the new entry."""
        return Response(CustodySerializer(event).data, status=status.HTTP_201_CREATED)


class ExhibitCustody(_View):
    """The custody of an exhibit."""

    @extend_schema(responses=CustodySerializer(many=True), operation_id="exhibit_custody_list")
    def get(self, request: Request, exhibit_id: UUID) -> Response:
        """Every entry, in the order they were recorded."""
        exhibit = self.exhibit(exhibit_id)
        looked(user_of(request), "exhibit.viewed", exhibit, exhibit.case)
        events = exhibit.custody.order_by("recorded_at")
        return Response(CustodySerializer(events, many=True).data)


class ExhibitSeals(_View):
    """Seals of an exhibit."""

    @extend_schema(request=SealSerializer, responses={201: CustodySerializer}, operation_id="exhibit_seal")
    def post(self, request: Request, exhibit_id: UUID) -> Response:
        """Record that a seal was put on."""
        return self.made(custody.seal(user_of(request), self.exhibit(exhibit_id), **checked(SealSerializer, request)))


class ExhibitSealOpening(_View):
    """Opening an exhibit's seal."""

    @extend_schema(request=OpenSealSerializer, responses={201: CustodySerializer}, operation_id="exhibit_open_seal")
    def post(self, request: Request, exhibit_id: UUID) -> Response:
        """Record that the seal was broken, and why."""
        return self.made(custody.open_seal(user_of(request), self.exhibit(exhibit_id), **checked(OpenSealSerializer, request)))


class ExhibitHandovers(_View):
    """Hand-overs of an exhibit."""

    @extend_schema(request=HandOverSerializer, responses={201: CustodySerializer}, operation_id="exhibit_hand_over")
    def post(self, request: Request, exhibit_id: UUID) -> Response:
        """Offer it to somebody on the case, who then accepts or declines."""
        exhibit = self.exhibit(exhibit_id)
        return self.made(custody.hand_over(user_of(request), exhibit, **checked(HandOverSerializer, request, exhibit=exhibit)))


class HandoverAccept(_View):
    """Accepting a hand-over."""

    @extend_schema(request=AcceptSerializer, responses={201: CustodySerializer}, operation_id="handover_accept")
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Take it over, with the number of the seal that is on it."""
        return self.made(custody.accept(user_of(request), self.offer(offer_id), **checked(AcceptSerializer, request)))


class HandoverDecline(_View):
    """Declining a hand-over."""

    @extend_schema(request=DeclineSerializer, responses={201: CustodySerializer}, operation_id="handover_decline")
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Leave it where it is, and say why."""
        return self.made(custody.decline(user_of(request), self.offer(offer_id), **checked(DeclineSerializer, request)))


urlpatterns = [
    path("exhibits/<uuid:exhibit_id>/custody/", ExhibitCustody.as_view(), name="api-custody"),
    path("exhibits/<uuid:exhibit_id>/seals/", ExhibitSeals.as_view(), name="api-seals"),
    path("exhibits/<uuid:exhibit_id>/seals/open/", ExhibitSealOpening.as_view(), name="api-open-seal"),
    path("exhibits/<uuid:exhibit_id>/handovers/", ExhibitHandovers.as_view(), name="api-handovers"),
    path("handovers/<uuid:offer_id>/accept/", HandoverAccept.as_view(), name="api-accept"),
    path("handovers/<uuid:offer_id>/decline/", HandoverDecline.as_view(), name="api-decline"),
]
