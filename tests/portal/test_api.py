"""The same for programs: read only, by a token with the scope `portal.read`, over HTTP."""

from __future__ import annotations

import hashlib

from accounts import actions as account_actions
from accounts.models import ApiToken, User
from audit.models import Event
from tests.portal.setting import Browser, make_shared, release_copy, submit_schedule


def token_of(user: User, *scopes: str) -> dict[str, str]:
    """The header of a new token."""
    _, text = account_actions.create_api_token(user, client="Case system", scopes=scopes or ("portal.read",), days=30)
    return {"Authorization": f"Token {text}"}


def test_a_program_reads_what_a_prosecutor_sees(browser: Browser) -> None:
    shared = make_shared()
    version, made = submit_schedule(shared), release_copy(shared)
    token = token_of(shared.prosecutor)

    cases = browser.get("/api/cases/", **token).json()["results"]
    assert [case["id"] for case in cases] == [str(shared.case.pk)]
    case = browser.get(f"/api/cases/{shared.case.pk}/", **token).json()
    assert case["people"] == [{"id": str(shared.complainant.pk), "kind": "complainant", "label": "Complainant A"}]
    assert [schedule["id"] for schedule in case["schedules"]] == [str(version.pk)]
    assert [copy["id"] for copy in case["copies"]] == [str(made.release.pk)]

    schedule = browser.get(f"/api/schedules/{version.pk}/", **token).json()
    assert hashlib.sha256(schedule["content"].encode()).hexdigest() == schedule["sha256"]
    assert [row["position"] for row in schedule["rows"]] == [1, 2]

    opened = browser.send("POST", f"/api/copies/{made.release.pk}/open/", {"purpose": "Import"}, **token)
    assert opened.status == 201
    file = browser.get(opened.json()["url"], **token)
    assert hashlib.sha256(file.body).hexdigest() == opened.json()["sha256"] == made.blob.sha256

    events = browser.get(f"/api/cases/{shared.case.pk}/events/", **token).json()["results"]
    assert {"schedule.submitted", "redaction.released", "blob.opened"} <= {event["verb"] for event in events}
    assert "detail" not in events[0]
    verbs = set(Event.objects.by_actor(shared.prosecutor.pk).values_list("verb", flat=True))
    assert {"case.consulted", "schedule.consulted", "blob.opened", "log.consulted"} <= verbs


def test_a_token_without_the_scope_or_withdrawn_or_expired_or_missing(browser: Browser) -> None:
    from datetime import timedelta

    from django.utils import timezone

    shared = make_shared()
    assert browser.get("/api/cases/").status == 401
    assert browser.get("/api/cases/", Authorization="Token " + "0" * 64).status == 401
    assert browser.get("/api/cases/", **token_of(shared.prosecutor, "cases.read")).status == 403

    withdrawn = token_of(shared.prosecutor)
    ApiToken.objects.update(revoked_at=timezone.now())
    assert browser.get("/api/cases/", **withdrawn).status == 401

    expired = token_of(shared.prosecutor)
    ApiToken.objects.filter(revoked_at=None).update(expiry=timezone.now() - timedelta(minutes=1))
    assert browser.get("/api/cases/", **expired).status == 401
    # it stays as a record: an expired token is not swept away by a sign-in
    assert ApiToken.objects.count() == 3


def test_an_officers_token_opens_nothing_here(browser: Browser) -> None:
    shared = make_shared()
    assert browser.get("/api/cases/", **token_of(shared.team.investigator)).status == 401


def test_another_areas_things_are_not_found(browser: Browser) -> None:
    shared, others = make_shared(), make_shared()
    version = submit_schedule(others)
    token = token_of(shared.prosecutor)
    paths = [f"cases/{others.case.pk}/", f"cases/{others.case.pk}/events/", f"schedules/{version.pk}/"]
    for path in paths:
        assert browser.get(f"/api/{path}", **token).status == 404, path


def test_nothing_is_written(browser: Browser) -> None:
    shared = make_shared()
    version = submit_schedule(shared)
    token = token_of(shared.prosecutor)
    for path in (f"/api/cases/{shared.case.pk}/", f"/api/schedules/{version.pk}/", "/api/cases/"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert browser.send(method, path, {}, **token).status == 405, (method, path)


def test_a_prosecutor_makes_and_withdraws_a_token_in_the_portal(browser: Browser) -> None:
    from tests.factories import PASSWORD

    shared = make_shared()
    browser.sign_in(shared.prosecutor)
    page = browser.get("/account/tokens/new/")
    if "reauthenticate" in page.url:
        page = browser.post(page.url, {"password": PASSWORD})
    made = browser.post("/account/tokens/new/", {"client": "Case system", "scopes": "portal.read", "days": "30"})
    assert made.status == 200
    token = ApiToken.objects.get(user=shared.prosecutor)
    assert browser.post(f"/account/tokens/{token.pk}/withdraw/", {}, page="/account/tokens/").status == 200
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_the_description_and_its_page(browser: Browser) -> None:
    shared = make_shared()
    assert browser.get("/api/schema/").status == 401
    assert browser.get("/api/schema/", **token_of(shared.prosecutor)).status == 200
    browser.sign_in(shared.prosecutor)
    assert "swagger-ui" in browser.get("/api/docs/").text
