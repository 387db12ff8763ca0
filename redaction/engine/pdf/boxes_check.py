"""The pixels of a redacted PDF: every accepted box opaque, and nothing of what it hid legible round it."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from redaction.engine import kept, legible, ocr, secrets
from redaction.engine.pdf import pixels
from redaction.engine.pdf.document import opened, page_of
from redaction.engine.shapes import Box, Finding, Page, Redaction, lines_of

DPI = 200
# JPEG rings round the letters beside a box; a letter under a box would differ from it by far more.
_DARKEST_LETTER, _UNEVEN = 80, 64
_AT_ONCE = 2
_OFF = 0.5  # points
# Of 255; pixels; points to either side
_INK, _SPECK, _BESIDE = 128, 4, 36.0


def look(
    output: Path,
    pages: Sequence[Page],
    wanted: dict[int, list[Redaction]],
    words: Sequence[str],
    progress: Callable[[int, int], None],
) -> tuple[list[Finding], dict[str, Any]]:
    """Findings of kinds "box", "legible" and "ocr", and what OCR was done. `words` are the redacted strings.

    A page whose words came from pixels is read whole; another only round boxes with ink beside them that no letter explains.
    """
    findings: list[Finding] = []
    reading: list[Future[list[Finding]]] = []
    whole = strips = 0
    with opened(output) as document, ThreadPoolExecutor(_AT_ONCE) as pool:
        for done, source in enumerate((page for page in pages if page.index < len(document)), 1):
            redactions = wanted.get(source.index, [])
            scanned = source.scanned is not None and bool(words)
            if redactions or scanned:
                scale = pixels.scale_for(source.width, source.height, DPI)
                with page_of(document, source.index) as page:
                    shown = _shown(page, source, scale)
                boxes = [(r, box) for r in redactions for box in _all_boxes(source, r)]
                findings += [
                    Finding("box", f"the box at {_place(box)} is not opaque", source.index)
                    for _, box in boxes
                    if not opaque(shown, box, scale)
                ]
                if scanned:
                    reading.append(pool.submit(legible.unread, source, shown, words, redactions, scale))
                    whole += 1
                elif ocr.available() and (near := _unexplained(shown, source, boxes, scale)):
                    reading.append(pool.submit(_legible, shown, source, near, scale, redactions))
                    strips += 1
                if len(reading) > 2 * _AT_ONCE:
                    findings += reading.pop(0).result()
            progress(done, len(pages))
        for future in reading:
            findings += future.result()
    if not ocr.available():
        return findings, {"ocr": "not installed"}
    return findings, {"ocr": "tesseract", "pages read whole": whole, "pages read round boxes": strips}


def _shown(page: pdfium.PdfPage, source: Page, scale: float) -> pixels.Pixels:
    """The open page's pixels without its text: its one picture's own, where `scale` of them are a point, or as PDFium draws it."""
    things = [thing for thing in page.get_objects(max_depth=1) if thing.type != raw.FPDF_PAGEOBJ_TEXT]
    if len(things) == 1 and isinstance(things[0], pdfium.PdfImage):
        left, bottom, right, top = things[0].get_bounds()
        over_all = max(abs(left), abs(bottom), abs(right - source.width), abs(top - source.height)) < _OFF
        if over_all and abs(things[0].get_px_size()[0] - source.width * scale) <= 1:
            if (grey := _sixteen_greys(things[0])) is not None:
                return grey
            bitmap = things[0].get_bitmap()
            if bitmap.n_channels in (1, 3):
                return np.array(bitmap.to_numpy(), dtype=np.uint8)
    pixels.remove_text(page)
    return pixels.pixels_of(page, scale)


def _sixteen_greys(picture: pdfium.PdfImage) -> pixels.Pixels | None:
    """A grey picture of four bits a pixel, as it is stored: that is what is seen, since `structure_check` lets it have no mask and
    no other meaning of its values. None for any other: PDFium's own way is many times as slow.
    """
    facts = picture.get_metadata()
    if facts.colorspace != raw.FPDF_COLORSPACE_DEVICEGRAY or picture.get_filters() != ["FlateDecode"]:
        return None
    stored = np.frombuffer(picture.get_data(decode_simple=True), dtype=np.uint8)
    if stored.size != facts.height * ((facts.width + 1) // 2):
        return None
    pairs = stored.reshape(facts.height, -1).astype("<u2")
    pairs = ((pairs >> 4) | ((pairs & 15) << 8)) * np.uint16(17)
    return pairs.view(np.uint8)[:, : facts.width]


def _unexplained(
    shown: pixels.Pixels, page: Page, boxes: Sequence[tuple[Redaction, Box]], scale: float
) -> list[tuple[Redaction, Box]]:
    """The boxes of words beside which there is ink where no letter stands and no box: something may show that has no place."""
    ink = (shown if shown.ndim == 2 else np.minimum(np.minimum(shown[:, :, 0], shown[:, :, 1]), shown[:, :, 2])) < _INK
    for y0, y1, x0, x1 in _stretches([*(box for _, box in boxes), *(box for box in page.boxes if box)], scale):
        ink[y0:y1, x0:x1] = False
    rows, columns = ink.shape

    def near(box: Box) -> bool:
        x0, x1 = (min(columns, max(0, int(edge * scale))) for edge in (box.left - _BESIDE, box.right + _BESIDE))
        y0, y1 = (min(rows, max(0, int(edge * scale))) for edge in (box.top - 2, box.bottom + 2))
        return int(np.count_nonzero(ink[y0:y1, x0:x1])) > _SPECK

    return [(redaction, box) for redaction, box in boxes if redaction.start is not None and near(box)]


def _stretches(places: Sequence[Box], scale: float) -> list[tuple[int, int, int, int]]:
    """Top, bottom, left and right round the places, pixels; those of one height that touch are one, as a line's letters are."""
    edges = (kept.edges_of(places) * scale).astype(np.int64)
    edges = np.maximum(0, edges + np.array((-2, -2, 3, 3)))
    found: list[tuple[int, int, int, int]] = []
    for y0, y1, x0, x1 in sorted(zip(*edges[:, (1, 3, 0, 2)].T.tolist(), strict=True)):
        if found and found[-1][:2] == (y0, y1) and x0 <= found[-1][3]:
            found[-1] = (y0, y1, found[-1][2], max(x1, found[-1][3]))
        else:
            found.append((y0, y1, x0, x1))
    return found


