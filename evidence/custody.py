"""What people do with an exhibit as a thing: seal it, open and renew its seal, hand it over, put it in a place, return it.

Every act is a row of custody that is only ever added, and an event in the log with the row's id. The exhibit's row is locked
first, so that of two acts at once the second sees the first. A rule that is broken raises `ValidationError`, keyed by field.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.policy import require
from audit.actions import record, recorded
from cases.models import TeamMember
from cases.notify import notify
from evidence import standing
from evidence.models import CustodyEvent, Exhibit
from evidence.place_models import Location
from evidence.policy import KEEPERS
from evidence.standing import Standing

Kind = CustodyEvent.Kind
_PLACE = 200
_TICK = dt.timedelta(microseconds=1)


# ---- seals -----------------------------------------------------------------------------------------------------------


@recorded
def seal(
    user: User, exhibit: Exhibit, *, number: str, purpose: str = "", condition: str = "", at: dt.datetime | None = None
) -> CustodyEvent:
    """Put a seal on it; a second one is a re-seal, old to new. `purpose` is needed while the old one is still on it."""
    now = _begin(user, "evidence.keep", exhibit)
    _check_in_hand(user, exhibit, now)
    number = number.strip().upper()
    if not number:
        raise ValidationError({"number": "Enter the seal number, for example A1234567"})
    if exhibit.custody.filter(seal_after__iexact=number).exists():
        raise ValidationError({"number": f"Seal {number} was on {exhibit} already; a seal is used once"})
    if now.seal and not purpose.strip():
        raise ValidationError({"purpose": f"Say why seal {now.seal} is replaced"})
    kind = Kind.RESEALED if now.last_seal else Kind.SEALED
    return _append(
        user, exhibit, now, kind, seal_before=now.last_seal, seal_after=number, purpose=purpose, condition=condition, at=at
    )


@recorded
def open_seal(user: User, exhibit: Exhibit, *, purpose: str, condition: str = "", at: dt.datetime | None = None) -> CustodyEvent:
    """Break the seal, for a reason. It is then open until it is sealed again."""
    now = _begin(user, "evidence.keep", exhibit)
    _check_in_hand(user, exhibit, now)
    if not now.seal:
        raise ValidationError(f"{exhibit} is not sealed")
    _need(purpose, "purpose", "Say why the seal is opened")
    return _append(user, exhibit, now, Kind.OPENED, seal_before=now.seal, purpose=purpose, condition=condition, at=at)


# ---- from hand to hand -----------------------------------------------------------------------------------------------


def receivers(exhibit: Exhibit) -> list[User]:
    """Who can be given it: those on the case whose work is to keep exhibits."""
    members = TeamMember.objects.filter(case=exhibit.case_id, left_at=None, role__in=KEEPERS, user__is_active=True)
    return list(User.objects.filter(pk__in=members.values("user")).order_by("name"))


@recorded
def hand_over(
    user: User,
    exhibit: Exhibit,
    *,
    to: User,
    purpose: str,
    place: str = "",
    due_back: dt.date | None = None,
    condition: str = "",
) -> CustodyEvent:
    """Offer it to a person on the case. They have it only once they accept; until then nothing else is done with it."""
    now = _begin(user, "evidence.keep", exhibit)
    _check_in_hand(user, exhibit, now)
    _need(purpose, "purpose", "Say what it is handed over for")
    if to in (now.holder, user):
        raise ValidationError(
            {"to": f"{to} has it already" if to == now.holder else "Choose somebody else; to have it yourself, take it out"}
        )
    if to not in receivers(exhibit):
        raise ValidationError({"to": f"{to} keeps no exhibits on this case. Add them to the team first"})
    _check_due(due_back)
    event = _append(
        user,
        exhibit,
        now,
        Kind.OFFERED,
        to=str(to),
        to_user=to,
        to_place=place,
        due_back=due_back,
        purpose=purpose,
        condition=condition,
    )
    notify([to], f"{exhibit}: {user} hands it over to you. Accept or decline it", _url(exhibit), important=True)
    return event


@recorded
def accept(user: User, offer: CustodyEvent, *, seal: str = "", condition: str = "") -> CustodyEvent:
    """Take over what was offered. The receiver gives the number of the seal that they see on it: it must be the one recorded."""
    exhibit, now = _answer(user, offer, "evidence.answer_offer")
    seen = seal.strip().upper()
    if now.seal and not seen:
        raise ValidationError({"seal": "Enter the number of the seal that is on it"})
    if seen != now.seal.upper():
        # The number isn't told: who is told it reads it no more
        known = "That is not the seal in its record" if now.seal else "Its record says that it is not sealed"
        raise ValidationError({"seal": f"{known}. Look again; if it is so, decline the hand-over and say why"})
    event = _append(
        user,
        exhibit,
        now,
        Kind.ACCEPTED,
        to=str(user),
        to_user=user,
        from_place=now.place,
        to_place=offer.to_place,
        due_back=offer.due_back,
        seal_after=now.seal,
        seal_before=now.seal,
        purpose=offer.purpose,
        condition=condition,
        answers=offer,
    )
    _tell(offer, f"{exhibit}: {user} has accepted it")
    return event


@recorded
def decline(user: User, offer: CustodyEvent, *, reason: str) -> CustodyEvent:
    """Refuse what was offered, and say why. It stays with whoever offered it."""
    exhibit, now = _answer(user, offer, "evidence.answer_offer")
    _need(reason, "reason", "Say why you decline it")
    event = _append(user, exhibit, now, Kind.DECLINED, purpose=reason, answers=offer)
    _tell(offer, f"{exhibit}: {user} has declined it")
    return event


@recorded
def withdraw(user: User, offer: CustodyEvent) -> CustodyEvent:
    """Take one's own offer back while nobody has answered it."""
    exhibit, now = _answer(user, offer, "evidence.withdraw_offer")
    return _append(user, exhibit, now, Kind.WITHDRAWN, to=offer.to, answers=offer)


