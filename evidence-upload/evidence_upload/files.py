"""Which files are to be sent, and a file that is held still while it is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence_upload.errors import BadUsage, FileChanged, UploadError

# What systems leave in folders, and nobody means to exhibit
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
_SUM = re.compile(r"\\?([0-9a-fA-F]{64}) [ *](.+)\Z")


@dataclass(frozen=True)
class Found:
    """A file to send: where it is, and the name the server keeps and knows it again by (a path within its folder)."""

    path: Path
    name: str


def find(paths: Sequence[str]) -> list[Found]:
    """The files at `paths`, folders with all that is in them, in natural order. BadUsage for what isn't there."""
    found: dict[str, Found] = {}
    for given in paths:
        path = Path(given)
        if not path.exists():
            raise BadUsage(f"{given} is not there")
        # As the browser has it: a folder's files are named from the folder on
        root = path.resolve()
        inside = sorted(_inside(root)) if path.is_dir() else [root]
        for file in inside:
            one = Found(file, file.relative_to(root.parent).as_posix())
            if one.name in found and found[one.name].path != file:
                raise BadUsage(f"two files would have the name {one.name}: send them in two batches")
            found[one.name] = one
    return sorted(found.values(), key=lambda one: _natural(one.name))


def _natural(name: str) -> list[tuple[int, int, str]]:
    """2.jpg before 10.jpg."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name) if part]


def _inside(folder: Path) -> Iterator[Path]:
    """Regular files; a link is not followed, since it may lead out of what was meant."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.name not in _LITTER:
            yield path


def read_sums(path: str) -> dict[str, str]:
    """Expected SHA-256 by name, from a file as `sha256sum` writes it. BadUsage."""
    sums: dict[str, str] = {}
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadUsage(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        match = _SUM.match(line)
        if not match:
            raise BadUsage(f"line {number} of {path} is not a line of sha256sum")
        sums[match[2].removeprefix("./")] = match[1].lower()
    return sums


class Source:
    """An open file that is the same at the end as at the beginning, or FileChanged."""

    def __init__(self, found: Found) -> None:
        self.name = found.name
        try:
            self._descriptor = os.open(found.path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise UploadError(f"the file cannot be read: {error.strerror}") from error
        self._path = found.path
        self._begin = os.fstat(self._descriptor)
        self.size = self._begin.st_size
        self.last_modified = max(0, self._begin.st_mtime_ns // 1_000_000)

    def read(self, start: int, length: int) -> bytes:
        """Exactly those bytes. FileChanged if there are fewer; UploadError if the disk can't."""
        try:
            pieces = [os.pread(self._descriptor, length, start)]
            while (held := sum(map(len, pieces))) < length and pieces[-1]:
                pieces.append(os.pread(self._descriptor, length - held, start + held))
        except OSError as error:
            raise UploadError(f"the file cannot be read: {error.strerror}") from error
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if len(data) != length:
            raise FileChanged
        return data

    def check(self) -> None:
        """FileChanged unless size, time and place are as they were when it was opened."""
        try:
            now = [os.fstat(self._descriptor), self._path.stat()]
        except OSError as error:
            raise FileChanged from error
        for status in now:
            for name in ("st_size", "st_mtime_ns", "st_ino", "st_dev"):
                if getattr(status, name) != getattr(self._begin, name):
                    raise FileChanged

    def close(self) -> None:
        """Let go of it."""
        os.close(self._descriptor)
