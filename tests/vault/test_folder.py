"""What only the folder store has: its own signed addresses, files on a disk, and crashes between two system calls."""

from __future__ import annotations

import base64
import errno
import hashlib
import io
import os
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from django.test import Client, RequestFactory

import vault
from tests.vault.conftest import browser_put, digests, folder_settings, send_part, upload_whole
from vault import views
from vault.config import VaultConfig
from vault.errors import DigestMismatch, Incomplete, SizeMismatch, Truncated, Unavailable, UploadGone
from vault.folder import FolderStore
from vault.protocol import MIB, USUAL_PART, SignedPut, Store, Stored, part_size_for
from vault.signing import PartTicket

Content = Callable[[int], bytes]


class Crash(BaseException):
    """The machine stops here. Not an Exception, so that no handler of ours can tidy up after it."""


def files_of(settings: Any, stored: Stored) -> list[Path]:
    """The files that hold a stored object's bytes."""
    folder = Path(settings.VAULT["FOLDER"]) / "objects" / stored.key[:2] / stored.key / stored.version_id
    return sorted(path for path in folder.iterdir() if path.name[0] == "0")


@contextmanager
def crash_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let `step` changes to the disk happen, and stop the machine at the next."""
    left = step

    def counting(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            if left == 0:
                raise Crash
            left -= 1
            return original(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for owner, name in ((os, "fsync"), (os, "fchmod"), (Path, "rename"), (Path, "replace"), (Path, "mkdir")):
            patch.setattr(owner, name, counting(getattr(owner, name)))
        yield


def test_a_crash_at_any_step_of_completing_loses_nothing(
    settings: Any, folder_store: Store, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, step, crashed = content(USUAL_PART + 9), 0, True
    while crashed:
        upload = folder_store.open_upload(len(body))
        for number in (1, 2):
            send_part(folder_store, upload, body, number)
        crashed = False
        try:
            with crash_at(step, monkeypatch):
                folder_store.complete(upload)
        except Crash:
            crashed = True
        stored = FolderStore(VaultConfig.from_mapping(settings.VAULT)).complete(upload)
        assert b"".join(folder_store.read(stored.key, stored.version_id)) == body
        step += 1
    assert step > 5


def test_a_crash_at_any_step_of_a_part_never_keeps_half_of_it(
    folder_store: Store, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, step, crashed = content(5000), 0, True
    while crashed:
        upload = folder_store.open_upload(len(body))
        crashed = False
        try:
            with crash_at(step, monkeypatch):
                send_part(folder_store, upload, body, 1)
        except Crash:
            crashed = True
        if folder_store.list_parts(upload) == []:
            with pytest.raises(Incomplete):
                folder_store.complete(upload)
            assert send_part(folder_store, upload, body, 1).status == 200
        stored = folder_store.complete(upload)
        assert b"".join(folder_store.read(stored.key, stored.version_id)) == body
        step += 1
    assert step > 3


def test_two_files_of_one_part_after_a_crash_count_as_the_newer(folder_store: Store, content: Content, settings: Any) -> None:
    body = content(100)
    upload = folder_store.open_upload(100)
    send_part(folder_store, upload, b"o" * 100, 1)
    folder = Path(settings.VAULT["FOLDER"]) / "uploads" / upload.upload_id
    (old,) = folder.glob("0*")
    os.link(old, folder / "kept")
    send_part(folder_store, upload, body, 1)
    os.utime(folder / "kept", (0, 0))
    (newer,) = folder.glob("0*")
    (folder / "kept").rename(old)
    newer.rename(folder / "aside")
    (folder / "aside").rename(newer)  # a rename is what makes it the newer
    assert [part.sha256 for part in folder_store.list_parts(upload)] == [digests(body)[2]]


def test_stored_files_are_read_only(settings: Any, folder_store: Store, content: Content) -> None:
    _, uploaded = upload_whole(folder_store, content(1000))
    for stored in (uploaded, folder_store.put(content(1000))):
        for path in files_of(settings, stored):
            assert path.stat().st_mode & 0o777 == 0o444


def test_a_flipped_byte_is_read_as_it_lies(settings: Any, folder_store: Store, content: Content) -> None:
    _, stored = upload_whole(folder_store, content(1000))
    (path,) = files_of(settings, stored)
    path.chmod(0o600)
    damaged = bytearray(path.read_bytes())
    damaged[500] ^= 1
    path.write_bytes(damaged)
    read = b"".join(folder_store.read(stored.key, stored.version_id))
    assert hashlib.sha256(read).hexdigest() != hashlib.sha256(content(1000)).hexdigest()


def test_a_shortened_file_is_noticed(settings: Any, folder_store: Store, content: Content) -> None:
    _, stored = upload_whole(folder_store, content(1000))
    (path,) = files_of(settings, stored)
    path.chmod(0o600)
    os.truncate(path, 400)
    with pytest.raises(SizeMismatch):
        folder_store.stat(stored.key, stored.version_id)
    with pytest.raises(Truncated):
        list(folder_store.read(stored.key, stored.version_id))


def test_a_full_disk_is_unavailable_and_the_part_may_come_again(
    folder_store: Store, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = content(1000)
    upload = folder_store.open_upload(1000)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        answer = send_part(folder_store, upload, body, 1)
        with pytest.raises(Unavailable, match="No space left"):
            folder_store.put(body)
    assert answer.status == 503
    assert '"unavailable"' in answer.text
    assert send_part(folder_store, upload, body, 1).status == 200
    assert folder_store.complete(upload).size == 1000


def test_a_part_that_breaks_off_is_refused(folder_store: Store, content: Content) -> None:
    upload = folder_store.open_upload(1000)
    ticket = PartTicket(upload.key, upload.upload_id, 1, *digests(content(1000)), expires=2**40)
    with pytest.raises(DigestMismatch, match="broke off 400 bytes"):
        cast(FolderStore, folder_store).receive_part(ticket, io.BytesIO(content(600)))
    assert folder_store.list_parts(upload) == []


def test_an_unsigned_address_is_refused(folder_store: Store, content: Content) -> None:
    upload = folder_store.open_upload(1000)
    url = folder_store.sign_part(upload, 1, *digests(content(1000))).url
    for refused in (url.split("?")[0], url[:-1] + ("0" if url[-1] != "0" else "1"), url.replace("length=1000", "length=x")):
        assert browser_put(SignedPut(refused, {}, datetime.now(UTC)), content(1000)).status == 403
    assert folder_store.list_parts(upload) == []


@pytest.mark.parametrize("name", ["key", "length", "md5", "sha256", "expires"])
def test_no_field_of_an_address_can_be_changed(folder_store: Store, content: Content, name: str) -> None:
    upload = folder_store.open_upload(1000)
    signed = folder_store.sign_part(upload, 1, *digests(content(1000)))
    start = signed.url.index(f"{name}=") + len(name) + 1
    changed = signed.url[:start] + ("1" if signed.url[start] != "1" else "2") + signed.url[start + 1 :]
    assert browser_put(SignedPut(changed, signed.headers, signed.expires_at), content(1000)).status == 403


def test_an_address_expires(folder_store: Store, content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = folder_store.open_upload(1000)
    signed = folder_store.sign_part(upload, 1, *digests(content(1000)))
    late = signed.expires_at + timedelta(seconds=1)
    monkeypatch.setattr("time.time", late.timestamp)
    answer = browser_put(signed, content(1000))
    assert answer.status == 403
    assert "expired" in answer.text


@pytest.mark.parametrize("method", ["get", "post", "delete", "patch", "options"])
def test_an_address_takes_put_only(folder_store: Store, content: Content, method: str) -> None:
    signed = folder_store.sign_part(folder_store.open_upload(9), 1, *digests(content(9)))
    assert Client().generic(method.upper(), signed.url.removeprefix("http://testserver")).status_code == 405


def test_ids_from_outside_reach_no_other_folder(folder_store: Store, content: Content) -> None:
    secret = b"k" * 32
    for bad in ("..", "a" * 31, "A" * 32):
        ticket = PartTicket("0" * 32, bad, 1, *digests(content(9)), expires=2**40)
        address = f"/vault/parts/{bad}/1/?{ticket.query(secret)}"
        md5 = {"Content-MD5": base64.b64encode(bytes.fromhex(ticket.md5)).decode()}
        assert Client().generic("PUT", address, content(9), headers=md5).status_code == 404


def test_a_part_streams_in_constant_memory(folder_store: Store) -> None:
    class Endless(io.RawIOBase):
        """64 MiB of zeros that were never in memory at once."""

        left = 64 * MIB

        def read(self, size: int = -1) -> bytes:
            given = min(self.left, MIB if size < 0 else size)
            self.left -= given
            return bytes(given)

    size = 64 * MIB * 4000
    length = part_size_for(size)
    md5, sha256 = hashlib.md5(bytes(length)).hexdigest(), hashlib.sha256(bytes(length)).hexdigest()
    signed = folder_store.sign_part(folder_store.open_upload(size), 1, length, md5, sha256)
    request = RequestFactory().put(signed.url, headers=dict(signed.headers))
    request.environ |= {"CONTENT_LENGTH": str(length), "wsgi.input": Endless()}
    request.META["CONTENT_LENGTH"] = str(length)
    request._stream = cast(BinaryIO, Endless())
    upload_id = signed.url.split("/parts/")[1].split("/")[0]
    tracemalloc.start()
    response = views.part(request, upload_id, 1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert response.status_code == 200
    assert peak < 8 * MIB


def test_completing_twice_at_once_makes_one_object(folder_store: Store, content: Content) -> None:
    body = content(USUAL_PART + 1)
    upload = folder_store.open_upload(len(body))
    for number in (1, 2):
        send_part(folder_store, upload, body, number)
    results: list[Stored] = []
    threads = [threading.Thread(target=lambda: results.append(folder_store.complete(upload))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert len(set(results)) == 1


def test_a_part_that_arrives_during_completion_changes_nothing(folder_store: Store, content: Content) -> None:
    body = content(1000)
    upload = folder_store.open_upload(1000)
    send_part(folder_store, upload, body, 1)

    class Slow(io.BytesIO):
        """Its last byte comes after the upload was completed."""

        def read(self, size: int | None = -1) -> bytes:
            if self.tell() == 0:
                folder_store.complete(upload)
            return super().read(size)

    ticket = PartTicket(upload.key, upload.upload_id, 1, *digests(b"x" * 1000), expires=2**40)
    with pytest.raises(UploadGone):
        cast(FolderStore, folder_store).receive_part(ticket, Slow(b"x" * 1000))
    assert b"".join(folder_store.read(upload.key, upload.upload_id)) == body


def test_what_a_killed_put_left_is_swept(settings: Any, folder_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Crash), crash_at(3, monkeypatch):
        folder_store.put(b"made by a worker")
    uploads = Path(settings.VAULT["FOLDER"]) / "uploads"
    folder_store.sweep(datetime.now(UTC) + timedelta(minutes=1))
    assert list(uploads.iterdir()) == []


def test_two_stores_on_one_folder_see_the_same(settings: Any, tmp_path: Path, folder_store: Store) -> None:
    stored = folder_store.put(b"seen by web and worker")
    settings.VAULT = folder_settings(tmp_path / "elsewhere")
    assert vault.store() is not folder_store
    settings.VAULT = folder_settings(tmp_path / "vault")
    assert b"".join(vault.store().read(stored.key, stored.version_id)) == b"seen by web and worker"
