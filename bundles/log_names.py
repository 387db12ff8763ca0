"""What bundles are called in the log."""

from collections.abc import Collection
from uuid import UUID

from bundles.models import Bundle
from cases import log_names


def _bundles(ids: Collection[UUID]) -> dict[UUID, str]:
    return {bundle.pk: f"for the {bundle.get_audience_display()}" for bundle in Bundle.objects.filter(pk__in=ids)}


log_names.register("bundle", "Bundle", _bundles)
