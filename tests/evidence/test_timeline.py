"""One timeline of an exhibit, from custody, checks and the log."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from evidence import custody, printed, timeline
from evidence.models import Exhibit
from evidence.opening import open_blob
from redaction import actions as redaction_actions
from tests.access.world import a_pdf
from tests.evidence.conftest import World
from tests.evidence.test_verification import master
from tests.factories import make_exhibit, make_verified_exhibit


@pytest.fixture
def exhibit(world: World) -> Exhibit:
    """Seized, sent, checked, viewed, printed, and a redaction asked for."""
    made = make_verified_exhibit(world.investigator, world.case, data=a_pdf())
    custody.seal(world.investigator, made, number="A1")
    open_blob(world.disclosure, master(made), "Disclosure review")
    printed.continuity(world.supervisor, made)
    redaction_actions.start(world.redactor, made, audience="cps")
    return made


def titles(part: timeline.Part) -> list[str]:
    return [entry.title for entry in part.entries]


def test_it_says_who_viewed_it_and_why_beside_all_the_rest(world: World, exhibit: Exhibit) -> None:
    part = timeline.read(world.redactor, exhibit)
    found = titles(part)
    for title in ("Seized or received", "Sealed", "File received", "Master checked", "File opened", "Exhibit continuity printed"):
        assert title in found
    assert "Redaction asked" in found
    assert part.before is None
    viewed = next(entry for entry in part.entries if entry.title == "File opened")
    assert viewed.by.startswith(str(world.disclosure))
    assert viewed.text == "Why: Disclosure review."
    assert viewed.href.startswith(f"/cases/{world.case.pk}/log/proof/")
    assert [entry.at for entry in part.entries] == sorted((entry.at for entry in part.entries), reverse=True)


def test_redactions_are_shown_only_to_who_sees_redactions(world: World, exhibit: Exhibit) -> None:
    assert "Redaction asked" not in titles(timeline.read(world.exhibits, exhibit))


@pytest.mark.parametrize(("kind", "has", "lacks"), [
    ("custody", "Sealed", "File opened"),
    ("file", "Master checked", "Sealed"),
    ("viewed", "File opened", "Sealed"),
    ("redaction", "Redaction asked", "File opened"),
])  # fmt: skip
def test_it_can_be_narrowed(world: World, exhibit: Exhibit, kind: str, has: str, lacks: str) -> None:
    found = titles(timeline.read(world.redactor, exhibit, kind=kind))
    assert has in found
    assert lacks not in found


def test_in_parts_it_is_all_there_once(world: World, exhibit: Exhibit) -> None:
    whole = timeline.read(world.redactor, exhibit).entries
    parts, before = [], None
    while True:
        part = timeline.read(world.redactor, exhibit, before=before, size=2)
        parts += part.entries
        before = part.before
        if before is None:
            break
    assert parts == whole
    assert len(whole) > 6


def test_it_costs_the_same_however_long(world: World, django_assert_max_num_queries: Any) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=b"x")
    for _ in range(10):
        open_blob(world.disclosure, master(exhibit), "Disclosure review")
    with django_assert_max_num_queries(10):
        assert len(timeline.read(world.redactor, exhibit).entries) > 10


def test_its_page_has_filters_and_older_parts(world: World, exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.timeline_views.SIZE", 3)
    client = Client()
    client.force_login(world.redactor)
    path = f"/exhibits/{exhibit.pk}/timeline/"
    first = client.get(path)
    assert "Sealed" not in first.content.decode()
    second = client.get(path + first.context["next_url"])
    assert "Back to the newest" in second.content.decode()
    assert (
        "Nothing of this kind"
        in client.get(f"/exhibits/{make_exhibit(world.investigator, world.case).pk}/timeline/?kind=viewed").content.decode()
    )
    for nonsense in ("?before=yesterday", "?before=2026-99-99T00:00Z", "?kind=x"):
        assert client.get(path + nonsense).status_code == 200
    assert path in client.get(f"/exhibits/{exhibit.pk}/").content.decode()
