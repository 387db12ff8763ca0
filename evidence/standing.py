"""How an exhibit stands now: under which seal, who has it or where it is, what waits. Read from its custody, kept nowhere else."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from evidence.models import CustodyEvent, Exhibit

Kind = CustodyEvent.Kind


@dataclass(frozen=True)
class Standing:
    """What custody says of an exhibit now.

    Attributes:
        held: the entry that says who has it or where it is; None only before an exhibit's first entry.
        sealing: the last entry about its seal; None if it was never sealed.
        offer: the hand-over that waits for an answer, if there is one.
        last: its newest entry of any of these kinds: nothing may be recorded as having happened before it.
    """

    held: CustodyEvent | None = None
    sealing: CustodyEvent | None = None
    offer: CustodyEvent | None = None
    last: CustodyEvent | None = None

    @property
    def seal(self) -> str:
        """The number of the seal that is on it; empty if it is open or was never sealed."""
        return self.sealing.seal_after if self.sealing else ""

    @property
    def last_seal(self) -> str:
        """The number of the seal that is or was last on it."""
        return (self.sealing.seal_after or self.sealing.seal_before) if self.sealing else ""

    @property
    def holder(self) -> User | None:
        """The person who has it in their hands; None while it is kept in a place, is out of the force, or is returned."""
        if self.held is None:
            return None
        if self.held.kind in CustodyEvent.IN_HAND:
            return self.held.to_user
        # Booked in without saying where it is kept: who booked it in has it
        return self.held.user if self.held.kind == Kind.SEIZED and not self.held.to_place else None

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return self.held.to_place if self.held else ""

    @property
    def due_back(self) -> dt.date | None:
        """When it must be back in its place."""
        return self.held.due_back if self.held else None

    @property
    def is_late(self) -> bool:
        """Whether that day is over."""
        return self.due_back is not None and self.due_back < timezone.localdate()

    @property
    def is_returned(self) -> bool:
        """Whether it was released from custody, which ends its continuity."""
        return self.held is not None and self.held.kind == Kind.RETURNED

    @property
    def where(self) -> str:
        """Who has it, or where it is, in one line."""
        if self.held is None:
            return ""
        if self.held.kind == Kind.RETURNED:
            return f"Returned to {self.held.to}"
        if self.held.kind == Kind.SENT:
            return ", ".join(filter(None, [f"With {self.held.to}", self.place]))
        if self.holder is None:
            return self.place
        with_whom = f"With {self.held.to or self.held.user}"
        return f"{with_whom}, {self.place}" if self.place else with_whom


_RELEVANT = (*CustodyEvent.HOLDING, *CustodyEvent.SEALING, Kind.OFFERED, Kind.DECLINED, Kind.WITHDRAWN)


def of(exhibit: Exhibit) -> Standing:
    """How one exhibit stands: one question to the database."""
    return of_many([exhibit.pk])[exhibit.pk]


def of_many(ids: Collection[UUID]) -> dict[UUID, Standing]:
    """How these exhibits stand, by their ids: one question to the database for all."""
    events: dict[UUID, list[CustodyEvent]] = defaultdict(list)
    found = CustodyEvent.objects.filter(exhibit__in=ids, kind__in=_RELEVANT).select_related(
        "user", "to_user", "location", "stocktake"
    )
    for event in found.order_by("recorded_at"):
        events[event.exhibit_id].append(event)
    return {pk: _fold(events[pk]) for pk in ids}


def _fold(events: Iterable[CustodyEvent]) -> Standing:
    held = sealing = offer = last = None
    for event in events:
        last = event
        if event.kind in CustodyEvent.HOLDING:
            held = event
        if event.kind in CustodyEvent.SEALING and (event.seal_after or event.seal_before):
            sealing = event
        if event.kind == Kind.OFFERED:
            offer = event
        elif event.answers_id:
            offer = None
    return Standing(held, sealing, offer, last)
