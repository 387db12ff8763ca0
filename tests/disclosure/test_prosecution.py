"""What the prosecutor says of a submitted version: row by row, locked once made, by hand or from a file; forms and data out."""

import hashlib
import io
import json
from typing import Any

import jsonschema
import pytest
import rfc8785
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Model
from pypdf import PdfReader

from audit.actions import Refused
from disclosure import actions, differences, exchange, prosecution
from disclosure.models import Endorsement, EndorsementCode, Row, ScheduleVersion
from disclosure.prosecution import Entry, Source
from tests.disclosure.arrange import (
    FULLER,
    Team,
    certified,
    checked,
    drafted,
    make_item,
    make_team,
    redecide,
    submitted,
    submitted_each,
)
from tests.disclosure.test_pages import at, signed_in, text

pytestmark = pytest.mark.django_db
LAWYER = Source("A. Lawyer", "E-mail of 20/11/2026")
POSTED = {"decided_by": "A. Lawyer", "source_document": "E-mail of 20/11/2026"}


def endorse_all(team: Team, version: ScheduleVersion) -> None:
    numbers = version.rows.filter(withdrawn=False).values_list("position", flat=True)
    prosecution.endorse(team.officer, version, {number or 0: Entry("CND") for number in numbers}, LAWYER)


def test_from_endorsed_to_served_and_nothing_can_be_taken_back() -> None:
    team = make_team()
    version = submitted(team)
    prosecution.begin_review(team.officer, version, LAWYER)
    with pytest.raises(ValidationError, match="without an endorsement: 1, 2"):
        prosecution.complete(team.officer, version, LAWYER)
    made = prosecution.endorse(team.officer, version, {1: Entry("D", "It helps the defence", True), 2: Entry("CND")}, LAWYER)
    assert [(entry.code.code, entry.item_viewed, entry.entered_by) for entry in made] == [
        ("D", True, team.officer),
        ("CND", False, team.officer),
    ]
    with pytest.raises(ValidationError, match="locked once made"):
        prosecution.endorse(team.officer, version, {1: Entry("CND")}, LAWYER)
    prosecution.complete(team.officer, version, LAWYER)
    prosecution.serve(team.officer, version, LAWYER)
    assert version.state == "served"
    assert version.states.last().decided_by == "A. Lawyer"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("entry", "source", "message"),
    [
        (Entry("D"), LAWYER, "D needs a reason"),
        (Entry("XX", "Why"), LAWYER, "not a code in use"),
        (Entry("CND"), Source("", "E-mail"), "prosecutor who decided"),
        (Entry("CND"), Source("A. Lawyer", " "), "document that says so"),
    ],
)
def test_an_endorsement_that_is_not_whole(entry: Entry, source: Source, message: str) -> None:
    team = make_team()
    version = submitted(team)
    with pytest.raises(ValidationError, match=message):
        prosecution.endorse(team.officer, version, {1: entry}, source)
    assert not Endorsement.objects.exists()


def test_all_rows_of_a_step_are_endorsed_or_none() -> None:
    team = make_team()
    version = submitted(team)
    with pytest.raises(ValidationError, match="no such row"):
        prosecution.endorse(team.officer, version, {1: Entry("CND"), 9: Entry("CND")}, LAWYER)
    assert not Endorsement.objects.exists()


def test_who_enters_did_not_decide_and_only_officers_enter() -> None:
    team = make_team()
    version = submitted(team)
    with pytest.raises(ValidationError, match="did not decide it"):
        prosecution.endorse(team.officer, version, {1: Entry("CND")}, Source(team.officer.name, "Memo"))
    with pytest.raises(Refused):
        prosecution.endorse(team.supervisor, version, {1: Entry("CND")}, LAWYER)


