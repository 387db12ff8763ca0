"""What is to be done. Rooms register functions here in `AppConfig.ready`; "My work" and the case overview show what they return.

from cases import work

def to_check(user: User) -> Iterable[WorkItem]: ...     # set-based: one or two queries for all of a user's cases
work.register(to_check)
work.register_card(exhibit_card)                         # (user, case) -> Card or None
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from cases.models import Case


@dataclass(frozen=True)
class WorkItem:
    """One thing that a person must do. Texts name no complainant.

    Attributes:
        case_id: the case it belongs to; None if to none.
        case: the case's name as the reader knows it ("Operation Larch").
        title: what to do, beginning with a verb ("Check schedule MG6C version 2").
        href: where it is done.
        due: when it must be done, if there is such a day.
        urgency: 0 blocks others, 1 usual, 2 when there is time.
        tag, colour: its state as a GOV.UK tag, if that helps.
        blocks: what cannot go on until it is done, for the case's overview.
    """

    case_id: UUID | None
    case: str
    title: str
    href: str
    due: dt.date | None = None
    urgency: int = 1
    tag: str = ""
    colour: str = ""
    blocks: str = ""

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < timezone.localdate()


@dataclass(frozen=True)
class Card:
    """One figure on a case's overview: the number, what it counts, and where to see it. `late` marks what needs attention."""

    order: int
    figure: int | str
    text: str
    href: str = ""
    late: bool = False


WorkProvider = Callable[[User], Iterable[WorkItem]]
CardProvider = Callable[[User, Case], Card | None]

_work: list[WorkProvider] = []
_cards: list[CardProvider] = []


def register(provider: WorkProvider) -> WorkProvider:
    """Add a function that says what a person has to do in all of their cases."""
    if provider not in _work:
        _work.append(provider)
    return provider


def register_card(provider: CardProvider) -> CardProvider:
    """Add a function that gives a figure for a case's overview, or None where there is none for this person."""
    if provider not in _cards:
        _cards.append(provider)
    return provider


def items_for(user: User) -> list[WorkItem]:
    """Everything this person has to do: late first, then by day, then what blocks others."""
    items = [item for provider in _work for item in provider(user)]
    return sorted(items, key=lambda item: (not item.is_late, item.due or dt.date.max, item.urgency, item.case, item.title))


def cards_for(user: User, case: Case) -> list[Card]:
    """The figures of one case, in order."""
    cards = [provider(user, case) for provider in _cards]
    return sorted((card for card in cards if card is not None), key=lambda card: card.order)
