"""The bytes of a bundle (docs/bundle-format.md), streamed: no file of it is held whole, and nothing is written to a disk here.

A bag (BagIt 1.0, RFC 8493) in a zip without compression. The lists come last, since they hold the hashes of what went before.
"""

import hashlib
import io
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from audit import merkle, notes
from audit.merkle import Reader

SOFTWARE = "rasso-evidence 0.1.0"
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAG, SIGNATURE, PAYLOAD = "tagmanifest-sha256.txt", "tagmanifest-sha256.sig", "manifest-sha256.txt"
# The same bag gives the same bytes: a zip can't do without a moment, this is its first
_NO_DATE = (1980, 1, 1, 0, 0, 0)


class Changed(Exception):
    """Bytes that were to go into a bundle are not those that were released; the text names the file."""


class _Sink:
    """What `zipfile` writes to. It can't seek, so nothing has to be kept for long."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nor does it end."""

    def take(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


@dataclass
class Bag:
    """A bag on its way into a zip: `add` gives pieces of the zip, `close` the rest. Hashes are kept for the lists."""

    name: str
    payload: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    size: int = 0

    def __post_init__(self) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_STORED)

    def add(self, path: str, pieces: Iterable[bytes], size: int, sha256: str = "") -> Iterator[bytes]:
        """Write a file of `size` bytes. Raises Changed if they are not those of `sha256`, where that is given."""
        digest, written = hashlib.sha256(), 0
        info = zipfile.ZipInfo(f"{self.name}/{path}", _NO_DATE)
        info.create_system, info.external_attr, info.file_size = 3, (stat.S_IFREG | 0o644) << 16, size
        with self._zip.open(info, "w") as file:
            for piece in pieces:
                digest.update(piece)
                written += len(piece)
                file.write(piece)
                yield self._sink.take()
        if written != size or (sha256 and digest.hexdigest() != sha256):
            raise Changed(path)
        if path.startswith("data/"):
            self.payload[path] = digest.hexdigest()
            self.size += size
        else:
            self.tags[path] = digest.hexdigest()
        yield self._sink.take()

    def put(self, path: str, data: bytes) -> Iterator[bytes]:
        """Write a small file."""
        return self.add(path, [data], len(data))

    def close(self, identifier: str, made_at: datetime, signer: str, seed: bytes) -> Iterator[bytes]:
        """Write the lists, sign the last of them as `signer`, and end the zip."""
        info = (
            f"Bag-Software-Agent: {SOFTWARE}\nBagging-Date: {made_at:%Y-%m-%d}\nExternal-Identifier: {identifier}\n"
            f"Payload-Oxum: {self.size}.{len(self.payload)}\n"
        )
        yield from self.put("bagit.txt", BAGIT)
        yield from self.put("bag-info.txt", info.encode())
        yield from self.put(PAYLOAD, _manifest(self.payload))
        signed = _manifest(self.tags)
        yield from self.put(TAG, signed)
        yield from self.put(SIGNATURE, notes.signature_line(signed, signer, seed).encode())
        self._zip.close()
        yield self._sink.take()


def _manifest(hashes: dict[str, str]) -> bytes:
    return "".join(f"{hashes[path]}  {path}\n" for path in sorted(hashes)).encode()


def proof(index: int, size: int, read: Reader, note: str) -> bytes:
    """An inclusion proof as C2SP has it (https://c2sp.org/tlog-proof): the hashes from the leaf to the root, the checkpoint."""
    path = merkle.inclusion_proof(index, size, read)
    hashes = "".join(f"{notes.base64_text(node)}\n" for node in path)
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{hashes}\n{note}".encode()


class _Raw(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)


def as_file(pieces: Iterator[bytes]) -> BinaryIO:
    """Pieces as a file that can be read once, from its beginning."""
    return io.BufferedReader(_Raw(pieces), 1024 * 1024)
