"""Opening a PDF: what is declined, and a page with its annotations and form values made part of its content."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

from redaction.engine.errors import Damaged, Encrypted, NotThatType, TooLarge

MAX_PAGES = 2000
# The longest side of a page, points: 200 inches is what PDF readers take.
MAX_SIDE = 14400.0
_ERROR_PASSWORD = 4


@contextmanager
def opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    """The PDF at `path`, closed afterwards. Raises NotThatType, Encrypted, Damaged or TooLarge."""
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(1024):
            raise NotThatType("This is not a PDF.")
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _ERROR_PASSWORD or "assword" in str(error):
            raise Encrypted("This PDF needs a password. Ask for a copy without one.") from None
        raise Damaged("This PDF can't be read: its structure is broken.") from None
    try:
        if len(document) == 0:
            raise Damaged("This PDF has no pages.")
        if len(document) > MAX_PAGES:
            raise TooLarge(f"This PDF has {len(document)} pages; at most {MAX_PAGES} are taken.")
        document.init_forms()
        yield document
    finally:
        document.close()


@contextmanager
def page_of(document: pdfium.PdfDocument, index: int) -> Iterator[pdfium.PdfPage]:
    """A page as it is shown: notes and form values that are visible become content, so that their words are found too."""
    try:
        page = document[index]
        # Not page.flatten(): pypdfium2 allows that only where the document has a form.
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
        page.close()
        page = document[index]
    except pdfium.PdfiumError:
        raise Damaged(f"Page {index + 1} of this PDF can't be read.") from None
    try:
        width, height = page.get_size()
        if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
            raise TooLarge(f"Page {index + 1} measures {width:.0f} by {height:.0f} points.")
        yield page
    finally:
        page.close()
