"""The API of the copies: the queue, whose turn it is, and every step from asking to recall, with the log and its lineage."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import create_api_token
from accounts.models import Notification, User
from audit.models import Event
from cases.actions import add_team_member
from redaction import actions, queue, sampling
from redaction.models import Release
from tests.factories import run_jobs
from tests.redaction.arrange import LINES, asked, decided, make_statement, make_team, read_sample, state_of, verified
from tests.redaction.test_api import conform, post, signed_in
from tests.redaction.test_differences import second_audience
from tests.redaction.test_queue import overdue

pytestmark = pytest.mark.django_db
QUEUE = "/api/redactions/"


def url_of(release: Release) -> str:
    return f"/api/redactions/{release.document_id}/releases/{release.pk}/"


def waiting(client: Client, show: str = "") -> list[str]:
    rows = client.get(QUEUE, {"show": show} if show else {}).json()["results"]
    return [row["id"] for row in rows]


def token(user: User, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Token {create_api_token(user, client='Editor', scopes=list(scopes), days=1)[1]}"}


def test_the_queue_says_what_waits_for_whom_until_when_and_how_much_is_left() -> None:
    team = make_team()
    document, release = asked(team)
    _, late = asked(team, audience="court")
    day = overdue(late)
    client = signed_in(team.redactor)
    rows = client.get(QUEUE).json()["results"]
    for row in rows:
        conform(row, "queued")
    # The nearer day first
    assert [row["id"] for row in rows] == [str(late.pk), str(release.pk)]
    assert (rows[0]["due"], rows[0]["late"], rows[1]["late"]) == (day.isoformat(), True, False)
    count = document.proposals.count()
    assert (rows[1]["left"], rows[1]["all"], rows[1]["task"], rows[1]["holder"]) == (count, count, "decide", "")
    assert (rows[1]["asked_by"], rows[1]["audience"]) == (team.redactor.name, "cps")
    actions.accept_rest(team.redactor, document)
    assert client.get(QUEUE).json()["results"][1]["left"] == 0
    actions.ask_approval(team.redactor, release)
    assert str(release.pk) not in waiting(client)
    assert waiting(signed_in(team.approver)) == [str(release.pk)]
    assert waiting(client, "late") == [str(late.pk)]
    assert len(waiting(client, "all")) == 2
    answer = client.get(QUEUE, {"show": "everything"})
    assert (answer.status_code, "One of mine" in answer.content.decode()) == (400, True)


def test_the_queue_takes_as_many_questions_for_many_copies_as_for_one() -> None:
    team = make_team()
    asked(team)
    client = signed_in(team.redactor)

    def asks() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(QUEUE).status_code == 200
        return len(seen)

    asks()
    once = asks()
    for _ in range(4):
        actions.start(team.redactor, make_statement(team), audience="cps")
    assert asks() == once


def test_a_case_lists_its_released_copies_too() -> None:
    team = make_team()
    _, release = verified(team)
    actions.release(team.approver, release)
    rows = signed_in(team.supervisor).get(f"/api/cases/{team.case.pk}/redactions/").json()["results"]
    assert [(row["id"], row["state"], row["task"]) for row in rows] == [(str(release.pk), "released", "")]
    conform(rows[0], "queued")
    assert waiting(signed_in(team.redactor), "all") == []


def test_a_copy_is_asked_for_by_a_day() -> None:
    team = make_team()
    exhibit = make_statement(team)
    client, url = signed_in(team.redactor), f"/api/exhibits/{exhibit.pk}/redactions/"
    day = timezone.localdate() + dt.timedelta(days=3)
    answer = post(client, url, {"audience": "defence", "purpose": "Initial disclosure", "due": day.isoformat()})
    assert answer.status_code == 201
    assert (answer.json()["due"], answer.json()["state"], answer.json()["reading"]) == (day.isoformat(), "asked", True)
    again = post(client, url, {"audience": "defence"})
    assert (again.status_code, "already being prepared" in again.content.decode()) == (400, True)
    over = post(client, url, {"audience": "court", "due": "2020-02-01"})
    assert (over.status_code, "today or later" in over.content.decode()) == (400, True)
    assert post(signed_in(team.approver), url, {"audience": "court"}).status_code == 403


def test_a_copy_is_taken_handed_over_and_given_another_day() -> None:
    team = make_team()
    _, release = asked(team)
    client, url = signed_in(team.redactor), url_of(release)
    people = client.get(f"{url}assignment/").json()
    assert {row["id"] for row in people} == {str(team.redactor.pk), str(team.colleague.pk)}
    assert post(client, f"{url}assignment/", {"to": str(team.redactor.pk)}).json()["holder"] == team.redactor.name
    bare = post(client, f"{url}assignment/", {"to": str(team.colleague.pk)})
    assert (bare.status_code, "note" in bare.json()) == (400, True)
    handed = post(client, f"{url}assignment/", {"to": str(team.colleague.pk), "note": "Page 1 is done"})
    assert handed.json()["holder"] == team.colleague.name
    assert Notification.objects.filter(user=team.colleague, text__contains="handed to you").count() == 1
    assert waiting(client) == []
    assert post(client, f"{url}assignment/", {"to": None}).status_code == 403
    assert post(signed_in(team.colleague), f"{url}assignment/", {"to": None}).json()["holder"] == ""
    nobody = post(client, f"{url}assignment/", {"to": "7b0cbf4e-5d0a-4a3b-9a53-2f7c7a1d9b10"})
    assert (nobody.status_code, "no such person" in nobody.content.decode()) == (400, True)
    approver = post(client, f"{url}assignment/", {"to": str(team.approver.pk)})
    assert (approver.status_code, "is no redactor" in approver.content.decode()) == (400, True)
    later = (timezone.localdate() + dt.timedelta(days=40)).isoformat()
    assert post(client, f"{url}due/", {"due": later, "reason": "The hearing was moved"}).json()["due"] == later
    assert post(client, f"{url}due/", {"due": later, "reason": ""}).status_code == 400


def test_from_asking_for_approval_to_a_recall_by_tokens_alone() -> None:
    team = make_team()
    document, release = asked(team)
    client, url = Client(), url_of(release)
    redactor = token(team.redactor, "redaction.decide", "redaction.read")
    approver = token(team.approver, "redaction.approve", "redaction.release", "redaction.read")
    early = post(client, f"{url}ask-approval/", {}, **redactor)
    assert (early.status_code, "still undecided" in early.content.decode()) == (400, True)
    decisions = {"decisions": [{"proposal": str(p.pk), "verdict": "accept"} for p in document.proposals.all()]}
    assert post(client, f"/api/redactions/{document.pk}/decisions/", decisions, **redactor).status_code == 201
    assert post(client, f"{url}ask-approval/", {}, **redactor).json()["state"] == "for_approval"
    assert post(client, f"{url}send-back/", {"reason": " "}, **approver).status_code == 400
    sent = post(client, f"{url}send-back/", {"reason": "The second line"}, **approver).json()
    assert (sent["state"], sent["steps"][-1]["reason"], sent["steps"][-1]["by"]) == (
        "sent_back",
        "The second line",
        team.approver.name,
    )
    waiting = post(client, f"{url}ask-approval/", {}, **redactor).json()
    assert [page["read_by"] for page in waiting["sample"]] == [""] * len(sampling.entries(release))
    for page in waiting["sample"]:
        read = post(client, f"{url}sample/{page['page']}/", {}, **approver).json()
        assert next(row for row in read["sample"] if row["page"] == page["page"])["read_by"] == team.approver.name
    approved = post(client, f"{url}approve/", {}, **approver).json()
    release.refresh_from_db()
    assert (approved["state"], approved["decisions_sha256"]) == ("approved", release.decisions_sha256)
    assert post(client, f"{url}release/", {}, **approver).status_code == 400
    run_jobs()
    checked = client.get(url, headers=approver).json()
    assert (checked["state"], checked["leak_check"]["passed"]) == ("verified", True)
    let_go = post(client, f"{url}release/", {}, **approver).json()
    blob = actions.output_of(release)
    assert blob is not None
    assert (let_go["state"], let_go["sha256"]) == ("released", blob.sha256)
    recall = token(team.supervisor, "redaction.recall")
    assert post(client, f"{url}recall/", {"reason": "A house number can be read"}, **recall).json()["state"] == "recalled"
    assert state_of(release) == "recalled"
    verbs = Event.objects.about("release", release.pk).values_list("verb", flat=True)
    assert {"redaction.approved", "redaction.released", "redaction.recalled"} <= set(verbs)


@pytest.mark.parametrize("step", ["approve", "release"])
def test_nobody_who_decided_approves_or_releases(step: str) -> None:
    team = make_team()
    document, release = decided(team)
    actions.ask_approval(team.redactor, release)
    read_sample(team.approver, release)
    add_team_member(team.investigator, team.case, team.redactor, "approver")
    answer = post(Client(), f"{url_of(release)}{step}/", {}, **token(team.redactor, f"redaction.{step}"))
    assert answer.status_code == 403
    assert state_of(release) == "for_approval"
    assert document.deciders() == {team.redactor.pk}


def test_a_session_left_open_is_not_enough_to_approve() -> None:
    team = make_team()
    _, release = decided(team)
    actions.ask_approval(team.redactor, release)
    read_sample(team.approver, release)
    client = Client()
    client.force_login(team.approver)
    answer = post(client, f"{url_of(release)}approve/", {})
    assert (answer.status_code, "sign in again" in answer.content.decode()) == (403, True)
    assert state_of(release) == "for_approval"


def test_the_log_and_the_lineage_come_out_without_a_word() -> None:
    team = make_team()
    document, release = verified(team)
    told = signed_in(team.approver).get(f"{url_of(release)}log/").json()
    conform(told, "log")
    assert len(told["rows"]) == document.proposals.accepted().count()
    assert [step["what"] for step in told["lineage"]][:4] == ["Source", "Detected by", "Decisions", "Approved"]
    assert told["lineage"][0]["sha256"] == document.source.sha256
    planted = ("THISTLEWOOD", "14 Tanner Street", "900461", "Okafor")
    assert all(secret in " ".join(LINES) for secret in planted)
    assert not [secret for secret in planted if secret.casefold() in json.dumps(told).casefold()]


def test_what_a_second_audience_changes_is_told() -> None:
    team, document, first, second = second_audience()
    phone = document.proposals.get(category="TEL")
    actions.decide(team.redactor, phone, "reject", reason="The contested number")
    told = signed_in(team.redactor).get(f"{url_of(second)}difference/").json()
    assert told["first"] == str(first.pk)
    assert [(line["code"], line["count"]) for line in told["less"]] == [("TEL", 1)]
    assert told["more"] == []
    assert signed_in(team.redactor).get(f"{url_of(first)}difference/").json()["first"] is None


def test_the_figures_of_a_force_are_its_supervisors() -> None:
    team = make_team()
    document, _ = decided(team)
    told: dict[str, Any] = signed_in(team.supervisor).get("/api/redactions/figures/").json()
    assert (told["documents"], told["decisions"]) == (1, document.proposals.count())
    assert sum(row["accepted"] for row in told["rows"]) == document.proposals.count()
    assert signed_in(team.redactor).get("/api/redactions/figures/").status_code == 403


def test_the_queue_counts_what_the_navigation_counts() -> None:
    team = make_team()
    asked(team)
    assert len(waiting(signed_in(team.redactor))) == queue.count(User.objects.get(pk=team.redactor.pk)) == 1
