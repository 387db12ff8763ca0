"""Recording: together with the change, in order, and refusals in spite of the roll-back."""

import contextlib
import uuid

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from audit import body as form
from audit.actions import SYSTEM, Actor, Entry, NotInTransaction, Refused, record, record_many, recorded
from audit.middleware import RequestIdMiddleware
from audit.models import Event, Pending
from tests.audit.conftest import ACTOR, CASE, note


def refusal() -> Refused:
    return Refused("thing.seal", actor=ACTOR, case_id=CASE, object_type="thing", object_id=7, reason="Not on the case")


@recorded
def refused_half_way() -> None:
    """Change something, then be refused."""
    record("thing.sealed", actor=ACTOR, case_id=CASE, object_type="thing", object_id=7)
    raise refusal()


@recorded
def outer(*verbs: str) -> list[Event]:
    """An action that calls others."""
    return [inner(verb) for verb in verbs]


@recorded
def inner(verb: str) -> Event:
    return record(verb, actor=SYSTEM)


@pytest.mark.django_db
def test_what_is_returned_is_what_is_stored() -> None:
    event = note(3)
    stored = Event.objects.get(id=event.id)
    for name in ("body", "at", "verb", "actor_id", "case_id", "organisation_id", "object_type", "object_id"):
        assert getattr(event, name) == getattr(stored, name), name
    for name in ("request_id", "action_id", "seq", "detail_hash"):
        assert getattr(event, name) == getattr(stored, name), name
    assert (stored.verb, stored.actor_id, stored.case_id, stored.object_id) == ("thing.noted", ACTOR.id, CASE, "3")
    assert (stored.before, stored.after) == (None, {"number": 3})
    assert event.created == stored.created


@pytest.mark.django_db
def test_names_are_in_the_detail_and_not_in_the_body() -> None:
    event = Event.objects.with_detail().get(id=note(3).id)
    assert (event.detail.actor, event.detail.facts) == (ACTOR.text, {"name": "Thing 3"})
    assert "Ann" not in event.body
    assert "Thing 3" not in event.body
    assert form.detail_hash(bytes(event.detail.salt), event.detail.detail) == event.detail_hash