def test_the_database_refuses_the_same() -> None:
    team = make_team()
    version, draft = submitted(team), drafted(team, "MG6D", rows=1)
    row = version.rows.all()[0]
    codes = {code.code: code for code in EndorsementCode.objects.all()}
    whole: dict[str, Any] = {"row": row, "code": codes["CND"], "decided_by": "A. Lawyer", "entered_by": team.officer}
    wrong: list[tuple[dict[str, Model | str], str]] = [
        ({"code": codes["D"]}, "needs a reason"),
        ({"decided_by": team.officer.name.upper()}, "did not decide it"),
        ({"decided_by": " "}, "endorsement_says_who_decided"),
        ({"row": draft.rows.all()[0]}, "with the prosecutor"),
    ]
    for change, message in wrong:
        with pytest.raises(IntegrityError, match=message), transaction.atomic():
            Endorsement.objects.create(**whole | change)
    Endorsement.objects.create(**whole)
    with pytest.raises(IntegrityError, match="row_endorsed_once"), transaction.atomic():
        Endorsement.objects.create(**whole)


def test_a_returned_version_is_answered_by_a_new_one_and_the_difference_is_shown() -> None:
    team = make_team()
    items = [make_item(team, "mg6c") for _ in range(3)]
    version = submitted(team, rows=0)
    with pytest.raises(ValidationError, match="why the prosecutor returned it"):
        prosecution.return_version(team.officer, version, " ", LAWYER)
    prosecution.return_version(team.officer, version, "Row 1 says too little", LAWYER)
    redecide(team, items[1], "used")
    second = actions.new_version(team.officer, version.schedule)
    row = Row.objects.select_related("version__schedule__case").get(version=second, position=1)
    actions.write_row(team.officer, row, description=FULLER, location=row.location)
    changes = differences.between(version, second)
    assert [(change.number, change.what) for change in changes] == [(1, "Changed"), (2, "Withdrawn")]
    pieces = changes[0].fields[0][1]
    assert "".join(piece.text for piece in pieces if piece.mark != "del") == FULLER
    page = text(signed_in(team.officer).get(at("diff", second)))
    assert "<ins>" in page
    assert "<del>" in page
    assert signed_in(team.officer).get(f"{at('diff', second)}?since=7").status_code == 404
    actions.certify(team.officer, checked(team, second))
    actions.submit(team.officer, second)
    assert version.states.last().state == "superseded"  # type: ignore[union-attr]


def test_the_page_takes_ranges_of_rows_and_says_what_is_wrong() -> None:
    team = make_team()
    version = submitted(team, rows=4)
    client = signed_in(team.officer)
    url = at("prosecutor", version)
    code = EndorsementCode.objects.get(code="CND").pk
    asked = {f"endorse-{name}": value for name, value in {"numbers": "1-3, 4", "code": code, **POSTED}.items()}
    page = text(client.post(url, asked | {"step": "endorse", "endorse-numbers": "1 to 3"}))
    assert "Enter row numbers" in page
    assert "4 rows endorsed" in text(client.post(url, asked | {"step": "endorse"}, follow=True))
    assert "locked once made" in text(client.post(url, asked | {"step": "endorse"}))
    done = {f"complete-{name}": value for name, value in POSTED.items()} | {"step": "complete"}
    assert "is endorsed" in text(client.post(url, done, follow=True))
    served = {f"serve-{name}": value for name, value in POSTED.items()} | {"step": "serve"}
    assert "is served" in text(client.post(url, served, follow=True))
    assert "Mark as" not in text(signed_in(team.investigator).get(url))


def test_an_mg6d_is_never_served() -> None:
    team = make_team()
    version = submitted(team, "MG6D")
    endorse_all(team, version)
    prosecution.complete(team.officer, version, LAWYER)
    with pytest.raises(ValidationError, match="never served"):
        prosecution.serve(team.officer, version, LAWYER)
    assert "Mark as served" not in text(signed_in(team.officer).get(at("prosecutor", version)))


# ---- data and forms --------------------------------------------------------------------------------------------------


