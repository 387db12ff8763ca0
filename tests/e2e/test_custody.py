"""A telephone and what was read out of it, from seizure to return, by four people in real browsers; then its papers."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdf

from demo.stack import Stack
from tests.e2e import walk
from tests.e2e.browser import Person
from tests.e2e.conftest import Enter
from tests.optional import requires

# The vault's other kind is walked by the main job: nothing here differs by it
pytestmark = requires("chromium", "static", "node")

SHELF = "Wexcombe Police Station › Property store › Shelf C4"


def squeezed(text: str) -> str:
    """Text without white space and the places where long words may break."""
    return "".join(text.replace("\u200b", "").split())


def book_in(person: Person, path: str, values: dict[str, str]) -> str:
    """Book an exhibit in; its path."""
    person.go(path)
    person.fill(values)
    person.choose("above OFFICIAL-SENSITIVE", "No: it is OFFICIAL")
    person.press("Book in")
    found = re.search(r"/exhibits/[0-9a-f-]{36}/", person.page.url)
    assert found is not None, person.page.get_by_role("alert").all_inner_texts()
    return found.group()


def act(person: Person, exhibit: str, link: str, values: dict[str, str], button: str) -> None:
    """Do one thing with an exhibit from its page."""
    person.go(exhibit)
    person.follow(re.compile(f"^{link}$"))
    person.fill(values)
    person.press(re.compile(f"^{button}$"))


def hand_over(giver: Person, exhibit: str, receiver: Person, surname: str, values: dict[str, str], seal: str) -> None:
    """From one to the other, who reads the seal wrongly at first."""
    giver.go(exhibit)
    giver.follow(re.compile("^Hand over$"))
    to = giver.page.get_by_label("To whom")
    to.select_option(value=to.locator("option", has_text=surname).get_attribute("value"))
    giver.fill(values)
    giver.press(re.compile("^Hand over$"))
    giver.sees("It waits to be accepted")
    giver.look("offered")
    receiver.go("/")
    receiver.follow(re.compile("^Accept or decline"))
    receiver.follow("Accept")
    receiver.fill({"Number of the seal that is on it": "X0000000"})
    receiver.press("Accept")
    receiver.sees(re.compile("decline the hand-over and say why"))
    receiver.look("wrong seal")
    receiver.fill({"Number of the seal that is on it": seal})
    receiver.press("Accept")
    receiver.sees("It is recorded")


def take_stock(keeper: Person, phone: str) -> None:
    """Of the whole store: the telephone is scanned, then something that is none of its exhibits."""
    keeper.go("/locations/")
    keeper.follow("Property store")
    keeper.press("Start a stocktake")
    for text in (f"{keeper.base}{phone}", "5012345678900"):
        # As a scanner does: it types, and presses Enter
        keeper.page.get_by_label("Scan a label").fill(text)
        with keeper.page.expect_navigation():
            keeper.page.keyboard.press("Enter")
        keeper.sees("is noted")
    keeper.look("scanned")
    keeper.press("Finish the stocktake")
    keeper.sees("Found (1)")
    keeper.sees("Nothing is missing.")
    keeper.look("finished")


def printed(person: Person, exhibit: str, link: str) -> str:
    """A paper, as text without white space."""
    person.go(exhibit)
    with person.page.expect_download() as fetched:
        person.page.get_by_role("main").get_by_role("link", name=link).click()
    data = Path(fetched.value.path()).read_bytes()
    return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages))


def in_order(text: str, *parts: str) -> None:
    """These stand in a text one after the other."""
    place = 0
    for part in parts:
        found = text.find(squeezed(part), place)
        assert found >= 0, f"{part!r} is missing, or stands too early, in {text}"
        place = found + len(squeezed(part))


def test_a_telephone_from_seizure_to_return(stack: Stack, enter: Enter, tmp_path: Path) -> None:
    officer = enter("investigator")
    case = walk.open_case(officer, "45/204118/26")
    walk.add_to_team(officer, case, "MARSH", "Exhibits officer")
    walk.add_to_team(officer, case, "ZHAO", "Digital forensics")
    phone = book_in(
        officer,
        f"{case}exhibits/new/",
        {
            "Type": "Phone or device",
            "Description": "Grey telephone of Complainant A",
            "When seized or received": "04/11/2026 14:40",
            "Where seized or received": "Wexcombe",
        },
    )
    act(officer, phone, "Seal", {"Seal number": "A1184001", "Condition": "Screen cracked"}, "Record the seal")
    officer.sees("sealed under seal A1184001")
    officer.follow("Label with QR code")
    with officer.page.expect_download() as fetched:
        officer.page.get_by_role("button", name="Make labels").click()
    assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF-")

    keeper, examiner = enter("exhibits"), enter("forensics")
    hand_over(officer, phone, keeper, "MARSH", {"What for": "Booking in"}, "A1184001")
    act(keeper, phone, "Put in a place", {"Location": SHELF}, "Record the place")
    keeper.sees(SHELF)
    take_stock(keeper, phone)
    going = {"What for": "Extraction of messages", "Where it goes": "Digital Forensics Unit", "Due back": "31/12/2030"}
    hand_over(keeper, phone, examiner, "ZHAO", going, "A1184001")

    act(examiner, phone, "Open the seal", {"Why the seal is opened": "Extraction of messages"}, "Record the opening")
    examiner.sees("Open (was A1184001)")
    examiner.look("open")
    examiner.follow("Add what was made from it")
    extraction = book_in(
        examiner,
        examiner.page.url,
        {
            "Type": "Messages or chat export",
            "Description": "Logical extraction of the messages of AB/1",
            "When it was made": "05/11/2026 10:15",
            "Where it was made": "Digital Forensics Unit",
        },
    )
    examiner.sees("AB/1-WZ/1")
    file = tmp_path / "extraction.txt"
    file.write_text("Messages of 31/10/2026\n" * 500)
    walk.upload(examiner, extraction, file)
    act(examiner, phone, "Re-seal", {"New seal number": "B2295002", "Why it is sealed again": "Extraction done"}, "Record the seal")
    examiner.sees("AB/1-WZ/1")
    hand_over(examiner, phone, keeper, "MARSH", {"What for": "Back to the store"}, "B2295002")
    act(
        keeper,
        phone,
        "Return to the owner",
        {"Who receives it": "the owner", "On what ground it is released": "Extraction agreed by the defence"},
        "Return",
    )
    keeper.sees("Returned to the owner")
    keeper.look("returned")

    statement = printed(keeper, phone, "Continuity statement")
    bennett, marsh, zhao = "PC Alex BENNETT 2914", "Exhibits Officer Rowan MARSH 7731", "Digital Examiner Wei ZHAO 9004"
    in_order(
        statement,
        *("Made from it: AB/1-WZ/1", "Where it is now: Returned to the owner"),
        *("04/11/2026 14:40 GMT", "Seized or received", "Sealed", bennett, "A1184001"),
        *("Hand-over offered", bennett, marsh, "Hand-over accepted", marsh, "A1184001"),
        *("Put in a place", marsh, SHELF, "Seen at a stocktake", marsh),
        *("Hand-over offered", marsh, SHELF, zhao, "Hand-over accepted", zhao, "Due back 31/12/2030"),
        *("Seal opened", zhao, "A1184001 → open", "Re-sealed", zhao, "A1184001 → B2295002", "Extraction done"),
        *("Hand-over accepted", marsh, "Returned: released from custody", marsh, "the owner"),
    )
    certificate = printed(examiner, extraction, "Integrity certificate")
    in_order(certificate, "Made from: AB/1", "SHA-256", "State now: Verified", "Matches", "AB/1-WZ/1 was made from exhibit AB/1")
    assert "The log holds" in stack.manage("audit_verify")
