"""API of the editor: a document's pages, boxes drawn, moved and merged, all that says the same at once, undo and redo.

What is decided says who is signed in or whose token it is. A page's picture and words are given under a ticket, whose event is in
the log before the first of them.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

import vault
from accounts.models import User
from accounts.ui.request import signed_in
from cases.views import refuse_unless
from evidence.api import EvidenceView, checked
from evidence.opening import facts_of
from evidence.reading import MINUTES, Ticket, open_for_reading, ticket_of
from redaction import boxes, deciding, frames, groups, searching, words
from redaction.api import MOST, ProposalSerializer, document_of
from redaction.models import Document, Page, Proposal, ProposalDecision
from vault.http import Content, guard

_PURPOSE = "Redaction"


class BoxField(serializers.ListField):
    """Left, top, right, bottom in points from the page's top left."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.FloatField(), min_length=4, max_length=4, **kwargs)


class PageSerializer(serializers.Serializer):
    """A page (index from 0), and how much is proposed and still to be decided on it."""

    index = serializers.IntegerField()
    width = serializers.FloatField(help_text="Points")
    height = serializers.FloatField()
    all = serializers.IntegerField()
    open = serializers.IntegerField()


class DocumentSerializer(serializers.Serializer):
    """A document that is redacted. While it is being read its pages come one by one."""

    id = serializers.UUIDField(source="pk")
    case = serializers.UUIDField(source="case_id")
    exhibit = serializers.UUIDField(source="exhibit_id")
    source_sha256 = serializers.CharField(source="source.sha256")
    state = serializers.CharField(help_text=f"One of {', '.join(Document.State.values)}")
    message = serializers.CharField(help_text="Why it can’t be redacted here")
    detector = serializers.CharField()
    pages = serializers.SerializerMethodField()

    @extend_schema(responses=PageSerializer(many=True))
    def get_pages(self, document: Document) -> list[dict[str, Any]]:
        """In order."""
        sizes = {page.index: page for page in document.pages.all()}
        return [
            {"index": row["index"], "width": sizes[row["index"]].width, "height": sizes[row["index"]].height}
            | {"all": row["all"], "open": row["open"]}
            for row in frames.page_list(document)
        ]


class PageTicketSerializer(serializers.Serializer):
    """Leave to read the document's pages for some minutes."""

    ticket = serializers.CharField()
    minutes = serializers.IntegerField()


class PurposeSerializer(serializers.Serializer):
    """What the pages are read for."""

    purpose = serializers.CharField(max_length=300, help_text="Kept in the log")


class PageWordsSerializer(serializers.Serializer):
    """A page's words and the box of each of their letters (null: none), which proposals count from 0."""

    text = serializers.CharField()
    boxes = serializers.ListField(child=BoxField(allow_null=True))


class NewBoxSerializer(serializers.Serializer):
    """A box to be redacted. `act`: an id of yours: sent again under it, it is refused as done already."""

    page = serializers.IntegerField(min_value=0, max_value=1_000_000)
    box = BoxField()
    code = serializers.CharField(max_length=4)
    act = serializers.UUIDField(required=False, allow_null=True, default=None)


class MoveSerializer(serializers.Serializer):
    """Where it is to be instead. `seen` as with decisions; a reason where letters come free that policy redacts."""

    boxes = serializers.ListField(child=BoxField(), min_length=1, max_length=200)
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    seen = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)
    act = serializers.UUIDField(required=False, allow_null=True, default=None)


class SeenSerializer(serializers.Serializer):
    """A proposal, and the decision that held when it was chosen (0: none)."""

    proposal = serializers.UUIDField()
    seen = serializers.IntegerField(min_value=0, required=False, allow_null=True, default=None)


class MergeSerializer(serializers.Serializer):
    """Boxes of one page to be redacted as one; a code left out is the first one's."""

    proposals = serializers.ListField(child=SeenSerializer(), min_length=2, max_length=200)
    code = serializers.CharField(max_length=4, required=False, default="")
    act = serializers.UUIDField(required=False, allow_null=True, default=None)


class AreaSerializer(serializers.Serializer):
    """What is kept of a page."""

    page = serializers.IntegerField(min_value=0, max_value=1_000_000)
    boxes = serializers.ListField(child=BoxField(), min_length=1, max_length=200)


class KeepOnlySerializer(serializers.Serializer):
    """All but these areas is redacted, on their pages or in the whole document."""

    areas = serializers.ListField(child=AreaSerializer(), min_length=1, max_length=MOST)
    code = serializers.CharField(max_length=4)
    whole = serializers.BooleanField(required=False, default=False)
    act = serializers.UUIDField(required=False, allow_null=True, default=None)