@recorded
def take_over(
    user: User,
    exhibit: Exhibit,
    *,
    reason: str,
    seal: str = "",
    place: str = "",
    condition: str = "",
    at: dt.datetime | None = None,
) -> CustodyEvent:
    """A supervisor takes it from whoever has it, for a reason: they left, or can't hand it over. It ends a hand-over that waits.

    `seal` is the number that the supervisor reads from it. Another than the recorded one needs a `condition` that explains it.
    """
    now = _begin(user, "evidence.take_over", exhibit)
    if now.is_returned:
        raise ValidationError(f"{exhibit} was returned: nothing more is done with it")
    if now.holder is None and now.offer is None:
        raise ValidationError(f"Nobody has {exhibit} in their hands: it is {now.where}. Whoever keeps exhibits can take it out")
    if now.holder == user and now.offer is None:
        raise ValidationError("You have it already")
    _need(reason, "reason", "Say why you take it over")
    seen = seal.strip().upper()
    if seen != now.seal.upper() and not condition.strip():
        message = "That is not the seal in its record" if now.seal else "Its record says that it is not sealed"
        raise ValidationError({"seal": f"{message}. Look again; if it is so, say under “Condition” what you found"})
    event = _append(
        user,
        exhibit,
        now,
        Kind.TAKEN_OVER,
        to=str(user),
        to_user=user,
        from_place=_cut(", ".join(filter(None, [str(now.holder or ""), now.place]))),
        to_place=place,
        # As it is written there, where it is the same
        seal_before=now.seal,
        seal_after=now.seal if seen == now.seal.upper() else seen,
        purpose=reason,
        condition=condition,
        answers=now.offer,
        at=at,
    )
    concerned = {now.holder, now.offer.user if now.offer else None, now.offer.to_user if now.offer else None} - {None, user}
    notify([one for one in concerned if one], f"{exhibit}: {user} has taken it over", _url(exhibit), important=True)
    return event


# ---- places ----------------------------------------------------------------------------------------------------------


@recorded
def move(
    user: User, exhibit: Exhibit, *, location: Location, purpose: str = "", condition: str = "", at: dt.datetime | None = None
) -> CustodyEvent:
    """Put it in a location of the force. Nobody has it in their hands then."""
    now = _begin(user, "evidence.keep", exhibit)
    _check_in_hand(user, exhibit, now)
    if not location.is_active or location.organisation_id not in (exhibit.case.organisation_id, user.organisation_id):
        raise ValidationError({"location": "Choose a location that is in use"})
    if now.held and now.held.kind == Kind.MOVED and now.held.location_id == location.pk and not _astray(exhibit):
        raise ValidationError({"location": f"{exhibit} is there already"})
    return _append(
        user, exhibit, now, Kind.MOVED, location=location, to_place=str(location), purpose=purpose, condition=condition, at=at
    )


