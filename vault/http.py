"""Sending stored bytes to a browser: whole or one range (RFC 9110), as a file that can do nothing in the page it lands
in.

Who may read, and the event that says so, come before: this module only sends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from vault.protocol import Store

# What a browser shows without running anything in it. All else is a download, PDF too: its viewer doesn't work
# sandboxed.
INLINE_TYPES = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "video/mp4",
        "video/webm",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/wav",
        "text/plain; charset=utf-8",
    }
)
_RANGE = re.compile(r"bytes=(?:(\d{1,19})-(\d{0,19})|-(\d{1,19}))\Z")
_UNSAFE = re.compile(r"[^A-Za-z0-9._() -]+")


@dataclass(frozen=True)
class Content:
    """One stored version as it is to be sent. `file_name` comes from an exhibit's reference, never from the original
    file.
    """

    store: Store
    key: str
    version_id: str
    size: int
    sha256: str
    file_name: str
    content_type: str = "application/octet-stream"


def send(
    request: HttpRequest,
    content: Content,
    *,
    inline: bool = False,
    counted: Callable[[int], None] | None = None,
) -> HttpResponseBase:
    """200, 206 or 416 for a GET or HEAD of `content`; `inline` is honoured for INLINE_TYPES only.

    `counted` is called once, at the end or when the reader hangs up, with the number of bytes that were handed out.
    Raises what Store.read raises before the first byte; later failures break the connection, so that a short copy can't
    pass for a whole one.
    """
    start, end = _wanted(request, content)
    if start < 0:
        refused = HttpResponse(status=416, headers={"Content-Range": f"bytes */{content.size}"})
        return guard(refused, content, inline=False)
    partial = (start, end) != (0, content.size)
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse()
    else:
        pieces = content.store.read(content.key, content.version_id, start, end)
        response = StreamingHttpResponse(_counting(pieces, counted))
    response.status_code = 206 if partial else 200
    if partial:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{content.size}"
    response.headers["Content-Length"] = str(end - start)
    return guard(response, content, inline=inline)


def safe_name(name: str) -> str:
    """`name` with only what every file system and header takes: `AB/1` becomes `AB-1`."""
    cleaned = _UNSAFE.sub("-", name).strip(" .-")
    return cleaned[:120] or "file"


def _wanted(request: HttpRequest, content: Content) -> tuple[int, int]:
    """First byte and the one after the last; (-1, -1) for a range that lies outside."""
    whole = (0, content.size)
    asked = request.headers.get("Range", "")
    # A range under another validator than ours would splice two files. Several ranges at once may be answered with the
    # whole.
    if not asked or request.headers.get("If-Range", _etag(content)) != _etag(content):
        return whole
    match = _RANGE.match(asked.strip())
    if not match:
        return whole
    first, last, suffix = match.groups()
    if suffix is not None:
        length = min(int(suffix), content.size)
        return (content.size - length, content.size) if length else (-1, -1)
    start = int(first)
    if last and int(last) < start:
        return whole
    if start >= content.size:
        return (-1, -1)
    return start, min(int(last) + 1, content.size) if last else content.size


def _etag(content: Content) -> str:
    return f'"{content.sha256}"'


def guard(response: HttpResponseBase, content: Content, *, inline: bool) -> HttpResponseBase:
    """Give a response the headers under which stored bytes are sent."""
    shown = inline and content.content_type in INLINE_TYPES
    disposition = content_disposition_header(not shown, safe_name(content.file_name))
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": _etag(content),
        "Content-Type": content.content_type if shown else "application/octet-stream",
        "Content-Disposition": disposition or "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
    }
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _counting(pieces: Iterator[bytes], counted: Callable[[int], None] | None) -> Iterator[bytes]:
    sent = 0
    try:
        for piece in pieces:
            # Counted before it is handed out: a reader who hangs up has it.
            sent += len(piece)
            yield piece
    finally:
        if counted:
            counted(sent)
