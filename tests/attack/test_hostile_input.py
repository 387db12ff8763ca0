"""What no form of ours sends: answered as the sender's mistake, never as a fault of the server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from evidence.models import Blob
from redaction.models import Document
from tests.disclosure.arrange import drafted
from tests.disclosure.arrange import make_team as make_disclosure_team
from tests.factories import make_exhibit, make_verified_exhibit
from tests.redaction.arrange import asked, make_team

pytestmark = pytest.mark.django_db
NUL = "for\0nothing"


def client_of(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_nul_in_what_is_typed_is_refused() -> None:
    team = make_team()
    document: Document = asked(team)[0]
    proposal = document.proposals.all()[0]
    blob = Blob.objects.get(pk=document.source_id)
    redactor = client_of(team.redactor)
    opening = reverse("evidence:open", args=[blob.pk])
    assert redactor.post(opening, {"purpose": NUL}).status_code == 400
    assert redactor.post(opening, {"purpose": "x" * 9000}).status_code == 400
    deciding = reverse("redaction:decide", args=[document.pk, proposal.pk])
    for asked_for in ({"verdict": "reject", "reason": NUL}, {"verdict": "accept", "category": NUL}, {"verdict": NUL}):
        assert redactor.post(deciding, asked_for).status_code == 400
    assert redactor.post(f"/account/tokens/{'a%00b'}/withdraw/").status_code == 404


def test_nul_in_a_reason_of_disclosure_is_refused() -> None:
    team = make_disclosure_team()
    version = drafted(team)
    url = reverse("disclosure:return", args=[version.schedule_id, version.number])
    assert client_of(team.supervisor).post(url, {"reason": NUL}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000 + "]" * 100_000,
        json.dumps({"size": 10**30, "name": "a"}),
        json.dumps({"size": 5, "name": "a", "last_modified": 10**19}),
        json.dumps({"size": 5, "name": "a\0"}),
    ],
)
def test_json_that_nobody_sends_is_the_senders_mistake(body: str) -> None:
    team = make_team()
    exhibit = make_exhibit(team.investigator, team.case)
    url = reverse("api-exhibit-uploads", args=[exhibit.pk])
    answer: Any = client_of(team.investigator).post(url, body, content_type="application/json")
    assert answer.status_code == 400


def test_the_log_can_be_narrowed_to_the_end_of_time() -> None:
    team = make_team()
    make_verified_exhibit(team.investigator, team.case, data=b"words")
    url = reverse("cases:log", args=[team.case.pk])
    answer = client_of(team.investigator).get(url, {"end_day": "31", "end_month": "12", "end_year": "9999"})
    assert answer.status_code == 200
