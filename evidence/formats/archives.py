"""What an archive lists. Nothing is unpacked: sizes and names are what its directory claims."""

import bz2
import gzip
import itertools
import lzma
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, cast

from evidence.formats.found import Found
from evidence.formats.types import ZIP, media_type_of

# What an honest archive rarely reaches: text packs 20 times, a disk image of zeros more
_BOMB_RATIO, _BOMB_BYTES = 200, 1 << 30
# How far into a compressed tar its list is followed
_MOST_UNPACKED = 512 << 20
_MOST_MEMBERS = 100_000
_PACKED = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz")


def read_zip(archive: zipfile.ZipFile, found: Found) -> None:
    """The list of a zip; marks encrypted, bomb, links_out."""
    members = archive.infolist()
    for member in members:
        mode = member.external_attr >> 16
        link = stat.S_ISLNK(mode)
        locked = bool(member.flag_bits & 1)
        _entry(found, member.filename, member.file_size, link=link, folder=member.is_dir(), encrypted=locked)
    if any(member.flag_bits & 1 for member in members):
        found.mark("encrypted")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    _row_of_sizes(found, unpacked, max(1, packed), overlapping=_overlap(members))


def _overlap(members: list[zipfile.ZipInfo]) -> bool:
    """Whether members share bytes, as only bombs do."""
    ordered = sorted(members, key=lambda member: member.header_offset)
    pairs = itertools.pairwise(ordered)
    return any(after.header_offset < member.header_offset + 30 + member.compress_size for member, after in pairs)


def is_zip(path: Path) -> bool:
    """Whether the end of the file is that of a zip which lists something, whatever its beginning is."""
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, zlib.error):
        return False


def read(path: Path, found: Found) -> None:
    """The list of a tar, compressed or not, or the one file that a gzip, bzip2 or xz holds."""
    if found.media_type in _DIRECTORIES:
        _directory(path, found)
        return
    if found.media_type == ZIP:
        found.mark("damaged")  # it would have been listed
        return
    try:
        if found.media_type == "application/x-tar":
            with path.open("rb") as plain:
                _tar(cast("IO[bytes]", plain), found)
            return
        with _unpacking(path, found.media_type) as file:
            head = file.read(1 << 20)
            inside = media_type_of(head)
        with _unpacking(path, found.media_type) as file:
            counted = _Counted(file)
            if inside == "application/x-tar":
                _tar(counted, found)
            else:
                found.row("Holds", inside)
                while counted.read(1 << 20):
                    pass
            _row_of_sizes(found, counted.done, found.size)
    except _TooMuch as much:
        found.mark("partly")
        _row_of_sizes(found, much.done, found.size)
    except (OSError, EOFError, ValueError, tarfile.TarError, zlib.error, lzma.LZMAError):
        found.mark("damaged")


def _directory(path: Path, found: Found) -> None:
    """The list of a 7z or RAR archive; of one in several parts, what this part lists."""
    from py7zr.exceptions import PasswordRequired

    try:
        unpacked = _DIRECTORIES[found.media_type](path, found)
    except MemoryError:
        raise
    except PasswordRequired:
        found.mark("encrypted")  # its list too
    except Exception:  # both parsers trust what they read, so a bad directory ends in anything
        found.mark("damaged")
    else:
        if found.entries_total:
            _row_of_sizes(found, unpacked, found.size)
        elif "encrypted" not in found.marks:
            found.mark("damaged")


def _seven(path: Path, found: Found) -> int:
    import py7zr

    with py7zr.SevenZipFile(path) as archive:
        locked = archive.needs_password()
        members = archive.list()
    for member in members:
        _entry(
            found,
            member.filename,
            member.uncompressed,
            link=member.is_symlink,
            folder=member.is_directory,
            encrypted=locked and member.is_file,
        )
    if locked:
        found.mark("encrypted")
    return sum(member.uncompressed for member in members)


def _rar(path: Path, found: Found) -> int:
    import rarfile

    with rarfile.RarFile(path, part_only=True) as archive:
        members = archive.infolist()
        locked = archive.needs_password()
    for member in members:
        target = str(member.file_redir[2]) if getattr(member, "file_redir", None) else ""
        link = member.is_symlink() or bool(target)
        _entry(
            found,
            member.filename or "",
            member.file_size,
            link=link,
            folder=member.is_dir(),
            encrypted=member.needs_password(),
            target=target,
        )
    if locked:
        found.mark("encrypted")
    return sum(member.file_size for member in members)


_DIRECTORIES = {"application/x-7z-compressed": _seven, "application/vnd.rar": _rar}


def _unpacking(path: Path, media_type: str) -> IO[bytes]:
    if media_type == "application/gzip":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return cast("IO[bytes]", bz2.open(path, "rb") if media_type == "application/x-bzip2" else lzma.open(path, "rb"))


class _TooMuch(Exception):
    def __init__(self, done: int) -> None:
        super().__init__()
        self.done = done


class _Counted:
    """Reads on from `file`, up to _MOST_UNPACKED bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.done = file, 0

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(min(size, 1 << 20) if size >= 0 else 1 << 20)
        self.done += len(piece)
        if self.done > _MOST_UNPACKED:
            raise _TooMuch(self.done)
        return piece


def _tar(file: "IO[bytes] | _Counted", found: Found) -> None:
    with tarfile.open(fileobj=cast("IO[bytes]", file), mode="r|") as archive:
        for member in archive:
            link = member.issym() or member.islnk()
            target = member.linkname if link else ""
            _entry(found, member.name, member.size, link=link or member.isdev(), folder=member.isdir(), target=target)
            if found.entries_total >= _MOST_MEMBERS:
                found.mark("partly")
                return


def _entry(found: Found, name: str, size: int, *, link: bool, folder: bool, encrypted: bool = False, target: str = "") -> None:
    outside = any(
        path.startswith(("/", "\\")) or ".." in Path(path.replace("\\", "/")).parts or path[1:2] == ":" for path in (name, target)
    )
    if link or outside:
        found.mark("links_out")
    kind = "link" if link else "folder" if folder else "archive" if name.lower().endswith(_PACKED) else "file"
    found.entry(name, size, kind=kind, encrypted=encrypted)


def _row_of_sizes(found: Found, unpacked: int, packed: int, *, overlapping: bool = False) -> None:
    found.row("Unpacked it would be", f"{unpacked:,} bytes, as it claims")
    if overlapping or ((unpacked > _BOMB_BYTES or "partly" in found.marks) and unpacked / max(1, packed) > _BOMB_RATIO):
        found.mark("bomb")
