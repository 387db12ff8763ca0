"""What a file is, by its content: never by its name, which the engine isn't told."""

import csv
import re
import zipfile
from pathlib import Path

from redaction.engine.errors import BROKEN_ARCHIVE, Damaged, Encrypted, NotThatType

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"II*\x00", b"MM\x00*", b"GIF8")
_HEIF = re.compile(rb"....ftyp(?:hei[cxms]|hev[cx]|mif1|msf1|avif)", re.DOTALL)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = re.compile(r"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_MAIL = re.compile(r"^(?:From|To|Subject|Date|Received|Message-ID|MIME-Version|Return-Path):", re.IGNORECASE | re.MULTILINE)
_HEAD = 64 * 1024
TAKEN = "PDFs, pictures, text, e-mail, Word, OpenDocument, RTF, PowerPoint, Excel and CSV files"


def kind_of(path: Path) -> str:
    """pdf, image, docx, pptx, xlsx, odt, msg, eml, rtf, csv or text. Raises NotThatType, Encrypted or Damaged."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise Damaged("This file is empty: it has 0 bytes.")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or _HEIF.match(head):
        return "image"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(_OLE):
        return _ole(path)
    if head.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    return _words(head)


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            declared = archive.open("mimetype").read(200) if "mimetype" in names else b""
            if b"opendocument" in declared:
                if b"encryption-data" in archive.open("META-INF/manifest.xml").read(100_000):
                    raise Encrypted("This file needs a password. Ask for a copy without one.")
                return "odt"
    except BROKEN_ARCHIVE:
        raise Damaged("This file can't be read: it is a broken archive.") from None
    for part, kind in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx")):
        if part in names:
            return kind
    raise NotThatType("This is an archive. Unpack it and bring each file by itself.")


def _ole(path: Path) -> str:
    import olefile

    try:
        with olefile.OleFileIO(path) as container:
            if container.exists("EncryptedPackage"):
                raise Encrypted("This file needs a password. Ask for a copy without one.")
            if container.exists("__properties_version1.0"):
                return "msg"
    except (OSError, ValueError, IndexError, TypeError):
        raise Damaged("This file can't be read: its structure is broken.") from None
    raise NotThatType("This is a file of an old version of Office. Save it as .docx, .xlsx or .pptx and bring that.")


def _words(head: bytes) -> str:
    text = decoded(head, whole=False)
    opening = _HEADER.match(text.replace("\r\n", "\n"))
    if opening and len(_MAIL.findall(opening[0])) >= 2:
        return "eml"
    return "csv" if delimiter_of(text) else "text"


def decoded(data: bytes, *, whole: bool = True) -> str:
    """Bytes as text: by their mark, as UTF-8, else as Windows-1252. Raises NotThatType for what is no text."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if b"\x00" in data:
        raise NotThatType(f"This type of file can't be redacted here: only {TAKEN}.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if not whole and error.start >= len(data) - 3:  # cut through a letter
            return data[: error.start].decode("utf-8")
    # Its five free places, and control characters, aren't found in text
    if len(re.findall(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x81\x8d\x8f\x90\x9d]", data)) > len(data) / 200:
        raise NotThatType(f"This type of file can't be redacted here: only {TAKEN}.")
    return data.decode("cp1252", "replace")


def delimiter_of(text: str) -> str:
    """What separates the cells of a table of text; "" if it is no table."""
    lines = [line for line in text.splitlines()[:60] if line.strip()]
    if len(lines) < 3:
        return ""
    for delimiter in (",", "\t", ";", "|"):
        try:
            rows = list(csv.reader(lines[:-1] if len(lines) == 60 else lines, delimiter=delimiter))
        except csv.Error:
            continue
        widths = [len(row) for row in rows]
        common = max(set(widths), key=widths.count)
        if (common >= 3 and widths.count(common) >= 0.9 * len(widths)) or (common == 2 and set(widths) == {2} and delimiter != ","):
            return delimiter
    return ""
