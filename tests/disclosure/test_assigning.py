"""Items shared out among those who decide: who may give what to whom, what each sees of it, and how far they are."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Notification
from audit.actions import Refused
from audit.models import Event
from disclosure import assigning
from disclosure.models import Assignment, Item
from tests.disclosure.arrange import make_item, make_team, redecide
from tests.disclosure.test_pages import of_case, signed_in, text

pytestmark = pytest.mark.django_db


def test_the_lead_gives_items_and_sees_how_far_each_person_is() -> None:
    team = make_team()
    items = [make_item(team) for _ in range(3)]
    assert assigning.assign(team.officer, team.case, [item.pk for item in items[:2]], team.deputy) == 2
    redecide(team, items[0], "mg6c")
    (share,) = assigning.shares(team.case)
    assert (share.user, share.total, share.done, share.left) == (team.deputy, 2, 1, 1)
    assert Notification.objects.filter(user=team.deputy, text__contains="2 items to decide, given to you").exists()
    event = json.loads(Event.objects.filter(verb="item.assigned").first().body)  # type: ignore[union-attr]
    assert event["after"] == {"to": str(team.deputy.pk)}
    overview = text(signed_in(team.officer).get(of_case("overview", team)))
    assert f"?who={team.deputy.pk}" in overview


def test_a_deputy_takes_and_gives_back_and_no_more() -> None:
    team = make_team()
    free, taken = make_item(team), make_item(team)
    assigning.assign(team.officer, team.case, [taken.pk], team.officer)
    assert assigning.assign(team.deputy, team.case, [free.pk], team.deputy) == 1
    assert assigning.assign(team.deputy, team.case, [free.pk], None) == 1
    for items, to in (([taken.pk], team.deputy), ([taken.pk], None), ([free.pk], team.officer)):
        with pytest.raises(Refused):
            assigning.assign(team.deputy, team.case, items, to)
    with pytest.raises(Refused):
        assigning.assign(team.supervisor, team.case, [free.pk], team.deputy)
    with pytest.raises(ValidationError, match="not a disclosure officer"):
        assigning.assign(team.officer, team.case, [free.pk], team.redactor)
    with pytest.raises(ValidationError, match="changes something"):
        assigning.assign(team.officer, team.case, [taken.pk], team.officer)


def test_the_database_keeps_who_was_given_what() -> None:
    team = make_team()
    item = make_item(team)
    assigning.assign(team.officer, team.case, [item.pk], team.deputy)
    assigning.assign(team.officer, team.case, [item.pk], None)
    assert list(Assignment.objects.values_list("to", flat=True)) == [team.deputy.pk, None]
    item.refresh_from_db()
    assert item.assigned_to is None
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(assigned_to=team.deputy)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Assignment.objects.update(to=team.officer)


def test_the_page_gives_what_is_ticked_or_all_that_the_filter_finds() -> None:
    team = make_team()
    items = [make_item(team, kind=kind) for kind in ("phone", "phone", "document")]
    client = signed_in(team.officer)
    url = of_case("many", team)
    ticked = {"step": "assign", "to": team.officer.pk, "items": items[2].pk}
    assert "1 item given to" in text(client.post(url, ticked, follow=True))
    answer = client.post(f"{url}?kind=phone", {"step": "assign_all", "to": team.deputy.pk}, follow=True)
    assert "2 items given to" in text(answer)
    mine = text(client.get(f"{url}?{urlencode({'who': team.officer.pk})}"))
    assert items[2].exhibit.reference in mine
    assert items[0].exhibit.reference not in mine
    assert "No item to decide" in text(client.get(f"{url}?who=nobody"))
    assert client.get(f"{url}?who=nonsense").status_code == 200
    queue = text(signed_in(team.deputy).get(f"{of_case('review', team)}?show=mine"))
    assert queue.count("app-review__entry") == 2
    wrong = client.post(url, {"step": "assign", "to": team.redactor.pk, "items": items[0].pk})
    assert wrong.status_code == 422
    refused = signed_in(team.deputy).post(url, {"step": "assign_all", "to": team.officer.pk})
    assert refused.status_code == 403


def test_a_page_of_given_items_asks_no_more_questions() -> None:
    team = make_team()
    client = signed_in(team.officer)
    counts = []
    for more in (2, 6):
        items = [make_item(team) for _ in range(more)]
        assigning.assign(team.officer, team.case, [item.pk for item in items], team.deputy)
        with CaptureQueriesContext(connection) as asked:
            client.get(of_case("many", team))
            client.get(of_case("overview", team))
        counts.append(len(asked))
    assert counts[0] == counts[1]
