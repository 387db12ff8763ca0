"""Searching a document for words, and redacting them wherever they stand."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.models import Event, EventDetail
from redaction import actions, deciding
from redaction.searching import find, redact_found
from tests.redaction.arrange import asked, make_photograph, make_statement, make_team
from tests.redaction.test_deciding import queries
from tests.redaction.test_pages import browser

pytestmark = pytest.mark.django_db


def test_words_are_found_however_they_are_written_and_redacted_in_one_act() -> None:
    team = make_team()
    document, _ = asked(team, make_statement(team, pages=3))
    hits = find(document, "  HAD\u00a0 happened")
    assert [(hit.page, hit.words) for hit in hits] == [(page, "had happened") for page in range(3)]
    assert find(document, "appene") == []
    assert len(find(document, "appene", inside=True)) == 3
    done = redact_found(team.redactor, document, "had happened", "OTH", chosen={hits[0].key, hits[2].key})
    drawn = document.proposals.filter(source="hand")
    assert {(p.page, p.by, len(p.boxes)) for p in drawn} == {(0, team.redactor, 1), (2, team.redactor, 1)}
    assert len({p.said for p in drawn}) == 1
    assert len({decision.act for decision in done.decisions}) == 1
    assert [hit.redacted for hit in find(document, "had happened")] == [True, False, True]
    deciding.undo(team.redactor, document)
    assert not document.proposals.accepted().exists()


def test_what_is_proposed_already_is_accepted_and_not_drawn_twice() -> None:
    team = make_team()
    document, _ = asked(team)
    before = document.proposals.count()
    redact_found(team.redactor, document, "07700 900461", "OTH")
    assert document.proposals.count() == before
    [taken] = document.proposals.accepted()
    assert taken.decided_category == "TEL"
    with pytest.raises(ValidationError, match="Nothing is chosen"):
        redact_found(team.redactor, document, "07700 900461", "OTH")


def test_too_little_to_look_for_and_too_many_places(monkeypatch: pytest.MonkeyPatch) -> None:
    team = make_team()
    document, _ = asked(team)
    with pytest.raises(ValidationError, match="at least two letters"):
        find(document, " a ")
    monkeypatch.setattr("redaction.searching.MOST", 1)
    with pytest.raises(ValidationError, match="more than 1 places"):
        find(document, "14")


def test_the_questions_do_not_grow_with_what_is_found() -> None:
    team = make_team()
    small, large = asked(team)[0], asked(team, make_statement(team, pages=6))[0]
    few = queries(lambda: redact_found(team.redactor, small, "happened", "OTH"))
    assert queries(lambda: redact_found(team.redactor, large, "happened", "OTH")) <= few


def test_the_page_finds_and_redacts_and_no_address_or_event_holds_the_words() -> None:
    team = make_team()
    document, _ = asked(team)
    client = browser(team.redactor)
    page = reverse("redaction:search", args=[document.pk])
    assert client.get(page).status_code == 200
    found = client.post(page, {"words": "neighbour"})
    assert "<mark>neighbour</mark>" in found.content.decode()
    assert client.post(page, {"words": "x"}).status_code == 422
    assert "Not found" in client.post(page, {"words": "zebra"}).content.decode()
    redact = reverse("redaction:redact_found", args=[document.pk])
    nothing = client.post(redact, {"words": "neighbour", "category": "OTH", "which": "ticked"})
    assert "Nothing is chosen" in nothing.content.decode()
    wrong = client.post(redact, {"words": "neighbour", "category": "NONE", "which": "all"})
    assert "Select a category" in wrong.content.decode()
    done = client.post(redact, {"words": "neighbour", "category": "OTH", "which": "all"})
    assert (done.status_code, "neighbour" in done["Location"]) == (302, False)
    assert document.proposals.accepted().count() == 1
    told = "".join(Event.objects.values_list("body", flat=True)) + str(list(EventDetail.objects.values_list()))
    assert "neighbour" not in told
    assert json.loads(Event.objects.filter(verb="redaction.drawn").get().body)["after"]["accepted"] == 1
    assert client.post(redact, {"words": "", "which": "all"}).status_code == 422


def test_pictures_are_named_and_nobody_else_redacts() -> None:
    team = make_team()
    document, _ = asked(team, make_photograph(team))
    page = reverse("redaction:search", args=[document.pk])
    shown = browser(team.approver).post(page, {"words": "anything"}).content.decode()
    assert "1 page without words is a picture" in " ".join(shown.split())
    assert browser(team.approver).post(reverse("redaction:redact_found", args=[document.pk]), {"words": "it"}).status_code == 403


def test_nothing_is_redacted_by_search_while_the_approver_has_it() -> None:
    team = make_team()
    document, release = asked(team)
    actions.accept_rest(team.redactor, document)
    actions.ask_approval(team.redactor, release)
    with pytest.raises(ValidationError, match="with the approver"):
        redact_found(team.redactor, document, "neighbour", "OTH")
