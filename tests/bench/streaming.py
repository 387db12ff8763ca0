"""When the first proposals of a long statement can be decided, as a share of the time until all of it is read.

`python -m tests.bench.streaming [PAGES]`: 100 unless told. What is measured is the engine in its sandbox with a listener that takes
each page, as the worker does; writing a page down takes some ten milliseconds more.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportlab.pdfgen import canvas

Line = tuple[str, str, str, str, str]
LINES_A_PAGE = 40
NAMES = ("Okonkwo", "Larkspur", "Thistlewood", "Ferreira", "Quorndon", "Adeyemi", "Marchetti", "Osei")


def _make(path: Path, pages: int) -> Path:
    """A statement of pages with 40 lines of prose, a name or a number in every fourth."""
    paper = canvas.Canvas(str(path), pagesize=(595, 842))
    for page in range(pages):
        paper.setFont("Times-Roman", 11)
        for number in range(LINES_A_PAGE):
            name = NAMES[(page + number) % len(NAMES)]
            said = (
                f"I then told Mrs {name} that she could reach me on 07700 9004{number:02d} at any time of that day"
                if number % 4 == 0
                else "We walked along the river as far as the bridge and talked of what had happened in the weeks before"
            )
            paper.drawString(60, 790 - 17 * number, said)
        paper.showPage()
    paper.save()
    return path


class _Watch:
    """Notes when the first page with a proposal came."""

    def __init__(self) -> None:
        self.begin = time.perf_counter()
        self.first = 0.0
        self.pages = 0

    def page(self, page: dict[str, Any], proposals: list[dict[str, Any]]) -> None:
        self.pages += 1
        if proposals and not self.first:
            self.first = time.perf_counter() - self.begin

    def told(self) -> Mapping[int, Sequence[tuple[int, int]]]:
        return {}


def lines(pages: int = 100) -> list[Line]:
    """Time to the first proposals, beside the whole time."""
    from redaction.engine import boxed

    with tempfile.TemporaryDirectory() as folder:
        source = _make(Path(folder) / "statement.pdf", pages)
        # A worker has its models loaded: what it loads once is not this statement's
        boxed.read(_make(Path(folder) / "one.pdf", 1), Path(folder), dpi=0)
        watch = _Watch()
        boxed.read(source, Path(folder), listener=watch)
        whole = time.perf_counter() - watch.begin
    share = f"{watch.first / whole:.3f}×"
    return [("redaction: first proposals", f"{pages} pages", f"{watch.first:.2f} s", f"{whole:.1f} s (all of them)", share)]


if __name__ == "__main__":
    for line in lines(*map(int, sys.argv[1:2])):
        print(" | ".join(line))
