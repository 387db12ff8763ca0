"""The main job as its people walk it in a browser, step by step; `test_main_job.py` runs the steps."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.browser import Person

OFFENCE = "Rape of a female aged 16 or over (SX03002)"


# ---- 1. the investigator: case, people, team, exhibit, upload --------------------------------------------------------


def open_case(investigator: Person, crime_number: str) -> str:
    """Open a case; its path."""
    investigator.go("/cases/")
    investigator.follow("Open a case")
    investigator.fill({"Crime number": crime_number, "Operation name": f"Operation {crime_number[3:9]}"})
    investigator.fill({"Offence": OFFENCE, "Committed on, or from": "31/10/2026"})
    investigator.press("Open the case")
    found = re.search(r"/cases/[0-9a-f-]{36}/", investigator.page.url)
    assert found is not None
    return found.group()


def name_people(investigator: Person, case: str) -> None:
    """The complainant under the pseudonym that is offered, with an identity apart; and an uninvolved neighbour."""
    investigator.go(f"{case}people/new/")
    investigator.choose("Who are they in the case?", "Complainant")
    investigator.fill({"Names": "Marianne Thistlewood", "Date of birth": "14/03/1997"})
    investigator.fill({"Addresses": "14 Larkspur Close, Wexcombe, Surrey, GU99 4QX"})
    investigator.fill({"Phone numbers": "07700 900461", "Email addresses": "marianne.thistlewood@example.com"})
    investigator.press("Add person")
    investigator.sees("Complainant A")
    investigator.go(f"{case}people/new/")
    investigator.choose("Who are they in the case?", "Third party")
    investigator.fill({"Name that the team sees": "Neighbour", "Names": "Priya Venkatesan"})
    investigator.fill({"Addresses": "5 Mill Rise, Wexcombe, Surrey, GU99 2HH", "Phone numbers": "020 7946 0358"})
    investigator.press("Add person")
    investigator.sees("Neighbour")
    expect(investigator.page.get_by_text("Thistlewood")).to_have_count(0)


def add_to_team(investigator: Person, case: str, member: str, role: str) -> None:
    """Put somebody on the team."""
    investigator.go(f"{case}team/new/")
    person = investigator.page.get_by_label("Person")
    option = person.locator("option", has_text=member).first.get_attribute("value")
    person.select_option(value=option)
    investigator.choose("Role on this case", role)
    investigator.press("Add to the team")
    investigator.sees(member)


def share(investigator: Person, case: str, area: str) -> None:
    """Open the case to a CPS area."""
    investigator.go(f"{case}share/")
    investigator.fill({"CPS area": area})
    investigator.press("Share case")
    investigator.sees(area)


def book_in(investigator: Person, case: str, kind: str, description: str, *, expect_reference: str) -> str:
    """Book an exhibit in under the reference that is offered; its path."""
    investigator.go(f"{case}exhibits/new/")
    expect(investigator.page.get_by_label("Exhibit reference")).to_have_value(expect_reference)
    investigator.fill({"Type": kind, "Description": description, "When seized or received": "04/11/2026 14:40"})
    investigator.fill({"Where seized or received": "Wexcombe Police Station", "Seal number": "A1184001"})
    if not investigator.page.get_by_label("Who seized or received it").input_value():
        investigator.fill({"Who seized or received it": "PC 2914 Bennett"})
    investigator.fill({"Where it is kept": "Digital evidence store"})
    investigator.choose("above OFFICIAL-SENSITIVE", "No: it is OFFICIAL")
    investigator.press("Book in")
    found = re.search(r"/exhibits/[0-9a-f-]{36}/", investigator.page.url)
    assert found is not None
    return found.group()


def upload(investigator: Person, exhibit: str, file: Path) -> None:
    """Send a small file and see it verified without a reload."""
    investigator.go(exhibit)
    investigator.page.get_by_label("Choose the file").set_input_files(file)
    investigator.sees(re.compile("^Verified"), seconds=60)
    investigator.look("verified")


def upload_interrupted(investigator: Person, exhibit: str, file: Path, other: Path) -> None:
    """Lose the connection in the middle, reload, offer a different file, then the right one: it goes on, not anew."""
    page = investigator.page
    investigator.go(exhibit)
    stored: list[str] = []
    page.on("request", lambda request: stored.append(request.url) if request.method == "PUT" else None)
    _slow(investigator, bytes_per_second=12_000_000)
    page.get_by_label("Choose the file").set_input_files(file)
    expect(page.locator("[data-upload-part=progress]")).to_be_visible()
    _wait_for_progress(investigator, 20)
    investigator.context.set_offline(True)
    page.wait_for_timeout(1500)
    before = len(stored)
    assert before >= 1
    investigator.context.set_offline(False)
    _slow(investigator, bytes_per_second=0)
    page.goto(exhibit)
    investigator.look()
    page.get_by_label("Choose the same file").set_input_files(other)
    expect(page.locator("[data-upload-part=error]")).to_contain_text(re.compile(r"part 1\b", re.IGNORECASE), timeout=60_000)
    stored.clear()
    page.goto(exhibit)
    page.get_by_label("Choose the same file").set_input_files(file)
    investigator.sees(re.compile("^Verified"), seconds=120)
    parts = -(-file.stat().st_size // (8 * 1024 * 1024))
    assert 0 < len(stored) < parts, f"{len(stored)} of {parts} parts were sent again"


def _wait_for_progress(person: Person, percent: int) -> None:
    """Until the bar shows so much (asked from here: the page's policy forbids Playwright's own polling by `eval`)."""
    bar = person.page.locator("[data-upload-part=bar]")
    for _ in range(600):
        if bar.evaluate("bar => bar.value / bar.max * 100") >= percent:
            return
        person.page.wait_for_timeout(100)
    raise AssertionError(f"the upload did not get to {percent} %")


def _slow(person: Person, *, bytes_per_second: int) -> None:
    """Throttle the person's line (0: not at all), so that an upload lasts long enough to be interrupted."""
    session = person.context.new_cdp_session(person.page)
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 20 if bytes_per_second else 0,
            "downloadThroughput": -1,
            "uploadThroughput": bytes_per_second or -1,
        },
    )


