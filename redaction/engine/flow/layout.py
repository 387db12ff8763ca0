"""Sets words on pages of A4 in a type of one width, so that every letter's place is known and none tells of a neighbour."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from redaction.engine.errors import TooLarge
from redaction.engine.shapes import Box, Page

WIDTH, HEIGHT, MARGIN = 595.28, 841.89, 48.0
SIZE = 9.0
# DejaVu Sans Mono: every letter is 1233 of 2048 units wide
ADVANCE = SIZE * 1233 / 2048
LINE = 11.5
COLUMNS = int((WIDTH - 2 * MARGIN) / ADVANCE)
ROWS = int((HEIGHT - 2 * MARGIN) / LINE)
MAX_PAGES = 20_000
_TAB = 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, and of each of its code points the offset in the words it came from (-1: put in by the layout)."""

    page: Page
    origins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Letter:
    text: str
    origin: int
    column: int
    cells: int


def lay(words: str) -> list[Sheet]:
    """The words on pages, at least one. A line that is too long goes on in the next, broken at a space where it has one."""
    sheets: list[Sheet] = []
    rows: list[list[_Letter]] = []
    for row in _rows(words):
        if len(rows) == ROWS:
            sheets.append(_sheet(len(sheets), rows))
            rows = []
            if len(sheets) > MAX_PAGES:
                raise TooLarge(f"This file fills more than {MAX_PAGES} pages.")
        rows.append(row)
    sheets.append(_sheet(len(sheets), rows))
    return sheets


def _rows(words: str) -> Iterator[list[_Letter]]:
    """The rows, each ending with its line break, which is the words' own, a space where it was broken, or put in."""
    start = 0
    while start <= len(words):
        end = words.find("\n", start)
        end = len(words) if end < 0 else end
        yield from _broken(_placed(words, start, end), end if end < len(words) else -1)
        start = end + 1


def _placed(words: str, start: int, end: int) -> list[_Letter]:
    letters, column = [], 0
    for offset in range(start, end):
        letter = words[offset]
        cells = cells_of(letter, column)
        letters.append(_Letter(" " if letter == "\t" else letter, offset, column, cells))
        column += cells
    return letters


def cells_of(letter: str, column: int) -> int:
    """How many columns a letter takes: none for what combines with the one before or can't be seen."""
    if letter == "\t":
        return _TAB - column % _TAB
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def _broken(letters: list[_Letter], line_end: int) -> Iterator[list[_Letter]]:
    first = 0
    while True:
        base = letters[first].column if first < len(letters) else 0
        last = next((n for n in range(first, len(letters)) if letters[n].column + letters[n].cells - base > COLUMNS), None)
        if last is None:
            yield [*_moved(letters[first:], base), _Letter("\n", line_end, 0, 0)]
            return
        space = next((n for n in range(last, first, -1) if letters[n].text == " "), None)
        if space is None or space == first:
            yield [*_moved(letters[first:last], base), _Letter("\n", -1, 0, 0)]
            first = last
        else:
            yield [*_moved(letters[first:space], base), _Letter("\n", letters[space].origin, 0, 0)]
            first = space + 1


def _moved(letters: list[_Letter], base: int) -> list[_Letter]:
    return [_Letter(letter.text, letter.origin, letter.column - base, letter.cells) for letter in letters]


def _sheet(index: int, rows: list[list[_Letter]]) -> Sheet:
    text, boxes, origins = [], [], []
    for number, row in enumerate(rows):
        top = MARGIN + number * LINE
        last: Box | None = None
        for letter in row:
            box = None
            if letter.text != "\n":
                left = MARGIN + letter.column * ADVANCE
                # What combines with a letter stands where that letter does
                box = Box(left, top, left + letter.cells * ADVANCE, top + LINE) if letter.cells else last
                last = box
            text.append(letter.text)
            boxes.append(box)
            origins.append(letter.origin)
    return Sheet(Page(index, WIDTH, HEIGHT, "".join(text), tuple(boxes)), tuple(origins))
