"""Redaction of files: PDFs with a text layer beside PyMuPDF's search and apply_redactions, and scanned pages.

`python -m tests.bench.redaction [PAGES [SCANNED]]`: 60 and 4 pages unless told.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf
from reportlab.pdfgen import canvas

from redaction.engine import boxed, ocr
from redaction.engine.shapes import Page
from redaction.engine.terms import terms_on

Line = tuple[str, str, str, str, str]
TERMS = ("Okonkwo", "Larkspur")
LINES_A_PAGE = 40


def lines(pages: int = 60, scanned: int = 4) -> list[Line]:
    """Speed of both, and how well scanned pages are read."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_text(Path(folder), pages), *_scanned(Path(folder), scanned)]


def _said(number: int, page: int) -> str:
    return f"Line {number} of page {page} says that Okonkwo met Larkspur by the river at half past nine on that day"


def _make(path: Path, pages: int) -> Path:
    """Pages of 40 lines, each with two words to redact."""
    paper = canvas.Canvas(str(path), pagesize=(595, 842))
    for page in range(pages):
        paper.setFont("Times-Roman", 11)
        for number in range(LINES_A_PAGE):
            paper.drawString(60, 790 - 17 * number, _said(number, page))
        paper.showPage()
    paper.save()
    return path


def _seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    made = work()
    return time.perf_counter() - begin, made


def _redactions(folder: Path, count: int) -> list[dict[str, Any]]:
    pages = [Page.from_data(json.loads((folder / f"page-{index}.json").read_text())) for index in range(count)]
    return [redaction.as_data() for page in pages for redaction in terms_on(page, TERMS)]


def _text(folder: Path, count: int) -> list[Line]:
    source = _make(folder / "text.pdf", count)
    boxed.pages(source, folder)
    wanted = _redactions(folder, count)
    burning, burnt = _seconds(lambda: boxed.burn_in(source, folder, wanted))
    checking, checked = _seconds(lambda: boxed.check(source, folder / burnt["name"], wanted, burnt))
    if not checked["passed"]:
        raise SystemExit(f"The leak check found something: {checked['findings'][:3]}")
    peer, _ = _seconds(lambda: _pymupdf(source, folder / "peer.pdf"))
    areas = f"{count} pages, {len(wanted) // count} areas each"
    against = f"{count / peer:.1f} pages/s (PyMuPDF search and apply_redactions, no check)"
    return [
        ("redaction: burn in, text layer", areas, f"{count / burning:.1f} pages/s", against, f"{burning / peer:.2f}×"),
        ("redaction: burn in and leak check", areas, f"{count / (burning + checking):.1f} pages/s", against,
         f"{(burning + checking) / peer:.2f}×"),
    ]  # fmt: skip


def _pymupdf(source: Path, output: Path) -> None:
    opened: Any = pymupdf.open  # it has no types
    with opened(source) as document:
        for page in document:
            for term in TERMS:
                for place in page.search_for(term):
                    page.add_redact_annot(place, fill=(0, 0, 0))
            page.apply_redactions()
        document.save(output)


def _scanned(folder: Path, count: int) -> list[Line]:
    from demo.files import make_scan

    written = _make(folder / "written.pdf", count)
    make_scan(written.read_bytes(), folder / "scan.pdf", dpi=200)
    boxed.read(_make(folder / "one.pdf", 1), folder, dpi=0)  # what is loaded once is the reader's, not the page's
    reading, _ = _seconds(lambda: boxed.read(folder / "scan.pdf", folder, dpi=0))
    scanned = folder / "scanned.jsonl"
    found = [Page.from_data(json.loads(line)) for line in scanned.read_text().splitlines()]
    said = Counter(re.findall(r"\w+", " ".join(_said(n, p) for p in range(count) for n in range(LINES_A_PAGE))))
    read = Counter(re.findall(r"\w+", " ".join(page.text for page in found)))
    wanted = _redactions(folder, count)
    burning, burnt = _seconds(lambda: boxed.burn_in(folder / "scan.pdf", folder, wanted, scanned=scanned))
    made = [
        ("redaction: detect and burn in, scanned", f"{count} pages", f"{(reading + burning) / count:.2f} s/page", "goal 2.5 s/page",
         f"{(reading + burning) / count / 2.5:.2f}×"),
        ("redaction: words read of scanned pages", f"{said.total():,} words", f"{(said & read).total() / said.total():.4f}",
         "goal 0.97", ""),
    ]  # fmt: skip
    if ocr.available():
        checking, checked = _seconds(
            lambda: boxed.check(folder / "scan.pdf", folder / burnt["name"], wanted, burnt, scanned=scanned)
        )
        outcome = "passed" if checked["passed"] else f"{len(checked['findings'])} findings"
        pace = f"{checking / count:.2f} s/page"
        over = f"{checking / count / 2.5:.2f}×"
        made.append((f"redaction: leak check by tesseract, {outcome}", f"{count} pages", pace, "goal 2.5 s/page", over))
    return made


if __name__ == "__main__":
    for line in lines(*map(int, sys.argv[1:3])):
        print(" | ".join(line))