class WordsSerializer(serializers.Serializer):
    """Words to look for; `inside`: also within longer words."""

    words = serializers.CharField(source="wanted", max_length=200)
    inside = serializers.BooleanField(required=False, default=False)


class PlaceSerializer(serializers.Serializer):
    """A place where they stand, and what covers it already."""

    place = serializers.CharField(source="key")
    page = serializers.IntegerField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    boxes = serializers.ListField(child=BoxField())
    proposal = serializers.UUIDField(source="proposal.pk", allow_null=True, default=None)
    redacted = serializers.BooleanField()


class RedactFoundSerializer(WordsSerializer):
    """Redact them at these places (null: wherever they stand), or keep only these, on their pages or in the whole document."""

    code = serializers.CharField(max_length=4)
    places = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=searching.MOST, allow_null=True, default=None
    )
    keep = serializers.ChoiceField(choices=["page", "document"], required=False, default="", allow_blank=True)


class GroupSerializer(serializers.Serializer):
    """Proposals that say the same. `said` is a keyed hash of the words: equal words of a case have equal ones."""

    said = serializers.CharField()
    all = serializers.IntegerField()
    open = serializers.IntegerField()
    redacted = serializers.IntegerField()
    kept = serializers.IntegerField()
    both_ways = serializers.BooleanField(help_text="Redacted in one place and kept in another")
    certainty = serializers.CharField(help_text="How sure the least sure of them is")
    codes = serializers.ListField(child=serializers.CharField(), help_text="Categories that hold")
    people = serializers.ListField(child=serializers.UUIDField(), help_text="Whom of the case it is about")


class DecideGroupSerializer(serializers.Serializer):
    """What is to hold of all that says the same; `also_decided`: of what is decided otherwise too."""

    said = serializers.CharField(max_length=64)
    verdict = serializers.CharField(help_text=f"{', '.join(deciding.DECIDED)}, or before: as elsewhere in the case")
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    also_decided = serializers.BooleanField(required=False, default=False)


class ActSerializer(serializers.Serializer):
    """One act: its id, which undo takes back, and how many decisions it made."""

    act = serializers.UUIDField(allow_null=True, help_text="null: there was nothing to decide")
    decisions = serializers.IntegerField()


def _act(made: Sequence[ProposalDecision]) -> Response:
    told = {"act": made[0].act if made else None, "decisions": len(made)}
    return Response(ActSerializer(told).data, status=status.HTTP_201_CREATED)


def _made(proposal: Proposal) -> Response:
    found = Proposal.objects.with_decision().get(pk=proposal.pk)
    return Response(ProposalSerializer(found).data, status=status.HTTP_201_CREATED)


class _Of(EvidenceView):
    """Of one document."""

    scopes = {"GET": "redaction.read", "POST": "redaction.decide"}

    def mine(self) -> tuple[User, Document]:
        """The document, for somebody who decides in it. 404 for those who don't see it, 403 for the rest."""
        user, document = signed_in(self.request), document_of(self.request, self.kwargs["document_id"])
        refuse_unless(user, "redaction.decide", document)
        return user, document

    def proposal(self, document: Document, proposal_id: UUID) -> Proposal:
        """One of its proposals."""
        found: Proposal = get_object_or_404(document.proposals.select_related("document__case"), pk=proposal_id)
        return found


class DocumentDetail(_Of):
    """One document."""

    @extend_schema(responses=DocumentSerializer, operation_id="redaction_document")
    def get(self, request: Request, document_id: UUID) -> Response:
        """With its pages and what is left on each."""
        return Response(DocumentSerializer(document_of(request, document_id)).data)


class OpenPages(_Of):
    """Opening a document's pages."""

    scopes = {"POST": "redaction.open"}

    @extend_schema(request=PurposeSerializer, responses={201: PageTicketSerializer}, operation_id="redaction_open")
    def post(self, request: Request, document_id: UUID) -> Response:
        """Say what for; the event is in the log before a page is given."""
        user, document = signed_in(request), document_of(request, document_id)
        refuse_unless(user, "evidence.open", document.source)
        purpose = checked(PurposeSerializer, request)["purpose"]
        ticket = open_for_reading(user.as_actor(), facts_of(document.source), f"{_PURPOSE} of {document.exhibit}: {purpose}")
        return Response({"ticket": ticket.id, "minutes": MINUTES}, status=status.HTTP_201_CREATED)


