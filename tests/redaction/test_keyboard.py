"""The whole job with the keyboard alone: a statement, a chat export, a spreadsheet and a photograph from proposals to release.

Nothing here moves a mouse or clicks: people type, and reach what they press by Tab.
"""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

import documents
from demo.files import make_chat, make_photograph
from demo.statement import DATA
from evidence.models import Exhibit
from redaction import remarks, sampling
from redaction.models import Document, Release
from tests.factories import make_verified_exhibit, run_jobs
from tests.optional import requires
from tests.redaction.arrange import Team, asked, make_team, state_of
from tests.redaction.keyboard import confirm, follow, press, tab_to
from tests.redaction.test_browser import look
from tests.redaction.test_changing import Enter, told

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]
RELEASE = "**/releases/**"


def exhibit_of(team: Team, data: bytes, name: str) -> Exhibit:
    return make_verified_exhibit(team.investigator, team.case, data=data, name=name)


def statement(team: Team, folder: Path) -> Exhibit:
    return exhibit_of(team, documents.render("mg11", DATA), "statement.pdf")


def chat(team: Team, folder: Path) -> Exhibit:
    make_chat(folder / "chat.csv")
    return exhibit_of(team, (folder / "chat.csv").read_bytes(), "chat export.csv")


def spreadsheet(team: Team, folder: Path) -> Exhibit:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Calls")
    for row in (
        ["Caller", "Dialled", "Minutes"],
        ["Adaeze Okonkwo", "07700 900461", 4],
        ["Mrs Okafor", "07700 900462", 11],
        ["Marianne Thistlewood", "07700 900463", 2],
    ):
        sheet.append(row)
    book.save(folder / "calls.xlsx")
    return exhibit_of(team, (folder / "calls.xlsx").read_bytes(), "calls.xlsx")


def photograph(team: Team, folder: Path) -> Exhibit:
    make_photograph(folder / "a.jpg")
    return exhibit_of(team, (folder / "a.jpg").read_bytes(), "IMG_2041.JPG")


def open_editor(page: Any, document: Document) -> None:
    page.goto(reverse("redaction:editor", args=[document.pk]))
    page.locator("[data-page]").wait_for()


def decide_all(page: Any, document: Document) -> None:
    """Every proposal by a key, page by page; one is kept for a reason."""
    kept = False
    while document.proposals.undecided().exists():
        here = page.locator('[data-mark][data-state="open"]')
        left = here.count()
        if not left:
            with page.expect_navigation():
                page.keyboard.press("n")
            page.locator("[data-page]").wait_for()
            continue
        page.keyboard.press("n")
        if kept:
            page.keyboard.press("a")
        else:
            tab_to(page, "Reason, needed to keep")
            page.keyboard.type("Served as evidence")
            page.keyboard.press("Enter")
            kept = True
        here.nth(left - 1).wait_for(state="detached")


def send_for_approval(page: Any) -> None:
    follow(page, "Send for approval", RELEASE)
    page.get_by_text("with the approvers").first.wait_for()


def approve(page: Any, release: Release) -> None:
    page.goto(reverse("redaction:release", args=[release.document_id, release.pk]))
    press(page, "Approve")
    page.wait_for_url(lambda url: not url.endswith(f"{release.pk}/"))
    confirm(page)
    for number, entry in enumerate(sampling.entries(release)):
        # Where next to nothing is proposed the page is read whole first
        if not number:
            follow(page, f"Page {entry.number}", "**/redactions/**page=*")
        with page.expect_navigation():
            press(page, f"I have read page {entry.number} whole")
        confirm(page)
    look(page, "keyboard-approve")
    follow(page, "Approve and burn in", RELEASE)
    page.get_by_text("A worker burns it in").wait_for()


def let_go(page: Any, release: Release) -> None:
    run_jobs()
    assert state_of(release) == "verified", list(release.leak_checks.values_list("findings", flat=True))
    # The page looks by itself: going there meanwhile would race with its own reload
    page.get_by_role("button", name="Release").wait_for()
    press(page, "Release")
    page.wait_for_url(lambda url: not url.endswith(f"{release.pk}/"))
    confirm(page)
    follow(page, "Release", "**/receipt/")
    page.get_by_role("heading", name="Released").wait_for()


