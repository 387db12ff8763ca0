"""Three hundred exhibits in a real browser: from unreviewed to a certified MG6C, MG6D and MG6E, returned by the prosecutor,
answered, endorsed, served, and read again after a defence statement. The officer, the supervisor and their passwords are real.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect, sync_playwright

from accounts.models import User
from audit.models import Event
from disclosure import completeness
from disclosure.models import Item, Row, ScheduleVersion
from evidence.models import Exhibit
from tests.disclosure.arrange import FULLER, PLACE, SECRET, Team, make_team
from tests.e2e.browser import Person
from tests.factories import PASSWORD, make_exhibit
from tests.optional import chromium_path, requires

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]

EXHIBITS = 300
BY_KEYS = 30
KINDS = (Exhibit.Kind.DOCUMENT, Exhibit.Kind.VIDEO, Exhibit.Kind.PHOTOGRAPH, Exhibit.Kind.MESSAGES, Exhibit.Kind.AUDIO)
WHO = ("night porter", "barmaid", "taxi driver", "hotel manager", "neighbour", "paramedic", "receptionist", "security guard")
WHAT = ("the doors of the hotel", "who came to the bar", "the fare to the station", "the lift", "a coat in the hall", "the stairs")
SOURCE = {"Prosecutor who decided": "A. Lawyer", "Document that says so": "E-mail of 20/11/2026"}


def described(number: int) -> str:
    """Words that say enough, other ones for each exhibit; every fiftieth says too little, every thirtieth is about the loft."""
    if number % 50 == 20:
        return "MG11"
    day = dt.date(2026, 3, 1) + dt.timedelta(days=number % 28)
    if number % 30 == 2:
        return SECRET.replace("14/03/2026", f"{day:%d/%m/%Y}")
    return (
        f"Statement of {day.day} March 2026 by the {WHO[number % 8]} about {WHAT[number // 8 % 6]} and what followed,"
        f" {number // 28 + 2} pages"
    )


def make_exhibits(team: Team) -> None:
    for number in range(EXHIBITS):
        make_exhibit(team.investigator, team.case, description=described(number), kind=KINDS[number % len(KINDS)], location=PLACE)


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A browser. Playwright runs a loop in this thread, which Django would take for asynchronous code."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


def enter(chromium: Browser, base: str, user: User, name: str) -> Person:
    person = Person(chromium, base, name)
    person.page.set_default_timeout(30_000)
    person.sign_in(user.email, PASSWORD)
    return person


# ---- the officer decides ---------------------------------------------------------------------------------------------


def decide_by_keys(officer: Person, team: Team) -> None:
    """One key an item: the first of the queue, in turn used, scheduled, sensitive, irrelevant, not examined; one taken back."""
    officer.go(reverse("disclosure:review", kwargs={"case_id": team.case.pk}))
    heading = officer.page.locator(".app-review__item h2")
    reasons = {"3": "It shows how officers got in", "4": "Nobody of the case was there", "5": "The file is not readable yet"}
    for number in range(BY_KEYS):
        before = heading.inner_text()
        key = "3" if number % 30 == 2 else "12452"[number % 5]
        officer.page.keyboard.press(key)
        if key in reasons:
            officer.page.keyboard.type(reasons[key])
            officer.page.keyboard.press("Control+Enter")
        expect(heading).not_to_have_text(before)
        # Before the next page is there whole, its keys do nothing
        officer.page.wait_for_load_state()
    officer.page.keyboard.press("u")
    officer.sees("Decisions so far")
    officer.page.wait_for_load_state()
    officer.page.keyboard.press("2")
    officer.sees("is decided")


def decide_many(officer: Person, team: Team, outcome: str, reason: str = "", **asked: str) -> None:
    """All that the filter finds, page by page, with one reason."""
    address = reverse("disclosure:many", kwargs={"case_id": team.case.pk})
    query = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in asked.items())
    while True:
        officer.go(f"{address}?{query}")
        if not officer.page.get_by_text("Items to decide").count():
            return
        tick = officer.page.get_by_role("button", name=re.compile("^Tick all"))
        if tick.is_visible():
            tick.click()
        else:
            officer.page.get_by_role("group", name="Items to decide").get_by_role("checkbox").check()
        officer.choose("What are they?", outcome)
        if reason:
            officer.fill({"Reason": reason})
        officer.press("Decide about those that are ticked")
        officer.sees(re.compile(r"\d+ items? decided"))


def decide_one_by_one(officer: Person, team: Team, items: list[Item], choose: Callable[[Person], None]) -> None:
    for item in items:
        officer.go(f"{reverse('disclosure:review', kwargs={'case_id': team.case.pk})}?show=all&item={item.pk}")
        choose(officer)
        officer.press("Save and go on")


def sensitive(officer: Person) -> None:
    officer.choose("What is it?", "Unused, relevant, sensitive: MG6D")
    officer.fill({"Which public interest": "It shows how officers got in"})


def helpful(officer: Person) -> None:
    officer.page.get_by_label("It may undermine the prosecution or assist the accused").check()
    officer.fill({"How it may undermine or assist": "The porter puts the suspect at the station at 23:00"})


# ---- a schedule, from its draft to the prosecutor --------------------------------------------------------------------


def path_of(person: Person) -> str:
    return person.page.url.removeprefix(person.base).split("?")[0].split("#")[0]


def draft(officer: Person, team: Team, button: str) -> str:
    officer.go(reverse("disclosure:overview", kwargs={"case_id": team.case.pk}))
    officer.press(button)
    return path_of(officer)


def mend(officer: Person, version: str, rows: list[Row]) -> None:
    """Say enough in the rows that say too little."""
    for row in rows:
        officer.go(f"{version}?row={row.pk}")
        officer.fill({"Description and relevance": f"{FULLER}, with sheet {row.position} of the porter's book"})
        officer.press("Save row")
        officer.sees("is saved")


def certify(officer: Person, supervisor: Person, version: str) -> None:
    """To the supervisor and back; then the officer's name under it."""
    officer.go(version)
    officer.press("Send to the supervisor")
    officer.sees("is with the supervisor")
    supervisor.go(version)
    supervisor.press("I have checked it")
    supervisor.sees("is checked")
    officer.go(version)
    officer.follow("Certify")
    officer.confirm()
    officer.page.get_by_label("I make the statement above").check()
    officer.press("Certify")
    officer.sees("SHA-256 of what was certified")


def submit(officer: Person, version: str) -> None:
    officer.go(version)
    officer.follow("Submit to the CPS")
    officer.confirm()
    officer.press("Submit to the CPS")
    officer.page.get_by_role("heading", name="Submitted").wait_for()


def write_down(officer: Person, version: str, button: str, values: dict[str, str]) -> None:
    """One step of what the prosecutor said, in the form that has this button."""
    officer.go(f"{version}prosecutor/")
    form = officer.page.locator("form").filter(has=officer.page.get_by_role("button", name=button, exact=True))
    for label, value in (values | SOURCE).items():
        field = form.get_by_label(label, exact=False).first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value=field.locator("option", has_text=re.compile(rf"^\s*{value}\b")).first.get_attribute("value"))
        else:
            field.fill(value)
    form.get_by_role("button", name=button, exact=True).click()
    officer.page.wait_for_load_state()
    officer.look()
    expect(officer.page.get_by_role("heading", name="There is a problem")).to_have_count(0)


def version_of(path: str) -> ScheduleVersion:
    found = re.search(r"/schedules/([0-9a-f-]+)/versions/(\d+)/", path)
    assert found, path
    return ScheduleVersion.objects.with_state().select_related("schedule__case").get(schedule_id=UUID(found[1]), number=found[2])


# ---- the defence statement -------------------------------------------------------------------------------------------


def receive_statement(officer: Person, team: Team) -> None:
    officer.go(reverse("disclosure:duty", kwargs={"case_id": team.case.pk}))
    day = f"{timezone.localdate() - dt.timedelta(days=2):%d/%m/%Y}"
    officer.choose("Court", "Crown Court")
    officer.fill({"Day on which the prosecutor complied": day})
    officer.press("Work out when it is due")
    officer.fill({"Day on which it was received": day, "Issues that it raises": "Alibi: he was at the station from 22:50"})
    officer.press("Record it and re-open the items")
    officer.sees(re.compile(r"To read again: \d+"))


def read_all_again(officer: Person) -> None:
    """The first one now helps the defence; the others come to the same as before, a page at a time."""
    officer.page.get_by_role("group", name=re.compile("^Items")).get_by_role("checkbox").first.check()
    officer.choose("What do they come to?", "May")
    officer.fill({"Reason": "The porter was at the station himself at 22:55"})
    officer.press("Record what they come to")
    officer.sees("1 item read again")
    while officer.page.get_by_text(re.compile(r"To read again: \d+")).count():
        officer.page.get_by_role("button", name=re.compile("^Tick all")).click()
        officer.choose("What do they come to?", "No change")
        officer.fill({"Reason": "Says nothing of the station or of 22:50"})
        officer.press("Record what they come to")
        officer.sees(re.compile(r"\d+ items? read again"))
    officer.sees("Every item has been read again")


