"""Where higher rooms join in, by `AppConfig.ready`: this room can't import them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from evidence.models import Blob, Exhibit


@dataclass(frozen=True)
class Link:
    """A way on from an exhibit's page."""

    text: str
    href: str


@dataclass(frozen=True)
class TimelinePart:
    """What a room adds to an exhibit's timeline, from the log.

    Attributes:
        verbs: the verbs shown, each with its kind (one of `evidence.timeline.KINDS`).
        objects: the ids of this room's objects that belong to the exhibit, as far as the person may know of them.
    """

    verbs: Mapping[str, str]
    objects: Callable[[User, Exhibit], QuerySet[Any, UUID]]


exhibit_timeline: list[TimelinePart] = []
"""Asked when an exhibit's timeline is shown."""

exhibit_added: list[Callable[[User, Exhibit], None]] = []
"""Called in the transaction that adds an exhibit."""

derived_objects: list[Callable[[Exhibit], Iterable[tuple[str, str]]]] = []
"""Asked, when an exhibit is disposed of, for the vault's objects (key, version) that other rooms made from its bytes."""

blob_verified: list[Callable[[Blob], None]] = []
"""Called in the transaction that writes a matching check down."""

exhibit_links: list[Callable[[User, Exhibit], Iterable[Link]]] = []
"""Asked for further links when an exhibit's page is shown."""
