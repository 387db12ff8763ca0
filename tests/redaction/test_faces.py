"""Faces: found in photographs and on pages, proposed, burnt in; and never looked for on pages of nothing but letters."""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib import cbook
from PIL import Image

from redaction.engine import boxed
from redaction.engine.scan import faces, words
from redaction.engine.shapes import Box
from tests.redaction.files import statement
from tests.redaction.test_scan import drawn

FACE = Box(185, 105, 325, 300)
"""Where it is in the portrait of Grace Hopper that comes with matplotlib (US Navy, public domain), 512 × 600 pixels."""


@cache
def portrait() -> Image.Image:
    return Image.open(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))).convert("RGB")


def found(picture: Image.Image) -> list[Box]:
    return [box for what, box in faces.find(np.asarray(picture)) if what == "face"]


def shared(one: Box, other: Box) -> float:
    """The share of two boxes' common area in what both cover."""
    across = max(0.0, min(one.right, other.right) - max(one.left, other.left))
    down = max(0.0, min(one.bottom, other.bottom) - max(one.top, other.top))
    areas = sum((box.right - box.left) * (box.bottom - box.top) for box in (one, other))
    return across * down / (areas - across * down)


@pytest.mark.parametrize("across", [140, 80, 40, 24])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_face_of_any_size_is_found_once(across: int, mirrored: bool) -> None:
    picture = portrait().transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else portrait()
    scale = across / (FACE.right - FACE.left)
    boxes = found(picture.resize((round(512 * scale), round(600 * scale)), Image.Resampling.LANCZOS))
    left, right = (512 - FACE.right, 512 - FACE.left) if mirrored else (FACE.left, FACE.right)
    assert [shared(Box(*(edge * scale for edge in (left, FACE.top, right, FACE.bottom))), box) > 0.4 for box in boxes] == [True]


@pytest.mark.parametrize("across", [128, 48, 30])
def test_a_face_that_fills_a_small_picture(across: int) -> None:
    """The model sees nothing in a picture of 30 pixels as it is."""
    boxes = found(portrait().crop((170, 120, 340, 290)).resize((across, across), Image.Resampling.LANCZOS))
    whole = Box(0.0, 0.0, float(across), float(across))
    assert [shared(whole, box) > 0.4 for box in boxes] == [True]


def test_many_faces_in_one_picture() -> None:
    sheet = Image.new("RGB", (1600, 1200), "white")
    small = portrait().resize((171, 200), Image.Resampling.LANCZOS)
    places = [(50 + 260 * column, 40 + 280 * row) for row in range(4) for column in range(6)]
    for place in places:
        sheet.paste(small, place)
    assert len(found(sheet)) == len(places)


def test_a_small_face_on_a_page_of_letters(tmp_path: Path) -> None:
    page = drawn(statement(tmp_path / "a.pdf"))
    assert faces.find(_array(page), _letters(page)) == []
    card = portrait().resize((90, 105), Image.Resampling.LANCZOS)
    page.paste(card, (1500, 2150))
    (seen,) = faces.find(_array(page), _letters(page))
    assert seen[0] == "face"
    assert 1500 <= seen[1].left < seen[1].right <= 1590


def test_a_photographs_face_is_proposed_and_burnt_in(tmp_path: Path) -> None:
    portrait().save(tmp_path / "a.jpg", quality=95)
    read = boxed.read(tmp_path / "a.jpg", tmp_path, dpi=0)
    proposed = [proposal for proposal in read["proposals"] if proposal["code"] == "FAC"]
    assert len(proposed) == 1
    scanned = tmp_path / "scanned.jsonl"
    burnt = boxed.burn_in(tmp_path / "a.jpg", tmp_path, proposed, scanned=scanned)
    out = Image.open(tmp_path / burnt["name"]).convert("RGB")
    inside = np.asarray(out.crop((200, 130, 310, 290)))
    assert np.ptp(inside, axis=2).max() == 0  # the label's white on black, and no colour of hers
    assert np.mean(inside == 0) > 0.6
    assert found(out) == []


def _array(page: Image.Image) -> npt.NDArray[np.uint8]:
    return np.asarray(page.convert("RGB"))


def _letters(page: Image.Image) -> list[Box | None]:
    return words.read(_array(page))[1]
