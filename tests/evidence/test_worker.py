"""A real Celery worker, killed in the middle of a hash: the job still ends right, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from evidence import actions
from evidence.models import Blob, CustodyEvent, Verification
from jobs import actions as jobs
from jobs.models import Job
from tests.evidence.conftest import World
from tests.factories import make_exhibit
from vault.protocol import MIB

SIZE = 768 * MIB
Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start_worker(process_environment: Callable[[Any], dict[str, str]]) -> Iterator[Start]:
    """Starts a Celery worker of the hash queue on the test's database and vault; all are ended with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "config.celery_app", "worker", "-Q", "hash", "-c", "1", "-l", "WARNING"]
        process = subprocess.Popen(command, env=process_environment("worker"), start_new_session=True, cwd=Path.cwd())
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(what: Callable[[], bool], seconds: float) -> None:
    """Ask until it is so."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "this did not happen in time"
        time.sleep(0.002)


def test_a_worker_killed_in_mid_hash_does_the_work_once(
    transactional_db: None, world: World, tmp_path: Path, start_worker: Start
) -> None:
    source = tmp_path / "large"
    with source.open("wb") as file:
        file.truncate(SIZE)
    blob = actions.receive_bytes(world.investigator, make_exhibit(world.investigator, world.case), source, "large")
    job = Job.objects.get(object_id=blob.pk)

    def now() -> Job:
        return Job.objects.get(pk=job.pk)

    first = start_worker()
    wait_for(lambda: 0 < now().done < SIZE, 60)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert (now().state, now().attempt) == (Job.State.RUNNING, 1)
    assert not Verification.objects.exists()

    # Half a minute passes: nobody renews the lease, and beat's sweeper sends the message again
    Job.objects.filter(pk=job.pk).update(
        lease_until=timezone.now() - timedelta(seconds=1), sent_at=timezone.now() - timedelta(minutes=1)
    )
    assert jobs.sweep() == 1
    start_worker()
    wait_for(lambda: now().state == Job.State.DONE, 120)
    blob.refresh_from_db()
    assert blob.state == Blob.State.VERIFIED
    assert now().attempt == 2
    assert [check.result for check in Verification.objects.all()] == [Verification.Result.MATCH]
    assert CustodyEvent.objects.filter(kind=CustodyEvent.Kind.VERIFIED).count() == 1
    connection.close()
