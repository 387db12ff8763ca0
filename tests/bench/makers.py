"""PDFs of many makers: redacted, checked, and read by a reader that had no part in either (PyMuPDF).

`python -m tests.bench.makers [DOCUMENTS]`: the labelled documents (60 unless told, from the held-out half first), each set by
every maker that is on this machine, their marked names redacted wherever they stand; and PDFs that others made and packages
brought here, their commonest capitalised words redacted. Counts leaks (a redacted word that a reader finds more often than it may)
and the share of the words that stay which can still be extracted.
"""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pymupdf
import pypdf
import pypdfium2
from reportlab.pdfgen import canvas

from redaction.engine import pdf
from redaction.engine.terms import terms_on
from tests import optional
from tests.redaction import marked

MOST_LINES, MOST_PAGES, MOST_WORDS = 45, 40, 5
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
    page.insert_htmlbox(mupdf.Rect(40, 40, 555, 802), _html(lines))
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


def by_pdfium(lines: list[str]) -> bytes:
    """Another's, read and written anew, as PDF 2.0."""
    made = io.BytesIO()
    with pypdfium2.PdfDocument(by_typst(lines)) as document:
        document.save(made, version=20)
    return made.getvalue()


MAKERS: dict[str, Maker] = {
    "reportlab": by_reportlab, "reportlab, Courier": lambda lines: by_reportlab(lines, "Courier"), "typst": by_typst,
    "matplotlib": by_matplotlib, "PyMuPDF": by_pymupdf, "pypdf": by_pypdf, "PDFium": by_pdfium,
}  # fmt: skip


def by_chromium(lines: list[str]) -> bytes:
    """Printed from a page: Skia, tagged, fonts in subsets of their own encoding."""
    with tempfile.TemporaryDirectory() as folder:
        page, made = Path(folder) / "a.html", Path(folder) / "a.pdf"
        page.write_text(f"<meta charset=utf-8><body style='font: 10pt serif'>{_html(lines)}")
        options = ["--headless", "--no-sandbox", f"--user-data-dir={folder}/profile", "--no-pdf-header-footer"]
        _run([str(optional.chromium_path()), *options, f"--print-to-pdf={made}", page.as_uri()])
        return made.read_bytes()


def by_libreoffice(lines: list[str]) -> bytes:
    """PDF/A from a word processor."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "a.html"
        page.write_text(f"<meta charset=utf-8>{_html(lines)}")
        _run(["soffice", "--headless", f"-env:UserInstallation=file://{tempfile.gettempdir()}/makers-profile", "--writer",
              "--convert-to", 'pdf:writer_web_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}',
              "--outdir", folder, str(page)])  # fmt: skip
        return (Path(folder) / "a.pdf").read_bytes()


def _html(lines: list[str]) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def programs() -> dict[str, Maker]:
    """Makers that are programs, and here."""
    found: dict[str, Maker] = {"Chromium": by_chromium} if optional.chromium_path() else {}
    return found | ({"LibreOffice, PDF/A": by_libreoffice} if shutil.which("soffice") else {})


def brought() -> list[Path]:
    """PDFs with words that packages brought to this machine, none of them of many pages."""
    folders = (Path("/usr/share"), Path("/usr/lib"), Path(pymupdf.__file__).parent.parent)
    paths = sorted(path for folder in folders for path in folder.rglob("*.pdf") if path.is_file())
    return [path for path in paths if _text(path).strip() and _pages(path) <= MOST_PAGES]


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
    for name, maker in (MAKERS if makers is None else makers).items():
        tally = tallies[name] = Tally()
        for document in chosen:
            with tempfile.TemporaryDirectory() as folder:
                _one(document, maker, Path(folder), tally)
    return tallies


def measure_all(documents: int) -> dict[str, Tally]:
    """Of every maker that is here; programs take seconds to begin, and set a quarter of the documents."""
    made = measure(documents) | measure(max(1, documents // 4), programs())
    return made | {"brought by packages": measure_brought()}


def measure_brought() -> Tally:
    """Of the files that packages brought."""
    tally = Tally()
    for path in brought():
        words = Counter(re.findall(r"\b[A-Z][a-z]{4,}\b", _text(path)))
        with tempfile.TemporaryDirectory() as folder:
            shutil.copyfile(path, Path(folder) / "source.pdf")
            _redacted(path.name, [word for word, _ in words.most_common(MOST_WORDS)], Path(folder), tally)
    return tally


def _one(document: marked.Document, maker: Maker, folder: Path, tally: Tally) -> None:
    plain = document.text.encode("latin-1", "ignore").decode("latin-1")
    lines = [piece for line in plain.splitlines() for piece in textwrap.wrap(line, 80)][:MOST_LINES]
    (folder / "source.pdf").write_bytes(maker(lines))
    _redacted(document.name, document.people(), folder, tally)


def _redacted(name: str, terms: Sequence[str], folder: Path, tally: Tally) -> None:
    pages = pdf.extract(folder / "source.pdf")
    read = [page for page in pages if page.scanned is not None]
    wanted = [redaction for page in pages for redaction in terms_on(page, terms)]
    burnt = pdf.burn_in(folder / "source.pdf", wanted, folder, scanned=read)
    checked = pdf.check(folder / "source.pdf", folder / burnt.name, wanted, burnt, scanned=read)
    tally.files += 1
    tally.refused += [f"{name}: {finding.kind}, {finding.where}" for finding in checked.findings]
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


def _pages(path: Path) -> int:
    opened: Any = pymupdf.open
    with opened(path) as document:
        return len(document)


def _text(path: Path) -> str:
    opened: Any = pymupdf.open
    with opened(path) as document:
        return " ".join(page.get_text() for page in document)


def main(documents: int) -> int:
    """Print the table; 1 if anything leaked."""
    tallies = measure_all(documents)
    for name, tally in tallies.items():
        share = tally.extracted / max(1, tally.stay)
        told = f"{tally.files} files, {tally.leaks} leaks, {len(tally.refused)} findings of the check"
        print(f"{name}: {told}, {share:.4f} of {tally.stay:,} words extractable")
        for finding in tally.refused[:5]:
            print(f"    {finding}")
    files, leaks = (sum(getattr(tally, what) for tally in tallies.values()) for what in ("files", "leaks"))
    print(f"all: {files} files, {leaks} leaks")
    return int(leaks > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
