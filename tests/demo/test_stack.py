"""The supervisor: what it starts answers, keeps its data, refuses a second one, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from demo.services import DATABASE, HOST, OWNER
from demo.stack import ROOT, Stack, StackFailed
from tests.optional import requires
from tests.stacks import copy_migrated


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not `tmp_path`: PostgreSQL, which won't run as root, could not enter it."""
    with tempfile.TemporaryDirectory(prefix="evidence-stack-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture
def migrated(folder: Path) -> Path:
    """The folder of a stack that has run before."""
    copy_migrated(folder)
    return folder


def processes_in(folder: Path) -> list[str]:
    """Command lines of whatever still runs with the folder in its environment or arguments."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and str(folder) in " ".join(
                [*process.cmdline(), *process.environ().values()]
            ):
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def test_it_starts_again_with_its_data_and_leaves_nothing_running(migrated: Path) -> None:
    folder = migrated
    with Stack(folder, durable=False, servers=("web", "sequencer")) as stack:
        with pytest.raises(StackFailed, match="already runs"):
            Stack(folder).start()
        stack.manage("demo_staff")
        assert processes_in(folder)
    assert processes_in(folder) == []
    with Stack(folder, durable=False, servers=("web",)) as stack:
        names = stack.manage("shell", "-v", "0", "-c", "from accounts.models import User; print(User.objects.count())")
        assert names.strip() == "11"
        with pytest.raises(StackFailed, match="web ended"):
            stack._running["web"].terminate()
            stack._running["web"].wait()
            stack.check()
        stack.stop_process("web")
        stack.services.valkey.stop()
        assert stack.services.postgres.process is not None
        stack.services.postgres.process.kill()
        stack.services.postgres.process.wait()
        with pytest.raises(StackFailed, match="PostgreSQL ended"):
            stack.check()
    assert processes_in(folder) == []


def test_nothing_survives_a_supervisor_that_is_killed(migrated: Path) -> None:
    folder = migrated
    script = (
        "import sys, time; from pathlib import Path; from demo.stack import Stack\n"
        "stack = Stack(Path(sys.argv[1]), durable=False, servers=('web', 'worker')); stack.start(); print('up', flush=True)\n"
        "time.sleep(600)"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": "."}
    )
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == b"up\n"
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    supervisor.stdout.close()
    for _ in range(300):
        if not processes_in(folder):
            return
        time.sleep(0.1)
    raise AssertionError("\n".join(processes_in(folder)))


def test_the_database_of_a_stack_is_not_open_to_whoever_has_no_password(migrated: Path) -> None:
    with Stack(migrated, durable=False, servers=()) as stack:
        psycopg2.connect(stack.services.postgres.url(OWNER)).close()
        for password in ("", "evidence"):
            with pytest.raises(psycopg2.OperationalError, match="password"):
                psycopg2.connect(host=HOST, port=stack.services.postgres.port, user=OWNER, dbname=DATABASE, password=password)
        assert oct((migrated / "secrets.json").stat().st_mode & 0o777) == "0o600"


@requires("static")
def test_the_demonstration_ends_well(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "demo"],
        check=False,
        cwd=ROOT,
        env=os.environ | {"DEMO_ONCE": "1", "DEMO_FOLDER": str(folder / "demo")},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "leak check passed, released" in done.stdout
    assert "none of 16 planted identifiers" in done.stdout
    assert processes_in(folder) == []
