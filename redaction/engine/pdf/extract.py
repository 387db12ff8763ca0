"""The words of a PDF's pages and where they stand."""

import ctypes
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

from redaction.engine import scan
from redaction.engine.errors import TooLarge
from redaction.engine.pdf import pixels
from redaction.engine.pdf.document import opened, page_of
from redaction.engine.shapes import Box, Page

MAX_LETTERS_A_PAGE = 400_000
# PDFium gives these for a hyphen at the end of a line, whose line break it then leaves out.
_LINE_END_HYPHENS = (0x02, 0xFFFE)


DPI = 200
# Pixels: a smaller picture holds no words; a page with more shapes than this may hold words drawn as such
_SMALLEST_PICTURE, _MANY_SHAPES = (40, 12), 150
_OURS, _TAIL = b"/BaseFont /Words /Encoding /Identity-H", 8 * 1024**2
_AGREE, _CODE = 0.8, re.compile(r"\[[A-Z]{2,4}\]")


def extract(path: Path) -> list[Page]:
    """Every page with its text, and with what is read from its pixels where it has pictures. Raises as `document.opened`."""
    return [page for page, _ in reading(path)]


def reading(path: Path) -> Iterator[tuple[Page, int]]:
    """The same, each page as soon as it is read, with how many there are in all."""
    ours = _is_ours(path)
    with opened(path) as document:
        for page in scan.pages(_jobs(document, ours=ours), _layer_or_pixels if ours else lambda before, after: after):
            yield page, len(document)


def text_layer(path: Path, scanned: Sequence[Page] = ()) -> list[Page]:
    """Every page with its text alone; those that were read from pixels before as they were given."""
    read = {page.index: page for page in scanned}
    with opened(path) as document:
        pages = []
        for index in range(len(document)):
            if index in read:
                pages.append(read[index])
                continue
            with page_of(document, index) as page:
                pages.append(read_page(page, index))
        return pages


def _jobs(document: pdfium.PdfDocument, *, ours: bool) -> Iterator[scan.Job]:
    """Each page with the pixels that are left of it without its text, if they may hold words."""
    for index in range(len(document)):
        with page_of(document, index) as page:
            words = read_page(page, index)
            if not (scan.available() and may_hold_words(page)):
                yield words, None, 1.0
                continue
            scale = pixels.scale_for(words.width, words.height, DPI)
            shown = pixels.pixels_of(page, scale)
            pixels.remove_text(page)
            bare = pixels.pixels_of(page, scale)
            if not ours:
                # What nobody sees isn't proposed beside what is read in its place; offsets stay as they are
                hidden = set(pixels.hidden_letters(words, shown, bare, scale))
                text = "".join(" " if offset in hidden else letter for offset, letter in enumerate(words.text))
                words = replace(words, text=text)
            yield words, bare, scale


def may_hold_words(page: pdfium.PdfPage) -> bool:
    """Whether anything on the page but its text may show words: a picture, or very many shapes."""
    shapes = 0
    for thing in page.get_objects(max_depth=8):
        if isinstance(thing, pdfium.PdfImage):
            width, height = thing.get_px_size()
            if max(width, height) >= _SMALLEST_PICTURE[0] and min(width, height) >= _SMALLEST_PICTURE[1]:
                return True
        elif thing.type in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING):
            shapes += 1
    return shapes > _MANY_SHAPES


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return _OURS in file.read()


def _layer_or_pixels(before: Page, after: Page) -> Page:
    """Of a file that says this engine wrote it: the words in it, if the pixels say much the same."""
    texts = (_CODE.sub("", text).lower() for text in (before.text, after.text[after.scanned :]))
    written, read = (Counter(re.findall(r"\w+", text)) for text in texts)
    agree = (written & read).total() >= _AGREE * max(written.total(), read.total())
    return replace(before, seen=after.seen) if agree else after


def read_page(page: pdfium.PdfPage, index: int) -> Page:
    """The text of an open page with a box for each code point."""
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        if count > MAX_LETTERS_A_PAGE:
            raise TooLarge(f"Page {index + 1} holds {count} letters.")
        text, boxes = _letters(textpage, count, _placer(page))
    finally:
        textpage.close()
    return Page(index, width, height, text, tuple(boxes))


def _letters(textpage: pdfium.PdfTextPage, count: int, place: Callable[[Box], Box]) -> tuple[str, list[Box | None]]:
    text: list[str] = []
    boxes: list[Box | None] = []
    high = 0
    around = _Boxes(textpage)
    for number in range(count):
        code = raw.FPDFText_GetUnicode(textpage, number)
        if 0xD800 <= code < 0xDC00:  # first half of a pair
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code == 0x0D:
            continue  # PDFium ends lines with CR LF
        box = around.of(number)
        placed = place(box) if box else None
        if code in _LINE_END_HYPHENS:
            text += ["-", "\n"]
            boxes += [placed, None]
            continue
        text.append(chr(code) if 0 < code < 0x110000 else "\ufffd")
        boxes.append(None if code == 0x0A else placed)
    return "".join(text), boxes


class _Boxes:
    """Around a letter's whole height and advance and its ink, as PDF user space (left, bottom, right, top)."""

    def __init__(self, textpage: pdfium.PdfTextPage) -> None:
        self._text = textpage.raw
        self._loose = raw.FS_RECTF()
        self._edges = tuple(ctypes.c_double() for _ in range(4))  # left, right, bottom, top
        self._told = (ctypes.byref(self._loose), *(ctypes.byref(edge) for edge in self._edges))

    def of(self, number: int) -> Box | None:
        """The box of a letter; None for one without any."""
        loose, ink = None, None
        if raw.FPDFText_GetLooseCharBox(self._text, number, self._told[0]):
            low, high = sorted((self._loose.bottom, self._loose.top))
            if self._loose.right > self._loose.left and high > low:
                loose = Box(self._loose.left, low, self._loose.right, high)
        if raw.FPDFText_GetCharBox(self._text, number, *self._told[1:]):
            left, right, bottom, top = (edge.value for edge in self._edges)
            if right > left and top > bottom:
                ink = Box(left, bottom, right, top)
        return loose.joined(ink) if loose and ink else loose or ink


def _placer(page: pdfium.PdfPage) -> Callable[[Box], Box]:
    """From user space to points from the top left of the page as shown."""
    left, bottom, right, top = page.get_bbox()
    rotation = page.get_rotation()
    if rotation == 90:
        return lambda b: Box(b.top - bottom, b.left - left, b.bottom - bottom, b.right - left)
    if rotation == 180:
        return lambda b: Box(right - b.right, b.top - bottom, right - b.left, b.bottom - bottom)
    if rotation == 270:
        return lambda b: Box(top - b.bottom, right - b.right, top - b.top, right - b.left)
    return lambda b: Box(b.left - left, top - b.bottom, b.right - left, top - b.top)
