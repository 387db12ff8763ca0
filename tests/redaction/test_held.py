"""What must not be redacted: a warning where it should stay, a stop where the defence would be kept from what meets the test."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import Notification, Role, User
from audit.actions import Refused
from audit.models import Event, EventDetail
from cases import actions as case_actions
from cases import work
from disclosure import actions as disclosure
from disclosure.actions import ensure_item
from disclosure.models import Item
from redaction import actions, deciding, held, searching
from redaction.models import Document, Release
from tests.factories import make_user, make_verified_exhibit, run_jobs
from tests.redaction.arrange import Team, asked, make_statement, make_team
from tests.redaction.files import statement
from tests.redaction.test_deciding import queries, said
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db
WHY = "It contradicts what the complainant first said"


def officer_of(team: Team) -> User:
    officer = make_user(Role.DISCLOSURE, organisation=team.case.organisation)
    case_actions.add_team_member(team.investigator, team.case, officer, Role.DISCLOSURE)
    return officer


def may_meet(officer: User, document: Document, test: str = "may_meet") -> Item:
    item = ensure_item(document.exhibit)
    disclosure.decide(officer, item, test=test, reason=WHY)
    return item


def arranged(audience: str = "defence", pages: int = 1) -> tuple[Team, User, Document, Release]:
    """A document for an audience whose exhibit may meet the test."""
    team = make_team()
    officer = officer_of(team)
    document, release = asked(team, make_statement(team, pages=pages), audience=audience)
    may_meet(officer, document)
    return team, officer, document, release


def rejected(team: Team, document: Document) -> None:
    for proposal in document.proposals.undecided():
        actions.decide(team.redactor, proposal, "reject", reason="Stays")


# ---- the stop --------------------------------------------------------------------------------------------------------

Act = Callable[[Team, Document], Any]
WAYS: dict[str, Act] = {
    "one": lambda team, document: actions.decide(team.redactor, document.proposals.all()[0], "accept"),
    "rest": lambda team, document: actions.accept_rest(team.redactor, document),
    "drawn": lambda team, document: actions.draw(team.redactor, document, 0, [60, 60, 400, 160], "OTH"),
    "group": lambda team, document: deciding.decide_group(team.redactor, document, said(team), "accept"),
    "case": lambda team, document: deciding.decide_group(team.redactor, team.case, said(team), "accept"),
    "many": lambda team, document: deciding.decide_many(
        team.redactor, document, [{"proposal": document.proposals.all()[0].pk, "verdict": "accept"}]
    ),
    "search": lambda team, document: searching.redact_found(team.redactor, document, "neighbour", "OTH"),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_may_meet_the_test_is_not_redacted_for_the_defence(way: str) -> None:
    team, _, document, _ = arranged()
    with pytest.raises(ValidationError, match="may meet the disclosure test") as caught:
        WAYS[way](team, document)
    assert "ask the disclosure officer" in " ".join(caught.value.messages)
    assert not document.decisions.exists()
    assert not document.proposals.filter(source="hand").exists()


@pytest.mark.parametrize("way", WAYS)
def test_for_the_cps_it_is(way: str) -> None:
    team, _, document, _ = arranged("cps")
    WAYS[way](team, document)
    assert document.proposals.accepted().exists()


def test_the_page_the_groups_and_the_api_say_so() -> None:
    team, _, document, _ = arranged()
    client = browser(team.redactor)
    proposal = document.proposals.get(category="TEL")
    answer = client.post(
        reverse("redaction:decide", args=[document.pk, proposal.pk]), {"verdict": "accept"}, headers={"HX-Request": "true"}
    )
    assert "may meet the disclosure test" in answer.content.decode()
    grouped = client.post(
        reverse("redaction:decide_group", args=[document.pk]), {"said": proposal.said, "verdict": "accept"}, follow=True
    )
    assert "may meet the disclosure test" in grouped.content.decode()
    api = APIClient()
    api.force_authenticate(team.redactor)
    refused = api.post(
        reverse("api-redaction-decisions", args=[document.pk]),
        {"decisions": [{"proposal": str(proposal.pk), "verdict": "accept"}]},
        format="json",
    )
    assert refused.status_code == 400
    assert "may meet the disclosure test" in refused.content.decode()
    editor = client.get(reverse("redaction:editor", args=[document.pk])).content.decode()
    assert reverse("redaction:disclosure_test", args=[document.pk]) in editor
    actions.decide(team.redactor, proposal, "reject", reason="It is the contested number")
    assert not document.proposals.accepted().exists()


def test_undoing_is_no_way_round_it() -> None:
    team = make_team()
    officer = officer_of(team)
    document, _ = asked(team)
    proposal = document.proposals.get(category="TEL")
    actions.decide(team.redactor, proposal, "accept")
    actions.decide(team.redactor, proposal, "reject", reason="Contested")
    actions.start(team.redactor, document.exhibit, audience="defence")
    may_meet(officer, document)
    with pytest.raises(ValidationError, match="may meet the disclosure test"):
        deciding.undo(team.redactor, document)


def test_what_was_redacted_before_keeps_the_copy_for_the_defence_from_the_approver() -> None:
    team = make_team()
    officer = officer_of(team)
    document, release = asked(team)
    actions.accept_rest(team.redactor, document)
    may_meet(officer, document)
    _, second = actions.start(team.redactor, document.exhibit, audience="defence")
    with pytest.raises(ValidationError, match="may meet the disclosure test"):
        actions.ask_approval(team.redactor, second)
    actions.ask_approval(team.redactor, release)


def test_a_decision_after_approval_still_stops_the_release() -> None:
    team = make_team()
    officer = officer_of(team)
    document, release = asked(team, audience="defence")
    actions.accept_rest(team.redactor, document)
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    run_jobs()
    may_meet(officer, document)
    with pytest.raises(ValidationError, match="may meet the disclosure test"):
        actions.release(team.approver, release)
    may_meet(officer, document, "does_not")
    actions.release(team.approver, release)


def test_an_item_of_pages_stops_only_on_them() -> None:
    team = make_team()
    officer = officer_of(team)
    document, _ = asked(team, make_statement(team, pages=3), audience="defence")
    item = Item.objects.create(case=team.case, exhibit=document.exhibit, locator={"pages": [2, 2]})
    disclosure.decide(officer, item, test="may_meet", reason=WHY)
    actions.accept_rest(team.redactor, document, page=0)
    with pytest.raises(ValidationError, match="on page 2"):
        actions.accept_rest(team.redactor, document, page=1)
    actions.accept_rest(team.redactor, document, page=2)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_it_too(app_connection: Any) -> None:
    team = make_team()
    officer = officer_of(team)
    document, release = asked(team, audience="defence")
    actions.accept_rest(team.redactor, document)
    may_meet(officer, document)
    state = "INSERT INTO redaction_releasestate (release_id, state, by_id, reason, at) VALUES (%s, 'for_approval', %s, '', now())"
    with pytest.raises(psycopg2.Error, match="disclosure test"), app_connection.cursor() as cursor:
        cursor.execute(state, [str(release.pk), str(team.redactor.pk)])
    app_connection.rollback()
    for change in ("UPDATE redaction_testanswer SET may = true", "DELETE FROM redaction_testanswer"):
        with pytest.raises(psycopg2.Error, match="permission denied"), app_connection.cursor() as cursor:
            cursor.execute(change)
        app_connection.rollback()


# ---- the way on ------------------------------------------------------------------------------------------------------


def test_redactors_ask_and_the_officer_answers_by_category() -> None:
    team, officer, document, release = arranged()
    page = reverse("redaction:disclosure_test", args=[document.pk])
    redactor, answers = browser(team.redactor), browser(officer)
    assert "Ask the disclosure officer" in redactor.get(page).content.decode()
    assert WHY not in redactor.get(page).content.decode()
    redactor.post(reverse("redaction:ask_test", args=[document.pk]), {"note": "Only the address and the number"})
    told = Notification.objects.filter(user=officer, important=True).latest("created_at")
    assert (told.url, "Only the address" in told.text) == (page, False)
    [item] = [item for item in work.items_for(officer) if item.tag == "Disclosure test"]
    assert item.href == page
    assert "Say what may be redacted" in answers.get(reverse("evidence:exhibit", args=[document.exhibit_id])).content.decode()
    again = redactor.post(reverse("redaction:ask_test", args=[document.pk]), follow=True).content.decode()
    assert "waits for an answer" in again

    shown = answers.get(page).content.decode()
    assert "Only the address and the number" in shown
    assert WHY in shown
    codes = sorted(set(document.proposals.values_list("category_id", flat=True)))
    form = reverse("redaction:answer_test", args=[document.pk])
    assert "Why" in answers.post(form, {"may": ["TEL"]}).content.decode()
    answers.post(form, {"may": ["TEL"], "reason": "The number is not in issue"})
    assert [item for item in work.items_for(officer) if item.tag == "Disclosure test"] == []
    assert Notification.objects.filter(user=team.redactor, text__contains="has said what may be redacted").exists()

    actions.decide(team.redactor, document.proposals.get(category="TEL"), "accept")
    other = document.proposals.undecided().exclude(category="TEL")[0]
    with pytest.raises(ValidationError, match="may meet the disclosure test"):
        actions.decide(team.redactor, other, "accept")
    rejected(team, document)
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)

    event = Event.objects.get(verb="redaction.test_answered")
    after = json.loads(event.body)["after"]
    assert after == {"may": ["TEL"], "stays": [code for code in codes if code != "TEL"]}
    assert "not in issue" not in event.body
    assert "not in issue" in EventDetail.objects.get(event=event).detail


def test_an_answer_is_over_once_the_item_is_decided_anew() -> None:
    team, officer, document, _ = arranged()
    held.answer(officer, document, ["TEL"], "Not in issue")
    phone = document.proposals.get(category="TEL")
    actions.decide(team.redactor, phone, "accept")
    disclosure.decide(officer, ensure_item(document.exhibit), test="may_meet", reason="The number matters after all")
    assert [row.proposal_id for row in held.find([document.pk])] == [phone.pk]
    may_meet(officer, document, "does_not")
    assert held.find([document.pk]) == []
    assert "nothing is in the way" in browser(officer).get(held.url_of(document)).content.decode().lower()


def test_an_answer_can_be_taken_back() -> None:
    team, officer, document, release = arranged()
    held.answer(officer, document, ["TEL"], "Not in issue")
    actions.decide(team.redactor, document.proposals.get(category="TEL"), "accept")
    held.answer(officer, document, [], "It is in issue now")
    rejected(team, document)
    with pytest.raises(ValidationError, match="TEL on page 1"):
        actions.ask_approval(team.redactor, release)


def test_only_disclosure_officers_answer_and_only_redactors_ask() -> None:
    team, officer, document, _ = arranged()
    for user in (team.redactor, team.approver, team.supervisor, team.investigator):
        with pytest.raises(Refused):
            held.answer(user, document, ["TEL"], "Because")
    with pytest.raises(Refused):
        held.ask(officer, document)
    with pytest.raises(ValidationError, match="Enter why"):
        held.answer(officer, document, ["TEL"], " ")
    with pytest.raises(ValidationError, match="Select categories"):
        held.answer(officer, document, ["MED"], "Because")


def test_nothing_is_asked_where_nothing_meets_the_test() -> None:
    team = make_team()
    document, _ = asked(team, audience="defence")
    with pytest.raises(ValidationError, match="nothing to ask"):
        held.ask(team.redactor, document)
    assert "Disclosure test" not in browser(team.redactor).get(reverse("redaction:editor", args=[document.pk])).content.decode()


def test_many_decisions_ask_the_database_as_often_as_one() -> None:
    team, officer, document, _ = arranged(pages=6)
    codes = sorted(set(document.proposals.values_list("category_id", flat=True)))
    held.answer(officer, document, codes, "None of it bears on the case")
    one = queries(lambda: actions.decide(team.redactor, document.proposals.all()[0], "accept"))
    assert queries(lambda: actions.accept_rest(team.redactor, document)) <= one


# ---- the warning -----------------------------------------------------------------------------------------------------


def shown_to(team: Team, document: Document) -> str:
    page = browser(team.redactor).get(reverse("redaction:editor", args=[document.pk])).content.decode()
    return " ".join(page.split())


def test_a_box_over_a_reference_or_an_officers_number_warns() -> None:
    team = make_team()
    document, _ = asked(team)
    assert "Should stay" not in shown_to(team, document)
    done = searching.redact_found(team.redactor, document, "took exhibit AB/7", "OTH")
    assert done.decisions
    assert "Should stay:</strong> it covers an exhibit reference, URN or crime number." in shown_to(team, document)
    deciding.undo(team.redactor, document)
    actions.draw(team.redactor, document, 0, [50, 82, 560, 98], "OTH")
    assert "an officer’s rank and number" in shown_to(team, document)


def test_a_witness_warns_for_the_defence_alone() -> None:
    team = make_team()
    case_actions.add_person(team.investigator, team.case, kind="witness", label="OKAFOR, Ngozi")
    with TemporaryDirectory() as folder:
        data = statement(Path(folder) / "a.pdf", ("I told my neighbour Ngozi Okafor what had happened.",)).read_bytes()
    document, _ = asked(team, make_verified_exhibit(team.investigator, team.case, data=data))
    assert document.proposals.filter(person__kind="witness").exists()
    assert "a witness" not in shown_to(team, document)
    actions.start(team.redactor, document.exhibit, audience="defence")
    assert "it covers a witness, whose name stays" in shown_to(team, document)
