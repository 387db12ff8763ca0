"""Every address × every kind of person: the answer that is written in `tests/access/web_table.py`, and no other.

An address that the table lacks fails the test, and so does a row whose address has gone. The portal, which is a process of its own,
is walked in `tests/portal/test_access.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.db import connection, transaction
from django.http import HttpResponseForbidden, HttpResponseNotFound
from django.test import Client
from django.urls import get_resolver

from demo.services import APP, OWNER, SUPERUSER, Services
from tests.access.walk import EVERYBODY, Row, addresses, answer_of, path_of
from tests.access.web_table import CONFIGURED, TABLE
from tests.access.world import World, make_world

pytestmark = pytest.mark.django_db
URLCONF = "config.urls"


def test_every_address_is_in_the_table_and_every_row_has_an_address() -> None:
    known, stated = set(addresses(URLCONF)), {row.name for row in TABLE}
    assert known - stated == set(), "addresses that the table lacks"
    assert stated - known == set(), "rows without an address"


def test_no_row_is_there_twice() -> None:
    names = [str(row) for row in TABLE]
    assert [name for name in names if names.count(name) > 1] == []
    assert all(set(row.answers) == set(EVERYBODY) for row in TABLE)


@pytest.fixture
def application_role(services: Services) -> None:
    """Let the tests' connection act as the web application's database role, so that a missing privilege shows."""
    with (
        contextlib.closing(psycopg2.connect(services.postgres.url(SUPERUSER))) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(f"GRANT {APP} TO {OWNER}")


@pytest.fixture
def short_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of the thousands of answers are refusals, whose status says all that is asked here: don't draw their page each time."""
    monkeypatch.setattr("config.urls.handler404", lambda request, exception: HttpResponseNotFound())
    monkeypatch.setattr("config.urls.handler403", lambda request, exception: HttpResponseForbidden())


@pytest.mark.usefixtures("application_role", "short_refusals")
def test_everybody_gets_what_the_table_says() -> None:
    world = make_world()
    clients = {column: world.client(column) for column in EVERYBODY}
    wrong = []
    for row in TABLE:
        path = path_of(row, world.values, URLCONF)
        for column in EVERYBODY:
            got = ask(clients[column], row, path, world)
            if got != row.answers[column]:
                wrong.append(f"{row} as {column}: {row.answers[column]} is stated, {got} was answered")
    assert not wrong, "\n".join(["", *wrong])


def ask(client: Client, row: Row, path: str, world: World) -> str:
    """What this person is answered. Whatever the request did is undone, so that each one meets the same world."""
    data = {name: _value(value, world) for name, value in row.data.items()}
    send: Callable[..., Any] = getattr(client, row.method.lower())
    kind = {"content_type": "application/json"} if path.startswith("/api/") and row.method != "GET" else {}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {APP}")  # until the roll-back
        if row.first:
            client.get(path_of(Row(row.first, {}), world.values, URLCONF))
        response = send(path, data, **kind) if row.method != "PUT" else send(path)
        if "/admin/login/" in response.headers.get("Location", ""):
            # Where the admin site sends whoever has not signed in to it: what that answers is the answer
            response = client.get(response.headers["Location"])
        if response.streaming:
            list(response.streaming_content)
        transaction.set_rollback(True)
    return answer_of(response)


def _value(value: Any, world: World) -> Any:
    if isinstance(value, str) and value.startswith("@"):
        return str(world.values[value[1:]])
    return value


def test_the_admin_site_knows_no_model_of_evidence() -> None:
    from django.contrib import admin

    assert {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry} == set(CONFIGURED)


def test_every_view_of_the_api_says_which_scope_a_token_needs() -> None:
    lacking = []
    for name, view in _api_views(get_resolver(URLCONF)):
        scopes = getattr(view, "scopes", {})
        methods = [
            method.upper() for method in view.http_method_names if hasattr(view, method) and method not in ("options", "head")
        ]
        lacking += [f"{method} {name}" for method in methods if not (scopes.get(method) or getattr(view, "scope", ""))]
    assert lacking == []


def _api_views(resolver: Any) -> Any:
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from _api_views(entry)
        elif hasattr(entry.callback, "cls") and (entry.name or "").startswith("api-") and entry.name != "api-docs":
            yield entry.name, entry.callback.cls
