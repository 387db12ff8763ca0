"""API of what people say to each other of a document: remarks at a place, and the question to the disclosure officer.

Remarks may not repeat what is redacted (`redaction.remarks`). Whoever sees the document is given them; nobody while it is fenced.
"""

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
from cases.views import refuse_unless
from evidence.api import checked
from redaction import held, remarks
from redaction.api import document_of
from redaction.box_api import BoxField
from redaction.models import Document, Remark


class RemarkSerializer(serializers.ModelSerializer):
    """A remark or an answer to one. With a `release` it is its approver's, and must be settled before it goes back to them."""

    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = Remark
        fields = ("id", "page", "proposal", "box", "release", "answers", "settles", "text", "by", "at")


class NewRemarkSerializer(serializers.Serializer):
    """Something about a page (index from 0), a proposal on it, or an area of it."""

    page = serializers.IntegerField(min_value=0, max_value=1_000_000)
    proposal = serializers.UUIDField(required=False, allow_null=True, default=None)
    box = BoxField(required=False, allow_null=True, default=None)
    text = serializers.CharField(max_length=1000)
    for_release = serializers.BooleanField(required=False, default=False, help_text="As its approver: it must be settled")


class NewAnswerSerializer(serializers.Serializer):
    """An answer, that it is done, or both."""

    text = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)
    settles = serializers.BooleanField(required=False, default=False)


class TestQuestionSerializer(serializers.Serializer):
    """What the redactors want to know."""

    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class TestAnswerSerializer(serializers.Serializer):
    """The codes that may be redacted for the defence; the document's others must stay."""

    may = serializers.ListField(child=serializers.CharField(max_length=4), max_length=200)
    reason = serializers.CharField(max_length=300)


class TestLineSerializer(serializers.Serializer):
    """A code of the document's proposals. `may` is null before an answer."""

    code = serializers.CharField(source="category.code")
    all = serializers.IntegerField()
    redacted = serializers.IntegerField()
    may = serializers.BooleanField(allow_null=True)


class DisclosureTestSerializer(serializers.Serializer):
    """Whether any of it may meet the disclosure test, and what may be redacted for the defence all the same."""

    may_meet = serializers.BooleanField()
    asked = serializers.BooleanField(help_text="A question waits for an answer")
    in_the_way = serializers.IntegerField(help_text="Redactions that keep a copy from the defence")
    codes = TestLineSerializer(many=True)


def _standing(document: Document) -> dict[str, Any]:
    told = {
        "may_meet": bool(held.items(document)),
        "asked": held.open_question(document) is not None,
        "in_the_way": len(held.find([document.pk])),
        "codes": held.lines(document),
    }
    return dict(DisclosureTestSerializer(told).data)


class Remarks(APIView):
    """The remarks on a document."""

    scopes = {"GET": "redaction.read", "POST": "redaction.remark"}

    @extend_schema(responses=RemarkSerializer(many=True), operation_id="redaction_remarks")
    def get(self, request: Request, document_id: UUID) -> Response:
        """With their answers, the first first."""
        found = document_of(request, document_id).remarks.select_related("by").order_by("at", "id")
        return Response(RemarkSerializer(found, many=True).data)

    @extend_schema(request=NewRemarkSerializer, responses={201: RemarkSerializer}, operation_id="redaction_remarks_add")
    def post(self, request: Request, document_id: UUID) -> Response:
        """Say something at a place, without the words that are redacted there."""
        user, document = signed_in(request), document_of(request, document_id)
        refuse_unless(user, "redaction.remark", document)
        asked = checked(NewRemarkSerializer, request)
        proposal = get_object_or_404(document.proposals, pk=asked["proposal"]) if asked["proposal"] else None
        release = remarks.for_approver(user, document) if asked["for_release"] else None
        if asked["for_release"] and release is None:
            raise serializers.ValidationError({"for_release": "No copy of this document waits for your word"})
        made = remarks.remark(
            user, document, asked["text"], page=asked["page"], proposal=proposal, box=asked["box"], release=release
        )
        return Response(RemarkSerializer(made).data, status=status.HTTP_201_CREATED)


class RemarkAnswers(APIView):
    """Answers to a remark."""

    scope = "redaction.remark"

    @extend_schema(request=NewAnswerSerializer, responses={201: RemarkSerializer}, operation_id="redaction_remarks_answer")
    def post(self, request: Request, document_id: UUID, remark_id: UUID) -> Response:
        """Answer it, mark it done, or both."""
        user, document = signed_in(request), document_of(request, document_id)
        refuse_unless(user, "redaction.remark", document)
        found = get_object_or_404(document.remarks.select_related("document__case"), pk=remark_id)
        made = remarks.answer(user, found, **checked(NewAnswerSerializer, request))
        return Response(RemarkSerializer(made).data, status=status.HTTP_201_CREATED)


class DisclosureTest(APIView):
    """The disclosure test."""

    scope = "redaction.read"

    @extend_schema(responses=DisclosureTestSerializer, operation_id="redaction_test")
    def get(self, request: Request, document_id: UUID) -> Response:
        """What may be redacted for the defence."""
        return Response(_standing(document_of(request, document_id)))


class TestQuestions(APIView):
    """Asking."""

    scope = "redaction.decide"

    @extend_schema(request=TestQuestionSerializer, responses={201: DisclosureTestSerializer}, operation_id="redaction_test_ask")
    def post(self, request: Request, document_id: UUID) -> Response:
        """Ask the disclosure officer what may be redacted for the defence."""
        document = document_of(request, document_id)
        held.ask(signed_in(request), document, checked(TestQuestionSerializer, request)["note"])
        return Response(_standing(document), status=status.HTTP_201_CREATED)


class TestAnswers(APIView):
    """Answering."""

    scope = "redaction.answer"

    @extend_schema(request=TestAnswerSerializer, responses={201: DisclosureTestSerializer}, operation_id="redaction_test_answer")
    def post(self, request: Request, document_id: UUID) -> Response:
        """Say it, as the disclosure officer or their deputy."""
        document = document_of(request, document_id)
        held.answer(signed_in(request), document, **checked(TestAnswerSerializer, request))
        return Response(_standing(document), status=status.HTTP_201_CREATED)


_DOCUMENT = "redactions/<uuid:document_id>/"

urlpatterns: list[Any] = [
    path(f"{_DOCUMENT}remarks/", Remarks.as_view(), name="api-redaction-remarks"),
    path(f"{_DOCUMENT}remarks/<uuid:remark_id>/answers/", RemarkAnswers.as_view(), name="api-redaction-remark-answers"),
    path(f"{_DOCUMENT}disclosure-test/", DisclosureTest.as_view(), name="api-redaction-test"),
    path(f"{_DOCUMENT}disclosure-test/questions/", TestQuestions.as_view(), name="api-redaction-test-questions"),
    path(f"{_DOCUMENT}disclosure-test/answers/", TestAnswers.as_view(), name="api-redaction-test-answers"),
]