@recorded
def take_out(
    user: User, exhibit: Exhibit, *, purpose: str, due_back: dt.date | None = None, at: dt.datetime | None = None
) -> CustodyEvent:
    """Take it out of its place, or back from where it was sent, into one's own hands."""
    now = _begin(user, "evidence.keep", exhibit)
    _check_in_hand(user, exhibit, now)
    if now.holder is not None:
        raise ValidationError("You have it already")
    _need(purpose, "purpose", "Say what you take it out for")
    _check_due(due_back)
    return _append(user, exhibit, now, Kind.TAKEN, to=str(user), to_user=user, due_back=due_back, purpose=purpose, at=at)


@recorded
def send_out(
    user: User,
    exhibit: Exhibit,
    *,
    to: str,
    place: str,
    purpose: str,
    due_back: dt.date | None = None,
    at: dt.datetime | None = None,
) -> CustodyEvent:
    """Give it to somebody outside who has no account here (a laboratory, a court), to come back."""
    now = _begin(user, "evidence.keep", exhibit)
    _check_in_hand(user, exhibit, now)
    _need(to, "to", "Enter who receives it")
    _need(place, "place", "Enter where it goes")
    _need(purpose, "purpose", "Say what it is sent out for")
    _check_due(due_back)
    return _append(user, exhibit, now, Kind.SENT, to=to, to_place=place, due_back=due_back, purpose=purpose, at=at)


@recorded
def give_back(user: User, exhibit: Exhibit, *, to: str, purpose: str, at: dt.datetime | None = None) -> CustodyEvent:
    """Return it to its owner: released from custody, for good. Its records and files stay."""
    now = _begin(user, "evidence.keep", exhibit)
    _check_in_hand(user, exhibit, now)
    _need(to, "to", "Enter who receives it")
    _need(purpose, "purpose", "Say on what ground it is released")
    return _append(user, exhibit, now, Kind.RETURNED, to=to, seal_before=now.seal, purpose=purpose, at=at)


# ---- shared ----------------------------------------------------------------------------------------------------------


def lock(exhibit_id: UUID) -> Exhibit:
    """The exhibit, its row locked: acts of custody on one exhibit come one after the other."""
    return Exhibit.objects.select_for_update(of=("self",)).select_related("case").get(pk=exhibit_id)


def _begin(user: User, permission: str, exhibit: Exhibit) -> Standing:
    require(user, permission, exhibit)
    lock(exhibit.pk)
    return standing.of(exhibit)


def _answer(user: User, offer: CustodyEvent, permission: str) -> tuple[Exhibit, Standing]:
    require(user, permission, offer)
    exhibit = lock(offer.exhibit_id)
    now = standing.of(exhibit)
    if now.offer is None or now.offer.pk != offer.pk:
        raise ValidationError("This hand-over has been answered already")
    return exhibit, now


def _check_in_hand(user: User, exhibit: Exhibit, now: Standing) -> None:
    if now.is_returned:
        raise ValidationError(f"{exhibit} was returned: nothing more is done with it")
    if now.offer is not None:
        raise ValidationError(f"{exhibit} waits for {now.offer.to} to accept it. Withdraw the hand-over first")
    if now.holder is not None and now.holder != user:
        raise ValidationError(f"{now.holder} has {exhibit}. Ask them to hand it over to you")


def _astray(exhibit: Exhibit) -> bool:
    """Whether the last stocktake did not find it where its record says, and nobody has said since where it is."""
    said = exhibit.custody.last_of((*CustodyEvent.HOLDING, *CustodyEvent.COUNTED))
    return bool(said.filter(kind__in=(Kind.MISSED, Kind.MISPLACED)).exists())


def _check_due(day: dt.date | None) -> None:
    if day is not None and day < timezone.localdate():
        raise ValidationError({"due_back": "The day it is due back must be today or later"})


