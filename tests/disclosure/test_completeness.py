"""No schedule is certified while an item of the case is in limbo, and the page says which. The MG6E and later schedules."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from disclosure import actions, completeness
from disclosure.models import Certificate, Item, Row, VersionState
from tests.disclosure.arrange import (
    Team,
    certified,
    checked,
    drafted,
    make_item,
    make_team,
    printed_rows,
    redecide,
    submitted,
)
from tests.disclosure.test_pages import of_case, signed_in, text

pytestmark = pytest.mark.django_db


def may_meet(team: Team, item: Item) -> None:
    actions.decide(team.officer, item, test="may_meet", reason="It puts the suspect elsewhere at 23:00")
    item.refresh_from_db()


def missing(team: Team) -> list[str]:
    return [entry.item.exhibit.reference for entry in completeness.missing(team.case)]


def test_what_keeps_a_schedule_from_being_certified() -> None:
    team = make_team()
    limbo, secret, idle, spent, unread = (
        make_item(team, outcome) for outcome in ("", "mg6d", "not_relevant", "used", "unexamined")
    )
    version = checked(team, drafted(team))
    assert missing(team) == [limbo.exhibit.reference, secret.exhibit.reference]
    with pytest.raises(ValidationError) as caught:
        actions.certify(team.officer, version)
    assert [message.split(":")[0] for message in caught.value.messages] == missing(team)
    page = text(signed_in(team.officer).get(of_case("overview", team)))
    assert "Not accounted for" in page
    assert f"item={limbo.pk}" in page
    assert f"item={idle.pk}" not in page
    assert f"item={spent.pk}" not in page
    assert f"item={unread.pk}" not in page
    listed = text(signed_in(team.officer).get(f"{of_case('review', team)}?show=unaccounted"))
    assert limbo.exhibit.reference in listed
    redecide(team, limbo, "not_relevant")
    actions.draft_schedule(team.officer, team.case, "MG6D")
    assert missing(team) == []
    actions.certify(team.officer, version)
    assert json.loads(version.certificate.content)["unexamined"] == "1 item held in the case has not yet been examined."


def test_the_database_refuses_too() -> None:
    team = make_team()
    version = checked(team, drafted(team))
    make_item(team)
    row = Row.objects.filter(version=version).first()
    assert row
    with pytest.raises(IntegrityError, match="not accounted for"), transaction.atomic():
        certify_past_the_actions(team, version)


def certify_past_the_actions(team: Team, version: object) -> None:
    """What whoever reaches the database would try."""
    from django.utils import timezone

    from disclosure import content, rows
    from disclosure.models import ScheduleVersion

    assert isinstance(version, ScheduleVersion)
    rows.fix_numbers(version)
    signature = content.Signature("Name", "Role", timezone.now())
    body, sha256 = content.canonical(content.of_version(version, version.rows.all(), unexamined="", signature=signature))
    Certificate.objects.create(version=version, statement="I do", content=body, sha256=sha256, by=team.officer)
    VersionState.objects.create(version=version, state="certified", by=team.officer)


def test_an_mg6e_lists_what_may_meet_the_test_by_its_number_on_the_other_schedules() -> None:
    team = make_team()
    make_item(team, "mg6c")
    helps, secret = make_item(team, "mg6c"), make_item(team, "mg6d")
    may_meet(team, helps)
    may_meet(team, secret)
    report = actions.draft_schedule(team.officer, team.case, "MG6E")
    assert printed_rows(report) == [(n, "It puts the suspect elsewhere at 23:00", False) for n in (1, 2)]
    schedules = [checked(team, actions.draft_schedule(team.officer, team.case, kind)) for kind in ("MG6C", "MG6D")]
    for row in report.rows.all():
        text = "The night manager puts him at the hotel at 23:00"
        actions.write_row(team.officer, Row.objects.get(pk=row.pk), description=text, location="")
    checked(team, report)
    with pytest.raises(ValidationError, match="certify the schedule that it belongs on first"):
        actions.certify(team.officer, report)
    for version in schedules:
        actions.certify(team.officer, version)
    actions.certify(team.officer, report)
    rows = json.loads(report.certificate.content)["rows"]
    assert [(row["number"], row["schedule"], row["item"]) for row in rows] == [(1, "MG6C", 2), (2, "MG6D", 1)]
    assert completeness.report_owed(team.case) == ""


def test_an_mg6e_is_told_to_those_who_see_an_mg6d_only() -> None:
    team = make_team()
    item = make_item(team, "mg6c")
    may_meet(team, item)
    report = actions.draft_schedule(team.officer, team.case, "MG6E")
    client = signed_in(team.investigator)
    assert client.get(f"/schedules/{report.schedule_id}/").status_code == 404
    assert "elsewhere" not in text(client.get(f"{of_case('review', team)}?show=all&item={item.pk}"))
    assert "MG6E" not in text(client.get(of_case("overview", team)))
    assert "MG6E" in text(signed_in(team.officer).get(of_case("overview", team)))


def test_a_later_schedule_goes_on_with_the_numbers_and_needs_its_own_mg6e() -> None:
    team = make_team()
    with pytest.raises(ValidationError, match="not submitted yet"):
        actions.later_schedule(team.officer, team.case, "MG6C")
    first = submitted(team, rows=2)
    make_item(team, "mg6c")
    later = actions.later_schedule(team.officer, team.case, "MG6C")
    assert later.schedule.ordinal == 2
    actions.certify(team.officer, checked(team, later))
    assert [position for position, _, _ in printed_rows(later)] == [3]
    with pytest.raises(ValidationError, match="certify an MG6E for it first"):
        actions.submit(team.officer, later)
    with pytest.raises(IntegrityError, match="its own MG6E"), transaction.atomic():
        VersionState.objects.create(version=later, state="submitted", by=team.officer)
    assert completeness.report_owed(team.case)
    certified(team, "MG6E", rows=0)
    actions.submit(team.officer, later)
    # What is new belongs to the latest; an earlier one keeps what it has
    again = actions.new_version(team.officer, first.schedule)
    assert [position for position, _, _ in printed_rows(again)] == [1, 2]


def test_an_sdc_stands_for_an_mg6c_and_not_beside_it() -> None:
    team = make_team()
    make_item(team, "mg6c")
    version = actions.draft_schedule(team.officer, team.case, "SDC")
    assert len(printed_rows(version)) == 1
    with pytest.raises(ValidationError, match="has an SDC"):
        actions.draft_schedule(team.officer, team.case, "MG6C")
    actions.certify(team.officer, checked(team, version))
    actions.submit(team.officer, version)


def test_one_form_takes_the_view_of_the_test_with_its_reason() -> None:
    team = make_team()
    item = make_item(team)
    client = signed_in(team.officer)
    url = f"{of_case('review', team)}?show=limbo&item={item.pk}"
    assert "Enter how it may undermine or assist" in text(client.post(url, {"outcome": "mg6c", "may_meet": "on"}))
    assert client.post(url, {"outcome": "mg6c", "may_meet": "on", "test_reason": "He was elsewhere"}).status_code == 302
    item.refresh_from_db()
    assert (item.schedule_kind, item.test) == ("MG6C", "may_meet")
    assert client.post(url, {"outcome": "mg6c"}).status_code == 302
    item.refresh_from_db()
    assert item.test == "does_not"
