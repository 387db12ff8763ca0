"""The order in which one reads the lines of a page: rows from the top, columns one after the other."""

import math
from collections.abc import Sequence

import numpy as np

from redaction.engine.scan.lines import Line, size_of

_WORDY = 14
_ROWS_OF_COLUMNS = 4


def rows_of(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines as rows, in reading order; the lines of a row from left to right."""
    if not lines:
        return []
    places = _Straight(lines)
    return _in_columns(_rows(lines, places), places)


class _Straight:
    """Where lines would stand if the page weren't askew."""

    def __init__(self, lines: Sequence[Line]) -> None:
        long = sorted(lines, key=lambda line: -size_of(line.quad)[0])[:40]
        leans = [math.atan2(line.quad[1][1] - line.quad[0][1], line.quad[1][0] - line.quad[0][0]) for line in long]
        lean = float(np.median([angle for angle in leans if abs(angle) < 0.3] or [0.0]))
        turn = np.array([(math.cos(lean), -math.sin(lean)), (math.sin(lean), math.cos(lean))])
        self._boxes = {}
        for line in lines:
            corners = line.quad @ turn
            self._boxes[id(line)] = (*corners.min(axis=0), *corners.max(axis=0))
        self.height = float(np.median([size_of(line.quad)[1] for line in lines]))

    def left(self, line: Line) -> float:
        return float(self._boxes[id(line)][0])

    def right(self, line: Line) -> float:
        return float(self._boxes[id(line)][2])

    def middle(self, line: Line) -> float:
        return float(self._boxes[id(line)][1] + self._boxes[id(line)][3]) / 2

    def size(self, line: Line) -> float:
        return float(self._boxes[id(line)][3] - self._boxes[id(line)][1])


def _rows(lines: Sequence[Line], places: _Straight) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=places.middle):
        first = rows[-1][0] if rows else None
        near = first and abs(places.middle(line) - places.middle(first)) <= 0.45 * min(places.size(line), places.size(first))
        if near:
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=places.left)
    return rows


def _in_columns(rows: list[list[Line]], places: _Straight) -> list[list[Line]]:
    """Stretches of rows that share a gutter are read left column first; a table's short cells stay in their rows."""
    made: list[list[Line]] = []
    stretch: list[list[Line]] = []
    gutters: list[tuple[float, float]] = []

    def close() -> None:
        made.extend(_split(stretch, gutters, places))
        stretch.clear()

    for row in rows:
        gaps = _gaps(row, places)
        shared = [(max(a, c), min(b, d)) for a, b in gutters for c, d in gaps] if stretch else gaps
        shared = [(a, b) for a, b in shared if b - a > places.height * 0.6]
        if not shared:
            close()
            shared = gaps
        stretch.append(row)
        gutters[:] = shared
    close()
    return made


def _gaps(row: Sequence[Line], places: _Straight) -> list[tuple[float, float]]:
    edges = [-math.inf, *(edge for line in row for edge in (places.left(line), places.right(line))), math.inf]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _split(rows: list[list[Line]], gutters: Sequence[tuple[float, float]], places: _Straight) -> list[list[Line]]:
    for low, high in gutters:
        if math.isinf(low) or math.isinf(high):
            continue
        x = (low + high) / 2
        sides = [[[line for line in row if (places.left(line) < x) == left] for row in rows] for left in (True, False)]
        parts = [[row for row in side if row] for side in sides]
        if all(len(part) >= _ROWS_OF_COLUMNS and _wordy(part) for part in parts):
            return [*parts[0], *_in_columns(parts[1], places)]
    return list(rows)


def _wordy(rows: list[list[Line]]) -> bool:
    return float(np.mean([sum(len(line.text) for line in row) for row in rows])) >= _WORDY
