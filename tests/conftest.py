"""Every test runs on a real PostgreSQL and a real Valkey, started here in a temporary folder before the settings load.

Django's own connection is the owner's (it migrates and flushes). What the application's roles may do is tested with
the raw connections `app_connection`, `portal_connection`, `log_connection`; `superuser_connection` plays the intruder.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import psycopg2
import pytest
from django.conf import settings

from demo.environment import Environment, Process
from demo.services import APP, LOG, OWNER, PORTAL, SUPERUSER, Services
from tests import optional

_left_out: Counter[str] = Counter()
_skipped: list[str] = []
_folder = Path(tempfile.mkdtemp(prefix="evidence-tests-"))
_services = Services(_folder, durable=False, owner_may_create_databases=True)
_services.start()
(_folder / "static").mkdir()
_environment = Environment(_services, "http://localhost:8000", "http://localhost:8001")
# AUDIT_SIGNING_KEY and BUNDLE_SIGNING_KEY too: the tests' process is also the sequencer and the worker
os.environ.update(_environment.settings("sequencer") | _environment.settings("worker") | _environment.settings("migrate"))
if "no:django" not in sys.argv:
    # now, and not when pytest-django would: a conftest below this one may import models
    django.setup()
    # pages name their files without hashes: nothing has been collected, and what a test asks is not that
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_unconfigure() -> None:
    """Stop the servers and remove their data."""
    with contextlib.suppress(Exception):
        _services.stop()
    shutil.rmtree(_folder, ignore_errors=True)


# ---- what was left out -----------------------------------------------------------------------------------------------


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave a test out when something that it needs is not on this machine."""
    for marker in item.iter_markers("requires"):
        for name in marker.args:
            why = optional.missing(name)
            if why is not None:
                _left_out[why] += 1
                pytest.skip(why)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember every skip, whoever asked for it."""
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def _skips_are_failures() -> bool:
    return os.environ.get("CI") == "true" or os.environ.get("NO_SKIPS") == "1"


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where everything is installed, a test that was left out is a failure."""
    if _skipped and _skips_are_failures() and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say plainly what was not tested here."""
    for why, count in sorted(_left_out.items()):
        terminalreporter.write_line(f"NOT TESTED HERE: {count} tests, because {why}.", yellow=True)
    if _skipped and _skips_are_failures():
        terminalreporter.write_line(f"FAILED: {len(_skipped)} tests were left out, and here none may be.", red=True)


# ---- the database ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def services() -> Services:
    """The running PostgreSQL and Valkey."""
    return _services


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After the migrations: the roles' privileges, and a copy of the reference data that migrations made."""
    from django.core.management import call_command
    from django.core.management.commands import flush
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations

    with django_db_blocker.unblock():
        call_command("grant_roles", stdout=io.StringIO())
        _keep_reference_data()
        test_database = str(connection.settings_dict["NAME"])
    # Content types and permissions, which Django would make anew after each flush, are reference data too
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", _flush(test_database))
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        yield


def _keep_reference_data() -> None:
    """Copy every table that migrations filled to the schema `reference`, for `_flush` to put back."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS reference")
        for table in connection.introspection.table_names():
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM public.{name})")
            row = cursor.fetchone()
            if row and row[0] and table != "django_migrations":
                cursor.execute(f"CREATE TABLE IF NOT EXISTS reference.{name} AS TABLE public.{name}")


_EMPTY_AND_REFILL = """
DO $$
DECLARE t text;
BEGIN
    SET LOCAL session_replication_role = replica;
    SET LOCAL lock_timeout = '20s';  -- a test that left a transaction open is told, not waited for
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' LOOP
        EXECUTE format('DELETE FROM public.%I', t);
    END LOOP;
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'reference' LOOP
        EXECUTE format('INSERT INTO public.%I SELECT * FROM reference.%I', t, t);
    END LOOP;
END $$
"""


def _flush(database: str) -> Callable[[Any, list[str]], None]:
    """A flush as superuser with triggers off: the product's own refuse it, to the owner as well.

    DELETE is quicker than Django's TRUNCATE on tables that are nearly empty.
    """

    def execute_sql_flush(self: Any, sql_list: list[str]) -> None:
        connection = psycopg2.connect(_services.postgres.url(SUPERUSER, database))
        with connection, connection.cursor() as cursor:
            cursor.execute(_EMPTY_AND_REFILL)
        connection.close()

    return execute_sql_flush


def _one(role: str) -> Iterator[psycopg2.extensions.connection]:
    from django.db import connection

    made = psycopg2.connect(_services.postgres.url(role, str(connection.settings_dict["NAME"])))
    yield made
    made.close()


@pytest.fixture
def app_connection(transactional_db: None) -> Iterator[psycopg2.extensions.connection]:
    """A raw connection to the test database as the web application's role."""
    yield from _one(APP)


@pytest.fixture
def portal_connection(transactional_db: None) -> Iterator[psycopg2.extensions.connection]:
    """A raw connection to the test database as the portal's role."""
    yield from _one(PORTAL)


@pytest.fixture
def log_connection(transactional_db: None) -> Iterator[psycopg2.extensions.connection]:
    """A raw connection to the test database as the sequencer's role."""
    yield from _one(LOG)


@pytest.fixture
def owner_connection(transactional_db: None) -> Iterator[psycopg2.extensions.connection]:
    """A raw connection to the test database as the owner of the tables."""
    yield from _one(OWNER)


@pytest.fixture
def superuser_connection(transactional_db: None) -> Iterator[psycopg2.extensions.connection]:
    """A raw connection to the test database as PostgreSQL's superuser: an intruder on the database machine."""
    yield from _one(SUPERUSER)


@pytest.fixture
def connect_as(transactional_db: None) -> Iterator[Callable[[str], psycopg2.extensions.connection]]:
    """``connect_as("evidence_app")``: as many raw connections as a test needs."""
    from django.db import connection

    database = str(connection.settings_dict["NAME"])
    opened: list[psycopg2.extensions.connection] = []

    def connect(role: str) -> psycopg2.extensions.connection:
        opened.append(psycopg2.connect(_services.postgres.url(role, database)))
        return opened[-1]

    yield connect
    for made in opened:
        made.close()


@pytest.fixture
def process_environment(transactional_db: None, tmp_path: Path) -> Callable[[Process], dict[str, str]]:
    """``process_environment("worker")``: the environment for a subprocess of ours on the test database."""
    from django.conf import settings
    from django.db import connection

    made = Environment(
        _services,
        "http://localhost:8000",
        "http://localhost:8001",
        database=str(connection.settings_dict["NAME"]),
        extra={"VAULT_FOLDER": str(settings.VAULT["FOLDER"])},
    )
    return made.of
