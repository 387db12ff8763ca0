"""What items and schedules are called in the log."""

from collections.abc import Collection
from uuid import UUID

from cases import log_names
from disclosure.models import Item, ManagementDocument, Schedule, ScheduleVersion


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


log_names.register("managementdocument", "Document", _management)
