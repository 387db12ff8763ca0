"""Every address that is read: the event that it leaves in the log is the one that `tests/access/reads.py` states, or none."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Role
from audit.models import Event
from tests.access.reads import QUERIES, RECORDED, UNRECORDED
from tests.access.walk import IN, Row, path_of
from tests.access.web_table import TABLE
from tests.access.world import World, make_world
from tests.factories import make_case, make_user

pytestmark = pytest.mark.django_db
URLCONF = "config.urls"
# The configuration shows nothing of any case, and what is changed there is recorded
READ = {row.name for row in TABLE if row.method == "GET" and not row.name.startswith(("admin:", "(<path", "((?P"))}


def test_every_address_that_is_read_is_stated_once() -> None:
    assert READ - RECORDED.keys() - UNRECORDED.keys() == set(), "what do these leave in the log?"
    assert (RECORDED.keys() | UNRECORDED.keys()) - READ == set(), "these are not read any more"
    assert RECORDED.keys() & UNRECORDED.keys() == set()


def test_each_leaves_the_event_that_is_stated_and_no_other() -> None:
    world = make_world()
    wrong = []
    for name in sorted(READ):
        row = next((row for row in TABLE if row.name == name and row.method == "GET" and IN in row.answers.values()), None)
        if row is None:
            continue  # nobody is let in
        stated = [RECORDED[name]] if name in RECORDED else []
        found = left_by(row, world)
        if found != stated:
            wrong.append(f"{row}: {stated} is stated, {found} was recorded")
    assert not wrong, "\n".join(["", *wrong])


def left_by(row: Row, world: World) -> list[str]:
    """The verbs of the events that one look leaves, by the first who may look. It is undone afterwards."""
    client = world.client(next(column for column, answer in row.answers.items() if answer == IN))
    with transaction.atomic():
        if row.first:
            client.get(path_of(Row(row.first, {}), world.values, URLCONF))
        before = set(Event.objects.values_list("pk", flat=True))
        query = QUERIES.get(row.name, "").format_map(world.values)
        response = client.get(f"{path_of(row, world.values, URLCONF)}?{query}")
        if response.streaming:
            list(response.streaming_content)  # type: ignore[attr-defined]
        found = list(Event.objects.exclude(pk__in=before).values_list("verb", flat=True))
        transaction.set_rollback(True)
    return found


def test_searching_ones_cases_for_words_is_an_event_and_the_words_are_in_its_detail() -> None:
    officer = make_user(Role.INVESTIGATOR)
    make_case(officer, operation="Larch")
    client = Client()
    client.force_login(officer)
    assert "Larch" in client.get("/cases/?words=larch").content.decode()
    event = Event.objects.get(verb="cases.searched")
    assert ((event.after or {})["found"], event.detail.facts["words"]) == (1, "larch")
    assert "larch" not in event.body
    client.get("/cases/")
    assert Event.objects.filter(verb="cases.searched").count() == 1
