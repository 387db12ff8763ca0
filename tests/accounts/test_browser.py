"""Account pages and the administration in a real browser: nothing that the content security policy blocks, nothing axe finds."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from accounts import actions
from accounts.models import Notification, User
from tests.accounts.test_sign_in import SECRET, code
from tests.factories import PASSWORD, make_admin, make_force
from tests.optional import chromium_path, requires

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 390)
pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admin() -> User:
    admin = make_admin(organisation=make_force("Anyshire Police"), name="Robin ADMIN")
    TOTP.activate(admin, SECRET)
    actions.create_api_token(admin, client="Force case management", scopes=["cases.read"], days=30)
    Notification.objects.create(user=admin, text="AB/1 has been verified", important=True)
    Notification.objects.create(user=admin, text="You have joined Larch as redactor", url="/cases/")
    return admin


@pytest.fixture
def page(admin: User, live_server: Any) -> Iterator[Any]:
    """The admin's browser, signed in with both factors; its errors in `page.problems`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        page: Any = browser.new_page(base_url=live_server.url)
        page.add_init_script(path=AXE)
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto("/account/login/")
        page.fill("#id_login", admin.email)
        page.fill("#id_password", PASSWORD)
        page.click("main button[type=submit]:has-text('Sign in')")
        page.fill("#id_code", code())
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/account/" not in url)
        yield page
        browser.close()


def check(page: Any, name: str) -> None:
    """No violation, no sideways scrolling at both widths."""
    page.wait_for_load_state()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/accounts-{name}-{width}.png", full_page=True)
        found = page.evaluate(
            "async () => (await axe.run(document)).violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])"
        )
        assert found == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (name, width)


def test_account_pages(page: Any) -> None:
    for name in ("", "notifications/", "tokens/"):
        page.goto(f"/account/{name}")
        check(page, name.strip("/") or "profile")
    page.goto("/account/tokens/new/")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]:has-text('Confirm')")
    page.wait_for_url("**/account/tokens/new/")
    check(page, "new-token")
    page.fill("#id_client", "Force systems")
    page.check("main input[type=checkbox] >> nth=0")
    page.click("main button[type=submit]:has-text('Make token')")
    page.wait_for_selector("h1:has-text('Token made')")
    check(page, "token-made")
    assert page.problems == []


def test_the_administration_runs_under_our_policy(page: Any, admin: User) -> None:
    for path in ("", "accounts/user/", "accounts/user/add/", f"accounts/user/{admin.pk}/change/", "cases/offencecode/add/"):
        page.goto(f"/admin/{path}")
        assert "configuration" in page.title()
        assert "OFFICIAL-SENSITIVE" in page.inner_text("#header")
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/admin-{path.replace('/', '-')[:20]}.png", full_page=True)
    page.goto("/admin/accounts/user/add/")
    page.fill("#id_email", "ann@example.org")
    page.select_option("#id_organisation", label="Anyshire Police")
    page.fill("#id_name", "Ann EXAMPLE")
    page.check("input[name=roles][value=investigator]")
    page.click("input[name=_save]")
    page.click(".success a")
    assert page.input_value("#id_name") == "Ann EXAMPLE"
    assert page.is_checked("input[name=roles][value=investigator]")
    assert not page.is_checked("input[name=roles][value=auditor]")
    assert page.problems == []
