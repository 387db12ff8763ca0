"""Opening a blob of this room: who may, in which state, and what the reading is told of it."""

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.policy import require
from audit.actions import recorded
from evidence import facts as content
from evidence.fencing import require_unfenced
from evidence.formats import types
from evidence.models import Blob, Copy
from evidence.reading import Facts, Ticket, open_for_reading

SHORTEST_REASON = 10
FENCED = ".malware"
_EXTENSIONS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/x-matroska": "mkv",
    "video/x-msvideo": "avi",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    content.PLAIN: "txt",
    types.ZIP: "zip",
    types.DOCX: "docx",
    types.XLSX: "xlsx",
    types.PPTX: "pptx",
    types.ODT: "odt",
    types.ODS: "ods",
    types.ODP: "odp",
    types.DOC: "doc",
    types.XLS: "xls",
    types.PPT: "ppt",
    types.MSG: "msg",
    "application/x-7z-compressed": "7z",
    "application/vnd.rar": "rar",
    "application/gzip": "gz",
    "application/x-tar": "tar",
    "image/tiff": "tif",
    "image/heic": "heic",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "video/mp2t": "ts",
    "video/mpeg": "mpg",
    "video/x-ms-asf": "wmv",
    "audio/flac": "flac",
    "audio/amr": "amr",
}


def open_blob(user: User, blob: Blob, purpose: str, *, reason: str = "") -> Ticket:
    """Give a ticket to read verified bytes. ValidationError while they are unverified or quarantined, or without a
    purpose; of a file with malware, without a `reason`, which is recorded with it.
    """
    _check(user, blob, purpose)
    if not blob.malware:
        return open_for_reading(user.as_actor(), facts_of(blob), purpose.strip())
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": "Malware was found in this file. Say in a sentence why you need it all the same"})
    return open_for_reading(
        user.as_actor(), facts_of(blob), f"{purpose.strip()}, although malware was found: {reason.strip()}"[:500]
    )


@recorded
def _check(user: User, blob: Blob, purpose: str) -> None:
    require_unfenced(user, "evidence.open", blob)
    require(user, "evidence.open", blob)
    if blob.state != Blob.State.VERIFIED:
        raise ValidationError("Only a verified file can be opened")
    if not purpose.strip():
        raise ValidationError({"purpose": "Say what you open it for"})


def facts_of(blob: Blob) -> Facts:
    """A blob as the reading takes it; its name comes from the exhibit's reference, never from the original file."""
    extension = _EXTENSIONS.get(blob.media_type, "bin")
    kind = "" if blob.copy.kind == Copy.Kind.MASTER else f" {blob.copy.kind}"
    # A fenced file must not open by a double click
    suffix, media_type = (FENCED, content.UNKNOWN) if blob.malware else ("", blob.media_type or content.UNKNOWN)
    return Facts(
        key=blob.key,
        version_id=blob.version_id,
        size=blob.size,
        sha256=blob.sha256,
        media_type=media_type,
        file_name=f"{blob.exhibit.reference}{kind}.{extension}{suffix}",
        case_id=str(blob.case_id),
        object_type="blob",
        object_id=str(blob.pk),
    )
