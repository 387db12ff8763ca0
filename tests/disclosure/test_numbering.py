"""Twenty people add two hundred items each at once, and two certify at once: one sequence, dense, none lost, one certificate."""

import itertools

import pytest
from django.db import connection

from accounts.models import Role
from cases import actions as case_actions
from disclosure import actions
from disclosure.models import Certificate, Decision, Item, Row, ScheduleNumber
from evidence.models import Exhibit
from tests.disclosure.arrange import PLACE, Team, make_item, make_team
from tests.disclosure.test_database import at_once, fresh
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH = 20, 200


def add_and_draft(team: Team, like: Exhibit, writer: int) -> None:
    """So many new exhibits, decided for the MG6C, in a draft that others bring up to date meanwhile."""
    values = {field.attname: getattr(like, field.attname) for field in Exhibit._meta.concrete_fields}
    for name in ("id", "reference", "description", "created_at"):
        del values[name]
    exhibits = Exhibit.objects.bulk_create(
        Exhibit(
            **values,
            reference=f"{chr(65 + writer)}Z/{number}",
            description=f"Statement of 12/03/2026 by PC {2000 + number} about the lock of side door {writer}, 2 pages, unsigned",
        )
        for number in range(1, EACH + 1)
    )
    items = Item.objects.bulk_create(Item(case=team.case, exhibit=exhibit) for exhibit in exhibits)
    answers = (("use", "unused"), ("relevance", "relevant"), ("sensitivity", "not_sensitive"))
    Decision.objects.bulk_create(
        Decision(item=item, field=field, value=value, by=team.officer) for item, (field, value) in itertools.product(items, answers)
    )
    actions.draft_schedule(team.officer, team.case, "MG6C")
    connection.close()


def test_twenty_writers_and_two_certificates_at_once() -> None:
    team = make_team()
    like = make_item(team, "used", location=PLACE).exhibit
    other = make_user(Role.DISCLOSURE, organisation=team.case.organisation)
    case_actions.add_team_member(team.investigator, team.case, other, Role.DISCLOSURE)
    raised = at_once(*(lambda writer=writer: add_and_draft(team, like, writer) for writer in range(WRITERS)))
    assert [error for error in raised if error] == []
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    positions = list(Row.objects.filter(version=version).order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, WRITERS * EACH + 1))
    actions.send_to_qa(team.officer, version)
    actions.check(team.supervisor, version)
    one, two = fresh(version), fresh(version)
    raised = at_once(lambda: actions.certify(team.officer, one), lambda: actions.certify(other, two))
    assert sum(error is None for error in raised) == 1
    assert Certificate.objects.count() == 1
    numbers = ScheduleNumber.objects.filter(case=team.case, kind="MG6C").order_by("number")
    assert list(numbers.values_list("number", flat=True)) == positions
    assert dict(numbers.values_list("item_id", "number")) == dict(
        Row.objects.filter(version=version).values_list("item_id", "position")
    )
