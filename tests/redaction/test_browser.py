"""The redaction editor in a real browser: the keys, drawing, and every page wide and narrow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from redaction import actions
from tests.factories import PASSWORD, run_jobs
from tests.optional import chromium_path, requires
from tests.redaction.arrange import asked, make_photograph, make_statement, make_team, state_of

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "screenshots" / "redaction"

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A browser's page that remembers what went wrong in `page.problems`."""
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread; the database is asked between its steps, never within
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        page: Any = browser.new_page(base_url=live_server.url)
        page.add_init_script(path=AXE)
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        yield page
        browser.close()


def sign_in(page: Any, user: User) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("/")


def confirm(page: Any) -> None:
    """Enter the password again where that is asked, which it is some minutes after the sign-in."""
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button").last.click()
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def look(page: Any, name: str) -> None:
    """No violation, no sideways scrolling, no error, at three widths; a picture of each."""
    page.wait_for_load_state()
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in (1280, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found = page.evaluate(
            "async () => (await axe.run(document)).violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])"
        )
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        assert found == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (name, width)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.problems == []


def test_a_page_is_decided_by_keys_and_a_box_drawn_by_mouse(page: Any) -> None:
    team = make_team()
    document, release = asked(team, make_statement(team, pages=2))
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:editor", args=[document.pk]))
    look(page, "editor")
    marks = page.locator("[data-mark]")
    page.keyboard.press("a")
    page.locator('[data-mark][data-state="accept"]').first.wait_for()
    page.keyboard.press("r")
    page.locator('[data-mark][data-current] input[name="reason"]:focus').wait_for()
    page.keyboard.type("The age is in issue")
    page.keyboard.press("Enter")
    page.locator('[data-mark][data-state="reject"]').first.wait_for()
    assert marks.nth(1).get_attribute("data-state") == "reject"
    page.keyboard.press("k")
    page.keyboard.press("u")
    page.locator('[data-mark][data-state="reject"]').wait_for(state="detached")
    assert page.locator(".app-redaction__box--accept").count() == 1
    assert marks.nth(1).get_attribute("data-state") == "open"
    page.keyboard.press("y")
    page.locator('[data-mark][data-state="reject"]').first.wait_for()
    page.keyboard.press("u")
    page.locator('[data-mark][data-state="reject"]').wait_for(state="detached")
    look(page, "editor-decided")
    with page.expect_navigation():
        page.get_by_role("button", name="Redact all undecided on this page").click()
    page.get_by_text("accepted on page 1").wait_for()
    page.keyboard.press("n")
    page.wait_for_url("**page=2")
    # News of it may reach the page before the answer does
    with page.expect_navigation():
        page.get_by_role("button", name="Redact all undecided on this page").click()
    page.get_by_text("Everything proposed is decided").wait_for()
    # Below a long banner it may begin at the window's lower edge
    page.locator("[data-page]").evaluate("sheet => sheet.scrollIntoView()")
    sheet = page.locator("[data-page]").bounding_box()
    page.mouse.move(sheet["x"] + 60, sheet["y"] + 200)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 160, sheet["y"] + 260, steps=4)
    page.mouse.up()
    assert float(page.get_by_label("Right").input_value()) > float(page.get_by_label("Left").input_value()) > 0
    page.get_by_label("Category", exact=True).last.select_option(index=1)
    look(page, "editor-drawing")
    page.get_by_role("button", name="Redact this box").click()
    page.get_by_text("The box is drawn").wait_for()
    assert document.proposals.filter(source="hand", page=1).count() == 1
    page.get_by_role("button", name="Send for approval").click()
    page.get_by_text("with the approvers").wait_for()
    look(page, "sent")
    assert state_of(release) == "for_approval"


def test_a_reason_is_asked_for_where_policy_redacts(page: Any) -> None:
    team = make_team()
    document, _ = asked(team, audience="defence")
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:editor", args=[document.pk]))
    page.keyboard.press("r")
    page.get_by_text("Enter why it stays").wait_for()
    page.locator('[data-mark][data-current] input[name="reason"]:focus').wait_for()
    page.keyboard.type("Served as evidence")
    page.locator("[data-mark][data-current]").get_by_role("button", name="Keep").click()
    page.locator('[data-mark][data-state="reject"]').first.wait_for()
    assert document.decisions.get().reason == "Served as evidence"


def test_approval_and_release(page: Any) -> None:
    team = make_team()
    document, release = asked(team, make_photograph(team))
    actions.draw(team.redactor, document, 0, [40, 60, 120, 150], "FAC")
    actions.ask_approval(team.redactor, release)
    sign_in(page, team.approver)
    page.goto(reverse("redaction:mine"))
    look(page, "mine")
    page.get_by_role("link", name="Approve the redaction of").first.click()
    look(page, "release-waiting")
    # The photograph has next to nothing proposed: it is read whole first
    page.get_by_role("link", name="Page 1").click()
    look(page, "sample")
    page.get_by_role("button", name="I have read page 1 whole").click()
    confirm(page)
    look(page, "approve")
    page.get_by_role("button", name="Approve and burn in").click()
    page.get_by_text("A worker burns it in").wait_for()
    look(page, "burning")
    run_jobs()
    # The page looks by itself: going there meanwhile would race with its own reload
    page.get_by_role("button", name="Release").wait_for()
    look(page, "release-verified")
    page.get_by_role("button", name="Release").click()
    confirm(page)
    look(page, "confirm")
    page.get_by_role("main").get_by_role("button", name="Release").click()
    page.get_by_role("heading", name="Released").wait_for()
    look(page, "receipt")
    page.goto(reverse("redaction:recall", args=[document.pk, release.pk]))
    look(page, "recall")
    page.goto(reverse("redaction:editor", args=[document.pk]))
    look(page, "editor-photograph")
    page.goto(reverse("redaction:list", args=[team.case.pk]))
    look(page, "list")


