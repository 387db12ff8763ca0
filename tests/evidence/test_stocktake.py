"""Counting what is in a location, and what becomes of the differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from audit.actions import Refused
from audit.models import Event
from cases import work
from evidence import custody, stocktake
from evidence.models import CustodyEvent, Exhibit
from evidence.place_models import Location, Stocktake
from tests.evidence.conftest import World
from tests.factories import make_case, make_exhibit, make_user


@dataclass
class Store:
    """A store with a shelf: two exhibits of the case on it, and one of another case that the officer isn't on."""

    world: World
    room: Location
    shelf: Location
    here: list[Exhibit]
    other: Exhibit


@pytest.fixture
def store(world: World) -> Store:
    force = world.case.organisation
    room = Location.objects.create(organisation=force, name="Property store")
    shelf = Location.objects.create(organisation=force, name="Shelf C4", parent=room)
    here = [make_exhibit(world.investigator, world.case, reference=f"AB/{number}") for number in (1, 2)]
    other_case = make_case(world.stranger, crime_number="45/777777/26")
    other = make_exhibit(world.stranger, other_case, reference="AB/1", description="A secret thing")
    for user, exhibit in ((world.investigator, here[0]), (world.investigator, here[1]), (world.stranger, other)):
        custody.move(user, exhibit, location=shelf)
    return Store(world, room, shelf, here, other)


def kinds(exhibit: Exhibit) -> list[str]:
    return list(exhibit.custody.order_by("recorded_at").values_list("kind", flat=True))


def test_a_count_of_a_room_takes_in_its_shelves_and_every_case(store: Store) -> None:
    officer = store.world.exhibits
    counting = stocktake.start(officer, store.room)
    assert stocktake.start(officer, store.room) == counting
    stocktake.scan(officer, counting, f"https://evidence.example/exhibits/{store.here[0].pk}/")
    stocktake.scan(officer, counting, str(store.other.pk).upper())
    result = stocktake.count(counting)
    assert (result.found, result.missing) == ([store.here[0], store.other], [store.here[1]])
    finished = stocktake.finish(officer, counting)
    assert finished.finished_by == officer
    assert [kinds(exhibit)[-1] for exhibit in (*store.here, store.other)] == ["seen", "missed", "seen"]
    event = Event.objects.get(verb="stocktake.finished")
    assert event.after == {"found": 2, "missing": 1, "unexpected": 0, "unknown": 0}


def test_differences_are_work_until_somebody_says_where_it_is(store: Store) -> None:
    officer, first = store.world.exhibits, store.here[0]
    custody.take_out(store.world.investigator, first, purpose="Court")
    counting = stocktake.start(officer, store.room)
    stocktake.scan(officer, counting, f"{store.world.case.crime_number} ab/1")
    stocktake.finish(officer, counting)

    def waiting() -> list[str]:
        return sorted(item.title for item in work.items_for(officer) if item.tag in ("Missing", "Misplaced"))

    shelf = "Property store › Shelf C4"
    assert waiting() == [f"Find AB/2: it was not in {shelf}", "Say why AB/1 was in Property store"]
    custody.move(store.world.investigator, first, location=store.shelf)
    # It was there all along, behind the others
    custody.move(officer, store.here[1], location=store.shelf, purpose="Found behind others")
    assert waiting() == []


def test_what_is_scanned_must_be_clear(store: Store) -> None:
    officer = store.world.exhibits
    counting = stocktake.start(officer, store.room)
    with pytest.raises(ValidationError, match="2 exhibits are called AB/1"):
        stocktake.scan(officer, counting, "AB/1")
    assert stocktake.scan(officer, counting, "45/777777/26 AB/1").exhibit == store.other
    with pytest.raises(ValidationError, match="scanned already"):
        stocktake.scan(officer, counting, str(store.other.pk))
    assert stocktake.scan(officer, counting, "ab/2").exhibit == store.here[1]
    with pytest.raises(ValidationError, match="Scan a label"):
        stocktake.scan(officer, counting, "  ")
    assert stocktake.scan(officer, counting, "5012345678900").exhibit is None
    assert stocktake.count(counting).unknown == ["5012345678900"]


def test_exhibits_of_another_force_are_not_named(store: Store) -> None:
    far = make_user(Role.INVESTIGATOR)
    exhibit = make_exhibit(far, make_case(far), reference="ZZ/9")
    counting = stocktake.start(store.world.exhibits, store.room)
    assert stocktake.scan(store.world.exhibits, counting, str(exhibit.pk)).exhibit is None
    assert stocktake.scan(store.world.exhibits, counting, "ZZ/9").exhibit is None


def test_only_who_keeps_the_forces_stores_counts(store: Store) -> None:
    for user in (store.world.investigator, store.world.supervisor, make_user(Role.EXHIBITS)):
        with pytest.raises(Refused):
            stocktake.start(user, store.room)


def test_a_finished_count_takes_nothing_more(store: Store) -> None:
    officer = store.world.exhibits
    counting = stocktake.finish(officer, stocktake.start(officer, store.room))
    for act in (lambda: stocktake.scan(officer, counting, "AB/2"), lambda: stocktake.finish(officer, counting)):
        with pytest.raises(ValidationError, match="is finished"):
            act()
    assert stocktake.start(officer, store.room) != counting


