"""The portal as a process of its own on the tests' database: gunicorn, its settings, its database role."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from demo.environment import Environment
from demo.services import Services, free_port
from tests.portal.setting import Browser

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def mail_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the portal puts its e-mails."""
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="session")
def portal_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the portal's process writes."""
    return tmp_path_factory.mktemp("portal") / "portal.log"


@pytest.fixture(scope="session")
def portal_url(django_db_setup: None, services: Services, mail_folder: Path, portal_log: Path) -> Iterator[str]:
    """Where the portal answers, as long as these tests run."""
    yield from run_portal(services, portal_log, TEST_MAIL=str(mail_folder))


def run_portal(services: Services, portal_log: Path, **more: str) -> Iterator[str]:
    """A process of the portal with these settings besides."""
    from django.conf import settings
    from django.db import connection

    address = f"http://localhost:{free_port()}"
    extra = {
        "DJANGO_SETTINGS_MODULE": "tests.portal.plain_settings",
        "VAULT_FOLDER": str(settings.VAULT["FOLDER"]),
        "BIND": address.removeprefix("http://"),
        "WEB_WORKERS": "1",
        **more,
    }
    database = str(connection.settings_dict["NAME"])
    environment = Environment(services, "http://localhost:8000", address, database=database, extra=extra).of("portal")
    program = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    with portal_log.open("wb") as output:
        process = subprocess.Popen(program, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        _wait(process, address, portal_log)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as response:
                assert response.read() == b"ok\n"
                return
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
    raise AssertionError(f"the portal did not answer:\n{log.read_text()}")


@pytest.fixture
def browse(transactional_db: None, portal_url: str) -> Callable[[], Browser]:
    """``browse()``: a browser nobody has used yet."""
    cache.clear()  # rate limits of the test before
    return lambda: Browser(portal_url)


@pytest.fixture
def browser(browse: Callable[[], Any]) -> Any:
    """A browser at the portal."""
    return browse()
