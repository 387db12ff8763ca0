"""Copies of a whole case, or of what is chosen of it, asked for at once, with one line that says how far their reading is."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.actions import Refused
from audit.models import Event
from jobs.models import Job
from redaction import actions, asking
from redaction.models import Document, Release
from tests.factories import make_exhibit, run_jobs
from tests.redaction.arrange import Team, asked, make_photograph, make_statement, make_team
from tests.redaction.test_api import post, signed_in
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db


def done(team: Team, count: int) -> None:
    """So many of the files that wait are read, the first first."""
    waiting = Job.objects.filter(kind=actions.PROPOSE, case_id=team.case.pk, state="queued").order_by("created_at")
    for job in waiting[:count]:
        Job.objects.filter(pk=job.pk).update(state="done", finished_at=timezone.now())


def test_a_whole_case_is_asked_for_at_once_by_one_day() -> None:
    team = make_team()
    exhibits = [make_statement(team), make_statement(team), make_photograph(team)]
    make_exhibit(team.investigator, team.case)  # it has no file
    offered = list(asking.askable(team.case))
    assert {exhibit.pk for exhibit in offered} == {exhibit.pk for exhibit in exhibits}
    day = timezone.localdate() + dt.timedelta(days=5)
    made = asking.start_many(team.redactor, team.case, offered, audience="defence", purpose="Trial", due=day)
    assert len(made.releases) == 3
    assert not made.left_out
    assert {release.due_dates.get().due for release in made.releases} == {day}
    assert Event.objects.filter(verb="redaction.asked", case_id=team.case.pk).count() == 3
    run_jobs()
    assert set(Document.objects.filter(case=team.case).values_list("state", flat=True)) == {"ready"}


def test_what_can_not_be_had_is_left_out_and_named() -> None:
    team = make_team()
    document, _ = asked(team)
    other, bare = make_statement(team), make_exhibit(team.investigator, team.case)
    made = asking.start_many(team.redactor, team.case, [document.exhibit, other, bare], audience="cps")
    assert [release.document.exhibit for release in made.releases] == [other]
    assert {left.exhibit.pk: left.why for left in made.left_out} == {
        document.exhibit_id: "A copy for the CPS is already being prepared",
        bare.pk: "Only an exhibit whose file is verified can be redacted",
    }
    with pytest.raises(ValidationError, match="already being prepared"):
        asking.start_many(team.redactor, team.case, [document.exhibit], audience="cps")
    with pytest.raises(ValidationError, match="Select at least one exhibit"):
        asking.start_many(team.redactor, team.case, [], audience="cps")


def test_an_exhibit_of_another_case_is_not_asked_for() -> None:
    team, others = make_team(), make_team()
    with pytest.raises(ValidationError, match="Select at least one exhibit"):
        asking.start_many(team.redactor, team.case, [make_statement(others)], audience="cps")
    with pytest.raises(Refused):
        asking.start_many(team.redactor, others.case, [make_statement(others)], audience="cps")
    assert not Release.objects.exists()


def test_one_line_says_how_far_the_reading_of_all_is() -> None:
    team = make_team()
    asked(team)
    assert asking.progress(team.case) == {}
    exhibits = [make_statement(team) for _ in range(4)]
    asking.start_many(team.redactor, team.case, exhibits, audience="cps")
    assert asking.progress(team.case)["text"] == "0 of 4 files read"
    done(team, 1)
    told = asking.progress(team.case)
    assert (told["value"], told["max"]) == (1, 4)
    assert "1 of 4 files read, about" in told["text"]
    done(team, 2)
    assert (asking.progress(team.case)["value"], asking.progress(team.case)["max"]) == (3, 4)
    done(team, 1)
    assert asking.progress(team.case) == {}


def test_the_page_asks_for_what_is_ticked_and_shows_the_line() -> None:
    team = make_team()
    document, _ = asked(team)
    others = [make_statement(team), make_statement(team)]
    client = browser(team.redactor)
    page = reverse("redaction:ask_many", args=[team.case.pk])
    shown = client.get(page).content.decode()
    assert all(exhibit.reference in shown for exhibit in (document.exhibit, *others))
    nothing = client.post(page, {"audience": "cps"})
    assert (nothing.status_code, "Select at least one exhibit" in nothing.content.decode()) == (422, True)
    ticked = {"exhibits": [str(exhibit.pk) for exhibit in (document.exhibit, *others)], "audience": "cps"}
    listed = client.post(page, ticked, follow=True).content.decode()
    assert "2 redacted copies are asked for." in listed
    assert f"{document.exhibit}: not asked for. A copy for the CPS is already being prepared." in listed
    assert "0 of 2 files read" in listed
    # The page's header counts notifications under a name of its own
    assert "QuerySet" not in listed
    line = reverse("redaction:case_reading", args=[team.case.pk])
    assert "0 of 2 files read" in client.get(line).content.decode()
    run_jobs()
    assert client.get(line)["HX-Trigger"] == "job-done"
    again = client.post(page, ticked)
    assert (again.status_code, "already being prepared" in again.content.decode()) == (422, True)
    assert browser(team.approver).get(page).status_code == 403


def test_a_case_without_a_file_says_how_to_begin() -> None:
    team = make_team()
    page = browser(team.redactor).get(reverse("redaction:ask_many", args=[team.case.pk]))
    assert "No exhibit can be redacted yet" in page.content.decode()


def test_the_api_asks_for_several_too() -> None:
    team = make_team()
    document, _ = asked(team)
    other = make_statement(team)
    url = f"/api/cases/{team.case.pk}/redactions/"
    wanted = {"exhibits": [str(document.exhibit_id), str(other.pk)], "audience": "cps"}
    answer = post(signed_in(team.redactor), url, wanted)
    assert answer.status_code == 201
    assert answer.json()["releases"] == [str(Release.objects.get(document__exhibit=other).pk)]
    assert answer.json()["left_out"] == [
        {"exhibit": str(document.exhibit_id), "why": "A copy for the CPS is already being prepared"}
    ]
