"""Presumption material, owed copies and large sets in a real browser: by keys, wide and narrow."""

from typing import Any

import pytest
from django.urls import reverse

from disclosure import actions, presumption, sampling
from disclosure.models import Item, Presumption, SetReview
from tests.disclosure.arrange import Team, make_item, make_team
from tests.disclosure.test_browser import look, page, review, sign_in  # noqa: F401 (a fixture)
from tests.disclosure.test_presumption import LOG, category
from tests.factories import make_verified_exhibit, run_jobs
from tests.optional import requires

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]


def of_case(name: str, team: Team, **more: Any) -> str:
    return reverse(f"disclosure:{name}", kwargs={"case_id": team.case.pk, **more})


def test_presumption_material_is_answered_by_keys_and_its_copy_supplied(page: Any) -> None:  # noqa: F811
    team = make_team()
    first = make_item(team, description=LOG)
    second = make_item(team, kind="video", description="CCTV of the hotel's door, 14 March 2026, 4 minutes")
    sign_in(page, team.officer)
    page.goto(review(team))
    page.get_by_text("Proposed by the words “Incident log”").wait_for()
    look(page, "presumption-review")
    page.keyboard.press("p")
    page.get_by_text("Confirmed", exact=True).wait_for()
    assert Presumption.objects.get().holds
    first.refresh_from_db()
    assert first.test == "may_meet"
    # Presumed to meet the test, it is ticked so: one key decides the rest
    page.get_by_label("Or why this presumption material does not").wait_for()
    page.wait_for_load_state()
    page.keyboard.press("2")
    page.get_by_role("heading", name=second.exhibit.reference).wait_for()
    first.refresh_from_db()
    assert (first.schedule_kind, first.test) == ("MG6C", "may_meet")
    page.goto(of_case("presumption", team))
    look(page, "presumption")
    page.get_by_role("link", name="CCTV of the hotel").click()
    look(page, "presumption-item")
    page.keyboard.press("x")
    page.get_by_text("Declined", exact=True).wait_for()
    assert [answer.holds for answer in Presumption.objects.all()] == [True, False]
    page.goto(of_case("copies", team))
    look(page, "copies")
    page.get_by_label(f"{first.exhibit.reference}:").check()
    page.get_by_role("button", name="Record as supplied").click()
    page.get_by_text("There is a problem").wait_for()
    page.problems.clear()  # the answer's own 422
    look(page, "copies-errors")
    assert page.get_by_label(f"{first.exhibit.reference}:").is_checked()
    page.get_by_label("Prosecutor who received them").fill("A. Prosecutor")
    for label, value in (("Day", "3"), ("Month", "11"), ("Year", "2026")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Record as supplied").click()
    page.get_by_role("heading", name="Owed: 0").wait_for()
    look(page, "copies-supplied")


def test_what_is_owed_is_told_before_a_submission(page: Any) -> None:  # noqa: F811
    team = make_team()
    item = make_item(team, "mg6c", description=LOG)
    presumption.answer(team.officer, item, category("2"), holds=True)
    make_item(team, "mg6c", description="Custody record of 14 March 2026, 12 pages")
    sign_in(page, team.officer)
    page.goto(of_case("overview", team))
    page.get_by_text("1 owed").wait_for()
    look(page, "presumption-overview")
    page.goto(f"{review(team)}?show=all&item={item.pk}")
    page.get_by_label("It may undermine the prosecution or assist the accused").uncheck()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Presumption material: enter why it does not meet the disclosure test").wait_for()
    look(page, "presumption-rebut")
    page.get_by_label("Or why this presumption material does not").fill("Of another night")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_text("is decided").wait_for()
    item.refresh_from_db()
    assert item.test == Item.Test.DOES_NOT


def test_a_large_set_is_searched_sampled_and_accounted_for(page: Any) -> None:  # noqa: F811
    team = make_team()
    words = "We met at the hotel. The hotel was full.\n" * 3
    exhibit = make_verified_exhibit(
        team.investigator, team.case, data=words.encode(), name="messages.txt", kind="messages", description="Messages, 3 pages"
    )
    archive = make_item(team, kind="phone", description="A black telephone").exhibit
    sign_in(page, team.officer)
    page.goto(of_case("searches", team))
    look(page, "searches-empty")
    page.get_by_label("What the set is").fill("Messages of the black telephone")
    page.get_by_label("Exhibits", exact=True).fill(f"{exhibit.reference}, {archive.reference}")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="Messages of the black telephone").wait_for()
    page.get_by_text("Add a search term").click()
    page.get_by_label("Words to look for").fill("hotel")
    page.get_by_label("Why they are looked for").fill("It is where they met")
    page.get_by_label("Who chose them").fill("The OIC and the reviewing lawyer")
    page.get_by_role("button", name="Add the term").click()
    page.get_by_role("button", name="Count them in the stored files").click()
    page.get_by_text("Counting the search terms in the stored files").wait_for()
    run_jobs("disclosure.count_terms")
    made = SetReview.objects.get()
    url = of_case("search", team, review_id=made.pk)
    # The page looks by itself: going there meanwhile would race with its own reload
    page.get_by_text("6 hits (counted in 1 stored file; not known of 1 of 2 exhibits)").first.wait_for()
    page.get_by_text("Draw a sample").click()
    page.locator("#id_draw-unit").fill("messages")
    page.locator("#id_draw-population").fill("4000")
    page.locator("#id_draw-size").fill("100")
    page.get_by_role("button", name="Draw", exact=True).click()
    page.get_by_text("100 of 4,000 messages, drawn").first.wait_for()
    page.get_by_text("Say how much was examined").click()
    page.get_by_role("button", name="Record this version").click()
    page.get_by_text("There is a problem").wait_for()
    page.problems.clear()
    look(page, "search-errors")
    sample = made.samples.get()
    sampling.state(
        team.officer,
        made,
        unit="messages",
        population=4000,
        examined=160,
        method="both",
        sample=sample,
        found="An arrangement to meet",
        rest_why="They are of other years, and the sample found nothing more",
    )
    page.goto(url)
    look(page, "search")
    page.goto(of_case("searches", team))
    look(page, "searches")
    managing = of_case("managing", team, kind="DMD")
    actions.decide(team.officer, Item.objects.get(exhibit=archive), use="unused", relevance="unexamined", reason="It is locked")
    page.goto(managing)
    page.get_by_text("160 of 4,000 messages (4.0%)").first.wait_for()
    look(page, "search-dmd")
