"""API of the reviews of large sets: terms and hits, samples, and how much was examined."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.policy import require
from accounts.ui.request import signed_in
from cases.reads import looked
from disclosure import sampling, sampling_facts
from disclosure.api import SCOPES
from disclosure.api import _asked as asked_for
from disclosure.models import Sample, SetReview, SetStatement
from disclosure.views import case_or_404


class TermSerializer(serializers.Serializer):
    """A term as it may be read, and its hits in words."""

    number = serializers.IntegerField()
    term = serializers.CharField()
    why = serializers.CharField()
    chosen_by = serializers.CharField()
    hits = serializers.CharField()


class SampleSerializer(serializers.ModelSerializer):
    """A dip sample and which ones were drawn."""

    by = serializers.CharField(source="by.name", read_only=True)
    numbers = serializers.ListField(child=serializers.IntegerField(), read_only=True)

    class Meta:
        model = Sample
        fields = ("id", "unit", "population", "size", "seed", "numbers", "by", "at")
        read_only_fields = ("seed", "at")


class StatementSerializer(serializers.ModelSerializer):
    """A version of what is said of a set."""

    by = serializers.CharField(source="by.name", read_only=True)
    share = serializers.CharField(read_only=True)

    class Meta:
        model = SetStatement
        fields = (
            "number", "unit", "population", "examined", "share", "method", "sample", "parameters", "found", "rest_why", "terms",
            "by", "at",
        )  # fmt: skip
        read_only_fields = ("number", "terms", "at")


class SetSerializer(serializers.ModelSerializer):
    """A set."""

    class Meta:
        model = SetReview
        fields = ("id", "title", "at")


class NewSetSerializer(serializers.Serializer):
    """Which set: exhibits as on the page, by references; "AB/1/*" is all that begin so."""

    title = serializers.CharField(max_length=160)
    exhibits = serializers.CharField(max_length=20_000)


class SetDetailSerializer(SetSerializer):
    """A set with all that is said of it."""

    exhibits = serializers.SerializerMethodField()
    terms = serializers.SerializerMethodField()
    samples = SampleSerializer(many=True)
    statements = StatementSerializer(many=True)

    class Meta(SetSerializer.Meta):
        fields = (*SetSerializer.Meta.fields, "exhibits", "terms", "samples", "statements")  # type: ignore[assignment]

    def get_exhibits(self, review: SetReview) -> list[str]:
        return list(review.members.values_list("exhibit__reference", flat=True))

    @extend_schema(responses=TermSerializer(many=True))
    def get_terms(self, review: SetReview) -> list[dict[str, Any]]:
        return sampling_facts.terms_of(review)


class NewTermSerializer(serializers.Serializer):
    """A search term; `shown_as` stands for words that identify a complainant."""

    words = serializers.CharField(max_length=200)
    why = serializers.CharField(max_length=1000)
    chosen_by = serializers.CharField(max_length=160)
    shown_as = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class Sets(APIView):
    """The large sets of a case."""

    scopes = SCOPES

    @extend_schema(responses=SetSerializer(many=True), operation_id="sets_list")
    def get(self, request: Request, case_id: UUID) -> Response:
        """Those that you may see."""
        user = signed_in(request)
        reviews = SetReview.objects.seen_by(user).filter(case=case_or_404(user, case_id))
        return Response(SetSerializer(reviews, many=True).data)

    @extend_schema(request=NewSetSerializer, responses={201: SetSerializer}, operation_id="sets_begin")
    def post(self, request: Request, case_id: UUID) -> Response:
        """Begin with a set."""
        user = signed_in(request)
        case = case_or_404(user, case_id)
        require(user, "disclosure.decide", case)
        asked = asked_for(NewSetSerializer, request)
        made = sampling.begin(user, case, title=asked["title"], exhibits=sampling.exhibits_named(case, asked["exhibits"]))
        return Response(SetSerializer(made).data, status=status.HTTP_201_CREATED)


def _review(request: Request, review_id: UUID) -> SetReview:
    return get_object_or_404(SetReview.objects.seen_by(signed_in(request)).select_related("case"), pk=review_id)


class SetDetail(APIView):
    """One set."""

    scopes = SCOPES

    @extend_schema(responses=SetDetailSerializer, operation_id="sets_retrieve")
    def get(self, request: Request, review_id: UUID) -> Response:
        """Its terms with their hits, its samples, and every version of what is said of it."""
        review = _review(request, review_id)
        looked(signed_in(request), "set.viewed", review, review.case)
        return Response(SetDetailSerializer(review).data)


class Terms(APIView):
    """Search terms of a set."""

    scope = "disclosure.write"

    @extend_schema(request=NewTermSerializer, responses={201: TermSerializer(many=True)}, operation_id="sets_add_term")
    def post(self, request: Request, review_id: UUID) -> Response:
        """Add a term. Returns those that stand."""
        review = _review(request, review_id)
        sampling.add_term(signed_in(request), review, **asked_for(NewTermSerializer, request))
        return Response(sampling_facts.terms_of(review), status=status.HTTP_201_CREATED)


class Counts(APIView):
    """The search in stored files."""

    scope = "disclosure.write"

    @extend_schema(request=None, responses={202: None}, operation_id="sets_count")
    def post(self, request: Request, review_id: UUID) -> Response:
        """Have the terms counted by a worker."""
        sampling.ask_count(signed_in(request), _review(request, review_id))
        return Response(status=status.HTTP_202_ACCEPTED)


class Samples(APIView):
    """Dip samples of a set."""

    scope = "disclosure.write"

    @extend_schema(request=SampleSerializer, responses={201: SampleSerializer}, operation_id="sets_draw")
    def post(self, request: Request, review_id: UUID) -> Response:
        """Draw one; the seed is chosen here."""
        made = sampling.draw(signed_in(request), _review(request, review_id), **asked_for(SampleSerializer, request))
        return Response(SampleSerializer(made).data, status=status.HTTP_201_CREATED)


class Statements(APIView):
    """What is said of a set."""

    scope = "disclosure.write"

    @extend_schema(request=StatementSerializer, responses={201: StatementSerializer}, operation_id="sets_state")
    def post(self, request: Request, review_id: UUID) -> Response:
        """Record the next version."""
        made = sampling.state(signed_in(request), _review(request, review_id), **asked_for(StatementSerializer, request))
        return Response(StatementSerializer(made).data, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("cases/<uuid:case_id>/searches/", Sets.as_view(), name="api-searches"),
    path("searches/<uuid:review_id>/", SetDetail.as_view(), name="api-search"),
    path("searches/<uuid:review_id>/terms/", Terms.as_view(), name="api-search-terms"),
    path("searches/<uuid:review_id>/counts/", Counts.as_view(), name="api-search-counts"),
    path("searches/<uuid:review_id>/samples/", Samples.as_view(), name="api-search-samples"),
    path("searches/<uuid:review_id>/statements/", Statements.as_view(), name="api-search-statements"),
]
