"""PDFs of many makers: redacted, checked, and read by a reader that had no part in either (PyMuPDF).

`python -m tests.bench.makers [DOCUMENTS]`: the labelled documents (60 unless told, from the held-out half first), each set by
every maker, their marked names redacted wherever they stand. Counts leaks (a redacted word that a reader finds more often than it
may) and the share of the words that stay which can still be extracted.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pymupdf
import pypdf
from reportlab.pdfgen import canvas

from redaction.engine import pdf
from redaction.engine.terms import terms_on
from tests.redaction import marked

MOST_LINES = 45
Maker = Callable[[list[str]], bytes]


def by_reportlab(lines: list[str], font: str = "Helvetica") -> bytes:
    """One font, a line at a time."""
    made = io.BytesIO()
    paper = canvas.Canvas(made, pagesize=(595, 842))
    paper.setTitle(lines[0])
    paper.setFont(font, 10)
    for number, line in enumerate(lines):
        paper.drawString(50, 800 - 16 * number, line)
    paper.showPage()
    paper.save()
    return made.getvalue()


def by_typst(lines: list[str]) -> bytes:
    """Tagged, subset fonts, with kerning and ligatures."""
    import typst

    said = "\\\n".join(re.sub(r"([\\#$*_`<>@\[\]~=+\-/\"'])", r"\\\1", line) or "~" for line in lines)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.typ"
        path.write_text(f'#set page(paper: "a4", margin: 40pt)\n#set text(size: 10pt)\n{said}\n')
        return bytes(typst.compile(path))


def by_matplotlib(lines: list[str]) -> bytes:
    """Type 3 fonts."""
    from matplotlib.figure import Figure

    figure, made = Figure(figsize=(8.27, 11.69)), io.BytesIO()
    for number, line in enumerate(lines):
        figure.text(0.07, 0.96 - 0.02 * number, line.replace("$", r"\$"), fontsize=8)
    figure.savefig(made, format="pdf")
    return made.getvalue()


def by_pymupdf(lines: list[str]) -> bytes:
    """Set from HTML, with tables of objects in streams."""
    mupdf: Any = pymupdf  # it has no types
    document = mupdf.open()
    page = document.new_page(width=595, height=842)
    html = "".join(f"<p>{line.replace('&', '&amp;').replace('<', '&lt;')}</p>" for line in lines)
    page.insert_htmlbox(mupdf.Rect(40, 40, 555, 802), html)
    return bytes(document.tobytes(garbage=4, deflate=True, use_objstms=1))


def by_pypdf(lines: list[str]) -> bytes:
    """Another maker's, turned, cropped, with an outline and a second revision."""
    first, last = io.BytesIO(), io.BytesIO()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(by_reportlab(lines, "Times-Roman")))
    writer.pages[0].rotate(90)
    writer.add_outline_item(title=lines[0], page_number=0)
    writer.compress_identical_objects()
    writer.write(first)
    later = pypdf.PdfWriter(io.BytesIO(first.getvalue()), incremental=True)
    later.add_metadata({"/Subject": lines[-1]})
    later.write(last)
    return last.getvalue()


MAKERS: dict[str, Maker] = {
    "reportlab": by_reportlab, "reportlab, Courier": lambda lines: by_reportlab(lines, "Courier"), "typst": by_typst,
    "matplotlib": by_matplotlib, "PyMuPDF": by_pymupdf, "pypdf": by_pypdf,
}  # fmt: skip


@dataclass
class Tally:
    """What came of one maker's files."""

    files: int = 0
    refused: list[str] = field(default_factory=list)  # by the leak check
    leaks: int = 0  # words
    leaking: int = 0  # files
    stay: int = 0
    extracted: int = 0


def measure(documents: int, makers: dict[str, Maker] | None = None) -> dict[str, Tally]:
    """Each maker's tally."""
    chosen = [*marked.load("held_out"), *marked.load("tuned")][:documents]
    tallies = {}
    for name, maker in (makers or MAKERS).items():
        tally = tallies[name] = Tally()
        for document in chosen:
            with tempfile.TemporaryDirectory() as folder:
                _one(document, maker, Path(folder), tally)
    return tallies


def _one(document: marked.Document, maker: Maker, folder: Path, tally: Tally) -> None:
    plain = document.text.encode("latin-1", "ignore").decode("latin-1")
    lines = [piece for line in plain.splitlines() for piece in textwrap.wrap(line, 80)][:MOST_LINES]
    (folder / "source.pdf").write_bytes(maker(lines))
    pages = pdf.extract(folder / "source.pdf")
    read = [page for page in pages if page.scanned is not None]
    wanted = [redaction for page in pages for redaction in terms_on(page, document.people())]
    burnt = pdf.burn_in(folder / "source.pdf", wanted, folder, scanned=read)
    checked = pdf.check(folder / "source.pdf", folder / burnt.name, wanted, burnt, scanned=read)
    tally.files += 1
    tally.refused += [f"{document.name}: {finding.kind}, {finding.where}" for finding in checked.findings]
    gone = Counter(_words(" ".join(pages[r.page].text[r.start : r.end] for r in wanted)))
    before, after = Counter(_words(_text(folder / "source.pdf"))), Counter(_words(_text(folder / burnt.name)))
    stay = before - gone
    leaks = sum(max(0, after[word] - max(0, before[word] - count)) for word, count in gone.items() if len(word) > 3)
    tally.leaks, tally.leaking = tally.leaks + leaks, tally.leaking + (leaks > 0)
    tally.stay += stay.total()
    tally.extracted += (stay & after).total()


def _words(text: str) -> list[str]:
    # A reader gives a ligature of the page as one letter (U+FB01), and as the letters that it stands for where they were written so
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower())


def _text(path: Path) -> str:
    opened: Any = pymupdf.open
    with opened(path) as document:
        return " ".join(page.get_text() for page in document)


def main(documents: int) -> int:
    """Print the table; 1 if anything leaked."""
    tallies = measure(documents)
    for name, tally in tallies.items():
        share = tally.extracted / max(1, tally.stay)
        told = f"{tally.files} files, {tally.leaks} leaks, {len(tally.refused)} findings of the check"
        print(f"{name}: {told}, {share:.4f} of {tally.stay:,} words extractable")
        for finding in tally.refused[:5]:
            print(f"    {finding}")
    return int(any(tally.leaks for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
