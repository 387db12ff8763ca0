"""An entry of custody in words, for the timeline and the continuity statement."""

from evidence.models import CustodyEvent

Kind = CustodyEvent.Kind


def of(event: CustodyEvent) -> str:
    """What an entry says beside its kind, its time and who made it."""
    return " ".join(filter(None, [_moved(event), seals(event), _why(event), _more(event)]))


def seals(event: CustodyEvent) -> str:
    """The seal, or old to new."""
    before, after = event.seal_before, event.seal_after
    if event.kind == Kind.TAKEN_OVER:
        return _found(before, after)
    if event.kind == Kind.ACCEPTED:
        return f"Seal {after} seen by the receiver." if after else "Not sealed."
    if before and after and before != after:
        return f"Seal {before} → {after}."
    if event.kind == Kind.OPENED:
        return f"Seal {before} opened."
    if event.kind == Kind.RETURNED:
        return f"Under seal {before}." if before else ""
    return f"Seal {after}." if after else ""


def _moved(event: CustodyEvent) -> str:
    from_place, to_place = event.from_place, event.to_place
    from_words, to_words = from_place and f"From {from_place}.", to_place and f"To {to_place}."
    to_person = f"To {event.to}{f', {to_place}' if to_place else ''}."
    words = {
        Kind.SEIZED: [from_place and f"At {from_place}.", to_place and f"Kept at {to_place}."],
        Kind.OFFERED: [to_person],
        Kind.SENT: [from_words, to_person],
        Kind.RETURNED: [from_words, to_person],
        Kind.ACCEPTED: [from_words, to_words],
        Kind.TAKEN: [from_words],
        Kind.TAKEN_OVER: [from_words, to_words],
        Kind.MOVED: [from_words, to_words],
        Kind.MISSED: [f"It should be in {from_place}."],
        Kind.MISPLACED: [f"Found in {to_place}; its record says {from_place or 'no place'}."],
        Kind.SEEN: [f"In {to_place}."],
    }
    return " ".join(filter(None, words.get(Kind(event.kind), [])))


def _found(recorded: str, seen: str) -> str:
    """The seal as its record had it, and as the supervisor found it."""
    if recorded == seen:
        return f"Seal {seen} seen by the supervisor." if seen else "Not sealed."
    was, now = (f"under seal {number}" if number else "not sealed" for number in (recorded, seen))
    return f"By its record {was}; found {now}."


def _why(event: CustodyEvent) -> str:
    if not event.purpose:
        return ""
    return f"Why: {event.purpose.rstrip('.')}."


def _more(event: CustodyEvent) -> str:
    return " ".join(
        filter(
            None,
            [
                event.condition and f"Condition: {event.condition.rstrip('.')}.",
                f"Due back {event.due_back:%d/%m/%Y}." if event.due_back else "",
                event.sha256 and f"SHA-256 {event.sha256}",
            ],
        )
    )
