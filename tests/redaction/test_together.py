"""Two redactors on one document at once, each in a browser of their own: they see each other's decisions without a reload."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from redaction import actions, remarks
from redaction.models import Document
from tests.optional import requires
from tests.redaction.arrange import Team, asked, make_team, state_of
from tests.redaction.keyboard import press
from tests.redaction.test_browser import look
from tests.redaction.test_changing import Enter, told

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]


def both(enter: Enter) -> tuple[Team, Document, Any, Any]:
    """A case, its document, and the editor of each of the two."""
    team = make_team()
    document, _ = asked(team)
    pages = []
    for user in (team.redactor, team.colleague):
        page = enter(user)
        page.goto(reverse("redaction:editor", args=[document.pk]))
        page.locator("[data-mark][data-current]").wait_for()
        page.evaluate("window.here = true")
        pages.append(page)
    return team, document, pages[0], pages[1]


def not_reloaded(*pages: Any) -> bool:
    return all(page.evaluate("window.here === true") for page in pages)


def decided_as(page: Any, proposal: Any, state: str) -> None:
    page.locator(f'[data-mark="{proposal.pk}"][data-state="{state}"]').wait_for()


def test_each_sees_what_the_other_decides_draws_moves_and_says(enter: Enter) -> None:
    team, document, ours, theirs = both(enter)
    first, second = document.proposals.all()[:2]
    ours.keyboard.press("a")
    decided_as(theirs, first, "accept")
    assert theirs.locator(f'[data-box="{first.pk}"].app-redaction__box--accept').count() == 1
    assert str(team.redactor) in theirs.locator(f'[data-mark="{first.pk}"]').inner_text()
    left = document.proposals.undecided().count()
    theirs.locator("#left", has_text=f"{left} proposal").wait_for()
    theirs.locator(f'[data-mark="{first.pk}"]').focus()
    for key in ("j", "m", "ArrowLeft", "Enter"):
        theirs.keyboard.press(key)
    decided_as(ours, second, "moved")
    made = document.proposals.get(source="hand")
    decided_as(ours, made, "accept")
    assert ours.locator(f'[data-box="{made.pk}"] rect').count() == len(made.boxes)
    ours.keyboard.press("w")
    ours.keyboard.type("Look at the margin")
    press(ours, "Add")
    theirs.locator("#remarks", has_text="Look at the margin").wait_for()
    assert not_reloaded(ours, theirs)
    look(theirs, "together")
    assert ours.problems == theirs.problems == []


def test_who_decides_what_another_has_decided_meanwhile_is_told_and_asked(enter: Enter) -> None:
    team, document, ours, theirs = both(enter)
    first, second = document.proposals.all()[:2]
    # Both look at the same one; ours is quicker, theirs is typing a reason
    theirs.locator(f'[data-mark="{first.pk}"] input[name="reason"]').focus()
    theirs.keyboard.type("Served as evidence")
    ours.keyboard.press("a")
    decided_as(ours, first, "accept")
    mark = theirs.locator(f'[data-mark="{first.pk}"]')
    mark.get_by_text(f"{team.redactor} decided this meanwhile: redact.").wait_for()
    assert mark.locator('input[name="reason"]').input_value() == "Served as evidence"
    theirs.keyboard.press("Enter")
    mark.get_by_text("You chose: keep. Which of the two holds?").wait_for()
    assert first.decisions.count() == 1
    mark.locator("[data-leave]:focus").wait_for()
    look(theirs, "conflict")
    theirs.keyboard.press("Enter")
    mark.locator("[data-conflict]").wait_for(state="detached")
    decided_as(theirs, first, "accept")
    assert first.decisions.count() == 1
    # And once more, to overrule it
    theirs.locator(f'[data-mark="{second.pk}"] input[name="reason"]').focus()
    theirs.keyboard.type("Served as evidence")
    actions.decide(team.redactor, second, "accept")
    theirs.keyboard.press("Enter")
    other = theirs.locator(f'[data-mark="{second.pk}"]')
    other.locator("[data-leave]:focus").wait_for()
    theirs.keyboard.press("Tab")
    theirs.keyboard.press("Enter")
    decided_as(theirs, second, "reject")
    decided_as(ours, second, "reject")
    assert [decision.by for decision in second.decisions.order_by("id")] == [team.redactor, team.colleague]
    assert not_reloaded(ours, theirs)


def test_what_was_decided_offline_is_asked_about_if_the_other_decided_meanwhile(enter: Enter) -> None:
    team, document, ours, _ = both(enter)
    first, second = document.proposals.all()[:2]
    ours.context.set_offline(True)
    ours.keyboard.press("a")
    ours.keyboard.press("a")
    ours.get_by_text("2 decisions not yet saved").wait_for()
    actions.decide(team.colleague, first, "reject", reason="Served as evidence")
    ours.context.set_offline(False)
    mark = ours.locator(f'[data-mark="{first.pk}"]')
    mark.get_by_text("You chose: redact. Which of the two holds?").wait_for()
    assert f"{team.colleague} decided this meanwhile: keep" in mark.inner_text()
    decided_as(ours, second, "accept")
    mark.get_by_role("button", name="Redact all the same").click()
    decided_as(ours, first, "accept")
    assert [decision.by for decision in first.decisions.order_by("id")] == [team.colleague, team.redactor]


def test_a_document_that_goes_to_the_approver_and_a_remark_that_comes_are_seen(enter: Enter) -> None:
    team, document, ours, _ = both(enter)
    ours.keyboard.press("w")
    ours.keyboard.type("half a remark")
    remarks.remark(team.approver, document, "Look at the margin", page=0)
    told(ours, "Somebody has added a remark")
    assert ours.locator("#remark-text").input_value() == "half a remark"
    actions.accept_rest(team.colleague, document)
    actions.ask_approval(team.colleague, document.releases.get())
    ours.locator("[data-unsaved]", has_text="A copy is with the approver now").wait_for()


def test_an_idle_page_asks_nothing(enter: Enter) -> None:
    _, _, ours, _ = both(enter)
    asked_for: list[str] = []
    ours.on("request", lambda request: asked_for.append(request.url) if "/news/" in request.url else None)
    ours.wait_for_timeout(4000)
    assert asked_for
    ours.evaluate("Date.now = (now => () => now() + 6 * 60 * 1000)(Date.now)")
    ours.wait_for_timeout(1000)
    asked_for.clear()
    ours.wait_for_timeout(7000)
    assert asked_for == [], "a page that nobody works on doesn't keep its session alive"


def test_the_approver_rejects_with_a_remark_on_a_drawn_place(enter: Enter) -> None:
    team = make_team()
    document, release = asked(team)
    actions.accept_rest(team.redactor, document)
    actions.ask_approval(team.redactor, release)
    page = enter(team.approver)
    page.goto(reverse("redaction:editor", args=[document.pk]))
    for key in ("d", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.locator("#remark-text:focus").wait_for()
    assert page.locator("[data-remark-about]").inner_text() == "the drawn box"
    page.keyboard.type("Something shows in the margin")
    press(page, "Add")
    page.locator("[data-place]").wait_for()
    look(page, "approver-remark")
    assert remarks.unsettled(release) == 1
    assert state_of(release) == "for_approval"
    assert approver_of(document) == team.approver


def approver_of(document: Document) -> User:
    return document.remarks.get().by
