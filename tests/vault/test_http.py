"""Sending stored bytes: ranges as RFC 9110 has them, and headers that leave a hostile file nothing to do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from vault.errors import Missing
from vault.http import Content, safe_name, send
from vault.protocol import Store

BODY = bytes(range(256)) * 4
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def kept(store: Store) -> Content:
    stored = store.put(BODY)
    return Content(store, stored.key, stored.version_id, len(BODY), SHA256, "AB/1", "image/png")


def get(content: Content, method: str = "GET", inline: bool = False, **headers: str) -> HttpResponseBase:
    """Ask with headers named in Python's way."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return send(RequestFactory().generic(method, "/", headers=named), content, inline=inline)


def body_of(response: HttpResponseBase) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response)


def test_the_whole_comes_with_its_hash_as_etag(kept: Content) -> None:
    response = get(kept)
    assert response.status_code == 200
    assert response.headers["ETag"] == f'"{SHA256}"'
    assert response.headers["Content-Length"] == str(len(BODY))
    assert response.headers["Accept-Ranges"] == "bytes"
    assert body_of(response) == BODY


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=1000-", 1000, 1024),
        ("bytes=1000-99999", 1000, 1024),
        ("bytes=-5", 1019, 1024),
        ("bytes=1023-1023", 1023, 1024),
    ],
)
def test_a_range_comes_as_206(kept: Content, asked: str, start: int, end: int) -> None:
    response = get(kept, Range=asked)
    assert response.status_code == 206
    assert response.headers["Content-Range"] == f"bytes {start}-{end - 1}/1024"
    assert response.headers["Content-Length"] == str(end - start)
    assert body_of(response) == BODY[start:end]


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_outside_is_416(kept: Content, asked: str) -> None:
    response = get(kept, Range=asked)
    assert response.status_code == 416
    assert response.headers["Content-Range"] == "bytes */1024"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-9", "lines=1-2", "bytes=9-3", "bytes=x", "bytes=-", "bytes=0-99999x"])
def test_a_range_that_is_none_of_ours_gets_the_whole(kept: Content, asked: str) -> None:
    response = get(kept, Range=asked)
    assert response.status_code == 200
    assert body_of(response) == BODY


def test_if_range_guards_against_splicing_two_files(kept: Content) -> None:
    assert get(kept, Range="bytes=0-9", If_Range=f'"{SHA256}"').status_code == 206
    for other in (f'"{"0" * 64}"', f'W/"{SHA256}"', "Tue, 24 Nov 2026 10:00:00 GMT"):
        assert get(kept, Range="bytes=0-9", If_Range=other).status_code == 200


def test_head_has_the_headers_and_no_body(kept: Content) -> None:
    response = get(kept, method="HEAD", Range="bytes=0-9")
    assert response.status_code == 206
    assert response.headers["Content-Length"] == "10"
    assert response.content == b""  # type: ignore[attr-defined]


def test_a_file_can_do_nothing_where_it_lands(kept: Content) -> None:
    for response in (get(kept), get(kept, Range="bytes=0-1"), get(kept, Range="bytes=9999-"), get(kept, inline=True)):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("content_type", "shown"),
    [("image/png", True), ("video/webm", True), ("image/svg+xml", False), ("text/html", False), ("application/pdf", False)],
)
def test_only_harmless_types_are_shown_inline(kept: Content, content_type: str, shown: bool) -> None:
    content = Content(kept.store, kept.key, kept.version_id, kept.size, kept.sha256, "AB/1", content_type)
    response = get(content, inline=True)
    assert response.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert response.headers["Content-Type"] == (content_type if shown else "application/octet-stream")
    assert get(content).headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("AB/1", "AB-1"),
        ("AB/1 redacted.pdf", "AB-1 redacted.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ('a"; filename="b', "a- filename-b"),
        ("a\r\nSet-Cookie: x", "a-Set-Cookie- x"),
        ("…", "file"),
    ],
)
def test_file_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_what_was_handed_out_is_counted_once(kept: Content) -> None:
    counts: list[int] = []
    response = send(RequestFactory().get("/", headers={"Range": "bytes=0-99"}), kept, counted=counts.append)
    assert counts == []
    assert body_of(response) == BODY[:100]
    assert counts == [100]


@pytest.mark.django_db  # closing a response ends the request, and Django then looks after its connections
def test_a_reader_who_hangs_up_is_counted(kept: Content) -> None:
    counts: list[int] = []
    response = send(RequestFactory().get("/"), kept, counted=counts.append)
    assert isinstance(response, StreamingHttpResponse)
    next(iter(response))
    response.close()
    assert len(counts) == 1
    assert counts[0] > 0


def test_a_missing_object_is_an_error_before_the_first_byte(kept: Content) -> None:
    gone = Content(kept.store, "0" * 32, kept.version_id, kept.size, kept.sha256, "AB/1")
    with pytest.raises(Missing):
        get(gone)


@pytest.fixture
def kept_in_folder(folder_store: Store) -> Callable[[], Content]:
    stored = folder_store.put(BODY)
    return lambda: Content(folder_store, stored.key, stored.version_id, len(BODY), SHA256, "AB/1")


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(first=st.integers(0, 2000), last=st.none() | st.integers(0, 3000))
def test_any_range_is_a_slice_or_refused(kept_in_folder: Callable[[], Content], first: int, last: int | None) -> None:
    response = get(kept_in_folder(), Range=f"bytes={first}-{'' if last is None else last}")
    if response.status_code == 416:
        assert first >= len(BODY)
    elif response.status_code == 206:
        assert body_of(response) == BODY[first : None if last is None else last + 1]
    else:
        assert body_of(response) == BODY
        assert first == 0 or (last is not None and last < first)
