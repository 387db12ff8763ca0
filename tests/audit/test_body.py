"""The form of an event: what it can hold, in which bytes."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit import body as form

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-form.LARGEST, form.LARGEST) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


# As JSON would be written by somebody who doesn't know RFC 8785, and as it would be with keys sorted by code points
OTHER_WRITERS = [
    json.dumps,
    lambda value: json.dumps(value, separators=(",", ":"), sort_keys=True),
    lambda value: json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False),
    lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
    lambda value: json.dumps(value, separators=(", ", ": "), sort_keys=True),
]


def members(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "v": 1,
        "id": "0b8f1a52-5a3c-4b36-9a63-4a8a5f0e3a01",
        "at": "2026-11-24T14:47:13.000001Z",
        "verb": "exhibit.sealed",
        "actor": "0b8f1a52-5a3c-4b36-9a63-4a8a5f0e3a02",
        "case": None,
        "organisation": None,
        "object_type": "exhibit",
        "object_id": "AB/1",
        "before": {"state": "verified"},
        "after": {"state": "sealed", "pages": 3},
        "request": None,
        "action": "0b8f1a52-5a3c-4b36-9a63-4a8a5f0e3a03",
        "seq": 0,
        "detail_hash": "00" * 32,
    }
    return made | changes


def test_the_body_of_an_event_has_these_bytes() -> None:
    """Frozen: an event written today must be read so for ever."""
    assert form.canonical(members()) == (
        '{"action":"0b8f1a52-5a3c-4b36-9a63-4a8a5f0e3a03","actor":"0b8f1a52-5a3c-4b36-9a63-4a8a5f0e3a02",'
        '"after":{"pages":3,"state":"sealed"},"at":"2026-11-24T14:47:13.000001Z","before":{"state":"verified"},'
        f'"case":null,"detail_hash":"{"00" * 32}","id":"0b8f1a52-5a3c-4b36-9a63-4a8a5f0e3a01",'
        '"object_id":"AB/1","object_type":"exhibit","organisation":null,"request":null,"seq":0,"v":1,'
        '"verb":"exhibit.sealed"}'
    )


@given(VALUES)
def test_a_value_comes_back_as_it_went_in(value: Any) -> None:
    assert json.loads(form.canonical(form.plain(value))) == value


@given(VALUES)
def test_the_quick_encoder_writes_what_rfc_8785_asks_for(value: Any) -> None:
    assert form.canonical(form.plain(value)).encode() == rfc8785.dumps(form.plain(value))


def test_ids_of_events_are_in_the_order_of_time() -> None:
    moment = datetime(2026, 11, 24, 14, 47, 13, 1, tzinfo=UTC)
    made = [form.new_id(moment + timedelta(microseconds=number)) for number in range(3000)]
    assert made == sorted(made)
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    assert int(made[0].hex[:12], 16) == int(moment.timestamp() * 1000)
    assert len({form.new_id(moment) for _ in range(1000)}) == 1000


@given(st.dictionaries(TEXT, VALUES))
def test_a_body_is_read_back_whatever_its_states_are(state: dict[str, Any]) -> None:
    text = form.canonical(form.plain(members(after=state)))
    assert form.parse(text)["after"] == state


@given(st.dictionaries(TEXT, VALUES), st.sampled_from(OTHER_WRITERS))
def test_the_same_members_in_other_bytes_are_refused(state: dict[str, Any], write: Callable[[Any], str]) -> None:
    body = members(after=state)
    text = write(body)
    if text == form.canonical(form.plain(body)):
        assert form.parse(text) == body
    else:
        with pytest.raises(form.BodyError):
            form.parse(text)


def test_keys_are_sorted_as_utf_16_and_not_by_code_points() -> None:
    state = {"\ufb33": 1, "\U0001f600": 2}
    text = form.canonical(members(after=state))
    assert text.index("\U0001f600") < text.index("\ufb33")
    assert form.parse(text)["after"] == state


@pytest.mark.parametrize("value", [0.5, float("nan"), 2**53, -(2**53), b"bytes", {1: 2}, "\ud800", "a\x00b", object(), {1}])
def test_what_two_programs_could_write_differently_is_refused(value: Any) -> None:
    with pytest.raises(form.BodyError):
        form.plain({"state": [value]})


def test_ids_and_moments_become_strings() -> None:
    summer = timezone(timedelta(hours=1))
    assert form.plain([uuid.UUID(int=1), date(2026, 1, 2), datetime(2026, 7, 1, 0, 30, tzinfo=summer)]) == [
        "00000000-0000-0000-0000-000000000001",
        "2026-01-02",
        "2026-06-30T23:30:00.000000Z",
    ]


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(form.BodyError):
        form.plain(datetime(2026, 1, 2))


def test_floats_may_stand_in_a_detail() -> None:
    assert form.detail_text("A", {"x": 1.5}) == '{"actor":"A","detail":{"x":1.5}}'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        form.canonical(members()) + " ",
        form.canonical(members()).replace('"seq":0', '"seq":0,"seq":0'),
        form.canonical(members()).replace('"seq":0', '"seq":0.0'),
        form.canonical(members()).replace('"seq":0', '"seq":1e1'),
        form.canonical(members()).replace('"seq":0', '"seq":NaN'),
        form.canonical(members()).replace('"v":1', '"v":2'),
        form.canonical(members()).replace('"v":1', '"v":true'),
        form.canonical(members(more=1)),
        form.canonical(members(id="0B8F1A52-5A3C-4B36-9A63-4A8A5F0E3A01")),
        form.canonical(members(actor="Ann")),
        form.canonical(members(at="2026-11-24T14:47:13Z")),
        form.canonical(members(verb="sealed")),
        form.canonical(members(before="verified")),
        form.canonical(members(seq=-1)),
        form.canonical(members(object_id=1)),
        form.canonical(members(detail_hash="00")),
    ],
)
def test_a_text_that_is_no_body_is_refused(text: str) -> None:
    with pytest.raises(form.BodyError):
        form.parse(text)


@given(VALUES)
def test_a_detail_hash_tells_its_detail_and_its_salt_apart(value: Any) -> None:
    text = form.detail_text("Ann", {"value": value})
    salt = bytes(32)
    assert form.detail_hash(salt, text) != form.detail_hash(salt, text + " ")
    assert form.detail_hash(salt, text) != form.detail_hash(bytes(31) + b"\x01", text)
    with pytest.raises(form.BodyError):
        form.detail_hash(bytes(31), text)


def test_an_hmac_by_an_older_key_is_still_accepted() -> None:
    old, new = bytes(32), b"\x01" * 32
    assert form.is_sealed("body", form.seal("body", old), [new, old])
    assert not form.is_sealed("body", form.seal("body", old), [new])
    assert not form.is_sealed("body2", form.seal("body", old), [old])
