"""Disclosure in a real browser: the keys of the review, and every page wide and narrow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from disclosure import actions, managing
from disclosure.models import Item, Row
from tests.disclosure.arrange import WORDS, Team, certify_rest, checked, drafted, make_item, make_team
from tests.disclosure.test_lists import with_witness
from tests.disclosure.test_managing import LINE
from tests.factories import PASSWORD
from tests.optional import chromium_path, requires

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "screenshots" / "disclosure"

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


def look(page: Any, name: str) -> None:
    """No violation, no sideways scrolling, no error, at both widths; a picture of each."""
    page.wait_for_load_state()
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found = page.evaluate(
            "async () => (await axe.run(document)).violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])"
        )
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        assert found == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (name, width)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.problems == []


def review(team: Team) -> str:
    return reverse("disclosure:review", kwargs={"case_id": team.case.pk})


def come_to(page: Any, item: Item) -> None:
    """Wait until an item's page is there whole: before its script has run a key does nothing."""
    page.get_by_role("heading", name=item.exhibit.reference).wait_for()
    page.wait_for_load_state()


def test_a_queue_is_worked_through_by_keys(page: Any) -> None:
    team = make_team()
    items = [make_item(team, description=f"Letter {number}: {WORDS}") for number in range(5)]
    sign_in(page, team.officer)
    page.goto(review(team))
    look(page, "review")
    page.keyboard.press("1")
    page.get_by_text("decided").wait_for()
    page.wait_for_load_state()
    page.keyboard.press("2")
    come_to(page, items[2])
    page.keyboard.press("3")
    page.keyboard.type("Names a source 1234")
    look(page, "review-reason")
    page.keyboard.press("Control+Enter")
    come_to(page, items[3])
    page.keyboard.press("j")
    come_to(page, items[4])
    page.keyboard.press("k")
    come_to(page, items[3])
    page.keyboard.press("4")
    page.keyboard.type("The officer's own bus ticket")
    page.keyboard.press("Control+Enter")
    come_to(page, items[4])
    counts = Item.objects.filter(case=team.case).counts()
    listed = {"mg6c": 1, "mg6d": 1, "mg6e": 0}
    assert counts == {"total": 5, "in_limbo": 1, "used": 1, "not_relevant": 1, "unexamined": 0, **listed}
    assert items[2].decisions.get(field="sensitivity").reason == "Names a source 1234"
    # Back to the one decided last, and otherwise
    page.keyboard.press("u")
    come_to(page, items[3])
    page.keyboard.press("1")
    page.get_by_text(f"{items[3].exhibit.reference} is decided").wait_for()
    assert Item.objects.filter(case=team.case).counts()["used"] == 2
    page.goto(reverse("disclosure:overview", kwargs={"case_id": team.case.pk}))
    look(page, "overview")


def test_a_schedule_is_written_certified_and_submitted(page: Any) -> None:
    team = make_team()
    make_item(team, "mg6c", description="MG11", location="")
    version = drafted(team, rows=3)
    sign_in(page, team.officer)
    page.goto(reverse("disclosure:schedule", kwargs={"schedule_id": version.schedule_id}))
    look(page, "draft")
    page.get_by_role("link", name="Change row 1").click()
    look(page, "draft-editing")
    page.get_by_label("Description and relevance").fill("officer's notes")
    page.get_by_text("It says too little to decide without viewing").first.wait_for()
    look(page, "draft-writing")
    page.get_by_label("Description and relevance").fill("Statement of a neighbour about the evening of 2 May 2026, 2 pages")
    page.get_by_label("Location").fill("Store 3")
    page.get_by_role("button", name="Save row").click()
    page.get_by_text("Row 1 is saved.").wait_for()
    page.get_by_role("button", name="Send to the supervisor").click()
    page.get_by_text("is with the supervisor").wait_for()
    actions.check(team.supervisor, version)
    page.reload()
    page.get_by_role("button", name="Certify").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").last.click()
    page.get_by_role("heading", name="Check before you certify").wait_for()
    look(page, "certify")
    page.get_by_label("I make the statement above").check()
    page.get_by_role("button", name="Certify").click()
    page.get_by_role("heading", name="Certified").wait_for()
    page.get_by_text("goes to the prosecutor with the rest of its set").wait_for()
    look(page, "receipt")
    certify_rest(team, version)
    page.reload()
    page.get_by_role("button", name="Submit to the CPS").click()
    look(page, "submit")
    page.get_by_role("button", name="Submit to the CPS").click()
    page.get_by_role("heading", name="Submitted").wait_for()
    page.get_by_role("link", name="Back to").click()
    look(page, "submitted")


def test_lists_documents_and_many_items(page: Any) -> None:
    team = with_witness()
    case = {"case_id": team.case.pk}
    phone = make_item(team, "unexamined", kind="phone", description=f"Telephone: {WORDS}")
    for number in range(12):
        make_item(team, description=f"Letter {number}: {WORDS}")
    managing.write(team.officer, team.case, "DMD", "lines", LINE)
    managing.write(team.officer, team.case, "DMD", "devices", {"share": "4 of 61 days"}, thread=phone.exhibit_id)
    managing.issue(team.officer, team.case, "DMD")
    sign_in(page, team.officer)
    page.goto(reverse("disclosure:many", kwargs=case))
    look(page, "many")
    page.get_by_role("button", name="Tick all 12").click()
    assert page.get_by_role("checkbox", checked=True).count() == 12
    page.get_by_label("Clearly not relevant").check()
    page.get_by_role("button", name="Decide about those that are ticked").click()
    page.get_by_text("Enter why it can't have any impact").first.wait_for()
    # The answer's own status, 422
    page.problems.clear()
    look(page, "many-error")
    page.goto(reverse("disclosure:lists", kwargs=case))
    look(page, "lists")
    for name, key in (("managing", {}), ("managing_section", {"key": "lines"}), ("managing_version", {"number": 1})):
        page.goto(reverse(f"disclosure:{name}", kwargs=case | {"kind": "DMD"} | key))
        look(page, name)
    page.goto(reverse("disclosure:duty", kwargs=case))
    look(page, "duty")


def test_the_supervisors_page(page: Any) -> None:
    team = make_team()
    version = drafted(team, "MG6D", rows=2)
    actions.send_to_qa(team.officer, version)
    sign_in(page, team.supervisor)
    page.goto(reverse("disclosure:schedule", kwargs={"schedule_id": version.schedule_id}))
    look(page, "check")
    page.get_by_label("What must be changed").fill("Row 1: who is the source?")
    page.get_by_role("button", name="Return").click()
    page.get_by_text("back with its author").wait_for()
    assert Row.objects.filter(version=checked(team, version)).count() == 2
