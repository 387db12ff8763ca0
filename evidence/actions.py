"""What people do with exhibits: add one, send its file, keep a copy of it, have it checked again.

Every function checks who may, changes state and appends the event, in one transaction. A rule that is broken raises
`ValidationError`, keyed by field; the store's own errors (`vault.errors`) pass through, and `Unavailable` means that
trying again is safe.
"""

import datetime as dt
import hashlib
import itertools
import re
import string
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

import vault
from accounts.models import User
from accounts.policy import require
from audit.actions import SYSTEM, Actor, record, recorded
from cases.models import Case, Person
from evidence import door, hooks
from evidence.models import Batch, Blob, Copy, CustodyEvent, Exhibit, Upload, UploadPart
from jobs.actions import enqueue
from jobs.models import Job
from vault.errors import Incomplete, UploadGone
from vault.protocol import Part, SignedPut, Stored

VERIFY = "evidence.verify"
QUEUE = "hash"
ABANDONED_AFTER = dt.timedelta(days=30)
LATEST_MODIFIED = 2**63 - 1  # what the column holds
_DERIVED = re.compile(r"[A-Z]+/[0-9]+[/-]")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


# ---- exhibits --------------------------------------------------------------------------------------------------------


def next_reference(case: Case, initials: str) -> str:
    """The producer's next reference in the case, for example "AB/2"; an offer, which `add_exhibit` may still refuse."""
    return next_under(case, f"{initials.upper()}/")


def next_under(case: Case, prefix: str) -> str:
    """The next number after `prefix`, for example "AB/1/3" after "AB/1/"."""
    taken = case.exhibits.filter(reference__istartswith=prefix).values_list("reference", flat=True)
    numbers = [int(found[1]) for reference in taken if (found := re.match(r"(\d+)", reference[len(prefix) :]))]
    return f"{prefix}{max(numbers, default=0) + 1}"


def next_derived(parent: Exhibit, initials: str) -> str:
    """The next reference of what is made from an exhibit: "AB/1/A" by its own producer, "AB/1-CD/1" by another."""
    taken = {
        reference.upper()
        for reference in parent.case.exhibits.filter(reference__istartswith=parent.reference).values_list("reference", flat=True)
    }
    own = parent.reference.rpartition("-")[2].partition("/")[0]
    if initials.upper() in ("", own):
        offered = (f"{parent.reference}/{letters}" for letters in _letters())
    else:
        offered = (f"{parent.reference}-{initials.upper()}/{number}" for number in itertools.count(1))
    return next(reference for reference in offered if reference not in taken)


def _letters() -> Iterator[str]:
    """A to Z, then AA, AB and so on."""
    for length in itertools.count(1):
        for letters in itertools.product(string.ascii_uppercase, repeat=length):
            yield "".join(letters)


@recorded
def add_exhibit(
    user: User,
    case: Case,
    *,
    reference: str,
    kind: str,
    description: str,
    seized_at: dt.datetime,
    seized_where: str,
    seized_by: str,
    within_marking: bool,
    seal_number: str = "",
    location: str = "",
    parent: Exhibit | None = None,
    subject: Person | None = None,
    batch: Batch | None = None,
) -> Exhibit:
    """Book an exhibit in under a reference that then never changes, with its first entry of custody.

    `within_marking`: the person says that it is not above OFFICIAL-SENSITIVE (`evidence.door`); nothing else is taken.
    """
    require(user, "evidence.add_exhibit", case)
    door.require_within(within_marking)
    # Two who take the same reference at once: the second is told, not broken off by the database
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    exhibit = Exhibit(
        case=case,
        parent=parent,
        batch=batch,
        reference=reference.strip().upper(),
        kind=kind,
        description=description.strip(),
        subject=subject,
        seized_at=seized_at,
        seized_where=seized_where.strip(),
        seized_by=seized_by.strip(),
        seal_number=seal_number.strip(),
        location=location.strip(),
        within_marking=within_marking,
        created_by=user,
    )
    _check_exhibit(exhibit)
    exhibit.save(force_insert=True)
    _custody(
        exhibit,
        CustodyEvent.Kind.SEIZED,
        at=seized_at,
        by=exhibit.seized_by,
        user=user,
        from_place=exhibit.seized_where,
        to_place=exhibit.location,
        seal_after=exhibit.seal_number,
    )
    _record(
        "exhibit.added",
        user.as_actor(),
        exhibit,
        after={
            "state": exhibit.state,
            "reference": exhibit.reference,
            "kind": exhibit.kind,
            "parent": _id(parent),
            "batch": _id(batch),
            "within_marking": within_marking,
        },
        detail={
            "description": exhibit.description,
            "seized_where": exhibit.seized_where,
            "seized_by": exhibit.seized_by,
            "seal": exhibit.seal_number,
        },
    )
    for call in hooks.exhibit_added:
        call(user, exhibit)
    return exhibit


