"""What a redacted PDF consists of: pages of one picture, invisible words and markers, and nothing that could hold more."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdf
import pypdf.errors
from pypdf.generic import DictionaryObject

from redaction.engine.shapes import Finding, Page

_CATALOG = {"/Type", "/Pages", "/Lang"}
_TRAILER = {"/Size", "/Root"}
_PAGE = {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
_RESOURCES = {"/XObject", "/Font"}
_PICTURE = {
    "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter", "/DecodeParms", "/Length",
}  # fmt: skip


def look(path: Path, pages: Sequence[Page], count: int) -> list[Finding]:
    """Findings of kind "structure", or "unreadable" when nothing more can be checked.

    `pages` are those that are looked at, in order, of `count` that the source has.
    """
    try:
        reader = pypdf.PdfReader(path, strict=True)
        many = len(reader.pages)
        made = [reader.pages[page.index] for page in pages if page.index < many]
        findings = _file(path, reader)
        for page, source in zip(made, pages, strict=False):
            findings += _page(source.index, page)
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError):
        return [Finding("unreadable", "a second reader can't open the redacted file")]
    if many != count:
        findings.append(Finding("structure", f"{many} pages where the source has {count}"))
    for page, source in zip(made, pages, strict=False):
        if abs(float(page.mediabox.width) - source.width) > 1 or abs(float(page.mediabox.height) - source.height) > 1:
            findings.append(Finding("structure", "the page has another size than the source's", source.index))
    return findings


def _file(path: Path, reader: pypdf.PdfReader) -> list[Finding]:
    data = path.read_bytes()
    findings = []
    if data.count(b"%%EOF") != 1 or data.count(b"startxref") != 1:
        findings.append(Finding("structure", "the file holds more than one revision"))
    root = reader.trailer["/Root"].get_object()
    findings += _unexpected("the catalogue", root, _CATALOG)
    findings += _unexpected("the trailer", reader.trailer, _TRAILER)
    return findings


def _page(index: int, page: pypdf.PageObject) -> list[Finding]:
    resources: Any = page["/Resources"].get_object()
    pictures: Any = resources.get("/XObject", DictionaryObject()).get_object()
    findings = _unexpected("the page", page, _PAGE, index) + _unexpected("its resources", resources, _RESOURCES, index)
    if len(pictures) != 1:
        findings.append(Finding("structure", f"{len(pictures)} pictures on the page instead of one", index))
    for name in pictures:
        picture = pictures[name].get_object()
        if picture.get("/Subtype") != "/Image":
            findings.append(Finding("structure", "something other than a picture is drawn", index))
        findings += _unexpected("the picture", picture, _PICTURE, index)
    return findings


def _unexpected(what: str, found: Any, allowed: set[str], page: int | None = None) -> list[Finding]:
    more = sorted(set(found.keys()) - allowed)
    return [Finding("structure", f"{what} has {', '.join(more)}", page)] if more else []
