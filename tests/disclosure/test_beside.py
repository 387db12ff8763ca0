"""The file beside its decision in the workbench: opened on purpose, for one person, for a time, never once it is fenced."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from disclosure import actions, fencing
from tests.access.world import a_pdf
from tests.disclosure.arrange import make_item, make_team
from tests.disclosure.test_pages import of_case, signed_in, text
from tests.factories import make_verified_exhibit

pytestmark = pytest.mark.django_db


def test_the_file_is_shown_beside_the_decision_once_it_is_opened() -> None:
    team = make_team()
    exhibit = make_verified_exhibit(team.investigator, team.case, data=b"The door was locked at ten past eleven.")
    item = actions.ensure_item(exhibit)
    other = make_item(team)
    url = of_case("review", team)
    client = signed_in(team.officer)
    before = text(client.get(url))
    assert "Show the file here" in before
    assert "ten past eleven" not in before
    shown = text(client.post(url, {"step": "open"}, follow=True))
    assert "The door was locked at ten past eleven." in shown
    assert "Show the file here" not in shown
    event = Event.objects.get(verb="blob.opened")
    assert (event.actor_id, event.detail.facts) == (team.officer.pk, {"purpose": "Disclosure review"})
    # It stays open for this person while the ticket lasts, and beside this item only
    assert "ten past eleven" in text(client.get(f"{url}?item={item.pk}"))
    assert "ten past eleven" not in text(client.get(f"{url}?item={other.pk}"))
    assert "ten past eleven" not in text(signed_in(team.deputy).get(url))
    assert Event.objects.filter(verb="blob.opened").count() == 1
    cache.clear()
    assert "Show the file here" in text(client.get(url))


def test_what_has_no_verified_file_says_so() -> None:
    team = make_team()
    make_item(team)
    answer = signed_in(team.officer).post(of_case("review", team), {"step": "open"}, follow=True)
    assert "has no file" in text(answer)


def test_a_pdf_brings_its_viewer() -> None:
    team = make_team()
    make_verified_exhibit(team.investigator, team.case, data=a_pdf())
    page = text(signed_in(team.officer).post(of_case("review", team), {"step": "open"}, follow=True))
    assert "data-pdf" in page
    assert "js/pdf" in page


def test_once_fenced_it_is_shown_to_nobody() -> None:
    team = make_team()
    exhibit = make_verified_exhibit(team.investigator, team.case, data=b"Dear client, as to your case")
    item = actions.ensure_item(exhibit)
    client = signed_in(team.officer)
    url = f"{of_case('review', team)}?show=all&item={item.pk}"
    assert "Dear client" in text(client.post(url, {"step": "open"}, follow=True))
    fencing.fence(team.redactor, exhibit, "privilege", "A letterhead")
    page = text(client.get(url))
    assert "Dear client" not in page
    assert "Show the file here" not in page
    assert client.post(url, {"step": "open"}).status_code == 403


def test_a_file_beside_it_costs_the_same_however_long_the_queue() -> None:
    team = make_team()
    make_verified_exhibit(team.investigator, team.case, data=b"The door was locked.")
    client = signed_in(team.officer)
    url = of_case("review", team)
    client.post(url, {"step": "open"})
    counts = []
    for more in (2, 20):
        for _ in range(more):
            make_item(team)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1]
