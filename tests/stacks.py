"""Folders of a whole stack (`demo.stack`) whose database is migrated already, for tests that are about something else."""

from __future__ import annotations

import atexit
import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

from demo.stack import Stack


@functools.cache
def _migrated() -> Path:
    """One for all tests of this run: a database without people, static files collected, nothing running."""
    folder = Path(tempfile.mkdtemp(prefix="evidence-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Stack(folder, durable=False, servers=()):
        pass
    return folder


def copy_migrated(folder: Path) -> None:
    """Put a copy into an empty folder, secrets included. PostgreSQL's files stay its account's."""
    subprocess.run(["cp", "-a", f"{_migrated()}/.", folder], check=True)
