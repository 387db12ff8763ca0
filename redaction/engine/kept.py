"""Which words stay: the arithmetic of a text and the spans and boxes taken out of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from redaction.engine.errors import Misplaced
from redaction.engine.shapes import Box, Page, Redaction


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one line that stay together, or the marker of one redaction (then `redaction` is set).

    `turn`: 90 for words that run up the page, 270 for those that run down.
    """

    text: str
    box: Box | None
    redaction: Redaction | None = None
    turn: int = 0


def marker(code: str) -> str:
    """What stands in the text where words were taken out."""
    return f"[{code}]"


def removed_offsets(page: Page, redactions: Sequence[Redaction]) -> set[int]:
    """Offsets of the code points that go: inside an accepted span, or with their middle inside an accepted box.

    The second rule catches text under a box drawn by hand, and a second copy of a word set on top of the first.
    """
    removed: set[int] = set()
    boxes: list[Box] = []
    for redaction in redactions:
        boxes.extend(redaction.boxes)
        if redaction.start is not None and redaction.end is not None:
            if not 0 <= redaction.start < redaction.end <= len(page.text):
                raise Misplaced(f"Page {page.index + 1} has no text at {redaction.start}-{redaction.end}.")
            removed.update(range(redaction.start, redaction.end))
    if boxes:
        removed.update(_middles_inside(page, boxes))
    return removed


def _middles_inside(page: Page, boxes: Sequence[Box]) -> list[int]:
    """Offsets of the code points whose middle lies in one of the boxes."""
    placed = [offset for offset, place in enumerate(page.boxes) if place]
    if not placed:
        return []
    edges = edges_of([place for place in page.boxes if place])
    across, down = (edges[:, 0] + edges[:, 2]) / 2, (edges[:, 1] + edges[:, 3]) / 2
    inside = np.zeros(len(placed), dtype=bool)
    for left, top, right, bottom in boxes:
        inside |= (across >= left) & (across <= right) & (down >= top) & (down <= bottom)
    return [placed[number] for number in np.flatnonzero(inside)]


def edges_of(boxes: Sequence[Box]) -> npt.NDArray[np.float64]:
    """A row of left, top, right and bottom for each box."""
    return np.fromiter(chain.from_iterable(boxes), np.float64, 4 * len(boxes)).reshape(-1, 4)


def runs(page: Page, redactions: Sequence[Redaction], hidden: Collection[int] = ()) -> list[Run]:
    """The page's text as it is written anew, in order: what stays, a run a line, and a marker for each redaction.

    `redactions` in the order of `shapes.by_page`; `hidden` are offsets that are left out without a marker.
    """
    gone = removed_offsets(page, redactions)
    skipped = set(hidden)
    starts: dict[int, list[Redaction]] = {}
    for redaction in redactions:
        starts.setdefault(len(page.text) if redaction.start is None else redaction.start, []).append(redaction)
    found: list[Run] = []
    letters: list[int] = []

    def close() -> None:
        words = "".join(page.text[offset] for offset in letters).split()
        if words:
            found.append(Run(" ".join(words), _around(page, letters), turn=_turn(page, letters)))
        letters.clear()

    for offset in range(len(page.text) + 1):
        if offset in starts:
            close()
            found.extend(Run(marker(r.code), r.boxes[0] if r.boxes else None, r) for r in starts[offset])
        if offset == len(page.text):
            break
        if page.text[offset] == "\n":
            close()
        elif offset in gone:
            # What stood on either side of removed words must not read as one word.
            close()
        elif offset not in skipped:
            letters.append(offset)
    close()
    return found


def _turn(page: Page, offsets: Sequence[int]) -> int:
    """Which way the words run, by their first and last letters."""
    placed = [box for offset in offsets if not page.text[offset].isspace() and (box := page.boxes[offset])]
    if len(placed) < 2:
        return 0
    (across, down), (x, y) = placed[0].centre, placed[-1].centre
    if abs(y - down) <= 2 * abs(x - across) or abs(y - down) < placed[0].right - placed[0].left:
        return 0
    return 270 if y > down else 90


def _around(page: Page, offsets: Sequence[int]) -> Box | None:
    placed = [box for offset in offsets if not page.text[offset].isspace() and (box := page.boxes[offset])]
    if not placed:
        return None
    left, top, right, bottom = zip(*placed, strict=True)
    return Box(min(left), min(top), max(right), max(bottom))


def letters_of(text: str) -> str:
    """The text without white space: extractors differ in where they put it."""
    return "".join(text.split())
