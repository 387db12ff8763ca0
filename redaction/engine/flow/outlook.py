"""Outlook messages (MS-OXMSG): an OLE container whose streams are named after the properties they hold."""

from pathlib import Path

import olefile

from redaction.engine.errors import Damaged
from redaction.engine.flow.mail import html_words

_HEADERS = (
    ("From", "0C1A"), ("From", "0C1F"), ("From", "5D01"), ("To", "0E04"), ("Cc", "0E03"), ("Bcc", "0E02"), ("Subject", "0037"),
)  # fmt: skip
_BODY, _HTML, _TRANSPORT = "1000", "1013", "007D"
_NAME, _ADDRESS, _SMTP = "3001", "3003", "39FE"
_LONG_NAME, _SHORT_NAME = "3707", "3704"


def words_of(path: Path) -> str:
    """Headers, recipients, the body, and the names of what is attached. Raises Damaged."""
    try:
        with olefile.OleFileIO(path) as container:
            return "\n".join(_lines(container))
    except (OSError, ValueError, IndexError, TypeError):
        raise Damaged("This Outlook message can't be read: its structure is broken.") from None


def _lines(container: olefile.OleFileIO) -> list[str]:
    lines = []
    for name, code in _HEADERS:
        value = _string(container, [], code)
        if value and f"{name}: {value}" not in lines:
            lines.append(f"{name}: {value}")
    storages = sorted({entry[0] for entry in container.listdir() if len(entry) > 1})
    for storage in storages:
        if storage.startswith("__recip_version"):
            told = [_string(container, [storage], code) for code in (_NAME, _SMTP, _ADDRESS)]
            lines.append("Recipient: " + ", ".join(dict.fromkeys(filter(None, told))))
    lines.append("")
    body = _string(container, [], _BODY)
    lines.append(body if body else html_words(_binary(container, [], _HTML).decode("utf-8", "replace")))
    for number, storage in enumerate([name for name in storages if name.startswith("__attach_version")], start=1):
        name = _string(container, [storage], _LONG_NAME) or _string(container, [storage], _SHORT_NAME) or "without a name"
        lines += ["", f"Attachment {number}: {name}, an item of its own"]
    transport = _string(container, [], _TRANSPORT)
    if transport:
        lines += ["", "Other headers", transport]
    return lines


def _string(container: olefile.OleFileIO, at: list[str], code: str) -> str:
    for kind, encoding in (("001F", "utf-16-le"), ("001E", "cp1252")):
        stream = [*at, f"__substg1.0_{code}{kind}"]
        if container.exists(stream):
            return str(container.openstream(stream).read().decode(encoding, "replace")).rstrip("\x00")
    return ""


def _binary(container: olefile.OleFileIO, at: list[str], code: str) -> bytes:
    stream = [*at, f"__substg1.0_{code}0102"]
    return bytes(container.openstream(stream).read()) if container.exists(stream) else b""
