"""Faces and number plates in pixels: YuNet (MIT, models.toml) and OpenCV's cascade for plates (Apache-2.0).

Both miss what is turned away, dark or far: a person looks over every picture.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np

from redaction.engine.detect import models
from redaction.engine.scan.lines import Pixels
from redaction.engine.shapes import Box

SMALLEST = 20
"""Pixels of a face's shorter side."""
_SURE, _SAME = 0.6, 0.3
# What the model is shown is at least and at most so long: it sees nothing of a face that fills a picture of 48 pixels
_SHORTEST, _LONGEST = 128, 1920
_PAD = 0.12
# Neither detector may be used by two threads
_ONE_AT_A_TIME = Lock()
_PLATE_ACROSS, _PLATE_AGAIN = (40, 12), 5
# Half of the smallest face; how far from the paper's grey a cell is that isn't paper, and how many of them make a picture
_CELL, _OFF_PAPER, _CELLS = SMALLEST // 2, 12, 4
_BESIDE = 0.25


def available() -> bool:
    """Whether the model is installed."""
    return models.located("faces") is not None


def find(pixels: Pixels, words: Sequence[Box | None] = ()) -> list[tuple[str, Box]]:
    """("face" or "plate", where) in an RGB picture, pixels. `words` are the places where its letters stand."""
    if not _is_pictured(pixels, words):
        return []
    with _ONE_AT_A_TIME:
        return [("face", box) for box in faces(pixels)] + [("plate", box) for box in plates(pixels)]


def _is_pictured(pixels: Pixels, words: Sequence[Box | None]) -> bool:
    """Whether there is more than paper once the letters are taken away. Most pages are letters on paper, and looking takes long."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    paper = float(np.median(grey))
    for box in words:
        if box:
            more = _BESIDE * (box.bottom - box.top)
            top, bottom = (max(0, round(edge)) for edge in (box.top - more, box.bottom + more))
            left, right = (max(0, round(edge)) for edge in (box.left - more, box.right + more))
            grey[top:bottom, left:right] = paper
    across, down = max(1, grey.shape[1] // _CELL), max(1, grey.shape[0] // _CELL)
    cells = cv2.resize(grey, (across, down), interpolation=cv2.INTER_AREA).astype(np.float32)
    return int(np.count_nonzero(np.abs(cells - paper) > _OFF_PAPER)) >= _CELLS


def faces(pixels: Pixels) -> list[Box]:
    """Boxes of faces, a little larger than the model's."""
    if not available():
        return []
    height, width = pixels.shape[:2]
    scale = max(min(1.0, _LONGEST / max(height, width)), _SHORTEST / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if min(size) < SMALLEST:
        return []
    small = cv2.resize(pixels[:, :, ::-1], size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    detector = _detector()
    detector.setInputSize(size)
    _, rows = detector.detect(np.ascontiguousarray(small))
    found = []
    for row in rows if rows is not None else ():
        x, y, across, down = (float(value) / scale for value in row[:4])
        if min(across, down) >= SMALLEST * 0.8:
            found.append(_within(Box(x - _PAD * across, y - _PAD * down, x + across * (1 + _PAD), y + down * (1 + _PAD)), pixels))
    return found


@cache
def _detector() -> Any:
    folder = models.checked("faces")
    assert folder is not None  # noqa: S101 (`available` was asked)
    return cv2.FaceDetectorYN.create(str(folder / "face_detection_yunet_2023mar.onnx"), "", (320, 320), _SURE, _SAME, 5000)


def plates(pixels: Pixels) -> list[Box]:
    """Boxes of what looks like a number plate seen from close by."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scale = min(1.0, _LONGEST / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    rows = _cascade().detectMultiScale(small, 1.1, _PLATE_AGAIN, minSize=_PLATE_ACROSS)
    return [_within(Box(*(float(edge) / scale for edge in (x, y, x + across, y + down))), pixels) for x, y, across, down in rows]


@cache
def _cascade() -> Any:
    data: Any = cv2.data  # type: ignore[attr-defined]
    return cv2.CascadeClassifier(str(Path(data.haarcascades) / "haarcascade_russian_plate_number.xml"))


def _within(box: Box, pixels: Pixels) -> Box:
    height, width = pixels.shape[:2]
    return Box(max(0.0, box.left), max(0.0, box.top), min(float(width), box.right), min(float(height), box.bottom))
