"""Several people in browsers of their own at once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from tests.optional import chromium_path
from tests.redaction.keyboard import AXE, sign_in


@pytest.fixture
def enter(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[User], Any]]:
    """Signs somebody in, with the keyboard, in a context of their own; the page remembers what went wrong in `problems`."""
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread; the database is asked between its steps, never within
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])

        def come(user: User) -> Any:
            page: Any = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}).new_page()
            page.add_init_script(path=AXE)
            page.problems = []
            page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: page.problems.append(str(error)))
            sign_in(page, user)
            return page

        yield come
        browser.close()
