"""Makes the redacted PDF: new pages from pixels with opaque boxes, and new text from the words that stay."""

import io
import math
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from redaction.engine import kept
from redaction.engine.errors import Misplaced
from redaction.engine.pdf import pixels
from redaction.engine.pdf.document import opened, page_of
from redaction.engine.pdf.extract import read_page
from redaction.engine.pdf.writer import Label, Picture, Words, Writer
from redaction.engine.shapes import Box, Burnt, Page, Redaction, by_page, lines_of

DPI = 200
NAME = "redacted.pdf"
# Words and box widths are set on this grid, points: more than a wide letter, so that places tell little of a length.
GRID = 12.0
_PAD = 1.0
_NEAR = 400  # letters of the text among which a box's neighbours are
_AHEAD = 2  # pages drawn and not yet written
_JPEG_QUALITY = 85
_BAND = 32  # rows
_DEFLATE = 2  # a fifth larger than 6 and three times as fast


def burn_in(
    path: Path,
    redactions: Sequence[Redaction],
    output: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    scanned: Sequence[Page] = (),
) -> Burnt:
    """Write `redacted.pdf` into the folder `output`. Raises Misplaced for a redaction outside the document.

    `scanned` are the pages that `extract` read from pixels: offsets mean their text.
    """
    pages = by_page(redactions)
    read = {page.index: page for page in scanned}
    hidden: dict[int, list[int]] = {}
    making: list[Future[_Made]] = []
    # PDFium draws in this thread, the others find what is hidden, paint and pack
    with opened(path) as document, (output / NAME).open("wb") as file, ThreadPoolExecutor(_AHEAD) as pool:
        if any(not 0 <= index < len(document) for index in pages):
            raise Misplaced(f"The document has {len(document)} pages.")
        writer = Writer(file)

        def finish(made: _Made) -> None:
            if made.unseen:
                hidden[made.page.index] = made.unseen
            writer.add_page(made.page.width, made.page.height, made.picture, made.items)
            progress(made.page.index + 1, len(document))

        for index in range(len(document)):
            with page_of(document, index) as page:
                words = read.get(index) or read_page(page, index)
                scale = pixels.scale_for(words.width, words.height, DPI)
                shown = pixels.pixels_of(page, scale)
                bare = pixels.without_text(page, shown, scale)
            making.append(pool.submit(_made, words, shown, bare, pages.get(index, []), scale))
            if len(making) > _AHEAD:
                finish(making.pop(0).result())
        for future in making:
            finish(future.result())
        writer.close()
        return Burnt(NAME, "application/pdf", len(document), len(redactions), hidden)


@dataclass(frozen=True, slots=True)
class _Made:
    """A page, ready to be written."""

    page: Page
    unseen: list[int]
    picture: Picture
    items: list[Words | Label]


def _made(page: Page, shown: pixels.Pixels, bare: pixels.Pixels, redactions: Sequence[Redaction], scale: float) -> _Made:
    unseen = pixels.hidden_letters(page, shown, bare, scale)
    covers = _cover(shown, page, redactions, scale)
    return _Made(page, unseen, encode(shown), _items(page, redactions, unseen, covers))


def add_page(
    writer: Writer, page: Page, shown: pixels.Pixels, redactions: Sequence[Redaction], *, scale: float, unseen: Sequence[int] = ()
) -> None:
    """Write one page anew from its pixels (`scale` of them a point; blackened here) and the words that stay."""
    covers = _cover(shown, page, redactions, scale)
    items = _items(page, redactions, unseen, covers)
    writer.add_page(page.width, page.height, encode(shown), items)


def _cover(shown: pixels.Pixels, page: Page, redactions: Sequence[Redaction], scale: float) -> dict[int, Box]:
    """Blacken every box; return the first box of each redaction, by its identity, for its code to stand in."""
    first: dict[int, Box] = {}
    letters = Letters(page)
    for redaction in redactions:
        for box in boxes_of(page, redaction):
            cover = grown(letters, redaction, box)
            _paint(shown, cover, scale)
            first.setdefault(id(redaction), cover)
    return first


