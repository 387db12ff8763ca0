"""A real S3 server for the tests: the one that S3_TEST_ENDPOINT names, or a one-node Ceph started when first asked for.

Import this where a test needs S3: it tells `tests.optional` how to find out whether there is one.
"""

from __future__ import annotations

import atexit
import functools
import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests import optional

_SCRIPT = Path(__file__).parent.parent / ".ci" / "ceph"
_PROGRAMS = ("ceph", "ceph-mon", "ceph-mgr", "ceph-osd", "radosgw", "radosgw-admin")


@dataclass(frozen=True)
class S3Server:
    """Where it is, and a key that may do everything there."""

    endpoint: str
    access_key: str
    secret_key: str

    def settings(self, bucket: str | None = None) -> dict[str, str]:
        """Values for settings.VAULT, with a bucket name of its own unless one is given (it is not created here)."""
        return {
            "BACKEND": "s3",
            "S3_ENDPOINT_URL": self.endpoint,
            "S3_BUCKET": bucket or f"evidence-{secrets.token_hex(6)}",
            "S3_ACCESS_KEY": self.access_key,
            "S3_SECRET_KEY": self.secret_key,
            "S3_REGION": os.environ.get("S3_TEST_REGION", "us-east-1"),
        }


def available() -> bool:
    """Whether a server is named or can be started here."""
    return bool(os.environ.get("S3_TEST_ENDPOINT")) or all(shutil.which(program) for program in _PROGRAMS)


@functools.cache
def server() -> S3Server:
    """The server, started if need be and then stopped when Python ends."""
    if not os.environ.get("S3_TEST_ENDPOINT"):
        _start()
    return S3Server(
        os.environ["S3_TEST_ENDPOINT"],
        os.environ.get("S3_TEST_ACCESS_KEY", "tests"),
        os.environ.get("S3_TEST_SECRET_KEY", "tests-secret"),
    )


def _start() -> None:
    folder = tempfile.mkdtemp(prefix="evidence-ceph-")
    atexit.register(lambda: subprocess.run([_SCRIPT, "stop", folder], check=False))
    printed = subprocess.run([_SCRIPT, "start", folder], check=True, stdout=subprocess.PIPE, text=True, timeout=180).stdout
    for line in printed.splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        os.environ[name] = value


optional.register("s3", "no real S3 found (set S3_TEST_ENDPOINT, or install Ceph's radosgw)", available)
