"""Deciding many at once, by what they say; remembering it for the case; undo and redo."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actions import Refused
from audit.models import Event, EventDetail
from redaction import actions, deciding, groups, words
from redaction.models import Document, Page, Policy, Proposal, ProposalDecision
from tests.redaction.arrange import LINES, Team, asked, make_photograph, make_statement, make_team
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db
PHONE = "07700 900461"


def said(team: Team, text: str = PHONE) -> str:
    return words.said(team.case.pk, text)


def two_documents(team: Team) -> tuple[Document, Document]:
    return asked(team, make_statement(team, pages=2))[0], asked(team, make_statement(team, pages=1))[0]


def verdicts(document: Document, key: str) -> list[str]:
    return [p.verdict for p in document.proposals.with_decision().filter(said=key)]


def last_event() -> Event:
    return Event.objects.filter(verb__startswith="redaction.").newest_first()[0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Grace O'Dowd", "GRACE  O\u2019Dowd\u2019s", True),
        ("Zoë\nHart,", "zoe hart", True),
        ("07700 900461", "07700-900-461", True),
        ("Grace O'Dowd", "Grace Dowd", False),
        ("14 Tanner Street", "15 Tanner Street", False),
    ],
)
def test_what_counts_as_the_same_words(one: str, other: str, same: bool) -> None:
    case = uuid4()
    assert (words.said(case, one) == words.said(case, other)) is same
    assert words.said(case, one) != words.said(uuid4(), one)
    assert words.said(case, " , ") == ""


def test_the_hash_needs_the_key(settings: Any) -> None:
    case = uuid4()
    before = words.said(case, PHONE)
    settings.IDENTITY_KEYS = [b"k" * 32]
    assert words.said(case, PHONE) != before
    assert len(before) == 64


def test_all_that_says_the_same_in_a_case_is_decided_by_one_act() -> None:
    team = make_team()
    first, second = two_documents(team)
    done = deciding.decide_group(team.redactor, team.case, said(team), "accept")
    assert (len(done.decisions), done.documents, done.skipped) == (3, 2, 0)
    assert verdicts(first, said(team)) == ["accept", "accept"]
    event = last_event()
    assert (event.verb, event.object_type, event.object_id) == ("redaction.decided", "case", str(team.case.pk))
    after = json.loads(event.body)["after"]
    assert (after["accepted"], after["kept"], after["documents"]) == (3, 0, {str(first.pk): 2, str(second.pk): 1})
    assert len({decision.act for decision in done.decisions}) == 1
    assert second.proposals.undecided().exists()


def test_a_document_with_the_approver_is_left_out() -> None:
    team = make_team()
    first, second = two_documents(team)
    actions.accept_rest(team.redactor, first)
    actions.ask_approval(team.redactor, first.releases.get())
    done = deciding.decide_group(team.redactor, team.case, said(team), "reject", reason="Evidence", also_decided=True)
    assert (len(done.decisions), done.skipped) == (1, 1)
    assert verdicts(first, said(team)) == ["accept", "accept"]
    assert verdicts(second, said(team)) == ["reject"]


def test_keeping_a_group_needs_the_reason_that_policy_asks_for() -> None:
    team = make_team()
    document, _ = asked(team, audience="defence")
    with pytest.raises(ValidationError, match="Enter why it stays"):
        deciding.decide_group(team.redactor, document, said(team), "reject")
    assert not document.decisions.exists()
    deciding.decide_group(team.redactor, document, said(team), "reject", reason="It is the contested number")
    assert document.decisions.get().reason == "It is the contested number"
    with pytest.raises(ValidationError, match="Select redact or keep"):
        deciding.decide_group(team.redactor, document, said(team), "open")


def test_what_is_to_be_judged_is_kept_only_for_a_reason() -> None:
    team = make_team()
    document, _ = asked(team)
    Policy.objects.filter(category="TEL", audience="cps").update(rule="judge")
    with pytest.raises(ValidationError, match="Enter why it stays"):
        deciding.decide_group(team.redactor, document, said(team), "reject")
    Policy.objects.filter(category="TEL", audience="cps").update(rule="keep")
    deciding.decide_group(team.redactor, document, said(team), "reject")
    assert verdicts(document, said(team)) == ["reject"]


def test_the_same_words_decided_both_ways_are_listed() -> None:
    team = make_team()
    first, second = two_documents(team)
    deciding.decide_group(team.redactor, first, said(team), "accept")
    deciding.decide_group(team.redactor, second, said(team), "reject", reason="Evidence")
    [both] = groups.narrowed(groups.counted(team.case), "both")
    assert (both.said, both.redacted, both.kept, both.documents) == (said(team), 2, 1, 2)
    page = browser(team.redactor).get(reverse("redaction:case_groups", args=[team.case.pk]), {"show": "both"})
    shown = page.content.decode()
    assert f"<mark>{PHONE}</mark>" in shown
    assert "Decided both ways (1)" in shown
    assert "3 times, 2 documents" in " ".join(shown.split())


def test_a_new_document_is_decided_as_the_case_decided_before() -> None:
    team = make_team()
    first, _ = asked(team, make_statement(team, pages=2))
    actions.accept_rest(team.redactor, first)
    deciding.decide_group(team.redactor, first, said(team), "reject", reason="Contested number", also_decided=True)
    second, _ = asked(team)
    client = browser(team.redactor)
    editor = client.get(reverse("redaction:editor", args=[second.pk])).content.decode()
    assert "Elsewhere in the case kept in 2 places." in editor
    answer = client.post(
        reverse("redaction:decide_group", args=[second.pk]),
        {"said": said(team), "verdict": "before", "page": "0"},
        headers={"HX-Request": "true"},
    )
    assert "1 decided as elsewhere" in answer.content.decode()
    [kept] = second.proposals.with_decision().filter(said=said(team))
    assert (kept.verdict, kept.decided_reason) == ("reject", "Contested number")
    client.post(reverse("redaction:as_before", args=[second.pk]))
    assert not second.proposals.undecided().exists()


def test_what_the_case_decided_both_ways_is_not_decided_by_itself() -> None:
    team = make_team()
    first, second = two_documents(team)
    one, other = first.proposals.filter(said=said(team))
    actions.decide(team.redactor, one, "accept")
    actions.decide(team.redactor, other, "reject", reason="Evidence")
    assert deciding.decide_as_before(team.redactor, second).decisions == []


def test_undo_and_redo_of_a_press_on_many() -> None:
    team = make_team()
    first, second = two_documents(team)
    deciding.decide_group(team.redactor, team.case, said(team), "accept")
    actions.decide(team.redactor, first.proposals.undecided()[0], "accept")
    for _ in range(2):
        deciding.undo(team.redactor, first)
    assert verdicts(first, said(team)) + verdicts(second, said(team)) == ["", "", ""]
    assert json.loads(last_event().body)["after"]["open"] == 3
    with pytest.raises(ValidationError, match="nothing here that could be undone"):
        deciding.undo(team.redactor, first)
    deciding.redo(team.redactor, first)
    assert verdicts(second, said(team)) == ["accept"]
    deciding.undo(team.redactor, first)
    deciding.redo(team.redactor, first)
    deciding.redo(team.redactor, first)
    assert first.decisions.filter(verdict="open").exists()
    assert first.proposals.accepted().count() == 3
    with pytest.raises(ValidationError, match="nothing here that could be done again"):
        deciding.redo(team.redactor, first)


def test_undo_goes_back_to_what_held_and_never_over_somebody_elses_word() -> None:
    team = make_team()
    document, _ = asked(team)
    proposal = document.proposals.all()[0]
    actions.decide(team.redactor, proposal, "reject", category="OTH", reason="Evidence")
    actions.decide(team.redactor, proposal, "accept", category="TEL")
    deciding.undo(team.redactor, document)
    held = document.proposals.with_decision().get(pk=proposal.pk)
    assert (held.verdict, held.decided_category, held.decided_reason) == ("reject", "OTH", "Evidence")
    actions.decide(team.colleague, proposal, "accept")
    with pytest.raises(ValidationError, match="Somebody has decided the same since"):
        deciding.undo(team.redactor, document)
    with pytest.raises(ValidationError, match="nothing here"):
        deciding.redo(team.colleague, document)


def test_what_was_undone_is_to_be_decided_before_approval() -> None:
    team = make_team()
    document, release = asked(team)
    actions.accept_rest(team.redactor, document)
    deciding.undo(team.redactor, document)
    with pytest.raises(ValidationError, match="still undecided"):
        actions.ask_approval(team.redactor, release)
    statement = (
        "INSERT INTO redaction_releasestate (release_id, state, by_id, reason, at) VALUES (%s, 'for_approval', %s, '', now())"
    )
    with pytest.raises(IntegrityError, match="are undecided"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [release.pk, team.redactor.pk])


def test_only_undoing_opens_a_decision_again() -> None:
    team = make_team()
    document, _ = asked(team)
    proposal = document.proposals.all()[0]
    with pytest.raises(IntegrityError, match="open_again_by_undoing"), transaction.atomic():
        ProposalDecision.objects.create(
            proposal=proposal, document=document, verdict="open", category=proposal.category, by=team.redactor
        )


def test_a_drawn_box_is_withdrawn_by_undo_and_by_its_drawer_without_a_reason() -> None:
    team = make_team()
    document, _ = asked(team, make_photograph(team), audience="defence")
    drawn = actions.draw(team.redactor, document, 0, [40, 60, 120, 150], "FAC")
    deciding.undo(team.redactor, document)
    assert document.proposals.accepted().count() == 0
    deciding.redo(team.redactor, document)
    assert document.proposals.accepted().count() == 1
    with pytest.raises(ValidationError, match="Enter why it stays"):
        actions.decide(team.colleague, drawn, "reject")
    actions.decide(team.redactor, drawn, "reject")
    assert not document.proposals.accepted().exists()


def test_a_drawn_box_is_grouped_by_the_words_under_it() -> None:
    team = make_team()
    document, _ = asked(team)
    phone = document.proposals.get(said=said(team))
    left, top, right, bottom = phone.boxes[0]
    drawn = actions.draw(team.redactor, document, 0, [left - 1, top - 1, right + 1, bottom + 1], "TEL")
    assert drawn.said == said(team)


def test_a_decision_that_somebody_overtook_is_refused() -> None:
    team = make_team()
    document, _ = asked(team)
    proposal = document.proposals.all()[0]
    address = reverse("redaction:decide", args=[document.pk, proposal.pk])
    actions.decide(team.colleague, proposal, "accept")
    late = browser(team.redactor).post(address, {"verdict": "reject", "seen": "0"}, headers={"HX-Request": "true"})
    assert "decided this meanwhile: redact" in late.content.decode()
    assert proposal.decisions.count() == 1


def test_who_is_no_redactor_decides_no_group_and_undoes_nothing() -> None:
    team = make_team()
    document, _ = asked(team)
    acts: list[Callable[[], object]] = [
        lambda: deciding.decide_group(team.approver, team.case, said(team), "accept"),
        lambda: deciding.decide_as_before(team.approver, document),
        lambda: deciding.undo(team.approver, document),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert not document.decisions.exists()


def queries(call: Any) -> int:
    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)


def test_a_group_of_thousands_takes_as_many_questions_as_one_of_one() -> None:
    team = make_team()
    document, _ = asked(team)
    few = queries(lambda: deciding.decide_group(team.redactor, document, said(team), "accept"))
    fill(document, "a" * 64, 1500)
    many = queries(lambda: deciding.decide_group(team.redactor, document, "a" * 64, "accept"))
    assert many <= few
    assert document.proposals.accepted().count() == 1501
    assert queries(lambda: deciding.undo(team.redactor, document)) < 25


def fill(document: Document, key: str, count: int, pages: int = 1) -> None:
    category = document.proposals.all()[0].category
    Proposal.objects.bulk_create(
        Proposal(document=document, page=n % pages, boxes=[[9, 9, 60, 20]], category=category, source="pattern", said=key)
        for n in range(count)
    )


def test_the_editor_with_5000_proposals_asks_no_more_and_draws_one_page() -> None:
    team = make_team()
    document, _ = asked(team)
    client = browser(team.redactor)
    address = reverse("redaction:editor", args=[document.pk])
    client.get(address)
    few = queries(lambda: client.get(address))
    there = document.pages.get()
    Page.objects.bulk_create(
        Page(document=document, index=n, width=there.width, height=there.height, image_key=there.image_key) for n in range(1, 500)
    )
    fill(document, "b" * 64, 5000, pages=500)
    assert queries(lambda: client.get(address)) <= few
    shown = client.get(address, {"page": "400"}).content.decode()
    assert shown.count("data-box=") == 10
    groups_page = reverse("redaction:groups", args=[document.pk])
    assert queries(lambda: client.get(groups_page)) < 30


def test_no_word_is_in_the_database_or_in_an_event() -> None:
    team = make_team()
    document, _ = asked(team)
    deciding.decide_group(team.redactor, document, said(team), "accept")
    actions.draw(team.redactor, document, 0, [60, 60, 400, 160], "OTH")
    deciding.undo(team.redactor, document)
    held = json.dumps([list(Proposal.objects.values_list()), list(ProposalDecision.objects.values_list())], default=str)
    told = "".join(Event.objects.values_list("body", flat=True)) + str(list(EventDetail.objects.values_list()))
    for word in ("Tanner", "900461", "THISTLEWOOD", "Okafor"):
        assert any(word in line for line in LINES)
        assert word not in held
        assert word not in told
