"""What stored bytes are, by their content. Runs inside the sandbox: plain Python, no Django.

A name or an extension says nothing here, except that it may contradict the content. What can't be told is
`application/octet-stream`, which is only ever downloaded.
"""

import contextlib
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.formats import archives, media, office, pdf, pictures, types
from evidence.formats.found import Found
from evidence.formats.types import PLAIN, UNKNOWN, media_type_of

if TYPE_CHECKING:
    from sandbox.child import Inside

__all__ = ["PLAIN", "READER", "UNKNOWN", "media_type_of", "page_png", "read"]

# Raised when more is read of a file: what was read by an older one is read again at the next check
READER = 2
_ARCHIVES = {
    types.ZIP,
    "application/x-7z-compressed",
    "application/vnd.rar",
    "application/gzip",
    "application/x-bzip2",
    "application/x-xz",
    "application/x-tar",
}


def read(payload: dict[str, Any], inside: "Inside") -> dict[str, Any]:
    """The facts of the file `blob`: `evidence.formats.found.Found` as data.

    `payload["whole"]` says whether all of it is there; of a large one the middle is a hole. `payload["extension"]` is
    the ending of its original name.
    """
    path = inside.files["blob"]
    with path.open("rb") as file:
        head = file.read(1 << 20)
        size = file.seek(0, 2)
    found = Found(media_type_of(head), size)
    whole = bool(payload.get("whole"))
    if size == 0:
        found.mark("empty")
    else:
        _read(path, found, whole)
        if types.contradicts(str(payload.get("extension", "")), found.media_type):
            found.mark("mismatch")
        _two_in_one(path, head, found)
    if not whole:
        # A hole looks like damage
        found.marks = [mark for mark in found.marks if mark != "damaged"]
        found.mark("partly")
    return found.as_data() | {"reader": READER}


def _read(path: Path, found: Found, whole: bool) -> None:
    family = found.media_type.partition("/")[0]
    if found.media_type == types.ZIP:
        _zip(path, found)
    elif family in ("audio", "video"):
        media.read(path, found)
    elif found.media_type in _ARCHIVES and (whole or found.media_type == "application/x-tar"):
        archives.read(path, found)
    elif whole and found.media_type == "application/pdf":
        pdf.read(path, found)
    elif whole and found.media_type == types.OLE:
        office.read_ole(path, found)
    elif whole and family == "image":
        pictures.read(path, found)


def _zip(path: Path, found: Found) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            found.media_type = office.type_of_zip(archive)
            archives.read_zip(archive, found)
            if found.media_type != types.ZIP:
                # Its parts are not documents of their own
                found.entries, found.entries_total = [], 0
                office.read_zip(archive, found)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error):
        found.mark("damaged")


def _two_in_one(path: Path, head: bytes, found: Found) -> None:
    """Files that are one thing at their beginning and another at their end: what one program shows, another doesn't."""
    zipped = head.startswith(b"PK")
    if (not zipped and found.media_type not in (types.OLE, PLAIN) and archives.is_zip(path)) or (
        found.media_type != "application/pdf" and b"%PDF-" in head[:1024] and not head.startswith(b"%PDF-")
    ):
        found.mark("polyglot")


def page_png(payload: dict[str, Any], inside: "Inside") -> dict[str, Any]:
    """Page `payload["page"]` (from 0) of the PDF `blob` as `page.png` in the output folder, `payload["width"]` pixels
    wide.
    """
    import pypdfium2

    with contextlib.closing(pypdfium2.PdfDocument(inside.files["blob"])) as document:
        page = document[payload["page"]]
        scale = payload["width"] / max(page.get_width(), 1)
        # A page of the size of a field would otherwise fill memory
        scale = min(scale, 4000 / max(page.get_height(), 1))
        page.render(scale=scale).to_pil().save(inside.output / "page.png")
    return {}
