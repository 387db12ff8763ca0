"""What the objects of events are called. Rooms register their kinds; what nobody named is shown by its id.

    log_names.register("exhibit", "Exhibit", lambda ids: {row.pk: row.reference for row in Exhibit.objects.filter(pk__in=ids)})

A name that the log shows is seen by every reader of the log, auditors too: references, pseudonyms and numbers only.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from accounts.models import Organisation, User
from audit.models import Event
from cases.models import Case, Person, TeamMember

Namer = Callable[[Collection[UUID]], Mapping[UUID, str]]

_namers: dict[str, Namer] = {}
_nouns: dict[str, str] = {}


def register(object_type: str, noun: str, namer: Namer) -> None:
    """Say how a kind is called, and how its objects are: a function from ids to names, which asks the database once."""
    _nouns[object_type], _namers[object_type] = noun, namer


def noun(object_type: str) -> str:
    """How a kind of object is called."""
    return _nouns.get(object_type) or object_type.replace("_", " ").capitalize()


def of(events: Iterable[Event]) -> dict[tuple[str, str], str]:
    """The names of the objects of these events, by type and id, as far as somebody names them."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for event in events:
        if event.object_type in _namers and (object_id := _uuid(event.object_id)):
            wanted[event.object_type].add(object_id)
    return {(kind, str(key)): name for kind, ids in wanted.items() for key, name in _namers[kind](ids).items()}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _people(ids: Collection[UUID]) -> dict[UUID, str]:
    # Another person's label may be their name
    people = Person.objects.filter(pk__in=ids)
    return {person.pk: person.label if person.kind == Person.Kind.COMPLAINANT else person.get_kind_display() for person in people}


def _members(ids: Collection[UUID]) -> dict[UUID, str]:
    return {member.pk: str(member) for member in TeamMember.objects.filter(pk__in=ids).select_related("user")}


register("case", "Case", lambda ids: {case.pk: str(case) for case in Case.objects.filter(pk__in=ids)})
register("person", "Person", _people)
register("teammember", "Team member", _members)
register("organisation", "Organisation", lambda ids: dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name")))
register("user", "User", lambda ids: {user.pk: str(user) for user in User.objects.filter(pk__in=ids)})
