"""What redactions and releases are called in the log."""

from collections.abc import Collection
from uuid import UUID

from cases import log_names
from redaction.models import Document, Release


def _documents(ids: Collection[UUID]) -> dict[UUID, str]:
    documents = Document.objects.filter(pk__in=ids).values_list("pk", "exhibit__reference")
    return {key: f"of {reference}" for key, reference in documents}


def _releases(ids: Collection[UUID]) -> dict[UUID, str]:
    releases = Release.objects.filter(pk__in=ids).select_related("document__exhibit")
    return {release.pk: f"of {release.document.exhibit.reference} for {release.get_audience_display()}" for release in releases}


log_names.register("document", "Redaction", _documents)
log_names.register("release", "Release", _releases)