def _items(page: Page, redactions: Sequence[Redaction], unseen: Sequence[int], covers: dict[int, Box]) -> list[Words | Label]:
    """The new text in reading order: words that stay, and the code of each redaction."""
    items: list[Words | Label] = []
    for run in kept.runs(page, redactions, unseen):
        if run.redaction is None:
            items.append(_words(run.text, run.box, page, run.turn))
        else:
            items.append(_label(run.text, covers.get(id(run.redaction)), page))
    return items


class Letters:
    """Where the letters of a page stand, for many questions."""

    def __init__(self, page: Page) -> None:
        there = [n for n, place in enumerate(page.boxes) if place and not page.text[n].isspace()]
        self._offsets = np.array(there, dtype=np.int64)
        self._edges = kept.edges_of([place for n in there if (place := page.boxes[n])])

    def beside(self, start: int, end: int, box: Box) -> tuple[float, float]:
        """Right edge of the letter before and left edge of the letter after, on the box's own line; never inside the box."""
        first, last = np.searchsorted(self._offsets, (start - _NEAR, end + _NEAR))
        offsets, edges = self._offsets[first:last], self._edges[first:last]
        middle = box.centre[1]
        other = ((offsets < start) | (offsets >= end)) & (edges[:, 1] <= middle) & (middle <= edges[:, 3])
        centres = (edges[:, 0] + edges[:, 2]) / 2
        left, right = edges[other & (centres <= box.left), 2], edges[other & (centres >= box.right), 0]
        before = min(float(left.max()), box.left) if left.size else -math.inf
        after = max(float(right.min()), box.right) if right.size else math.inf
        return before, after


def boxes_of(page: Page, redaction: Redaction) -> list[Box]:
    """The boxes that a redaction must cover: its own, and the lines of its words in case they say less."""
    boxes = list(redaction.boxes)
    if redaction.start is not None and redaction.end is not None:
        for line in lines_of(page.boxes[redaction.start : redaction.end]):
            if not any(_covers(box, line) for box in boxes):
                boxes.append(line)
    return boxes


def _covers(box: Box, line: Box, slack: float = 0.05) -> bool:
    return (
        box.left <= line.left + slack
        and box.top <= line.top + slack
        and box.right >= line.right - slack
        and box.bottom >= line.bottom - slack
    )


def grown(letters: Letters, redaction: Redaction, box: Box, grid: float = GRID) -> Box:
    """The box of words made wider to the grid, as far as it then covers no letter that stays; one drawn by hand as it is."""
    if redaction.start is None or redaction.end is None:
        return box
    if box.bottom - box.top > 2 * (box.right - box.left):  # sideways text: wider would be over the next lines
        return Box(box.left - _PAD / 2, box.top - _PAD / 2, box.right + _PAD / 2, box.bottom + _PAD / 2)
    width = math.ceil((box.right - box.left) / grid) * grid
    left, right = box.left - _PAD, max(box.right + _PAD, box.left - _PAD + width)
    before, after = letters.beside(redaction.start, redaction.end, box)
    left, right = max(left, before), min(right, after)
    return Box(left, box.top - _PAD / 2, right, box.bottom + _PAD / 2)


def _paint(shown: pixels.Pixels, box: Box, scale: float) -> None:
    rows, columns = shown.shape[:2]
    x0, x1 = max(0, math.floor(box.left * scale)), min(columns, math.ceil(box.right * scale))
    y0, y1 = max(0, math.floor(box.top * scale)), min(rows, math.ceil(box.bottom * scale))
    shown[y0:y1, x0:x1] = 0


def _words(text: str, box: Box | None, page: Page, turn: int) -> Words:
    """Invisible words near where they stood: start, width and size on a coarse grid."""
    if box is None:
        return Words(text, 0.0, 0.0, 8.0, 100.0)
    if turn:
        return _sideways(text, box, page, turn)
    size = float(min(48, max(4, 4 * round((box.bottom - box.top) * 0.8 / 4))))
    x = math.floor(box.left / GRID) * GRID
    y = math.floor((page.height - box.bottom) / 2) * 2 + 0.2 * size
    width = math.ceil((box.right - box.left) / GRID) * GRID
    squeeze = min(200.0, max(20.0, 100 * width / (0.5 * size * len(text))))
    return Words(text, x, y, size, squeeze)


