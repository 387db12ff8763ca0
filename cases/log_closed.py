"""Details of the log that are for fewer people than the rest of it: whoever may not see a thing doesn't read of it here either.

    log_closed.register("row", lambda user, ids: {ids of rows whose words this person may not see})

A room registers what it keeps from whom; the event itself, its object and its states stay visible to every reader of the log.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from accounts.models import User
from audit import body
from audit.models import Event, EventDetail

Keeper = Callable[[User, Collection[UUID]], Collection[UUID]]
NOTICE = {"not shown": "only for those whose role lets them see it"}

_keepers: dict[str, Keeper] = {}


def register(object_type: str, keeper: Keeper) -> None:
    """Name the objects of a kind whose details a person may not open: a function of the person and the ids."""
    _keepers[object_type] = keeper


def closed_to(user: User, events: Iterable[Event]) -> set[UUID]:
    """The ids of those events whose details stay closed to this person."""
    about: dict[str, dict[UUID, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        if event.object_type in _keepers:
            about[event.object_type][UUID(event.object_id)].append(event.pk)
    closed: set[UUID] = set()
    for kind, objects in about.items():
        for kept in _keepers[kind](user, objects.keys()):
            closed.update(objects[kept])
    return closed


def without_facts(detail: EventDetail) -> EventDetail:
    """What stands in the place of a closed detail: who acted, and that there is more. It is never saved."""
    return EventDetail(event_id=detail.event_id, salt=detail.salt, detail=body.detail_text(detail.actor, NOTICE))
