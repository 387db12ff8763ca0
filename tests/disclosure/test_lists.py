"""The MG9 and the MG12 say what the case holds; who people are is opened for a reason and logged; forms as Word files."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import docx
import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actions import Refused
from audit.models import Event
from cases import actions as case_actions
from disclosure import lists
from disclosure.models import Row
from tests.disclosure.arrange import Team, certified, make_item, make_team
from tests.disclosure.test_pages import at, of_case, signed_in, text

pytestmark = pytest.mark.django_db

WHO = {
    "names": ["Jo Reed", "J Reed"],
    "addresses": ["1 Elm Row"],
    "phones": ["07700 900461"],
    "occupation": "Baker",
    "availability": "Not in May",
}


def pdf_text(made: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(made)).pages)


def cells(made: bytes) -> list[list[str]]:
    """The rows of a Word file's table, without its head."""
    return [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(made)).tables[0].rows][1:]


def with_witness() -> Team:
    """A case with a complainant whose identity is not recorded, and a witness who made a statement."""
    team = make_team()
    case_actions.add_person(team.investigator, team.case, kind="complainant", label="Complainant A")
    witness = case_actions.add_person(team.investigator, team.case, kind="witness", label="Neighbour", identity=WHO)
    seized = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    make_item(team, "used", kind="statement", subject=witness, reference="ST/1", seized_at=seized)
    return team


def test_the_witness_list_says_who_they_are_and_the_log_who_looked() -> None:
    team = with_witness()
    made = lists.witness_list(team.investigator, team.case, reason="For the charging file", contact=True, kind="docx")
    assert cells(made) == [
        ["1", "Complainant A", "", "None recorded", "Not recorded", ""],
        ["2", "Jo Reed", "Baker", "12/03/2026 (ST/1)", "1 Elm Row; 07700 900461", "Not in May"],
    ]
    looked = Event.objects.filter(verb="identity.viewed")
    assert [event.object_id for event in looked] == [str(team.case.people.get(label="Neighbour").pk)]
    listed = Event.objects.get(verb="witness_list.printed")
    assert "Reed" not in listed.body
    assert json.loads(listed.body)["after"]["rows"] == 2


def test_the_list_to_be_served_has_names_and_nothing_to_reach_them_by() -> None:
    team = with_witness()
    served = pdf_text(lists.witness_list(team.investigator, team.case, reason="To be served", contact=False))
    assert "Jo Reed" in served
    assert "ST/1" in served
    assert not [word for word in ("Elm Row", "07700", "May", "NOT FOR DISCLOSURE") if word in served]
    full = pdf_text(lists.witness_list(team.investigator, team.case, reason="For the CPS", contact=True))
    assert [word for word in ("Elm Row", "07700 900461", "Not in May") if word not in full] == []
    assert full.count("NOT FOR DISCLOSURE") == 2
    assert "Page 1 of 1" in full


def test_who_does_not_see_identities_makes_no_witness_list() -> None:
    team = with_witness()
    with pytest.raises(Refused):
        lists.witness_list(team.officer, team.case, reason="For the file", contact=False)
    with pytest.raises(ValidationError, match="why you need"):
        lists.witness_list(team.supervisor, team.case, reason=" ", contact=False)
    page = text(signed_in(team.officer).get(of_case("lists", team)))
    assert "Neighbour" in page
    assert "Reed" not in page
    assert "Make the MG9" not in page


def test_the_page_makes_the_list_and_says_what_is_missing() -> None:
    team = with_witness()
    client = signed_in(team.investigator)
    page = text(client.get(of_case("lists", team)))
    assert "Not recorded: the list will say Complainant A" in page
    wrong = client.post(of_case("witness_list", team), {"kind": "pdf", "reason": ""})
    assert wrong.status_code == 422
    assert "Select who it is for" in text(wrong)
    made = client.post(of_case("witness_list", team), {"readers": "cps", "kind": "docx", "reason": "For the file"})
    assert made["Content-Disposition"] == 'attachment; filename="MG9.docx"'
    assert cells(made.content)[1][1] == "Jo Reed"


def test_the_exhibit_list_has_what_is_used_in_the_order_of_the_references() -> None:
    team = with_witness()
    for number in (10, 2):
        make_item(team, "used", reference=f"AB/{number}", description=f"Photograph {number}", location="Store 3", seized_by="PC 7")
    make_item(team, "mg6c", reference="AB/3")
    made = lists.exhibit_list(team.officer, team.case, "docx")
    assert cells(made) == [
        ["AB/2", "Photograph 2", "PC 7", "", "Store 3"],
        ["AB/10", "Photograph 10", "PC 7", "", "Store 3"],
    ]
    printed = pdf_text(signed_in(team.investigator).get(of_case("exhibit_list", team)).content)
    assert "AB/10 Photograph 10 PC 7" in printed
    assert "AB/3" not in printed
    assert Event.objects.filter(verb="exhibit_list.printed").count() == 2


def test_a_list_of_many_asks_no_more_questions() -> None:
    counts = []
    team = with_witness()
    for more in (1, 5):
        for _ in range(more):
            make_item(team, "used")
        with CaptureQueriesContext(connection) as asked:
            lists.exhibit_list(team.officer, team.case, "docx")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", ["MG6C", "MG6D", "MG6E", "SDC"])
def test_a_schedule_as_a_word_file_says_what_the_database_says(kind: str) -> None:
    team = make_team()
    if kind in ("MG6E", "SDC"):
        make_item(team, "mg6c")
    version = certified(team, kind, rows=0 if kind in ("MG6E", "SDC") else 2)
    response = signed_in(team.officer).get(at("docx", version))
    document = docx.Document(io.BytesIO(response.content))
    found = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows[1:]]
    rows = Row.objects.filter(version=version)
    assert [row[:2] for row in found] == [[str(row.position), row.description] for row in rows]
    if kind != "MG6E":
        assert [row[2] for row in found] == [row.sensitivity_reason if kind == "MG6D" else row.location for row in rows]
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert version.certificate.sha256 in said
    assert version.certificate.statement in said
