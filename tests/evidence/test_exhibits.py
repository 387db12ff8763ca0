"""Booking exhibits in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.actions import Refused
from audit.models import Event
from evidence import actions, hooks
from evidence.models import Exhibit
from tests.evidence.conftest import World
from tests.factories import SEIZED_AT, make_case, make_complainant, make_exhibit


def add(world: World, **changes: Any) -> Exhibit:
    """An exhibit of the investigator's, with some values changed."""
    values: dict[str, Any] = {
        "reference": "AB/1",
        "kind": Exhibit.Kind.PHONE,
        "description": "Black mobile phone",
        "seized_at": SEIZED_AT,
        "seized_where": "12 Example Road",
        "seized_by": "PC 2914",
        "seal_number": "A1234567",
        "location": "Property store 4",
        "within_marking": True,
    }
    return actions.add_exhibit(world.investigator, world.case, **values | changes)


def test_an_exhibit_begins_its_custody_when_it_was_seized(world: World) -> None:
    exhibit = add(world)
    event = exhibit.custody.get()
    assert (event.kind, event.at, event.by) == ("seized", SEIZED_AT, "PC 2914")
    assert (event.from_place, event.to_place, event.seal_after) == ("12 Example Road", "Property store 4", "A1234567")
    assert event.user == world.investigator


def test_the_log_names_the_exhibit_and_keeps_words_apart(world: World) -> None:
    exhibit = add(world)
    event = Event.objects.get(verb="exhibit.added", object_id=str(exhibit.pk))
    assert event.actor_id == world.investigator.pk
    assert event.case_id == world.case.pk
    assert '"reference":"AB/1"' in event.body
    assert "Black mobile phone" not in event.body


def test_the_producers_next_number_is_offered(world: World) -> None:
    assert actions.next_reference(world.case, "AB") == "AB/1"
    add(world)
    add(world, reference="AB/7/A", parent=add(world, reference="AB/7"))
    add(world, reference="ABC/9")
    assert actions.next_reference(world.case, "ab") == "AB/8"
    assert actions.next_reference(world.case, "CD") == "CD/1"


def test_what_is_made_from_an_exhibit_is_offered_its_parents_reference(world: World) -> None:
    phone = add(world)
    assert actions.next_derived(phone, "ab") == "AB/1/A"
    assert actions.next_derived(phone, "CD") == "AB/1-CD/1"
    part = add(world, reference="AB/1/A", parent=phone)
    extraction = add(world, reference="AB/1-CD/1", parent=phone)
    assert (actions.next_derived(phone, "AB"), actions.next_derived(phone, "CD")) == ("AB/1/B", "AB/1-CD/2")
    assert (actions.next_derived(part, "AB"), actions.next_derived(extraction, "CD")) == ("AB/1/A/A", "AB/1-CD/1/A")
    assert list(phone.children.all()) == [part, extraction]


@pytest.mark.parametrize("reference", ["AB/1/A", "AB/1-CD/1", "AB/10/A"])
def test_such_a_reference_says_what_it_was_made_from(world: World, reference: str) -> None:
    phone, other = add(world), add(world, reference="AB/2")
    with pytest.raises(ValidationError) as caught:
        add(world, reference=reference)
    assert "say which" in str(caught.value.message_dict["reference"])
    with pytest.raises(ValidationError) as caught:
        add(world, reference=reference, parent=other)
    assert "AB/2/A" in str(caught.value.message_dict["reference"])
    # Who makes an exhibit of their own from another's keeps their own numbers
    assert add(world, reference="CD/5", parent=phone).parent == phone


@pytest.mark.parametrize("reference", ["AB/1", "ab/1", " Ab/1 "])
def test_a_reference_is_used_once_whatever_its_case(world: World, reference: str) -> None:
    add(world)
    with pytest.raises(ValidationError) as caught:
        add(world, reference=reference)
    assert "already used" in str(caught.value.message_dict["reference"])
    assert world.case.exhibits.count() == 1


def test_another_case_may_use_the_same_reference(world: World) -> None:
    add(world)
    assert make_exhibit(world.stranger, make_case(world.stranger), reference="AB/1").reference == "AB/1"


@pytest.mark.parametrize("reference", ["", "A/1", "ABCDE/1", "AB1", "AB/12345", "AB/1/", "AB/1 2", "AB/1\n", "AB/1" + "/A" * 40])
def test_a_reference_has_the_form_that_courts_know(world: World, reference: str) -> None:
    if reference == "AB/1\n":
        assert add(world, reference=reference).reference == "AB/1"
        return
    with pytest.raises(ValidationError) as caught:
        add(world, reference=reference)
    assert "reference" in caught.value.message_dict


def test_nothing_is_seized_in_the_future(world: World) -> None:
    with pytest.raises(ValidationError) as caught:
        add(world, seized_at=timezone.now() + timedelta(hours=1))
    assert "seized_at" in caught.value.message_dict


def test_parent_and_subject_are_of_the_same_case(world: World) -> None:
    other = make_case(world.stranger)
    parent, person = make_exhibit(world.stranger, other), make_complainant(world.stranger, other)
    with pytest.raises(ValidationError):
        add(world, parent=parent)
    with pytest.raises(ValidationError):
        add(world, subject=person)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("investigator", True),
        ("exhibits", True),
        ("disclosure", False),
        ("supervisor", False),
        ("redactor", False),
        ("stranger", False),
    ],
)
def test_who_may_add(world: World, who: str, may: bool) -> None:
    user = getattr(world, who)
    if may:
        make_exhibit(user, world.case)
        return
    with pytest.raises(Refused):
        make_exhibit(user, world.case)
    assert Event.objects.get(verb="evidence.add_exhibit.refused").actor_id == user.pk


def test_other_rooms_are_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[Any, Any]] = []
    monkeypatch.setattr(hooks, "exhibit_added", [lambda user, exhibit: told.append((user, exhibit))])
    exhibit = add(world)
    assert told == [(world.investigator, exhibit)]
