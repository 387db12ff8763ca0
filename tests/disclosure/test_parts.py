"""Parts of an exhibit as items: made beside what they are of, decided and scheduled like any other, and never against the whole."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.actions import Refused
from audit.models import Event
from disclosure import actions, completeness, fencing, locators, parts
from disclosure.forms import OUTCOMES
from disclosure.locators import Span, read_span
from disclosure.models import Item
from evidence.models import Blob
from tests.access.world import a_pdf
from tests.disclosure.arrange import Team, checked, make_item, make_team, redecide
from tests.disclosure.test_api import client_of, post
from tests.disclosure.test_pages import of_case, signed_in, text
from tests.factories import make_exhibit, make_verified_exhibit
from tests.media import mp4

pytestmark = pytest.mark.django_db


def part_of(team: Team, item: Item, start: int, end: int, outcome: str = "", unit: str = "pages") -> Item:
    made = parts.make_part(team.officer, item.exhibit, Span(unit, start, end))
    if outcome:
        redecide(team, made, outcome)
    return made


# ---- places ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "start", "end", "words"),
    [
        ("pages", "3", "4", "pages 3 to 4"),
        ("pages", " 7 ", "", "page 7"),
        ("messages", "12", "12", "message 12"),
        ("clip", "1:05", "2:10", "00:01:05 to 00:02:10"),
        ("clip", "65", "70.25", "00:01:05 to 00:01:10.250"),
        ("clip", "01:00:00", "90:00", "01:00:00 to 01:30:00"),
    ],
)
def test_a_place_is_read_as_people_write_it(unit: str, start: str, end: str, words: str) -> None:
    span = read_span(unit, start, end)
    assert locators.words_of(span.locator) == words
    assert locators.span_of(span.locator) == span == locators.checked(span.locator)


@pytest.mark.parametrize(
    ("unit", "start", "end", "field", "words"),
    [
        ("pages", "0", "4", "start", "Enter a page number from 1"),
        ("pages", "4", "x", "end", "Enter a page number from 1"),
        ("pages", "4", "3", "end", "It must end after it begins"),
        ("messages", "-1", "3", "start", "Enter a message number"),
        ("pages", "9999999999", "", "start", "Enter a page number"),
        ("clip", "1:75", "3:00", "start", "Enter a time from the start"),
        ("clip", "1:05", "", "end", "Enter a time from the start"),
        ("clip", "1:05", "1:05", "end", "It must end after it begins"),
        ("sheet", "1", "2", "unit", "Select pages, messages or a clip"),
    ],
)
def test_what_is_no_place_is_refused_at_its_field(unit: str, start: str, end: str, field: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read_span(unit, start, end)
    assert words in caught.value.message_dict[field][0]


@pytest.mark.parametrize(
    "locator",
    [{}, None, "pages", {"pages": [1]}, {"pages": [0, 1]}, {"pages": [True, 2]}, {"pages": [2, 1]}, {"pages": ["1", "2"]},
     {"pages": [1, 2], "messages": [1, 2]}, {"from_ms": 5}, {"from_ms": 5, "to_ms": 5}, {"pages": [1, 10**9]}],
)  # fmt: skip
def test_what_a_program_sends_is_a_place_or_refused(locator: Any) -> None:
    with pytest.raises(ValidationError):
        locators.checked(locator)


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(0, 9), st.integers(1, 9), st.integers(0, 9))
def test_two_places_are_apart_within_or_cross(start: int, more: int, other: int, further: int) -> None:
    one, two = Span("pages", start, start + more), Span("pages", other, other + further)
    common = set(range(one.start, one.end + 1)) & set(range(two.start, two.end + 1))
    assert one.crosses(two) == two.crosses(one)
    assert bool(common) == (one.crosses(two) or one.holds(two) or two.holds(one))
    assert not Span("messages", start, start + more).crosses(two)


# ---- making one ------------------------------------------------------------------------------------------------------


def test_a_part_is_an_item_with_decisions_of_its_own_and_a_row() -> None:
    team = make_team()
    whole = make_item(team, "mg6d")
    part = part_of(team, whole, 1, 2)
    assert part.label == f"{whole.exhibit.reference}, pages 1 to 2"
    assert part in completeness.unaccounted(team.case)
    assert [str(entry.item.label) for entry in completeness.missing(team.case)] == [whole.exhibit.reference, part.label]
    redecide(team, part, "mg6c")
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    (row,) = version.rows.all()
    assert row.item == part
    assert row.description == f"Pages 1 to 2 of: {whole.exhibit.description}"
    actions.draft_schedule(team.officer, team.case, "MG6D")
    assert completeness.missing(team.case) == []
    event = Event.objects.get(verb="item.part_made")
    assert event.after == {"exhibit": str(whole.exhibit_id), "part": "pages 1 to 2"}
    assert whole.decisions.count() == part.decisions.count() == 3


def test_a_schedule_with_a_part_and_its_whole_is_certified() -> None:
    team = make_team()
    whole = make_item(team, "unexamined")
    part_of(team, whole, 3, 3, "mg6c", unit="messages")
    version = actions.draft_schedule(team.officer, team.case, "MG6C")
    actions.certify(team.officer, checked(team, version))
    assert version.rows.get().position == 1


def test_a_place_beyond_the_end_or_of_another_kind_is_refused() -> None:
    team = make_team()
    exhibit = make_verified_exhibit(team.investigator, team.case, data=a_pdf())
    assert Blob.objects.master_of(exhibit).facts["pages"] == 2  # type: ignore[union-attr]
    with pytest.raises(ValidationError, match="has 2 pages: page 3 is beyond its end"):
        parts.make_part(team.officer, exhibit, Span("pages", 2, 3))
    with pytest.raises(ValidationError, match="no recording: give pages or messages"):
        parts.make_part(team.officer, exhibit, Span("clip", 0, 500))
    film = make_exhibit(team.investigator, team.case, kind="video")
    with pytest.raises(ValidationError, match="a recording: give a clip by its times"):
        parts.make_part(team.officer, film, Span("pages", 1, 1))
    made = parts.make_part(team.officer, film, Span("clip", 65_000, 130_000))
    assert made.part == "00:01:05 to 00:02:10"


def test_a_clip_beyond_the_recording_is_refused() -> None:
    team = make_team()
    film = make_verified_exhibit(team.investigator, team.case, data=mp4(), kind="video")
    seconds = Blob.objects.master_of(film).facts["seconds"]  # type: ignore[union-attr]
    with pytest.raises(ValidationError, match="the clip begins beyond its end"):
        parts.make_part(team.officer, film, Span("clip", int(seconds * 1000) + 1, int(seconds * 1000) + 500))
    with pytest.raises(ValidationError, match="the clip ends beyond its end"):
        parts.make_part(team.officer, film, Span("clip", 0, int(seconds * 1000) + 5000))
    assert parts.make_part(team.officer, film, Span("clip", 0, 500)).part == "00:00:00 to 00:00:00.500"


def test_the_same_or_a_crossing_place_is_refused_and_a_nested_one_taken() -> None:
    team = make_team()
    whole = make_item(team)
    part_of(team, whole, 3, 6)
    with pytest.raises(ValidationError, match="pages 3 to 6 is an item already"):
        part_of(team, whole, 3, 6)
    with pytest.raises(ValidationError, match="It crosses pages 3 to 6"):
        part_of(team, whole, 5, 9)
    for start, end, unit in ((4, 5, "pages"), (1, 9, "pages"), (7, 9, "pages"), (5, 9, "messages")):
        part_of(team, whole, start, end, unit=unit)
    assert whole.exhibit.items.count() == 6


def test_who_decides_divides_and_nobody_divides_what_is_fenced() -> None:
    team = make_team()
    whole = make_item(team)
    for user in (team.investigator, team.supervisor, team.redactor):
        with pytest.raises(Refused):
            parts.make_part(user, whole.exhibit, Span("pages", 1, 1))
    part = part_of(team, whole, 1, 1)
    (fence,) = fencing.fence(team.officer, whole.exhibit, "privilege", "A letterhead", item=part)
    assert fence.item.label == f"{whole.exhibit.reference}, page 1"
    with pytest.raises(ValidationError, match="is fenced"):
        part_of(team, whole, 2, 2)
    # The file can't be opened in part: the whole waits too
    for item in (whole, part):
        with pytest.raises(ValidationError, match="is fenced"):
            actions.decide(team.officer, Item.objects.get(pk=item.pk), use="used")


# ---- the whole and its parts -----------------------------------------------------------------------------------------

CONTRADICTIONS = [
    ("used", "mg6c", "is used as evidence"),
    ("used", "not_relevant", "is used as evidence"),
    ("mg6c", "mg6d", "can't be listed as not sensitive"),
    ("not_relevant", "mg6c", "can't be clearly not relevant"),
    ("not_relevant", "used", "can't be clearly not relevant"),
]
AGREE = [
    ("mg6d", "mg6c"),
    ("mg6d", "mg6d"),
    ("mg6c", "not_relevant"),
    ("mg6c", "used"),
    ("unexamined", "mg6d"),
    ("unexamined", "used"),
    ("not_relevant", "not_relevant"),
    ("used", "used"),
]


@pytest.mark.parametrize(("whole", "part", "words"), CONTRADICTIONS)
def test_a_part_and_what_holds_it_do_not_contradict_each_other(whole: str, part: str, words: str) -> None:
    """Whichever is decided first, and whether the whole or a wider part holds it."""
    team = make_team()
    exhibit = make_item(team)
    for holder in (exhibit, part_of(team, make_item(team), 1, 9)):
        inner = part_of(team, holder, 2, 3)
        redecide(team, holder, whole)
        with pytest.raises(ValidationError, match=words):
            redecide(team, inner, part)
        other = make_item(team) if holder.locator is None else part_of(team, make_item(team), 1, 9)
        inside = part_of(team, other, 2, 3, part)
        with pytest.raises(ValidationError, match=words):
            redecide(team, other, whole)
        inside.refresh_from_db()
        other.refresh_from_db()
        assert (other.use, inside.is_in_limbo) == ("", False)


@pytest.mark.parametrize(("whole", "part"), AGREE)
def test_what_agrees_is_taken_in_either_order(whole: str, part: str) -> None:
    team = make_team()
    first, second = make_item(team), make_item(team)
    inner = part_of(team, first, 2, 3)
    redecide(team, first, whole)
    redecide(team, inner, part)
    part_of(team, second, 2, 3, part)
    redecide(team, second, whole)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_may_assist_in_a_part_may_assist_in_the_whole() -> None:
    team = make_team()
    whole = make_item(team, "mg6c")
    part = part_of(team, whole, 1, 1, "mg6c")
    actions.decide(team.officer, whole, test="does_not")
    with pytest.raises(ValidationError, match="may undermine or assist"):
        actions.decide(team.officer, part, test="may_meet", reason="It puts him elsewhere")


def test_many_at_once_are_all_decided_or_none() -> None:
    team = make_team()
    whole, other = make_item(team), make_item(team)
    part = part_of(team, whole, 1, 1, "mg6c")
    with pytest.raises(ValidationError, match="can't be clearly not relevant"):
        actions.decide_many(team.officer, team.case, [whole.pk, other.pk], OUTCOMES["not_relevant"], "Of another year")
    assert list(Item.objects.filter(pk__in=[whole.pk, other.pk]).values_list("use", flat=True)) == ["", ""]
    assert part.exhibit_id == whole.exhibit_id


# ---- the database ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "locator",
    [{"pages": [4, 3]}, {"pages": [0, 3]}, {"pages": [1]}, {"pages": [1, 2, 3]}, {"pages": "1-2"}, {"sheet": [1, 2]}, {}, [1, 2],
     "x", {"pages": [1, 2], "more": 1}, {"from_ms": 5}, {"from_ms": 5, "to_ms": 5}, {"pages": [1.5, 2]}, {"pages": [2, 5]},
     {"pages": [3, 7]}, {"pages": [3, 4]}],
)  # fmt: skip
def test_the_database_refuses_what_is_no_place_or_crosses_another(locator: Any) -> None:
    team = make_team()
    whole = make_item(team)
    part_of(team, whole, 3, 4)
    part_of(team, whole, 6, 9)
    if locator == {"pages": [2, 5]}:
        # Around one and beside the other: a place that may be
        Item.objects.create(case=team.case, exhibit=whole.exhibit, locator=locator)
        return
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Item.objects.create(case=team.case, exhibit=whole.exhibit, locator=locator)


@pytest.mark.parametrize(("whole", "part", "words"), CONTRADICTIONS)
def test_the_database_refuses_the_same_contradictions(whole: str, part: str, words: str) -> None:
    team = make_team()
    exhibit = make_item(team, whole)
    inner = part_of(team, exhibit, 1, 2)
    with pytest.raises((IntegrityError, InternalError), match="decided so that they agree"), transaction.atomic():
        for field, value in OUTCOMES[part].items():
            inner.decisions.create(field=field, value=value, reason="By hand", by=team.officer)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert words


# ---- pages -----------------------------------------------------------------------------------------------------------


def test_a_part_is_made_in_the_workbench_and_decided_there() -> None:
    team = make_team()
    item = make_item(team)
    officer = signed_in(team.officer)
    review = of_case("review", team)
    assert "Make a part an item" in text(officer.get(review))
    wrong = officer.post(review, {"step": "part", "part-unit": "pages", "part-start": "9", "part-end": "4"})
    assert wrong.status_code == 422
    assert "It must end after it begins" in text(wrong)
    assert 'value="9"' in text(wrong)
    made = officer.post(review, {"step": "part", "part-unit": "pages", "part-start": "3", "part-end": "4"}, follow=True)
    page = text(made)
    part = Item.objects.filter(locator__isnull=False).get()
    assert f'<h2 class="govuk-heading-m">{part.label}</h2>' in page
    assert f"{part.label} is an item now." in page
    assert "The whole" in page
    twice = officer.post(review, {"step": "part", "part-unit": "pages", "part-start": "3", "part-end": "4"})
    assert "is an item already" in text(twice)
    decided = officer.post(f"{review}?item={part.pk}", {"outcome": "used"}, follow=True)
    assert f"{part.label} is decided." in text(decided)
    # The whole is still to be decided, and says what became of its part
    assert "pages 3 to 4</a>: used" in text(officer.get(f"{review}?item={item.pk}"))
    assert part.label in text(officer.get(f"{review}?show=used"))
    contradiction = officer.post(f"{review}?item={item.pk}", {"outcome": "not_relevant", "irrelevant_reason": "Of another year"})
    assert "can&#x27;t be clearly not relevant" in text(contradiction)
    reader = signed_in(team.investigator)
    assert "Make a part an item" not in text(reader.get(f"{review}?item={item.pk}&show=all"))
    assert reader.post(f"{review}?item={item.pk}&show=all", {"step": "part"}).status_code == 403


def test_who_sees_no_mg6d_does_not_learn_of_one_from_its_parts() -> None:
    team = make_team()
    whole = make_item(team, "mg6d")
    part_of(team, whole, 1, 2, "mg6c")
    url = f"{of_case('review', team)}?show=all&item={whole.pk}"
    assert "unused, relevant, sensitive" not in text(signed_in(team.investigator).get(url))
    assert "unused, relevant, sensitive" in text(signed_in(team.officer).get(url))


def test_the_workbench_asks_no_more_of_the_database_for_many_parts() -> None:
    team = make_team()
    item = make_item(team)
    client = signed_in(team.officer)
    url = f"{of_case('review', team)}?show=all&item={item.pk}"
    counts = []
    for first in (1, 10, 30):
        for page in range(first, first * 3):
            part_of(team, item, page, page)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def test_the_same_through_the_api() -> None:
    team = make_team()
    item = make_item(team)
    officer = client_of(team.officer)
    url = f"/api/cases/{team.case.pk}/items/"
    made = post(officer, url, {"exhibit": str(item.exhibit_id), "locator": {"pages": [3, 4]}})
    assert made.status_code == 201
    assert (made.json()["part"], made.json()["locator"], made.json()["in_limbo"]) == ("pages 3 to 4", {"pages": [3, 4]}, True)
    assert post(officer, url, {"exhibit": str(item.exhibit_id), "locator": {"pages": [4, 3]}}).status_code == 400
    assert post(officer, url, {"exhibit": str(item.exhibit_id), "locator": {"pages": [4, 9]}}).status_code == 400
    other = make_item(make_team())
    assert post(officer, url, {"exhibit": str(other.exhibit_id), "locator": {"pages": [1, 1]}}).status_code == 404
    assert (
        post(client_of(team.investigator), url, {"exhibit": str(item.exhibit_id), "locator": {"pages": [9, 9]}}).status_code == 403
    )
