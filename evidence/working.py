"""Working copies made outside and brought in: an enhanced picture, a shortened recording. Marked as such, never the master."""

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.policy import require
from audit.actions import record, recorded
from evidence import actions
from evidence.fencing import require_unfenced
from evidence.models import Blob, Copy, Exhibit, Upload


@recorded
def begin(user: User, exhibit: Exhibit, *, made_with: str) -> Copy:
    """A working copy of an exhibit's master, whose file is sent next. `made_with` says by which tool, and what was done."""
    require(user, "evidence.upload", exhibit)
    require_unfenced(user, "evidence.upload", exhibit)
    if not made_with.strip():
        raise ValidationError({"made_with": "Say what it was made with, and what was done"})
    master = Blob.objects.master_of(exhibit)
    if master is None or master.state != Blob.State.VERIFIED:
        raise ValidationError(f"The file of {exhibit} is not verified: a working copy is made from a verified original")
    parent = master.copy
    copy = Copy.objects.create(
        exhibit=exhibit, kind=Copy.Kind.WORKING, parent=parent, made_with=made_with.strip()[:120], made_by=user
    )
    record(
        "copy.begun",
        actor=user.as_actor(),
        case_id=copy.case_id,
        object_type="copy",
        object_id=copy.pk,
        after={"kind": copy.kind, "parent": parent.pk},
        detail={"made_with": copy.made_with},
    )
    return copy


@recorded
def open_upload(user: User, copy: Copy, *, size: int, name: str, last_modified: int = 0, sha256: str = "") -> Upload:
    """Open the upload of a working copy's file, or go on with the open one (see `actions.open_upload`)."""
    require(user, "evidence.upload", copy)
    # Two tabs of one copy get the same upload
    Copy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    if copy.kind != Copy.Kind.WORKING:
        raise ValidationError("Only a working copy is sent in; the others are made here")
    actions.check_file(size, sha256)
    if found := actions.go_on(open_upload_of(copy), size, sha256):
        return found
    if copy.blobs.exclude(state__in=[Blob.State.RECEIVING, *Blob.ASIDE]).exists():
        raise ValidationError({"size": "This working copy already has its file; make another copy for another file"})
    return actions.begin_upload(user, copy, size=size, name=name, last_modified=last_modified, sha256=sha256)


def open_upload_of(copy: Copy) -> Upload | None:
    """The copy's unfinished upload, if there is one."""
    found = Upload.objects.filter(blob__copy=copy, state=Upload.State.OPEN).select_related("blob__copy__exhibit__case")
    return found.order_by("-started_at").first()
