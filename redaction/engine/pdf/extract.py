"""The words of a PDF's pages and where they stand."""

import ctypes
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
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


def text_layer(path: Path, scanned: Sequence[Page] = (), only: Collection[int] | None = None, *, places: bool = True) -> list[Page]:
    """Every page (or `only` some) with its text alone; those that were read from pixels before as they were given.

    Without `places` no letter has a box, which is quicker.
    """
    read = {page.index: page for page in scanned}
    with opened(path) as document:
        pages = []
        for index in range(len(document)) if only is None else sorted(only):
            if index in read:
                pages.append(read[index])
                continue
            with page_of(document, index) as page:
                pages.append(read_page(page, index, places=places))
        return pages


def count(path: Path) -> int:
    """How many pages there are."""
    with opened(path) as document:
        return len(document)


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


def read_page(page: pdfium.PdfPage, index: int, *, places: bool = True) -> Page:
    """The text of an open page with a box for each code point, or without `places` none for any."""
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        letters = textpage.count_chars()
        if letters > MAX_LETTERS_A_PAGE:
            raise TooLarge(f"Page {index + 1} holds {letters} letters.")
        codes = [raw.FPDFText_GetUnicode(textpage, number) for number in range(letters)]
        text, boxes = _letters(codes, _boxes(textpage, letters, _placer(page)) if places else [None] * letters)
    finally:
        textpage.close()
    return Page(index, width, height, text, tuple(boxes))


def _letters(codes: Sequence[int], places: Sequence[Box | None]) -> tuple[str, list[Box | None]]:
    text: list[str] = []
    boxes: list[Box | None] = []
    high = 0
    for unit, placed in zip(codes, places, strict=True):
        code = unit
        if 0xD800 <= code < 0xDC00:  # first half of a pair
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code == 0x0D:
            continue  # PDFium ends lines with CR LF
        if code in _LINE_END_HYPHENS:
            text += ["-", "\n"]
            boxes += [placed, None]
            continue
        text.append(chr(code) if 0 < code < 0x110000 else "\ufffd")
        boxes.append(None if code == 0x0A else placed)
    return "".join(text), boxes


def _with_addresses(function: Any, places: int) -> Any:
    """The same function of PDFium, taking the text page, a letter's number, and so many places to write to as plain addresses."""
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, *[ctypes.c_void_p] * places)
    return kind(ctypes.cast(function, ctypes.c_void_p).value or 0)


_tell_loose, _tell_ink = _with_addresses(raw.FPDFText_GetLooseCharBox, 1), _with_addresses(raw.FPDFText_GetCharBox, 4)


def _boxes(textpage: pdfium.PdfTextPage, count: int, place: Callable[[Box], Box]) -> list[Box | None]:
    """Around each letter's whole height and advance and its ink; None for a letter without either."""
    # A page has thousands of letters: PDFium writes straight into the arrays. What it can't tell has no extent
    loose = np.zeros((count, 4), dtype=np.float32)  # FS_RECTF: left, top, right, bottom
    ink = np.zeros((count, 4), dtype=np.float64)  # left, right, bottom, top
    opened_text = ctypes.cast(textpage.raw, ctypes.c_void_p).value
    first, second = loose.ctypes.data, ink.ctypes.data
    for number in range(count):
        _tell_loose(opened_text, number, first + 16 * number)
        at = second + 32 * number
        _tell_ink(opened_text, number, at, at + 8, at + 16, at + 24)
    left, top, right, bottom = loose.astype(np.float64).T
    height = np.stack([left, np.minimum(bottom, top), right, np.maximum(bottom, top)])
    letter = ink.T[[0, 2, 1, 3]]
    for edges in (height, letter):
        edges[:, (edges[2] <= edges[0]) | (edges[3] <= edges[1])] = np.nan
    sides: list[Any] = [*np.fmin(height, letter)[:2], *np.fmax(height, letter)[2:]]
    # Boxes of every letter's edges are placed as one letter's would be
    placed = np.stack(place(Box(*sides)), axis=1)
    there = (~np.isnan(placed[:, 0])).tolist()
    return [Box._make(edges) if is_there else None for edges, is_there in zip(placed.tolist(), there, strict=True)]


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
