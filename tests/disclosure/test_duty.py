"""The continuing duty: when the statement is due, what it re-opens, the MG6E it ends in; court applications; many items at once."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Notification
from audit.actions import Refused
from disclosure import actions, calendar, completeness, duty
from disclosure.models import CourtApplication, DefenceStatement, Item, ReReview
from tests.disclosure.arrange import Team, certified, checked, make_item, make_team, submitted
from tests.disclosure.test_completeness import certify_past_the_actions
from tests.disclosure.test_pages import of_case, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
        (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
        (2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
        (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
    ],
)
def test_bank_holidays_are_those_of_england_and_wales(year: int, days: str) -> None:
    assert sorted(calendar.bank_holidays(year)) == [dt.date.fromisoformat(f"{year}-{day}") for day in days.split()]


def test_a_day_that_is_no_working_day_moves_to_the_next() -> None:
    # 28 days after 27/11/2026 is Christmas Day, a Friday; then the weekend, and Boxing Day's Monday
    assert calendar.due(dt.date(2026, 11, 27), 28) == dt.date(2026, 12, 29)
    assert calendar.due(dt.date(2026, 11, 2), 14) == dt.date(2026, 11, 16)


def received(team: Team) -> DefenceStatement:
    complied = timezone.localdate() - dt.timedelta(days=20)
    duty.expect_statement(team.officer, team.case, "crown", complied)
    return duty.receive(team.officer, team.case, complied + dt.timedelta(days=10), "He was at the hotel until 23:30")


def test_a_statement_is_due_extended_and_received() -> None:
    team = make_team()
    with pytest.raises(ValidationError, match="First enter when"):
        duty.receive(team.officer, team.case, timezone.localdate(), "Alibi")
    made = duty.expect_statement(team.officer, team.case, "magistrates", dt.date(2026, 11, 2))
    assert made.due_on == dt.date(2026, 11, 16)
    with pytest.raises(ValidationError, match="Enter a day after 16/11/2026"):
        duty.extend(team.officer, team.case, dt.date(2026, 11, 10))
    assert duty.extend(team.officer, team.case, dt.date(2026, 11, 30)).extended
    with pytest.raises(ValidationError, match="issues that it raises"):
        duty.receive(team.officer, team.case, dt.date(2026, 11, 20), " ")
    with pytest.raises(Refused):
        duty.receive(team.supervisor, team.case, dt.date(2026, 11, 20), "Alibi")
    assert completeness.statement_of(team.case).due_on == dt.date(2026, 11, 30)  # type: ignore[union-attr]


def test_it_re_opens_what_was_decided_and_ends_in_an_mg6e() -> None:
    team = make_team()
    make_item(team, "not_relevant")
    make_item(team, "used")
    submitted(team, rows=2)
    certified(team, "MG6E", rows=0)
    assert not completeness.report_owed(team.case)
    received(team)
    waiting = list(completeness.to_read_again(team.case))
    assert len(waiting) == 3
    assert "defence statement" in completeness.report_owed(team.case)
    assert Notification.objects.filter(user=team.deputy, text__contains="3 items to read again").exists()
    again = checked(team, actions.draft_schedule(team.officer, team.case, "MG6E"))
    with pytest.raises(ValidationError, match="3 items must be read again"):
        actions.certify(team.officer, again)
    with pytest.raises(ValidationError, match="Enter the reason"):
        duty.read_again(team.officer, team.case, [item.pk for item in waiting], "no_change", "")
    assert duty.read_again(team.officer, team.case, [waiting[0].pk, waiting[1].pk], "no_change", "Says nothing of the hotel") == 2
    with pytest.raises(IntegrityError, match="not read again"), transaction.atomic():
        certify_past_the_actions(team, again)
    assert duty.read_again(team.officer, team.case, [waiting[2].pk], "may_meet", "It puts him at the hotel at 23:20") == 1
    assert ReReview.objects.count() == 3
    assert Item.objects.get(pk=waiting[2].pk).test == "may_meet"
    actions.return_to_author(team.supervisor, again, "An item has come up")
    again = checked(team, actions.draft_schedule(team.officer, team.case, "MG6E"))
    actions.certify(team.officer, again)
    assert not completeness.report_owed(team.case)


def test_the_page_takes_it_all() -> None:
    team = make_team()
    submitted(team, rows=2)
    client = signed_in(team.officer)
    url = of_case("duty", team)
    day = timezone.localdate() - dt.timedelta(days=3)
    parts = {"day": day.day, "month": day.month, "year": day.year}
    asked = {"step": "expect", "expect-court": "crown"} | {f"expect-complied_on_{name}": value for name, value in parts.items()}
    assert "is due on" in text(client.post(url, asked, follow=True))
    asked = {"step": "receive", "receive-issues": "Alibi"} | {f"receive-received_on_{name}": value for name, value in parts.items()}
    page = text(client.post(url, asked, follow=True))
    assert "To read again: 2" in page
    items = [str(item.pk) for item in completeness.to_read_again(team.case)]
    asked = {"step": "again", "again-outcome": "no_change", "again-reason": "Nothing of the hotel"}
    assert "Select items" in text(client.post(url, asked))
    assert "2 items read again" in text(client.post(url, asked | {"items": items}, follow=True))
    assert "record what" not in text(signed_in(team.investigator).get(url)).lower()


def test_an_application_for_immunity_is_told_to_few() -> None:
    team = make_team()
    day = timezone.localdate()
    for kind, about in (("section_8", "The full download"), ("pii", "The informant's file")):
        duty.record_application(team.officer, team.case, kind=kind, made_on=day, about=about)
    with pytest.raises(ValidationError, match="if, and only if"):
        duty.record_application(team.officer, team.case, kind="pii", made_on=day, about="It", outcome="granted")
    assert CourtApplication.objects.visible_to(team.investigator).count() == 1
    page = text(signed_in(team.investigator).get(of_case("duty", team)))
    assert "The full download" in page
    assert "The informant" not in page


def test_many_items_are_decided_with_one_reason_or_none_of_them() -> None:
    team = make_team()
    items = [make_item(team) for _ in range(5)]
    client = signed_in(team.officer)
    url = of_case("many", team)
    keys = [str(item.pk) for item in items[:4]]
    assert "can&#x27;t have any impact" in text(client.post(url, {"outcome": "not_relevant", "items": keys}))
    assert Item.objects.filter(case=team.case).in_limbo().count() == 5
    answers = {"outcome": "not_relevant", "items": keys, "reason": "Bus tickets of officers"}
    assert "4 items decided" in text(client.post(url, answers, follow=True))
    assert Item.objects.filter(case=team.case).in_limbo().count() == 1
    assert "Select at least one item" in text(client.post(url, {"outcome": "used"}))
    assert items[4].exhibit.reference in text(client.get(f"{url}?words=night"))
    assert items[4].exhibit.reference not in text(client.get(f"{url}?words=absent"))
