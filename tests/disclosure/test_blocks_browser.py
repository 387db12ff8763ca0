"""In a real browser: similar items ticked, listed as a block, seen on the schedule, one taken out, the block dissolved."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from disclosure import actions
from disclosure.models import Block
from tests.disclosure.arrange import BLOCK, make_item, make_receipts, make_team
from tests.disclosure.test_blocks import may_meet
from tests.disclosure.test_browser import look, page, sign_in  # noqa: F401 (`page` is a fixture)
from tests.optional import requires

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]


def test_many_items_become_one_row(page: Any) -> None:  # noqa: F811
    team = make_team()
    items = make_receipts(team, 12)
    make_item(team, "mg6c")
    sign_in(page, team.officer)
    page.goto(reverse("disclosure:overview", args=[team.case.pk]))
    page.get_by_role("link", name="Blocks of similar items").click()
    look(page, "blocks-none")
    page.get_by_role("button", name="List items as a block").click()
    page.get_by_label("Words in the description").fill("parcel")
    page.get_by_role("button", name="Apply filters").click()
    page.wait_for_url("**words=parcel**")
    page.get_by_role("button", name="List those that are ticked as a block").click()
    page.get_by_text("Enter why they are listed as a block").first.wait_for()
    page.problems.clear()  # the answer is a 422, which the console tells of
    look(page, "block-wrong")
    page.get_by_role("button", name="Tick all").click()
    page.get_by_label("What the items are").fill(BLOCK["title"])
    page.get_by_label("Where they are kept").fill(BLOCK["location"])
    page.get_by_label("Why they are listed as a block").fill(BLOCK["why"])
    page.get_by_role("button", name="List those that are ticked as a block").click()
    page.get_by_text("The block is made").wait_for()
    expect(page.get_by_text("Block of 12 items, seized or received 23/10/2026 to 03/11/2026")).to_be_visible()
    look(page, "block")
    block = Block.objects.get()
    assert block.places.count() == 12
    page.get_by_role("checkbox", name=items[0].label, exact=True).check()
    page.get_by_role("button", name="Take out those that are ticked").click()
    page.get_by_text("1 item taken out").wait_for()
    page.goto(reverse("disclosure:overview", args=[team.case.pk]))
    page.get_by_role("button", name="Draft MG6C").click()
    page.get_by_text("Block of 11 items").wait_for()
    page.get_by_text("The 11 items").click()
    expect(page.get_by_text(f"{items[1].label}, Other, 24/10/2026")).to_be_visible()
    look(page, "block-row")
    may_meet(team, items[5])
    page.reload()
    page.get_by_text("1 item must leave its block before this can be certified").wait_for()
    look(page, "block-must-leave")
    page.get_by_role("button", name="Bring up to date with the decisions").click()
    page.get_by_text("Block of 10 items").wait_for()
    assert block.places.standing().count() == 10
    version = actions.latest_version(team.case.schedules.get())
    assert version is not None
    assert version.rows.filter(withdrawn=False).count() == 4
    page.get_by_role("link", name="Block of items").click()
    page.get_by_role("button", name="Dissolve the block").click()
    page.get_by_text("The block is dissolved").wait_for()
    look(page, "block-dissolved")
