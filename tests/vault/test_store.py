"""One suite for the vault's protocol. Every test here runs on the folder store and on a real S3."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.vault.conftest import browser_put, digests, piece_of, send_part, upload_whole
from vault.errors import Incomplete, Missing, PartRejected, UploadGone
from vault.protocol import MIB, USUAL_PART, Store, Upload

Content = Callable[[int], bytes]
TWO_PARTS = USUAL_PART + 12345


def test_an_upload_in_parts_reads_back_whole(store: Store, content: Content) -> None:
    body = content(TWO_PARTS)
    _, stored = upload_whole(store, body)
    assert stored.size == TWO_PARTS
    assert stored.version_id
    assert b"".join(store.read(stored.key, stored.version_id)) == body
    assert store.stat(stored.key, stored.version_id).size == TWO_PARTS


def test_keys_are_random_and_hold_nothing_of_the_file(store: Store) -> None:
    keys = {store.open_upload(10).key for _ in range(5)}
    assert len(keys) == 5
    assert all(len(key) == 32 for key in keys)


def test_parts_may_come_in_any_order_and_are_listed_by_number(store: Store, content: Content) -> None:
    body = content(TWO_PARTS)
    upload = store.open_upload(len(body))
    assert store.list_parts(upload) == []
    for number in (2, 1):
        answer = send_part(store, upload, body, number)
        assert answer.status == 200
        assert answer.etag.strip('"') == digests(piece_of(upload, body, number))[1]
    listed = store.list_parts(upload)
    assert [(part.number, part.size) for part in listed] == [(1, USUAL_PART), (2, 12345)]
    assert [part.md5 for part in listed] == [digests(piece_of(upload, body, number))[1] for number in (1, 2)]
    store.complete(upload)


def test_one_part_can_be_asked_for(store: Store, content: Content) -> None:
    body = content(TWO_PARTS)
    upload = store.open_upload(len(body))
    assert store.find_part(upload, 1) is None
    send_part(store, upload, body, 2)
    assert store.find_part(upload, 1) is None
    found = store.find_part(upload, 2)
    assert found is not None
    assert (found.number, found.size, found.md5) == (2, 12345, digests(piece_of(upload, body, 2))[1])
    store.abort(upload)
    with pytest.raises(UploadGone):
        store.find_part(upload, 2)


def test_parts_may_be_sent_from_this_side(store: Store, content: Content) -> None:
    body = content(TWO_PARTS)
    upload = store.open_upload(len(body))
    for number in (1, 2):
        sent = store.store_part(upload, number, piece_of(upload, body, number))
        assert (sent.number, sent.md5) == (number, digests(piece_of(upload, body, number))[1])
    with pytest.raises(PartRejected):
        store.store_part(upload, 2, body[:5])
    stored = store.complete(upload)
    assert b"".join(store.read(stored.key, stored.version_id)) == body


def test_a_part_sent_again_replaces_the_first(store: Store, content: Content) -> None:
    body, other = content(1000), b"x" * 1000
    upload = store.open_upload(1000)
    assert send_part(store, upload, other, 1).status == 200
    assert send_part(store, upload, body, 1).status == 200
    assert [part.md5 for part in store.list_parts(upload)] == [digests(body)[1]]
    stored = store.complete(upload)
    assert b"".join(store.read(stored.key, stored.version_id)) == body


def test_changed_bytes_are_refused_and_not_kept(store: Store, content: Content) -> None:
    body = content(1000)
    upload = store.open_upload(1000)
    signed = store.sign_part(upload, 1, *digests(body))
    assert browser_put(signed, body[:-1] + b"!").status == 400
    assert store.list_parts(upload) == []


def test_without_an_md5_the_store_checks_the_sha256(store: Store, content: Content) -> None:
    body = content(TWO_PARTS)
    upload = store.open_upload(len(body))
    for number in (1, 2):
        piece = piece_of(upload, body, number)
        signed = store.sign_part(upload, number, len(piece), "", hashlib.sha256(piece).hexdigest())
        for wrong in (piece[:-1] + b"!", piece[:-1], piece + b"!"):
            assert browser_put(signed, wrong).status in (400, 403)
        assert store.find_part(upload, number) is None
        assert browser_put(signed, piece).status == 200
        found = store.find_part(upload, number)
        assert found is not None
        assert found.md5 == hashlib.md5(piece).hexdigest()
    stored = store.complete(upload)
    assert b"".join(store.read(stored.key, stored.version_id)) == body


@pytest.mark.parametrize("length", [999, 1001])
def test_another_length_than_announced_is_refused(store: Store, content: Content, length: int) -> None:
    upload = store.open_upload(1000)
    signed = store.sign_part(upload, 1, *digests(content(1000)))
    assert browser_put(signed, content(length)).status in (400, 403)
    assert store.list_parts(upload) == []


def test_a_put_without_its_digest_header_is_refused(store: Store, content: Content) -> None:
    upload = store.open_upload(1000)
    signed = store.sign_part(upload, 1, *digests(content(1000)))
    assert browser_put(signed, content(1000), headers={}).status in (400, 403)
    assert store.list_parts(upload) == []


def test_an_address_serves_its_own_part_only(store: Store, content: Content) -> None:
    body = content(TWO_PARTS)
    upload = store.open_upload(len(body))
    signed = store.sign_part(upload, 2, *digests(piece_of(upload, body, 2)))
    moved = signed.url.replace(f"{upload.upload_id}/2/", f"{upload.upload_id}/1/").replace("partNumber=2", "partNumber=1")
    assert moved != signed.url
    changed = type(signed)(moved, signed.headers, signed.expires_at)
    assert browser_put(changed, piece_of(upload, body, 2)).status == 403
    assert store.list_parts(upload) == []


@pytest.mark.parametrize(
    ("number", "length", "md5", "sha256"),
    [
        (0, 1000, "0" * 32, "0" * 64),
        (2, 1000, "0" * 32, "0" * 64),
        (1, 999, "0" * 32, "0" * 64),
        (1, 1000, "0" * 31, "0" * 64),
        (1, 1000, "0" * 32, "G" * 64),
        (1, 1000, "0" * 32, "0" * 64 + "\n"),
    ],
)
def test_a_part_that_cannot_be_right_is_not_signed(store: Store, number: int, length: int, md5: str, sha256: str) -> None:
    with pytest.raises(PartRejected):
        store.sign_part(store.open_upload(1000), number, length, md5, sha256)


def test_completing_without_every_part_names_the_missing(store: Store, content: Content) -> None:
    body = content(TWO_PARTS)
    upload = store.open_upload(len(body))
    send_part(store, upload, body, 2)
    with pytest.raises(Incomplete) as caught:
        store.complete(upload)
    assert caught.value.missing == (1,)
    send_part(store, upload, body, 1)
    assert store.complete(upload).size == len(body)


def test_completing_again_finds_the_same_version(store: Store, content: Content) -> None:
    upload, first = upload_whole(store, content(TWO_PARTS))
    assert store.complete(upload) == first
    assert store.complete(upload) == first


def test_a_completed_upload_takes_no_more_parts(store: Store, content: Content) -> None:
    body = content(1000)
    upload = store.open_upload(1000)
    late = store.sign_part(upload, 1, *digests(body))
    assert browser_put(late, body).status == 200
    stored = store.complete(upload)
    assert browser_put(late, body).status == 404
    with pytest.raises(UploadGone):
        store.list_parts(upload)
    assert b"".join(store.read(stored.key, stored.version_id)) == body


def test_an_aborted_upload_is_gone(store: Store, content: Content) -> None:
    body = content(1000)
    upload = store.open_upload(1000)
    late = store.sign_part(upload, 1, *digests(body))
    send_part(store, upload, body, 1)
    store.abort(upload)
    store.abort(upload)
    assert browser_put(late, body).status == 404
    for call in (store.list_parts, store.complete):
        with pytest.raises(UploadGone):
            call(upload)


def test_aborting_after_completion_leaves_the_object(store: Store, content: Content) -> None:
    upload, stored = upload_whole(store, content(1000))
    store.abort(upload)
    assert store.stat(stored.key, stored.version_id).size == 1000


def test_an_upload_that_never_was_is_gone(store: Store) -> None:
    upload = Upload("0" * 32, "0" * 32, 1000, USUAL_PART)
    for call in (store.list_parts, store.complete):
        with pytest.raises(UploadGone):
            call(upload)


@pytest.mark.parametrize("size", [0, -1, 6 * 1024**4])
def test_sizes_that_no_store_takes_are_refused(store: Store, size: int) -> None:
    with pytest.raises(ValueError, match="5 TiB"):
        store.open_upload(size)


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 1), (0, None), (5, 5), (USUAL_PART - 3, USUAL_PART + 3), (USUAL_PART, None), (TWO_PARTS - 1, TWO_PARTS + 99)],
)
def test_ranges_read_exactly_what_was_asked(store: Store, content: Content, start: int, end: int | None) -> None:
    body = content(TWO_PARTS)
    _, stored = upload_whole(store, body)
    pieces = list(store.read(stored.key, stored.version_id, start, end))
    assert b"".join(pieces) == body[start:end]
    assert all(0 < len(piece) <= MIB for piece in pieces)


@pytest.mark.parametrize("size", [0, 1, USUAL_PART, 2 * USUAL_PART + 7])
def test_a_worker_puts_bytes_or_a_stream(store: Store, content: Content, size: int) -> None:
    body = content(size)
    for source in (body, io.BytesIO(body)):
        stored = store.put(source)
        assert (stored.size, stored.sha256) == (size, hashlib.sha256(body).hexdigest())
        assert b"".join(store.read(stored.key, stored.version_id)) == body


def test_what_is_not_there_is_missing(store: Store, content: Content) -> None:
    stored = store.put(content(10))
    other = store.put(content(10))
    for key, version in (("0" * 32, "0" * 32), (stored.key, other.version_id), (stored.key, ""), ("../../etc", "x")):
        with pytest.raises(Missing):
            store.stat(key, version)
        with pytest.raises(Missing):
            list(store.read(key, version))
        with pytest.raises(Missing):
            store.protection(key, version)


def test_protection_is_set_and_read_back(store: Store, content: Content) -> None:
    _, stored = upload_whole(store, content(1000))
    until = datetime.now(UTC) + timedelta(days=400)
    set_now = store.protect(stored.key, stored.version_id, until, hold=True)
    assert set_now == store.protection(stored.key, stored.version_id)
    assert set_now.hold
    assert set_now.retain_until is not None
    assert timedelta(0) <= set_now.retain_until - until <= timedelta(seconds=1)


def test_retention_is_extended_but_never_shortened(store: Store, content: Content) -> None:
    stored = store.put(content(10))
    long = datetime.now(UTC) + timedelta(days=400)
    store.protect(stored.key, stored.version_id, long, hold=True)
    shorter = store.protect(stored.key, stored.version_id, long - timedelta(days=300), hold=False)
    assert shorter.retain_until is not None
    assert shorter.retain_until >= long
    assert not shorter.hold
    longer = store.protect(stored.key, stored.version_id, long + timedelta(days=1), hold=False)
    assert longer.retain_until is not None
    assert longer.retain_until >= long + timedelta(days=1)


def test_the_sweep_gives_up_old_uploads_but_those_still_wanted(store: Store, content: Content) -> None:
    body = content(1000)
    old, wanted = store.open_upload(1000), store.open_upload(1000)
    _, done = upload_whole(store, body)
    assert old.upload_id not in store.sweep(datetime.now(UTC) - timedelta(days=1))
    swept = store.sweep(datetime.now(UTC) + timedelta(minutes=5), keep={wanted.upload_id})
    assert old.upload_id in swept
    assert wanted.upload_id not in swept
    with pytest.raises(UploadGone):
        store.list_parts(old)
    assert store.list_parts(wanted) == []
    assert b"".join(store.read(done.key, done.version_id)) == body
