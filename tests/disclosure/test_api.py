"""The API of disclosure: the same verbs, the same rules."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import create_api_token
from accounts.models import User
from disclosure.models import Row, ScheduleVersion
from tests.disclosure.arrange import Team, certify_rest, checked, drafted, make_item, make_team, submitted
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def client_of(user: User, *, just_now: bool = False) -> Client:
    client = Client()
    client.force_login(user)
    if just_now:
        answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert answer.status_code == 302
    return client


def post(client: Client, url: str, data: Any = None, **headers: str) -> Any:
    return client.post(url, data or {}, "application/json", headers=headers)


def test_step_three_through_the_api() -> None:
    team = make_team()
    item = make_item(team)
    officer, supervisor = client_of(team.officer, just_now=True), client_of(team.supervisor)
    case = f"/api/cases/{team.case.pk}/"
    listed = officer.get(f"{case}items/").json()["results"]
    assert [(entry["id"], entry["in_limbo"]) for entry in listed] == [(str(item.pk), True)]
    answers = {"use": "unused", "relevance": "relevant", "sensitivity": "not_sensitive"}
    assert post(officer, f"/api/items/{item.pk}/decisions/", answers).json()["in_limbo"] is False
    made = post(officer, f"{case}schedules/", {"kind": "MG6C"})
    assert made.status_code == 201
    url = f"/api/schedules/{made.json()['schedule']}/"
    version = f"{url}versions/1/"
    (row,) = officer.get(version).json()["rows"]
    words = {"description": "Letter of 14 March 2026 by the night manager, 2 pages, about the lock of the side door"}
    changed = officer.patch(f"{url}rows/{row['id']}/", words, "application/json")
    assert changed.json()["description"] == words["description"]
    assert post(officer, f"{version}send/").json()["state"] == "in_qa"
    assert post(supervisor, f"{version}return/", {"reason": "Say which door"}).json()["state"] == "draft"
    assert post(officer, f"{version}send/").json()["state"] == "in_qa"
    assert post(supervisor, f"{version}check/").json()["state"] == "checked"
    certificate = post(officer, f"{version}certify/")
    assert certificate.status_code == 201
    assert post(officer, f"{version}submit/").status_code == 400
    certify_rest(team, ScheduleVersion.objects.get(schedule=made.json()["schedule"]))
    assert post(officer, f"{version}submit/").json()["state"] == "submitted"
    shown = officer.get(version).json()
    assert shown["certificate"]["sha256"] == certificate.json()["sha256"]
    assert shown["rows"][0]["number"] == 1
    assert post(officer, url).json()["number"] == 2
    assert [entry["state"] for entry in officer.get(url).json()["versions"]] == ["submitted", "draft"]
    assert len(officer.get(f"{case}schedules/").json()) == 3


def test_broken_rules_and_refusals() -> None:
    team = make_team()
    item = make_item(team)
    officer = client_of(team.officer, just_now=True)
    answer = post(officer, f"/api/items/{item.pk}/decisions/", {"sensitivity": "sensitive"})
    assert (answer.status_code, list(answer.json())) == (400, ["reason"])
    assert post(client_of(team.supervisor), f"/api/items/{item.pk}/decisions/", {"use": "used"}).status_code == 403
    version = drafted(team)
    url = f"/api/schedules/{version.schedule_id}/versions/1/"
    assert post(officer, f"{url}certify/").status_code == 400
    assert post(officer, f"{url}check/").status_code == 403


def test_a_session_left_open_certifies_nothing() -> None:
    team = make_team()
    version = checked(team, drafted(team))
    url = f"/api/schedules/{version.schedule_id}/versions/1/"
    client = client_of(team.officer)
    assert post(client, f"{url}certify/").status_code == 403
    assert post(client, f"{url}submit/").status_code == 403
    assert version.states.last().state == "checked"  # type: ignore[union-attr]


def test_a_token_does_what_it_was_made_for() -> None:
    team = make_team()
    version = checked(team, drafted(team))
    url = f"/api/schedules/{version.schedule_id}/versions/1/"
    tokens = {}
    for scope in ("disclosure.read", "disclosure.certify"):
        _, secret = create_api_token(team.officer, client="Case system", scopes=[scope], days=1)
        tokens[scope] = f"Token {secret}"
    client = Client()
    assert client.get(url, headers={"Authorization": tokens["disclosure.read"]}).status_code == 200
    assert client.get(url, headers={"Authorization": tokens["disclosure.certify"]}).status_code == 403
    assert post(client, f"{url}certify/", Authorization=tokens["disclosure.read"]).status_code == 403
    assert post(client, f"{url}certify/", Authorization=tokens["disclosure.certify"]).status_code == 201


def everything(team: Team) -> list[str]:
    item = make_item(team)
    version = submitted(team, "MG6C", rows=1)
    row = Row.objects.filter(version=version).first()
    assert row
    schedule = f"/api/schedules/{version.schedule_id}/"
    return [f"/api/cases/{team.case.pk}/items/", f"/api/items/{item.pk}/decisions/", schedule, f"{schedule}versions/1/"]


def test_whoever_takes_no_part_finds_nothing() -> None:
    team = make_team()
    for url in everything(team):
        assert client_of(team.officer).get(url).status_code == 200
        for outsider in (team.redactor, make_team().officer):
            assert client_of(outsider).get(url).status_code == 404, url
        assert Client().get(url).status_code in (401, 403)


def test_an_mg6d_and_its_reasons_are_for_fewer_people() -> None:
    team = make_team()
    item = make_item(team, "mg6d")
    version = submitted(team, "MG6D", rows=0)
    investigator = client_of(team.investigator)
    assert investigator.get(f"/api/schedules/{version.schedule_id}/").status_code == 404
    assert [one["kind"] for one in investigator.get(f"/api/cases/{team.case.pk}/schedules/").json()] == ["MG6C"]
    decisions = investigator.get(f"/api/items/{item.pk}/decisions/").json()
    assert [entry["reason"] for entry in decisions if entry["value"] == "sensitive"] == [""]
    decisions = client_of(team.supervisor).get(f"/api/items/{item.pk}/decisions/").json()
    assert [entry["reason"] for entry in decisions if entry["value"] == "sensitive"] == ["For the reasons in the policy file"]
