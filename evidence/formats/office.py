"""What office documents say of themselves: authors, dates, macros, what is embedded or drawn from elsewhere."""

import contextlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from evidence.formats import types
from evidence.formats.found import Found

_MOST_XML = 8 << 20
_OOXML = (("word/", types.DOCX), ("xl/", types.XLSX), ("ppt/", types.PPTX))
_ODF = {
    types.ODT.encode(): types.ODT,
    types.ODS.encode(): types.ODS,
    types.ODP.encode(): types.ODP,
}
# Element names without their namespaces
_PRIVATE = {
    "creator": "Author",
    "lastModifiedBy": "Last saved by",
    "initial-creator": "Author",
    "title": "Title",
    "subject": "Subject",
    "keywords": "Keywords",
    "description": "Comments",
    "Company": "Organisation",
    "Manager": "Manager",
}
_PUBLIC = {
    "Application": "Written with",
    "AppVersion": "Version",
    "generator": "Written with",
    "revision": "Times saved",
    "editing-cycles": "Times saved",
    "created": "Created",
    "creation-date": "Created",
    "modified": "Changed",
    "date": "Changed",
    "lastPrinted": "Printed",
    "print-date": "Printed",
    "Pages": "Pages, as it says",
    "Slides": "Slides",
    "HiddenSlides": "Hidden slides",
}


def type_of_zip(archive: zipfile.ZipFile) -> str:
    """Which office format a zip is, or zip."""
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        for folder, media_type in _OOXML:
            if any(name.startswith(folder) for name in names):
                return media_type
    if "mimetype" in names:
        return _ODF.get(_member(archive, "mimetype")[:100].strip(), types.ZIP)
    return types.ZIP


def read_zip(archive: zipfile.ZipFile, found: Found) -> None:
    """Facts of OOXML or ODF; marks encrypted, macros, attachments, remote, damaged."""
    names = archive.namelist()
    try:
        if "META-INF/manifest.xml" in names and b"encryption-data" in _member(archive, "META-INF/manifest.xml"):
            found.mark("encrypted")
            return
        for name in ("docProps/core.xml", "docProps/app.xml", "meta.xml"):
            if name in names:
                _properties(_member(archive, name), found)
        _hidden(archive, names, found)
    except (ElementTree.ParseError, zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError):
        found.mark("damaged")


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        content = file.read(_MOST_XML + 1)
    if len(content) > _MOST_XML:
        raise ValueError("too large")
    return content


def _properties(xml: bytes, found: Found) -> None:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        # No office program writes one; entities are how a small file becomes a large one
        raise ValueError("a document type")
    for element in ElementTree.fromstring(xml).iter():  # noqa: S314 (no entities, and walls around it)
        name = element.tag.rpartition("}")[2]
        if name in _PRIVATE:
            found.row(_PRIVATE[name], element.text, private=True)
        elif name in _PUBLIC:
            found.row(_PUBLIC[name], element.text)


def _hidden(archive: zipfile.ZipFile, names: list[str], found: Found) -> None:
    if any(name.endswith("vbaProject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names):
        found.mark("macros")
    embedded = [name for name in names if "/embeddings/" in name or name.startswith(("Object ", "ObjectReplacements/"))]
    if embedded:
        found.mark("attachments")
        found.row("Embedded objects", len(embedded))
    if any(name.endswith(("comments.xml", "comments1.xml")) for name in names):
        found.row("Reviewers' comments", "Yes")
    if any(b'TargetMode="External"' in part and b"/hyperlink" not in part for part in _relations(archive, names)):
        found.mark("remote")


def _relations(archive: zipfile.ZipFile, names: list[str]) -> Iterator[bytes]:
    """Each relation of the document's parts; of what is fetched from elsewhere, a hyperlink waits for a click."""
    for name in names[:20_000]:
        if name.endswith(".rels"):
            yield from _member(archive, name).split(b"<Relationship ")


# ---- the older formats -----------------------------------------------------------------------------------------------

_STREAMS = (("WordDocument", types.DOC), ("Workbook", types.XLS), ("Book", types.XLS), ("PowerPoint Document", types.PPT))
_OLE_PUBLIC = (("creating_application", "Written with"), ("create_time", "Created"), ("last_saved_time", "Changed"))
_OLE_PRIVATE = (("author", "Author"), ("last_saved_by", "Last saved by"), ("title", "Title"), ("company", "Organisation"))


def read_ole(path: Path, found: Found) -> None:
    """Facts of Word, Excel, PowerPoint and Outlook files before 2007, and of newer ones under a password."""
    import olefile

    try:
        with olefile.OleFileIO(path) as ole:
            _ole(ole, found)
    except (OSError, ValueError, IndexError, TypeError, KeyError):
        found.mark("damaged")


def _ole(ole: Any, found: Found) -> None:
    if ole.exists("EncryptedPackage") or ole.exists("EncryptionInfo"):
        found.media_type = types.PROTECTED_OFFICE
        found.mark("encrypted")
        return
    found.media_type = next((kind for stream, kind in _STREAMS if ole.exists(stream)), found.media_type)
    if ole.exists("__properties_version1.0"):
        found.media_type = types.MSG
    # [MS-DOC] 2.5.2, FibBase: the flag fEncrypted
    if found.media_type == types.DOC and ole.openstream("WordDocument").read(12)[11] & 1:
        found.mark("encrypted")
    paths = ["/".join(parts) for parts in ole.listdir(streams=True, storages=True)]
    if any("VBA" in path.split("/") or "_VBA_PROJECT_CUR" in path for path in paths):
        found.mark("macros")
    embedded = {path.split("/")[1] for path in paths if path.startswith("ObjectPool/")} | {p for p in paths if p[:3] == "MBD"}
    attached = {path.split("/")[0] for path in paths if path.startswith("__attach_")}
    if embedded or attached:
        found.mark("attachments")
        found.row("Attached files" if attached else "Embedded objects", len(embedded | attached))
    with contextlib.suppress(OSError, ValueError, IndexError, TypeError, KeyError):
        told = ole.get_metadata()
        for name, label in _OLE_PUBLIC:
            found.row(label, getattr(told, name, None))
        for name, label in _OLE_PRIVATE:
            found.row(label, getattr(told, name, None), private=True)