def _check_exhibit(exhibit: Exhibit) -> None:
    exhibit.clean_fields()
    errors: dict[str, str] = {}
    if exhibit.case.exhibits.filter(reference__iexact=exhibit.reference).exists():
        errors["reference"] = f"{exhibit.reference} is already used in this case; a reference is never used twice"
    if exhibit.seized_at > timezone.now():
        errors["seized_at"] = "Seized or received must be in the past"
    if exhibit.parent is not None and exhibit.parent.case_id != exhibit.case_id:
        errors["parent"] = "The parent exhibit belongs to another case"
    elif problem := _not_of_its_parent(exhibit):
        errors.setdefault("reference", problem)
    if exhibit.subject is not None and exhibit.subject.case_id != exhibit.case_id:
        errors["subject"] = "That person belongs to another case"
    if errors:
        raise ValidationError(errors)


def _not_of_its_parent(exhibit: Exhibit) -> str:
    """What is wrong with a reference that names, or should name, what the exhibit was made from; empty if nothing is."""
    reference, parent = exhibit.reference, exhibit.parent
    if not _DERIVED.match(reference):
        # Who makes an exhibit of their own from another's gives it their own number; both stay linked
        return ""
    if parent is None:
        return f"{reference} is the reference of something made from another exhibit: say which in “Made from”"
    if not reference.startswith((f"{parent.reference}/", f"{parent.reference}-")):
        return f"What is made from {parent} is called {parent}/A, or {parent}-CD/1 if CD made it, or has a number of its own"
    return ""


# ---- uploads ---------------------------------------------------------------------------------------------------------


@recorded
def open_upload(
    user: User,
    exhibit: Exhibit,
    *,
    size: int,
    name: str,
    last_modified: int = 0,
    sha256: str = "",
    within_marking: bool | None = None,
) -> Upload:
    """Open the upload of an exhibit's file, or go on with the one that is open if it is for a file of the same size.

    `size` in bytes; `name` is kept as restricted data; `last_modified` in ms since 1970. A `sha256` that the sender
    states here is the only one that `complete_upload` then accepts. `within_marking`: who sends it from afar says again that it is
    not above OFFICIAL-SENSITIVE, and may not send what is.
    """
    require(user, "evidence.upload", exhibit)
    door.require_within(within_marking is not False)
    # Two browser tabs of one exhibit get the same upload
    Exhibit.objects.select_for_update().get(pk=exhibit.pk)
    check_file(size, sha256)
    if found := go_on(open_upload_of(exhibit), size, sha256):
        return found
    if Blob.objects.filter(copy__exhibit=exhibit, copy__kind=Copy.Kind.MASTER).exclude(_unfinished()).exists():
        raise ValidationError({"size": f"{exhibit} already has its file; it is never replaced"})
    master, _ = Copy.objects.get_or_create(exhibit=exhibit, kind=Copy.Kind.MASTER, defaults={"made_by": user})
    return begin_upload(
        user, master, size=size, name=name, last_modified=last_modified, sha256=sha256, within_marking=within_marking
    )


def begin_upload(
    user: User, copy: Copy, *, size: int, name: str, last_modified: int, sha256: str, within_marking: bool | None = None
) -> Upload:
    """Open the upload of a copy's bytes. The caller has checked that the person may, and that the copy has none."""
    opened = vault.store().open_upload(size)
    # Of a long path the end tells files apart
    blob = Blob.objects.create(copy=copy, key=opened.key, size=size, original_name=name[-255:], sha256=sha256)
    upload = Upload.objects.create(
        blob=blob,
        vault_upload_id=opened.upload_id,
        part_size=opened.part_size,
        last_modified=min(max(0, last_modified), LATEST_MODIFIED),
        started_by=user,
    )
    _record(
        "upload.opened",
        user.as_actor(),
        upload,
        after={"state": upload.state, "size": size, "blob": str(blob.id), "sha256": sha256 or None}
        | ({"within_marking": True} if within_marking else {}),
        detail={"file_name": name},
    )
    return upload


