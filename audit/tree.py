"""The Merkle tree as the database has it: reading subtrees, the frontier, proofs, the latest checkpoint.

Leaves are in `audit_leaf`. Of the inner nodes only every eighth level is stored (`audit_node`), one row for 255 inner hashes; the
levels between are hashed again from at most 256 rows, which are neighbours on disk. A proof in a tree of ten million leaves takes
one query and some hundred hashes.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection

from audit import merkle
from audit.models import Checkpoint, Leaf

STEP = 8


class StoredTree:
    """Reads complete subtrees from the database; keeps what it has read, so make a new one for each proof or run."""

    def __init__(self, keep: int = 50_000) -> None:
        self._keep = keep
        self._known: dict[tuple[int, int], bytes] = {}

    def read(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree. Raises LookupError if its leaves or nodes aren't all stored."""
        known = self._known.get((level, index))
        if known is not None:
            return known
        if level % STEP == 0:
            return self._read_block(level, index)
        node = merkle.node_hash(self.read(level - 1, 2 * index), self.read(level - 1, 2 * index + 1))
        self._known[level, index] = node
        return node

    def _read_block(self, level: int, index: int) -> bytes:
        """Read the stored hash together with the up to 255 beside it, which the rest of a proof is likely to need."""
        if len(self._known) > self._keep:
            self._known.clear()
        start = index >> STEP << STEP
        for place, value in enumerate(_read_range(level, start, start + (1 << STEP))):
            self._known[level, start + place] = value
        if (level, index) not in self._known:
            raise LookupError(f"The tree has no complete subtree {level}/{index}")
        return self._known[level, index]


def _read_range(level: int, start: int, end: int) -> list[bytes]:
    with connection.cursor() as cursor:
        if level == 0:
            cursor.execute(
                "SELECT leaf_index, leaf_hash FROM audit_leaf WHERE leaf_index >= %s AND leaf_index < %s ORDER BY 1",
                [start, end],
            )
        else:
            cursor.execute(
                "SELECT position, hash FROM audit_node WHERE level = %s AND position >= %s AND position < %s ORDER BY 1",
                [level, start, end],
            )
        rows = cursor.fetchall()
    return [bytes(value) for place, (index, value) in enumerate(rows) if index == start + place]


Address = tuple[int, int]


def read_subtrees(addresses: Sequence[Address]) -> dict[Address, bytes]:
    """Return the hashes of complete subtrees (level, index), all read in one query.

    Raises LookupError if leaves or nodes that they need aren't stored.
    """
    wanted = {address: _span(*address) for address in addresses}
    spans = _joined(sorted(set(wanted.values())))
    rows = dict(zip(spans, _read_spans(spans), strict=True)) if spans else {}
    found = {}
    for address, (level, start, end) in wanted.items():
        whole = next(span for span in spans if span[0] == level and span[1] <= start and end <= span[2])
        hashes = rows[whole]
        if len(hashes) != merkle.HASH_SIZE * (whole[2] - whole[1]):
            raise LookupError(f"Part of the tree under {address[0]}/{address[1]} is missing")
        first, last = (merkle.HASH_SIZE * (place - whole[1]) for place in (start, end))
        found[address] = merkle.fold_complete(hashes[first:last])
    return found


Span = tuple[int, int, int]


def _span(level: int, index: int) -> Span:
    """The stored level that a subtree is hashed from, and which of its rows."""
    above = level % STEP
    return level - above, index << above, (index + 1) << above


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Sorted spans with neighbours made one."""
    joined: list[Span] = []
    for level, start, end in spans:
        if joined and joined[-1][0] == level and start <= joined[-1][2]:
            joined[-1] = (level, joined[-1][1], max(end, joined[-1][2]))
        else:
            joined.append((level, start, end))
    return joined


def _read_spans(spans: Sequence[Span]) -> list[bytes]:
    """The hashes of each span, one after the other."""
    # Numbers are written into each part: with unknown bounds PostgreSQL plans for a large part of the table
    leaf = "SELECT string_agg(leaf_hash, ''::bytea ORDER BY leaf_index) FROM audit_leaf WHERE leaf_index >= %s AND leaf_index < %s"
    node = (
        "SELECT string_agg(hash, ''::bytea ORDER BY position) FROM audit_node WHERE level = %s AND position >= %s AND position < %s"
    )
    parts = [f"({node if level else leaf})" for level, _, _ in spans]
    params = [value for level, *bounds in spans for value in ([level, *bounds] if level else bounds)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return [bytes(value or b"") for value in cursor.fetchone()]


def _in_one_query(make: Callable[[merkle.Reader], list[bytes]]) -> list[bytes]:
    """Make a proof twice: once to learn which subtrees it needs, then with these."""
    needed: list[Address] = []

    def note(level: int, index: int) -> bytes:
        needed.append((level, index))
        return merkle.EMPTY_ROOT

    make(note)
    found = read_subtrees(needed)
    return make(lambda level, index: found[level, index])


def size() -> int:
    """Return how many leaves the tree has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(leaf_index) + 1, 0) FROM audit_leaf")
        return int(cursor.fetchone()[0])


def frontier(leaves: int) -> merkle.Frontier:
    """Return the peaks of the tree of the first `leaves` leaves."""
    return merkle.Frontier.load(leaves, StoredTree().read)


def latest_checkpoint() -> Checkpoint | None:
    """Return the newest signed checkpoint, or None before the first."""
    return Checkpoint.objects.order_by("-size").first()


@dataclass(frozen=True)
class InclusionProof:
    """All that somebody needs to check one event against a checkpoint: see `audit.merkle.check_inclusion` and `audit.notes`."""

    body: str
    leaf_index: int
    size: int
    path: list[bytes]
    note: str


class NotYetProvable(LookupError):
    """The event isn't under a signed checkpoint yet (which takes about two seconds), or not in the log at all."""


def prove(event_id: uuid.UUID, checkpoint: Checkpoint | None = None) -> InclusionProof:
    """Return the proof that an event is in the log as of a checkpoint (the latest, if none is named).

    Raises NotYetProvable, or LookupError if part of the stored tree is missing.
    """
    checkpoint = checkpoint or latest_checkpoint()
    found = Leaf.objects.filter(event_id=event_id).values_list("leaf_index", "event__body").first()
    if checkpoint is None or found is None or found[0] >= checkpoint.size:
        raise NotYetProvable(f"No checkpoint covers the event {event_id} yet")
    leaf_index, body = found
    return InclusionProof(body, leaf_index, checkpoint.size, inclusion_path(leaf_index, checkpoint.size), checkpoint.note)


def inclusion_path(leaf_index: int, leaves: int) -> list[bytes]:
    """Return the path from a leaf to the root of the tree of so many leaves, read in one query. LookupError if part is missing."""
    return _in_one_query(lambda read: merkle.inclusion_proof(leaf_index, leaves, read))


def prove_consistency(first: int, second: int) -> list[bytes]:
    """Return the proof that the log of `first` leaves is a prefix of the log of `second` leaves, read in one query.

    Raises merkle.ProofError unless 0 < first <= second, LookupError if part of the stored tree is missing.
    """
    return _in_one_query(lambda read: merkle.consistency_proof(first, second, read))
