"""Word, PowerPoint (ECMA-376) and OpenDocument (ISO/IEC 26300): the words of their XML, with what is hidden marked as such."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from redaction.engine.errors import BROKEN_ARCHIVE, Damaged, TooLarge

_MAX_XML = 300 * 1024 * 1024
Element = ElementTree.Element


class Archive:
    """The XML parts of an office file. Raises Damaged or TooLarge."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = zipfile.ZipFile(path)
        except BROKEN_ARCHIVE:
            raise Damaged("This file can't be read: it is a broken archive.") from None
        self._left = _MAX_XML

    def parts(self, pattern: str) -> list[str]:
        """Names that match, in the order of their numbers."""
        found = [name for name in self._file.namelist() if re.fullmatch(pattern, name)]
        return sorted(found, key=lambda name: [int(piece) if piece.isdigit() else 0 for piece in re.split(r"(\d+)", name)])

    def root(self, name: str) -> Element:
        """A part, parsed."""
        try:
            self._left -= self._file.getinfo(name).file_size
            if self._left < 0:
                raise TooLarge("This file unpacks to more than can be read.")
            with self._file.open(name) as part:
                return ElementTree.parse(part).getroot()  # noqa: S314 - in the sandbox; expat limits expansion
        except (ElementTree.ParseError, *BROKEN_ARCHIVE):
            raise Damaged("This file can't be read: its structure is broken.") from None


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """An attribute by its name without its namespace; "" if it isn't there."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


# ---- Word ------------------------------------------------------------------------------------------------------------


def word(path: Path) -> str:
    """Body, text boxes, headers and footers, notes, comments; deleted and hidden text in brackets that say so."""
    archive = Archive(path)
    lines = list(_blocks(archive.root("word/document.xml")))
    for pattern, title in (
        (r"word/header\d*\.xml", "Page header"),
        (r"word/footer\d*\.xml", "Page footer"),
        (r"word/footnotes\.xml", "Footnotes"),
        (r"word/endnotes\.xml", "Endnotes"),
        (r"word/comments\.xml", "Comments"),
    ):
        for name in archive.parts(pattern):
            found = [line for line in _blocks(archive.root(name)) if line.strip()]
            if found:
                lines += ["", title, *found]
    return "\n".join(lines)


def _blocks(root: Element) -> Iterator[str]:
    for element in root:
        name = local(element)
        if name == "p":
            yield _paragraph(element)
        elif name == "tbl":
            for row in (child for child in element if local(child) == "tr"):
                yield " | ".join(" ".join(_blocks(cell)) for cell in row if local(cell) == "tc")
        elif name == "comment":
            yield f"{attribute(element, 'author')}: {' '.join(_blocks(element))}"
        else:
            yield from _blocks(element)


def _paragraph(paragraph: Element) -> str:
    words: list[str] = []
    boxes: list[str] = []
    _runs(paragraph, words, boxes)
    return "\n".join(["".join(words), *boxes])


def _runs(element: Element, words: list[str], boxes: list[str]) -> None:
    for child in element:
        name = local(child)
        if name == "r":
            piece: list[str] = []
            _runs(child, piece, boxes)
            said = "".join(piece)
            hidden = any(local(mark) in ("vanish", "webHidden") for mark in child.iter())
            words.append(f"[hidden: {said}]" if hidden and said.strip() else said)
        elif name in ("t", "instrText"):
            words.append(child.text or "")
        elif name == "delText":
            words.append(f"[deleted: {child.text or ''}]")
        elif name in ("tab", "ptab"):
            words.append("\t")
        elif name in ("br", "cr"):
            words.append("\n")
        elif name in ("noBreakHyphen", "softHyphen"):
            words.append("-")
        elif name == "txbxContent":
            boxes.extend(_blocks(child))
        elif name == "docPr":
            described = attribute(child, "descr")
            words.append(f"[picture: {described}]" if described else "[picture]")
        elif name == "OLEObject":
            words.append("[embedded object]")
        elif name != "Fallback":  # the same once more, for older readers
            _runs(child, words, boxes)


# ---- PowerPoint ------------------------------------------------------------------------------------------------------


def powerpoint(path: Path) -> str:
    """Slide by slide, then its notes; then comments."""
    archive = Archive(path)
    lines: list[str] = []
    for pattern, title in (
        (r"ppt/slides/slide\d+\.xml", "Slide"),
        (r"ppt/notesSlides/notesSlide\d+\.xml", "Notes"),
        (r"ppt/comments/.+\.xml", "Comments"),
    ):
        for number, name in enumerate(archive.parts(pattern), start=1):
            root = archive.root(name)
            hidden = " (hidden)" if attribute(root, "show") == "0" else ""
            lines += [f"{title} {number}{hidden}", *_drawn(root), ""]
    return "\n".join(lines)


def _drawn(root: Element) -> Iterator[str]:
    for element in root.iter():
        name = local(element)
        if name == "p":
            yield "".join(
                (part.text or "") if local(part) == "t" else "\n" if local(part) == "br" else "" for part in element.iter()
            )
        elif name == "text" and element.text:  # a comment's
            yield element.text
        elif name == "cNvPr" and attribute(element, "descr"):
            yield f"[picture: {attribute(element, 'descr')}]"


# ---- OpenDocument ----------------------------------------------------------------------------------------------------


def open_document(path: Path) -> str:
    """Text, tables, notes and comments of the content, then what the page styles say (headers and footers)."""
    archive = Archive(path)
    lines = list(_open_blocks(archive.root("content.xml")))
    for name in archive.parts(r"styles\.xml"):
        for element in archive.root(name).iter():
            if local(element) in ("header", "footer"):
                lines += ["", f"Page {local(element)}", *_open_blocks(element)]
    return "\n".join(lines)


def _open_blocks(root: Element) -> Iterator[str]:
    for element in root:
        name = local(element)
        if name in ("p", "h"):
            yield _open_words(element)
        elif name == "table-row":
            cells = (cell for cell in element if local(cell) in ("table-cell", "covered-table-cell"))
            yield " | ".join(" ".join(_open_blocks(cell)) for cell in cells)
        elif name == "deletion":
            yield from (f"[deleted: {line}]" for line in _open_blocks(element))
        else:
            yield from _open_blocks(element)


def _open_words(element: Element) -> str:
    words = [element.text or ""]
    for child in element:
        name = local(child)
        if name == "s":
            words.append(" " * min(int(attribute(child, "c") or 1), 200))
        elif name == "tab":
            words.append("\t")
        elif name == "line-break":
            words.append("\n")
        elif name == "annotation":
            words.append(f"[comment: {' '.join(_open_blocks(child))}]")
        elif name == "hidden-text":
            words.append(f"[hidden: {attribute(child, 'string-value')}]")
        else:
            words.append(_open_words(child))
        words.append(child.tail or "")
    return "".join(words)
