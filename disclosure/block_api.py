"""API of blocks: many similar items listed as one row of a schedule, and what becomes of them before it is certified."""

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
from disclosure import blocks, manifests
from disclosure.api import SCOPES
from disclosure.models import Block
from disclosure.views import case_or_404


class BlockSerializer(serializers.ModelSerializer):
    """A block's words, as they are now."""

    class Meta:
        model = Block
        fields = ("id", "sensitivity", "title", "location", "why", "at")


class BlockDetailSerializer(BlockSerializer):
    """With its items, how many they are, and from when to when; none once it is dissolved."""

    holds = serializers.SerializerMethodField()

    class Meta(BlockSerializer.Meta):
        fields = (*BlockSerializer.Meta.fields, "holds")  # type: ignore[assignment]

    @extend_schema(responses=serializers.DictField)
    def get_holds(self, block: Block) -> dict[str, Any] | None:
        said = manifests.said([block.pk]).get(block.pk)
        ids = block.places.standing().order_by("item__exhibit__created_at", "item__created_at", "item_id")
        if said is None:
            return None
        keyed = zip(said["items"], ids.values_list("item_id", flat=True), strict=True)
        return {name: said[name] for name in ("quantity", "from", "to")} | {"items": [item | {"item": key} for item, key in keyed]}


class BlockWordsSerializer(serializers.Serializer):
    """What the items are, where they are kept, and why they are listed as a block."""

    title = serializers.CharField(max_length=8000)
    location = serializers.CharField(max_length=200)
    why = serializers.CharField(max_length=2000)


class NewBlockSerializer(BlockWordsSerializer):
    """The items too."""

    items = serializers.ListField(child=serializers.UUIDField(), min_length=blocks.LEAST, max_length=blocks.MOST)


class TakeOutSerializer(serializers.Serializer):
    """Which items leave."""

    items = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=blocks.MOST)


class BlockPagination(KeysetPagination):
    """The newest first."""

    ordering = ("-at", "-id")


class BlockList(ListAPIView):
    """The blocks of a case."""

    scopes = SCOPES
    serializer_class = BlockSerializer
    pagination_class = BlockPagination

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Block.objects.none()
        user = signed_in(self.request)
        case = case_or_404(user, self.kwargs["case_id"])
        looked(user, "blocks.listed", case, case)
        return Block.objects.visible_to(user).filter(case=case)

    @extend_schema(request=NewBlockSerializer, responses={201: BlockDetailSerializer}, operation_id="blocks_make")
    def post(self, request: Request, case_id: UUID) -> Response:
        """List items of one sensitivity as a block: none that may meet the test, nor presumption material."""
        user = signed_in(request)
        case = case_or_404(user, case_id)
        asked = NewBlockSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = blocks.make(user, case, asked.validated_data.pop("items"), **asked.validated_data)
        return Response(BlockDetailSerializer(made).data, status=status.HTTP_201_CREATED)


class BlockDetail(APIView):
    """One block."""

    scopes = SCOPES

    @extend_schema(responses=BlockDetailSerializer, operation_id="blocks_retrieve")
    def get(self, request: Request, block_id: UUID) -> Response:
        """With its items."""
        block = _block(request, block_id)
        looked(signed_in(request), "block.viewed", block, block.case)
        return Response(BlockDetailSerializer(block).data)

    @extend_schema(request=BlockWordsSerializer, responses=BlockDetailSerializer, operation_id="blocks_change")
    def patch(self, request: Request, block_id: UUID) -> Response:
        """Write its words, until it is certified; what is left out stays."""
        block = _block(request, block_id)
        asked = BlockWordsSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        words = {"title": block.title, "location": block.location, "why": block.why} | asked.validated_data
        return Response(BlockDetailSerializer(blocks.change_words(signed_in(request), block, **words)).data)


class TakeOut(APIView):
    """Items leave a block."""

    scope = "disclosure.write"

    @extend_schema(request=TakeOutSerializer, responses=BlockDetailSerializer, operation_id="blocks_take_out")
    def post(self, request: Request, block_id: UUID) -> Response:
        """Take items out of a block that no version holds but a draft."""
        block = _block(request, block_id)
        asked = TakeOutSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        blocks.take_out(signed_in(request), block, asked.validated_data["items"])
        return Response(BlockDetailSerializer(block).data)


class Dissolve(APIView):
    """Every item leaves."""

    scope = "disclosure.write"

    @extend_schema(request=None, responses=BlockDetailSerializer, operation_id="blocks_dissolve")
    def post(self, request: Request, block_id: UUID) -> Response:
        """Dissolve a block that no version holds but a draft."""
        block = _block(request, block_id)
        blocks.dissolve(signed_in(request), block)
        return Response(BlockDetailSerializer(block).data)


def _block(request: Request, block_id: UUID) -> Block:
    return get_object_or_404(Block.objects.visible_to(signed_in(request)).select_related("case"), pk=block_id)


urlpatterns = [
    path("cases/<uuid:case_id>/blocks/", BlockList.as_view(), name="api-blocks"),
    path("blocks/<uuid:block_id>/", BlockDetail.as_view(), name="api-block"),
    path("blocks/<uuid:block_id>/take-out/", TakeOut.as_view(), name="api-block-take-out"),
    path("blocks/<uuid:block_id>/dissolve/", Dissolve.as_view(), name="api-block-dissolve"),
]
