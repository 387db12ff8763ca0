"""What every response carries, errors included; health; errors for people and for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import DatabaseError
from django.test import Client

from accounts.models import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 302),
        ("/account/login/", 200),
        ("/account/password/reset/", 200),
        ("/cases/", 302),
        ("/admin/", 302),
        ("/api/docs/", 302),
        ("/api/schema/", 401),
        ("/api/cases/", 401),
        ("/healthz", 200),
        ("/nothing/here/", 404),
        ("/api/nothing/", 404),
        ("/vault/nothing", 404),
    ],
)
def test_headers_are_on_every_response(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    for name, value in EVERYWHERE.items():
        # some pages of the packages say more than we ask for
        assert value in answer.headers[name] or (name == "Cache-Control" and "no-store" in answer.headers[name]), (path, name)
    check_policy(answer.headers["Content-Security-Policy"])
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["X-Request-ID"]


def check_policy(policy: str) -> None:
    """Nothing from elsewhere, nothing inline, no eval."""
    rules = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert set(rules["script-src"].split()) == {"'self'", "'wasm-unsafe-eval'"}
    assert rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["form-action"] == "'self'"
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy


def test_a_page_that_breaks_has_them_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> Any:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("config.health.connection", property(broken))
    client.raise_request_exception = False
    answer = client.get("/healthz")
    assert answer.status_code == 500
    assert b"OFFICIAL-SENSITIVE" in answer.content
    assert b"broken on purpose" not in answer.content
    check_policy(answer.headers["Content-Security-Policy"])


def test_healthz_says_when_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def cursor(self) -> Any:
            raise DatabaseError

    monkeypatch.setattr("config.health.connection", Gone())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"database unavailable\n")


def test_healthz_needs_no_tls_and_makes_no_session(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert not answer.cookies
    assert client.get("/account/login/").status_code == 301


def test_a_program_gets_errors_as_json_and_a_person_a_page(client: Client) -> None:
    answer = client.get("/api/nothing/", headers={"accept": "application/json"})
    assert answer.json() == {"detail": "Not found."}
    assert b"Page not found" in client.get("/api/nothing/", headers={"accept": "text/html"}).content


def test_a_form_without_its_token_is_refused_with_its_marking() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/account/login/", {"login": "x@example.org", "password": "x"})
    assert answer.status_code == 403
    assert b"OFFICIAL-SENSITIVE" in answer.content


def test_the_api_page_has_nothing_inline_and_what_it_names_is_there(client: Client) -> None:
    client.force_login(make_user(Role.INVESTIGATOR))
    answer = client.get("/api/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "OFFICIAL-SENSITIVE" in page
    main = page[page.index("<main") :]
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    for part in ("swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "swagger-ui.css"):
        assert part in page
        assert finders.find(f"drf_spectacular_sidecar/swagger-ui-dist/{part}")
    script = client.get("/api/docs/?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert "script=" in main


def test_who_has_not_signed_in_reads_no_description(client: Client) -> None:
    assert client.get("/api/docs/").headers["Location"].startswith("/account/login/")
    assert client.get("/api/schema/").status_code == 401


def test_a_prosecutor_is_shown_the_way_to_the_portal(client: Client, settings: Any) -> None:
    from audit.models import Event
    from tests.factories import PASSWORD, make_cps_area

    prosecutor = make_user(Role.PROSECUTOR, organisation=make_cps_area())
    answer = client.post("/account/login/", {"login": prosecutor.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert settings.PORTAL_URL in answer.content.decode()
    assert client.get("/").headers["Location"].startswith("/account/login/")
    assert Event.objects.filter(verb="accounts.sign_in.refused", actor_id=prosecutor.pk).exists()
