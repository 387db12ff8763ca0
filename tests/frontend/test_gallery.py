"""Every component in a real browser, wide and narrow: no axe violation, nothing that the content security policy blocks."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.optional import chromium_path, requires

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 390)

pytestmark = [
    requires("chromium", "static"),
    pytest.mark.urls("tests.frontend.gallery"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def gallery_templates(settings: Any) -> None:
    """Puts the gallery's own template beside the project's."""
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [*settings.TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]}]


@pytest.fixture
def page(gallery_templates: None, live_server: Any) -> Iterator[Any]:
    """A page of a browser that remembers what went wrong in `page.problems`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        page: Any = browser.new_page(base_url=live_server.url)
        page.add_init_script(path=AXE)
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        yield page
        browser.close()


def violations(page: Any) -> list[Any]:
    """What axe finds, by WCAG 2.2 AA and best practice, with the markup it is about."""
    found: list[Any] = page.evaluate(
        "async () => (await axe.run(document)).violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])"
    )
    return found


def check(page: Any) -> None:
    """No violation, no sideways scrolling, no error, at both widths."""
    page.wait_for_load_state()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width
    assert page.problems == []


def test_every_component_and_every_error(page: Any) -> None:
    page.goto("/gallery/?said=1")
    page.wait_for_selector("#work:not([hx-get])")
    check(page)
    page.click("text=Continue")
    page.wait_for_selector(".govuk-error-summary")
    assert page.title().startswith("Error: Gallery")
    check(page)


def test_a_radio_reveals_its_question(page: Any) -> None:
    page.goto("/gallery/")
    assert not page.is_visible("#id_reason")
    page.check("#id_relevant_1")
    assert page.is_visible("#id_reason")
    page.check("#id_relevant_0")
    assert not page.is_visible("#id_reason")


def test_the_filter_is_folded_on_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/gallery/")
    assert not page.is_visible("#id_words")
    page.goto("/gallery/?words=phone")
    assert page.is_visible("#id_words")


def test_sign_in_and_its_errors(page: Any) -> None:
    page.goto("/account/login/")
    check(page)
    page.click("main button[type=submit]")
    page.wait_for_selector(".govuk-error-summary")
    assert page.title().startswith("Error: Sign in")
    check(page)


def test_every_printed_sheet_carries_the_marking_at_its_head_and_foot(page: Any) -> None:
    page.goto("/gallery/")
    sheets = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, 1):
        text = sheet.extract_text()
        assert text.count("OFFICIAL-SENSITIVE") >= 2, number
        assert f"Page {number} of {len(sheets)}" in text
        assert "Apply filters" not in text
