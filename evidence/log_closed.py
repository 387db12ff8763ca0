"""What the log keeps back of uploads: a file's original name, which may name the complainant, from all who don't see identities."""

from collections.abc import Collection
from uuid import UUID

from accounts.models import User
from cases import log_closed
from evidence.models import Upload


def _uploads(user: User, ids: Collection[UUID]) -> set[UUID]:
    uploads = Upload.objects.filter(pk__in=ids).select_related("blob__copy__exhibit")
    return {upload.pk for upload in uploads if not user.has_perm("cases.view_identity", upload)}


log_closed.register("upload", _uploads)
