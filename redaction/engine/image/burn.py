"""Makes the redacted picture: a new one from pixels with opaque boxes; nothing else of the source survives."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from redaction.engine.errors import Misplaced
from redaction.engine.image.picture import count, unit_of, upright
from redaction.engine.kept import marker
from redaction.engine.pdf import burn as pdf
from redaction.engine.pdf.writer import Writer
from redaction.engine.shapes import Box, Burnt, Page, Redaction, by_page

# JPEG encodes blocks of this many pixels: a box that ends with a block leaves nothing of itself in the next.
BLOCK = 8
_QUALITY = 90


def burn_in(
    path: Path,
    redactions: Sequence[Redaction],
    output: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    scanned: Sequence[Page] = (),
) -> Burnt:
    """Write `redacted.jpg`, `.png` or, of several frames, `.pdf` into the folder `output`.

    Raises Misplaced for a box off the picture. `scanned` are the pages as `extract` read them: offsets mean their text.
    """
    frames = count(path)
    if any(not 0 <= redaction.page < frames for redaction in redactions):
        raise Misplaced("A picture has one page." if frames == 1 else f"The picture has {frames} frames.")
    if frames > 1:
        return _pages(path, redactions, output, progress, scanned)
    picture, kind = upright(path)
    for redaction in redactions:
        areas = areas_of(page_of(picture, scanned), redaction, picture.size)
        if not areas or None in areas:
            raise Misplaced("A box lies outside the picture.")
        for area in filter(None, areas):
            picture.paste(patch(area, redaction.code), area[:2])
    # A new image of the same pixels: Pillow keeps what it read of EXIF, profile and comments in the old one's `info`.
    made = Image.frombytes("RGB", picture.size, picture.tobytes())
    if kind in ("JPEG", "HEIF", "AVIF"):
        made.save(output / "redacted.jpg", "JPEG", quality=_QUALITY, subsampling=0)
        name, media_type = "redacted.jpg", "image/jpeg"
    else:
        made.save(output / "redacted.png", "PNG")
        name, media_type = "redacted.png", "image/png"
    progress(1, 1)
    return Burnt(name, media_type, 1, len(redactions))


def _pages(
    path: Path, redactions: Sequence[Redaction], output: Path, progress: Callable[[int, int], None], scanned: Sequence[Page]
) -> Burnt:
    """Each frame as a page of a PDF."""
    wanted, read, frames = by_page(redactions), {page.index: page for page in scanned}, count(path)
    with (output / pdf.NAME).open("wb") as file:
        writer = Writer(file)
        for index in range(frames):
            picture, _ = upright(path, index)
            unit = unit_of(picture, frames)
            page = read.get(index) or Page(index, picture.width / unit, picture.height / unit)
            pdf.add_page(writer, page, np.array(picture), wanted.get(index, []), scale=unit)
            progress(index + 1, frames)
        writer.close()
    return Burnt(pdf.NAME, "application/pdf", frames, len(redactions))


def page_of(picture: Image.Image, scanned: Sequence[Page]) -> Page:
    """The only page: as it was read, if it was."""
    return scanned[0] if scanned else Page(0, float(picture.width), float(picture.height))


def areas_of(page: Page, redaction: Redaction, size: tuple[int, int]) -> list[tuple[int, int, int, int] | None]:
    """What a redaction covers, in whole blocks; words as wide as a multiple of their height, as far as no other letter is there."""
    boxes, letters = pdf.boxes_of(page, redaction), pdf.Letters(page)
    grids = [max(float(BLOCK), 1.2 * (box.bottom - box.top)) for box in boxes]
    return [pixel_area(pdf.grown(letters, redaction, box, grid), size) for box, grid in zip(boxes, grids, strict=True)]


def pixel_area(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The box in whole blocks, rounded outwards and cut to the picture; None when nothing of it is on the picture."""
    left, top = (max(0, math.floor(edge / BLOCK) * BLOCK) for edge in (box.left, box.top))
    right, bottom = (min(limit, math.ceil(edge / BLOCK) * BLOCK) for edge, limit in ((box.right, size[0]), (box.bottom, size[1])))
    return (left, top, right, bottom) if right > left and bottom > top else None


def patch(area: tuple[int, int, int, int], code: str) -> Image.Image:
    """What covers an area: black with the code, the same for every box of that size and code."""
    width, height = area[2] - area[0], area[3] - area[1]
    cover = Image.new("RGB", (width, height), (0, 0, 0))
    size = min(height * 0.5, width / (0.7 * len(marker(code))), 32.0)
    if size >= 6:
        draw = ImageDraw.Draw(cover)
        font = ImageFont.load_default(size)
        draw.text((width / 2, height / 2), marker(code), fill=(255, 255, 255), font=font, anchor="mm")
    return cover