def test_the_export_is_what_was_certified_in_the_published_form() -> None:
    team = make_team()
    for kind, version in submitted_each(team, {"MG6C": 2, "MG6D": 2}).items():
        endorse_all(team, version)
        response = signed_in(team.officer).get(at("export", version))
        data = json.loads(response.content)
        jsonschema.Draft202012Validator(exchange.schema()).validate(data)
        assert hashlib.sha256(rfc8785.dumps(data["certified"])).hexdigest() == data["sha256"] == version.certificate.sha256
        assert [entry["code"] for entry in data["endorsements"]] == ["CND", "CND"]
        assert ("NOT FOR DISCLOSURE" in data["marking"]) is (kind == "MG6D")
    jsonschema.Draft202012Validator.check_schema(exchange.schema())


def file_of(version: ScheduleVersion, **changes: Any) -> dict[str, Any]:
    entries = [{"number": 1, "code": "D", "reason": "It helps the defence", "item_viewed": True}, {"number": 2, "code": "CND"}]
    return {"schema_version": "1.0", "sha256": version.certificate.sha256, **POSTED, "endorsements": entries} | changes


def test_endorsements_are_taken_from_a_file_whole_or_not_at_all() -> None:
    team = make_team()
    version = submitted(team)
    client = signed_in(team.officer)

    def send(data: bytes) -> str:
        return text(client.post(at("import", version), {"file": SimpleUploadedFile("e.json", data)}, follow=True))

    assert "not JSON" in send(b"{")
    assert "not in the published form" in send(b"[]")
    assert "not the certified one" in send(json.dumps(file_of(version, sha256="0" * 64)).encode())
    twice = [{"number": 1, "code": "CND"}, {"number": 1, "code": "CND"}]
    assert "a row twice" in send(json.dumps(file_of(version, endorsements=twice)).encode())
    assert "D needs a reason" in send(json.dumps(file_of(version, endorsements=[{"number": 1, "code": "D"}])).encode())
    assert "Select a JSON file" in text(client.post(at("import", version), {}, follow=True))
    assert not Endorsement.objects.exists()
    assert "2 endorsements imported" in send(json.dumps(file_of(version)).encode())
    assert list(Endorsement.objects.order_by("row__position").values_list("code__code", "item_viewed")) == [
        ("D", True),
        ("CND", False),
    ]


@pytest.mark.parametrize("kind", ["MG6C", "MG6D", "MG6E"])
def test_every_form_prints_what_the_database_says(kind: str) -> None:
    team = make_team()
    if kind == "MG6E":
        for item in (make_item(team, "mg6c"), make_item(team, "mg6c")):
            actions.decide(team.officer, item, test="may_meet", reason="It puts the suspect elsewhere at 23:00")
        certified(team, "MG6C", rows=0)
        version = actions.draft_schedule(team.officer, team.case, "MG6E")
        checked(team, version)
        actions.certify(team.officer, version)
    else:
        version = certified(team, kind)
    pages = PdfReader(io.BytesIO(signed_in(team.officer).get(at("pdf", version)).content)).pages
    printed = " ".join(" ".join(page.extract_text().split()) for page in pages)
    for row in version.rows.all():
        assert row.description in printed
    assert version.certificate.sha256 in printed.replace(" ", "")
    assert f"Page 1 of {len(pages)}" in printed
    assert all("OFFICIAL-SENSITIVE" in page.extract_text() for page in pages)
    assert ("NOT FOR DISCLOSURE" in printed) is (kind != "MG6C")
    assert str(team.officer) in printed


def test_a_nil_mg6d_prints_and_is_signed() -> None:
    team = make_team()
    version = certified(team, "MG6D", rows=0)
    (page,) = PdfReader(io.BytesIO(signed_in(team.officer).get(at("pdf", version)).content)).pages
    assert "nil" in page.extract_text()
    assert "Disclosure officer" in page.extract_text()
