"""What can still be read of pages whose words came from pixels: by tesseract, which is not what found them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from redaction.engine import kept, ocr, secrets
from redaction.engine.shapes import Box, Finding, Page, Redaction

_LIKE = 0.5
_AROUND = 0.25


def unread(
    page: Page, shown: npt.NDArray[np.uint8], words: Sequence[str], redactions: Sequence[Redaction], scale: float
) -> list[Finding]:
    """Findings of kind "legible": a redacted string that a second engine reads where none lawfully stands.

    `shown` are the finished page's pixels, `scale` of them a point; `words` the strings redacted anywhere in the document.
    A name must have stayed to the letter where it is read; a word of the dictionary ("street") may have been misread there.
    Of kind "ocr" where the engine is missing: then nobody knows.
    """
    if not words:
        return []
    if missing := ocr.missing():
        return [Finding("ocr", missing, page.index)]
    sought = [word.lower() for word in words]
    gone = kept.removed_offsets(page, redactions)
    found = []
    for line in ocr.read_page(Image.fromarray(shown)):
        places = [Box(*(edge / scale for edge in box)) for _, box in line]
        read = [said.lower() for said, _ in line]
        whole = " ".join(read)
        hits = [
            place
            for said, place in zip(read, places, strict=True)
            for word in sought
            if word in said and not _lawful(word, page, place, gone)
        ]
        if not hits and any(" " in word and word in whole for word in sought):
            around = _joined(places)
            hits = [around for word in sought if " " in word and word in whole and not _lawful(word, page, around, gone)]
        found += [
            Finding("legible", f"a redacted word can be read at {hit.left:.0f}, {hit.top:.0f}", page.index) for hit in hits[:1]
        ]
    return found


def _joined(boxes: Sequence[Box]) -> Box:
    around = boxes[0]
    for box in boxes[1:]:
        around = around.joined(box)
    return around


def _lawful(word: str, page: Page, place: Box, gone: set[int]) -> bool:
    """Whether the word stands, and stays, where it was read."""
    more = _AROUND * (place.bottom - place.top)
    around = Box(place.left - more, place.top - more, place.right + more, place.bottom + more)
    letters = [
        letter
        for offset, (letter, box) in enumerate(zip(page.text, page.boxes, strict=True))
        if offset not in gone and box and around.contains(box.centre)
    ]
    stays, wanted = kept.letters_of("".join(letters)).lower(), kept.letters_of(word)
    if wanted in stays:
        return True
    from redaction.engine.detect import lists

    alike = word.isalpha() and word in lists.words()
    return alike and secrets.likeness(wanted, stays) >= _LIKE