def test_asking_and_waiting(page: Any) -> None:
    team = make_team()
    exhibit = make_statement(team)
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:ask", args=[exhibit.pk]))
    look(page, "ask")
    page.get_by_label("CPS").check()
    page.get_by_role("button", name="Ask for the copy").click()
    page.get_by_text("is asked for").wait_for()
    look(page, "reading")


def test_a_case_is_decided_by_what_it_says_with_the_keyboard_alone(page: Any) -> None:
    team = make_team()
    first, _ = asked(team, make_statement(team, pages=2))
    second, _ = asked(team)
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:case_groups", args=[team.case.pk]))
    look(page, "groups")
    total = first.proposals.undecided().count() + second.proposals.undecided().count()
    page.keyboard.press("a")
    page.get_by_text("redacted in 2 documents").wait_for()
    page.wait_for_load_state()
    page.keyboard.press("u")
    page.get_by_text("undone in 2 documents").wait_for()
    page.wait_for_load_state()
    assert first.proposals.undecided().count() + second.proposals.undecided().count() == total
    while page.locator("[data-mark]").count():
        page.keyboard.press("a")
        page.get_by_text("redacted in 2 documents").wait_for()
        page.wait_for_load_state()
        page.evaluate("document.querySelector('.govuk-notification-banner').remove()")
    assert not first.proposals.undecided().exists() and not second.proposals.undecided().exists()
    look(page, "groups-done")


def test_a_decision_made_while_the_connection_is_down_arrives_when_it_is_back(page: Any) -> None:
    team = make_team()
    document, _ = asked(team)
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:editor", args=[document.pk]))
    page.context.set_offline(True)
    page.keyboard.press("a")
    page.get_by_text("1 decision not yet saved").wait_for()
    page.keyboard.press("a")
    page.get_by_text("2 decisions not yet saved").wait_for()
    look_offline = page.locator(".govuk-tag", has_text="not yet saved")
    assert look_offline.count() == 2
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert str(document.proposals.all()[0].pk) in kept and "Tanner" not in kept and "THISTLEWOOD" not in kept
    assert not document.decisions.exists()
    page.problems.clear()  # the browser's own word that it is offline
    page.context.set_offline(False)
    look_offline.first.wait_for(state="detached")
    page.locator("[data-unsaved]").wait_for(state="hidden")
    assert document.proposals.accepted().count() == 2
    assert page.locator('[data-mark][data-state="accept"]').count() == 2
    look(page, "editor-back-online")


def test_the_same_words_are_redacted_everywhere_by_one_key(page: Any) -> None:
    team = make_team()
    document, _ = asked(team, make_statement(team, pages=2))
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:editor", args=[document.pk]))
    page.keyboard.press("g")
    page.locator('[data-mark][data-state="accept"]').first.wait_for()
    assert {found.page for found in document.proposals.accepted()} == {0, 1}
    assert "2 redacted" in page.locator("#announce").inner_text()
    page.keyboard.press("?")
    look(page, "editor-keys")
    page.keyboard.press("u")
    page.locator('[data-mark][data-state="accept"]').first.wait_for(state="detached")
    assert not document.proposals.accepted().exists()
    page.keyboard.press("d")
    for key in ("ArrowDown", "ArrowRight", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("The box is drawn").wait_for()
    assert document.proposals.filter(source="hand").count() == 1


def test_words_are_searched_and_redacted_with_the_keyboard_alone(page: Any) -> None:
    team = make_team()
    document, release = asked(team, make_statement(team, pages=2))
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:editor", args=[document.pk]))
    page.keyboard.press("v")
    page.locator(".app-redaction__page--preview").wait_for()
    page.keyboard.press("+")
    page.keyboard.press("a")
    page.locator(".app-redaction__page--preview .app-redaction__box--accept").wait_for()
    page.keyboard.press("-")
    look(page, "editor-preview")
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    page.get_by_label("Words to find").focus()
    page.keyboard.type("had HAPPENED")
    page.keyboard.press("Enter")
    page.get_by_text("Found in 2 places").wait_for()
    look(page, "search")
    page.locator('input[name="place"]').first.focus()
    for key in ("Space", "Tab", "Tab", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("Redacted in 1 place").wait_for()
    assert document.proposals.get(source="hand").page == 0
    assert "happened" not in page.url.lower()
    page.goto(reverse("redaction:redaction_log", args=[document.pk, release.pk]))
    look(page, "log")
    sign_in_as(page, team.supervisor)
    page.goto(reverse("redaction:figures"))
    look(page, "figures")


def sign_in_as(page: Any, user: User) -> None:
    page.context.clear_cookies()
    sign_in(page, user)