def check_file(size: int, sha256: str) -> None:
    """What no exhibit's file may be. ValidationError."""
    if size < 1:
        raise ValidationError({"size": "The file is empty"})
    if size > settings.LARGEST_FILE:
        most = f"{settings.LARGEST_FILE / 1024**3:g} GB"
        raise ValidationError(
            {
                "size": f"The file is larger than {most}, the most that is taken here. Split it, or have the administrator "
                "raise the limit (LARGEST_FILE_GB)"
            }
        )
    if sha256 and not _SHA256.match(sha256):
        raise ValidationError({"sha256": "Give the SHA-256 of the whole file in lower-case hexadecimal"})


def go_on(upload: Upload | None, size: int, sha256: str) -> Upload | None:
    """The open upload, for a file that may be the one it was begun with; None if there is none. ValidationError for another."""
    if upload is None or not _still_open(upload):
        return None
    if upload.blob.size != size:
        raise ValidationError(
            {"size": f"A file of {upload.blob.size} bytes is being uploaded; choose that file, or stop its upload"}
        )
    if sha256 and sha256 != upload.blob.sha256:
        if upload.blob.sha256:
            raise ValidationError({"sha256": "The upload that is open was begun for a file with another SHA-256; stop it first"})
        upload.blob.sha256 = sha256
        upload.blob.save(update_fields=["sha256"])
    return upload


def open_upload_of(exhibit: Exhibit) -> Upload | None:
    """The unfinished upload of the exhibit's own file, if there is one."""
    return (
        Upload.objects.select_related("blob__copy__exhibit__case")
        .filter(blob__copy__exhibit=exhibit, blob__copy__kind=Copy.Kind.MASTER, state=Upload.State.OPEN)
        .order_by("-started_at")
        .first()
    )


def _unfinished() -> Q:
    return Q(state__in=[Blob.State.RECEIVING, *Blob.ASIDE])


def _still_open(upload: Upload) -> bool:
    """Whether the store still has it, and note which parts it holds: one that arrived counts though its sender died before
    it could say so. An upload that the store swept is closed here too.
    """
    try:
        held = {part.number: part for part in vault.store().list_parts(upload.in_vault())}
    except UploadGone:
        _close(upload, SYSTEM, "upload.abandoned")
        return False
    known = list(upload.parts.all())
    arrived = {part.number for part in known if _arrived(part, held.get(part.number))}
    upload.parts.filter(number__in=arrived, stored_at=None).update(stored_at=timezone.now())
    upload.parts.exclude(number__in=arrived).update(stored_at=None)
    return True


def _arrived(part: UploadPart, held: Part | None) -> bool:
    """Whether what the store holds is what was announced."""
    if held is None or held.size != part.size:
        return False
    # Without an MD5 the store took the part by its SHA-256 alone, and tells it again only if it keeps it
    return held.md5 in (None, part.md5) if part.md5 else held.sha256 in (None, part.sha256)


@recorded
def sign_part(  # noqa: PLR0917 (a part is its number, length and two digests, as `vault.protocol` has them)
    user: User, upload: Upload, number: int, length: int, md5: str, sha256: str
) -> SignedPut:
    """Allow one PUT of a part with these digests (hexadecimal). PartRejected if they can't be right."""
    return sign_parts(user, upload, [UploadPart(number=number, size=length, md5=md5, sha256=sha256)])[0]


@recorded
def sign_parts(user: User, upload: Upload, parts: Sequence[UploadPart]) -> list[SignedPut]:
    """Allow one PUT of each of several parts, given unsaved with number, size and digests. PartRejected if one can't be right.

    A part announced once keeps its SHA-256, arrived or not: another one means that another file was chosen.
    """
    require(user, "evidence.upload", upload)
    _check_open(upload)
    known = dict(upload.parts.filter(number__in=[part.number for part in parts]).values_list("number", "sha256"))
    for part in parts:
        if known.get(part.number, part.sha256) != part.sha256:
            raise ValidationError(
                {
                    "number": f"This is a different file: it differs in part {part.number}. "
                    "Choose the file this upload began with, or stop it"
                }
            )
        part.upload = upload
    store, whole = vault.store(), upload.in_vault()
    signed = [store.sign_part(whole, part.number, part.size, part.md5, part.sha256) for part in parts]
    UploadPart.objects.bulk_create(
        parts, update_conflicts=True, unique_fields=["upload", "number"], update_fields=["size", "md5", "sha256", "stored_at"]
    )
    upload.save(update_fields=["touched_at"])
    return signed


