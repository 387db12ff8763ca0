"""Settings: what production must hold, and what is refused at the start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from demo.environment import Environment, Process
from demo.services import Services

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "TLS": "true",
    "ALLOWED_HOSTS": "evidence.example.org",
    "SECRET_KEY": "k8wz-3q0v_tYb1nXo5Lr7HcUe2GfSj9MiPdKaVqZsWxByRhTnEu4",
}


def run(process: Process, services: Services, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` with the environment of a process, and more."""
    environment = Environment(services, "https://evidence.example.org", "https://portal.example.org", extra=extra)
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        check=False,
        cwd=ROOT,
        env=environment.of(process),
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("process", ["web", "portal"])
def test_djangos_check_for_deployment_finds_nothing(process: Process, services: Services) -> None:
    done = run(process, services, "check", "--deploy", "--fail-level", "INFO", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize("process", ["web", "portal"])
def test_the_api_describes_itself_without_a_warning(process: Process, services: Services) -> None:
    done = run(process, services, "spectacular", "--fail-on-warn", "--validate")
    assert done.returncode == 0, done.stderr
    assert "openapi: 3" in done.stdout


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"DEBUG": "true", "TLS": "true"}, "DEBUG shows what a page knows"),
        ({"SANDBOX_WITHOUT_FILTER": "1"}, "SANDBOX_WITHOUT_FILTER takes the walls"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"VAULT_SIGNING_KEY": "c2hvcnQ="}, "VAULT_SIGNING_KEY must be 32 bytes"),
        ({"AUDIT_HMAC_KEYS": ""}, "AUDIT_HMAC_KEYS"),
        ({"IDENTITY_KEYS": ""}, "IDENTITY_KEYS"),
        ({"TLS": "yes"}, "TLS must be true or false"),
        ({"SESSION_MINUTES": "half an hour"}, "SESSION_MINUTES must be a whole number"),
    ],
)
def test_a_bad_value_stops_the_start_and_is_not_repeated(extra: dict[str, str], message: str, services: Services) -> None:
    done = run("web", services, "check", **extra)
    assert done.returncode != 0
    assert message in done.stderr
    assert "c2hvcnQ=" not in done.stderr


def test_the_portal_gets_no_identity_key(services: Services) -> None:
    done = run("portal", services, "shell", "-v", "0", "-c", "from django.conf import settings; print(settings.IDENTITY_KEYS)")
    assert done.stdout.strip() == "[]", done.stderr


def test_cookies_are_bound_to_this_host_where_tls_is(services: Services) -> None:
    names = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE)"
    for process, found in (
        ("web", "__Host-session __Host-csrf True"),
        ("portal", "__Host-portal_session __Host-portal_csrf True"),
    ):
        assert run(process, services, "shell", "-v", "0", "-c", names, **PRODUCTION).stdout.strip() == found  # type: ignore[arg-type]


def test_a_session_ends_half_an_hour_after_the_last_request(settings: Any) -> None:
    assert settings.SESSION_COOKIE_AGE == 1800
    assert settings.SESSION_SAVE_EVERY_REQUEST
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
