"""The whole product on one machine: servers from wheels, and every process of ours as production runs it.

    with Stack(Path("var/demo")) as stack:
        print(stack.public_url)

Each process runs in a session of its own with its log in ``<folder>/log``, and dies with this one.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from celery import Celery

from demo.environment import Environment, Process
from demo.processes import COMMANDS, PREPARATIONS, SERVERS
from demo.services import HOST, Services, die_with_parent, free_port

ROOT = Path(__file__).resolve().parent.parent
_HEALTHY_SECONDS = 90
_STOP_SECONDS = 30
# pages first, so that nobody begins what the others can't end; the sequencer last, so that it sees every event
_STOP_ORDER: tuple[tuple[Process, ...], ...] = (("web", "portal", "beat"), ("worker",), ("sequencer",))


class StackFailed(RuntimeError):
    """A process did not start, or ended by itself; the message holds the end of its log."""


def say_nothing(_: str) -> None:
    """For tests: progress isn't shown."""


@dataclass
class Stack:
    """PostgreSQL, Valkey, web, portal, worker, beat and sequencer in ``folder``; the data stay there.

    ``extra`` goes over the environment of every process (an S3 vault, a shared ``STATIC_ROOT``); ``say`` gets progress
    lines in plain words; ``servers`` leaves processes out.
    """

    folder: Path
    web_port: int = 0
    portal_port: int = 0
    extra: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = say_nothing
    servers: tuple[Process, ...] = SERVERS
    durable: bool = True
    services: Services = field(init=False)
    environment: Environment = field(init=False)
    _running: dict[Process, subprocess.Popen[bytes]] = field(init=False, default_factory=dict)
    _lock: TextIO | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.web_port = self.web_port or free_port()
        self.portal_port = self.portal_port or free_port()
        self.services = Services(self.folder, durable=self.durable)
        self.environment = Environment(self.services, self.public_url, self.portal_url, extra=self.extra)

    @property
    def public_url(self) -> str:
        """Where the web application answers."""
        return f"http://localhost:{self.web_port}"

    @property
    def portal_url(self) -> str:
        """Where the CPS portal answers."""
        return f"http://localhost:{self.portal_port}"

    @property
    def vault_folder(self) -> Path:
        """Where the folder vault keeps its files."""
        return Path(self.environment.settings("web")["VAULT_FOLDER"])

    def log(self, process: Process) -> Path:
        """The log file of a process."""
        return self.folder / "log" / f"{process}.log"

    # ---- start and stop ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start everything and return when all of it answers; on failure stop what had started."""
        self.take_lock()
        try:
            (self.folder / "log").mkdir(exist_ok=True)
            self.vault_folder.mkdir(parents=True, exist_ok=True)
            self.say("Starting PostgreSQL and Valkey")
            self.services.start()
            self._prepare()
            self.say("Starting " + ", ".join(self.servers))
            for process in self.servers:
                self.start_process(process)
            self.wait_until_healthy()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything in the right order; the data stay."""
        with _signals_held_back():
            try:
                for together in _STOP_ORDER:
                    for process in together:
                        self._ask_to_end(process)
                    for process in together:
                        self.stop_process(process)
            finally:
                self.services.stop()
                self.release_lock()

    def __enter__(self) -> Stack:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def take_lock(self) -> None:
        """Make sure that nobody else runs in the folder; `StackFailed` if somebody does."""
        self._lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            self._lock = None
            raise StackFailed(f"it already runs in {self.folder}: stop that one first (Ctrl-C there)") from None

    def release_lock(self) -> None:
        """Let somebody else run in the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _prepare(self) -> None:
        words = {
            "migrate": "Migrating the database",
            "grant_roles": "Granting the roles",
            "collectstatic": "Collecting static files",
        }
        for process, arguments in PREPARATIONS:
            self.say(words[arguments[2]])
            self.run(process, *arguments[1:])

    # ---- single processes --------------------------------------------------------------------------------------------

    def run(self, process: Process, *arguments: str, timeout: float = 300) -> str:
        """Run ``python <arguments>`` to its end in the environment of ``process``; its output. Fails as `StackFailed`."""
        done = subprocess.run(
            [sys.executable, *arguments],
            check=False,
            cwd=ROOT,
            env=self.environment.of(process),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        if done.returncode:
            raise StackFailed(f"{' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def manage(self, *arguments: str, process: Process = "web", timeout: float = 300) -> str:
        """``manage.py <arguments>`` as ``process``; its output."""
        return self.run(process, "manage.py", *arguments, timeout=timeout)

    def start_process(self, process: Process) -> None:
        """Start one server process; it isn't waited for."""
        program, *arguments = [part.replace("/tmp/", f"{self.folder}/") for part in COMMANDS[process]]
        port = self.portal_port if process == "portal" else self.web_port
        with self.log(process).open("ab") as log:
            self._running[process] = subprocess.Popen(
                [_program(program), *arguments],
                cwd=ROOT,
                env=self.environment.of(process) | {"BIND": f"{HOST}:{port}"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(signal.SIGTERM),  # noqa: PLW1509
            )

    def stop_process(self, process: Process, signal_number: int = signal.SIGTERM) -> None:
        """Ask one process to end, wait, then kill what is left of its group. Nothing happens when it isn't running."""
        running = self._running.pop(process, None)
        if running is None:
            return
        if running.poll() is None:
            running.send_signal(signal_number)
            try:
                running.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.say(f"{process} did not stop within {_STOP_SECONDS} s: killed")
        _kill_group(running.pid)
        running.wait()

    def _ask_to_end(self, process: Process) -> None:
        running = self._running.get(process)
        if running is not None and running.poll() is None:
            running.send_signal(signal.SIGTERM)

    def kill_process(self, process: Process) -> None:
        """SIGKILL to one process and all its children, as a machine that fails would."""
        running = self._running.pop(process)
        _kill_group(running.pid)
        running.wait()

    # ---- health ------------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Raise `StackFailed` if a process or a server has ended by itself."""
        for name, server in (("PostgreSQL", self.services.postgres), ("Valkey", self.services.valkey)):
            if server.process is not None and server.process.poll() is not None:
                raise StackFailed(f"{name} ended with status {server.process.returncode}: see {server.log}")
        for process, running in self._running.items():
            if running.poll() is not None:
                raise StackFailed(f"{process} ended with status {running.returncode}:\n{self._tail(process)}")

    def wait_until_healthy(self, seconds: float = _HEALTHY_SECONDS) -> None:
        """Wait until web and portal answer and the worker says that it is there."""
        waiting: dict[Process, Callable[[], bool]] = {
            "web": lambda: _answers(f"{self.public_url}/healthz"),
            "portal": lambda: _answers(f"{self.portal_url}/healthz"),
            "worker": self._worker_answers,
        }
        deadline = time.monotonic() + seconds
        for process, healthy in waiting.items():
            while process in self._running and not healthy():
                self.check()
                if time.monotonic() > deadline:
                    raise StackFailed(f"{process} did not answer within {seconds:.0f} s:\n{self._tail(process)}")
                time.sleep(0.2)
        self.check()

    def _worker_answers(self) -> bool:
        with Celery(broker=self.services.valkey.url(self.environment.redis_database)) as app:
            return bool(app.control.ping(timeout=1))

    def _tail(self, process: Process) -> str:
        return "\n".join(self.log(process).read_text(errors="replace").splitlines()[-25:])


def _program(name: str) -> str:
    return sys.executable if name == "python" else str(Path(sys.executable).parent / name)


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _answers(url: str) -> bool:
    """Whether something that isn't an error of the server comes back."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return bool(response.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, urllib.error.URLError):
        return False


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """A second Ctrl-C during the stop must not leave half of it running."""
    held = (signal.SIGINT, signal.SIGTERM)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
