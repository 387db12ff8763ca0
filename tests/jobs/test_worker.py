"""A real Celery worker process on the real broker: killed in the middle, the work is still done, once."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from jobs import actions
from jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[[float], subprocess.Popen[bytes]]]:
    """Start a worker whose slow job takes the given seconds."""
    started: list[subprocess.Popen[bytes]] = []
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)

    def start(seconds: float) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "DATABASE_URL": url,
            "REDIS_URL": settings.REDIS_URL,
            "SLOW_JOB_SECONDS": str(seconds),
            "SLOW_JOB_LOG": str(tmp_path / "slow.log"),
        }
        command = "-m celery -A config.celery_app worker -I tests.jobs.slow -Q slow -P prefork -c 1 -l WARNING --without-gossip"
        worker = subprocess.Popen([sys.executable, *command.split()], env=environment, start_new_session=True)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        with_group(worker, signal.SIGKILL)
        worker.wait()


def with_group(worker: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(worker.pid, number)


def wait_for(what: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_a_worker_killed_in_the_middle_loses_nothing_and_nothing_is_done_twice(
    start_worker: Callable[[float], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    log = tmp_path / "slow.log"
    with transaction.atomic():
        job = actions.enqueue("tests.slow", uuid.uuid4(), queue="slow")
    first = start_worker(60)
    wait_for(log.exists)
    with_group(first, signal.SIGKILL)
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING  # nobody could say goodbye

    start_worker(0.2)
    actions.sweep()
    time.sleep(1)
    job.refresh_from_db()
    assert job.attempt == 1  # its lease still runs: nobody takes it yet

    Job.objects.filter(id=job.id).update(lease_until=Now() - timedelta(seconds=1), sent_at=None)
    actions.sweep()
    actions.sweep()
    wait_for(lambda: Job.objects.filter(id=job.id, state=Job.State.DONE).exists())
    lines = log.read_text().split("\n")
    assert [line.split()[:2] for line in lines if line] == [["begin", "1"], ["begin", "2"], ["end", "2"]]
