"""A page's words from its pixels: upright, in reading order, each letter with its box."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from redaction.engine.scan import faces, lines, order
from redaction.engine.scan.lines import Column, Line, Pixels, Quad
from redaction.engine.shapes import Box, Page

# Below, marks and textures read as letters
_SURE = 0.55
_DOUBTFUL = 0.85
_SAMPLE = 6
_DARK = 40
# Of a line's height; spaces in a line from which the width of one is known, and how much of it a gap must have
_PARAGRAPH = 0.55
_SPACES, _AS_WIDE = 3, 0.75


def with_words(page: Page, pixels: Pixels, scale: float) -> Page:
    """The page with what its pixels (`scale` of them a point) say after its own text, and the faces and plates in them."""
    text, boxes = read(pixels)
    start = len(page.text) + 1 if page.text else 0
    gap: tuple[Box | None, ...] = (None,) if page.text else ()
    placed = tuple(Box(*(edge / scale for edge in box)) if box else None for box in boxes)
    whole = page.text + ("\n" if page.text else "") + text
    seen = tuple((what, Box(*(edge / scale for edge in box))) for what, box in faces.find(pixels, boxes))
    return Page(page.index, page.width, page.height, whole, (*page.boxes, *gap, *placed), start, seen)


def read(pixels: Pixels) -> tuple[str, list[Box | None]]:
    """Text and a box in pixels for each letter; None for spaces and line breaks."""
    turns, quads, known = _upright(pixels)
    turned = np.ascontiguousarray(np.rot90(pixels, turns))
    found = [line for line in [*known, *_read(turned, quads)] if line.score >= _SURE and line.text.strip()]
    text: list[str] = []
    boxes: list[Box | None] = []
    last: Line | None = None
    for row in order.rows_of(found):
        if last and row[0].quad[0][1] - last.quad[3][1] > _PARAGRAPH * lines.size_of(last.quad)[1]:
            _put(text, boxes, "\n", [])
        last = row[0]
        for number, line in enumerate(row):
            if number:
                apart = line.quad[0][0] - row[number - 1].quad[1][0] > 1.5 * lines.size_of(line.quad)[1]
                _put(text, boxes, "   " if apart else " ", [])
            said, places = _placed(turned, line)
            _put(text, boxes, said, places)
        _put(text, boxes, "\n", [])
    return "".join(text)[:-1], [_back(box, pixels.shape, turns) for box in boxes[:-1]]


def _put(text: list[str], boxes: list[Box | None], said: str, places: Sequence[Box]) -> None:
    text.append(said)
    boxes.extend(places or [None] * len(said))


def _read(pixels: Pixels, quads: Sequence[Quad]) -> list[Line]:
    """Every line; one on its side is read both ways round and the likelier way holds."""
    level = [quad for quad in quads if not lines.is_tall(quad)]
    tall = [quad for quad in quads if lines.is_tall(quad)]
    found = lines.read(pixels, level)
    ways = zip(*(lines.read(pixels, [lines.turned(quad, turn) for quad in tall]) for turn in (1, 3)), strict=True)
    return found + [max(pair, key=lambda line: line.score) for pair in ways]


def _upright(pixels: Pixels) -> tuple[int, list[Quad], list[Line]]:
    """How many quarter turns to the left set the page upright, its lines then, and those that were read to find out."""
    quads = lines.find(pixels)
    longest = sorted(quads, key=lambda quad: -max(lines.size_of(quad)))[:_SAMPLE]
    if not longest:
        return 0, [], []
    sideways = sum(lines.is_tall(quad) for quad in longest) > len(longest) / 2
    read = {turn: lines.read(pixels, [lines.turned(quad, turn) for quad in longest]) for turn in ((1, 3) if sideways else (0,))}
    if not sideways and _score(read[0]) < _DOUBTFUL:
        read[2] = lines.read(pixels, [lines.turned(quad, 2) for quad in longest])
    best = max(read, key=lambda turn: _score(read[turn]))
    if best:
        return best, lines.find(np.ascontiguousarray(np.rot90(pixels, best))), []
    level = [line for line in read[0] if not lines.is_tall(line.quad)]
    done = {line.quad.tobytes() for line in level}
    return 0, [quad for quad in quads if quad.tobytes() not in done], level


def _score(read: Sequence[Line]) -> float:
    return float(np.mean([line.score for line in read]))


def _placed(pixels: Pixels, line: Line) -> tuple[str, list[Box]]:
    """The words, and a box for each letter: words end where the ink between them does, letters halfway to their neighbours."""
    ink = _ink(lines.cut(pixels, line.quad))
    letters = _spaced(line.letters, ink)
    middles = [place for _, place in letters]
    edges = [0.0, *((a + b) / 2 for a, b in pairwise(middles)), 1.0]
    for number, (letter, _) in enumerate(letters):
        if letter == " " and 0 < number < len(middles) - 1:
            edges[number] = edges[number + 1] = _gap(ink, middles[number - 1], middles[number + 1])[1]
    boxes = [_box(line.quad, left, right) for left, right in pairwise(edges)]
    return "".join(letter for letter, _ in letters), boxes


def _spaced(letters: Sequence[Column], ink: npt.NDArray[np.bool_]) -> list[Column]:
    """The letters with the spaces that were overlooked: gaps as wide as those that were seen in the line."""
    seen = [_gap(ink, a[1], b[1])[0] for a, space, b in zip(letters, letters[1:], letters[2:], strict=False) if space[0] == " "]
    if len(seen) < _SPACES:
        return list(letters)
    least = _AS_WIDE * float(np.median(seen))
    made = [letters[0]]
    for last, letter in pairwise(letters):
        if " " not in (last[0], letter[0]) and _gap(ink, last[1], letter[1])[0] >= least:
            made.append((" ", (last[1] + letter[1]) / 2))
        made.append(letter)
    return made


def _ink(piece: Pixels) -> npt.NDArray[np.bool_]:
    """Which columns of a line hold ink: their darkest and lightest pixel differ."""
    grey = piece[4:-4].mean(axis=2)
    return np.asarray(grey.max(axis=0) - grey.min(axis=0) > _DARK)


def _gap(ink: npt.NDArray[np.bool_], left: float, right: float) -> tuple[int, float]:
    """The widest stretch without ink between two letters' middles: its columns, and its middle as a share of the line."""
    first = int(left * len(ink))
    last = max(first + 1, int(right * len(ink)))
    best: tuple[int, float] = (0, (first + last) / 2)
    start: int | None = None
    for column in range(first, last + 1):
        empty = column < min(last, len(ink)) and not ink[column]
        if empty and start is None:
            start = column
        elif not empty and start is not None:
            best = max(best, (column - start, (column + start) / 2))
            start = None
    return best[0], best[1] / len(ink)


def _box(quad: Quad, left: float, right: float) -> Box:
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    corners = [quad[0] + top * left, quad[0] + top * right, quad[3] + bottom * left, quad[3] + bottom * right]
    xs, ys = zip(*corners, strict=True)
    return Box(float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys)))


def _back(box: Box | None, shape: tuple[int, ...], turns: int) -> Box | None:
    """A box of the page set upright, where it is on the page as it came."""
    if box is None or not turns:
        return box
    height, width = shape[:2]
    left, top, right, bottom = box
    if turns == 1:
        return Box(width - bottom, left, width - top, right)
    if turns == 2:
        return Box(width - right, height - bottom, width - left, height - top)
    return Box(top, height - right, bottom, height - left)
