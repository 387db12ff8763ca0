"""The outside: starts the process, listens to it, ends it."""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from sandbox import errors
from sandbox.limits import Limits

_ROOT = Path(__file__).resolve().parent.parent
_FAILURES: dict[str, type[errors.SandboxError]] = {
    "OutOfMemory": errors.OutOfMemory,
    "OutputTooLarge": errors.OutputTooLarge,
    "FilterUnavailable": errors.FilterUnavailable,
    "Crashed": errors.Crashed,
}


def run(
    function: str,
    payload: Mapping[str, Any],
    *,
    files: Mapping[str, Path | int] | None = None,
    output: Path | None = None,
    limits: Limits | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Any:
    """Call `function` ("package.module:name") with `payload` in a fresh, bounded process and return its JSON value.

    The function is called as `name(payload, inside)`, see `sandbox.child.Inside`. `files` are paths or open file
    descriptors, readable inside under their names; `output` is a folder of the caller that the function may fill.
    Raises Refused, TimedOut, OutOfMemory, OutputTooLarge, Crashed or FilterUnavailable; the caller always lives.
    """
    bounds = limits or Limits()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sandbox-"))
        handles = {name: _descriptor(file, stack) for name, file in (files or {}).items()}
        request = {
            "function": function,
            "payload": dict(payload),
            "files": handles,
            "output": str(output.resolve() if output else folder),
            "limits": bounds.as_data(),
            "filter": os.environ.get("SANDBOX_WITHOUT_FILTER") != "1",
        }
        process, reply_fd = _start(request, folder, list(handles.values()), stack)
        return _listen(process, reply_fd, bounds, on_progress)


def _descriptor(file: Path | int, stack: ExitStack) -> int:
    if isinstance(file, int):
        return file
    fd = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    stack.callback(os.close, fd)
    return fd


def _start(request: dict[str, Any], folder: str, handles: list[int], stack: ExitStack) -> tuple[subprocess.Popen[bytes], int]:
    question_fd = os.memfd_create("request", os.MFD_CLOEXEC)
    stack.callback(os.close, question_fd)
    with os.fdopen(question_fd, "wb", closefd=False) as question:
        question.write(json.dumps(request).encode())
        question.flush()
        question.seek(0)
    reply_fd, write_fd = os.pipe()
    stack.callback(os.close, reply_fd)
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", "sandbox.child", str(write_fd)],
            stdin=question_fd,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            pass_fds=[write_fd, *handles],
            start_new_session=True,
        )
    finally:
        os.close(write_fd)
    stack.callback(_end, process)
    return process, reply_fd


def _environment(folder: str) -> dict[str, str]:
    """Only where programs find their libraries and data: the rest of the caller's environment holds passwords."""
    found = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "TESSDATA_PREFIX") if name in os.environ}
    return found | {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        # Thread pools of numpy and tesseract would count as processes and buy nothing on one page.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",
    }


def _listen(
    process: subprocess.Popen[bytes],
    reply_fd: int,
    limits: Limits,
    on_progress: Callable[[int, int], None] | None,
) -> Any:
    deadline = time.monotonic() + limits.wall_seconds
    pending, received = bytearray(), 0
    with selectors.DefaultSelector() as selector:
        selector.register(reply_fd, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise errors.TimedOut(f"The file took longer than {limits.wall_seconds:g} seconds.")
            if not selector.select(left):
                continue
            chunk = os.read(reply_fd, 1 << 20)
            if not chunk:
                raise _death(process, limits)
            received += len(chunk)
            if received > limits.reply_bytes:
                raise errors.OutputTooLarge("The answer is larger than is allowed.")
            pending += chunk
            while (end := pending.find(b"\n")) >= 0:
                line = bytes(pending[:end])
                del pending[: end + 1]
                message = _message(line)
                if "progress" not in message:
                    return _value(message)
                if on_progress:
                    on_progress(int(message["progress"][0]), int(message["progress"][1]))


def _message(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise errors.Crashed("The process answered something that is not an answer.")
    return message


def _value(message: dict[str, Any]) -> Any:
    if "value" in message:
        return message["value"]
    sentence = str(message.get("message", ""))
    if "refused" in message:
        raise errors.Refused(sentence, str(message["refused"]))
    raise _FAILURES.get(str(message.get("failed")), errors.Crashed)(sentence)


def _death(process: subprocess.Popen[bytes], limits: Limits) -> errors.SandboxError:
    """The pipe closed without an answer: say why from how the process ended."""
    try:
        code = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return errors.Crashed("The process closed its answer and went on.")
    if code == -signal.SIGXCPU or (code == -signal.SIGKILL and limits.cpu_seconds < limits.wall_seconds):
        return errors.TimedOut(f"The file took longer than {limits.cpu_seconds} seconds of processor time.")
    if code < 0:
        return errors.Crashed(f"The process was ended by {signal.Signals(-code).name}.")
    return errors.Crashed(f"The process ended with code {code} and no answer.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole group. Nothing inside can leave it: the filter refuses setsid and setpgid."""
    with suppress(ProcessLookupError):  # the group may be empty already
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