def _sideways(text: str, box: Box, page: Page, turn: int) -> Words:
    size = float(min(48, max(4, 4 * round((box.right - box.left) * 0.8 / 4))))
    length = math.ceil((box.bottom - box.top) / GRID) * GRID
    squeeze = min(200.0, max(20.0, 100 * length / (0.5 * size * len(text))))
    low, high = page.height - math.ceil(box.bottom / GRID) * GRID, page.height - math.floor(box.top / GRID) * GRID
    left, right = math.floor(box.left / 2) * 2, math.ceil(box.right / 2) * 2
    if turn == 90:
        return Words(text, right - 0.2 * size, low, size, squeeze, turn)
    return Words(text, left + 0.2 * size, high, size, squeeze, turn)


def _label(text: str, box: Box | None, page: Page) -> Label:
    """The code in the box, as large as fits up to 8 points; a box too small for it still gets it, tiny."""
    if box is None:
        return Label(text, 0.0, 0.0, 1.0)
    # Helvetica-Bold capitals and brackets are at most 0.75 em wide on average.
    fits = (box.right - box.left) / (0.75 * len(text))
    size = max(1.0, min(8.0, fits, 0.8 * (box.bottom - box.top)))
    y = page.height - (box.top + box.bottom) / 2 - 0.36 * size
    return Label(text, max(0.0, box.left) + 0.3 * size, y, size)


def encode(shown: pixels.Pixels) -> Picture:
    """Grey or colour; exact where the page is text on paper, JPEG where it holds photographs."""
    height, width = shown.shape[:2]
    grey = _grey_alone(shown)
    grey_page = grey is not None
    if grey is None:
        red, green, blue = (shown[:, :, channel] for channel in range(3))
        spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
        grey_page = np.count_nonzero(spread > 24) < 0.0002 * width * height
        grey = np.asarray(Image.fromarray(shown).convert("L"))
    if grey_page and np.count_nonzero(grey - np.uint8(49) < 208 - 49) < 0.1 * width * height:
        return Picture(_sixteen_greys(grey), width, height, True, 4, "FlateDecode")
    made = io.BytesIO()
    picture = Image.fromarray(grey) if grey_page else Image.fromarray(shown)
    picture.save(made, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return Picture(made.getvalue(), width, height, grey_page, 8, "DCTDecode")


def _grey_alone(shown: pixels.Pixels) -> pixels.Pixels | None:
    """The page's one channel, where all three are the same."""
    every = pixels.whole(shown)
    height, width, channels = every.shape
    if channels != 4:
        red, green, blue = (shown[:, :, channel] for channel in range(3))
        return np.ascontiguousarray(red) if np.array_equal(red, green) and np.array_equal(red, blue) else None
    grey = np.empty((height, width), dtype=np.uint8)
    for top in range(0, height, _BAND):  # as much as a processor keeps at hand
        four = every[top : top + _BAND].view("<u4")[:, :, 0]
        if (((four >> 8) ^ four) & 0xFFFF).any():
            return None
        grey[top : top + _BAND] = four & 0xFF
    return grey


_LEVELS = bytes((level * 15 + 127) // 255 for level in range(256))


def _sixteen_greys(grey: pixels.Pixels) -> bytes:
    """Four bits a pixel, each row as its difference from the one above (PNG's filter "Up"), deflated."""
    height, width = grey.shape
    if width % 2:
        grey = np.pad(grey, ((0, 0), (0, 1)))
    pairs = np.frombuffer(grey.tobytes().translate(_LEVELS), dtype="<u2").reshape(height, -1)
    packed = ((pairs << 4) | (pairs >> 8)).astype(np.uint8)
    rows = np.empty((height, packed.shape[1] + 1), dtype=np.uint8)
    rows[:, 0] = 2
    rows[0, 1:] = packed[0]
    np.subtract(packed[1:], packed[:-1], out=rows[1:, 1:])
    return zlib.compress(rows.data, _DEFLATE)
