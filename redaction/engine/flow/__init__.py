"""Words without pages of their own: plain text, e-mail, Word, OpenDocument, RTF, PowerPoint. They come out as PDF.

The words are read by `reading`, set on pages by `layout`, and from there on are a PDF's (`redaction.engine.pdf`).
The furniture of a format: extract, render, covered, burn_in, check.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from redaction.engine.errors import Misplaced
from redaction.engine.flow import layout, reading
from redaction.engine.flow.glyphs import draw
from redaction.engine.pdf import burn, pixels
from redaction.engine.pdf.check import check_pages
from redaction.engine.pdf.writer import Writer
from redaction.engine.shapes import Burnt, Checked, Covered, Page, Redaction, by_page

__all__ = ["burn_in", "check", "covered", "extract", "render"]


def extract(path: Path) -> list[Page]:
    """The words on pages of A4. Raises NotThatType, Encrypted, Damaged or TooLarge."""
    return [sheet.page for sheet in layout.lay(reading.words_of(path))]


def render(path: Path, page: Page, dpi: float) -> Image.Image:
    """A page as it is set; the source itself has no looks that are kept."""
    return Image.fromarray(np.stack([draw(page, dpi / 72)] * 3, axis=2))


def covered(path: Path) -> list[Covered]:
    """Nothing: words without pages have no boxes over them."""
    return []


def burn_in(
    path: Path,
    redactions: Sequence[Redaction],
    output: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    scanned: Sequence[Page] = (),
) -> Burnt:
    """Write `redacted.pdf` into the folder `output`. Raises Misplaced for a redaction outside the document."""
    return set_pages(extract(path), redactions, output, progress)


def set_pages(pages: Sequence[Page], redactions: Sequence[Redaction], output: Path, progress: Callable[[int, int], None]) -> Burnt:
    """Write pages of words as a redacted PDF."""
    wanted = by_page(redactions)
    if any(not 0 <= index < len(pages) for index in wanted):
        raise Misplaced(f"The document has {len(pages)} pages.")
    with (output / burn.NAME).open("wb") as file:
        writer = Writer(file)
        for page in pages:
            scale = pixels.scale_for(page.width, page.height, burn.DPI)
            shown = np.stack([draw(page, scale)] * 3, axis=2)
            burn.add_page(writer, page, shown, wanted.get(page.index, []), scale=scale)
            progress(page.index + 1, len(pages))
        writer.close()
    return Burnt(burn.NAME, "application/pdf", len(pages), len(redactions))


def check(
    source: Path,
    output: Path,
    redactions: Sequence[Redaction],
    burnt: Burnt,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    scanned: Sequence[Page] = (),
) -> Checked:
    """Try to find in the PDF `output` what was taken out of `source`."""
    return check_pages(extract(source), output, redactions, burnt, progress)
