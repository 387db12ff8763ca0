"""Every form in both formats: its words, taken out again, are those of the database; marking, page, version and signatures stand
where they must."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import docx
import pytest
from pypdf import PdfReader

from cases import actions as case_actions
from cases.models import Case
from disclosure import actions, lists, managing, printed, prosecution
from disclosure.models import ScheduleVersion
from tests.disclosure.arrange import Team, certified, certify_rest, checked, make_item, make_team
from tests.disclosure.test_lists import with_witness
from tests.disclosure.test_managing import LINE, said_of

pytestmark = pytest.mark.django_db
LAWYER = prosecution.Source("A. Lawyer", "E-mail of 20/11/2026")


@dataclass
class Expected:
    """A form, and what must be read on it: `words` anywhere in this order, `foot` on every page."""

    make: Callable[[str], bytes]
    words: list[str]
    foot: str
    reserved: bool = False
    signs: str = "Reviewing lawyer"
    never: list[str] = field(default_factory=list)


def of_schedule(version: ScheduleVersion) -> Expected:
    kind, sha256 = version.schedule.kind, version.certificate.sha256
    words = []
    for row in version.rows.order_by("position"):
        words += [str(row.position), *([row.description] if not row.withdrawn else ["Withdrawn"])]
        if kind == "MG6D" and not row.withdrawn:
            words.append(row.sensitivity_reason)
        elif kind in ("MG6C", "SDC") and not row.withdrawn:
            words.append(row.location)
    return Expected(
        lambda kind: printed.form(version, kind),
        [f"{kind}: ", *words, version.certificate.statement, str(version.certificate.by), sha256],
        f"{kind} version {version.number} – SHA-256 {sha256[:12]}",
        reserved=version.schedule.is_restricted,
    )


def mg6c(team: Team) -> Expected:
    """Endorsed, and with a row withdrawn since."""
    items = [make_item(team, "mg6c") for _ in range(3)]
    first = certified(team, rows=0)
    actions.decide(team.officer, items[1], use="used")
    version = checked(team, actions.new_version(team.officer, first.schedule))
    actions.certify(team.officer, version)
    certify_rest(team, version)
    actions.submit(team.officer, version)
    prosecution.endorse(team.officer, version, {1: prosecution.Entry("D", "It helps the defence")}, LAWYER)
    expected = of_schedule(version)
    expected.words[4:4] = ["D: ", "It helps the defence"]
    return expected


def mg6d(team: Team) -> Expected:
    return of_schedule(certified(team, "MG6D"))


def nil(team: Team) -> Expected:
    expected = of_schedule(certified(team, "MG6D", rows=0))
    expected.words.insert(1, "nil")
    return expected


def mg6e(team: Team) -> Expected:
    for reason in ("It puts the suspect elsewhere at 23:00", "The door was open all night"):
        actions.decide(team.officer, make_item(team, "mg6c"), test="may_meet", reason=reason)
    certified(team, rows=0)
    expected = of_schedule(certified(team, "MG6E", rows=0))
    expected.words[1:5] = ["1", "MG6C", "1", "It puts the suspect", "2", "MG6C", "2", "The door was open all night"]
    return expected


def sdc(team: Team) -> Expected:
    make_item(team, "mg6c")
    return of_schedule(certified(team, "SDC", rows=0))


def in_case(team: Team) -> Team:
    case_actions.add_person(team.investigator, team.case, kind="suspect", label="HOLLIS, Daniel")
    return team


def mg9(team: Team) -> Expected:
    """With contact details, for the CPS."""
    team = in_case(with_witness())
    words = ["MG9: Witness list", "HOLLIS, Daniel", team.case.crime_number, "1", "Complainant A", "2", "Jo Reed", "Baker", "ST/1"]
    words += ["1 Elm Row", "Not in May", "Printed", str(team.investigator)]
    make = witness_list(team, contact=True)
    return Expected(make, words, "MG9", reserved=True, signs="Officer")


def mg9_served(team: Team) -> Expected:
    team = in_case(with_witness())
    words = ["MG9: Witness list", "Complainant A", "Jo Reed", "Baker", "ST/1"]
    return Expected(witness_list(team, contact=False), words, "MG9", signs="Officer", never=["Elm Row", "07700"])


def witness_list(team: Team, *, contact: bool) -> Callable[[str], bytes]:
    case: Case = team.case
    return lambda kind: lists.witness_list(team.investigator, case, reason="For the file", contact=contact, kind=kind)


def mg12(team: Team) -> Expected:
    for number in range(1, 40):
        make_item(team, "used", reference=f"AB/{number}", description=f"Photograph {number} of the door", seized_by="PC 7")
    words = ["MG12: Exhibit list"]
    for number in range(1, 40):
        words += [f"AB/{number}", f"Photograph {number} of the door", "PC 7", "store 3"]
    return Expected(lambda kind: lists.exhibit_list(team.officer, team.case, kind), words, "MG12", signs="Officer")


def managed(kind: str) -> Callable[[Team], Expected]:
    def of(team: Team) -> Expected:
        in_case(team)
        phone = make_item(team, "unexamined", kind="phone", reference="PH/1", description="A black telephone")
        managing.write(team.officer, team.case, "IMD", "lines", LINE)
        managing.write(team.officer, team.case, "IMD", "devices", {"share": "4 of 61 days"}, thread=phone.exhibit_id)
        document = managing.issue(team.officer, team.case, kind)
        lines = [word for section in said_of(document).values() for label, value in section for word in (label, value)]
        foot = f"{kind} version 1 – SHA-256 {document.sha256[:12]}"
        words = [f"{kind}: ", "HOLLIS, Daniel", *lines, str(team.officer), document.sha256]
        return Expected(lambda to: managing.form(document, to), words, foot)

    return of


FORMS: dict[str, Callable[[Team], Expected]] = {
    "MG6C": mg6c, "MG6D": mg6d, "MG6D nil": nil, "MG6E": mg6e, "SDC": sdc, "MG9": mg9, "MG9 served": mg9_served, "MG12": mg12,
    "DMD": managed("DMD"), "IMD": managed("IMD"),
}  # fmt: skip


def plain(text: str) -> str:
    """Without the spaces of the setting, and without the places where a long word may break."""
    return re.sub(r"[\s\u200b]+", "", text)


def stand_in_order(text: str, words: list[str]) -> None:
    at = 0
    for word in words:
        found = text.find(plain(word), at)
        assert found >= 0, f"{word!r} is not there, or not after what it follows"
        at = found + len(plain(word))


@pytest.mark.parametrize("name", FORMS)
def test_a_form_says_what_the_database_says(name: str) -> None:
    expected = FORMS[name](make_team())
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(expected.make("pdf"))).pages]
    mark = "OFFICIAL-SENSITIVE" + (" – NOT FOR DISCLOSURE" if expected.reserved else "")
    for number, page in enumerate(pages, 1):
        assert plain(page).count(plain(mark)) == 2, number
        assert plain(f"{expected.foot}") in plain(page), number
        assert plain(f"Page {number} of {len(pages)}") in plain(page), number
        assert expected.reserved or "NOT FOR DISCLOSURE" not in page
    # What stands above and below each page is no part of what the form says
    said = [page.split("\n") for page in pages]
    stand_in_order(plain("".join("".join(lines[1:]) for lines in said)), [*expected.words])
    assert plain(f"{expected.signs} Name Signature Date") in plain(pages[-1])
    assert not [word for word in expected.never if plain(word) in plain("".join(pages))]


@pytest.mark.parametrize("name", FORMS)
def test_the_word_file_says_it_too(name: str) -> None:
    expected = FORMS[name](make_team())
    document = docx.Document(io.BytesIO(expected.make("docx")))
    section = document.sections[0]
    mark = "OFFICIAL-SENSITIVE" + (" – NOT FOR DISCLOSURE" if expected.reserved else "")
    for part in (section.header, section.footer):
        assert mark in part.paragraphs[0].text
        assert expected.reserved or "NOT FOR DISCLOSURE" not in part.paragraphs[0].text
    assert expected.foot in section.footer.paragraphs[0].text
    assert [name for name in ("PAGE", "NUMPAGES") if f'w:instr="{name}"' in section.footer.paragraphs[0]._p.xml] == [
        "PAGE",
        "NUMPAGES",
    ]
    inside = []
    for block in document.element.body:
        inside += [
            node.text or "" if node.tag.endswith("}t") else " " for node in block.iter() if node.tag.endswith(("}t", "}br", "}tab"))
        ]
    text = plain("".join(inside))
    stand_in_order(text, expected.words)
    last = document.paragraphs[-1].text
    assert [word for word in (expected.signs, "Name", "Signature", "Date") if word not in last] == []
    assert not [word for word in expected.never if plain(word) in text]
    for table in document.tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml
