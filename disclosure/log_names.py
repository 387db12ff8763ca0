"""What items and schedules are called in the log."""

from collections.abc import Collection
from uuid import UUID

from cases import log_names
from disclosure.models import Block, Fence, Item, ManagementDocument, Schedule, ScheduleVersion, SetExhibit


def _items(ids: Collection[UUID]) -> dict[UUID, str]:
    return dict(Item.objects.filter(pk__in=ids).values_list("pk", "exhibit__reference"))


def _schedules(ids: Collection[UUID]) -> dict[UUID, str]:
    return dict(Schedule.objects.filter(pk__in=ids).values_list("pk", "kind"))


def _versions(ids: Collection[UUID]) -> dict[UUID, str]:
    versions = ScheduleVersion.objects.filter(pk__in=ids).values_list("pk", "schedule__kind", "number")
    return {key: f"{kind} version {number}" for key, kind, number in versions}


log_names.register("item", "Item", _items)
log_names.register("schedule", "Schedule", _schedules)
log_names.register("scheduleversion", "Schedule", _versions)


def _management(ids: Collection[UUID]) -> dict[UUID, str]:
    return {document.pk: str(document) for document in ManagementDocument.objects.filter(pk__in=ids).only("kind", "number")}


def _reviews(ids: Collection[UUID]) -> dict[UUID, str]:
    members = SetExhibit.objects.filter(review__in=ids).order_by("-id")
    return {review: f"from {reference}" for review, reference in members.values_list("review_id", "exhibit__reference")}


log_names.register("setreview", "Search and sampling", _reviews)
log_names.register("managementdocument", "Document", _management)


def _blocks(ids: Collection[UUID]) -> dict[UUID, str]:
    # Its words are for those who see it
    return dict.fromkeys(Block.objects.filter(pk__in=ids).values_list("pk", flat=True), "of similar items")


log_names.register("block", "Block", _blocks)


def _fences(ids: Collection[UUID]) -> dict[UUID, str]:
    fences = Fence.objects.filter(pk__in=ids).values_list("pk", "exhibit__reference")
    return {key: f"of {reference}" for key, reference in fences}


log_names.register("fence", "Fence", _fences)
