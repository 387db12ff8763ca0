"""API of this room: cases, people (identities go in, never out), team."""

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

from accounts.models import Organisation, User
from accounts.ui.request import signed_in
from cases import actions, reads
from cases.models import Case, OffenceCode, Person, TeamMember

SCOPES = {"GET": "cases.read", "POST": "cases.write"}


class CaseSerializer(serializers.ModelSerializer):
    """A case as its team sees it."""

    organisation = serializers.CharField(source="organisation.name", read_only=True)
    cps_area = serializers.CharField(source="cps_area.name", read_only=True, default=None)
    offences = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = ("id", "crime_number", "urn", "operation", "state", "organisation", "cps_area", "offences", "created_at")

    def get_offences(self, case: Case) -> list[str]:
        return [str(offence.code) for offence in case.offences.all()]


class NewCaseSerializer(serializers.Serializer):
    """What opens a case."""

    crime_number = serializers.CharField(max_length=40)
    urn = serializers.CharField(max_length=15, required=False, default="")
    operation = serializers.CharField(max_length=60, required=False, default="")
    offence_code = serializers.SlugRelatedField(
        slug_field="cjs_code", queryset=OffenceCode.objects.filter(is_active=True).exclude(cjs_code="")
    )
    cps_area = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.filter(kind=Organisation.Kind.CPS_AREA, is_active=True), required=False, default=None
    )


class PersonSerializer(serializers.ModelSerializer):
    """A person under the name that the team sees. `identity` can be sent; it is never returned."""

    identity = serializers.DictField(write_only=True, required=False)

    class Meta:
        model = Person
        fields = ("id", "kind", "label", "identity", "created_at")
        read_only_fields = ("id", "created_at")
        extra_kwargs = {"label": {"required": False, "help_text": "For a complainant the next pseudonym if left out"}}
        # Uniqueness within the case is the action's to say
        validators: list[Any] = []


class MemberSerializer(serializers.ModelSerializer):
    """Somebody on the team."""

    member = serializers.PrimaryKeyRelatedField(source="user", queryset=User.objects.filter(is_active=True))
    name = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = TeamMember
        fields = ("id", "member", "name", "role", "added_at", "left_at")
        read_only_fields = ("id", "added_at", "left_at")
        validators: list[Any] = []


class ReasonSerializer(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=300)


def _case(request: Request, case_id: UUID) -> Case:
    found: Case = get_object_or_404(_cases(signed_in(request)), pk=case_id)
    return found


def _cases(user: User) -> Any:
    visible = Case.objects.visible_to(user).select_related("organisation", "cps_area")
    return visible.prefetch_related("offences__code")


class CaseList(ListAPIView):
    """The cases whose team you are on; POST opens one."""

    scopes = SCOPES
    serializer_class = CaseSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Case.objects.none()
        return _cases(signed_in(self.request))

    @extend_schema(request=NewCaseSerializer, responses={201: CaseSerializer}, operation_id="cases_create")
    def post(self, request: Request) -> Response:
        """Open a case in your own force."""
        asked = NewCaseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        case = actions.create_case(signed_in(request), **asked.validated_data)
        return Response(CaseSerializer(case).data, status=status.HTTP_201_CREATED)


class CaseDetail(APIView):
    """One case."""

    scopes = SCOPES

    @extend_schema(responses=CaseSerializer, operation_id="cases_retrieve")
    def get(self, request: Request, case_id: UUID) -> Response:
        """A case whose team you are on."""
        case = _case(request, case_id)
        reads.looked(signed_in(request), "case.viewed", case, case)
        return Response(CaseSerializer(case).data)


class People(APIView):
    """The people in a case."""

    scopes = SCOPES

    @extend_schema(responses=PersonSerializer(many=True), operation_id="people_list")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Under the names that the team sees."""
        case = _case(request, case_id)
        reads.looked(signed_in(request), "people.viewed", case, case)
        return Response(PersonSerializer(case.people.all(), many=True).data)

    @extend_schema(request=PersonSerializer, responses={201: PersonSerializer}, operation_id="people_create")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Add a person; a complainant under a pseudonym."""
        case = _case(request, case_id)
        asked = PersonSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        kind, label = asked.validated_data["kind"], asked.validated_data.get("label", "")
        if kind == Person.Kind.COMPLAINANT and not label:
            label = actions.next_complainant(case)
        identity = asked.validated_data.get("identity")
        person = actions.add_person(signed_in(request), case, kind=kind, label=label, identity=identity)
        return Response(PersonSerializer(person).data, status=status.HTTP_201_CREATED)


class Team(APIView):
    """Who is on a case, and who was."""

    scopes = SCOPES

    @extend_schema(responses=MemberSerializer(many=True), operation_id="team_list")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Every membership, ended ones too."""
        return Response(MemberSerializer(_case(request, case_id).team.select_related("user"), many=True).data)

    @extend_schema(request=MemberSerializer, responses={201: MemberSerializer}, operation_id="team_create")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Put somebody on the team in a role to which an admin has appointed them."""
        case = _case(request, case_id)
        asked = MemberSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        member, role = asked.validated_data["user"], asked.validated_data["role"]
        membership = actions.add_team_member(signed_in(request), case, member, role)
        return Response(MemberSerializer(membership).data, status=status.HTTP_201_CREATED)


class EndMembership(APIView):
    """The end of a membership."""

    scope = "cases.write"

    @extend_schema(request=ReasonSerializer, responses=MemberSerializer, operation_id="team_end")
    def post(self, request: Request, case_id: UUID, membership_id: UUID) -> Response:
        """Take somebody off the team, for a reason."""
        membership = get_object_or_404(_case(request, case_id).team, pk=membership_id)
        asked = ReasonSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        ended = actions.end_membership(signed_in(request), membership, asked.validated_data["reason"])
        return Response(MemberSerializer(ended).data)


urlpatterns = [
    path("cases/", CaseList.as_view(), name="api-cases"),
    path("cases/<uuid:case_id>/", CaseDetail.as_view(), name="api-case"),
    path("cases/<uuid:case_id>/people/", People.as_view(), name="api-people"),
    path("cases/<uuid:case_id>/team/", Team.as_view(), name="api-team"),
    path("cases/<uuid:case_id>/team/<uuid:membership_id>/end/", EndMembership.as_view(), name="api-end-membership"),
]
