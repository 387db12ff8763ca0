"""Many files at once: a batch says what they have in common, and each file becomes an exhibit under the next reference.

A file is known again by its name, size and time, so that the same folder can be chosen after a reload or on another day.
"""

import datetime as dt
import mimetypes
import re

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.policy import require
from audit.actions import record, recorded
from cases.models import Case
from evidence import actions, door
from evidence.models import Batch, Copy, Exhibit, Upload

_INITIALS = re.compile(r"[A-Z]{2,4}\Z")
_BY_TYPE = {
    "image": Exhibit.Kind.PHOTOGRAPH,
    "video": Exhibit.Kind.VIDEO,
    "audio": Exhibit.Kind.AUDIO,
    "text": Exhibit.Kind.DOCUMENT,
}
_BY_SUFFIX = {
    **dict.fromkeys(("pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "ppt", "pptx"), Exhibit.Kind.DOCUMENT),
    **dict.fromkeys(("eml", "msg", "mbox", "pst"), Exhibit.Kind.MESSAGES),
    **dict.fromkeys(("ufd", "ufdr", "xry", "ab", "e01"), Exhibit.Kind.PHONE),
}


def kind_of(name: str) -> str:
    """The type of exhibit that a file's name suggests; "other" where it suggests none."""
    suffix = name.rpartition(".")[2].lower()
    guessed = (mimetypes.guess_type(name)[0] or "").partition("/")[0]
    return _BY_SUFFIX.get(suffix) or _BY_TYPE.get(guessed, Exhibit.Kind.OTHER)


@recorded
def open_batch(
    user: User,
    case: Case,
    *,
    description: str,
    seized_at: dt.datetime,
    seized_where: str,
    seized_by: str,
    within_marking: bool,
    initials: str = "",
    parent: Exhibit | None = None,
    kind: str = "",
    location: str = "",
) -> Batch:
    """Say what files have in common that were received together. Their exhibits get the next references of the producer's
    `initials`, or of `parent`. An empty `kind` is found by each file's name. `within_marking` as in `actions.add_exhibit`.
    """
    require(user, "evidence.add_exhibit", case)
    door.require_within(within_marking)
    batch = Batch(
        case=case,
        initials=initials.strip().upper(),
        parent=parent,
        kind=kind,
        description=description.strip(),
        seized_at=seized_at,
        seized_where=seized_where.strip(),
        seized_by=seized_by.strip(),
        location=location.strip(),
        within_marking=within_marking,
        created_by=user,
    )
    _check_batch(batch)
    batch.save(force_insert=True)
    record(
        "batch.opened",
        actor=user.as_actor(),
        case_id=case.pk,
        object_type="batch",
        object_id=batch.pk,
        after={
            "prefix": batch.prefix,
            "kind": kind or None,
            "parent": None if parent is None else str(parent.pk),
            "within_marking": within_marking,
        },
        detail={"description": batch.description, "seized_where": batch.seized_where, "seized_by": batch.seized_by},
    )
    return batch


def _check_batch(batch: Batch) -> None:
    batch.clean_fields()
    errors: dict[str, str] = {}
    if batch.parent is None and not _INITIALS.match(batch.initials):
        errors["initials"] = "Enter the producer's initials, two to four letters, for example AB"
    if batch.parent is not None and batch.initials:
        errors["initials"] = "Sub-exhibits are numbered under their exhibit: leave the initials out"
    if batch.parent is not None and batch.parent.case_id != batch.case_id:
        errors["parent"] = "The parent exhibit belongs to another case"
    if batch.kind and batch.kind not in Exhibit.Kind.values:
        errors["kind"] = "Select a type"
    if batch.seized_at > timezone.now():
        errors["seized_at"] = "Seized or received must be in the past"
    if errors:
        raise ValidationError(errors)


@recorded
def add_file(
    user: User,
    batch: Batch,
    *,
    size: int,
    name: str,
    last_modified: int = 0,
    sha256: str = "",
    within_marking: bool | None = None,
) -> Upload:
    """A new exhibit of the batch under the next reference, with the upload of its file; or, for a file of this name, size and
    time that it has already, that upload: open to be gone on with, or complete with its hash, for the sender to compare.

    `name` may be a path within a folder, and is kept as restricted data. Arguments as in `actions.open_upload`.
    """
    require(user, "evidence.add_exhibit", batch.case)
    # Two senders at once: the second takes the number after the first's, and the same file only once
    Case.objects.select_for_update(of=("self",)).get(pk=batch.case_id)
    known = _known(batch, size, name, last_modified)
    if known is not None and known.state == Upload.State.COMPLETE:
        return known
    exhibit = known.exhibit if known is not None else _next_exhibit(user, batch, name)
    return actions.open_upload(
        user, exhibit, size=size, name=name, last_modified=last_modified, sha256=sha256, within_marking=within_marking
    )


def _known(batch: Batch, size: int, name: str, last_modified: int) -> Upload | None:
    """The upload that this file had in the batch, the complete one or the newest."""
    same = Upload.objects.select_related("blob__copy__exhibit__case").filter(
        blob__copy__exhibit__batch=batch,
        blob__copy__kind=Copy.Kind.MASTER,
        blob__original_name=name[-255:],
        blob__size=size,
        last_modified=last_modified,
    )
    return same.filter(state=Upload.State.COMPLETE).first() or same.order_by("-started_at").first()


def _next_exhibit(user: User, batch: Batch, name: str) -> Exhibit:
    return actions.add_exhibit(
        user,
        batch.case,
        batch=batch,
        parent=batch.parent,
        reference=actions.next_under(batch.case, batch.prefix),
        kind=batch.kind or kind_of(name),
        description=f"{batch.description} (file {batch.exhibits.count() + 1})",
        seized_at=batch.seized_at,
        seized_where=batch.seized_where,
        seized_by=batch.seized_by,
        location=batch.location,
        within_marking=batch.within_marking,
    )
