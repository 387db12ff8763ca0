"""What a verification of the log found."""

import uuid
from collections import Counter
from dataclasses import dataclass, field

from audit import merkle
from audit.keyring import Key


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: a code word, a sentence for a person, and the event or leaf it is about where one can be named."""

    kind: str
    message: str
    event_id: uuid.UUID | None = None
    leaf_index: int | None = None


@dataclass
class Report:
    """What a verification looked at, and what it found. `findings` is cut off at `limit`; `total` isn't."""

    events: int = 0
    details: int = 0
    disposed: int = 0
    checkpoints: int = 0
    anchored: int = 0
    stamps: int = 0
    pending: int = 0
    size: int = 0
    root: bytes = merkle.EMPTY_ROOT
    # What could not be checked now, in words: not the log's fault, but nothing that was shown either
    unchecked: list[str] = field(default_factory=list)
    # How much each key made, in the words of `used`
    keys: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    total: int = 0
    limit: int = 1000

    @property
    def holds(self) -> bool:
        """Whether nothing wrong was found."""
        return self.total == 0

    def used(self, what: str, key: Key, count: int = 1) -> None:
        """Count what a key made."""
        self.keys[f"{what} {key.name}"] += count

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it while there is room."""
        self.total += 1
        if len(self.findings) < self.limit:
            self.findings.append(finding)
