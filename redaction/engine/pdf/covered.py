"""Failed redactions of others: words under an opaque box, which copy and paste still gives out."""

import ctypes
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from redaction.engine.pdf import pixels
from redaction.engine.pdf.document import opened, page_of
from redaction.engine.pdf.extract import read_page
from redaction.engine.shapes import Box, Covered, Page

_DPI = 100
# Of 255: pixels of one colour, give or take what scanning and JPEG do to it; and as good as white
_EVEN, _WHITE = 24, 245


def covered(path: Path) -> list[Covered]:
    """Each stretch of words on a line that a box hides. Raises the refusals of `document.opened`."""
    found: list[Covered] = []
    with opened(path) as document:
        for index in range(len(document)):
            with page_of(document, index) as page:
                found += _on_page(page, index)
    return found


def _on_page(page: pdfium.PdfPage, index: int) -> list[Covered]:
    words = read_page(page, index)
    pale = _pale_letters(page, words)
    scale = pixels.scale_for(words.width, words.height, _DPI)
    shown = pixels.pixels_of(page, scale)
    pixels.remove_text(page)
    hidden = pixels.hidden_letters(words, shown, pixels.pixels_of(page, scale), scale)
    under = [offset for offset in hidden if _under_a_box(words.boxes[offset], shown, scale, pale=offset in pale)]
    return _stretches(words, under)


def _pale_letters(page: pdfium.PdfPage, words: Page) -> set[int]:
    """Offsets of letters that show nothing by themselves: drawn invisibly (an OCR layer), or in white."""
    pale = set()
    textpage = page.get_textpage()
    try:
        offset = 0
        for number in range(textpage.count_chars()):
            code = raw.FPDFText_GetUnicode(textpage, number)
            if code == 0x0D or 0xD800 <= code < 0xDC00:
                continue
            if _is_pale(textpage, number):
                pale.add(offset)
            offset += 2 if code in (0x02, 0xFFFE) else 1
    finally:
        textpage.close()
    return pale


def _is_pale(textpage: pdfium.PdfTextPage, number: int) -> bool:
    drawn = raw.FPDFText_GetTextObject(textpage, number)
    if drawn and raw.FPDFTextObj_GetTextRenderMode(drawn) in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP):
        return True
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFText_GetFillColor(textpage, number, red, green, blue, alpha):
        return False
    return alpha.value == 0 or min(red.value, green.value, blue.value) >= _WHITE


def _under_a_box(box: Box | None, shown: pixels.Pixels, scale: float, *, pale: bool) -> bool:
    """Whether one colour lies where the letter is; white over a letter that is itself `pale` hides nothing."""
    if box is None:
        return False
    rows, columns = shown.shape[:2]
    # The middle of the line: a box may be drawn close to the letters
    quarter = (box.bottom - box.top) / 4
    y0, y1 = max(0, int((box.top + quarter) * scale)), min(rows, int(np.ceil((box.bottom - quarter) * scale)))
    x0, x1 = max(0, int(box.left * scale)), min(columns, int(np.ceil(box.right * scale)))
    patch = shown[y0:y1, x0:x1]
    if patch.size == 0:
        return False
    even = int(patch.max()) - int(patch.min()) <= _EVEN or np.ptp(patch.reshape(-1, 3), axis=0).max() <= _EVEN
    return bool(even and not (pale and int(patch.min()) >= _WHITE))


def _stretches(words: Page, offsets: Sequence[int]) -> list[Covered]:
    """Neighbouring letters, and the spaces between them, joined to what stands on one line."""
    found: list[Covered] = []
    stretch: list[int] = []

    def close() -> None:
        if stretch:
            boxes = [box for offset in stretch if (box := words.boxes[offset])]
            around = boxes[0]
            for box in boxes[1:]:
                around = around.joined(box)
            found.append(Covered(words.index, around, words.text[stretch[0] : stretch[-1] + 1]))
            stretch.clear()

    for offset in offsets:
        between = words.text[stretch[-1] + 1 : offset] if stretch else ""
        if between.strip(" ") or "\n" in between:
            close()
        stretch.append(offset)
    close()
    return found