@recorded
def part_stored(user: User, upload: Upload, number: int) -> UploadPart:
    """Note that a part has arrived, if the store itself says so: nothing is taken on the sender's word."""
    require(user, "evidence.upload", upload)
    _check_open(upload)
    part = UploadPart.objects.filter(upload=upload, number=number).first()
    held = vault.store().find_part(upload.in_vault(), number)
    if part is None or held is None:
        raise ValidationError({"number": f"Part {number} has not arrived"})
    if not _arrived(part, held):
        raise ValidationError({"number": f"Part {number} arrived changed; send it again"})
    part.stored_at = timezone.now()
    part.save(update_fields=["stored_at"])
    upload.save(update_fields=["touched_at"])
    return part


@recorded
def complete_upload(user: User, upload: Upload, sha256: str) -> Blob:
    """Close the upload: the store joins its parts, and a worker is asked to compare them with the sender's `sha256`."""
    require(user, "evidence.upload", upload)
    if not _SHA256.match(sha256):
        raise ValidationError({"sha256": "Give the SHA-256 of the whole file in lower-case hexadecimal"})
    upload = Upload.objects.select_for_update(of=("self",)).select_related("blob__copy__exhibit__case").get(pk=upload.pk)
    blob = upload.blob
    if upload.state == Upload.State.COMPLETE and blob.sha256 == sha256:
        return blob
    _check_open(upload)
    if blob.sha256 not in ("", sha256):
        raise ValidationError(
            {
                "sha256": f"The file that was sent has the SHA-256 {sha256}, not {blob.sha256}, which was stated when its upload "
                "was opened. It was not accepted. Stop this upload, and get the file from its source again"
            }
        )
    try:
        stored = vault.store().complete(upload.in_vault())
    except Incomplete as error:
        raise ValidationError({"upload": str(error)}) from error
    upload.state = Upload.State.COMPLETE
    upload.save(update_fields=["state", "touched_at"])
    blob.version_id, blob.sha256 = stored.version_id, sha256
    _received(blob, user)
    _record(
        "upload.completed",
        user.as_actor(),
        upload,
        before={"state": Upload.State.OPEN},
        after={"state": upload.state, "blob": str(blob.id), "size": blob.size, "sha256": sha256},
    )
    return blob


@recorded
def abort_upload(user: User, upload: Upload) -> None:
    """Stop an upload and free what has arrived. Another may then be opened."""
    require(user, "evidence.upload", upload)
    upload = Upload.objects.select_for_update(of=("self",)).select_related("blob__copy__exhibit__case").get(pk=upload.pk)
    _check_open(upload)
    _close(upload, user.as_actor(), "upload.aborted")
    gone = upload.in_vault()
    transaction.on_commit(lambda: vault.store().abort(gone), robust=True)


@recorded
def abandon_uploads(before: dt.datetime) -> int:
    """The system gives up uploads that nothing has touched since `before`; return how many."""
    old = (
        Upload.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("blob__copy__exhibit__case")
        .filter(state=Upload.State.OPEN, touched_at__lt=before)
    )
    count = 0
    for upload in old:
        _close(upload, SYSTEM, "upload.abandoned")
        count += 1
    return count


def _close(upload: Upload, actor: Actor, verb: str) -> None:
    upload.state = Upload.State.ABORTED
    upload.save(update_fields=["state", "touched_at"])
    upload.blob.state = Blob.State.ABANDONED
    upload.blob.save(update_fields=["state"])
    _record(verb, actor, upload, before={"state": Upload.State.OPEN}, after={"state": upload.state})


def _check_open(upload: Upload) -> None:
    if upload.state != Upload.State.OPEN:
        raise ValidationError({"upload": "This upload is closed"})


# ---- bytes from this side --------------------------------------------------------------------------------------------