@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_counts(world: World, app_connection: Any) -> None:
    place = Location.objects.create(organisation=world.case.organisation, name="Property store")
    counting = stocktake.start(world.exhibits, place)
    stocktake.scan(world.exhibits, counting, "something")
    stocktake.finish(world.exhibits, counting)
    for statement, said in (
        ("UPDATE evidence_stocktake SET finished_at = NULL, finished_by_id = NULL", "stays as it is"),
        ("DELETE FROM evidence_stocktake", "permission denied"),
        ("UPDATE evidence_scan SET text = 'x'", "permission denied"),
        (
            "INSERT INTO evidence_scan (id, stocktake_id, text, by_id, at)"
            " SELECT gen_random_uuid(), stocktake_id, 'late', by_id, now() FROM evidence_scan",
            "is finished",
        ),
    ):
        with pytest.raises(psycopg2.Error) as caught, app_connection, app_connection.cursor() as cursor:
            cursor.execute(statement)
        assert said in str(caught.value)


# ---- pages -----------------------------------------------------------------------------------------------------------


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_scanner_works_the_page(store: Store) -> None:
    client = client_of(store.world.exhibits)
    page = client.get(f"/locations/{store.room.pk}/").content.decode()
    assert "45/777777/26" in page
    assert "secret" not in page
    assert f"/exhibits/{store.here[0].pk}/" in page
    assert f"/exhibits/{store.other.pk}/" not in page
    assert Event.objects.filter(verb="location.viewed", actor_id=store.world.exhibits.pk).exists()
    path = client.post(f"/locations/{store.room.pk}/stocktake/").headers["Location"]
    assert "autofocus" in client.get(path).content.decode()
    answer = client.post(path, {"code": f"http://testserver/exhibits/{store.here[0].pk}/"}, follow=True).content.decode()
    assert "AB/1 is noted" in answer
    assert "2 exhibits are called" in client.post(path, {"code": "ab/1"}).content.decode()
    assert "names no exhibit" in client.post(path, {"code": "123"}, follow=True).content.decode()
    done = client.post(f"{path}finish/", follow=True).content.decode()
    assert "Missing (2)" in done
    assert "Found (1)" in done
    assert "is finished" in client.post(f"{path}finish/", follow=True).content.decode()


def test_the_stores_are_for_who_keeps_them(store: Store) -> None:
    counting = stocktake.start(store.world.exhibits, store.room)
    for user in (store.world.investigator, store.world.supervisor):
        for path in ("/locations/", f"/locations/{store.room.pk}/", f"/stocktakes/{counting.pk}/"):
            assert client_of(user).get(path).status_code == 404
    elsewhere = client_of(make_user(Role.EXHIBITS))
    assert "No location has been set up" in elsewhere.get("/locations/").content.decode()
    assert elsewhere.get(f"/locations/{store.room.pk}/").status_code == 404
    assert "Stores" in client_of(store.world.exhibits).get("/").content.decode()


def test_the_pages_cost_the_same_however_much_is_there(store: Store, django_assert_max_num_queries: Any) -> None:
    for number in range(3, 15):
        exhibit = make_exhibit(store.world.investigator, store.world.case, reference=f"AB/{number}")
        custody.move(store.world.investigator, exhibit, location=store.shelf)
    client = client_of(store.world.exhibits)
    counting = stocktake.start(store.world.exhibits, store.room)
    for path in ("/locations/", f"/locations/{store.room.pk}/", f"/stocktakes/{counting.pk}/"):
        with django_assert_max_num_queries(24):
            client.get(path)


def test_finishing_costs_the_same_however_much_was_counted(store: Store) -> None:
    def finished() -> int:
        counting = stocktake.start(store.world.exhibits, store.room)
        stocktake.scan(store.world.exhibits, counting, str(store.here[0].pk))
        with CaptureQueriesContext(connection) as asked:
            stocktake.finish(store.world.exhibits, counting)
        return len(asked)

    few = finished()
    for number in range(3, 23):
        exhibit = make_exhibit(store.world.investigator, store.world.case, reference=f"AB/{number}")
        custody.move(store.world.investigator, exhibit, location=store.shelf)
    assert finished() == few
    assert (
        CustodyEvent.objects.filter(kind="missed").count() == Event.objects.filter(verb="exhibit.missed_at_stocktake").count() == 24
    )


def test_a_location_counts_what_is_in_those_inside_it(store: Store) -> None:
    rows = {path: count for _, path, count, _ in client_of(store.world.exhibits).get("/locations/").context["rows"]}
    assert (rows["Property store"], rows["Property store › Shelf C4"]) == (3, 3)


def test_counted_custody_says_where(store: Store) -> None:
    stocktake.finish(store.world.exhibits, stocktake.start(store.world.exhibits, store.room))
    event = CustodyEvent.objects.get(kind="missed", exhibit=store.here[0])
    assert event.from_place == "Property store › Shelf C4"
    assert Stocktake.objects.get().results.count() == 3
