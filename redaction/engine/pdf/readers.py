"""A redacted PDF's words as other libraries read them, and whether they are what should stay."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pdfminer
import pypdf
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTComponent, LTContainer
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

from redaction.engine import kept
from redaction.engine.shapes import Burnt, Finding, Page, Redaction

VERSIONS = [f"pypdf {pypdf.__version__}", f"pdfminer.six {pdfminer.__version__}"]


def staying(pages: Sequence[Page], wanted: dict[int, list[Redaction]], burnt: Burnt) -> list[str]:
    """The letters of each page that should stay."""
    runs = (kept.runs(page, wanted.get(page.index, []), burnt.hidden.get(page.index, [])) for page in pages)
    return [kept.letters_of("".join(run.text for run in found)) for found in runs]


def differences(
    reader: str,
    found: list[str],
    pages: Sequence[Page],
    wanted: dict[int, list[Redaction]],
    burnt: Burnt,
    *,
    reorders: bool = False,
    stays: Sequence[str] | None = None,
) -> list[Finding]:
    """The text of each page must be the source's with the accepted spans taken out, in order, and nothing more.

    `reorders`: this reader turns right-to-left scripts round in a way of its own, so there the letters are counted.
    """
    findings = []
    for page, text, expected in zip(pages, found, stays or staying(pages, wanted, burnt), strict=False):
        letters = kept.letters_of(text)
        if reorders and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in expected):
            alike = sorted(letters) == sorted(expected)
        else:
            alike = letters == expected
        if not alike:
            at = next((n for n, (a, b) in enumerate(zip(letters, expected, strict=False)) if a != b), len(expected))
            findings.append(Finding("text", f"{reader}: differs from what should stay, at letter {at}", page.index))
    return findings


def by_pypdf(path: Path) -> list[str]:
    """Each page's text as pypdf reads it."""
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def by_pdfminer(path: Path) -> list[str]:
    """Each page's letters as pdfminer.six reads them, in the order in which they are drawn."""
    texts = []
    resources = PDFResourceManager()
    # Layout analysis would put them in an order of its own.
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    with path.open("rb") as file:
        for page in PDFPage.get_pages(file):
            interpreter.process_page(page)
            letters = [thing.get_text() for thing in _flat(device.get_result()) if isinstance(thing, LTChar)]
            texts.append("".join(letters))
    return texts


def _flat(thing: LTComponent) -> list[LTComponent]:
    if not isinstance(thing, LTContainer):
        return [thing]
    return [inner for child in thing for inner in _flat(child)]