@recorded
def receive_bytes(user: User, exhibit: Exhibit, data: bytes | Path, name: str) -> Blob:
    """Send an exhibit's file from the server's side, by the same steps as a browser. `data` is bytes, or a file's path."""
    size = data.stat().st_size if isinstance(data, Path) else len(data)
    upload = open_upload(user, exhibit, size=size, name=name)
    whole = hashlib.sha256()
    for number, piece in enumerate(_pieces(data, upload.part_size), start=1):
        whole.update(piece)
        md5 = hashlib.md5(piece, usedforsecurity=False).hexdigest()
        sign_part(user, upload, number, len(piece), md5, hashlib.sha256(piece).hexdigest())
        vault.store().store_part(upload.in_vault(), number, piece)
        part_stored(user, upload, number)
    return complete_upload(user, upload, whole.hexdigest())


def _pieces(data: bytes | Path, size: int) -> Iterator[bytes]:
    if isinstance(data, bytes):
        for start in range(0, len(data), size):
            yield data[start : start + size]
        return
    with data.open("rb") as file:
        while piece := file.read(size):
            yield piece


@recorded
def add_copy(  # noqa: PLR0917 (what it is a copy of comes before what it is made of)
    user: User, exhibit: Exhibit, kind: str, parent_copy: Copy, data: bytes | BinaryIO, made_with: str
) -> Copy:
    """Keep a copy that was made here from `parent_copy`. Its bytes are hashed as they are written, and then verified
    likewise.
    """
    require(user, "evidence.add_copy", exhibit)
    if kind == Copy.Kind.MASTER or parent_copy.exhibit_id != exhibit.pk:
        raise ValidationError("A copy is made from a copy of the same exhibit, and is never the master")
    return _keep_copy(user.as_actor(), user, parent_copy, kind, vault.store().put(data), made_with)


@recorded
def keep_made_copy(parent_copy: Copy, kind: str, stored: Stored, made_with: str) -> Copy:
    """Keep a copy that the system made from `parent_copy` and put into the vault. It stands in the log as the system's; the
    row names who brought the original in.
    """
    return _keep_copy(SYSTEM, parent_copy.made_by, parent_copy, kind, stored, made_with)


def _keep_copy(  # noqa: PLR0917 (as above)
    actor: Actor, user: User, parent_copy: Copy, kind: str, stored: Stored, made_with: str
) -> Copy:
    copy = Copy.objects.create(exhibit=parent_copy.exhibit, kind=kind, parent=parent_copy, made_with=made_with[:120], made_by=user)
    blob = Blob(copy=copy, key=stored.key, version_id=stored.version_id, size=stored.size, sha256=stored.sha256 or "")
    _record(
        "copy.added",
        actor,
        copy,
        after={"kind": kind, "parent": str(parent_copy.pk), "size": stored.size, "sha256": blob.sha256},
        detail={"made_with": made_with},
    )
    _received(blob, user)
    return copy


def _received(blob: Blob, user: User) -> None:
    """Bytes are in the vault and their hash is known: custody begins, and a worker is asked to check them."""
    blob.state = Blob.State.RECEIVED
    blob.save()
    if blob.copy.kind == Copy.Kind.MASTER:
        _custody(blob.exhibit, CustodyEvent.Kind.UPLOADED, by=str(user), user=user, sha256=blob.sha256)
    enqueue(VERIFY, blob.id, queue=QUEUE, case_id=blob.case_id, total=blob.size)


@recorded
def verify_now(user: User, blob: Blob) -> Job:
    """Ask a worker to check stored bytes against their hash again."""
    require(user, "evidence.verify", blob)
    if blob.state not in Blob.KEPT:
        raise ValidationError("There is nothing to check yet: the file has not arrived")
    _record("verification.requested", user.as_actor(), blob, after={"state": blob.state, "sha256": blob.sha256})
    return enqueue(VERIFY, blob.id, queue=QUEUE, case_id=blob.case_id, total=blob.size)


# ---- shared ----------------------------------------------------------------------------------------------------------


def _custody(exhibit: Exhibit, kind: str, *, by: str, at: dt.datetime | None = None, **more: Any) -> CustodyEvent:
    return CustodyEvent.objects.create(exhibit=exhibit, kind=kind, by=by[:160], at=at or timezone.now(), **more)


def _record(verb: str, actor: Actor, obj: Exhibit | Copy | Blob | Upload, **more: Any) -> None:
    record(verb, actor=actor, case_id=obj.case_id, object_type=obj._meta.model_name or "", object_id=obj.pk, **more)


def _id(obj: Any) -> str | None:
    return None if obj is None else str(obj.pk)
