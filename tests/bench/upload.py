"""Sending one file with `evidence-upload` to real S3, against `aws s3 cp` of the same file to the same store.

Ours is the whole way: site, token, log, signed parts, SHA-256 end to end. BENCH_OBJECT_MIB (4096) is the size, BENCH_RUNS (3)
how often each runs, in turn; BENCH_AWS the program `aws`, if it isn't in the PATH. Without `aws`, boto3's transfer, which it is
made of, stands in. Without a real S3 (tests/s3.py) nothing is measured.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import s3

ROOT = Path(__file__).parent.parent.parent
MIB = 1024 * 1024
Line = tuple[str, str, str, str, str]
SIZE = int(os.environ.get("BENCH_OBJECT_MIB") or 4096) * MIB
RUNS = int(os.environ.get("BENCH_RUNS") or 3)
ADDRESS = "http://localhost:8017"
_BOTO3 = """
import sys, boto3
endpoint, bucket, path = sys.argv[1:]
boto3.client("s3", endpoint_url=endpoint).upload_file(path, bucket, "theirs")
"""


def lines(folder: Path, environment: Mapping[str, str]) -> list[Line]:
    """The line of the table. `environment` is that of a web process on a migrated database."""
    if not s3.available():
        print("upload: not measured, there is no real S3 here")
        return []
    bench = _Bench(environment)
    with _source(folder) as source, bench.site(folder):
        ours: list[float] = []
        theirs: list[float] = []
        for number in range(RUNS):
            pair = [(theirs, bench.send_theirs), (ours, bench.send_ours)]
            for taken, send in pair if number % 2 else reversed(pair):
                taken.append(_seconds(send, source))
                bench.empty()
    print(f"upload: ours {[round(t, 1) for t in ours]} s, theirs {[round(t, 1) for t in theirs]} s")
    best, peer, mib = statistics.median(ours), statistics.median(theirs), SIZE // MIB
    return [
        (
            "upload: evidence-upload to S3",
            f"{mib} MiB",
            f"{mib / best:.0f} MiB/s",
            f"{mib / peer:.0f} MiB/s ({bench.peer})",
            f"{best / peer:.2f}×",
        )
    ]


def _seconds(send: Callable[[Path], None], source: Path) -> float:
    begin = time.perf_counter()
    send(source)
    return time.perf_counter() - begin


@contextmanager
def _source(folder: Path) -> Iterator[Path]:
    """The file to send; in memory where there is room, so that no disk is measured."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * SIZE
    with tempfile.TemporaryDirectory(dir=memory if roomy else folder) as inside:
        path = Path(inside) / "large.bin"
        with path.open("wb") as file:
            for _ in range(SIZE // MIB):
                file.write(os.urandom(MIB))
        yield path


class _Bench:
    """Two buckets, ours with object lock and theirs plain; a case, and a token for the command."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        from accounts import actions as accounts
        from tests.factories import make_case, make_user
        from vault.config import VaultConfig
        from vault.s3_bucket import ensure_bucket

        values = {**s3.server().settings(), "PUBLIC_URL": ADDRESS}
        ensure_bucket(VaultConfig.from_mapping(values))
        self.bucket, self.theirs, self.endpoint = values["S3_BUCKET"], f"{values['S3_BUCKET']}-theirs", values["S3_ENDPOINT_URL"]
        self.client = _client(values)
        self.client.create_bucket(Bucket=self.theirs)
        ours = {name: value for name, value in values.items() if name.startswith("S3_")}
        self.web = {**environment, **ours, "VAULT_BACKEND": "s3", "PUBLIC_URL": ADDRESS, "BIND": ADDRESS.removeprefix("http://")}
        self.aws = os.environ.get("BENCH_AWS") or shutil.which("aws")
        self.peer = "aws s3 cp" if self.aws else "boto3 upload_file"
        self.aws_environment = os.environ | {
            "AWS_ACCESS_KEY_ID": values["S3_ACCESS_KEY"],
            "AWS_SECRET_ACCESS_KEY": values["S3_SECRET_KEY"],
            "AWS_DEFAULT_REGION": values["S3_REGION"],
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.user = make_user("investigator")
        self.case = make_case(self.user)
        self.token = accounts.create_api_token(self.user, client="Bench", scopes=["uploads.write"], days=1)[1]

    @contextmanager
    def site(self, folder: Path) -> Iterator[None]:
        """The site as it runs in production."""
        given = [sys.executable, "-m", "gunicorn", "--config=config/gunicorn.py", "config.wsgi"]
        with (folder / "web.log").open("wb") as log:
            process = subprocess.Popen(given, cwd=ROOT, env=self.web, stdout=log, stderr=log)
            try:
                wait_for(f"{ADDRESS}/healthz", process)
                yield
            finally:
                process.terminate()
                process.wait()

    def send_ours(self, source: Path) -> None:
        """With the command, into a new exhibit."""
        from tests.factories import make_exhibit

        exhibit = make_exhibit(self.user, self.case)
        given = [
            sys.executable,
            "-m",
            "evidence_upload",
            "--within-marking",
            "--url",
            ADDRESS,
            "--exhibit",
            str(exhibit.pk),
            "--quiet",
            str(source),
        ]
        own = {"EVIDENCE_TOKEN": self.token, "PYTHONPATH": str(ROOT / "evidence-upload"), "PATH": os.environ["PATH"]}
        subprocess.run(given, check=True, env=own, stdout=subprocess.DEVNULL)

    def send_theirs(self, source: Path) -> None:
        """With `aws s3 cp`, as it comes."""
        given = [sys.executable, "-c", _BOTO3, self.endpoint, self.theirs, str(source)]
        if self.aws:
            options = ["--only-show-errors", "--endpoint-url", self.endpoint]
            given = [self.aws, "s3", "cp", *options, str(source), f"s3://{self.theirs}/theirs"]
        subprocess.run(given, check=True, env=self.aws_environment)

    def empty(self) -> None:
        """Remove what a run left: the store may be in memory. The key of the tests may bypass what the site's may not."""
        for bucket in (self.bucket, self.theirs):
            for row in self.client.list_object_versions(Bucket=bucket).get("Versions", []):
                where: Any = {"Bucket": bucket, "Key": row["Key"]}
                locked = bucket == self.bucket
                self.client.delete_object(
                    **where, **({"VersionId": row["VersionId"], "BypassGovernanceRetention": True} if locked else {})
                )


def _client(values: Mapping[str, str]) -> Any:
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=values["S3_ENDPOINT_URL"],
        region_name=values["S3_REGION"],
        aws_access_key_id=values["S3_ACCESS_KEY"],
        aws_secret_access_key=values["S3_SECRET_KEY"],
    )


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the site answers; RuntimeError if it ends first."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("the site did not start: see web.log") from None
            time.sleep(0.2)
    raise RuntimeError(f"{url} does not answer")
