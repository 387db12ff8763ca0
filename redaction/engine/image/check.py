"""The leak check of a redacted picture: its boxes are our own covers, its file holds pixels alone."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, UnidentifiedImageError

from redaction.engine import legible, ocr, secrets
from redaction.engine.image.burn import areas_of, page_of, patch
from redaction.engine.image.picture import count, text_layer, upright
from redaction.engine.jpeg import plain_jpeg
from redaction.engine.pdf.check import check_pages
from redaction.engine.shapes import Burnt, Checked, Finding, Page, Redaction, by_page

_PNG_CHUNKS = {b"IHDR", b"IDAT", b"IEND"}
# A cover's letters ring in JPEG; anything under the cover would differ over many pixels.
_MEAN_DIFFERENCE, _LARGEST_DIFFERENCE = 4.0, 90


def check(
    source: Path,
    output: Path,
    redactions: Sequence[Redaction],
    burnt: Burnt,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    scanned: Sequence[Page] = (),
) -> Checked:
    """Try to find in `output` what was covered in `source`. `scanned` as for the burn-in."""
    if count(source) > 1:
        return check_pages(text_layer(source, scanned), output, redactions, burnt, progress)
    findings = []
    data = output.read_bytes()
    if not (plain_jpeg(data) or _plain_png(data)):
        findings.append(Finding("bytes", "the file carries more than its pixels"))
    original, _ = upright(source)
    try:
        with Image.open(output) as opened:
            if opened.info.keys() - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}:
                findings.append(Finding("metadata", "the picture carries metadata"))
            made = opened.convert("RGB")
    except (UnidentifiedImageError, OSError):
        return Checked((Finding("unreadable", "the redacted picture can't be opened"),), {})
    if made.size != original.size:
        findings.append(Finding("structure", "the picture has another size than the source's"))
    else:
        page = page_of(original, scanned)
        findings += _boxes(made, page, redactions)
        words = secrets.strings([page], by_page(redactions))
        findings += legible.unread(page, np.asarray(made), words, redactions, 1.0)
    progress(1, 1)
    looked_at = {"redactions": len(redactions), "pixels": f"Pillow {PIL.__version__}"}
    return Checked(tuple(findings), looked_at | ({"ocr": "tesseract" if ocr.available() else "not installed"} if scanned else {}))


def _boxes(made: Image.Image, page: Page, redactions: Sequence[Redaction]) -> list[Finding]:
    """Each box must show its cover. Where boxes overlap, the later one is on top, so it is laid over the expected pixels."""
    expected = made.copy()
    areas = []
    for redaction in redactions:
        for area in areas_of(page, redaction, made.size):
            if area:
                expected.paste(patch(area, redaction.code), area[:2])
                areas.append(area)
    findings = []
    for area in areas:
        difference = np.abs(np.asarray(made.crop(area), dtype=np.int16) - np.asarray(expected.crop(area), dtype=np.int16))
        if difference.mean() > _MEAN_DIFFERENCE or difference.max() > _LARGEST_DIFFERENCE:
            findings.append(Finding("box", f"the box at {area[0]}, {area[1]} pixels is not opaque", 0))
    return findings


def _plain_png(data: bytes) -> bool:
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return False
    at = 8
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind not in _PNG_CHUNKS:
            return False
        at += 12 + length
        if kind == b"IEND":
            return at == len(data)
    return False
