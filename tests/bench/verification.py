"""Verification on real S3, against the plain way to do it by hand: `aws s3 cp` or `aws s3 sync`, then `sha256sum`.

BENCH_OBJECT_MIB (4096) and BENCH_OBJECTS (5000) set the sizes; BENCH_AWS the program `aws`, if it isn't in the PATH. Without a
real S3 (tests/s3.py) nothing is measured; without `aws`, boto3's own transfer stands in for it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import s3

MIB = 1024 * 1024
Line = tuple[str, str, str, str, str]
OBJECT = int(os.environ.get("BENCH_OBJECT_MIB") or 4096) * MIB
OBJECTS = int(os.environ.get("BENCH_OBJECTS") or 5000)
SMALL = 100_000
WORKERS = 2
LIMIT_MIB = 150


def lines(folder: Path, environment: Mapping[str, str]) -> list[Line]:
    """Both lines of the table. `environment` is that of a worker on a migrated database."""
    if not s3.available():
        print("verification: not measured, there is no real S3 here")
        return []
    return [_Bench(folder, environment).one_large(), _Bench(folder, environment).many_small()]


class _Bench:
    """A new bucket with object lock, and settings that name it, here and in what is started from here."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        from django.conf import settings

        from tests.factories import make_case, make_user
        from vault.config import VaultConfig
        from vault.s3_bucket import ensure_bucket

        values = {**s3.server().settings(), "PUBLIC_URL": "http://localhost:8000"}
        ensure_bucket(VaultConfig.from_mapping(values))
        settings.VAULT = {**settings.VAULT, **values}
        ours = {name: value for name, value in values.items() if name.startswith("S3_")}
        self.environment = {**os.environ, **environment, **ours, "VAULT_BACKEND": "s3"}
        self.folder, self.bucket, self.endpoint = folder, values["S3_BUCKET"], values["S3_ENDPOINT_URL"]
        self.aws = os.environ.get("BENCH_AWS") or shutil.which("aws")
        self.aws_environment = os.environ | {
            "AWS_ACCESS_KEY_ID": values["S3_ACCESS_KEY"],
            "AWS_SECRET_ACCESS_KEY": values["S3_SECRET_KEY"],
            "AWS_DEFAULT_REGION": values["S3_REGION"],
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.user = make_user("investigator")
        self.case = make_case(self.user)

    # One large object: by a worker, whose processes tell how much memory they had at most

    def one_large(self) -> Line:
        """From the moment a worker took it to its result."""
        from evidence import actions
        from jobs.models import Job
        from tests.factories import make_exhibit

        source = self.folder / "large"
        with source.open("wb") as file:
            for _ in range(OBJECT // MIB):
                file.write(os.urandom(MIB))
        blob = actions.receive_bytes(self.user, make_exhibit(self.user, self.case), source, "large")
        source.unlink()
        job = Job.objects.get(object_id=blob.pk)
        with self._workers(1) as worker:
            while Job.objects.filter(pk=job.pk, state__in=Job.ACTIVE).exists():
                time.sleep(0.1)
            memory = max(_most_mib(pid) for pid in _family(worker.pid))
        job.refresh_from_db()
        blob.refresh_from_db()
        if blob.state != "verified" or job.finished_at is None or job.started_at is None:
            raise RuntimeError(f"the object was not verified: {blob.state}")
        ours = (job.finished_at - job.started_at).total_seconds()
        begin = time.perf_counter()
        printed = subprocess.run(
            ["bash", "-o", "pipefail", "-c", f"{self._stream(blob.key)} | sha256sum"],
            env=self.aws_environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
        theirs = time.perf_counter() - begin
        if printed.split()[0] != blob.sha256:
            raise RuntimeError("the peer read something else")
        mib = OBJECT // MIB
        return (
            f"verify one object on S3; a worker's process takes {memory:.0f} MiB of memory at most (of {LIMIT_MIB})",
            f"{mib} MiB",
            f"{mib / ours:.0f} MiB/s",
            f"{mib / theirs:.0f} MiB/s ({self._name('cp')} \\| sha256sum)",
            f"{ours / theirs:.2f}×",
        )

    def _stream(self, key: str) -> str:
        if self.aws:
            return f"{self.aws} --endpoint-url {self.endpoint} s3 cp s3://{self.bucket}/{key} -"
        return f"{sys.executable} -c '{_BOTO3_STREAM}' {self.endpoint} {self.bucket} {key}"

    def _name(self, command: str) -> str:
        return f"aws s3 {command}" if self.aws else "boto3"

    # Many small ones: checked again by real workers, as on any other day

    def many_small(self) -> Line:
        """Asked for as the schedule does, done by workers that are there already; from the asking to the last result."""
        from evidence import actions
        from evidence.models import Blob
        from jobs.actions import Wanted, enqueue_many
        from jobs.models import Job

        blobs = self._store_small()
        waiting = Job.objects.filter(kind=actions.VERIFY, state__in=Job.ACTIVE)
        with self._workers(WORKERS) as worker:
            enqueue_many(actions.VERIFY, [Wanted(blobs[0].pk, self.case.pk)], queue=actions.QUEUE)
            while waiting.exists():
                time.sleep(0.05)
            used, begin = _cpu_seconds(worker.pid), time.perf_counter()
            enqueue_many(actions.VERIFY, [Wanted(blob.pk, self.case.pk, blob.size) for blob in blobs], queue=actions.QUEUE)
            while waiting.exists():
                time.sleep(0.02)
            ours, used = time.perf_counter() - begin, _cpu_seconds(worker.pid) - used
        if Blob.objects.filter(pk__in=[blob.pk for blob in blobs[1:]], verifications__result="match").count() != len(blobs) - 1:
            raise RuntimeError("not every object was verified")
        theirs = self._sync([blob.key for blob in blobs])
        rate = len(blobs) / ours
        cores, each = os.cpu_count() or 1, used / len(blobs) * 1000
        print(f"verification: {rate / cores:.0f}/s a core of {cores}; {each:.2f} ms of a worker's processor time each")
        return (
            f"verify small objects on S3, {WORKERS} workers",
            f"{len(blobs):,} × {SMALL // 1000} kB",
            f"{rate:.0f}/s",
            f"{len(blobs) / theirs:.0f}/s ({self._name('sync')}, then sha256sum)",
            f"{ours / theirs:.2f}×",
        )

    @contextmanager
    def _workers(self, count: int) -> Iterator[subprocess.Popen[bytes]]:
        command = [sys.executable, "-m", "celery", "-A", "config.celery_app", "worker", "-Q", "hash", "-c", str(count)]
        command += ["-l", "WARNING", "--prefetch-multiplier=1", "--without-gossip", "--without-mingle"]
        worker = subprocess.Popen(command, env=self.environment)
        try:
            yield worker
        finally:
            worker.terminate()
            worker.wait()

    def _store_small(self) -> list[Any]:
        import datetime as dt

        from django.utils import timezone

        import vault
        from evidence import facts as content
        from evidence.models import Blob, Copy
        from tests.factories import make_exhibit

        store, now = vault.store(), timezone.now()
        copy = Copy.objects.create(exhibit=make_exhibit(self.user, self.case), kind=Copy.Kind.MASTER, made_by=self.user)
        blobs = []
        for _ in range(OBJECTS):
            stored = store.put(os.urandom(SMALL))
            store.protect(stored.key, stored.version_id, now + dt.timedelta(days=365), hold=True)
            blobs.append(
                Blob(
                    copy=copy,
                    key=stored.key,
                    version_id=stored.version_id,
                    size=SMALL,
                    sha256=stored.sha256 or "",
                    state=Blob.State.VERIFIED,
                    facts={"media_type": "application/octet-stream", "reader": content.READER},
                )
            )
        return Blob.objects.bulk_create(blobs)

    def _sync(self, keys: list[str]) -> float:
        memory = Path("/dev/shm")
        target = tempfile.mkdtemp(prefix="bench-", dir=memory if memory.is_dir() else self.folder)
        try:
            begin = time.perf_counter()
            if self.aws:
                command = f"{self.aws} --endpoint-url {self.endpoint} s3 sync --only-show-errors s3://{self.bucket} {target}"
            else:
                command = f"{sys.executable} -c '{_BOTO3_SYNC}' {self.endpoint} {self.bucket} {target}"
            subprocess.run(
                ["bash", "-c", f"{command} && cd {target} && sha256sum * | wc -l"],
                env=self.aws_environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            return time.perf_counter() - begin
        finally:
            shutil.rmtree(target, ignore_errors=True)


def _family(pid: int) -> list[int]:
    """A process and its children."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def _cpu_seconds(pid: int) -> float:
    """Processor time of a process and its children so far."""
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in _family(pid)]
    return sum(int(of[11]) + int(of[12]) for of in fields) / os.sysconf("SC_CLK_TCK")


def _most_mib(pid: int) -> float:
    """The most memory that a process has had (resident, shared pages included)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


_BOTO3_STREAM = """
import boto3, sys
boto3.client("s3", endpoint_url=sys.argv[1]).download_fileobj(sys.argv[2], sys.argv[3], sys.stdout.buffer)
"""
_BOTO3_SYNC = """
import boto3, concurrent.futures, sys
client = boto3.client("s3", endpoint_url=sys.argv[1])
pages = client.get_paginator("list_objects_v2").paginate(Bucket=sys.argv[2])
keys = [row["Key"] for page in pages for row in page["Contents"]]
with concurrent.futures.ThreadPoolExecutor(10) as pool:
    list(pool.map(lambda key: client.download_file(sys.argv[2], key, sys.argv[3] + "/" + key), keys))
"""
