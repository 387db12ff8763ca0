"""DMD and IMD: filled from the case, written once for both, frozen as they are issued, and silent about what is sensitive."""

from __future__ import annotations

import io
import json

import docx
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.actions import Refused
from audit.models import Event
from cases import actions as case_actions
from disclosure import duty, managing, managing_content
from disclosure.models import ManagementDocument
from tests.disclosure.arrange import WORDS, Team, certified, make_item, make_team
from tests.disclosure.test_lists import pdf_text
from tests.disclosure.test_pages import signed_in, text

pytestmark = pytest.mark.django_db

LINE = {"line": "The taxi's journey", "pursued": "Yes: the firm answered", "why": "It bears on where he was"}


def address(team: Team, name: str, **more: object) -> str:
    return reverse(f"disclosure:{name}", kwargs={"case_id": team.case.pk, "kind": "DMD", **more})


def said_of(document: ManagementDocument) -> dict[str, list[list[str]]]:
    """By section, all its lines."""
    sections = json.loads(document.content)["sections"]
    return {one["key"]: one["facts"] + [line for entry in one["entries"] for line in entry] for one in sections}


def test_the_case_fills_it_in_and_what_is_written_once_stands_in_both() -> None:
    team = make_team()
    case_actions.add_person(team.investigator, team.case, kind="suspect", label="HOLLIS, Daniel")
    phone = make_item(team, "used", kind="phone", reference="PH/1", description="A black telephone")
    make_item(team, "unexamined", reference="BX/2", description="A box of receipts")
    managing.write(team.deputy, team.case, "IMD", "lines", LINE)
    managing.write(team.officer, team.case, "DMD", "devices", {"share": "4 of 61 days"}, thread=phone.exhibit_id)
    for kind in ("IMD", "DMD"):
        said = said_of(managing.issue(team.officer, team.case, kind))
        assert ["Suspect", "HOLLIS, Daniel"] in said["offence"]
        assert ["Pursued, and how far", "Yes: the firm answered"] in said["lines"]
        assert ["Exhibit", "PH/1"] in said["devices"]
        assert ["How much was examined", "4 of 61 days"] in said["devices"]
    assert said["unexamined"] == [["BX/2", "A box of receipts: For the reasons in the policy file"]]
    assert said["schedules"] == [["Schedules", "None certified yet"]]


def test_what_the_case_knows_of_a_device_is_not_typed_again() -> None:
    team = make_team()
    suspect = case_actions.add_person(team.investigator, team.case, kind="suspect", label="HOLLIS, Daniel")
    phone = make_item(team, "mg6c", kind="phone", reference="PH/1", description=WORDS, subject=suspect).exhibit
    make_item(team, "used", kind="messages", reference="PH/1/1", description="Messages of one evening", parent=phone)
    hidden = make_item(team, "mg6d", reference="PH/1/2", description="A plan of the loft and skylight of a house", parent=phone)
    for reference, outcome in (("PH/3", "not_relevant"), ("PH/4", "unexamined"), ("PH/5", "")):
        make_item(team, outcome, kind="phone", reference=reference, description=f"Telephone {reference} with a cracked screen")
    page = text(signed_in(team.officer).get(f"{address(team, 'managing_section', key='devices')}?entry={phone.pk}"))
    assert "HOLLIS, Daniel</textarea>" in page
    devices = [part.facts for part in _parts_of(team, "devices")]
    told = {facts[0][1]: [line for line in facts if line[0] in ("Taken from it", "Decided")] for facts in devices}
    assert told == {
        "PH/1": [["Taken from it", "PH/1/1: Messages of one evening"], ["Decided", "Unused and relevant: to be scheduled"]],
        "PH/1/1": [["Decided", "Used as evidence"]],
        "PH/3": [],
        "PH/4": [["Decided", "Not examined"]],
        "PH/5": [],
    }
    assert hidden.exhibit.reference not in str(devices)
    certified(team, rows=0)
    assert ["Decided", "Listed on the MG6C as item 1"] in _parts_of(team, "devices")[0].facts


