"""The portal's pages and the API's page in a browser: nothing breaks the policy, axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.disclosure.arrange import account_for_rest, submitted_each
from tests.e2e.browser import Person
from tests.factories import PASSWORD
from tests.optional import chromium_path, requires
from tests.portal.setting import make_shared, release_copy, submit_next

pytestmark = requires("chromium", "static")


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """A browser. Playwright runs a loop in this thread, which Django would take for asynchronous code."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


def test_every_page_of_the_portal(transactional_db: None, portal_url: str, chromium: Browser) -> None:
    shared = make_shared()
    both, made = submitted_each(shared.team, {"MG6C": 2, "MG6D": 2}), release_copy(shared)
    version, sensitive = both["MG6C"], both["MG6D"]
    person = Person(chromium, portal_url, "portal")
    person.go("/account/login/")
    person.sign_in(shared.prosecutor.email, PASSWORD)
    for path in ("/", f"/cases/{shared.case.pk}/", f"/schedules/{version.pk}/", f"/cases/{shared.case.pk}/log/"):
        person.go(path)
    person.go(f"/schedules/{version.pk}/check/")
    person.page.goto(f"/schedules/{version.pk}/?words=zeppelin")
    person.look("no row")
    account_for_rest(shared.team)
    later = submit_next(shared, version)
    person.go(f"/schedules/{later.pk}/changes/")
    person.pages_seen.discard("/schedules/id/")
    person.name = "portal sensitive"
    person.go(f"/schedules/{sensitive.pk}/")
    person.name = "portal"
    person.go(f"/copies/{made.release.pk}/")
    person.press("Download")  # no purpose: an error
    person.sees("Enter what you open it for")
    person.fill({"What do you open it for?": "Charging decision"})
    person.press("View in the browser")
    person.page.get_by_alt_text("Page 1 of 1").wait_for()
    for path in ("/account/", "/account/tokens/", "/account/2fa/", "/account/password/change/"):
        person.go(path)
    assert not person.problems, "\n".join(person.problems)


def test_the_apis_page_works_under_the_policy(transactional_db: None, portal_url: str, chromium: Browser) -> None:
    shared = make_shared()
    person = Person(chromium, portal_url, "portal api")
    person.pages_seen.add("/api/docs/")  # the widget is not ours: axe and the width are not asked of it
    person.sign_in(shared.prosecutor.email, PASSWORD)
    person.go("/api/docs/")
    page = person.page
    page.get_by_text("/api/cases/", exact=True).first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.get_by_text(shared.case.crime_number).first.wait_for()
    page.get_by_role("button", name="Authorize").first.click()
    page.get_by_role("button", name="Close").first.click()
    assert not person.problems, "\n".join(person.problems)
