"""A second audience shows what is left out more or less than for the first, and where its policy says otherwise."""

import re

import pytest
from django.urls import reverse

from redaction import actions, deciding, differences, groups
from redaction.models import Document, Policy, Release
from tests.redaction.arrange import Team, asked, make_statement, make_team, verified
from tests.redaction.test_deciding import PHONE, queries, said
from tests.redaction.test_log import PLANTED
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db


def second_audience() -> tuple[Team, Document, Release, Release]:
    """Released to the CPS, asked for by the defence."""
    team = make_team()
    document, first = verified(team)
    actions.release(team.approver, first)
    _, second = actions.start(team.redactor, document.exhibit, audience="defence")
    return team, document, first, second


def text_of(team: Team, document: Document, release: Release) -> str:
    page = browser(team.redactor).get(reverse("redaction:difference", args=[document.pk, release.pk])).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<main")[1]).split())


def test_the_first_has_nothing_to_be_compared_with() -> None:
    team = make_team()
    document, release = asked(team)
    assert differences.between(release) is None
    assert "No other copy of this document was approved before" in text_of(team, document, release)


def test_what_is_more_what_is_less_and_what_has_another_code() -> None:
    team, document, first, second = second_audience()
    found = differences.between(second)
    assert found is not None
    assert found.first == first
    assert found.is_none
    phone = document.proposals.get(category="TEL")
    actions.decide(team.redactor, phone, "reject", reason="The contested number")
    actions.draw(team.redactor, document, 0, [60, 60, 300, 90], "LOC")
    born = document.proposals.filter(category="DOB")[0]
    actions.decide(team.redactor, born, "accept", category="OTH")
    found = differences.between(second)
    assert found is not None
    assert found.counts == {"more": 1, "less": 1, "recoded": 1}
    assert ([line.code for line in found.more], [line.code for line in found.less]) == (["LOC"], ["TEL"])
    shown = text_of(team, document, second)
    assert "Redacted here, not in the copy for the CPS" in shown
    assert "Redacted in the copy for the CPS, not here" in shown
    assert "Under another code" in shown
    # The first copy is as it was approved, whatever is decided since
    assert differences.between(first) is None


def test_what_the_policy_of_the_new_audience_says_otherwise_is_listed() -> None:
    team = make_team()
    document, release = asked(team)
    phone = document.proposals.get(category="TEL")
    actions.decide(team.redactor, phone, "reject", reason="The contested number")
    actions.accept_rest(team.redactor, document)
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    Policy.objects.filter(category="DOB", audience="court").update(rule="keep")
    _, second = actions.start(team.redactor, document.exhibit, audience="court")
    shown = text_of(team, document, second)
    assert "Kept, though the policy for the Court redacts it" in shown
    assert "Redacted, though the policy for the Court keeps it" in shown
    assert [line.code for line in differences.against_policy(second)["kept"]] == ["TEL"]


def test_the_approver_is_told_before_approving() -> None:
    team, document, _, second = second_audience()
    actions.draw(team.redactor, document, 0, [60, 60, 300, 90], "LOC")
    actions.ask_approval(team.redactor, second)
    page = browser(team.approver).get(reverse("redaction:approve", args=[document.pk, second.pk])).content.decode()
    assert "Beside the copy for the CPS: 1 more redacted, 0 less" in " ".join(page.split())


def test_it_holds_no_redacted_word_and_asks_no_more_for_more() -> None:
    team, document, _, second = second_audience()
    client = browser(team.redactor)
    address = reverse("redaction:difference", args=[document.pk, second.pk])
    phone = document.proposals.get(category="TEL")
    actions.decide(team.redactor, phone, "reject", reason="Mrs Okafor rang 07700 900461")
    few = queries(lambda: client.get(address))
    for proposal in document.proposals.exclude(pk=phone.pk):
        actions.decide(team.redactor, proposal, "reject", reason="Marianne THISTLEWOOD")
    page = client.get(address).content.decode().split("<main")[1]
    assert queries(lambda: client.get(address)) <= few
    for word in PLANTED:
        assert word not in page


def test_words_decided_both_ways_across_documents_are_counted_where_the_case_is_looked_at() -> None:
    team = make_team()
    first, second = asked(team, make_statement(team, pages=2))[0], asked(team)[0]
    client = browser(team.redactor)
    page = reverse("redaction:list", args=[team.case.pk])
    assert "decided both ways" not in client.get(page).content.decode()
    deciding.decide_group(team.redactor, first, said(team), "accept")
    deciding.decide_group(team.redactor, second, said(team), "reject", reason="Evidence")
    assert groups.conflicts(team.case) == 1
    assert "1 decided both ways" in client.get(page).content.decode()
    both = client.get(reverse("redaction:case_groups", args=[team.case.pk]), {"show": "both"}).content.decode()
    assert f"<mark>{PHONE}</mark>" in both
