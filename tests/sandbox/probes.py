"""What the tests make the sandbox do: each function runs inside, on purpose badly behaved."""

import ctypes
import os
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from sandbox import Refused
from sandbox.child import Inside


def echo(payload: dict[str, Any], inside: Inside) -> dict[str, Any]:
    return payload


def read(payload: dict[str, Any], inside: Inside) -> str:
    return inside.files["paper"].read_text()


def write(payload: dict[str, Any], inside: Inside) -> list[str]:
    (inside.output / "out.txt").write_text("written inside")
    return sorted(path.name for path in Path().iterdir())


def steps(payload: dict[str, Any], inside: Inside) -> None:
    for done in range(3):
        inside.progress(done, 3)


class TooFunny(Refused):
    pass


def decline(payload: dict[str, Any], inside: Inside) -> None:
    raise TooFunny("Not this one.")


def fail(payload: dict[str, Any], inside: Inside) -> None:
    raise ValueError("Mary Brown of 3 Tanner Street")


def environment(payload: dict[str, Any], inside: Inside) -> dict[str, str]:
    return dict(os.environ)


def connect(payload: dict[str, Any], inside: Inside) -> dict[str, str]:
    outcomes = {}
    for name in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET"):
        try:
            socket.socket(getattr(socket, name), socket.SOCK_RAW if name in ("AF_NETLINK", "AF_PACKET") else socket.SOCK_STREAM)
            outcomes[name] = "opened"
        except OSError as error:
            outcomes[name] = type(error).__name__
    return outcomes


def call(payload: dict[str, Any], inside: Inside) -> int:
    """The errno of a raw system call, 0 if it went through."""
    libc = ctypes.CDLL(None, use_errno=True)
    return 0 if libc.syscall(*payload["arguments"]) >= 0 else ctypes.get_errno()


def call_x32(payload: dict[str, Any], inside: Inside) -> None:
    ctypes.CDLL(None).syscall(0x40000000 | 39)


def signal_parent(payload: dict[str, Any], inside: Inside) -> str:
    try:
        os.kill(os.getppid(), 0)
    except PermissionError:
        return "refused"
    return "reached"


def fork_forever(payload: dict[str, Any], inside: Inside) -> int:
    while True:
        os.fork()


def fork_once(payload: dict[str, Any], inside: Inside) -> str:
    try:
        os.fork()
    except PermissionError:
        return "refused"
    return "forked"


def start_program(payload: dict[str, Any], inside: Inside) -> str:
    return str(subprocess.run(["/bin/echo", "hello"], capture_output=True, text=True, check=True).stdout)


def leave_group(payload: dict[str, Any], inside: Inside) -> str:
    """A grandchild that would outlive the run if it weren't killed with the group."""
    subprocess.Popen(["/bin/sleep", payload["seconds"]], start_new_session=False)
    try:
        os.setsid()
    except PermissionError:
        return "stayed"
    return "left"


def use_thread(payload: dict[str, Any], inside: Inside) -> list[int]:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(1))
    thread.start()
    thread.join()
    return found


def fill_disk(payload: dict[str, Any], inside: Inside) -> None:
    with (inside.output / "big").open("wb") as file:
        while True:
            file.write(bytes(1 << 20))


def fill_memory(payload: dict[str, Any], inside: Inside) -> int:
    kept = []
    while True:
        kept.append(bytearray(64 << 20))


def answer_forever(payload: dict[str, Any], inside: Inside) -> str:
    return "x" * int(payload["size"])


def sleep(payload: dict[str, Any], inside: Inside) -> None:
    time.sleep(60)


def spin(payload: dict[str, Any], inside: Inside) -> None:
    while True:
        pass


def segfault(payload: dict[str, Any], inside: Inside) -> None:
    ctypes.string_at(0)


def abort(payload: dict[str, Any], inside: Inside) -> None:
    os.abort()


def leave(payload: dict[str, Any], inside: Inside) -> None:
    os._exit(3)


def recurse(payload: dict[str, Any], inside: Inside) -> Any:
    return recurse(payload, inside)


def use_libraries(payload: dict[str, Any], inside: Inside) -> list[int]:
    import numpy as np
    import pypdfium2 as pdfium
    from PIL import Image

    document = pdfium.PdfDocument.new()
    document.new_page(595, 842)
    picture = Image.fromarray(np.zeros((2339, 1654, 3), dtype="uint8"))
    return [len(document), *picture.size]