class _UnderTicket(_Of):
    """What a document holds, to the person who opened it."""

    scopes = {"GET": "redaction.open", "POST": "redaction.open"}

    def opened(self) -> tuple[Document, Ticket]:
        """404 without one's own ticket for this document, or when its time is over."""
        document = document_of(self.request, self.kwargs["document_id"])
        ticket = ticket_of(signed_in(self.request).pk, self.kwargs["ticket_id"])
        if ticket.facts.object_id != str(document.source_id):
            raise NotFound
        return document, ticket

    def page(self) -> tuple[Page, Ticket]:
        """One of its pages."""
        document, ticket = self.opened()
        page = get_object_or_404(Page, document=document, index=self.kwargs["index"])
        page.document = document
        return page, ticket


class PageImage(_UnderTicket):
    """A page's picture."""

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY}, operation_id="redaction_page_image")
    def get(self, request: Request, document_id: UUID, ticket_id: str, index: int) -> HttpResponseBase:
        """As the editor shows it (PNG)."""
        page, ticket = self.page()
        picture = b"".join(vault.store().read(page.image_key, page.image_version))
        name = f"{page.document.exhibit.reference} page {index + 1}.png"
        shown = Content(vault.store(), "", "", len(picture), ticket.facts.sha256, name, "image/png")
        return guard(HttpResponse(picture), shown, inline=True)


class PageText(_UnderTicket):
    """A page's words."""

    @extend_schema(responses=PageWordsSerializer, operation_id="redaction_page_words")
    def get(self, request: Request, document_id: UUID, ticket_id: str, index: int) -> Response:
        """Letter by letter, so that another detector can say which it means."""
        read = words.page_words(self.page()[0])
        told: dict[str, Any] = {"text": read.text, "boxes": [b.as_data() if b else None for b in read.boxes]} if read else {}
        return Response({"text": "", "boxes": []} | told)


class Search(_UnderTicket):
    """Where words stand."""

    @extend_schema(request=WordsSerializer, responses=PlaceSerializer(many=True), operation_id="redaction_search")
    def post(self, request: Request, document_id: UUID, ticket_id: str) -> Response:
        """In reading order, however they are written: case, accents, spaces and line breaks don't count."""
        document, _ = self.opened()
        return Response(PlaceSerializer(searching.find(document, **checked(WordsSerializer, request)), many=True).data)


class RedactFound(_Of):
    """Words wherever they stand."""

    @extend_schema(request=RedactFoundSerializer, responses={201: ActSerializer}, operation_id="redaction_redact_found")
    def post(self, request: Request, document_id: UUID) -> Response:
        """Redact them there; or everything but them, on their pages or in the document."""
        user, document = self.mine()
        asked = checked(RedactFoundSerializer, request)
        keep, code, places = asked.pop("keep"), asked.pop("code"), asked.pop("places")
        wanted, inside, chosen = asked["wanted"], asked["inside"], None if places is None else set(places)
        if not keep:
            done = searching.redact_found(user, document, wanted, code, chosen=chosen, inside=inside)
        else:
            kept = {"chosen": chosen or set(), "inside": inside, "whole": keep == "document"}
            done = searching.keep_only_found(user, document, wanted, code, **kept)
        return _act(done.decisions)


class Boxes(_Of):
    """Boxes drawn by hand."""

    @extend_schema(request=NewBoxSerializer, responses={201: ProposalSerializer}, operation_id="redaction_boxes_draw")
    def post(self, request: Request, document_id: UUID) -> Response:
        """Draw a box and redact what is in it."""
        user, document = self.mine()
        asked = checked(NewBoxSerializer, request)
        return _made(deciding.draw(user, document, asked["page"], asked["box"], asked["code"], act=asked["act"]))


class Move(_Of):
    """A box in another place."""

    @extend_schema(request=MoveSerializer, responses={201: ProposalSerializer}, operation_id="redaction_boxes_move")
    def post(self, request: Request, document_id: UUID, proposal_id: UUID) -> Response:
        """Redact there instead: the answer is the box that takes its place."""
        user, document = self.mine()
        asked = checked(MoveSerializer, request)
        return _made(boxes.move(user, self.proposal(document, proposal_id), asked.pop("boxes"), **asked))


class Merge(_Of):
    """Several boxes as one."""

    @extend_schema(request=MergeSerializer, responses={201: ProposalSerializer}, operation_id="redaction_boxes_merge")
    def post(self, request: Request, document_id: UUID) -> Response:
        """One a line; the answer is the box that takes their place."""
        user, document = self.mine()
        asked = checked(MergeSerializer, request)
        chosen = {self.proposal(document, one["proposal"]): one["seen"] for one in asked["proposals"]}
        seen = {proposal: decision for proposal, decision in chosen.items() if decision is not None}
        made = boxes.merge(user, document, list(chosen), category=asked["code"] or None, seen=seen, act=asked["act"])
        return _made(made)


