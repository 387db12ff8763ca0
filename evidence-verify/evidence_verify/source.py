"""The files of a bundle, from its folder or from its zip without unpacking it. Names are plain ASCII and lead nowhere else."""

import os
import re
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from evidence_verify import Report, Unreadable

_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?"
PATH = re.compile(rf"{_PART}(?:/{_PART})*\Z")


class Source:
    """Names relative to the bundle's own folder, and how to open each."""

    def __init__(self, names: list[str], opened: Callable[[str], BinaryIO]) -> None:
        self.names = set(names)
        self.open = opened


def open_source(path: Path, report: Report) -> Source:
    """Open a bundle. Raises Unreadable if it is neither a folder nor a zip."""
    source = _folder(path, report) if path.is_dir() else _zip(path, report)
    for name in sorted(source.names):
        if not PATH.match(name):
            report.problems.append(f"{name!a} is not a name that a file of a bundle can have.")
    seen: dict[str, str] = {}
    for name in sorted(source.names):
        first = seen.setdefault(name.lower(), name)
        if first != name:
            report.problems.append(f"{first} and {name} differ only in capital letters: some systems would show one for the other.")
    return source


def _folder(path: Path, report: Report) -> Source:
    names: list[str] = []
    for root, folders, files in os.walk(path):
        if not folders and not files:
            report.problems.append(f"{os.path.relpath(root, path)!a} is an empty folder, which a bundle does not have.")
        for entry in folders + files:
            whole = Path(root, entry)
            name = whole.relative_to(path).as_posix()
            mode = whole.lstat().st_mode
            if stat.S_ISREG(mode):
                names.append(name)
            elif not stat.S_ISDIR(mode):
                report.problems.append(f"{name!a} is a link or a device, not a file.")
    return Source(names, lambda name: (path / name).open("rb"))


def _zip(path: Path, report: Report) -> Source:
    try:
        file = zipfile.ZipFile(path)
        _whole(file, path, report)
    except (OSError, ValueError, zipfile.BadZipFile, struct.error) as error:
        raise Unreadable(f"{path} is neither a folder nor a zip that can be read: {error}") from error
    infos = file.infolist()
    roots = {info.filename.partition("/")[0] for info in infos}
    if len(roots) != 1:
        raise Unreadable(f"{path} does not hold one bundle: {len(roots)} folders or files are at its top.")
    root = roots.pop() + "/"
    if not PATH.match(root[:-1]):
        report.problems.append(f"The bundle's folder has a name that it can't have: {root!a}.")
    names: list[str] = []
    for info in infos:
        name = info.filename.removeprefix(root)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if info.is_dir() or kind not in (0, stat.S_IFREG) or info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
            report.problems.append(f"{name!a} is not stored as a plain file. (Unpack a zip made by other tools; check the folder.)")
        elif name in names or not info.filename.startswith(root):
            report.problems.append(f"{name!a} is in the zip twice, or outside the bundle's folder.")
        else:
            names.append(name)
    return Source(names, lambda name: file.open(root + name))  # type: ignore[arg-type,return-value]


def _whole(file: zipfile.ZipFile, path: Path, report: Report) -> None:
    """Nothing may lie before, between or after the files of a zip: other programs might show it."""
    end = 0
    with path.open("rb") as raw:
        for info in sorted(file.infolist(), key=lambda info: info.header_offset):
            if info.header_offset != end:
                break
            raw.seek(end)
            name, extra = struct.unpack("<26xHH", raw.read(30))
            if extra not in (0, 20) or info.comment:  # 20: the sizes of a file over 2 GiB
                break
            end += 30 + name + extra + info.compress_size
            if info.flag_bits & 8:  # followed by its size and sum
                raw.seek(end)
                descriptor = raw.read(24)
                end += 24 if info.file_size >= 2**32 or descriptor[16:20] not in (b"PK\1\2", b"PK\3\4") else 16
        raw.seek(-22, os.SEEK_END)
        if end != file.start_dir or raw.read(4) != b"PK\5\6" or file.comment:
            report.problems.append("The zip holds something that is none of its files.")
