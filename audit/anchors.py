"""What the log signed, kept elsewhere: every checkpoint under object lock in the vault, and stamped by outside authorities.

An anchor is one text with the notes of the checkpoints since the last anchor at that place. Who rolls the database back, or
rewrites it with our keys, can't take those back: `audit_verify` compares the log with them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit import conf
from audit.models import Anchor, Checkpoint
from audit.timestamps import Authority
from vault.anchors import Shelf, shelf

VAULT = "vault"
MOST = 5000
"""Checkpoints in one text: two megabytes."""
LINES = 5
"""Lines of a note with one signature, which all notes of this log have."""


class AnchorBroken(ValueError):
    """A text on the shelf isn't one that was written there by this program."""


@dataclass(frozen=True)
class Batch:
    """The checkpoints that wait for a place, oldest first."""

    first_size: int
    size: int
    text: bytes


def open_shelf() -> Shelf:
    """Where anchors lie in the vault."""
    return shelf(conf.anchor_bucket())


def places() -> list[str]:
    """Every place where checkpoints are to be anchored."""
    return [VAULT, *(authority.name for authority in conf.authorities())]


def last(place: str) -> Anchor | None:
    """The newest anchor at a place."""
    return Anchor.objects.filter(place=place).order_by("-size").first()


def waiting(place: str) -> Batch | None:
    """What is signed and not anchored at this place yet; at most `MOST` checkpoints. None if all is."""
    done = last(place)
    found = Checkpoint.objects.filter(size__gt=done.size if done else 0).order_by("size").values_list("size", "note")[:MOST]
    batch = list(found)
    if not batch:
        return None
    return Batch(batch[0][0], batch[-1][0], "".join(note for _, note in batch).encode())


def text_of(anchor: Anchor) -> bytes:
    """What was anchored, from the checkpoints that the database has now."""
    found = Checkpoint.objects.filter(size__gte=anchor.first_size, size__lte=anchor.size).order_by("size")
    return "".join(found.values_list("note", flat=True)).encode()


def latest_stamped() -> Checkpoint | None:
    """The newest checkpoint that a time-stamping authority has stamped."""
    newest = Anchor.objects.exclude(place=VAULT).order_by("-size").first()
    return Checkpoint.objects.filter(size=newest.size).first() if newest else None


def stamps_of(checkpoint: Checkpoint) -> list[Anchor]:
    """The stamps whose text holds this checkpoint."""
    found = Anchor.objects.exclude(place=VAULT).filter(first_size__lte=checkpoint.size, size__gte=checkpoint.size)
    return list(found.order_by("place"))


def anchor(place: str) -> Anchor | None:
    """Anchor the next batch at a place; None if nothing waits.

    Raises VaultError, StampUnavailable or StampWrong; then nothing was recorded, and it can be done again.
    """
    batch = waiting(place)
    if batch is None:
        return None
    made = Anchor(place=place, first_size=batch.first_size, size=batch.size)
    until = timezone.now() + timedelta(days=conf.anchor_days())
    if place == VAULT:
        made.name = f"{batch.first_size:020d}-{batch.size:020d}.txt"
        made.version_id = open_shelf().keep(made.name, batch.text, until)
    else:
        authority = next(one for one in conf.authorities() if one.name == place)
        made.stamp = authority.stamp(batch.text)
        made.stamped_at = authority.check(made.stamp, batch.text)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        # Another worker was quicker, and has anchored the same or more
        return last(place)
    return made


def anchored_notes(store: Shelf) -> Iterator[str]:
    """Every checkpoint's note in the vault, by size. Raises VaultError, or AnchorBroken for a text that isn't ours, and at the end
    for one that was recorded as anchored and is gone, while later ones are there.
    """
    recorded = Anchor.objects.filter(place=VAULT).order_by("first_size").values_list("name", flat=True).iterator()
    expected, gone = next(recorded, None), ""
    for name in store.names():
        if not name.endswith(".txt"):
            continue
        # Both are in order: a name begins with the size, in twenty digits
        while expected is not None and expected < name:
            gone, expected = gone or expected, next(recorded, None)
        if expected == name:
            expected = next(recorded, None)
        yield from split(store.read(name), name)
    if gone:
        raise AnchorBroken(f"The vault lacks {gone}, in which checkpoints were anchored: it was removed there")


def split(text: bytes, name: str) -> list[str]:
    """The notes of an anchored text."""
    try:
        lines = text.decode().splitlines(keepends=True)
    except UnicodeDecodeError as error:
        raise AnchorBroken(f"The anchor {name} is no text") from error
    if len(lines) % LINES:
        raise AnchorBroken(f"The anchor {name} isn't made of checkpoints")
    return ["".join(lines[at : at + LINES]) for at in range(0, len(lines), LINES)]


def authority_of(name: str) -> Authority | None:
    """The configured authority of this name."""
    return next((one for one in conf.authorities() if one.name == name), None)
