"""The vault in a folder: the embedded default, and the shape S3 has, made of renames.

    uploads/<upload id>/upload.json           key, size and part size of an open upload
    uploads/<upload id>/0000007.<md5>.<sha256>  a part, checked and synced before it got this name
    objects/<2 digits>/<key>/<version>/       a finished upload, renamed here in one step, with manifest.json
    objects/<2 digits>/<key>/<version>.lock   retention and legal hold, as JSON

Parts are never joined: completing 200 GB is one rename, and reading walks the parts in order. The version is the
upload's id, so completing twice finds the first result. Files end read-only (0444). An administrator of the machine can
still remove them: the folder store suits a demonstration or one trusted server; real separation from administrators is
what object lock on S3 is for.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from vault.config import VaultConfig
from vault.errors import (
    DigestMismatch,
    Incomplete,
    Missing,
    NotProtected,
    PartRejected,
    SizeMismatch,
    StillLocked,
    Truncated,
    Unavailable,
    UploadGone,
)
from vault.files import READ_ONLY, locked, make_folder, store_errors, sync_folder, write_json
from vault.protocol import (
    READ_CHUNK,
    Part,
    Protection,
    SignedPut,
    Stored,
    Upload,
    iterate,
    new_key,
    part_size_for,
)
from vault.signing import PartTicket

# A part of 50 MiB over a slow station line takes minutes; the address is made just before the PUT starts.
TICKET_SECONDS = 15 * 60
_ID = re.compile(r"[0-9a-f]{32}\Z")
_PART_NAME = re.compile(r"(?P<number>\d{7})\.(?P<md5>[0-9a-f]{32})\.(?P<sha256>[0-9a-f]{64})\Z")


class FolderStore:
    """`vault.protocol.Store` on a folder that web and worker processes of one machine share."""

    def __init__(self, config: VaultConfig) -> None:
        self._secret = config.signing_key
        self._put_url = f"{config.public_url}/vault/parts"
        self._root = Path(config.folder)

    # Uploads

    def open_upload(self, size: int) -> Upload:
        """See Store.open_upload."""
        upload = Upload(new_key(), secrets.token_hex(16), size, part_size_for(size))
        with store_errors("The vault's folder"):
            folder = self._upload_folder(upload.upload_id)
            make_folder(folder)
            write_json(folder / "upload.json", {"key": upload.key, "size": size, "part_size": upload.part_size})
        return upload

    def sign_part(self, upload: Upload, number: int, length: int, md5: str, sha256: str) -> SignedPut:
        """See Store.sign_part. The address leads to `vault.views.part`."""
        upload.check_part(number, length, md5, sha256)
        expires = int(time.time()) + TICKET_SECONDS
        ticket = PartTicket(upload.key, upload.upload_id, number, length, md5, sha256, expires)
        return SignedPut(
            url=f"{self._put_url}/{upload.upload_id}/{number}/?{ticket.query(self._secret)}",
            headers={"Content-MD5": base64.b64encode(bytes.fromhex(md5)).decode()} if md5 else {},
            expires_at=datetime.fromtimestamp(expires, UTC),
        )

    def receive_part(self, ticket: PartTicket, source: BinaryIO) -> str:
        """Write the part that `ticket` allows from `source` in constant memory and return its ETag.

        Acknowledges only what is synced to disk and has the announced length and digests. UploadGone, PartRejected,
        DigestMismatch, Unavailable.
        """
        folder = self._upload_folder(ticket.upload_id)
        upload = self._opened(folder, ticket.upload_id)
        if upload.key != ticket.key:
            raise PartRejected("This address belongs to another upload.")
        upload.check_part(ticket.number, ticket.length, ticket.md5, ticket.sha256)
        arriving = folder / f".arriving.{secrets.token_hex(8)}"
        try:
            with store_errors("The upload"):
                md5 = _write_checked(arriving, source, ticket)
                with locked(folder):
                    final = folder / f"{ticket.number:07d}.{md5}.{ticket.sha256}"
                    arriving.replace(final)
                    for other in folder.glob(f"{ticket.number:07d}.*"):
                        if other != final:
                            other.unlink()
                    sync_folder(folder)
        except Missing as error:
            raise UploadGone("The upload is no longer open.") from error
        finally:
            arriving.unlink(missing_ok=True)
        return md5

    def list_parts(self, upload: Upload) -> list[Part]:
        """See Store.list_parts."""
        folder = self._upload_folder(upload.upload_id)
        self._opened(folder, upload.upload_id)
        with store_errors("The upload"):
            return _parts_in(folder)

    def find_part(self, upload: Upload, number: int) -> Part | None:
        """See Store.find_part."""
        folder = self._upload_folder(upload.upload_id)
        self._opened(folder, upload.upload_id)
        with store_errors("The upload"):
            return next(iter(_parts_in(folder, f"{number:07d}.*")), None)

    def store_part(self, upload: Upload, number: int, body: bytes) -> Part:
        """See Store.store_part."""
        md5, sha256 = hashlib.md5(body, usedforsecurity=False).hexdigest(), hashlib.sha256(body).hexdigest()
        ticket = PartTicket(upload.key, upload.upload_id, number, len(body), md5, sha256, expires=0)
        self.receive_part(ticket, io.BytesIO(body))
        return Part(number, len(body), md5, md5, sha256)

    def complete(self, upload: Upload) -> Stored:
        """See Store.complete. The one step that counts is a rename, so a crash leaves an open upload or a finished
        object.
        """
        source = self._upload_folder(upload.upload_id)
        target = self._version_folder(upload.key, upload.upload_id)
        try:
            with store_errors("The upload"):
                make_folder(target.parent)
                with locked(source):
                    self._finish(upload, source, target)
        except Missing:
            if not target.is_dir():
                raise UploadGone("The upload is no longer open.") from None
        with store_errors("The object"):
            # Again on every call: an earlier one may have stopped between the rename and here.
            sync_folder(target.parent)
            sync_folder(source.parent)
        return self.stat(upload.key, upload.upload_id)

    def _finish(self, upload: Upload, source: Path, target: Path) -> None:
        parts = _parts_in(source)
        held = {part.number for part in parts}
        if missing := [number for number in range(1, upload.part_count + 1) if number not in held]:
            raise Incomplete(missing)
        for part in parts:
            if part.number > upload.part_count or part.size != upload.length_of(part.number):
                raise SizeMismatch(f"Part {part.number} has {part.size} bytes in the vault.")
        rows = [[part.number, part.size, part.md5, part.sha256] for part in parts]
        write_json(source / "manifest.json", {"key": upload.key, "size": upload.size, "parts": rows})
        for stray in source.glob(".arriving.*"):
            stray.unlink(missing_ok=True)
        source.rename(target)

    def abort(self, upload: Upload) -> None:
        """See Store.abort."""
        self._abort(upload.upload_id)

    def _abort(self, upload_id: str) -> None:
        folder = self._upload_folder(upload_id)
        gone = folder.with_name(f".gone.{upload_id}")
        with store_errors("The upload"):
            try:
                with locked(folder):
                    folder.rename(gone)
            except FileNotFoundError:
                return
            shutil.rmtree(gone)

    def put(self, source: BinaryIO | bytes) -> Stored:
        """See Store.put."""
        key, version = new_key(), secrets.token_hex(16)
        folder, target = self._upload_folder(version), self._version_folder(key, version)
        md5, sha256, size = hashlib.md5(usedforsecurity=False), hashlib.sha256(), 0
        with store_errors("The vault's folder"):
            make_folder(folder)
            make_folder(target.parent)
            arriving = folder / ".arriving.put"
            with arriving.open("xb") as file:
                for piece in iterate(source):
                    file.write(piece)
                    md5.update(piece)
                    sha256.update(piece)
                    size += len(piece)
                _seal(file)
            arriving.rename(folder / f"{1:07d}.{md5.hexdigest()}.{sha256.hexdigest()}")
            rows = [[1, size, md5.hexdigest(), sha256.hexdigest()]]
            write_json(folder / "manifest.json", {"key": key, "size": size, "parts": rows})
            folder.rename(target)
            sync_folder(target.parent)
        return Stored(key, version, size, sha256.hexdigest())

    def sweep(self, before: datetime, keep: Collection[str] = ()) -> list[str]:
        """See Store.sweep. Also removes what an interrupted `abort` or `put` left behind."""
        swept = []
        with store_errors("The vault's folder"):
            for folder in sorted((self._root / "uploads").glob("*")):
                # A folder's own time moves whenever a part arrives or leaves.
                if folder.stat().st_mtime >= before.timestamp() or folder.name in keep:
                    continue
                if folder.name.startswith(".gone."):
                    shutil.rmtree(folder)
                elif _ID.match(folder.name):
                    self._abort(folder.name)
                    swept.append(folder.name)
        return swept

    # Objects

    locks = False

    def probe(self) -> None:
        """See Store.probe."""
        with store_errors("The vault's folder"):
            if not (self._root / "objects").is_dir():
                raise Unavailable("The vault's folder is not there; is its disk mounted?")

    def read(self, key: str, version_id: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """See Store.read."""
        folder, manifest = self._manifest(key, version_id)
        stop = manifest["size"] if end is None else min(end, manifest["size"])
        return _read_parts(folder, manifest, start, stop)

    def stat(self, key: str, version_id: str) -> Stored:
        """See Store.stat."""
        folder, manifest = self._manifest(key, version_id)
        held = 0
        with store_errors("A part of the object", reading=True):
            for number, _size, md5, sha256 in manifest["parts"]:
                held += (folder / f"{number:07d}.{md5}.{sha256}").stat().st_size
        if held != manifest["size"]:
            raise SizeMismatch(f"The vault holds {held} bytes where {manifest['size']} were stored.")
        return Stored(key, version_id, held)

    def protect(self, key: str, version_id: str, until: datetime, hold: bool) -> Protection:
        """See Store.protect."""
        folder, _manifest = self._manifest(key, version_id)
        with store_errors("The object"), locked(folder):
            now = self.protection(key, version_id)
            kept = max(until, now.retain_until) if now.retain_until else until
            write_json(folder.with_suffix(".lock"), {"retain_until": kept.astimezone(UTC).isoformat(), "hold": hold})
        after = self.protection(key, version_id)
        if after.retain_until is None or after.retain_until < until or after.hold != hold:
            raise NotProtected("Retention and legal hold don't read back as they were set.")
        return after

    def inspect(self, key: str, version_id: str) -> tuple[Stored, Protection]:
        """See Store.inspect."""
        return self.stat(key, version_id), self.protection(key, version_id)

    def begin(self, key: str, version_id: str, length: int) -> tuple[Stored, Protection, Iterator[bytes]]:
        """See Store.begin."""
        return *self.inspect(key, version_id), self.read(key, version_id, 0, length)

    def protection(self, key: str, version_id: str) -> Protection:
        """See Store.protection."""
        folder, _manifest = self._manifest(key, version_id)
        try:
            values = json.loads(folder.with_suffix(".lock").read_text(encoding="ascii"))
            return Protection(datetime.fromisoformat(values["retain_until"]), bool(values["hold"]))
        except FileNotFoundError:
            return Protection(None, False)
        except (OSError, ValueError, KeyError) as error:
            raise Unavailable("The object's protection can't be read.") from error

    def remove(self, key: str, version_id: str) -> None:
        """See Store.remove. First a rename, so that no half of an object is ever found under its name."""
        try:
            now = self.protection(key, version_id)
        except Missing:
            self._forget(key, version_id)
            return
        if now.retain_until is not None and now.retain_until > datetime.now(UTC):
            raise StillLocked(f"The vault keeps it until {now.retain_until:%d/%m/%Y %H:%M} UTC.")
        folder = self._version_folder(key, version_id)
        with store_errors("The object"):
            folder.rename(folder.with_name(f".gone.{version_id}"))
            sync_folder(folder.parent)
        self._forget(key, version_id)

    def _forget(self, key: str, version_id: str) -> None:
        """What is left of a removed object: its bytes under another name, and its lock."""
        folder = self._version_folder(key, version_id)
        with store_errors("The object"):
            if (gone := folder.with_name(f".gone.{version_id}")).is_dir():
                shutil.rmtree(gone)
            folder.with_suffix(".lock").unlink(missing_ok=True)

    # Where things are

    def _upload_folder(self, upload_id: str) -> Path:
        if not _ID.match(upload_id):
            raise UploadGone("There is no such upload.")
        return self._root / "uploads" / upload_id

    def _version_folder(self, key: str, version_id: str) -> Path:
        if not (_ID.match(key) and _ID.match(version_id)):
            raise Missing("There is no such object.")
        return self._root / "objects" / key[:2] / key / version_id

    def _opened(self, folder: Path, upload_id: str) -> Upload:
        try:
            with store_errors("The upload"):
                values = json.loads((folder / "upload.json").read_text(encoding="ascii"))
        except Missing as error:
            raise UploadGone("The upload is no longer open.") from error
        return Upload(values["key"], upload_id, values["size"], values["part_size"])

    def _manifest(self, key: str, version_id: str) -> tuple[Path, dict[str, Any]]:
        folder = self._version_folder(key, version_id)
        with store_errors("The object", reading=True):
            text = (folder / "manifest.json").read_text(encoding="ascii")
        try:
            manifest: dict[str, Any] = json.loads(text)
        except ValueError as error:
            raise SizeMismatch("The object's list of parts is damaged.") from error
        return folder, manifest


def _seal(file: BinaryIO) -> None:
    """Nothing of `file` stays in a buffer, and nobody writes to it again."""
    file.flush()
    os.fchmod(file.fileno(), READ_ONLY)
    os.fsync(file.fileno())


def _write_checked(path: Path, source: BinaryIO, ticket: PartTicket) -> str:
    """Write the part's bytes; return their MD5. DigestMismatch unless they are those that were announced."""
    md5, sha256, left = hashlib.md5(usedforsecurity=False), hashlib.sha256(), ticket.length
    with path.open("xb") as file:
        while left and (piece := source.read(min(READ_CHUNK, left))):
            file.write(piece)
            md5.update(piece)
            sha256.update(piece)
            left -= len(piece)
        if left:
            raise DigestMismatch(f"Part {ticket.number} broke off {left} bytes before its end.")
        if ticket.md5 not in ("", md5.hexdigest()) or sha256.hexdigest() != ticket.sha256:
            raise DigestMismatch(f"Part {ticket.number} arrived changed.")
        _seal(file)
    return md5.hexdigest()


def _parts_in(folder: Path, pattern: str = "*") -> list[Part]:
    newest: dict[int, tuple[int, Part]] = {}
    for entry in folder.glob(pattern):
        if match := _PART_NAME.match(entry.name):
            number, status = int(match["number"]), entry.stat()
            part = Part(number, status.st_size, match["md5"], match["md5"], match["sha256"])
            # Two of one number are left by a crash between naming the new and removing the old: the new one counts.
            if number not in newest or newest[number][0] < status.st_ctime_ns:
                newest[number] = (status.st_ctime_ns, part)
    return [part for _, (_, part) in sorted(newest.items())]


def _read_parts(folder: Path, manifest: dict[str, Any], start: int, stop: int) -> Iterator[bytes]:
    offset = 0
    for number, size, md5, sha256 in manifest["parts"]:
        first, last = max(start - offset, 0), min(stop - offset, size)
        offset += size
        if first >= last:
            continue
        with store_errors("A part of the object", reading=True), (folder / f"{number:07d}.{md5}.{sha256}").open("rb") as file:
            file.seek(first)
            left = last - first
            while left:
                piece = file.read(min(READ_CHUNK, left))
                if not piece:
                    raise Truncated(f"Part {number} of the object ends {left} bytes early.")
                left -= len(piece)
                yield piece
