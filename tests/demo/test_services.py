"""PostgreSQL and Valkey from wheels: they start, keep their data, ask for a password, and stop."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from demo.services import APP, DATABASE, OWNER, ROLES, ServiceFailed, Services


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not `tmp_path`: PostgreSQL, which won't run as root, could not enter it."""
    with tempfile.TemporaryDirectory(prefix="evidence-services-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


def test_data_and_passwords_survive_a_restart(folder: Path) -> None:
    with Services(folder) as services:
        owner = psycopg2.connect(services.postgres.url(OWNER))
        with owner, owner.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (n int)")
            cursor.execute("INSERT INTO kept VALUES (7)")
        owner.close()
        redis.Redis.from_url(services.valkey.url()).set("kept", "8")
        first = {role: services.postgres.password(role) for role in ROLES}
    with Services(folder) as services:
        owner = psycopg2.connect(services.postgres.url(OWNER))
        with owner, owner.cursor() as cursor:
            cursor.execute("SELECT n FROM kept")
            assert cursor.fetchall() == [(7,)]
        owner.close()
        assert redis.Redis.from_url(services.valkey.url()).get("kept") == b"8"
        assert {role: services.postgres.password(role) for role in ROLES} == first
    assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600


def test_a_wrong_or_missing_password_is_refused(services: Services) -> None:
    for url in (
        f"postgresql://{APP}:wrong@127.0.0.1:{services.postgres.port}/{DATABASE}",
        f"postgresql://{APP}@127.0.0.1:{services.postgres.port}/{DATABASE}",
    ):
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(url)
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=services.valkey.port).ping()


def test_the_application_role_owns_nothing_and_makes_nothing(services: Services) -> None:
    connection = psycopg2.connect(services.postgres.url(APP))
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE mine (n int)")
    connection.close()


def test_it_says_what_to_do_when_root_hides_the_folder(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        return  # only root has to become somebody else
    tmp_path.chmod(0o700)
    with pytest.raises(ServiceFailed, match="start this as an ordinary user"):
        Services(tmp_path / "hidden").start()