def test_three_hundred_exhibits_from_unreviewed_to_a_new_report(live_server: Any, chromium: Browser) -> None:
    team = make_team()
    make_exhibits(team)
    begun = time.monotonic()
    officer = enter(chromium, live_server.url, team.officer, "whole way officer")
    supervisor = enter(chromium, live_server.url, team.supervisor, "whole way supervisor")

    decide_by_keys(officer, team)
    lofts = list(Item.objects.filter(case=team.case, exhibit__description__contains="loft").in_limbo())
    decide_one_by_one(officer, team, lofts, sensitive)
    decide_many(officer, team, "Used: evidence", kind=Exhibit.Kind.VIDEO)
    decide_many(officer, team, "Clearly not relevant", "Nobody of the case took part", kind=Exhibit.Kind.MESSAGES, words="the lift")
    decide_many(officer, team, "Not examined", "The recordings wait for a machine that plays them", kind=Exhibit.Kind.AUDIO)
    decide_many(officer, team, "Unused, relevant, not sensitive: MG6C")
    assert not Item.objects.filter(case=team.case).in_limbo().exists()
    scheduled = list(Item.objects.filter(case=team.case).belonging_on("MG6C").order_by("created_at"))
    decide_one_by_one(officer, team, scheduled[3:5], helpful)
    decided = time.monotonic()

    mg6c = draft(officer, team, "Draft MG6C")
    mend(officer, mg6c, list(version_of(mg6c).rows.filter(description="MG11")))
    mg6d = draft(officer, team, "Draft MG6D")
    certify(officer, supervisor, mg6c)
    officer.sees("goes to the prosecutor with the rest of its set")
    certify(officer, supervisor, mg6d)
    mg6e = draft(officer, team, "Draft MG6E")
    certify(officer, supervisor, mg6e)
    for version in (mg6c, mg6d, mg6e):
        submit(officer, version)
    sent = time.monotonic()

    write_down(officer, mg6c, "Mark as returned", {"Why the prosecutor returned it": "Row 1 does not say what the porter saw"})
    officer.go(mg6c)
    officer.press("Begin a new version")
    second = path_of(officer)
    mend(officer, second, list(version_of(second).rows.filter(position=1)))
    certify(officer, supervisor, second)
    submit(officer, second)
    rows = version_of(second).rows.count()
    write_down(officer, second, "Endorse", {"Row numbers": "1", "Code": "D", "Reason": "It helps the defence"})
    write_down(officer, second, "Endorse", {"Row numbers": f"2-{rows}", "Code": "CND", "Reason": "Clear from the description"})
    write_down(officer, second, "Mark as endorsed", {})
    write_down(officer, second, "Mark as served", {})
    served = time.monotonic()

    receive_statement(officer, team)
    read_all_again(officer)
    report = draft(officer, team, "Draft MG6E version 2")
    certify(officer, supervisor, report)
    submit(officer, report)
    ended = time.monotonic()

    assert [version_of(path).state for path in (mg6c, second, mg6d, mg6e, report)] == [
        "superseded", "served", "submitted", "superseded", "submitted",
    ]  # fmt: skip
    assert version_of(second).rows.count() == len(scheduled)
    assert version_of(mg6d).rows.count() == EXHIBITS // 30
    assert [version_of(path).rows.count() for path in (mg6e, report)] == [2, 3]
    assert completeness.report_owed(team.case) == ""
    certified = Event.objects.for_case(team.case.pk).filter(verb="schedule.certified")
    assert {(event.after or {})["sha256"] for event in certified} == {
        version_of(path).certificate.sha256 for path in (mg6c, second, mg6d, mg6e, report)
    }
    problems = officer.problems + supervisor.problems
    assert not problems, "\n".join(problems)
    parts = (decided - begun, sent - decided, served - sent, ended - served)
    print(f"\n{EXHIBITS} exhibits: " + ", ".join(
        f"{name} {seconds:.0f} s" for name, seconds in zip(("decided", "set submitted", "served", "read again"), parts, strict=True)
    ) + f"; {ended - begun:.0f} s in all")  # fmt: skip
