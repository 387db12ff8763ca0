"""The API of bundles: ask, look, open, download; and what a token must be made for."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.test import Client

from accounts import actions as account_actions
from accounts.models import User
from audit.models import Event
from audit.sequencer import Sequencer
from bundles.models import Bundle
from tests.bundles.arrange import World, make_bundle, make_light_world
from tests.factories import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def token(user: User, *scopes: str) -> dict[str, str]:
    """The headers of another system, for these verbs only."""
    _, secret = account_actions.create_api_token(user, client="Niche", scopes=list(scopes), days=5)
    return {"Authorization": f"Token {secret}"}


def post(path: str, data: dict[str, Any], headers: dict[str, str]) -> Any:
    return Client().post(path, data, "application/json", headers=headers)


@pytest.fixture
def world() -> World:
    return make_light_world()


def test_another_system_has_one_made_and_fetches_it(world: World) -> None:
    headers = token(world.officer, "bundles.read", "bundles.write", "bundles.open")
    path = f"/api/cases/{world.case.pk}/bundles/"
    assert Client().get(path, headers=headers).json()["results"] == []
    made = post(path, {"audience": "cps", "purpose": "Charging"}, headers)
    assert (made.status_code, made.json()["state"]) == (202, "asked")
    again = post(path, {"audience": "cps", "purpose": "Charging"}, headers)
    assert (again.status_code, list(again.json())) == (400, ["audience"])
    early = post(f"/api/bundles/{made.json()['id']}/open/", {"purpose": "x"}, headers)
    assert early.status_code == 400
    Sequencer.from_settings().drain()
    run_jobs("bundles.make")
    one = Client().get(f"/api/bundles/{made.json()['id']}/", headers=headers).json()
    assert (one["state"], one["recalled"], one["damaged"], one["last_check"]) == ("made", [], False, None)
    assert {file["kind"] for file in one["files"]} == {"schedule", "print"}
    assert Client().get(path, headers=headers).json()["results"][0]["sha256"] == one["sha256"]
    before = Event.objects.filter(verb="blob.opened", object_type="bundle").count()
    opened = post(f"/api/bundles/{one['id']}/open/", {"purpose": "To hand it over"}, headers)
    assert opened.status_code == 201, opened.content
    assert Event.objects.filter(verb="blob.opened", object_type="bundle").count() == before + 1
    file = Client().get(opened.json()["url"], headers=headers)
    data = b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(data).hexdigest() == one["sha256"] == opened.json()["sha256"]
    part = Client().get(opened.json()["url"], headers=headers | {"Range": "bytes=0-3"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, data[:4])  # type: ignore[attr-defined]


def test_a_token_does_only_what_it_was_made_for(world: World) -> None:
    bundle = make_bundle(world)
    reads = token(world.officer, "bundles.read")
    assert Client().get(f"/api/bundles/{bundle.pk}/", headers=reads).status_code == 200
    assert post(f"/api/bundles/{bundle.pk}/open/", {"purpose": "x"}, reads).status_code == 403
    assert post(f"/api/cases/{world.case.pk}/bundles/", {"audience": "cps", "purpose": "x"}, reads).status_code == 403
    opens = token(world.officer, "bundles.open")
    assert Client().get(f"/api/cases/{world.case.pk}/bundles/", headers=opens).status_code == 403
    other = token(world.supervisor, "bundles.open")
    url = post(f"/api/bundles/{bundle.pk}/open/", {"purpose": "x"}, opens).json()["url"]
    assert Client().get(url, headers=other).status_code == 404, "a ticket is for who opened it"


def test_a_session_asks_only_after_a_fresh_sign_in(world: World) -> None:
    client = Client()
    client.force_login(world.officer)
    answer = client.post(f"/api/cases/{world.case.pk}/bundles/", {"audience": "cps", "purpose": "x"}, "application/json")
    assert answer.status_code == 403
    assert not Bundle.objects.exists()


def test_it_is_described(world: World) -> None:
    client = Client()
    client.force_login(world.officer)
    paths = client.get("/api/schema/?format=json").json()["paths"]
    found = {(path, method) for path in paths if "bundles" in path for method in paths[path] if method in ("get", "post")}
    assert found == {
        ("/api/cases/{case_id}/bundles/", "get"),
        ("/api/cases/{case_id}/bundles/", "post"),
        ("/api/bundles/{bundle_id}/", "get"),
        ("/api/bundles/{bundle_id}/open/", "post"),
        ("/api/bundles/content/{ticket_id}/", "get"),
    }
