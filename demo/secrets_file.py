"""Random secrets kept in one file of a folder, readable by its owner only."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path


def random_password() -> str:
    """A URL-safe password of 192 random bits."""
    return secrets.token_urlsafe(24)


class SecretsFile:
    """Named strings that are made once, then read for ever from ``path`` (mode 0600)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._values: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def get(self, name: str, make: Callable[[], str] = random_password) -> str:
        """The secret called ``name``; made by ``make`` and written down when it is asked for the first time."""
        if name not in self._values:
            self._values[name] = make()
            self._write()
        return self._values[name]

    def _write(self) -> None:
        temporary = self.path.with_suffix(".new")
        temporary.touch(mode=0o600)
        temporary.chmod(0o600)
        temporary.write_text(json.dumps(self._values, indent=1))
        temporary.replace(self.path)