def test_what_the_defence_said_and_was_served_stands_in_the_next_version() -> None:
    team = make_team()
    today = timezone.localdate()
    document = managing.issue(team.officer, team.case, "DMD")
    managing.serve(team.officer, document, "defence", today)
    managing.serve(team.officer, document, "observed", today, "The taxi was not asked for")
    duty.expect_statement(team.officer, team.case, "crown", today)
    duty.receive(team.officer, team.case, today, "Alibi: he was at the station")
    said = said_of(managing.issue(team.officer, team.case, "DMD"))
    day = f"{today:%d/%m/%Y}"
    assert [f"Defence statement of {day}", "Alibi: he was at the station"] in said["issues"]
    assert [f"DMD version 1, {day}", "Served on the defendant."] in said["defence"]
    assert [f"DMD version 1, {day}", "The defence made observations. The taxi was not asked for"] in said["defence"]
    assert ["Disclosure officer", str(team.officer)] in said["offence"]


def test_nothing_of_it_tells_that_something_is_sensitive() -> None:
    team = make_team()
    make_item(team, "mg6d", kind="phone", reference="SN/1", description="A plan of the loft and skylight of the Blue Anchor")
    open_item = make_item(team, "mg6c", kind="phone", reference="PH/1")
    for kind in ("IMD", "DMD"):
        document = managing.issue(team.officer, team.case, kind)
        assert "SN/1" not in document.content
        assert "loft" not in document.content
    assert said_of(ManagementDocument.objects.get(kind="IMD"))["material"] == [["Phone or device", "1"]]
    with pytest.raises(ValidationError, match="no such device"):
        sensitive = team.case.exhibits.get(reference="SN/1")
        managing.write(team.officer, team.case, "DMD", "devices", {"share": "All"}, thread=sensitive.pk)
    values = {"share": "The plan of the loft and skylight of the Blue Anchor, SN/1, was not opened"}
    managing.write(team.officer, team.case, "DMD", "devices", values, thread=open_item.exhibit_id)
    with pytest.raises(ValidationError, match="Devices and other digital sources: "):
        managing.issue(team.officer, team.case, "DMD")


def test_a_complainants_name_is_not_issued_and_the_look_is_logged() -> None:
    team = make_team()
    who = {"names": ["Marianne Thistlewood"]}
    case_actions.add_person(team.investigator, team.case, kind="complainant", label="Complainant A", identity=who)
    managing.write(team.officer, team.case, "DMD", "issues", {"text": "Marianne Thistlewood says that the door was locked"})
    with pytest.raises(ValidationError, match="Issues in the case") as refused:
        managing.issue(team.officer, team.case, "DMD")
    assert "Thistlewood" not in str(refused.value)
    assert Event.objects.filter(verb="identities.read").count() == 1
    assert not ManagementDocument.objects.exists()


