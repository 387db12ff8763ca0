"""A force's figures: counted from decisions, with pauses left out."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from redaction import actions, figures
from redaction.models import ProposalDecision
from tests.redaction.arrange import asked, make_photograph, make_team
from tests.redaction.test_deciding import queries
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db


def test_pauses_do_not_count_and_another_force_sees_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    document, _ = asked(team)
    first, second, third, *rest = document.proposals.all()
    start = timezone.now()
    moments = {first.pk: start, second.pk: start + dt.timedelta(seconds=20), third.pk: start + dt.timedelta(seconds=2000)}
    create = ProposalDecision.objects.bulk_create

    def at_its_moment(decisions: Any, **more: Any) -> Any:
        field = ProposalDecision._meta.get_field("at")
        monkeypatch.setattr(field, "auto_now_add", False)
        for decision in decisions:
            decision.at = moments[decision.proposal_id]
        return create(decisions, **more)

    monkeypatch.setattr(ProposalDecision.objects, "bulk_create", at_its_moment)
    actions.decide(team.redactor, first, "accept")
    actions.decide(team.redactor, second, "accept")
    actions.decide(team.redactor, third, "reject", reason="Evidence")
    found = figures.of(team.case.organisation)
    assert (found.seconds, found.acts, found.decisions, found.documents) == (20, 3, 3, 1)
    assert found.seconds_each == "6.7"
    assert sum(row["accepted"] for row in found.rows) == 2
    assert sum(row["kept"] for row in found.rows) == 1
    assert sum(row["open"] for row in found.rows) == len(rest)
    assert figures.of(make_team().case.organisation).documents == 0


def test_the_page_shows_what_was_drawn_and_asks_no_more_for_more() -> None:
    team = make_team()
    client = browser(team.supervisor)
    page = reverse("redaction:figures")
    assert "Nothing has been redacted yet" in client.get(page).content.decode()
    document, _ = asked(team, make_photograph(team))
    actions.draw(team.redactor, document, 0, [40, 60, 120, 150], "FAC")
    few = queries(lambda: client.get(page))
    shown = client.get(page).content.decode()
    assert "Drawn by hand" in shown
    assert "what the detector missed" in shown
    actions.draw(team.redactor, document, 0, [10, 10, 30, 30], "FAC")
    assert queries(lambda: client.get(page)) <= few
    assert browser(team.redactor).get(page).status_code == 403
