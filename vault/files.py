"""Writing files so that a crash at any moment leaves either the old state or the new one, never half of it."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vault.errors import Missing, Unavailable, Unreadable

READ_ONLY = 0o444
# What the disk says of one file when it is that file which is damaged or closed to us, and not the disk that is full or away
_OF_THIS_FILE = {errno.EIO, errno.EACCES, errno.EPERM, errno.EBADMSG, errno.EUCLEAN}


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable; a rename isn't, until its folder is synced."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Create `folder` (and its parents) readable by us alone, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def write_json(path: Path, value: Any, *, mode: int = READ_ONLY) -> None:
    """Replace `path` by `value` as JSON, whole or not at all."""
    # Two writers of one path must not share a temporary name.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with temporary.open("x", encoding="ascii") as file:
            json.dump(value, file, sort_keys=True)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold `folder` against other processes. FileNotFoundError if it isn't there, also if it went while we waited."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # The lock follows the folder through a rename: make sure that what we hold still has this name.
        if os.fstat(descriptor).st_ino != folder.stat().st_ino:
            raise FileNotFoundError(errno.ENOENT, "moved while waiting", str(folder))
        yield
    finally:
        os.close(descriptor)


@contextmanager
def store_errors(what: str, *, reading: bool = False) -> Iterator[None]:
    """Turn the operating system's errors into the vault's: not there is Missing, all else (full, read-only, failing
    disk) Unavailable; while `reading`, a file that is damaged or closed to us is Unreadable.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise Missing(f"{what} is not in the vault.") from error
    except OSError as error:
        if reading and error.errno in _OF_THIS_FILE:
            raise Unreadable(f"{what} can't be read ({os.strerror(error.errno)}).") from error
        raise Unavailable(f"The vault's disk refused ({os.strerror(error.errno or errno.EIO)}); try again later.") from error