def test_a_version_is_frozen_hashed_and_follows_the_last() -> None:
    team = make_team()
    managing.write(team.officer, team.case, "DMD", "issues", {"text": "Consent"})
    first = managing.issue(team.officer, team.case, "DMD")
    assert json.loads(Event.objects.get(verb="management.issued").body)["after"]["sha256"] == first.sha256
    with pytest.raises(ValidationError, match="Nothing has changed"):
        managing.issue(team.officer, team.case, "DMD")
    managing.write(team.deputy, team.case, "DMD", "issues", {"text": "Consent, and reasonable belief"})
    second = managing.issue(team.officer, team.case, "DMD")
    assert managing_content.changed(json.loads(first.content), json.loads(second.content)) == ["Issues in the case"]
    for change in ({"content": "{}"}, {"number": 9}):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            ManagementDocument.objects.filter(pk=first.pk).update(**change)
    for wrong in ({"number": 5, "sha256": second.sha256}, {"number": 3, "sha256": "0" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ManagementDocument.objects.create(case=team.case, kind="DMD", content=second.content, by=team.officer, **wrong)


def test_an_entry_is_changed_and_taken_out_and_the_words_before_stay() -> None:
    team = make_team()
    made = managing.write(team.officer, team.case, "DMD", "lines", LINE)
    managing.write(team.deputy, team.case, "DMD", "lines", LINE | {"pursued": "Yes, ended"}, thread=made.thread)
    managing.write(team.officer, team.case, "DMD", "lines", {"line": "The hotel's doors"})
    first, second = _lines(team)
    assert ["Pursued, and how far", "Yes, ended"] in first
    assert second == [["Line of enquiry", "The hotel's doors"]]
    managing.write(team.officer, team.case, "DMD", "lines", {}, thread=made.thread, withdraw=True)
    assert _lines(team) == [[["Line of enquiry", "The hotel's doors"]]]
    assert team.case.management_entries.count() == 4
    with pytest.raises(ValidationError, match="Enter line of enquiry"):
        managing.write(team.officer, team.case, "DMD", "lines", {"line": " "})
    with pytest.raises(ValidationError, match="no such section"):
        managing.write(team.officer, team.case, "IMD", "issues", {"text": "Consent"})


def _lines(team: Team) -> list[list[list[str]]]:
    one = next(one for one in managing_content.filled(team.case, "DMD") if one.section.key == "lines")
    return [part.lines(one.section) for part in one.parts]


def _parts_of(team: Team, key: str) -> list[managing_content.Part]:
    return next(one for one in managing_content.filled(team.case, "DMD") if one.section.key == key).parts


def test_who_writes_and_who_issues() -> None:
    team = make_team()
    for act in (
        lambda: managing.write(team.investigator, team.case, "DMD", "issues", {"text": "Consent"}),
        lambda: managing.issue(team.deputy, team.case, "DMD"),
    ):
        with pytest.raises(Refused):
            act()


def test_serving_it_and_what_the_defence_observed() -> None:
    team = make_team()
    document = managing.issue(team.officer, team.case, "DMD")
    today = timezone.localdate()
    managing.serve(team.deputy, document, "defence", today)
    with pytest.raises(ValidationError, match="what the defence observed"):
        managing.serve(team.deputy, document, "observed", today)
    with pytest.raises(ValidationError, match="Only a DMD"):
        managing.serve(team.deputy, managing.issue(team.officer, team.case, "IMD"), "court", today)
    managing.serve(team.deputy, document, "observed", today, "The taxi's journey was not asked for")
    page = text(signed_in(team.investigator).get(address(team, "managing_version", number=1)))
    assert "Served on the defendant" in page
    assert "The taxi&#x27;s journey was not asked for" in page


def test_the_pages_write_issue_and_print() -> None:
    team = make_team()
    client = signed_in(team.officer, just_now=True)
    section = address(team, "managing_section", key="issues")
    assert client.post(section, {"text": ""}).status_code == 422
    assert client.post(section, {"text": "Consent & belief <b>"}).status_code == 302
    assert "Consent &amp; belief &lt;b&gt;" in text(client.get(address(team, "managing")))
    assert client.get(address(team, "managing_section", key="schedules")).status_code == 404
    assert client.post(address(team, "managing_issue")).status_code == 302
    version = {"number": 1}
    document = ManagementDocument.objects.get()
    printed = pdf_text(client.get(address(team, "managing_pdf", **version)).content)
    made = docx.Document(io.BytesIO(client.get(address(team, "managing_docx", **version)).content))
    word = "\n".join(paragraph.text for paragraph in made.paragraphs)
    for lines in said_of(document).values():
        for label, value in lines:
            assert f"{label}: {value}" in word
            assert f"{label}: {value}" in printed
    assert document.sha256 in word
    assert "Page 1 of" in printed


def test_the_page_of_a_case_with_many_devices_asks_no_more_questions() -> None:
    team = make_team()
    client = signed_in(team.officer)
    counts = []
    for more in (2, 6):
        for _ in range(more):
            item = make_item(team, "unexamined", kind="phone")
            managing.write(team.officer, team.case, "DMD", "devices", {"share": "None"}, thread=item.exhibit_id)
        with CaptureQueriesContext(connection) as asked:
            client.get(address(team, "managing"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