# ---- 3. disclosure: decide, write, check, certify, submit ------------------------------------------------------------


def decide(officer: Person, case: str, outcomes: dict[str, str]) -> None:
    """Decide about each exhibit (reference to answer) in the review page, in the order of its queue."""
    officer.go(f"{case}disclosure/")
    officer.follow("Review items")
    for _ in outcomes:
        reference = officer.page.locator(".app-review__item h2").inner_text()
        officer.choose("What is it?", outcomes[reference])
        officer.press("Save and go on")
    officer.sees("Everything is decided")


def write_schedule(officer: Person, case: str, description: str, location: str) -> str:
    """Draft MG6C (words come from the exhibits), write its first row anew and hand it on; the version's path."""
    officer.go(f"{case}disclosure/")
    officer.page.get_by_role("row").filter(has_text="MG6C").get_by_role("button").click()
    officer.page.wait_for_load_state()
    officer.look()
    officer.follow(re.compile("^Change"))
    officer.fill({"Description and relevance": description, "Location": location})
    officer.press("Save row")
    officer.press("Send to the supervisor")
    officer.sees("With the supervisor")
    return officer.page.url.removeprefix(officer.base).split("?")[0].split("#")[0]


def check(supervisor: Person, version: str) -> None:
    """The supervisor's word that the version is in order."""
    supervisor.go(version)
    supervisor.press("I have checked it")
    supervisor.sees("Checked by the supervisor")


def certify(officer: Person, version: str) -> None:
    """Freeze the version."""
    officer.go(version)
    officer.follow("Certify")
    officer.confirm()
    officer.page.get_by_role("main").get_by_role("checkbox").check()
    officer.press("Certify")
    officer.sees(re.compile("SHA-256"))


def certify_nil(officer: Person, supervisor: Person, case: str, kind: str) -> str:
    """A schedule with nothing to list, checked and certified: the set is not whole without it; the version's path."""
    officer.go(f"{case}disclosure/")
    officer.press(f"Draft {kind}")
    officer.press("Send to the supervisor")
    officer.sees("With the supervisor")
    version = officer.page.url.removeprefix(officer.base).split("?")[0].split("#")[0]
    check(supervisor, version)
    certify(officer, version)
    return version


def submit(officer: Person, version: str) -> None:
    """Give the version to the CPS."""
    officer.go(version)
    officer.follow("Submit to the CPS")
    officer.confirm()
    officer.press("Submit to the CPS")
    officer.go(version)
    officer.sees("Submitted")
    officer.look("submitted")
    officer.go(f"{version.split('/versions/', maxsplit=1)[0]}/")


# ---- 4. redaction: ask, decide, draw, approve, release ---------------------------------------------------------------


def ask_for_redaction(redactor: Person, exhibit: str) -> str:
    """Ask for a copy for the CPS and wait until the worker has proposed; the editor's path."""
    redactor.go(f"{exhibit}redaction/")
    redactor.page.get_by_role("main").get_by_label("CPS", exact=False).first.check()
    redactor.fill({"What is it needed for?": "Charging decision"})
    redactor.press("Ask for the copy")
    expect(redactor.page.locator("[data-redaction]")).to_be_visible(timeout=90_000)
    redactor.look("editor")
    return redactor.page.url.removeprefix(redactor.base).split("?")[0]


