"""API of bundles: what was made of a case, asking for another, and its bytes under a ticket."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import KeysetPagination
from accounts.ui.request import signed_in
from bundles import actions
from bundles.models import Bundle, BundleCheck
from cases.models import Case
from cases.reads import looked
from disclosure.api import bound
from evidence.api import EvidenceView, checked
from evidence.reading import MINUTES, serve, ticket_of
from redaction.models import Audience

SCOPES = {"GET": "bundles.read", "POST": "bundles.write"}


class BundleSerializer(serializers.ModelSerializer):
    """A bundle: for whom, in which state, and the hash of its zip."""

    asked_by = serializers.CharField(source="asked_by.name", read_only=True)
    name = serializers.CharField(read_only=True, help_text="Of the folder in the zip; says nothing of the case")

    class Meta:
        model = Bundle
        fields = (
            "id",
            "name",
            "audience",
            "purpose",
            "state",
            "message",
            "asked_by",
            "asked_at",
            "made_at",
            "size",
            "sha256",
            "events",
            "log_size",
        )


class BundleCheckSerializer(serializers.ModelSerializer):
    """One check of the stored zip."""

    class Meta:
        model = BundleCheck
        fields = ("at", "result", "found")


class BundleFileSerializer(serializers.Serializer):
    """One file of a bundle, as its bundle.json says."""

    kind = serializers.CharField()
    path = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()


class BundleDetailSerializer(BundleSerializer):
    """The same with what is in it, and whether it may still be handed out."""

    files = BundleFileSerializer(many=True, read_only=True)
    recalled = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="References of copies recalled since; then it can’t be opened"
    )
    disposed = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="References of what is disposed of, and this bundle’s file with it"
    )
    damaged = serializers.BooleanField(source="is_damaged", read_only=True)
    last_check = BundleCheckSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Bundle
        fields = (*BundleSerializer.Meta.fields, "files", "recalled", "disposed", "damaged", "last_check")


class NewBundleSerializer(serializers.Serializer):
    """Whom it is for, and what it is needed for."""

    audience = serializers.ChoiceField(choices=Audience.choices)
    purpose = serializers.CharField(max_length=300, help_text="Kept in the log")


class OpenBundleSerializer(serializers.Serializer):
    """What it is opened for."""

    purpose = serializers.CharField(max_length=300, help_text="Kept in the log")


class BundleTicketSerializer(serializers.Serializer):
    """Leave to read the zip for some minutes, whole or by ranges."""

    url = serializers.CharField()
    minutes = serializers.IntegerField()
    sha256 = serializers.CharField()


class _NewestFirst(KeysetPagination):
    ordering = ("-asked_at", "-id")


class _View(EvidenceView):
    scopes = SCOPES

    def case(self, case_id: UUID) -> Case:
        """The case, for somebody who takes part in its disclosure. 404 for others."""
        user = signed_in(self.request)
        found = get_object_or_404(Case.objects.visible_to(user), pk=case_id)
        if not user.has_perm("bundles.view", found):
            raise exceptions.NotFound
        return found

    def bundle(self, bundle_id: UUID | str) -> Bundle:
        """The bundle, likewise."""
        found = Bundle.objects.visible_to(signed_in(self.request)).select_related("case__organisation", "asked_by")
        return get_object_or_404(found, pk=bundle_id)


class CaseBundles(_View, ListAPIView):
    """The bundles of a case."""

    serializer_class = BundleSerializer
    pagination_class = _NewestFirst
    queryset = Bundle.objects.none()

    def get_queryset(self) -> Any:
        """Newest first."""
        return Bundle.objects.filter(case=self.case(self.kwargs["case_id"])).select_related("asked_by")

    @extend_schema(request=NewBundleSerializer, responses={202: BundleSerializer}, operation_id="case_bundles_create")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Have one made of what is released now; look at it until its state is "made". A session must have been signed in anew."""
        case = self.case(case_id)
        bound(request)
        made = actions.ask(signed_in(request), case, **checked(NewBundleSerializer, request))
        return Response(BundleSerializer(made).data, status=status.HTTP_202_ACCEPTED)


class BundleDetail(_View):
    """One bundle."""

    @extend_schema(responses=BundleDetailSerializer, operation_id="bundle_retrieve")
    def get(self, request: Request, bundle_id: UUID) -> Response:
        """With what is in it, and its last check."""
        found = self.bundle(bundle_id)
        looked(signed_in(request), "bundle.viewed", found, found.case)
        return Response(BundleDetailSerializer(found).data)


class BundleOpen(_View):
    """Opening a bundle."""

    scopes = {"POST": "bundles.open"}

    @extend_schema(request=OpenBundleSerializer, responses={201: BundleTicketSerializer}, operation_id="bundle_open")
    def post(self, request: Request, bundle_id: UUID) -> Response:
        """Say what for; the event is in the log before the address of its bytes is given."""
        bundle = self.bundle(bundle_id)
        ticket = actions.open_bundle(signed_in(request), bundle, checked(OpenBundleSerializer, request)["purpose"])
        url = request.build_absolute_uri(reverse("api-bundle-content", args=[ticket.id]))
        reply = {"url": url, "minutes": MINUTES, "sha256": bundle.sha256}
        return Response(BundleTicketSerializer(reply).data, status=status.HTTP_201_CREATED)


class BundleContent(_View):
    """The zip under a ticket."""

    scopes = {"GET": "bundles.open"}

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY}, operation_id="bundle_content")
    def get(self, request: Request, ticket_id: str) -> HttpResponseBase:
        """Whole or by ranges, to the person who opened it, while they take part in the case's disclosure."""
        ticket = ticket_of(signed_in(request).pk, ticket_id)
        if ticket.facts.object_type != "bundle":
            raise exceptions.NotFound
        bundle = self.bundle(ticket.facts.object_id)
        if bundle.recalled() or bundle.fenced() or bundle.disposed() or bundle.is_damaged():
            raise exceptions.NotFound
        return serve(request._request, ticket, inline=False)


urlpatterns = [
    path("cases/<uuid:case_id>/bundles/", CaseBundles.as_view(), name="api-bundles"),
    path("bundles/<uuid:bundle_id>/", BundleDetail.as_view(), name="api-bundle"),
    path("bundles/<uuid:bundle_id>/open/", BundleOpen.as_view(), name="api-bundle-open"),
    path("bundles/content/<str:ticket_id>/", BundleContent.as_view(), name="api-bundle-content"),
]
