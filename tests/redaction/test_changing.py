"""Boxes moved, sized, merged and drawn in a real browser, by keyboard and mouse, online and off."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from redaction.boxes import REST
from redaction.models import Document, Proposal
from tests.optional import requires
from tests.redaction.arrange import asked, make_statement, make_team
from tests.redaction.keyboard import press, tab_to
from tests.redaction.test_browser import look

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]
Enter = Callable[[User], Any]


def opened(enter: Enter, pages: int = 1, audience: str = "cps") -> tuple[Any, Document]:
    team = make_team()
    document, _ = asked(team, make_statement(team, pages=pages), audience=audience)
    page = enter(team.redactor)
    page.goto(reverse("redaction:editor", args=[document.pk]))
    page.locator("[data-mark][data-current]").wait_for()
    return page, document


def current(page: Any) -> Proposal:
    return Proposal.objects.get(pk=page.locator("[data-mark][data-current]").get_attribute("data-mark"))


def told(page: Any, text: str) -> None:
    page.locator("#announce", has_text=text).wait_for(state="attached")


def test_a_box_is_moved_and_sized_by_keys_and_undone(enter: Enter) -> None:
    page, document = opened(enter)
    first = current(page)
    left, top, right, bottom = first.boxes[-1]
    page.keyboard.press("m")
    for key in ("ArrowLeft", "ArrowUp", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown", "Shift+Control+ArrowRight"):
        page.keyboard.press(key)
    look(page, "editor-moving")
    page.keyboard.press("Escape")
    assert page.locator(f'[data-box="{first.pk}"] rect').last.get_attribute("x") == str(left)
    assert not document.decisions.exists()
    page.keyboard.press("m")
    for key in ("ArrowLeft", "ArrowUp", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown", "Enter"):
        page.keyboard.press(key)
    told(page, "Saved.")
    made = document.proposals.get(source="hand")
    assert made.boxes[-1] == pytest.approx([left - 1, top - 2, right, bottom], abs=0.02)
    assert current(page).pk == made.pk
    assert page.locator(f'[data-box="{made.pk}"].app-redaction__box--accept').count() == 1
    look(page, "editor-moved")
    page.keyboard.press("u")
    page.locator(f'[data-mark="{first.pk}"][data-state="open"]').wait_for()
    assert not document.proposals.accepted().exists()
    assert page.problems == []


def test_a_box_is_moved_and_sized_by_mouse(enter: Enter) -> None:
    page, document = opened(enter)
    first = current(page)
    rect = page.locator(f'[data-box="{first.pk}"] rect').last
    scale = page.locator("[data-page]").evaluate("e => e.getScreenCTM().a")
    at = rect.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(at["x"] + at["width"] / 2 + 4 * scale, at["y"] + at["height"] / 2, steps=3)
    page.mouse.up()
    told(page, "Saved.")
    moved = document.proposals.get(source="hand")
    assert moved.boxes[-1][0] == pytest.approx(first.boxes[-1][0] + 4, abs=0.3)
    marks = page.locator("[data-mark]").count()
    at = page.locator(f'[data-box="{moved.pk}"] rect').last.bounding_box()
    page.mouse.move(at["x"] + at["width"] - 1, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(at["x"] + at["width"] - 1 + 10 * scale, at["y"] + at["height"] / 2, steps=3)
    page.mouse.up()
    page.locator("[data-mark]").nth(marks).wait_for(state="attached")
    sized = document.proposals.accepted().get()
    assert sized.boxes[-1][0] == pytest.approx(moved.boxes[-1][0], abs=0.1)
    assert sized.boxes[-1][2] == pytest.approx(moved.boxes[-1][2] + 10, abs=0.3)
    page.mouse.click(5, 5)
    assert page.problems == []


def test_a_move_that_frees_letters_asks_for_its_reason_and_keeps_the_box_where_it_was_put(enter: Enter) -> None:
    page, document = opened(enter, audience="defence")
    first = current(page)
    page.keyboard.press("m")
    for _ in range(5):
        page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("A decision could not be saved: Error: Enter why it stays").wait_for()
    page.locator('[data-mark][data-current] input[name="reason"]:focus').wait_for()
    page.keyboard.type("Served as evidence")
    page.keyboard.press("Enter")
    told(page, "Saved.")
    assert document.proposals.get(source="hand").boxes[0][1] == pytest.approx(first.boxes[0][1] + 50, abs=0.1)
    assert document.decisions.get(verdict="moved").reason == "Served as evidence"


def test_two_boxes_are_ticked_and_merged_by_keys(enter: Enter) -> None:
    page, document = opened(enter)
    for key in ("x", "j", "x", "t"):
        page.keyboard.press(key)
    told(page, "The boxes are merged")
    assert document.decisions.filter(verdict="moved").count() == 2
    assert document.proposals.accepted().count() == 1
    look(page, "editor-merged")
    page.keyboard.press("u")
    page.locator('[data-mark][data-state="moved"]').first.wait_for(state="detached")
    page.keyboard.press("t")
    told(page, "Tick at least two boxes")
    assert page.problems == []


def test_everything_but_two_drawn_places_is_redacted_by_keys(enter: Enter) -> None:
    page, document = opened(enter)
    for keys in (("d", *["Control+ArrowDown"] * 3, "o"), ("d", *["Control+ArrowDown"] * 9, "o")):
        for key in keys:
            page.keyboard.press(key)
    assert page.locator("[data-area]").count() == 2
    look(page, "editor-keeping")
    press(page, "Redact all else on this page")
    told(page, "Everything else is redacted")
    rest = document.proposals.get(rule=REST)
    assert len(rest.boxes) >= 5
    assert not document.proposals.undecided().exists()
    assert page.locator(f'[data-box="{rest.pk}"].app-redaction__box--rest').count() == 1
    look(page, "editor-kept-only")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    page.locator('[data-mark][data-state="open"]').first.wait_for()
    assert not document.proposals.accepted().exists()
    assert page.problems == []


def test_boxes_changed_while_the_connection_is_down_arrive_when_it_is_back(enter: Enter) -> None:
    page, document = opened(enter)
    first = current(page)
    page.context.set_offline(True)
    for key in ("m", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    page.get_by_text("1 decision not yet saved").wait_for()
    for key in ("j", "x", "j", "x", "t"):
        page.keyboard.press(key)
    page.get_by_text("2 decisions not yet saved").wait_for()
    page.keyboard.press("d")
    page.keyboard.press("Enter")
    tab_to(page, "Redact this box")
    page.keyboard.press("Enter")
    page.get_by_text("3 decisions not yet saved").wait_for()
    assert page.locator("[data-pending]").count() == 1
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert str(first.pk) in kept
    assert "Tanner" not in kept and "THISTLEWOOD" not in kept
    assert not document.decisions.exists()
    page.context.set_offline(False)
    page.locator("[data-unsaved]").wait_for(state="hidden")
    page.locator("[data-pending]").wait_for(state="detached")
    assert sorted(document.proposals.filter(source="hand").values_list("rule", flat=True)) == ["", "merged", "moved"]
    assert document.proposals.accepted().count() == 3
    page.problems.clear()  # the browser's own word that it is offline
    look(page, "editor-boxes-back-online")


def test_a_box_whose_answer_is_lost_is_drawn_once(enter: Enter) -> None:
    page, document = opened(enter)
    lost: list[str] = []

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort("connectionreset")

    page.route("**/draw/", lose)
    for key in ("d", "Enter"):
        page.keyboard.press(key)
    press(page, "Redact this box")
    page.get_by_text("1 decision not yet saved").wait_for()
    page.locator("[data-unsaved]").wait_for(state="hidden", timeout=10_000)
    told(page, "The box is drawn")
    assert len(lost) == 1
    assert document.proposals.filter(source="hand").count() == 1


def test_500_pages_with_5000_boxes_are_read_through_smoothly(enter: Enter) -> None:
    from tests.redaction.scrolling import fill_pages, scrolled

    team = make_team()
    document, _ = asked(team)
    page = enter(team.redactor)
    address = reverse("redaction:through", args=[document.pk])
    page.goto(address)
    page.locator("[data-sheet] svg image").first.wait_for()
    look(page, "through")
    fill_pages(document, pages=500, boxes=5000)
    page.goto(address)
    page.locator("[data-sheet] svg image").first.wait_for()
    seen = scrolled(page)
    assert page.locator("#page-500 svg image").count() == 1
    assert seen.sheets_at_most < 60, "pages far away are emptied again"
    assert seen.frames > 100
    assert seen.late_share < 0.1, seen
    page.evaluate("scrollTo(0, 0)")
    tab_to(page, "Page, of 500")
    page.keyboard.type("250")
    page.keyboard.press("Enter")
    page.locator("#page-250 svg image").wait_for()
    assert page.problems == []
