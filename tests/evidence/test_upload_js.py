"""The browser's side of an upload, by Node's own test runner; a browser walks it whole in tests/e2e."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.optional import requires

pytestmark = requires("node", "static")
HERE = Path(__file__).parent


def test_the_uploads_own_tests_pass() -> None:
    ended = subprocess.run(
        ["node", "--test", "--test-reporter=spec", str(HERE / "upload.test.mjs")],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