def _all_boxes(page: Page, redaction: Redaction) -> list[Box]:
    if redaction.start is None or redaction.end is None:
        return list(redaction.boxes)
    return [*redaction.boxes, *lines_of(page.boxes[redaction.start : redaction.end])]


def opaque(shown: pixels.Pixels, box: Box, scale: float) -> bool:
    """Whether the box's pixels are all as good as black."""
    rows, columns = shown.shape[:2]
    # Whole pixels inside the box: the burn-in rounded outwards, so these are all its own.
    x0, x1 = max(0, round(box.left * scale)), min(columns, round(box.right * scale))
    y0, y1 = max(0, round(box.top * scale)), min(rows, round(box.bottom * scale))
    patch = shown[y0:y1, x0:x1]
    if patch.size == 0:
        return True  # off the page: nothing is shown there
    return int(patch.max()) <= _DARKEST_LETTER and int(patch.max()) - int(patch.min()) <= _UNEVEN


def _legible(
    shown: pixels.Pixels, page: Page, boxes: Sequence[tuple[Redaction, Box]], scale: float, redactions: Sequence[Redaction]
) -> list[Finding]:
    """Read a strip round the boxes of each line; a redacted string that doesn't lawfully stand there is a finding."""
    strips = _strips(boxes)
    texts = ocr.read_strips([_cut(shown, around, scale) for around, _ in strips])
    findings = []
    for (around, behind), text in zip(strips, texts, strict=True):
        stays, read = _staying(page, around, redactions), text.lower()
        sought = {piece.lower() for r in behind for piece in secrets.pieces(page.text[r.start : r.end])}
        if any(piece in read and piece not in stays for piece in sought):
            where = f"a redacted word can be read beside the boxes at {_place(around)}"
            findings.append(Finding("legible", where, page.index))
    return findings


def _strips(boxes: Sequence[tuple[Redaction, Box]]) -> list[tuple[Box, list[Redaction]]]:
    """What to read: a strip for the boxes that stand on one line, with an inch to either side."""
    strips: list[tuple[Box, list[Redaction]]] = []
    for redaction, box in sorted(boxes, key=lambda pair: (pair[1].top, pair[1].left)):
        around = Box(box.left - 72, box.top - 6, box.right + 72, box.bottom + 6)
        if strips and abs(strips[-1][0].top - around.top) < 3 and abs(strips[-1][0].bottom - around.bottom) < 3:
            strips[-1] = (strips[-1][0].joined(around), [*strips[-1][1], redaction])
        else:
            strips.append((around, [redaction]))
    return strips


def _staying(page: Page, around: Box, redactions: Sequence[Redaction]) -> str:
    gone = {n for r in redactions if r.start is not None and r.end is not None for n in range(r.start, r.end)}
    letters = (
        page.text[offset]
        for offset, box in enumerate(page.boxes)
        if offset not in gone and (box is None or around.contains(box.centre))
    )
    return "".join(letters).lower()


def _cut(shown: pixels.Pixels, box: Box, scale: float) -> Image.Image:
    rows, columns = shown.shape[:2]
    x0, x1 = max(0, int(box.left * scale)), min(columns, int(box.right * scale) + 1)
    y0, y1 = max(0, int(box.top * scale)), min(rows, int(box.bottom * scale) + 1)
    return Image.fromarray(shown[y0:y1, x0:x1])


def _place(box: Box) -> str:
    return f"{box.left:.0f}, {box.top:.0f} points from the top left"
