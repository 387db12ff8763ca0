"""A PDF page as pixels, and which of its letters can be seen in them."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from redaction.engine.kept import edges_of
from redaction.engine.pdf.document import opened, page_of
from redaction.engine.shapes import Page

Pixels = npt.NDArray[np.uint8]

MAX_PIXELS = 60_000_000
# A letter counts as seen when taking it away changes a pixel by more than this, of 255: below, no eye sees it.
_SEEN = 12


def scale_for(width: float, height: float, dpi: float) -> float:
    """Pixels a point for a page of this size in points, lowered where the page would be too large to hold."""
    scale = dpi / 72
    pixels = width * height * scale * scale
    return scale if pixels <= MAX_PIXELS else scale * (MAX_PIXELS / pixels) ** 0.5


def render(path: Path, page: Page, dpi: float) -> Image.Image:
    """One page as an RGB picture."""
    with opened(path) as document, page_of(document, page.index) as shown:
        return Image.fromarray(pixels_of(shown, scale_for(page.width, page.height, dpi)))


def pixels_of(page: pdfium.PdfPage, scale: float) -> Pixels:
    """An open page as an array of rows, columns and red, green, blue: three of every four bytes (see `whole`)."""
    bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=raw.FPDFBitmap_BGRx)
    try:
        return np.asarray(bitmap.to_numpy()[:, :, :3])  # its memory is Python's and lives on
    finally:
        bitmap.close()


def whole(shown: Pixels) -> Pixels:
    """The array of which these pixels are a part, every byte after the other: that is many times as fast to go through."""
    base = shown.base
    if isinstance(base, np.ndarray) and base.shape == (*shown.shape[:2], 4) and base.flags.c_contiguous:
        return base
    return np.ascontiguousarray(shown)


def without_text(page: pdfium.PdfPage, shown: Pixels, scale: float) -> Pixels:
    """The open page without its text (which is taken off it), as `shown` is with it; white at once where there is only text."""
    objects = (raw.FPDFPage_GetObject(page, number) for number in range(raw.FPDFPage_CountObjects(page)))
    if all(raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_TEXT for thing in objects):
        return np.broadcast_to(np.uint8(255), shown.shape)
    remove_text(page)
    return pixels_of(page, scale)


def remove_text(page: pdfium.PdfPage) -> None:
    """Take every text object off the open page (the file isn't touched), also inside forms."""
    objects = [raw.FPDFPage_GetObject(page, number) for number in range(raw.FPDFPage_CountObjects(page))]
    for thing in objects:
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFPage_RemoveObject(page, thing)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            _remove_text_in_form(thing, depth=0)


def _remove_text_in_form(form: raw.FPDF_PAGEOBJECT, depth: int) -> None:
    if depth > 16:
        return
    things = [raw.FPDFFormObj_GetObject(form, number) for number in range(raw.FPDFFormObj_CountObjects(form))]
    for thing in things:
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFFormObj_RemoveObject(form, thing)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            _remove_text_in_form(thing, depth + 1)


def hidden_letters(page: Page, with_text: Pixels, without_text: Pixels, scale: float) -> list[int]:
    """Offsets of letters that make no difference to the page's pixels: white, covered, clipped or invisible.

    Letters that were read from pixels are there to be seen.
    """
    letters = [offset for offset, letter in enumerate(page.text[: page.scanned]) if not letter.isspace()]
    hidden = [offset for offset in letters if page.boxes[offset] is None]
    placed = [offset for offset in letters if page.boxes[offset] is not None]
    rows, columns = with_text.shape[:2]
    edges = (edges_of([box for offset in placed if (box := page.boxes[offset])]) * scale).astype(np.int64)
    edges = np.clip(np.add(edges, (-1, -1, 2, 2)), 0, (columns, rows, columns, rows))
    lines: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for offset, (x0, y0, x1, y1) in zip(placed, edges.tolist(), strict=True):
        lines.setdefault((y0, y1), []).append((offset, x0, x1))
    one, other = whole(with_text), without_text if _is_blank(without_text) else whole(without_text)
    for (y0, y1), line in lines.items():
        x0, x1 = min(left for _, left, _ in line), max(right for _, _, right in line)
        # How many columns up to each one show a change
        changes = np.concatenate(([0], np.cumsum(_changed(one[y0:y1, x0:x1], other[y0:y1, x0:x1])))).tolist()
        hidden += [offset for offset, left, right in line if changes[right - x0] <= changes[left - x0]]
    return sorted(hidden)


def _is_blank(shown: Pixels) -> bool:
    """Whether it is the white page that `without_text` gives, which takes no memory."""
    return shown.strides[:2] == (0, 0)


def _changed(one: Pixels, other: Pixels) -> npt.NDArray[np.bool_]:
    """In which columns two pictures of one size differ so that an eye sees it."""
    if not one.size:
        return np.zeros(one.shape[1], dtype=bool)
    if _is_blank(other):
        change = one.min(axis=0) < 255 - _SEEN
    else:
        change = (np.maximum(one, other) - np.minimum(one, other)).max(axis=0) > _SEEN
    found: npt.NDArray[np.bool_] = change[:, :3].any(axis=1)
    return found
