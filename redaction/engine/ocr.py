"""Reading pixels with tesseract, where it is installed (it is optional: Apache-2.0, Debian's `tesseract-ocr`)."""

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

_GAP = 40
_TIMEOUT_SECONDS = 120


def available() -> bool:
    """Whether the program is on the path, with English."""
    return not missing()


@functools.cache
def missing() -> str:
    """What is missing and how to get it, in a sentence; "" where nothing is."""
    if shutil.which("tesseract") is None:
        return "The leak check can't read pictures: install tesseract (Debian: apt install tesseract-ocr) on the worker."
    told = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False)
    if "eng" not in told.stdout.split():
        return "The leak check can't read pictures: tesseract has no English (Debian: apt install tesseract-ocr-eng) on the worker."
    return ""


def read_page(picture: Image.Image) -> list[list[tuple[str, tuple[float, float, float, float]]]]:
    """The words of a whole page, a list a line, each with its box in pixels."""
    lines: dict[tuple[str, ...], list[tuple[str, tuple[float, float, float, float]]]] = {}
    for row in _rows(picture.convert("L"), "3"):
        left, top, width, height = (float(cell) for cell in row[6:10])
        lines.setdefault(tuple(row[1:5]), []).append((row[11].strip(), (left, top, left + width, top + height)))
    return list(lines.values())


def read_strips(strips: Sequence[Image.Image]) -> list[str]:
    """The words read in each strip, in one run: the strips are set under each other on white."""
    if not strips:
        return []
    width = max(strip.width for strip in strips) + 2 * _GAP
    sheet = Image.new("L", (width, sum(strip.height + _GAP for strip in strips) + _GAP), 255)
    starts, top = [], _GAP
    for strip in strips:
        sheet.paste(strip.convert("L"), (_GAP, top))
        starts.append(top)
        top += strip.height + _GAP
    texts: list[list[str]] = [[] for _ in strips]
    for middle, word in _words(sheet):
        number = max((n for n, start in enumerate(starts) if start <= middle), default=0)
        texts[number].append(word)
    return [" ".join(words) for words in texts]


def _words(sheet: Image.Image) -> list[tuple[float, str]]:
    return [(int(row[7]) + int(row[9]) / 2, row[11].strip()) for row in _rows(sheet, "6")]


def _rows(sheet: Image.Image, layout: str) -> list[list[str]]:
    """The rows of tesseract's table that hold a word; `layout` is its page segmentation mode."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "sheet.bmp"
        sheet.save(picture, dpi=(200, 200))
        done = subprocess.run(
            ["tesseract", str(picture), "-", "--psm", layout, "-l", "eng", "tsv"],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            # Its threads wait for each other longer than they work.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            check=True,
        )
    rows = [line.split("\t") for line in done.stdout.splitlines()[1:]]
    return [cells for cells in rows if len(cells) == 12 and cells[11].strip()]
