"""In a real browser, by keys: a part made beside the viewer, an item closed to the team, and its way to the determination."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from disclosure import actions, fencing
from disclosure.models import Fence, Item
from tests.access.world import a_pdf
from tests.disclosure.arrange import make_item, make_team
from tests.disclosure.test_browser import look, page, review, sign_in  # noqa: F401 (`page` is a fixture)
from tests.factories import make_verified_exhibit
from tests.optional import requires

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]


def test_a_part_is_made_beside_the_viewer_and_the_rest_closed_by_keys(page: Any) -> None:  # noqa: F811
    team = make_team()
    exhibit = make_verified_exhibit(team.investigator, team.case, data=a_pdf(), description="Statement of the night manager")
    item = actions.ensure_item(exhibit)
    after = make_item(team)
    sign_in(page, team.officer)
    page.goto(review(team))
    page.keyboard.press("v")
    expect(page.locator(".app-pdf__words")).to_contain_text("Page 1", timeout=60_000)
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.locator(".app-pdf__words")).to_contain_text("Page 2", timeout=60_000)
    look(page, "beside")
    page.keyboard.press("s")
    start = page.get_by_label("From", exact=True)
    # The page that the viewer shows is offered
    assert start.input_value() == "2"
    look(page, "part")
    page.get_by_label("To", exact=True).fill("9")
    page.keyboard.press("Control+Enter")
    page.get_by_text("has 2 pages: page 9 is beyond its end").first.wait_for()
    page.problems.clear()  # the answer is a 422, which the console tells of
    look(page, "part-wrong")
    page.get_by_label("To", exact=True).fill("2")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name=f"{exhibit.reference}, page 2").wait_for()
    page.wait_for_load_state()
    page.keyboard.press("2")
    page.get_by_text(f"{exhibit.reference}, page 2 is decided").wait_for()
    assert Item.objects.filter(locator__isnull=False).get().schedule_kind == "MG6C"
    # The whole is first in the queue again: it may be privileged
    page.get_by_role("heading", name=exhibit.reference, exact=True).wait_for()
    look(page, "parts")
    page.keyboard.press("l")
    page.keyboard.type("Its second page is a solicitor's letter")
    look(page, "closing")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name=after.exhibit.reference, exact=True).wait_for()
    fence = Fence.objects.get()
    assert (fence.kind, fence.item) == ("privilege", item)
    page.goto(f"{review(team)}?show=fenced&item={item.pk}")
    look(page, "closed")
    page.goto(reverse("evidence:exhibit", args=[exhibit.pk]))
    look(page, "closed-exhibit")
    page.goto(reverse("disclosure:overview", args=[team.case.pk]))
    look(page, "closed-overview")


def test_its_way_to_the_determination_by_pages(page: Any) -> None:  # noqa: F811
    team = make_team()
    item, other = make_item(team), make_item(team)
    (fence,) = fencing.fence(team.investigator, item.exhibit, "privilege", "A solicitor's letterhead")
    fencing.fence(team.officer, other.exhibit, "secret", "Its first sheet is marked SECRET")
    sign_in(page, team.officer)
    page.goto(reverse("disclosure:fenced", args=[team.case.pk]))
    look(page, "fenced")
    page.get_by_role("link", name=item.exhibit.reference).click()
    page.get_by_role("heading", name="Counsel is instructed").wait_for()
    look(page, "fence")
    page.get_by_label("Counsel", exact=True).fill("Rhona Vance KC")
    page.get_by_label("Chambers").fill("Carden Row Chambers")
    today = timezone.localdate()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        page.get_by_role("group", name="Day of the instruction").get_by_label(part, exact=True).fill(str(value))
    page.get_by_role("button", name="Record the instruction").click()
    page.get_by_text("Recorded: independent counsel instructed").wait_for()
    look(page, "fence-instructed")
    page.get_by_label("Privileged in part").check()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        page.get_by_role("group", name="Day of the determination").get_by_label(part, exact=True).fill(str(value))
    page.get_by_label("Counsel’s reason").fill("Pages 3 to 5 are advice")
    page.get_by_role("button", name="Record the determination").click()
    page.get_by_text("Recorded: privileged in part").wait_for()
    look(page, "fence-determined")
    assert Fence.objects.get(pk=fence.pk).step == "in_part"
    page.goto(reverse("disclosure:raise_fence", args=[make_item(team).exhibit_id]))
    look(page, "raise-fence")


def test_what_is_above_the_marking_is_turned_away_at_booking_in(page: Any) -> None:  # noqa: F811
    team = make_team()
    sign_in(page, team.investigator)
    page.goto(reverse("evidence:new", args=[team.case.pk]))
    look(page, "door")
    page.get_by_label("Yes, or I can’t tell").check()
    page.get_by_role("button", name="Book in").click()
    page.get_by_role("heading", name="It was not booked in").wait_for()
    look(page, "not-here")
