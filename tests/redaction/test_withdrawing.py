"""Copies that are given up before they go out, and files that are not read any further then."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Notification
from audit.actions import Refused
from audit.models import Event
from jobs.models import Job
from redaction import actions, asking, proposing, queue, withdrawing
from redaction.models import Document, Release
from tests.factories import run_jobs
from tests.redaction.arrange import asked, decided, make_statement, make_team, state_of
from tests.redaction.test_api import post
from tests.redaction.test_api_releases import token, url_of
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db


def test_a_copy_asked_for_by_mistake_is_withdrawn_and_asked_for_again() -> None:
    team = make_team()
    document, release = decided(team)
    page = reverse("redaction:withdraw", args=[document.pk, release.pk])
    client = browser(team.supervisor)
    assert page in client.get(reverse("redaction:release", args=[document.pk, release.pk])).content.decode()
    nothing = client.post(page, {"reason": " "})
    assert (nothing.status_code, state_of(release)) == (422, "asked")
    done = client.post(page, {"reason": "The CPS has it already"}, follow=True).content.decode()
    assert "The copy is withdrawn." in done
    assert "The CPS has it already" in done
    assert page not in done
    assert state_of(release) == "withdrawn"
    assert list(queue.waiting(team.redactor)) == []
    assert Event.objects.about("release", release.pk).filter(verb="redaction.withdrawn").count() == 1
    told = Notification.objects.filter(text__contains="is withdrawn by")
    assert [notification.user for notification in told] == [team.redactor]
    with pytest.raises(ValidationError, match="withdrawn"):
        actions.ask_approval(team.redactor, release)
    again, other = actions.start(team.redactor, document.exhibit, audience="cps")
    assert (again, state_of(other)) == (document, "asked")
    assert not document.proposals.undecided().exists()  # what was decided holds


def test_only_what_redactors_have_is_withdrawn_and_not_by_the_approver() -> None:
    team = make_team()
    _, release = decided(team)
    with pytest.raises(Refused):
        withdrawing.withdraw(team.approver, release, "Not needed")
    actions.ask_approval(team.redactor, release)
    with pytest.raises(ValidationError, match="with the approver"):
        withdrawing.withdraw(team.redactor, release, "Not needed")
    actions.send_back(team.approver, release, "The second line")
    assert withdrawing.withdraw(team.redactor, release, "Not needed").state == "withdrawn"


def test_a_file_that_nobody_wants_is_not_read_further_and_asking_again_goes_on() -> None:
    team = make_team()
    document, first = actions.start(team.redactor, make_statement(team), audience="cps")
    _, second = actions.start(team.colleague, document.exhibit, audience="court")
    withdrawing.withdraw(team.redactor, first, "The wrong exhibit")
    assert Job.objects.get(object_id=document.pk).state == "queued"  # the other copy is wanted
    withdrawing.withdraw(team.colleague, second, "The wrong exhibit")
    assert Job.objects.get(object_id=document.pk).state == "cancelled"
    document.refresh_from_db()
    assert (document.state, document.message) == (Document.State.REFUSED, withdrawing.STOPPED)
    run_jobs()
    assert not document.pages.exists()
    listed = browser(team.redactor).get(reverse("redaction:list", args=[team.case.pk])).content.decode()
    assert withdrawing.STOPPED not in listed
    asked(team, document.exhibit)
    document.refresh_from_db()
    assert (document.state, document.message) == (Document.State.READY, "")


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_is_asked_for_as_the_last_is_withdrawn_is_read_all_the_same() -> None:
    team = make_team()
    document, first = actions.start(team.redactor, make_statement(team), audience="cps")

    def ask() -> Document:
        try:
            return actions.start(team.colleague, document.exhibit, audience="court")[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            withdrawing.withdraw(team.redactor, first, "The wrong audience")
            asked_meanwhile = pool.submit(ask)
            while not waits_for_a_lock():
                assert not asked_meanwhile.done()
        asked_meanwhile.result()
    document.refresh_from_db()
    assert document.state == Document.State.READING
    run_jobs()
    document.refresh_from_db()
    assert document.state == Document.State.READY


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def test_what_is_being_read_is_stopped_before_its_next_page(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    document, release = actions.start(team.redactor, make_statement(team, pages=3), audience="cps")
    kept = proposing.Pages.page

    def page_then_withdraw(self: proposing.Pages, *args: object) -> None:
        kept(self, *args)  # type: ignore[arg-type]
        if state_of(release) == "asked":
            withdrawing.withdraw(team.redactor, release, "The wrong exhibit")

    monkeypatch.setattr(proposing.Pages, "page", page_then_withdraw)
    run_jobs()
    document.refresh_from_db()
    assert (document.state, document.pages.count()) == (Document.State.REFUSED, 1)
    assert Job.objects.get(object_id=document.pk).state == "cancelled"
    asked(team, document.exhibit)
    document.refresh_from_db()
    assert (document.state, document.pages.count()) == (Document.State.READY, 3)


def test_the_reading_of_a_whole_case_is_stopped_by_the_page() -> None:
    team = make_team()
    read, _ = asked(team)
    exhibits = [make_statement(team), make_statement(team)]
    asking.start_many(team.redactor, team.case, exhibits, audience="cps")
    _, colleagues = actions.start(team.colleague, make_statement(team), audience="cps")
    stop = reverse("redaction:stop_reading", args=[team.case.pk])
    client = browser(team.redactor)
    assert stop in client.get(reverse("redaction:list", args=[team.case.pk])).content.decode()
    page = client.get(stop).content.decode()
    assert all(f"{exhibit.reference} for the CPS" in page for exhibit in exhibits)
    assert f"{read.exhibit.reference} for the CPS" not in page
    assert "There is a problem" not in page
    assert "QuerySet" not in page  # the page's header counts notifications under a name of its own
    nothing = client.post(stop, {"reason": ""})
    assert (nothing.status_code, "There is a problem" in nothing.content.decode()) == (422, True)
    done = client.post(stop, {"reason": "The wrong case"}, follow=True).content.decode()
    assert "2 copies are withdrawn." in done
    assert stop not in done
    assert state_of(colleagues) == "asked"  # nobody stops what another asked for
    states = {release.document.exhibit_id: state_of(release) for release in Release.objects.select_related("document")}
    assert [states[exhibit.pk] for exhibit in exhibits] == ["withdrawn", "withdrawn"]
    assert states[read.exhibit_id] == "asked"
    late = client.post(stop, {"reason": "The wrong case"})
    assert (late.status_code, "one by one" in late.content.decode()) == (422, True)
    assert "is read" in client.get(stop).content.decode()
    run_jobs()


def test_the_api_withdraws_too() -> None:
    team = make_team()
    _, release = asked(team)
    headers = token(team.redactor, "redaction.ask")
    assert post(Client(), f"{url_of(release)}withdraw/", {"reason": ""}, **headers).status_code == 400
    made = post(Client(), f"{url_of(release)}withdraw/", {"reason": "The wrong audience"}, **headers).json()
    assert (made["state"], made["steps"][-1]["reason"]) == ("withdrawn", "The wrong audience")
