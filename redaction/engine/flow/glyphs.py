"""Draws a page of `layout` as grey pixels, with DejaVu's fonts as matplotlib's package brings them (Bitstream Vera licence)."""

import functools
import importlib.util
import unicodedata
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from redaction.engine.flow.layout import ADVANCE, LINE, SIZE
from redaction.engine.shapes import Page

Grey = npt.NDArray[np.uint8]
_FONTS = ("DejaVuSansMono.ttf", "DejaVuSans.ttf")


@functools.cache
def _folder() -> Path:
    found = importlib.util.find_spec("matplotlib")  # found, not imported: only its fonts are wanted
    assert found is not None and found.origin is not None  # noqa: S101 - a dependency of the project
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


@functools.lru_cache(maxsize=8)
def _font(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_folder() / name, pixels, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(maxsize=4)
def _shapes(name: str) -> frozenset[int]:
    """The code points for which a font has a shape."""
    from fontTools.ttLib import TTFont

    with TTFont(_folder() / name, lazy=True) as font:
        return frozenset(font.getBestCmap())


def draw(page: Page, scale: float) -> Grey:
    """The page, `scale` pixels a point, 0 black to 255 white. A letter without a shape is drawn as its code point."""
    shown = np.full((round(page.height * scale), round(page.width * scale)), 255, dtype=np.uint8)
    for letter, box in zip(page.text, page.boxes, strict=True):
        if box is None or letter.isspace() or (box.right <= box.left):
            continue
        top, left = round(box.top * scale), round(box.left * scale)
        glyph = _glyph(letter, round((box.right - box.left) / ADVANCE), scale)
        part = shown[top : top + glyph.shape[0], left : left + glyph.shape[1]]
        np.minimum(part, glyph[: part.shape[0], : part.shape[1]], out=part)
    return shown


@functools.lru_cache(maxsize=20_000)
def _glyph(letter: str, cells: int, scale: float) -> Grey:
    """A letter's pixels in its cell."""
    width, height = round(cells * ADVANCE * scale), round(LINE * scale)
    picture = Image.new("L", (max(1, width), max(1, height)), 255)
    brush = ImageDraw.Draw(picture)
    name = next((name for name in _FONTS if ord(letter) in _shapes(name)), None)
    baseline = height * 0.78
    if name:
        size = max(1, round(SIZE * scale))
        font = _font(name, size)
        if not unicodedata.combining(letter) and font.getlength(letter) > width * 1.05:
            font = _font(name, max(1, int(size * width / font.getlength(letter))))
        brush.text((width / 2, baseline), letter, fill=0, font=font, anchor="ms")
    elif unicodedata.category(letter) not in ("Cf", "Cc"):
        _code_point(brush, f"{ord(letter):04X}", width, height)
    return np.asarray(picture)


def _code_point(brush: ImageDraw.ImageDraw, code: str, width: int, height: int) -> None:
    brush.rectangle((0, height * 0.1, width - 1, height * 0.9), outline=0)
    font = _font(_FONTS[0], max(4, round(height * 0.36)))
    half = (len(code) + 1) // 2
    brush.text((width / 2, height * 0.32), code[:half], fill=0, font=font, anchor="mm")
    brush.text((width / 2, height * 0.68), code[half:], fill=0, font=font, anchor="mm")
