"""Both stores, made the way the settings make them, and a browser's part PUT to either."""

from __future__ import annotations

import functools
import hashlib
import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

import vault
from tests import s3
from tests.optional import requires
from vault.config import VaultConfig
from vault.protocol import SignedPut, Store, Stored, Upload
from vault.s3_bucket import ensure_bucket

PUBLIC_URL = "http://testserver"


@functools.cache
def bucket_settings() -> dict[str, str]:
    """VAULT settings for one bucket that all tests share: keys are random, so they don't meet."""
    values = {**s3.server().settings(), "PUBLIC_URL": PUBLIC_URL}
    ensure_bucket(VaultConfig.from_mapping(values))
    return values


def folder_settings(folder: Path) -> dict[str, Any]:
    """VAULT settings for a store in `folder`."""
    return {"BACKEND": "folder", "FOLDER": str(folder), "SIGNING_KEY": b"k" * 32, "PUBLIC_URL": PUBLIC_URL}


@dataclass
class Answer:
    """What came back from a part PUT."""

    status: int
    etag: str
    text: str


def browser_put(signed: SignedPut, body: bytes, headers: dict[str, str] | None = None) -> Answer:
    """PUT `body` as a browser would: over a socket to S3, through Django to the folder store's own view."""
    sent = dict(signed.headers if headers is None else headers)
    parts = urlsplit(signed.url)
    if parts.hostname == "testserver":
        answer = Client(enforce_csrf_checks=True).generic(
            "PUT", f"{parts.path}?{parts.query}", body, "application/octet-stream", headers=sent
        )
        return Answer(answer.status_code, answer.headers.get("ETag", ""), answer.content.decode())
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    connection.request("PUT", f"{parts.path}?{parts.query}", body, sent)
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return Answer(reply.status, reply.headers.get("ETag", ""), text)


def digests(body: bytes) -> tuple[int, str, str]:
    """Length, MD5 and SHA-256, in the order that sign_part takes them."""
    return len(body), hashlib.md5(body).hexdigest(), hashlib.sha256(body).hexdigest()


def piece_of(upload: Upload, content: bytes, number: int) -> bytes:
    """Part `number` of `content`."""
    start = (number - 1) * upload.part_size
    return content[start : start + upload.length_of(number)]


def send_part(store: Store, upload: Upload, content: bytes, number: int) -> Answer:
    """Sign and PUT one part of `content`."""
    piece = piece_of(upload, content, number)
    return browser_put(store.sign_part(upload, number, *digests(piece)), piece)


def upload_whole(store: Store, content: bytes) -> tuple[Upload, Stored]:
    """Open, send every part, complete."""
    upload = store.open_upload(len(content))
    for number in range(1, upload.part_count + 1):
        assert send_part(store, upload, content, number).status == 200
    return upload, store.complete(upload)


@pytest.fixture(params=["folder", pytest.param("s3", marks=requires("s3"))])
def store(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Store]:
    """The configured store: every test that takes it runs on a folder and on real S3."""
    settings.ROOT_URLCONF = "tests.vault.urls"
    settings.VAULT = folder_settings(tmp_path / "vault") if request.param == "folder" else bucket_settings()
    yield vault.store()


@pytest.fixture
def folder_store(settings: Any, tmp_path: Path) -> Store:
    """The folder store alone, for what only it has."""
    settings.ROOT_URLCONF = "tests.vault.urls"
    settings.VAULT = folder_settings(tmp_path / "vault")
    return vault.store()


@pytest.fixture
def content() -> Callable[[int], bytes]:
    """`content(n)`: n bytes that aren't all alike, the same on every call."""

    def make(size: int) -> bytes:
        return hashlib.shake_128(b"evidence").digest(size)

    return make
