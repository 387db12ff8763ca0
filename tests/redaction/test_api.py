"""The API of redaction: proposals and decisions in and out, as its schema has them."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client

from accounts.actions import create_api_token
from accounts.models import Notification
from redaction import actions
from tests.redaction.arrange import LINES, asked, make_team, verified
from tests.redaction.test_deciding import said

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "redaction-proposals.schema.json").read_text())


def conform(data: Any, name: str) -> None:
    jsonschema.validate(data, {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, url: str, data: Any, **headers: str) -> Any:
    return client.post(url, data, "application/json", headers=headers)


def test_another_detectors_proposals_go_in_and_decisions_come_out() -> None:
    team = make_team()
    document, _ = asked(team)
    client, url = signed_in(team.redactor), f"/api/redactions/{document.pk}/"
    listed = client.get(f"{url}proposals/").json()["results"]
    for row in listed:
        conform(row, "proposal")
    assert len(listed) == document.proposals.count()
    words = "what had happened"
    phone = document.proposals.get(said=said(team))
    assert phone.start is not None
    more = {"detector": "Other 2.1", "proposals": [{"page": 0, "start": 0, "end": 9, "code": "OTH", "rule": "heading"}]}
    boxed = {"detector": "Other 2.1", "proposals": [{"page": 0, "boxes": phone.boxes, "code": "TEL"}]}
    for data in (more, boxed):
        conform(data, "proposals_in")
        assert post(client, f"{url}proposals/", data).json() == {"taken": 1}
    added = document.proposals.filter(source="model", rule__startswith="Other 2.1")
    assert {p.rule for p in added} == {"Other 2.1: heading", "Other 2.1"}
    assert said(team) in {p.said for p in added}
    decisions = {"decisions": [{"proposal": str(p.pk), "verdict": "accept", "seen": 0} for p in added]}
    conform(decisions, "decisions_in")
    assert post(client, f"{url}decisions/", decisions).json() == {"taken": 2}
    again = post(client, f"{url}decisions/", decisions)
    assert (again.status_code, "decided meanwhile" in again.content.decode()) == (400, True)
    out = client.get(f"{url}decisions/").json()["results"]
    assert [row["verdict"] for row in out] == ["accept", "accept"]
    assert len({row["act"] for row in out}) == 1
    assert words in LINES[2]
    assert "Tanner" not in json.dumps([listed, out])


@pytest.mark.parametrize(
    ("proposal", "says"),
    [
        ({"page": 9, "boxes": [[1, 1, 9, 9]], "code": "TEL"}, "no page 9"),
        ({"page": 0, "boxes": [[1, 1, 9, 9]], "code": "XX"}, "no category XX"),
        ({"page": 0, "boxes": [[9000, 1, 9001, 9]], "code": "TEL"}, "must be on the page"),
        ({"page": 0, "start": 5, "end": 99999, "code": "TEL"}, "not within the page"),
        ({"page": 0, "code": "TEL"}, "Give boxes"),
    ],
)
def test_what_can_not_be_taken_is_named_and_nothing_is_taken(proposal: dict[str, Any], says: str) -> None:
    team = make_team()
    document, _ = asked(team)
    before = document.proposals.count()
    good = {"page": 0, "boxes": [[1, 1, 9, 9]], "code": "TEL"}
    answer = post(
        signed_in(team.redactor), f"/api/redactions/{document.pk}/proposals/", {"detector": "x", "proposals": [good, proposal]}
    )
    assert answer.status_code == 400
    assert "Proposal 2" in answer.content.decode()
    assert says in answer.content.decode()
    assert document.proposals.count() == before


def test_a_token_does_what_its_scopes_say() -> None:
    team = make_team()
    document, _ = asked(team)
    url = f"/api/redactions/{document.pk}/"
    _, key = create_api_token(team.redactor, client="Detector", scopes=["redaction.read", "redaction.propose"], days=1)
    headers = {"Authorization": f"Token {key}"}
    found = {"detector": "x", "proposals": [{"page": 0, "boxes": [[1, 1, 9, 9]], "code": "TEL"}]}
    decided = {"decisions": [{"proposal": str(document.proposals.all()[0].pk), "verdict": "accept"}]}
    client = Client()
    assert client.get(f"{url}proposals/", headers=headers).status_code == 200
    assert post(client, f"{url}proposals/", found, **headers).status_code == 201
    assert post(client, f"{url}decisions/", decided, **headers).status_code == 403
    assert not document.decisions.exists()


def test_whoever_opened_a_copy_is_told_of_its_recall() -> None:
    team = make_team()
    _, release = verified(team)
    actions.release(team.approver, release)
    blob = actions.output_of(release)
    assert blob is not None
    from evidence.opening import facts_of
    from evidence.reading import open_for_reading

    open_for_reading(team.investigator.as_actor(), facts_of(blob), "To check it")
    actions.recall(team.supervisor, release, "A house number can be read")
    told = Notification.objects.filter(text__contains="that you opened is recalled")
    assert [note.user for note in told] == [team.investigator]
