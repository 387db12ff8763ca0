"""What only S3 has: the bucket's locks, two endpoints, and answers that get lost on the way."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from tests import s3
from tests.optional import requires
from tests.vault.conftest import PUBLIC_URL, bucket_settings, digests, send_part, upload_whole
from vault.config import VaultConfig
from vault.errors import Misconfigured, NotProtected, Unavailable
from vault.protocol import Protection, Store
from vault.s3 import S3Store
from vault.s3_bucket import ensure_bucket

pytestmark = requires("s3")
Content = Callable[[int], bytes]


def configured(**changes: Any) -> VaultConfig:
    """The shared bucket's configuration with some values changed."""
    return VaultConfig.from_mapping(bucket_settings() | changes)


@pytest.fixture
def s3_store() -> S3Store:
    return S3Store(configured())


def test_a_locked_version_cannot_be_removed(s3_store: S3Store, content: Content) -> None:
    _, stored = upload_whole(s3_store, content(1000))
    s3_store.protect(stored.key, stored.version_id, datetime.now(UTC) + timedelta(days=9), hold=True)
    client: Any = s3_store._client
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(Bucket=s3_store._bucket, Key=stored.key, VersionId=stored.version_id)
    # Without a version S3 only lays a delete marker on top; what names the version still reads.
    client.delete_object(Bucket=s3_store._bucket, Key=stored.key)
    assert b"".join(s3_store.read(stored.key, stored.version_id)) == content(1000)


def test_bytes_written_later_under_the_key_are_not_read(s3_store: S3Store, content: Content) -> None:
    upload, stored = upload_whole(s3_store, content(1000))
    client: Any = s3_store._client
    client.put_object(Bucket=s3_store._bucket, Key=stored.key, Body=b"forged" * 50)
    assert b"".join(s3_store.read(stored.key, stored.version_id)) == content(1000)
    assert s3_store.complete(upload) == stored


def test_every_object_has_the_default_retention_at_once(s3_store: S3Store, content: Content) -> None:
    stored = s3_store.put(content(10))
    kept = s3_store.protection(stored.key, stored.version_id).retain_until
    assert kept is not None
    assert timedelta(days=29) < kept - datetime.now(UTC) < timedelta(days=31)


def test_a_completion_whose_answer_was_lost_is_found(s3_store: S3Store, content: Content) -> None:
    body = content(1000)
    upload = s3_store.open_upload(1000)
    etag = send_part(s3_store, upload, body, 1).etag
    client: Any = s3_store._client
    client.complete_multipart_upload(
        Bucket=s3_store._bucket,
        Key=upload.key,
        UploadId=upload.upload_id,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]},
    )
    stored = s3_store.complete(upload)
    assert b"".join(s3_store.read(stored.key, stored.version_id)) == body


def test_protection_that_does_not_read_back_is_an_error(
    s3_store: S3Store, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = s3_store.put(content(10))
    # A store that accepts the lock headers and forgets them, as some do.
    monkeypatch.setattr(s3_store, "protection", lambda key, version_id: Protection(None, False))
    with pytest.raises(NotProtected):
        s3_store.protect(stored.key, stored.version_id, datetime.now(UTC) + timedelta(days=90), hold=True)


def test_browsers_get_the_public_address(content: Content) -> None:
    store: Store = S3Store(configured(S3_PUBLIC_ENDPOINT_URL="https://bytes.example.org"))
    upload = store.open_upload(1000)
    address = urlsplit(store.sign_part(upload, 1, *digests(content(1000))).url)
    assert f"{address.scheme}://{address.netloc}" == "https://bytes.example.org"
    signed = parse_qs(address.query)["X-Amz-SignedHeaders"][0].split(";")
    assert {"content-length", "content-md5", "host"} <= set(signed)


def test_the_sha256_is_signed_where_the_store_checks_it(content: Content) -> None:
    store = S3Store(configured(S3_CHECKSUM_SHA256=True))
    upload = store.open_upload(1000)
    signed = store.sign_part(upload, 1, *digests(content(1000)))
    assert "x-amz-checksum-sha256" in signed.headers
    assert "x-amz-checksum-sha256" in signed.url
    assert send_part(store, upload, content(1000), 1).status == 200
    assert store.complete(upload).size == 1000


def test_a_store_that_is_down_is_unavailable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    store = S3Store(configured(S3_ENDPOINT_URL=f"http://127.0.0.1:{port}"))
    for call in (lambda: store.open_upload(9), lambda: store.stat("0" * 32, "v"), lambda: store.put(b"x")):
        with pytest.raises(Unavailable) as caught:
            call()
        assert caught.value.retriable


def test_a_wrong_key_is_a_matter_of_configuration_and_is_not_shown() -> None:
    store = S3Store(configured(S3_SECRET_KEY="not-the-key"))
    with pytest.raises(Misconfigured) as caught:
        store.open_upload(9)
    assert "not-the-key" not in str(caught.value)


def test_the_bucket_is_set_up_once_or_again() -> None:
    config = VaultConfig.from_mapping({**s3.server().settings(), "PUBLIC_URL": PUBLIC_URL, "RETENTION_DAYS": 3})
    ensure_bucket(config)
    ensure_bucket(config)
    client: Any = S3Store(config)._client
    lock = client.get_object_lock_configuration(Bucket=config.s3_bucket)["ObjectLockConfiguration"]
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "GOVERNANCE", "Days": 3}
    assert client.get_bucket_versioning(Bucket=config.s3_bucket)["Status"] == "Enabled"


def test_a_bucket_without_object_lock_is_refused() -> None:
    config = VaultConfig.from_mapping({**s3.server().settings(), "PUBLIC_URL": PUBLIC_URL})
    client: Any = S3Store(config)._client
    client.create_bucket(Bucket=config.s3_bucket)
    with pytest.raises(Misconfigured):
        ensure_bucket(config)
    client.put_bucket_versioning(Bucket=config.s3_bucket, VersioningConfiguration={"Status": "Enabled"})
    with pytest.raises(Misconfigured):
        ensure_bucket(config)


@pytest.mark.parametrize(("origin", "allowed"), [(PUBLIC_URL, True), ("https://elsewhere.example.org", False)])
def test_only_our_own_pages_may_put_from_a_browser(s3_store: S3Store, content: Content, origin: str, allowed: bool) -> None:
    signed = s3_store.sign_part(s3_store.open_upload(10), 1, *digests(content(10)))
    address = urlsplit(signed.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=10)
    asks = {"Origin": origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-md5"}
    connection.request("OPTIONS", f"{address.path}?{address.query}", headers=asks)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert (answer.headers.get("Access-Control-Allow-Origin") == origin) is allowed
