"""Pictures: boxes, orientation, and nothing but pixels."""

from pathlib import Path

import pytest
from PIL import Image

from redaction.engine import errors, image
from redaction.engine.shapes import Box, Redaction
from tests.redaction.files import SECRET, photograph

FACE = [Redaction(0, (Box(40, 60, 120, 150),), "FAC"), Redaction(0, (Box(100, 140, 200, 190),), "LOC")]


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png"])
def test_boxes_cover_and_metadata_goes(tmp_path: Path, name: str) -> None:
    source = photograph(tmp_path / name)
    assert SECRET.encode() in source.read_bytes()
    burnt = image.burn_in(source, FACE, tmp_path)
    made = tmp_path / burnt.name
    assert image.check(source, made, FACE, burnt).findings == ()
    assert SECRET.encode() not in made.read_bytes()
    with Image.open(made) as opened:
        assert opened.size == (240, 320)  # turned upright
        assert not opened.getexif()
        assert opened.getpixel((45, 65)) == pytest.approx((0, 0, 0), abs=8)


def test_a_box_that_is_not_opaque_is_caught(tmp_path: Path) -> None:
    source = photograph(tmp_path / "photo.jpg")
    burnt = image.burn_in(source, FACE[1:], tmp_path)
    checked = image.check(source, tmp_path / burnt.name, FACE, burnt)
    assert [finding.kind for finding in checked.findings] == ["box"]


def test_metadata_left_is_caught(tmp_path: Path) -> None:
    source = photograph(tmp_path / "photo.jpg")
    burnt = image.burn_in(source, FACE, tmp_path)
    with Image.open(tmp_path / burnt.name) as opened:
        opened.save(tmp_path / "again.jpg", comment=SECRET.encode(), quality=95, subsampling=0)
    kinds = {finding.kind for finding in image.check(source, tmp_path / "again.jpg", FACE, burnt).findings}
    assert {"bytes", "metadata"} <= kinds


def test_refusals(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("hello")
    with pytest.raises(errors.NotThatType):
        image.extract(tmp_path / "text.jpg")
    whole = photograph(tmp_path / "photo.jpg").read_bytes()
    (tmp_path / "half.jpg").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(errors.Damaged):
        image.extract(tmp_path / "half.jpg")
    with pytest.raises(errors.Misplaced):
        image.burn_in(tmp_path / "photo.jpg", [Redaction(0, (Box(900, 900, 950, 950),), "FAC")], tmp_path)
