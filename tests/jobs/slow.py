"""A kind of job for these tests, registered by `celery worker -I tests.jobs.slow`: writes a line when it begins and ends."""

import os
import time
from pathlib import Path

from jobs.actions import Lease, handler
from jobs.models import Job

OUT = Path(os.environ.get("SLOW_JOB_LOG", "/dev/null"))
SECONDS = float(os.environ.get("SLOW_JOB_SECONDS", "0"))


def say(line: str) -> None:
    with OUT.open("a") as out:
        out.write(line + "\n")


@handler("tests.slow")
def slow(job: Job, lease: Lease) -> None:
    say(f"begin {job.attempt} {os.getpid()}")
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        time.sleep(0.05)
        lease.progress(1, 2)
    with lease.finish():
        say(f"end {job.attempt}")
