"""The process inside: bounds itself first, then calls the one function that it was started for.

Started by `sandbox.run` as `python -m sandbox.child FD`; the request is JSON on standard input, the answer is JSON
lines on file descriptor FD: any number of {"progress": [done, total]}, then one of value, refused or failed.
"""

import errno
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from sandbox import filter as syscalls
from sandbox import limits
from sandbox.errors import FilterUnavailable, Refused


@dataclass(frozen=True, slots=True)
class Inside:
    """What a function is given besides its payload: files to read, a folder to write to, a way to report."""

    files: dict[str, Path]
    output: Path
    progress: Callable[[int, int], None]


def main() -> None:
    """Read the request, set the bounds, run, answer."""
    reply_fd = int(sys.argv[1])
    os.set_inheritable(reply_fd, False)
    request = json.load(sys.stdin)
    with os.fdopen(reply_fd, "w", encoding="utf-8") as reply:
        answer = _answer(request, reply)
        reply.write(json.dumps(answer) + "\n")
        reply.flush()
        # Interpreter shutdown runs destructors of whatever parsed the file; the answer is out, so don't.
        os._exit(0)


def _answer(request: dict[str, Any], reply: TextIO) -> dict[str, Any]:
    try:
        _bound(request)
        module, _, name = request["function"].partition(":")
        function = getattr(importlib.import_module(module), name)
        return {"value": function(request["payload"], _inside(request, reply))}
    except Refused as refusal:
        return {"refused": refusal.reason, "message": str(refusal)}
    except BaseException as error:  # whatever a parser throws at a bad file must come back as an answer
        name, message = _failure(error)
        return {"failed": name, "message": message}


def _bound(request: dict[str, Any]) -> None:
    limits.apply(limits.Limits(**request["limits"]))
    if request["filter"]:
        syscalls.set_filter(request["limits"]["processes"])


def _failure(error: BaseException) -> tuple[str, str]:
    if isinstance(error, FilterUnavailable):
        return "FilterUnavailable", str(error)
    if isinstance(error, MemoryError):
        return "OutOfMemory", "The file needs more memory than is allowed."
    if isinstance(error, RecursionError):
        return "Crashed", "The file is nested too deeply."
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return "OutputTooLarge", "The result is larger than is allowed."
    return "Crashed", _where(error)


def _inside(request: dict[str, Any], reply: TextIO) -> Inside:
    def progress(done: int, total: int) -> None:
        reply.write(json.dumps({"progress": [done, total]}) + "\n")
        reply.flush()

    files = {name: Path(f"/proc/self/fd/{fd}") for name, fd in request["files"].items()}
    return Inside(files, Path(request["output"]), progress)


def _where(error: BaseException) -> str:
    """Type and place of an error, never its message: that may quote the file."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


if __name__ == "__main__":
    main()
