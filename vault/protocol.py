"""The one protocol that both stores speak, and the plain values it passes.

Sizes are bytes. Digests are lower-case hexadecimal; a backend turns them into what its wire wants. Keys are random and
say nothing of what they hold. Every read names the version, so that nothing written later under the same key can be
mistaken for the evidence.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from vault.errors import PartRejected

MIB = 1024 * 1024
SMALLEST_PART = 5 * MIB  # S3 takes no smaller part, but the last
MOST_PARTS = 10_000  # S3 takes no more
LARGEST_OBJECT = 5 * 1024 * 1024 * MIB  # S3's 5 TiB
# Kept well under MOST_PARTS so that listing them stays a handful of requests, and a lost connection loses seconds and
# not minutes.
USUAL_PART = 8 * MIB
USUAL_PARTS = 4_000
READ_CHUNK = MIB

_MD5 = re.compile(r"[0-9a-f]{32}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def new_key() -> str:
    """A random key of 32 hexadecimal digits (128 bits)."""
    return secrets.token_hex(16)


def part_size_for(size: int) -> int:
    """Bytes in each part (but the last) of an upload of `size` bytes: whole MiB, within S3's limits. ValueError for a
    size that no store takes.
    """
    if not 1 <= size <= LARGEST_OBJECT:
        raise ValueError(f"An upload is between 1 byte and 5 TiB; this is {size}.")
    wanted = -(-size // USUAL_PARTS)
    return max(USUAL_PART, -(-wanted // MIB) * MIB)


@dataclass(frozen=True)
class Upload:
    """An upload that was opened: where it will land, and how it is cut. Plain values, so that a row can keep it."""

    key: str
    upload_id: str
    size: int
    part_size: int

    @property
    def part_count(self) -> int:
        """How many parts it has; they are numbered from 1."""
        return -(-self.size // self.part_size)

    def length_of(self, number: int) -> int:
        """Bytes in part `number`. PartRejected if there is no such part."""
        if not 1 <= number <= self.part_count:
            raise PartRejected(f"There is no part {number}; the upload has {self.part_count}.")
        return min(self.part_size, self.size - (number - 1) * self.part_size)

    def check_part(self, number: int, length: int, md5: str, sha256: str) -> None:
        """PartRejected unless number, length and the form of the digests (MD5 may be empty) fit this upload."""
        if length != self.length_of(number):
            raise PartRejected(f"Part {number} has {self.length_of(number)} bytes, not {length}.")
        if (md5 and not _MD5.match(md5)) or not _SHA256.match(sha256):
            raise PartRejected(f"Part {number} needs its SHA-256, and its MD5 if that is given, in lower-case hexadecimal.")


@dataclass(frozen=True)
class SignedPut:
    """One PUT that the holder may make until `expires_at`: the address, and the headers that must be sent with it."""

    url: str
    headers: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True)
class Part:
    """A part that the store holds. `md5` or `sha256` is None where the store can't tell."""

    number: int
    size: int
    etag: str
    md5: str | None
    sha256: str | None


@dataclass(frozen=True)
class Stored:
    """An object in the vault. `sha256` is set only when this call computed it from the bytes it wrote."""

    key: str
    version_id: str
    size: int
    sha256: str | None = None


@dataclass(frozen=True)
class Protection:
    """What the store says keeps a version from being removed: retained until then (None: not), whether a legal hold
    is on, and in which mode of object lock ("GOVERNANCE", "COMPLIANCE", or "" where there is none).
    """

    retain_until: datetime | None
    hold: bool
    mode: str = ""


class Store(Protocol):
    """Bytes by key and version. Every method may raise Unavailable, after which the same call is safe to make again."""

    locks: bool
    """Whether the store itself refuses to remove what is retained or held (object lock), also to an administrator."""

    def open_upload(self, size: int) -> Upload:
        """Open an upload of `size` bytes under a new random key. ValueError if no store takes that size."""

    def sign_part(self, upload: Upload, number: int, length: int, md5: str, sha256: str) -> SignedPut:
        """Allow one PUT of that part with those digests, all of which the store checks; without an MD5 it is the SHA-256 that it
        checks. PartRejected if they can't be right.
        """

    def list_parts(self, upload: Upload) -> list[Part]:
        """What the store holds of an open upload, by number. UploadGone if it isn't open."""

    def find_part(self, upload: Upload, number: int) -> Part | None:
        """One part as the store holds it, or None. UploadGone if the upload isn't open."""

    def store_part(self, upload: Upload, number: int, body: bytes) -> Part:
        """Send a part from this side, without a signed address. PartRejected if it can't be right."""

    def complete(self, upload: Upload) -> Stored:
        """Make the object from the store's own list of parts. Calling it again gives the same answer.

        Incomplete if parts are missing, SizeMismatch if a part has the wrong length, UploadGone if there is neither
        upload nor object.
        """

    def abort(self, upload: Upload) -> None:
        """Give the upload up and free its parts. Nothing happens if it isn't open; a completed object stays."""

    def put(self, source: BinaryIO | bytes) -> Stored:
        """Keep what a worker made (memory stays constant for a stream) under a new random key."""

    def read(self, key: str, version_id: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Bytes `start` up to, not including, `end` (None: the last), in chunks of at most 1 MiB. Missing; Unreadable;
        Truncated if they run out early.
        """

    def inspect(self, key: str, version_id: str) -> tuple[Stored, Protection]:
        """Size and protection in one look (on S3 one request). Missing; SizeMismatch; Unreadable."""

    def begin(self, key: str, version_id: str, length: int) -> tuple[Stored, Protection, Iterator[bytes]]:
        """As `inspect`, with the first `length` bytes (0: none); on S3 in one request. Raises what `inspect` and `read` raise."""

    def probe(self) -> None:
        """Return if the store answers and knows us, whatever may be wrong with one object; else Unavailable or Misconfigured."""

    def stat(self, key: str, version_id: str) -> Stored:
        """The object's size as the store has it. Missing; SizeMismatch if the store contradicts itself."""

    def protect(self, key: str, version_id: str, until: datetime, hold: bool) -> Protection:
        """Retain at least until `until` (aware; never shortens), put the legal hold on or off, and return both as read
        back.

        Missing; NotProtected if reading back shows less than was set.
        """

    def protection(self, key: str, version_id: str) -> Protection:
        """What protects that version now. Missing."""

    def remove(self, key: str, version_id: str) -> None:
        """Remove a version for ever, its legal hold lifted first. Nothing happens if it isn't there. StillLocked while it is
        retained: the store decides, and no right of ours goes past it.
        """

    def sweep(self, before: datetime, keep: Collection[str] = ()) -> list[str]:
        """Give up uploads last touched before `before`, but those whose id is in `keep`; return the ids given up."""


def iterate(source: BinaryIO | bytes, chunk: int = READ_CHUNK) -> Iterator[bytes]:
    """`source` in chunks of at most `chunk` bytes."""
    if isinstance(source, bytes):
        for offset in range(0, len(source), chunk):
            yield source[offset : offset + chunk]
        return
    while piece := source.read(chunk):
        yield piece
