"""What exhibits, copies and files are called in the log."""

from collections.abc import Collection
from uuid import UUID

from cases import log_names
from evidence.models import Batch, Blob, Copy, Disposal, Exhibit, Upload
from evidence.place_models import Location, Stocktake


def _exhibits(ids: Collection[UUID]) -> dict[UUID, str]:
    return dict(Exhibit.objects.filter(pk__in=ids).values_list("pk", "reference"))


def _copies(ids: Collection[UUID]) -> dict[UUID, str]:
    copies = Copy.objects.filter(pk__in=ids).select_related("exhibit")
    return {copy.pk: _name(copy) for copy in copies}


def _files(ids: Collection[UUID]) -> dict[UUID, str]:
    blobs = Blob.objects.filter(pk__in=ids).select_related("copy__exhibit")
    return {blob.pk: f"of {_name(blob.copy)}" for blob in blobs}


def _uploads(ids: Collection[UUID]) -> dict[UUID, str]:
    uploads = Upload.objects.filter(pk__in=ids).select_related("blob__copy__exhibit")
    return {upload.pk: f"of {_name(upload.blob.copy)}" for upload in uploads}


def _batches(ids: Collection[UUID]) -> dict[UUID, str]:
    return {batch.pk: str(batch) for batch in Batch.objects.filter(pk__in=ids).select_related("parent")}


def _locations(ids: Collection[UUID]) -> dict[UUID, str]:
    return {place.pk: str(place) for place in Location.objects.filter(pk__in=ids).select_related("parent__parent__parent")}


def _stocktakes(ids: Collection[UUID]) -> dict[UUID, str]:
    found = Stocktake.objects.filter(pk__in=ids).select_related("location__parent__parent__parent")
    return {stocktake.pk: f"of {stocktake.location}" for stocktake in found}


def _name(copy: Copy) -> str:
    return f"{copy.exhibit.reference}, {copy.get_kind_display().lower()}"


def _disposals(ids: Collection[UUID]) -> dict[UUID, str]:
    disposals = Disposal.objects.filter(pk__in=ids).select_related("exhibit")
    return {disposal.pk: f"of {disposal.exhibit.reference}" for disposal in disposals}


log_names.register("disposal", "Disposal", _disposals)
log_names.register("exhibit", "Exhibit", _exhibits)
log_names.register("copy", "Copy", _copies)
log_names.register("blob", "File", _files)
log_names.register("upload", "Upload", _uploads)
log_names.register("batch", "Batch", _batches)
log_names.register("location", "Location", _locations)
log_names.register("stocktake", "Stocktake", _stocktakes)
