"""A proxy between us and a real store that does to answers and requests what networks and failing stores do.

    with FaultyProxy(server.endpoint) as proxy:
        proxy.fault("reset", times=1, method="GET")

The Host header goes on as it came, so that signatures hold.
"""

from __future__ import annotations

import http.client
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

SERVICE_UNAVAILABLE = b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code></Error>'
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass
class Fault:
    """What is done, to how many requests of which method, larger than how many bytes, and what was hit.

    503: answered so, the store not asked. slow: the body trickles. truncated: the body ends in the middle. flip: a bit of the
    answer's body is turned. reset: the connection breaks in the middle of the body. lost: the store does it, the answer
    is lost. flip_request, cut_request: the same of the request's body. silent: no answer for `seconds`.
    """

    kind: str
    times: int
    method: str
    path: str
    seconds: float
    hits: list[str] = field(default_factory=list)


class FaultyProxy:
    """Listens on a free port of the loopback address."""

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream).netloc
        self.faults: list[Fault] = []
        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def endpoint(self) -> str:
        """Where to send requests instead."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fault(self, kind: str, *, times: int = 10**9, method: str = "GET", path: str = "", seconds: float = 0.01) -> Fault:
        """Do this to the next `times` requests of `method` whose address contains `path`."""
        made = Fault(kind, times, method, path, seconds)
        with self.lock:
            self.faults.append(made)
        return made

    def clear(self) -> None:
        """From now on nothing goes wrong."""
        with self.lock:
            self.faults.clear()

    def due(self, method: str, path: str) -> Fault | None:
        """The fault for this request, if there is one."""
        with self.lock:
            for fault in self.faults:
                if fault.method == method and fault.path in path and len(fault.hits) < fault.times:
                    fault.hits.append(path)
                    return fault
        return None

    def __enter__(self) -> FaultyProxy:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(proxy: FaultyProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (ConnectionError, OSError):
                self.close_connection = True

        def _do(self) -> None:
            fault = proxy.due(self.command, self.path)
            kind = fault.kind if fault else ""
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Expect"):
                self.close_connection = True
            if kind == "503":
                self._send(503, {"Content-Type": "application/xml"}, SERVICE_UNAVAILABLE, "")
                return
            if kind == "flip_request":
                body = _flipped(body)
            if kind == "cut_request":
                _half_a_request(proxy.upstream, self, body)
                self._break_off()
                return
            status, headers, answer = _ask(proxy.upstream, self, body)
            if kind == "silent" and fault is not None:
                time.sleep(fault.seconds)
            if kind in {"lost", "silent"}:
                self._break_off()
                return
            self._send(status, headers, answer, kind, fault.seconds if fault else 0)

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = _do

        def _send(self, status: int, headers: dict[str, str], body: bytes, kind: str, seconds: float = 0) -> None:
            if kind == "flip":
                body = _flipped(body)
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if self.command != "HEAD":
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if kind in {"truncated", "reset"}:
                self.wfile.write(body[: len(body) // 2])
                self._break_off(politely=kind == "truncated")
            elif kind == "slow":
                for start in range(0, len(body), 64 * 1024):
                    self.wfile.write(body[start : start + 64 * 1024])
                    time.sleep(seconds)
            else:
                self.wfile.write(body)

        def _break_off(self, *, politely: bool = False) -> None:
            self.close_connection = True
            if not politely:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close() if not politely else self.connection.shutdown(socket.SHUT_RDWR)

    return Handler


def _flipped(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 0x10]) + body[middle + 1 :] if body else body


def _sent(handler: BaseHTTPRequestHandler) -> dict[str, str]:
    return {name: value for name, value in handler.headers.items() if name.lower() not in {"connection", "expect"}}


def _ask(upstream: str, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(upstream, timeout=60)
    connection.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
    for name, value in _sent(handler).items():
        connection.putheader(name, value)
    connection.endheaders(body or None)
    answer = connection.getresponse()
    data = answer.read()
    headers = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP}
    if handler.command == "HEAD" and (length := answer.getheader("Content-Length")):
        headers["Content-Length"] = length
    connection.close()
    return answer.status, headers, data


def _half_a_request(upstream: str, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    connection = http.client.HTTPConnection(upstream, timeout=60)
    connection.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
    for name, value in _sent(handler).items():
        connection.putheader(name, value)
    connection.endheaders(body[: len(body) // 2])
    connection.close()
