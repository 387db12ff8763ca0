"""What the command says while it works: lines for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any


class Report:
    """Progress and results. Results go to standard output; progress and errors to standard error, but with `as_json` all
    to standard output.
    """

    def __init__(self, files: int, size: int, *, as_json: bool, quiet: bool) -> None:
        self._files, self._size, self._json, self._quiet = files, size, as_json, quiet
        self._sent = self._done = self._failed = 0
        self._began = self._last = time.monotonic()
        self._lock = threading.Lock()
        self._terminal = sys.stderr.isatty() and not as_json
        self._every = 2.0 if as_json else 0.5 if self._terminal else 30.0

    def bytes(self, count: int) -> None:
        """So many more bytes are safely there."""
        with self._lock:
            self._sent += count
            now = time.monotonic()
            if now - self._last >= self._every:
                self._last = now
                self._progress(now)

    def sent(self, name: str, upload: dict[str, Any], sha256: str, kept: int) -> None:
        """A file is there whole; `kept` bytes of it had arrived before this run."""
        with self._lock:
            self._done += 1
            before = upload["state"] == "complete"
            values = {key: upload[key] for key in ("reference", "exhibit", "size")} | {"upload": upload["id"], "sha256": sha256}
            if self._json:
                self._say({"event": "sent", "file": name, "before": before, "kept": kept} | values)
            else:
                self._clear()
                print(f"{upload['reference']}  {sha256}  {name}{'  (sent before)' if before else ''}", flush=True)

    def failed(self, name: str, code: str, why: str) -> None:
        """A file was not sent."""
        with self._lock:
            self._failed += 1
            if self._json:
                self._say({"event": "failed", "file": name, "code": code, "error": why})
            else:
                self._clear()
                print(f"evidence-upload: {name}: {why}", file=sys.stderr, flush=True)

    def end(self, exit_code: int) -> None:
        """All that could be done is done."""
        seconds = time.monotonic() - self._began
        if self._json:
            counts = {"sent": self._done, "failed": self._failed, "files": self._files, "bytes": self._sent}
            self._say({"event": "end", "exit_code": exit_code, "seconds": round(seconds, 1)} | counts)
        elif not self._quiet:
            self._clear()
            print(f"{self._done} of {self._files} files sent, {_size(self._sent)} in {seconds:.0f} s", file=sys.stderr)

    def _progress(self, now: float) -> None:
        rate = self._sent / max(now - self._began, 0.001)
        if self._json:
            self._say({"event": "progress", "bytes": self._sent, "of": self._size, "files": self._done, "of_files": self._files})
        elif not self._quiet:
            left = (self._size - self._sent) / rate if rate else 0
            text = (
                f"{self._done} of {self._files} files, {_size(self._sent)} of {_size(self._size)}, {_size(rate)}/s, {_left(left)}"
            )
            print(f"\r\033[K{text}" if self._terminal else text, end="" if self._terminal else "\n", file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self._terminal and not self._quiet:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    @staticmethod
    def _say(value: dict[str, Any]) -> None:
        print(json.dumps(value), flush=True)


def _size(value: float) -> str:
    for unit in ("bytes", "KB", "MB", "GB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.2f} TB"


def _left(seconds: float) -> str:
    if seconds < 60:
        return "less than a minute left"
    return f"about {seconds / 60:.0f} min left" if seconds < 5400 else f"about {seconds / 3600:.0f} h left"