@pytest.mark.django_db
def test_the_columns_do_not_depend_on_the_session() -> None:
    event = note(1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Tokyo'")
        second = note(2)
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
    assert form.instant(Event.objects.get(id=second.id).at) == second.members()["at"]
    assert form.instant(Event.objects.get(id=event.id).at) == event.members()["at"]


@pytest.mark.django_db
def test_events_of_one_action_share_its_id_and_have_an_order() -> None:
    first, second, third = outer("a.done", "b.done", "c.done")
    alone = inner("d.done")
    assert first.action_id == second.action_id == third.action_id != alone.action_id
    assert [event.seq for event in (first, second, third, alone)] == [0, 1, 2, 0]


@pytest.mark.django_db
def test_many_at_once_are_written_as_one_by_one() -> None:
    @recorded
    def act() -> list[Event]:
        first = record("thing.begun", actor=SYSTEM)
        more = [Entry(verb="thing.noted", actor=ACTOR, case_id=CASE, object_id=n, detail={"n": n}) for n in range(5)]
        return [first, *record_many(more), *record_many([])]

    events = act()
    assert [event.seq for event in events] == list(range(6))
    assert len({event.action_id for event in events}) == 1
    assert list(Pending.objects.order_by("position").values_list("event", flat=True)) == [event.id for event in events]
    for event in events[1:]:
        stored = Event.objects.with_detail().get(id=event.id)
        assert (stored.body, bytes(stored.hmac), stored.seq) == (event.body, event.hmac, event.seq)
        assert (stored.detail.actor, stored.detail.facts) == (ACTOR.text, {"n": int(stored.object_id)})
        assert form.detail_hash(bytes(stored.detail.salt), stored.detail.detail) == stored.detail_hash


@pytest.mark.django_db(transaction=True)
def test_an_action_that_fails_leaves_nothing() -> None:
    with pytest.raises(form.BodyError):
        outer("a.done", "no verb")
    assert not Event.objects.exists()
    assert not Pending.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_inner_action_that_failed_cannot_be_committed_by_the_outer_one() -> None:
    @recorded
    def careless() -> None:
        record("a.done", actor=SYSTEM)
        with contextlib.suppress(form.BodyError):
            inner("no verb")
        record("b.done", actor=SYSTEM)

    with pytest.raises(transaction.TransactionManagementError):
        careless()
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(NotInTransaction):
        record("thing.noted", actor=SYSTEM)


@pytest.mark.parametrize("transactional", [False, True])
def test_a_refusal_is_recorded_and_what_was_refused_is_not(transactional: bool, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("transactional_db" if transactional else "db")
    with pytest.raises(Refused):
        refused_half_way()
    [event] = Event.objects.with_detail()
    assert (event.verb, event.actor_id, event.case_id) == ("thing.seal.refused", ACTOR.id, CASE)
    assert (event.object_type, event.object_id) == ("thing", "7")
    assert event.detail.facts == {"reason": "Not on the case"}
    assert Pending.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_refusal_of_an_inner_action_is_recorded_once() -> None:
    @recorded
    def asks_another() -> None:
        record("thing.asked", actor=ACTOR)
        refused_half_way()

    with pytest.raises(Refused):
        asks_another()
    assert [event.verb for event in Event.objects.all()] == ["thing.seal.refused"]


@pytest.mark.django_db(transaction=True)
def test_a_refusal_before_any_action_is_recorded_by_the_middleware() -> None:
    middleware = RequestIdMiddleware(lambda request: HttpResponse())
    middleware.process_exception(HttpRequest(), refusal())
    assert Event.objects.get().verb == "thing.seal.refused"


@pytest.mark.django_db(transaction=True)
def test_a_refusal_inside_a_foreign_transaction_is_recorded_when_that_is_over() -> None:
    with pytest.raises(Refused) as caught, transaction.atomic():
        refused_half_way()
    assert not Event.objects.exists()
    middleware = RequestIdMiddleware(lambda request: HttpResponse())
    for _ in range(2):
        middleware.process_exception(HttpRequest(), caught.value)
    assert Event.objects.get().verb == "thing.seal.refused"


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "kept"), [("abcd-1234", True), ("short", False), ("x" * 65, False), ("a b\tc d e f g", False)])
def test_an_event_carries_the_id_of_its_request(given: str, kept: bool) -> None:
    seen: list[Event] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(note(1))
        return HttpResponse()

    response = RequestIdMiddleware(page)(RequestFactory().get("/", headers={"X-Request-ID": given}))
    assert response["X-Request-ID"] == seen[0].request_id
    assert (response["X-Request-ID"] == given) is kept
    assert note(2).request_id is None


@pytest.mark.django_db
def test_the_log_is_asked_by_case_actor_verb_object_and_period() -> None:
    other = uuid.uuid4()
    first, second = note(1), note(2)
    elsewhere = note(3, case_id=other)
    done = inner("thing_more.done")
    questions = Event.objects
    assert list(questions.for_case(CASE)) == [first, second]
    assert set(questions.by_actor(str(ACTOR.id))) == {first, second, elsewhere}
    assert list(questions.about("thing", 2)) == [second]
    assert set(questions.with_verb("thing")) == {first, second, elsewhere}
    assert list(questions.with_verb("thing_more.done")) == [done]
    assert list(questions.between(second.at, done.at).in_order()) == [second, elsewhere]
    assert next(iter(questions.all().newest_first())) == done


@pytest.mark.django_db
def test_an_actor_or_case_that_is_no_uuid_is_a_mistake() -> None:
    with pytest.raises(form.BodyError), transaction.atomic():
        record("thing.noted", actor=Actor("ann", "Ann"))
