"""Counting what is in a location: start, scan, finish. Finishing writes into the custody of each exhibit what was found.

A count takes in every exhibit of the force that the records say is there, of whatever case: whoever counts holds the bag in their
hands. They are shown its reference, seal and crime number, which stand on its label, and nothing else of cases that aren't theirs.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.policy import require
from audit.actions import Entry, record, record_many, recorded
from evidence import custody, standing
from evidence.models import CustodyEvent, Exhibit
from evidence.place_models import Location, Scan, Stocktake, within
from evidence.standing import Standing

Kind = CustodyEvent.Kind
LONGEST = 200
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def contents(location: Location) -> list[Exhibit]:
    """The exhibits that the records say are in a location, or in one that is in it."""
    there = CustodyEvent.objects.holding().filter(location__in=within(location), kind=Kind.MOVED)
    return list(Exhibit.objects.filter(pk__in=there.values("exhibit")).select_related("case").order_by("reference", "created_at"))


@dataclass(frozen=True)
class Count:
    """A count so far: what was expected and scanned, expected and not scanned, scanned and not expected, and what is no exhibit."""

    found: list[Exhibit]
    missing: list[Exhibit]
    unexpected: list[Exhibit]
    unknown: list[str]
    standings: Mapping[UUID, Standing]


def count(stocktake: Stocktake) -> Count:
    """How an open count stands."""
    expected = contents(stocktake.location)
    scans = list(stocktake.scans.select_related("exhibit__case"))
    scanned = {scan.exhibit_id for scan in scans}
    known = {exhibit.pk for exhibit in expected}
    unexpected = [scan.exhibit for scan in scans if scan.exhibit is not None and scan.exhibit_id not in known]
    return Count(
        found=[exhibit for exhibit in expected if exhibit.pk in scanned],
        missing=[exhibit for exhibit in expected if exhibit.pk not in scanned],
        unexpected=unexpected,
        unknown=[scan.text for scan in scans if scan.exhibit is None],
        standings=standing.of_many([exhibit.pk for exhibit in (*expected, *unexpected)]),
    )


@recorded
def start(user: User, location: Location) -> Stocktake:
    """Begin a count, or go on with the one that is open there."""
    require(user, "evidence.take_stock", location)
    Location.objects.select_for_update().get(pk=location.pk)
    open_one = location.stocktakes.filter(finished_at=None).first()
    if open_one is not None:
        return open_one
    stocktake = Stocktake.objects.create(location=location, started_by=user)
    _record("stocktake.started", user, stocktake, after={"location": location.pk})
    return stocktake


@recorded
def scan(user: User, stocktake: Stocktake, text: str) -> Scan:
    """Add what a scanner read (the label's address or code) or somebody typed (a reference). ValidationError if it is unclear."""
    require(user, "evidence.take_stock", stocktake.location)
    stocktake = _open(stocktake)
    text = text.strip()[:LONGEST]
    if not text:
        raise ValidationError({"code": "Scan a label, or enter an exhibit’s reference"})
    exhibit = _named(stocktake.location, text)
    if exhibit is not None and stocktake.scans.filter(exhibit=exhibit).exists():
        raise ValidationError({"code": f"{exhibit} was scanned already"})
    return Scan.objects.create(stocktake=stocktake, exhibit=exhibit, text=text, by=user)


def _named(location: Location, text: str) -> Exhibit | None:
    """The exhibit that a label or a typed text names; None if there is none."""
    ours = Exhibit.objects.filter(case__organisation=location.organisation_id).select_related("case")
    if code := _UUID.search(text):
        return ours.filter(pk=code.group()).first()
    crime_number, _, reference = text.rpartition(" ")
    named = list(
        ours.filter(reference=reference.upper(), **({"case__crime_number": crime_number.strip()} if crime_number else {}))[:LONGEST]
    )
    if len(named) > 1:
        here = {exhibit.pk for exhibit in contents(location)}
        # The one whose record says that it is here; a reference alone may be of many cases
        named = [exhibit for exhibit in named if exhibit.pk in here] or named
    if len(named) > 1:
        message = (
            f"{len(named)} exhibits are called {text.upper()}. Scan its QR code, or enter crime number and reference, for example"
        )
        raise ValidationError({"code": f"{message} {named[0].case.crime_number} {named[0].reference}"})
    return named[0] if named else None


@recorded
def finish(user: User, stocktake: Stocktake) -> Stocktake:
    """End the count. What was seen, not found, or found where it should not be becomes an entry of each exhibit's custody."""
    require(user, "evidence.take_stock", stocktake.location)
    stocktake = _open(stocktake)
    result = count(stocktake)
    every = [exhibit.pk for exhibit in (*result.found, *result.missing, *result.unexpected)]
    list(Exhibit.objects.select_for_update(of=("self",)).filter(pk__in=every).order_by("pk"))
    # Again, now that nothing can be moved meanwhile
    result = count(stocktake)
    name = str(stocktake.location)
    now = result.standings
    said = [_entry(user, stocktake, one, Kind.SEEN, to_place=now[one.pk].place) for one in result.found]
    said += [_entry(user, stocktake, one, Kind.MISSED, from_place=now[one.pk].place) for one in result.missing]
    said += [_entry(user, stocktake, one, Kind.MISPLACED, from_place=now[one.pk].where, to_place=name) for one in result.unexpected]
    custody.append_all(said)
    record_many([_event_of(user, stocktake, entry) for entry in said])
    stocktake.finished_by, stocktake.finished_at = user, timezone.now()
    stocktake.save(update_fields=["finished_by", "finished_at"])
    figures = {"found": len(result.found), "missing": len(result.missing), "unexpected": len(result.unexpected)}
    _record("stocktake.finished", user, stocktake, after={**figures, "unknown": len(result.unknown)})
    return stocktake


def _entry(user: User, stocktake: Stocktake, exhibit: Exhibit, kind: Kind, **places: str) -> CustodyEvent:
    cut: dict[str, Any] = {name: text[:LONGEST] for name, text in places.items()}
    return custody.new_entry(exhibit, kind, user, stocktake=stocktake, **cut)


def _event_of(user: User, stocktake: Stocktake, event: CustodyEvent) -> Entry:
    places = {name: text for name in ("from_place", "to_place") if (text := getattr(event, name))}
    return Entry(
        verb=f"exhibit.{event.kind}_at_stocktake",
        actor=user.as_actor(),
        case_id=event.exhibit.case_id,
        object_type="exhibit",
        object_id=event.exhibit_id,
        after={"custody": event.pk, "stocktake": stocktake.pk, "location": stocktake.location_id},
        detail=places,
    )


@recorded
def view(user: User, location: Location) -> None:
    """Record that somebody reads what is in a location, of whatever case. Call it before anything is shown."""
    require(user, "evidence.take_stock", location)
    record(
        "location.viewed",
        actor=user.as_actor(),
        organisation_id=location.organisation_id,
        object_type="location",
        object_id=location.pk,
    )


def _open(stocktake: Stocktake) -> Stocktake:
    locked = Stocktake.objects.select_for_update(of=("self",)).select_related("location__parent__parent").get(pk=stocktake.pk)
    if locked.finished_at is not None:
        raise ValidationError("This stocktake is finished")
    return locked


def _record(verb: str, user: User, stocktake: Stocktake, after: Mapping[str, Any]) -> None:
    record(
        verb,
        actor=user.as_actor(),
        organisation_id=stocktake.location.organisation_id,
        object_type="stocktake",
        object_id=stocktake.pk,
        after=after,
    )


def known_to(user: User, exhibits: Iterable[Exhibit]) -> set[UUID]:
    """Which of these exhibits' pages this person may open."""
    ids = [exhibit.pk for exhibit in exhibits]
    return set(Exhibit.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
