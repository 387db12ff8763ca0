"""Pages that the approver reads whole: where little is proposed, by chance, before anything is approved."""

import io
import json
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from reportlab.pdfgen import canvas

from audit.actions import Refused
from audit.models import Event
from cases import actions as case_actions
from redaction import actions, sampling
from redaction.models import Document, Release
from tests.factories import make_verified_exhibit, run_jobs
from tests.redaction.arrange import LINES, Team, asked, make_team, read_sample, state_of
from tests.redaction.test_database import put_state, refused
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db
STATE = "INSERT INTO redaction_releasestate (release_id, state, by_id, reason, at) VALUES (%s, %s, %s, '', now())"


def paper(full: int, bare: int) -> bytes:
    """Pages of the statement, then pages on which nothing is to be redacted."""
    scratch = io.BytesIO()
    sheet = canvas.Canvas(scratch, pagesize=(595, 842), invariant=1)
    for page in range(full + bare):
        sheet.setFont("Helvetica", 11)
        for number, line in enumerate(LINES if page < full else ("The dog barked at the gate and went away again.",)):
            sheet.drawString(60, 780 - 16 * number, line)
        sheet.showPage()
    sheet.save()
    return scratch.getvalue()


def waiting(full: int = 2, bare: int = 8, team: Team | None = None) -> tuple[Team, Document, Release]:
    """Decided and with the approver."""
    team = team or make_team()
    exhibit = make_verified_exhibit(team.investigator, team.case, data=paper(full, bare))
    document, release = asked(team, exhibit)
    actions.accept_rest(team.redactor, document)
    actions.ask_approval(team.redactor, release)
    return team, document, release


def test_pages_are_drawn_from_those_with_few_proposals_and_can_be_drawn_again() -> None:
    _, document, release = waiting()
    sample = sampling.sample_of(release)
    assert sample is not None
    assert len(sample.pages) == 5
    assert set(sample.pages) <= set(range(2, 10))
    assert (sample.candidates, sample.few) == (8, 2)
    assert sampling.chosen(sampling.candidates(document, sample.few), sample.seed, 5) == sample.pages
    event = Event.objects.get(verb="redaction.sent_for_approval")
    written = json.loads(event.body)["after"]["sample"]
    assert written == {"seed": sample.seed, "few": 2, "candidates": 8, "pages": sample.pages}


def test_it_is_by_chance() -> None:
    pages = list(range(100))
    assert len({tuple(sampling.chosen(pages, str(seed), 5)) for seed in range(20)}) > 15
    assert sampling.chosen(pages[:3], "a", 5) == [0, 1, 2]
    assert sampling.chosen([], "a", 5) == []


def test_nothing_is_approved_before_each_is_read() -> None:
    team, _, release = waiting()
    with pytest.raises(ValidationError, match="whole first"):
        actions.approve(team.approver, release)
    *most, last = sampling.entries(release)
    for entry in most:
        sampling.confirm(team.approver, release, entry.index)
    with pytest.raises(ValidationError, match=f"Read page {last.number} whole first"):
        actions.approve(team.approver, release)
    sampling.confirm(team.approver, release, last.index)
    sampling.confirm(team.approver, release, last.index)
    assert Event.objects.filter(verb="redaction.page_read", object_id=str(release.pk)).count() == 5
    actions.approve(team.approver, release)
    run_jobs()
    assert state_of(release) == "verified"


def test_a_document_with_much_on_every_page_has_none() -> None:
    team, _, release = waiting(full=2, bare=0)
    assert sampling.entries(release) == []
    actions.approve(team.approver, release)


def test_how_many_is_a_setting(settings: Any) -> None:
    settings.REDACTION = settings.REDACTION | {"SAMPLE_PAGES": 2}
    assert len(sampling.entries(waiting()[2])) == 2
    settings.REDACTION = settings.REDACTION | {"SAMPLE_PAGES": 0}
    team, _, release = waiting()
    actions.approve(team.approver, release)


def test_sent_back_and_asked_again_it_is_drawn_anew() -> None:
    team, _, release = waiting()
    read_sample(team.approver, release)
    first = sampling.sample_of(release)
    actions.send_back(team.approver, release, "Page 4 was missed")
    actions.ask_approval(team.redactor, release)
    second = sampling.sample_of(release)
    assert first is not None
    assert second is not None
    assert first.seed != second.seed
    with pytest.raises(ValidationError, match="whole first"):
        actions.approve(team.approver, release)


def test_only_an_approver_who_decided_nothing_reads_it() -> None:
    team = make_team()
    case_actions.add_team_member(team.investigator, team.case, team.redactor, "approver")
    team, _, release = waiting(team=team)
    page = sampling.entries(release)[0].index
    with pytest.raises(Refused, match="somebody else"):
        sampling.confirm(team.redactor, release, page)
    with pytest.raises(Refused):
        sampling.confirm(team.colleague, release, page)
    with pytest.raises(ValidationError, match="not one of those"):
        sampling.confirm(team.approver, release, 0)


def test_the_pages_lead_from_one_to_the_next_and_to_the_approval() -> None:
    team, document, release = waiting()
    client = browser(team.approver)
    both = [document.pk, release.pk]
    approve = client.get(reverse("redaction:approve", args=both)).content.decode()
    assert "not read yet" in approve
    assert "Approve and burn in" not in approve
    at = sampling.entries(release)[0].index
    while True:
        editor = client.get(reverse("redaction:editor", args=[document.pk]), {"page": str(at + 1)}).content.decode()
        assert f"I have read page {at + 1} whole" in editor
        answer = client.post(reverse("redaction:confirm_read", args=[*both, at]))
        if "approve" in answer["Location"]:
            break
        at = int(answer["Location"].rpartition("=")[2]) - 1
    approve = client.get(answer["Location"]).content.decode()
    assert "Approve and burn in" in approve
    assert f"read by {team.approver}" in approve
    client.post(answer["Location"])
    assert state_of(release) == "approved"
    redactors = browser(team.redactor).get(reverse("redaction:editor", args=[document.pk]), {"page": "3"}).content.decode()
    assert "I have read page" not in redactors


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_an_approval_without_it(app_connection: Any) -> None:
    team, _, release = waiting()
    assert "not read whole yet" in refused(app_connection, STATE, put_state(release, "approved", team.approver))
    sample = sampling.sample_of(release)
    assert sample is not None
    read = "INSERT INTO redaction_sampleread (sample_id, page, by_id, at) VALUES (%s, %s, %s, now())"
    assert "does not read its sample" in refused(app_connection, read, [sample.pk, sample.pages[0], team.redactor.pk])
    assert "not one of the sample" in refused(app_connection, read, [sample.pk, 0, team.approver.pk])
    for statement in ("UPDATE redaction_sample SET pages = '[]'", "DELETE FROM redaction_sample"):
        with pytest.raises(psycopg2.Error, match="permission denied"), app_connection.cursor() as cursor:
            cursor.execute(statement)
        app_connection.rollback()
