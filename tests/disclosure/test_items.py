"""Deciding about items: what is asked, what is kept, and what follows."""

import pytest
from django.core.exceptions import ValidationError

from audit.actions import Refused
from audit.models import Event
from disclosure import actions
from disclosure.models import Decision, Item
from tests.disclosure.arrange import make_item, make_team
from tests.factories import make_exhibit

pytestmark = pytest.mark.django_db


def test_every_exhibit_is_an_item_once() -> None:
    team = make_team()
    exhibit = make_exhibit(team.investigator, team.case)
    first = actions.ensure_item(exhibit)
    assert actions.ensure_item(exhibit) == first
    assert list(Item.objects.ensure_for(team.case)) == [first]


def test_exhibits_without_an_item_get_one_when_the_list_is_opened() -> None:
    team = make_team()
    made = [make_exhibit(team.investigator, team.case) for _ in range(3)]
    assert {item.exhibit_id for item in Item.objects.ensure_for(team.case)} == {exhibit.id for exhibit in made}
    assert Item.objects.ensure_for(team.case).counts()["in_limbo"] == 3


def test_a_decision_shows_on_the_item_and_in_the_log() -> None:
    team = make_team()
    item = make_item(team)
    actions.decide(team.officer, item, use="unused", relevance="relevant", sensitivity="not_sensitive")
    item.refresh_from_db()
    assert (item.use, item.relevance, item.sensitivity) == ("unused", "relevant", "not_sensitive")
    assert item.schedule_kind == "MG6C"
    event = Event.objects.about("item", item.pk).get()
    assert event.verb == "item.decided"
    assert event.actor_id == team.officer.pk
    assert event.after == {"use": "unused", "relevance": "relevant", "sensitivity": "not_sensitive"}


def test_a_later_decision_holds_and_the_earlier_stays() -> None:
    team = make_team()
    item = make_item(team, "not_relevant")
    actions.decide(team.deputy, item, relevance="relevant")
    item.refresh_from_db()
    assert item.relevance == "relevant"
    assert item.is_in_limbo
    relevance = Decision.objects.filter(item=item, field="relevance").values_list("value", "by")
    assert list(relevance) == [("clearly_not_relevant", team.officer.pk), ("relevant", team.deputy.pk)]


def test_the_same_answer_again_is_no_decision() -> None:
    team = make_team()
    item = make_item(team, "used")
    assert actions.decide(team.officer, item, use="used") == []


@pytest.mark.parametrize("answers", [{"use": "unused", "relevance": "clearly_not_relevant"}, {"sensitivity": "sensitive"}])
def test_a_reason_is_needed(answers: dict[str, str]) -> None:
    team = make_team()
    item = make_item(team)
    with pytest.raises(ValidationError) as caught:
        actions.decide(team.officer, item, **answers, reason="  ")
    assert list(caught.value.message_dict) == ["reason"]
    assert not Decision.objects.filter(item=item).exists()


def test_an_answer_of_another_question_is_refused() -> None:
    team = make_team()
    with pytest.raises(ValidationError):
        actions.decide(team.officer, make_item(team), use="relevant")


@pytest.mark.parametrize("who", ["investigator", "supervisor", "redactor"])
def test_only_the_disclosure_officer_and_deputies_decide(who: str) -> None:
    team = make_team()
    item = make_item(team)
    with pytest.raises(Refused):
        actions.decide(getattr(team, who), item, use="used")
    assert Event.objects.filter(verb="disclosure.decide.refused", actor_id=getattr(team, who).pk).exists()


def test_items_are_seen_by_those_who_take_part() -> None:
    team = make_team()
    item = make_item(team)
    for user in (team.investigator, team.officer, team.deputy, team.supervisor):
        assert Item.objects.visible_to(user).get() == item
    assert not Item.objects.visible_to(team.redactor).exists()
    assert not Item.objects.visible_to(make_team().officer).exists()


def test_counts_say_where_items_stand() -> None:
    team = make_team()
    for outcome in ("", "used", "mg6c", "mg6c", "mg6d", "not_relevant", "unexamined"):
        make_item(team, outcome)
    counts = Item.objects.ensure_for(team.case).counts()
    listed = {"mg6c": 2, "mg6d": 1, "mg6e": 0}
    assert counts == {"total": 7, "in_limbo": 1, "used": 1, "not_relevant": 1, "unexamined": 1, **listed}
