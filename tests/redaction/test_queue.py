"""The queue of redactors and approvers: who has what until when, hand-overs, changes of the day, reminders."""

import datetime as dt
import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, User
from audit.actions import Refused
from audit.models import Event, EventDetail
from cases import actions as case_actions
from cases import work
from redaction import actions, queue, reminding, turns
from redaction.models import Release
from redaction.queue_models import DueDate, Reminder
from tests.factories import make_case
from tests.redaction.arrange import Team, asked, decided, make_statement, make_team
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db


def day(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def text_of(page: str) -> str:
    """What a reader sees of the main part."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<main")[1]).split())


def waits_for(user: User) -> list[Release]:
    return list(queue.waiting(fresh(user)))


def overdue(release: Release, days: int = 1) -> dt.date:
    """As if it had been due some days ago: no person can set a day that is over."""
    due = day(-days)
    DueDate.objects.create(release=release, due=due, reason="arranged", by=release.asked_by)
    return due


def test_a_copy_is_asked_for_with_a_day_and_without_one_it_is_the_usual() -> None:
    team = make_team()
    exhibit = make_statement(team)
    document, release = actions.start(team.redactor, exhibit, audience="cps", due=day(3))
    assert turns.turn_of(release).due == day(3)
    _, other = actions.start(team.redactor, exhibit, audience="court")
    assert turns.turn_of(other).due == day(14)
    event = Event.objects.filter(verb="redaction.asked", object_id=str(release.pk)).get()
    assert json.loads(event.body)["after"]["due"] == day(3).isoformat()
    with pytest.raises(ValidationError, match="today or later"):
        actions.start(team.redactor, exhibit, audience="defence", due=day(-1))
    assert document.releases.count() == 2


def test_the_form_shows_the_usual_day_and_refuses_one_that_is_over() -> None:
    team = make_team()
    document, _ = asked(team)
    client = browser(team.redactor)
    page = reverse("redaction:ask", args=[document.exhibit.pk])
    assert f'value="{day(14).year}"' in client.get(page).content.decode()
    past = {"audience": "court", "due_day": "1", "due_month": "2", "due_year": "2020"}
    answer = client.post(page, past)
    assert answer.status_code == 422
    assert "must be on or after" in answer.content.decode()


def test_the_page_says_what_waits_across_cases() -> None:
    team = make_team()
    document, release = asked(team)
    second = make_case(team.investigator, team={team.redactor: "redactor"})
    other = Team(second, team.investigator, team.redactor, team.colleague, team.approver, team.supervisor)
    actions.start(team.redactor, make_statement(other), audience="defence", due=day(1))
    page = text_of(browser(team.redactor).get(reverse("redaction:mine")).content.decode())
    assert "Waiting for you (2)" in page, page
    assert f"Decide what to redact in {document.exhibit} for the CPS" in page
    assert f"{document.proposals.count()} of {document.proposals.count()}" in page, page
    assert "File is being read" in page
    assert str(team.redactor) in page
    assert f"{day(14):%d/%m/%Y}" in page
    # The nearer day first
    assert page.index(f"{day(1):%d/%m/%Y}") < page.index(f"{day(14):%d/%m/%Y}")
    assert waits_for(team.approver) == []
    actions.accept_rest(team.redactor, document)
    actions.ask_approval(team.redactor, release)
    assert waits_for(team.approver) == [release]
    assert release not in waits_for(team.redactor)


def test_an_empty_queue_says_what_belongs_there() -> None:
    team = make_team()
    client = browser(team.redactor)
    for shown, title in (
        ("mine", "Nothing waits for you"),
        ("free", "Somebody has each of them"),
        ("late", "Nothing is overdue"),
        ("all", "No redacted copy is under way"),
        ("nonsense", "Nothing waits for you"),
    ):
        assert title in client.get(reverse("redaction:mine"), {"show": shown}).content.decode()


def test_the_navigation_counts_what_waits_for_a_role() -> None:
    team = make_team()
    _, release = decided(team)
    home = reverse("cases:home")

    def counted(user: User) -> str:
        found = re.search(r'app-nav-count">(\d+)', browser(fresh(user)).get(home).content.decode())
        return found[1] if found else ""

    assert (counted(team.redactor), counted(team.approver), counted(team.investigator)) == ("1", "", "")
    actions.ask_approval(team.redactor, release)
    assert (counted(team.redactor), counted(team.approver)) == ("", "1")


def test_it_asks_the_database_no_more_for_more_copies() -> None:
    team = make_team()
    document, _ = asked(team)
    client = browser(team.redactor)
    page = reverse("redaction:mine")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page, {"show": "all"}).status_code == 200
        return len(seen)

    few = queries()
    for audience in ("defence", "court"):
        _, made = actions.start(team.redactor, document.exhibit, audience=audience)
        turns.assign(team.redactor, made, team.redactor)
    actions.start(team.colleague, make_statement(team), audience="cps")
    assert client.get(page, {"show": "all"}).content.decode().count("<tr") == 5
    assert queries() <= few + 1  # who has them, once somebody does


def test_what_one_redactor_takes_no_longer_waits_for_the_other() -> None:
    team = make_team()
    document, release = asked(team)
    assert waits_for(team.redactor) == waits_for(team.colleague) == [release]
    client = browser(team.redactor)
    client.post(reverse("redaction:take", args=[document.pk, release.pk]), {"from": "queue"})
    assert waits_for(team.redactor) == [release]
    assert waits_for(team.colleague) == []
    assert not list(work.items_for(fresh(team.colleague)))
    seen = text_of(browser(team.colleague).get(reverse("redaction:mine"), {"show": "all"}).content.decode())
    assert str(team.redactor) in seen
    again = browser(team.colleague).post(reverse("redaction:take", args=[document.pk, release.pk]), follow=True)
    assert again.status_code == 403
    client.post(reverse("redaction:take", args=[document.pk, release.pk]), {"way": "back"})
    assert waits_for(team.colleague) == [release]
    event = Event.objects.filter(verb="redaction.assigned").newest_first()[0]
    body = json.loads(event.body)
    assert (body["before"]["to"], body["after"]["to"]) == (str(team.redactor.pk), None)


def test_a_hand_over_needs_a_note_and_tells_whoever_gets_it() -> None:
    team = make_team()
    document, release = asked(team)
    turns.assign(team.redactor, release, team.redactor)
    page = reverse("redaction:assign", args=[document.pk, release.pk])
    client = browser(team.redactor)
    bare = client.post(page, {"to": str(team.colleague.pk), "note": " "})
    assert "Enter what whoever takes it over must know" in bare.content.decode()
    client.post(page, {"to": str(team.colleague.pk), "note": "Pages 1 to 3 are done"})
    assert waits_for(team.colleague) == [release]
    assert waits_for(team.redactor) == []
    told = Notification.objects.filter(user=team.colleague, important=True).latest("created_at")
    assert "is handed to you by" in told.text
    assert "Pages 1" not in told.text
    shown = text_of(browser(team.colleague).get(reverse("redaction:release", args=[document.pk, release.pk])).content.decode())
    assert "Note: Pages 1 to 3 are done" in shown


def test_between_others_only_a_supervisor_gives() -> None:
    team = make_team()
    _, release = asked(team)
    with pytest.raises(Refused):
        turns.assign(team.redactor, release, team.colleague)
    turns.assign(team.supervisor, release, team.redactor)
    with pytest.raises(Refused):
        turns.assign(team.colleague, release, team.colleague, "I have time")
    turns.assign(team.supervisor, release, team.colleague, "On leave from Monday")
    assert "no longer yours" in Notification.objects.filter(user=team.redactor).latest("created_at").text
    with pytest.raises(ValidationError, match="has it already"):
        turns.assign(team.supervisor, release, team.colleague, "Again")


def test_only_who_can_do_it_is_given_it() -> None:
    team = make_team()
    case_actions.add_team_member(team.investigator, team.case, team.colleague, "approver")
    document, release = asked(team)
    with pytest.raises(ValidationError, match="no redactor"):
        turns.assign(team.supervisor, release, team.approver)
    first = document.proposals.first()
    assert first is not None
    actions.decide(team.colleague, first, "accept")
    actions.accept_rest(team.redactor, document)
    actions.ask_approval(team.redactor, release)
    with pytest.raises(ValidationError, match="neither drew nor decided"):
        turns.assign(team.supervisor, release, team.colleague)
    turns.assign(team.supervisor, release, team.approver)
    assert release not in waits_for(team.colleague)


def test_what_somebody_has_who_left_the_team_waits_for_all_again() -> None:
    team = make_team()
    _, release = asked(team)
    turns.assign(team.redactor, release, team.redactor)
    member = team.case.team.get(user=team.redactor, left_at=None)
    case_actions.end_membership(team.investigator, member, "Moved to another unit")
    assert waits_for(team.colleague) == [release]


def test_nobody_is_given_what_a_worker_is_at() -> None:
    team = make_team()
    _, release = decided(team)
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    with pytest.raises(ValidationError, match="nothing for a person to do"):
        turns.assign(team.supervisor, release, team.redactor)
    page = text_of(browser(team.redactor).get(reverse("redaction:mine"), {"show": "all"}).content.decode())
    assert "A worker is at it" in page


def test_the_day_changes_with_a_reason() -> None:
    team = make_team()
    document, release = asked(team)
    turns.assign(team.redactor, release, team.redactor)
    page = reverse("redaction:due", args=[document.pk, release.pk])
    client = browser(team.investigator)
    when = day(30)
    parts = {"due_day": str(when.day), "due_month": str(when.month), "due_year": str(when.year)}
    assert "Why is it changed" in client.post(page, parts).content.decode()
    client.post(page, parts | {"reason": "The hearing was moved"})
    assert turns.turn_of(release).due == when
    event = Event.objects.get(verb="redaction.due_changed")
    body = json.loads(event.body)
    assert (body["before"]["due"], body["after"]["due"]) == (day(14).isoformat(), when.isoformat())
    assert "The hearing" not in event.body
    assert "The hearing was moved" in EventDetail.objects.get(event=event).detail
    assert f"now due on {when:%d/%m/%Y}" in Notification.objects.filter(user=team.redactor).latest("created_at").text
    with pytest.raises(ValidationError, match="on that day already"):
        turns.change_due(team.investigator, release, when, "Again")
    with pytest.raises(Refused):
        turns.change_due(team.approver, release, day(40), "I am away")


def reminders(user: User) -> list[str]:
    return [note.text for note in Notification.objects.filter(user=user, text__contains=" due on ").order_by("created_at")]


def test_reminders_go_out_once_before_the_day_and_once_after_it() -> None:
    team = make_team()
    _, release = asked(team)
    assert reminding.remind() == 0
    turns.change_due(team.investigator, release, day(2), "Sooner")
    Notification.objects.all().delete()
    assert (reminding.remind(), reminding.remind()) == (1, 0)
    assert len(reminders(team.redactor)) == len(reminders(team.colleague)) == 1
    assert reminders(team.approver) == reminders(team.supervisor) == []
    overdue(release)
    assert (reminding.remind(), reminding.remind()) == (1, 0)
    assert "was due on" in reminders(team.redactor)[1]
    assert len(reminders(team.supervisor)) == 1
    assert Notification.objects.filter(user=team.supervisor, important=True, text__contains="overdue").exists()
    assert set(Reminder.objects.values_list("when", flat=True)) == {"soon", "late"}
    assert Event.objects.filter(verb="redaction.reminded", object_id=str(release.pk)).count() == 2


def test_only_whoever_has_it_is_reminded_and_a_new_day_reminds_anew() -> None:
    team = make_team()
    _, release = asked(team)
    turns.assign(team.redactor, release, team.redactor)
    overdue(release, 3)
    reminding.remind()
    assert len(reminders(team.redactor)) == 1
    assert reminders(team.colleague) == []
    overdue(release, 1)
    assert reminding.remind() == 1
    assert len(reminders(team.redactor)) == 2


def test_what_is_overdue_is_marked() -> None:
    team = make_team()
    document, release = asked(team)
    overdue(release)
    client = browser(team.redactor)
    page = text_of(client.get(reverse("redaction:mine"), {"show": "late"}).content.decode())
    assert "Overdue (1)" in page
    assert f"{day(-1):%d/%m/%Y} Overdue" in page
    assert "Overdue" in text_of(client.get(reverse("redaction:release", args=[document.pk, release.pk])).content.decode())
    assert work.items_for(fresh(team.redactor))[0].is_late


def test_nobody_is_reminded_of_what_a_worker_is_at() -> None:
    team = make_team()
    _, release = decided(team)
    actions.ask_approval(team.redactor, release)
    actions.approve(team.approver, release)
    overdue(release)
    assert reminding.remind() == 0
