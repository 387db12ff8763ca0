"""Which key made what: checkpoints by Ed25519 keys, events by HMAC keys, each while it was in use. Plain Python, no Django.

A key that was replaced stays good for what it made until then, and for nothing later: `until` is the number of leaves that the log
had when it was retired. So a retired key that somebody gets hold of signs nothing new.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from audit import body as form
from audit import notes


@dataclass(frozen=True)
class Key:
    """A key of the log (32 bytes), and up to how many leaves it counts; None for the one in use."""

    value: bytes
    until: int | None = None

    @property
    def name(self) -> str:
        """A short name to tell keys apart by, which gives nothing of a secret one away."""
        return hashlib.sha256(self.value).hexdigest()[:8]

    def covers(self, leaves: int) -> bool:
        """Whether it still counted when the log had so many leaves."""
        return self.until is None or leaves <= self.until


def open_checkpoint(note: str, origin: str, keys: Sequence[Key]) -> tuple[notes.Checkpoint, Key]:
    """Return what a signed note says, and which public key signed it.

    Raises NoteError if none of the keys did, or one that had been retired before.
    """
    problem = notes.NoteError("There is no public key to check the checkpoint with")
    for key in keys:
        try:
            told = notes.verify(note, origin, key.value)
        except notes.NoteError as error:
            problem = error if key.until is None else problem
            continue
        if key.covers(told.size):
            return told, key
        problem = notes.NoteError(f"The key {key.name} that signed this checkpoint was retired at {key.until} leaves")
    raise problem


def sealed_by(body: str, seal: bytes, keys: Sequence[Key]) -> Key | None:
    """Return the HMAC key that sealed a body, or None."""
    return next((key for key in keys if form.is_sealed(body, seal, [key.value])), None)
