"""A person at a browser who has a keyboard and no mouse."""

from pathlib import Path
from typing import Any

from accounts.models import User
from tests.factories import PASSWORD

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_NAME = """() => {
  const e = document.activeElement
  const labels = e.labels ? [...e.labels].map(label => label.textContent).join(' ') : ''
  return (e.getAttribute('aria-label') || labels || e.textContent || '').replace(/\\s+/g, ' ').trim()
}"""
_STOPS = 500


def tab_to(page: Any, name: str) -> None:
    """Press Tab until what has the focus is called so (its name begins with it)."""
    for _ in range(_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(_NAME).startswith(name):
            return
    raise AssertionError(f"nothing called {name!r} can be reached by Tab on {page.url}")


def press(page: Any, name: str) -> None:
    """Go to a button or link by Tab, and press Enter."""
    tab_to(page, name)
    page.keyboard.press("Enter")


def follow(page: Any, name: str, to: str) -> None:
    """The same for what leads to another page."""
    with page.expect_navigation(url=to):
        press(page, name)


def fill(page: Any, name: str, text: str) -> None:
    """Go to a field by Tab and type."""
    tab_to(page, name)
    page.keyboard.type(text)


def sign_in(page: Any, user: User) -> None:
    page.goto("/account/login/")
    fill(page, "Email", user.email)
    fill(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/")


def confirm(page: Any) -> None:
    """Enter the password again where that is asked, which it is some minutes after the sign-in."""
    page.wait_for_load_state()
    if "/reauthenticate/" in page.url:
        fill(page, "Password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)
