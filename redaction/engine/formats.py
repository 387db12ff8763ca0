"""Which format a file has. A format is a folder with the same furniture: extract, render, burn_in, check.

Only the one that a file needs is imported: each file is read in a process of its own, which would otherwise begin by loading all.
"""

import importlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from PIL import Image

from redaction.engine.kinds import kind_of
from redaction.engine.shapes import Burnt, Checked, Covered, Page, Redaction

Progress = Callable[[int, int], None]


class Format(Protocol):
    """What each format's folder offers."""

    def extract(self, path: Path) -> list[Page]:
        """The pages with their text."""

    def render(self, path: Path, page: Page, dpi: float) -> Image.Image:
        """A page, as `extract` gave it, as it is shown."""

    def covered(self, path: Path) -> list[Covered]:
        """Words that something hides but that can still be taken out of the file."""

    def burn_in(
        self,
        path: Path,
        redactions: Sequence[Redaction],
        output: Path,
        progress: Progress = ...,
        *,
        scanned: Sequence[Page] = ...,
    ) -> Burnt:
        """Write a new file without what was accepted. `scanned` are the pages that `extract` read from pixels."""

    def check(
        self,
        source: Path,
        output: Path,
        redactions: Sequence[Redaction],
        burnt: Burnt,
        progress: Progress = ...,
        *,
        scanned: Sequence[Page] = ...,
        **more: Any,
    ) -> Checked:
        """Try to find it all the same."""


_FORMATS = {"pdf": "pdf", "image": "image", "xlsx": "sheet", "csv": "sheet"}


def of(path: Path) -> Format:
    """The format of a file. Raises NotThatType, Encrypted or Damaged."""
    return cast(Format, importlib.import_module(f"redaction.engine.{_FORMATS.get(kind_of(path), 'flow')}"))


def reading(path: Path) -> Iterator[tuple[Page, int]]:
    """The pages of a file with how many there are; of a PDF each as soon as it is read. Raises as `of`."""
    if kind_of(path) == "pdf":
        from redaction.engine import pdf

        yield from pdf.reading(path)
        return
    pages = of(path).extract(path)
    for page in pages:
        yield page, len(pages)