def _cut(text: str) -> str:
    return text if len(text) <= _PLACE else f"{text[: _PLACE - 1]}…"


def _need(text: str, field: str, message: str) -> None:
    if not text.strip():
        raise ValidationError({field: message})


def _append(
    user: User, exhibit: Exhibit, now: Standing, kind: Kind, *, at: dt.datetime | None = None, **values: Any
) -> CustodyEvent:
    """Add the entry and its event. The caller holds the exhibit's lock."""
    if at is not None and at > timezone.now():
        raise ValidationError({"at": "When it happened must be in the past"})
    if at is not None and now.last is not None and at < now.last.at:
        moment = timezone.localtime(now.last.at)
        raise ValidationError({"at": f"Its last entry is of {moment:%d/%m/%Y %H:%M}; what happened before that can’t be added"})
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    values.setdefault("from_place", now.place)
    values.setdefault("to_place", now.place if kind not in CustodyEvent.HOLDING else "")
    event = append(exhibit, kind, user, at=at, **values)
    record(
        f"exhibit.{_VERBS[kind]}",
        actor=user.as_actor(),
        case_id=exhibit.case_id,
        object_type="exhibit",
        object_id=exhibit.pk,
        before=_state(now),
        after={
            "custody": event.pk,
            "sealed": bool(event.seal_after) if kind in CustodyEvent.SEALING else bool(now.seal),
            "to": event.to_user_id,
            "location": event.location_id,
            "due_back": event.due_back and event.due_back.isoformat(),
        },
        detail={
            name: str(value)
            for name in ("to", "from_place", "to_place", "seal_before", "seal_after", "purpose", "condition")
            if (value := getattr(event, name))
        },
    )
    return event


_VERBS = {
    Kind.SEALED: "sealed",
    Kind.RESEALED: "resealed",
    Kind.OPENED: "seal_opened",
    Kind.OFFERED: "handover_offered",
    Kind.ACCEPTED: "handover_accepted",
    Kind.DECLINED: "handover_declined",
    Kind.WITHDRAWN: "handover_withdrawn",
    Kind.MOVED: "moved",
    Kind.TAKEN: "taken_out",
    Kind.SENT: "sent_out",
    Kind.RETURNED: "returned",
    Kind.TAKEN_OVER: "taken_over",
}


def append(exhibit: Exhibit, kind: Kind, user: User, *, at: dt.datetime | None = None, **values: Any) -> CustodyEvent:
    """Add a row of custody under the exhibit's lock, later than every other of its rows whatever the clocks say."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Hold the exhibit's lock")
    event = new_entry(exhibit, kind, user, at=at, **values)
    append_all([event])
    return event


def new_entry(exhibit: Exhibit, kind: Kind, user: User, *, at: dt.datetime | None = None, **values: Any) -> CustodyEvent:
    """A row of custody that is not kept yet."""
    return CustodyEvent(exhibit=exhibit, kind=kind, user=user, by=str(user)[:160], at=at or timezone.now(), **values)


def append_all(events: Sequence[CustodyEvent]) -> None:
    """Add rows, each of another exhibit: as many questions for a thousand as for one. The caller holds the exhibits' locks."""
    moment = timezone.now()
    rows = CustodyEvent.objects.filter(exhibit__in=[event.exhibit_id for event in events]).order_by()
    newest = dict(rows.values_list("exhibit").annotate(Max("recorded_at")))
    for event in events:
        last = newest.get(event.exhibit_id)
        event.recorded_at = max(moment, last + _TICK) if last else moment
        event.clean_fields(exclude=["exhibit", "user", "to_user", "location", "answers", "stocktake", "due_back"])
    CustodyEvent.objects.bulk_create(events)


def _state(now: Standing) -> dict[str, Any]:
    holder = now.holder
    return {
        "sealed": bool(now.seal),
        "holder": holder and holder.pk,
        "location": now.held.location_id if now.held else None,
    }


def _tell(offer: CustodyEvent, text: str) -> None:
    if offer.user is not None:
        notify([offer.user], text, _url(offer.exhibit))


def _url(exhibit: Exhibit) -> str:
    return reverse("evidence:exhibit", args=[exhibit.pk])
