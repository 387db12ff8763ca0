"""What some tests need and a machine may lack: `pytestmark = requires("chromium")`.

A test without its need is left out, the end of the run says which and why, and with ``CI=true`` or ``NO_SKIPS=1`` the
run then fails.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

Finder = Callable[[], bool]


def chromium_path() -> str | None:
    """Debian's Chromium, Chrome, or the one that Playwright downloaded; None when there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    default = Path(os.environ.get("HOME", "/nonexistent")) / ".cache" / "ms-playwright"
    browsers = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", default))
    downloaded = sorted(browsers.glob("chromium-*/chrome-linux*/chrome"))
    return str(downloaded[-1]) if downloaded else None


def s3_endpoint() -> str | None:
    """The address of a real S3 server to test against, from ``S3_TEST_ENDPOINT``."""
    return os.environ.get("S3_TEST_ENDPOINT") or None


def _built() -> bool:
    return (Path(__file__).parent.parent / "static" / "build").is_dir()


_NEEDS: dict[str, tuple[str, Finder]] = {
    "chromium": ("no Chromium found (Debian's chromium, or Playwright's own)", lambda: chromium_path() is not None),
    "tesseract": ("the program tesseract is not installed", lambda: shutil.which("tesseract") is not None),
    "s3": ("no real S3 found (set S3_TEST_ENDPOINT, or install Ceph's radosgw)", lambda: s3_endpoint() is not None),
    "ffmpeg": ("the program ffmpeg is not installed", lambda: shutil.which("ffmpeg") is not None),
    "node": ("Node.js is not installed", lambda: shutil.which("node") is not None),
    "static": ("the pages' styles and scripts are not built (npm ci && npm run build)", _built),
}


def register(name: str, missing: str, find: Finder) -> None:
    """Add or replace a need: ``find()`` says whether it is here, ``missing`` what to say when it isn't."""
    _NEEDS[name] = (missing, find)
    _is_here.cache_clear()


@functools.cache
def _is_here(name: str) -> bool:
    return _NEEDS[name][1]()


def missing(name: str) -> str | None:
    """Why ``name`` is not here, or None when it is. An unknown name is an error."""
    return None if _is_here(name) else _NEEDS[name][0]


def requires(*names: str) -> pytest.MarkDecorator:
    """Mark a test, class or module (`pytestmark =`) that needs all of ``names``."""
    for name in names:
        if name not in _NEEDS:
            raise ValueError(f"unknown need {name!r}; tests/optional.py has {', '.join(sorted(_NEEDS))}")
    return pytest.mark.requires(*names)
