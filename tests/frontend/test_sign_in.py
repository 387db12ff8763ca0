"""Signing in with a second factor in a real browser: an authenticator app and a security key, under our content security policy."""

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from accounts.models import User
from tests.factories import PASSWORD, make_user
from tests.optional import chromium_path, requires

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def user() -> User:
    return make_user("investigator")


@pytest.fixture
def page(user: User, live_server: Any) -> Iterator[Any]:
    """A browser's page at the site by the name that WebAuthn accepts without TLS; its errors in `page.problems`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        page: Any = browser.new_page(base_url=live_server.url.replace("127.0.0.1", "localhost"))
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        yield page
        browser.close()


def sign_in(page: Any, user: User) -> None:
    page.goto("/account/login/")
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]:has-text('Sign in')")
    page.wait_for_url(lambda url: "/account/login/" not in url)


def sign_out(page: Any) -> None:
    page.goto("/account/logout/")
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/account/logout/" not in url)


def confirm(page: Any) -> None:
    """Changing how one signs in asks for the password again."""
    assert "Confirm that it is you" in page.title()
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]:has-text('Confirm')")
    page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def code_of(secret: str) -> str:
    """The 6 numbers that an authenticator app shows now (RFC 6238)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_an_authenticator_app_is_turned_on(page: Any, user: User) -> None:
    sign_in(page, user)
    page.goto("/account/2fa/totp/activate/")
    confirm(page)
    secret = page.inner_text("#authenticator_secret").strip()
    page.fill("#id_code", code_of(secret))
    page.click("main button[type=submit]:has-text('Turn on')")
    page.wait_for_url("**/2fa/recovery-codes/**")
    sign_out(page)
    sign_in(page, user)
    assert "Enter your code" in page.title()
    assert page.problems == []


def test_a_security_key_is_added_and_signs_in(page: Any, user: User) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": key | {"automaticPresenceSimulation": True}})
    sign_in(page, user)
    page.goto("/account/2fa/webauthn/add/")
    confirm(page)
    page.fill("#id_name", "Key on my ring")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/2fa/recovery-codes/**")
    sign_out(page)
    sign_in(page, user)
    page.click("#mfa_webauthn_authenticate")
    # A pattern that ends in "/" would fit the page it is on already
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    assert "My work" in page.title()
    assert page.problems == []


def test_whoever_types_for_long_is_warned_before_the_session_ends(page: Any, user: User) -> None:
    sign_in(page, user)
    page.clock.install()
    page.goto("/cases/new/")
    page.clock.fast_forward("24:00")
    assert not page.is_visible("[data-session-seconds]")
    page.clock.fast_forward("03:00")
    assert "You will be signed out in 3 minutes" in page.inner_text("[data-session-seconds]")
    page.clock.fast_forward("04:00")
    assert "You have been signed out" in page.inner_text("[data-session-seconds]")
