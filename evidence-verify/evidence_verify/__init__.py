"""Checks a disclosed bundle offline. Read in this order: `source` (files), `bag` (hashes, signature), `log` (proofs), `check`.

Needs Python and `cryptography` for the signatures, and nothing of the system that made the bundle. Nothing in the bundle is
believed until a signature by a key that the reader was given in another way covers it.
"""

VERSION = "1.0.0"


class Fails(Exception):
    """Something that must hold does not; the text says what."""


class Unreadable(Exception):
    """There is nothing that could be checked: no such file, no usable key. The text says why."""


class Report:
    """What holds, what does not, and what was not checked, in plain words."""

    def __init__(self) -> None:
        self.holds: list[str] = []
        self.problems: list[str] = []
        self.not_checked: list[str] = []