@pytest.mark.parametrize("make", [statement, chat, spreadsheet, photograph])
def test_from_proposals_to_release(enter: Enter, tmp_path: Path, make: Any) -> None:
    team = make_team()
    document, release = asked(team, make(team, tmp_path))
    redactor = enter(team.redactor)
    open_editor(redactor, document)
    look(redactor, f"keyboard-{make.__name__}")
    decide_all(redactor, document)
    for key in ("d", *["Control+ArrowDown"] * 20, "ArrowRight", "Shift+ArrowRight", "Enter", "Tab", "Enter"):
        redactor.keyboard.press(key)
    told(redactor, "The box is drawn")
    assert document.proposals.filter(source="hand").count() == 1
    look(redactor, f"keyboard-{make.__name__}-decided")
    send_for_approval(redactor)
    approver = enter(team.approver)
    approve(approver, release)
    let_go(approver, release)
    assert state_of(release) == "released"
    assert redactor.problems == approver.problems == []


def test_a_rejection_with_a_remark_a_second_audience_and_a_recall(enter: Enter, tmp_path: Path) -> None:
    team = make_team()
    document, release = asked(team, statement(team, tmp_path))
    redactor, approver = enter(team.redactor), enter(team.approver)
    open_editor(redactor, document)
    decide_all(redactor, document)
    send_for_approval(redactor)

    # The approver goes through the pages and sends it back for one place
    approver.goto(reverse("redaction:mine"))
    follow(approver, "Approve the redaction of", RELEASE)
    follow(approver, "Open the pages", "**/redactions/*/")
    for key in ("j", "j", "w"):
        approver.keyboard.press(key)
    approver.keyboard.type("This box is a little too narrow on its right")
    press(approver, "Add")
    told(approver, "Remarks")
    look(approver, "keyboard-remark")
    follow(approver, "For the CPS", RELEASE)
    follow(approver, "Send back", "**/send-back/")
    look(approver, "keyboard-send-back")
    tab_to(approver, "What must be changed?")
    approver.keyboard.type("See the remark")
    follow(approver, "Send back", RELEASE)
    assert state_of(release) == "sent_back"

    # The redactor goes to the place, mends it, says so
    redactor.goto(reverse("redaction:mine"))
    follow(redactor, "Mend the redaction of", "**/redactions/*/")
    look(redactor, "keyboard-sent-back")
    redactor.keyboard.press("q")
    with redactor.expect_navigation():
        redactor.keyboard.press("Enter")
    said = document.remarks.get(answers=None)
    redactor.locator(f'[data-mark="{said.proposal_id}"][data-current]').wait_for()
    for key in ("m", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"):
        redactor.keyboard.press(key)
    told(redactor, "Saved.")
    redactor.keyboard.press("q")
    redactor.keyboard.press("Tab")
    redactor.keyboard.type("Made wider")
    press(redactor, "Mark done")
    redactor.locator("#remarks", has_text="Made wider").wait_for()
    assert remarks.unsettled(release) == 0
    send_for_approval(redactor)

    # What changed since is shown to the approver
    approver.goto(reverse("redaction:release", args=[document.pk, release.pk]))
    assert "Made wider" in approver.locator("main").inner_text()
    assert "Replaced by another box" in approver.locator("main").inner_text()
    look(approver, "keyboard-changed-since")
    approve(approver, release)
    let_go(approver, release)

    # A second audience: the same decisions, another copy
    second = ask_for_defence(redactor, document)
    open_editor(redactor, document)
    send_for_approval(redactor)
    approve(approver, second)
    let_go(approver, second)
    assert state_of(second) == "released"

    # And the first is taken back
    recall(enter(team.supervisor), release)
    assert state_of(release) == "recalled"
    assert state_of(second) == "released"
    assert redactor.problems == approver.problems == []


def ask_for_defence(page: Any, document: Document) -> Release:
    page.goto(reverse("redaction:ask", args=[document.exhibit_id]))
    tab_to(page, "CPS")
    page.keyboard.press("ArrowDown")
    follow(page, "Ask for the copy", "**/redactions/**")
    made: Release = document.releases.get(audience="defence")
    return made


def recall(page: Any, release: Release) -> None:
    page.goto(reverse("redaction:release", args=[release.document_id, release.pk]))
    follow(page, "Recall", "**/recall/")
    tab_to(page, "Why is it recalled?")
    page.keyboard.type("A house number can be read")
    follow(page, "Recall", RELEASE)
    page.get_by_text("its audience no longer sees it").wait_for()