def decide_boxes(redactor: Person, editor: str) -> None:
    """Keep one by its button with a reason, accept one by key, draw one, accept the rest of every page; hand it on."""
    page = redactor.page
    redactor.go(editor)
    keep = page.locator("[data-mark]").filter(has=page.locator("mark", has_text="2914")).first
    if not keep.count():
        keep = page.locator("[data-mark]").filter(has=page.locator("mark", has_text="Fairbrass")).first
    if keep.count():
        keep.get_by_label("Reason").fill("Evidence that is served")
        keep.get_by_role("button", name=re.compile("^Keep")).click()
        expect(page.locator("[data-mark][data-state=reject]").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("[data-mark][data-state=accept]").first).to_be_visible()
    _draw(redactor)
    for number in range(page.locator("#pages a").count()):
        page.locator("#pages a").nth(number).click()
        page.wait_for_load_state()
        button = page.get_by_role("button", name="Redact all undecided on this page")
        if button.count():
            button.click()
            page.wait_for_load_state()
    redactor.sees(re.compile("Everything proposed is decided"))
    redactor.press("Send for approval")


def _draw(redactor: Person) -> None:
    """A box by the form that a keyboard can use."""
    page = redactor.page
    before = page.locator("[data-mark]").count()
    page.get_by_text("Draw a box", exact=True).click()
    form = page.locator("form[data-draw]")
    for label, value in {"Left": "57", "Top": "800", "Right": "120", "Bottom": "815"}.items():
        form.get_by_label(re.compile(label, re.IGNORECASE)).fill(value)
    form.get_by_role("button", name="Redact this box").click()
    expect(page.locator("[data-mark]")).to_have_count(before + 1)


def approve(approver: Person, case: str, reference: str) -> str:
    """Read, approve, wait for the burnt-in copy and its leak check; the release's path."""
    approver.go(f"{case}redaction/")
    approver.follow(re.compile(reference))
    if "/releases/" not in approver.page.url:
        approver.follow("For the CPS")
    release = approver.page.url.removeprefix(approver.base).split("?")[0]
    approver.follow("Approve")
    approver.confirm()
    approver.press("Approve and burn in")
    approver.sees("Leak check passed", seconds=120)
    approver.look("checked")
    return release


def release(approver: Person, path: str) -> None:
    """Let the checked copy go to the CPS."""
    approver.go(path)
    approver.follow("Release")
    approver.confirm()
    approver.press("Release")
    approver.go(path)
    approver.sees("Released")
    approver.look("released")


# ---- 5. the prosecutor, in the portal --------------------------------------------------------------------------------


def read_in_portal(prosecutor: Person, case: str, download: Path) -> None:
    """The schedule, then the released copy, downloaded to ``download``."""
    prosecutor.go("/")
    prosecutor.go(case)
    prosecutor.follow(re.compile("MG6C"))
    prosecutor.sees(re.compile("CCTV recording"))
    prosecutor.go(case)
    prosecutor.page.get_by_role("main").locator("a[href*='/copies/']").first.click()
    prosecutor.page.wait_for_load_state()
    prosecutor.look()
    prosecutor.fill({"What do you open it for?": "Charging decision"})
    with prosecutor.page.expect_download() as fetched:
        prosecutor.page.get_by_role("button", name="Download").click()
    fetched.value.save_as(download)
    prosecutor.go(f"{case}log/")


# ---- what all of it looks like afterwards ----------------------------------------------------------------------------


def look_around(person: Person, case: str) -> None:
    """The case's lists now that they hold something."""
    for path in ("", "exhibits/", "disclosure/", "people/", "team/", "log/"):
        person.page.goto(f"{case}{path}")
        person.look("filled")
    person.page.goto("/")
    person.look("filled")
    person.go("/account/notifications/")
    person.go("/account/")


# ---- 6. the auditor --------------------------------------------------------------------------------------------------


def verify_log(auditor: Person, case: str) -> None:
    """The log in order, filtered, and verified with one click."""
    auditor.go("/audit/")
    auditor.go(f"{case}log/")
    auditor.fill({"Act": "File verified"})
    auditor.press("Apply filters")
    auditor.go(f"{case}log/")
    auditor.press("Verify this log")
    auditor.sees("The log holds", seconds=60)
    auditor.look("held")
    response = auditor.page.goto(f"{case}exhibits/")
    assert response is not None and response.status == 404, "an auditor sees no evidence"