class KeepOnly(_Of):
    """The other way about."""

    @extend_schema(request=KeepOnlySerializer, responses={201: ActSerializer}, operation_id="redaction_keep_only")
    def post(self, request: Request, document_id: UUID) -> Response:
        """Redact everything but these areas."""
        user, document = self.mine()
        asked = checked(KeepOnlySerializer, request)
        areas: dict[int, list[list[float]]] = {}
        for area in asked["areas"]:
            areas.setdefault(area["page"], []).extend(area["boxes"])
        return _act(boxes.keep_only(user, document, areas, asked["code"], whole=asked["whole"], act=asked["act"]).decisions)


class Groups(_Of):
    """All that says the same."""

    @extend_schema(responses=GroupSerializer(many=True), operation_id="redaction_groups")
    def get(self, request: Request, document_id: UUID) -> Response:
        """What is to decide first, then the most frequent. Boxes over pictures say nothing and are in none."""
        return Response(GroupSerializer(groups.counted(document_of(request, document_id)), many=True).data)

    @extend_schema(request=DecideGroupSerializer, responses={201: ActSerializer}, operation_id="redaction_groups_decide")
    def post(self, request: Request, document_id: UUID) -> Response:
        """Decide it in the document."""
        user, document = self.mine()
        asked = checked(DecideGroupSerializer, request)
        if asked["verdict"] == "before":
            return _act(deciding.decide_as_before(user, document, asked["said"]).decisions)
        return _act(deciding.decide_group(user, document, **asked).decisions)


class AsBefore(_Of):
    """What the case remembers."""

    @extend_schema(request=None, responses={201: ActSerializer}, operation_id="redaction_as_before")
    def post(self, request: Request, document_id: UUID) -> Response:
        """Decide what is undecided as the same words were decided in the case's other documents, where they all agree."""
        return _act(deciding.decide_as_before(*self.mine()).decisions)


class Undo(_Of):
    """Taking back."""

    @extend_schema(request=None, responses={201: ActSerializer}, operation_id="redaction_undo")
    def post(self, request: Request, document_id: UUID) -> Response:
        """Your own last act here: each proposal is decided as it was before it."""
        return _act(deciding.undo(*self.mine()).decisions)


class Redo(_Of):
    """Doing again."""

    @extend_schema(request=None, responses={201: ActSerializer}, operation_id="redaction_redo")
    def post(self, request: Request, document_id: UUID) -> Response:
        """What you undid last."""
        return _act(deciding.redo(*self.mine()).decisions)


_DOCUMENT = "redactions/<uuid:document_id>/"
_PAGE = f"{_DOCUMENT}tickets/<str:ticket_id>/pages/<int:index>/"

urlpatterns: list[Any] = [
    path(_DOCUMENT, DocumentDetail.as_view(), name="api-redaction-document"),
    path(f"{_DOCUMENT}open/", OpenPages.as_view(), name="api-redaction-open"),
    path(f"{_PAGE}image/", PageImage.as_view(), name="api-redaction-image"),
    path(f"{_PAGE}words/", PageText.as_view(), name="api-redaction-words"),
    path(f"{_DOCUMENT}tickets/<str:ticket_id>/search/", Search.as_view(), name="api-redaction-search"),
    path(f"{_DOCUMENT}redact-found/", RedactFound.as_view(), name="api-redaction-redact-found"),
    path(f"{_DOCUMENT}boxes/", Boxes.as_view(), name="api-redaction-boxes"),
    path(f"{_DOCUMENT}proposals/<uuid:proposal_id>/move/", Move.as_view(), name="api-redaction-move"),
    path(f"{_DOCUMENT}merge/", Merge.as_view(), name="api-redaction-merge"),
    path(f"{_DOCUMENT}keep-only/", KeepOnly.as_view(), name="api-redaction-keep-only"),
    path(f"{_DOCUMENT}groups/", Groups.as_view(), name="api-redaction-groups"),
    path(f"{_DOCUMENT}as-before/", AsBefore.as_view(), name="api-redaction-as-before"),
    path(f"{_DOCUMENT}undo/", Undo.as_view(), name="api-redaction-undo"),
    path(f"{_DOCUMENT}redo/", Redo.as_view(), name="api-redaction-redo"),
]
