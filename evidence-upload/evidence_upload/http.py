"""Requests over connections that are kept and made again when they break; waiting longer each time where nobody answers."""

from __future__ import annotations

import http.client
import json
import random
import ssl
import threading
import time
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from evidence_upload import __version__
from evidence_upload.errors import BadUsage, NotAllowed, NotReached, Refused

TIMEOUT = 120  # seconds without a byte
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_BROKEN = (OSError, http.client.HTTPException)


class Broken(Exception):
    """A request that may succeed later: the line broke, or the answer was 5xx or 429. `text` says what was seen."""


class Patience:
    """How long to go on trying. It begins anew with every success, so that only a silence that long ends the command."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last_good = time.monotonic()

    def good(self) -> None:
        """Somebody answered."""
        self._last_good = time.monotonic()

    def wait(self, tries: int, error: Broken) -> None:
        """Wait before try number `tries` + 1. NotReached once it has been too long."""
        pause = min(FIRST_WAIT * 2**tries, LONGEST_WAIT) * random.uniform(0.7, 1.0)  # noqa: S311 (so that not all come back at once)
        silent = time.monotonic() - self._last_good
        if silent + pause > self._seconds:
            raise NotReached(f"{error}. What has arrived is kept: run the same command again to go on")
        time.sleep(pause)


class Connections:
    """One connection for each thread and host."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._tls = ssl.create_default_context()

    def request(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body of one request. Broken if there is no answer."""
        where = urlsplit(url)
        origin, path = f"{where.scheme}://{where.netloc}", where.path + (f"?{where.query}" if where.query else "")
        kept: dict[str, http.client.HTTPConnection] = self._local.__dict__.setdefault("kept", {})
        why: Exception | None = None
        # A kept connection may have been closed by the other side meanwhile: then a new one is tried at once
        for connection in filter(None, (kept.pop(origin, None), self._open(where.scheme, where.netloc))):
            try:
                connection.request(method, path, body, dict(headers))
                answer = connection.getresponse()
                text = answer.read()
            except _BROKEN as error:
                connection.close()
                why = error
                continue
            if not answer.will_close:
                kept[origin] = connection
            return answer.status, text
        raise Broken(f"{origin} cannot be reached ({why or type(why).__name__})") from why

    def _open(self, scheme: str, netloc: str) -> http.client.HTTPConnection:
        if scheme != "https":
            return http.client.HTTPConnection(netloc, timeout=TIMEOUT)
        proxy = urllib.request.getproxies().get("https")
        if not proxy or urllib.request.proxy_bypass(netloc):
            return http.client.HTTPSConnection(netloc, timeout=TIMEOUT, context=self._tls)
        through = http.client.HTTPSConnection(urlsplit(proxy).netloc or proxy, timeout=TIMEOUT, context=self._tls)
        through.set_tunnel(netloc)
        return through


class Site:
    """The evidence site's API, with a token."""

    def __init__(self, url: str, token: str, patience: Patience) -> None:
        where = urlsplit(url)
        if where.scheme not in ("http", "https") or not where.hostname:
            raise BadUsage(f"{url} is no address: give one that begins with https://")
        if where.scheme == "http" and where.hostname not in _LOOPBACK:
            raise BadUsage("a token is sent over https only: give an address that begins with https://")
        self._url, self._token, self.patience = url.rstrip("/"), token, patience
        self._connections = Connections()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON answer to a POST, tried again while nobody answers. Refused, NotAllowed, NotReached."""
        headers = {
            "Authorization": f"Token {self._token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": f"evidence-upload/{__version__}",
        }
        data = json.dumps(body).encode()
        for tries in range(1_000_000):
            try:
                status, text = self._connections.request("POST", f"{self._url}/api/{path}", data, headers)
                if status >= 500 or status == 429:
                    raise Broken(_sentence(text) or f"the site answers with an error ({status})")
            except Broken as error:
                self.patience.wait(tries, error)
                continue
            self.patience.good()
            return _checked(status, text)
        raise AssertionError

    def put(self, signed: Mapping[str, Any], body: bytes) -> None:
        """PUT a part to where its signed address leads. Broken if it did not arrive: sign it again, and send it again."""
        status, text = self._connections.request("PUT", signed["url"], body, signed["headers"])
        if not 200 <= status < 300:
            raise Broken(f"{urlsplit(signed['url']).netloc} did not take a part ({_sentence(text) or status})")
        self.patience.good()


def _checked(status: int, text: bytes) -> Any:
    if status in (401, 403):
        raise NotAllowed(_sentence(text) or "the token was refused")
    if status == 404:
        raise Refused("there is no such exhibit or batch, or the token's owner is not on its case")
    if not 200 <= status < 300:
        raise Refused(_sentence(text) or f"the site answers {status}: is the address right?")
    return json.loads(text) if text else None


def _sentence(text: bytes) -> str:
    """The first sentence of an error's JSON; nothing if it is none."""
    try:
        told = json.loads(text)
    except ValueError:
        return ""
    values = list(told.values()) if isinstance(told, dict) else []
    while values:
        value = values.pop(0)
        if isinstance(value, str):
            return value
        values = [*(value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()), *values]
    return ""
