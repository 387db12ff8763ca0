"""The queue, the reading that goes on, the disclosure test and the sample in a real browser: by keyboard, wide and narrow."""

from typing import Any

import pytest
from django.urls import reverse

from jobs.models import Job
from redaction import actions, queue
from redaction.models import Document
from tests.factories import run_jobs
from tests.optional import requires
from tests.redaction.arrange import asked, make_statement, make_team
from tests.redaction.test_browser import look, page, sign_in  # noqa: F401 (a fixture)
from tests.redaction.test_differences import second_audience
from tests.redaction.test_held import arranged
from tests.redaction.test_queue import overdue
from tests.redaction.test_sampling import waiting
from tests.redaction.test_streaming import begun

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]


def tab_to(page: Any, text: str) -> None:  # noqa: F811
    """Go on with the Tab key until what has the focus says this."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if text in (page.evaluate("document.activeElement.textContent") or ""):
            return
    raise AssertionError(f"the keyboard does not come to “{text}”")


def test_a_copy_is_taken_and_handed_over_with_the_keyboard_alone(page: Any) -> None:  # noqa: F811
    team = make_team()
    document, release = asked(team)
    other, _ = actions.start(team.redactor, make_statement(team), audience="defence")
    overdue(other.releases.get())
    sign_in(page, team.redactor)
    tab_to(page, "Redaction")
    assert "2" in page.evaluate("document.activeElement.textContent")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="Redaction").wait_for()
    look(page, "queue")
    tab_to(page, f"Take {document.exhibit.reference}")
    page.keyboard.press("Enter")
    page.get_by_text(f"{document.exhibit} is yours").wait_for()
    page.wait_for_load_state()
    tab_to(page, f"Hand over {document.exhibit.reference}")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Hand over").wait_for()
    look(page, "hand-over")
    page.get_by_label("Give to").focus()
    page.keyboard.type(str(team.colleague))
    page.keyboard.press("Tab")
    page.keyboard.type("Pages 1 and 2 are done")
    tab_to(page, "Hand over")
    page.keyboard.press("Enter")
    page.get_by_text(f"is given to {team.colleague}").wait_for()
    look(page, "release-given")
    assert list(queue.waiting(team.colleague).filter(pk=release.pk)) == [release]
    page.goto(reverse("redaction:due", args=[document.pk, release.pk]))
    look(page, "due")
    page.goto(reverse("redaction:mine"))
    page.get_by_role("link", name="Nobody has").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**show=free")
    page.goto(f"{reverse('redaction:mine')}?show=late")
    page.get_by_text("Overdue", exact=True).first.wait_for()


def test_copies_of_a_whole_case_are_asked_for_with_the_keyboard_alone(page: Any) -> None:  # noqa: F811
    team = make_team()
    for _ in range(3):
        make_statement(team)
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:list", args=[team.case.pk]))
    page.get_by_role("link", name="Ask for several at once").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    look(page, "ask-many")
    tab_to(page, "Tick all 3")
    page.keyboard.press("Enter")
    assert page.get_by_role("checkbox", checked=True).count() == 3
    page.get_by_label("CPS").focus()
    page.keyboard.press("Space")
    tab_to(page, "Ask for the copies")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("3 redacted copies are asked for").wait_for()
    page.get_by_text("0 of 3 files read").wait_for()
    look(page, "case-reading")
    with page.expect_navigation():
        page.get_by_role("link", name="Stop the reading").click()
    look(page, "stop-reading")
    with page.expect_navigation():
        page.get_by_role("link", name="Cancel", exact=True).click()
    page.get_by_text("0 of 3 files read").wait_for()
    # The page looks by itself
    with page.expect_navigation():
        run_jobs()
    assert not page.get_by_text("files read").count()
    look(page, "case-read")


def test_the_editor_follows_while_the_file_is_read_and_keeps_the_focus(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    team = make_team()
    document = begun(team, monkeypatch)
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:editor", args=[document.pk]))
    page.get_by_text("2 of 4 pages read").wait_for()
    look(page, "reading")
    page.locator("#page-link-2").focus()
    page.wait_for_timeout(5000)
    assert page.evaluate("document.activeElement.id") == "page-link-2"
    page.locator("[data-mark]").first.focus()
    page.keyboard.press("a")
    page.locator('[data-mark][data-state="accept"]').first.wait_for()
    Job.objects.filter(object_id=document.pk).update(not_before=None)
    page.locator("#page-link-2").focus()
    run_jobs()
    page.locator("#page-link-4").wait_for()
    page.get_by_text("All 4 pages are read").wait_for()
    assert page.evaluate("document.activeElement.id") == "page-link-2"
    look(page, "read")
    page.locator("#page-link-4").click()
    page.locator("[data-mark]").first.wait_for()
    assert document.decisions.count() == 1


def test_the_page_that_waits_opens_by_itself(page: Any) -> None:  # noqa: F811
    team = make_team()
    document, _ = actions.start(team.redactor, make_statement(team), audience="cps")
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:editor", args=[document.pk]))
    page.get_by_text("The page opens by itself").wait_for()
    run_jobs()
    page.locator("[data-mark]").first.wait_for()
    assert Document.objects.get(pk=document.pk).state == "ready"


def test_what_may_meet_the_test_is_refused_with_a_way_on(page: Any) -> None:  # noqa: F811
    team, officer, document, _ = arranged()
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:editor", args=[document.pk]))
    page.locator("[data-mark][data-current]").wait_for()
    page.keyboard.press("a")
    page.get_by_text("may meet the disclosure test, and the defence").first.wait_for()
    look(page, "held-editor")
    page.get_by_role("link", name="Disclosure test: what may be redacted").click()
    page.get_by_label("What do you want to know?").fill("Page 1: the number")
    page.get_by_role("button", name="Ask").click()
    page.get_by_text("The disclosure officer is asked").wait_for()
    page.context.clear_cookies()
    sign_in(page, officer)
    page.goto("/")
    page.get_by_role("link", name="Say what may be redacted for the defence").first.click()
    look(page, "held-answer")
    page.get_by_label("TEL").check()
    page.get_by_label("Why").fill("The number is not in issue")
    page.get_by_role("button", name="Record the answer").click()
    page.get_by_text("Your answer is recorded").wait_for()
    look(page, "held-answered")
    assert document.test_answers.filter(may=True).count() == 1


def test_the_sample_and_the_comparison(page: Any) -> None:  # noqa: F811
    team, document, release = waiting()
    sign_in(page, team.approver)
    page.goto(reverse("redaction:release", args=[document.pk, release.pk]))
    look(page, "sample-release")
    page.get_by_role("link", name="Page", exact=False).first.click()
    look(page, "sample-editor")
    page.context.clear_cookies()
    team, document, _, second = second_audience()
    phone = document.proposals.get(category="TEL")
    actions.decide(team.redactor, phone, "reject", reason="The contested number")
    sign_in(page, team.redactor)
    page.goto(reverse("redaction:difference", args=[document.pk, second.pk]))
    look(page, "difference")
