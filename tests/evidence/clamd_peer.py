"""A daemon that speaks ClamAV's protocol over TCP or a Unix socket and holds it strictly, with one signature: EICAR's."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The test file that every scanner knows, in two halves so that no scanner minds this one
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VERSION = "ClamAV 1.4.2/27500/Fri Oct  2 08:00:00 2026"


class Peer:
    """What it was sent, and how it is to behave."""

    def __init__(self, listener: socket.socket, address: str, longest: int) -> None:
        self.listener, self.address, self.longest = listener, address, longest
        self.received: list[bytes] = []
        self.faults: list[str] = []
        self.breaks_off = False
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as file:
                try:
                    self._answer(connection, file)
                except (OSError, struct.error) as error:
                    self.faults.append(repr(error))

    def _answer(self, connection: socket.socket, file: object) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += file.read(1)  # type: ignore[attr-defined]
        if command == b"zVERSION\0":
            connection.sendall(VERSION.encode() + b"\0")
        elif command == b"zINSTREAM\0":
            connection.sendall(self._scan(file))
        else:
            self.faults.append(f"unknown command {command!r}")
            connection.sendall(b"UNKNOWN COMMAND\0")

    def _scan(self, file: object) -> bytes:
        stream = b""
        while True:
            (length,) = struct.unpack("!I", file.read(4))  # type: ignore[attr-defined]
            if length == 0:
                break
            piece = file.read(length)  # type: ignore[attr-defined]
            if len(piece) != length:
                self.faults.append("a piece was shorter than it said")
            stream += piece
            if len(stream) > self.longest:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.received.append(stream)
        if self.breaks_off:
            return b"stre"
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in stream else b"stream: OK\0"


@contextmanager
def listening(folder: Path | None = None, *, longest: int = 25 << 20) -> Iterator[Peer]:
    """Serve on a Unix socket in `folder`, or on a free TCP port."""
    if folder is None:
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    else:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(folder / "clamd"))
        listener.listen()
        address = f"unix:{folder / 'clamd'}"
    try:
        yield Peer(listener, address, longest)
    finally:
        listener.close()
