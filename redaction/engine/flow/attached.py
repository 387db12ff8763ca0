"""What is attached to a message, or embedded in an office file: each comes out as a file, to be redacted by itself."""

import email
import re
import zipfile
from collections.abc import Iterator
from email.policy import default
from pathlib import Path

import olefile

from redaction.engine.errors import BROKEN_ARCHIVE, Damaged, TooLarge
from redaction.engine.kinds import kind_of

MOST, MOST_BYTES = 1000, 1024**3
_INSIDE = re.compile(r"(?:word|ppt|xl)/(?:media|embeddings)/[^/]+|(?:Pictures|ObjectReplacements|media)/[^/]+")


def attached(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each; nothing for a file of a kind that holds none. Raises Damaged or TooLarge."""
    kind = kind_of(path)
    left = MOST_BYTES
    try:
        for number, (name, data) in enumerate(_found(path, kind)):
            left -= len(data)
            if number >= MOST or left < 0:
                raise TooLarge(f"This file holds more than {MOST} files, or more than {MOST_BYTES // 1024**3} GB in them.")
            yield name, data
    except (*BROKEN_ARCHIVE, LookupError, TypeError):
        raise Damaged("What this file holds can't be taken out: its structure is broken.") from None


def _found(path: Path, kind: str) -> Iterator[tuple[str, bytes]]:
    if kind == "eml":
        yield from _mail(path)
    elif kind == "msg":
        yield from _outlook(path)
    elif kind in ("docx", "pptx", "xlsx", "odt"):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if _INSIDE.fullmatch(entry.filename):
                    if entry.file_size > MOST_BYTES:
                        raise TooLarge("A file inside this one is larger than can be taken out.")
                    yield entry.filename.rpartition("/")[2], archive.read(entry)


def _mail(path: Path) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as file:
        message = email.message_from_binary_file(file, policy=default)
    bodies = {id(message.get_body(preferencelist=(kind,))) for kind in ("plain", "html")}
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            for inner in part.iter_parts():
                yield "message.eml", bytes(inner)
        elif not part.is_multipart() and id(part) not in bodies and (part.get_filename() or part.get_content_maintype() != "text"):
            data = part.get_payload(decode=True)
            yield part.get_filename() or "without a name", data if isinstance(data, bytes) else b""


def _outlook(path: Path) -> Iterator[tuple[str, bytes]]:
    with olefile.OleFileIO(path) as container:
        for storage in sorted({entry[0] for entry in container.listdir() if entry[0].startswith("__attach_version")}):
            data, name = [storage, "__substg1.0_37010102"], [storage, "__substg1.0_3707001F"]
            if container.exists(data):
                said = container.openstream(name).read().decode("utf-16-le", "replace") if container.exists(name) else ""
                yield said.rstrip("\0") or "without a name", bytes(container.openstream(data).read())
