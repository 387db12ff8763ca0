"""A redacted PDF's words as other libraries read them, and whether they are what should stay."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pdfminer
import pypdf
from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFDevice, PDFTextSeq
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager, PDFTextState
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


def by_pypdf(path: Path, only: Sequence[int] | None = None) -> list[str]:
    """Each page's text (or that of `only` some, in order) as pypdf reads it."""
    pages = pypdf.PdfReader(path).pages
    return [pages[index].extract_text() for index in (range(len(pages)) if only is None else only) if index < len(pages)]


def by_pdfminer(path: Path, only: Sequence[int] | None = None) -> list[str]:
    """Each page's letters as pdfminer.six reads them, in the order in which they are drawn."""
    texts = []
    resources = PDFResourceManager()
    device = _Letters(resources)
    interpreter = PDFPageInterpreter(resources, device)
    with path.open("rb") as file:
        # What it has read of a page is not kept for the next
        for page in PDFPage.get_pages(file, None if only is None else set(only), caching=False):
            interpreter.process_page(page)
            texts.append("".join(device.letters))
            device.letters.clear()
    return texts


class _Letters(PDFDevice):
    """Takes every letter that is drawn, and not where: layout analysis would put them in an order of its own."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.letters: list[str] = []

    def render_string(self, textstate: PDFTextState, seq: PDFTextSeq, ncs: PDFColorSpace, graphicstate: PDFGraphicState) -> None:
        """Letters of a string; one that has no meaning in its font by its number, as pdfminer.six writes it elsewhere."""
        font = textstate.font
        for part in seq:
            if font is None or not isinstance(part, bytes):
                continue
            for code in font.decode(part):
                try:
                    self.letters.append(font.to_unichr(code))
                except PDFUnicodeNotDefined:
                    self.letters.append(f"(cid:{code})")
