"""A block in the portal: its row with its items, found by them, compared between versions, on paper and for programs."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

from disclosure import actions
from disclosure.models import ScheduleVersion
from tests.disclosure.arrange import BLOCK, SECRET_BLOCK, SIGNED_FOR, certified, certify_rest, checked, make_block, make_item
from tests.disclosure.test_blocks import items_of, may_meet
from tests.portal.setting import Browser, Shared, make_shared
from tests.portal.test_api import token_of


def submit(shared: Shared, kind: str) -> ScheduleVersion:
    version = certified(shared.team, kind, rows=0)
    certify_rest(shared.team, version)
    actions.submit(shared.team.officer, version)
    return version


def test_a_prosecutor_reads_a_blocks_items_and_finds_its_row_by_them(browser: Browser) -> None:
    shared = make_shared()
    make_item(shared.team, "mg6c")
    block = make_block(shared.team, 3)
    version = submit(shared, "MG6C")
    items = [item.exhibit.reference for item in items_of(block)]
    browser.sign_in(shared.prosecutor)
    page = browser.get(f"/schedules/{version.pk}/").text
    assert BLOCK["title"] in page
    assert "Block of 3 items, seized or received 01/11/2026 to 03/11/2026" in page
    assert BLOCK["why"] in page
    assert all(f"<li>{reference}, Other, " in page for reference in items)
    # The exhibit's own description was written for nobody outside
    assert SIGNED_FOR not in page
    found = browser.get(f"/schedules/{version.pk}/?words={items[1].lower()}").text
    assert BLOCK["title"] in found
    assert found.count("Block of 3 items") == 1
    assert "It is what was certified" in browser.get(f"/schedules/{version.pk}/check/").text
    paper = browser.get(f"/schedules/{version.pk}/form/pdf/").body
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())
    assert all(reference in words[words.index("items of the block") :] for reference in items)


def test_what_left_a_block_shows_between_versions(browser: Browser) -> None:
    shared = make_shared()
    block = make_block(shared.team, 3)
    plain = make_item(shared.team, "mg6c")
    first = submit(shared, "MG6C")
    item = items_of(block)[0]
    may_meet(shared.team, item)
    second = actions.new_version(shared.team.officer, first.schedule)
    actions.certify(shared.team.officer, checked(shared.team, second))
    actions.submit(shared.team.officer, second)
    browser.sign_in(shared.prosecutor)
    page = browser.get(f"/schedules/{second.pk}/changes/").text
    gone = " ".join(re.findall(r"<del>.*?</del>", page, re.DOTALL))
    assert item.exhibit.reference in gone
    assert "2 rows differ" in page
    assert plain.exhibit.description not in page
    assert "Block of 3 items" in browser.get(f"/schedules/{first.pk}/").text


def test_a_program_gets_a_block_as_data_and_a_sensitive_one_is_marked(browser: Browser) -> None:
    shared = make_shared()
    block = make_block(shared.team, 2, "mg6d")
    version = submit(shared, "MG6D")
    answer = browser.get(f"/api/schedules/{version.pk}/", **token_of(shared.prosecutor)).json()
    (row,) = answer["rows"]
    assert row["description"] == SECRET_BLOCK["title"]
    assert row["block"]["quantity"] == 2
    assert [one["reference"] for one in row["block"]["items"]] == [item.exhibit.reference for item in items_of(block)]
    browser.sign_in(shared.prosecutor)
    assert "NOT FOR DISCLOSURE" in browser.get(f"/schedules/{version.pk}/").text
    assert str(block.pk) not in str(answer)
