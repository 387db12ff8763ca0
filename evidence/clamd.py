"""A client of ClamAV's daemon: its INSTREAM command over TCP or a Unix socket (man clamd, section COMMANDS).

Bytes are handed over as they come and kept nowhere here.
"""

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_SECONDS = 300  # the daemon says nothing while it looks into what it has been given
_LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """The daemon can't be reached, or breaks off; trying again later is safe."""


@dataclass(frozen=True)
class Answer:
    """What the daemon said. `signature` is the name of what was found; `refused` why it would not look."""

    engine: str
    signature: str = ""
    refused: str = ""


def scan(address: str, pieces: Iterable[bytes]) -> Answer:
    """Have `pieces` looked at by the daemon at `address` (`tcp://host:port` or `unix:/path`). Raises ScannerAway, and what
    reading the pieces raises.
    """
    try:
        return Answer(_ask_version(address), *_stream(address, pieces))
    except OSError as error:
        raise ScannerAway(f"The malware scanner can't be reached ({type(error).__name__})") from error


def _ask_version(address: str) -> str:
    with _connect(address) as connection:
        connection.sendall(b"zVERSION\0")
        return _read(connection)[:120]


def _stream(address: str, pieces: Iterable[bytes]) -> tuple[str, str]:
    with _connect(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        try:
            for piece in pieces:
                if piece:  # a length of nothing is the end
                    connection.sendall(struct.pack("!I", len(piece)) + piece)
            connection.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It says why before it closes, for example that the stream is longer than it takes
            pass
        return _understand(_read(connection))


def _understand(answer: str) -> tuple[str, str]:
    """Signature and refusal, one of which may be set. ScannerAway for an answer that says nothing of the file."""
    if answer == "stream: OK":
        return "", ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")[:200], ""
    if "size limit exceeded" in answer:
        return "", "It is larger than the malware scanner takes"
    raise ScannerAway("The malware scanner did not answer what it was asked")


def _connect(address: str) -> socket.socket:
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_SECONDS)
        try:
            connection.connect(address.removeprefix("unix:"))
        except OSError:
            connection.close()
            raise
        return connection
    parts = urlsplit(address)
    connection = socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=10)
    connection.settimeout(_SECONDS)
    return connection


def _read(connection: socket.socket) -> str:
    """One answer, up to its NUL. ScannerAway if it never ends."""
    answer = b""
    while b"\0" not in answer:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece or len(answer) > _LONGEST_ANSWER:
            raise ScannerAway("The malware scanner broke off")
        answer += piece
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()
