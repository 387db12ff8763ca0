"""Where lines of words stand in pixels, and what each says: PP-OCRv6's detector and recogniser, run by onnxruntime alone.

Both are Apache-2.0 (models.toml). The detector marks pixels of text; each patch of them becomes a turned rectangle, made larger
by what the training made it smaller (Liao et al., "Real-time scene text detection with differentiable binarization", 2020). The
recogniser gives a letter or a blank for every eight columns of a line that is 48 pixels high.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from redaction.engine.detect import models

Pixels = npt.NDArray[np.uint8]
Quad = npt.NDArray[np.float32]  # four corners (x, y): top left, top right, bottom right, bottom left as one reads
Column = tuple[str, float]  # a letter, and its middle as a share of the line's length

LONGEST = 1760
"""Pixels of a page's longer side as the detector sees it."""
_COLOURS = ((0.485, 0.229), (0.456, 0.224), (0.406, 0.225))  # mean and spread that the detector was trained with
_MARKED, _SURE, _LARGER = 0.25, 0.45, 1.6
_HEIGHT, _STEP, _WIDEST = 48, 8, 3200
_BATCH_COLUMNS = 6000
_TALL = 1.5


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand in a row: corners in pixels, letters with their places along it, how sure (0 to 1)."""

    quad: Quad
    letters: tuple[Column, ...]
    score: float

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(letter for letter, _ in self.letters)


@cache
def _session(name: str) -> Any:
    import onnxruntime

    folder = models.checked("lines")
    assert folder is not None  # noqa: S101 (`scan.available` was asked)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting is not work
    return onnxruntime.InferenceSession(folder / name, options, providers=["CPUExecutionProvider"])


@cache
def _alphabet() -> tuple[str, ...]:
    letters = _session("PP-OCRv6_rec_tiny.onnx").get_modelmeta().custom_metadata_map["character"].splitlines()
    return ("", *letters, " ")


def find(pixels: Pixels) -> list[Quad]:
    """The lines of words in an RGB picture, in no order."""
    height, width = pixels.shape[:2]
    scale = min(1.0, LONGEST / max(height, width))
    # The detector halves five times
    size = tuple(max(32, round(side * scale / 32) * 32) for side in (width, height))
    small = cv2.resize(pixels[:, :, ::-1], size, interpolation=cv2.INTER_AREA)
    seen = np.empty((1, 3, size[1], size[0]), dtype=np.float32)
    for channel, (mean, spread) in enumerate(_COLOURS):
        np.multiply(small[:, :, channel], np.float32(1 / (255 * spread)), out=seen[0, channel], dtype=np.float32)
        seen[0, channel] -= np.float32(mean / spread)
    marked = _session("PP-OCRv6_det_tiny.onnx").run(None, {"x": seen})[0][0, 0]
    back = np.array([width / size[0], height / size[1]], dtype=np.float32)
    return [quad * back for quad in _rectangles(marked)]


def _rectangles(marked: npt.NDArray[np.float32]) -> Iterator[Quad]:
    contours, _ = cv2.findContours((marked > _MARKED).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        centre, (across, along), angle = cv2.minAreaRect(contour)
        if min(across, along) < 2 or _mean_inside(marked, contour) < _SURE:
            continue
        grown = across * along * _LARGER / (2 * (across + along)) * 2
        yield _in_order(cv2.boxPoints((centre, (across + grown, along + grown), angle)))


def _mean_inside(marked: npt.NDArray[np.float32], contour: Any) -> float:
    x, y, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), dtype=np.uint8)
    cv2.fillPoly(mask, [contour - (x, y)], 1)
    return float(cv2.mean(marked[y : y + height, x : x + width], mask)[0])


def _in_order(corners: npt.NDArray[Any]) -> Quad:
    """From the top left, clockwise, for a line that runs from left to right and leans less than half a quarter turn."""
    left = corners[np.argsort(corners[:, 0], kind="stable")]
    (a, b), (c, d) = left[:2], left[2:]
    top_left, bottom_left = (a, b) if a[1] <= b[1] else (b, a)
    top_right, bottom_right = (c, d) if c[1] <= d[1] else (d, c)
    return np.array([top_left, top_right, bottom_right, bottom_left], dtype=np.float32)


def size_of(quad: Quad) -> tuple[float, float]:
    """Length and height of a line, pixels."""
    return float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[3] - quad[0]))


def is_tall(quad: Quad) -> bool:
    """Whether it is much higher than long: words that stand on their side."""
    length, height = size_of(quad)
    return height > _TALL * length


def turned(quad: Quad, quarters: int) -> Quad:
    """The same corners, read after so many quarter turns of the head to the right."""
    return np.roll(quad, -quarters, axis=0)


def cut(pixels: Pixels, quad: Quad) -> Pixels:
    """The line's pixels, upright, 48 high."""
    length, height = size_of(quad)
    width = int(np.clip(round(length * _HEIGHT / max(height, 1)), _STEP, _WIDEST))
    there = np.array([(0, 0), (width, 0), (width, _HEIGHT), (0, _HEIGHT)], dtype=np.float32)
    turn = cv2.getPerspectiveTransform(quad, there)
    made = cv2.warpPerspective(pixels, turn, (width, _HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(made, dtype=np.uint8)


def read(pixels: Pixels, quads: Sequence[Quad]) -> list[Line]:
    """What the lines say, in the order given."""
    cuts = [cut(pixels, quad) for quad in quads]
    found: list[Line | None] = [None] * len(quads)
    for batch in _batches([piece.shape[1] for piece in cuts]):
        widest = max(cuts[number].shape[1] for number in batch)
        seen = np.zeros((len(batch), 3, _HEIGHT, widest), dtype=np.float32)
        for row, number in enumerate(batch):
            piece = cuts[number][:, :, ::-1]
            seen[row, :, :, : piece.shape[1]] = (piece.transpose(2, 0, 1).astype(np.float32) / 255 - 0.5) / 0.5
        told = _session("PP-OCRv6_rec_tiny.onnx").run(None, {"x": seen})[0]
        for row, number in enumerate(batch):
            letters, score = _letters(told[row], cuts[number].shape[1] / widest)
            found[number] = Line(quads[number], letters, score)
    return [line for line in found if line is not None]


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Lines of like length together, so that few columns are filled with nothing."""
    batch: list[int] = []
    for number in sorted(range(len(widths)), key=lambda n: widths[n]):
        if batch and (len(batch) + 1) * widths[number] > _BATCH_COLUMNS:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _letters(told: npt.NDArray[np.float32], filled: float) -> tuple[tuple[Column, ...], float]:
    """Letters of one line: the likeliest of each column, blanks and repeats left out. `filled` is the part that is no padding."""
    best = told.argmax(axis=1)
    sure = told[np.arange(len(best)), best]
    alphabet, made, scores = _alphabet(), [], []
    for column in range(len(best)):
        code = int(best[column])
        if code and (column == 0 or code != best[column - 1]):
            made.append((alphabet[code] if code < len(alphabet) else " ", min(1.0, (column + 0.5) / (len(best) * filled))))
            scores.append(float(sure[column]))
    return tuple(made), float(np.mean(scores)) if scores else 0.0
