"""The one process that gives events their place: takes committed pending rows, writes leaves, folds the tree, signs checkpoints.

Everything that belongs to a batch is one transaction under an advisory lock, so a second sequencer waits, and one that is killed
between any two statements leaves nothing half done. The order is that of `Pending.position` among what has committed: never
"greater than the last", because ids don't commit in the order in which they were given.
"""

import logging
import threading
import time
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction

from audit import conf, keyring, merkle, notes, tree
from audit.models import Checkpoint

logger = logging.getLogger(__name__)

# An arbitrary number that names this lock among all advisory locks of the database
LOCK = 0x6C6F67
BATCH = 20_000
POLL_SECONDS = 0.5
CHECKPOINT_SECONDS = 2.0
_BACK_OFF_SECONDS = 2.0


class TreeBroken(RuntimeError):
    """The stored tree isn't the one that the last checkpoint was signed for. Nothing may be added until a person has looked."""


class KeysDiffer(RuntimeError):
    """AUDIT_SIGNING_KEY is missing or isn't the private half of AUDIT_PUBLIC_KEY."""


@dataclass
class Sequencer:
    """Folds pending events into the tree. `step` does one batch; `run` goes on until told to stop."""

    seed: bytes
    origin: str
    checkpoint_seconds: float = CHECKPOINT_SECONDS
    frontier: merkle.Frontier | None = None
    signed: int = -1
    signed_at: float = field(default=float("-inf"))

    @classmethod
    def from_settings(cls) -> "Sequencer":
        """Return a sequencer with the configured key. Raises KeysDiffer if verifiers hold another public key."""
        seed = conf.signing_key()
        if seed is None:
            raise KeysDiffer("Set AUDIT_SIGNING_KEY for this process (and for no other)")
        if notes.public_key_bytes(seed) != conf.public_key():
            raise KeysDiffer("AUDIT_PUBLIC_KEY doesn't belong to AUDIT_SIGNING_KEY")
        return cls(seed, conf.origin())

    def step(self, *, sign_now: bool = False) -> int:
        """Fold one batch and sign a checkpoint if one is due. Returns how many events were folded; 0 when another has the lock."""
        with transaction.atomic():
            if not _take_lock():
                return 0
            frontier = self._current_frontier()
            leaves = _write_leaves(frontier.size)
            _write_nodes(frontier.extend(leaves, tree.STEP))
            due = sign_now or time.monotonic() - self.signed_at >= self.checkpoint_seconds
            signs = due and frontier.size > max(self.signed, 0)
            if signs:
                self._sign(frontier)
        # Only what has committed may be remembered
        self.frontier = frontier
        if signs:
            self.signed, self.signed_at = frontier.size, time.monotonic()
        return len(leaves)

    def drain(self) -> int:
        """Fold everything that is pending now and sign a checkpoint over it. Returns how many events were folded."""
        total = 0
        while folded := self.step():
            total += folded
        self.step(sign_now=True)
        return total

    def run(self, stop: threading.Event) -> None:
        """Fold as events come until `stop` is set, then finish what is pending. A lost database is waited for."""
        while not stop.is_set():
            try:
                if self.step() < BATCH:
                    stop.wait(POLL_SECONDS)
            except (OperationalError, InterfaceError):
                logger.exception("The database can't be reached; trying again")
                self.frontier = None
                close_old_connections()
                stop.wait(_BACK_OFF_SECONDS)
        self.drain()

    def _current_frontier(self) -> merkle.Frontier:
        """Return a copy of the frontier, from the database unless what is remembered is still the tree's size."""
        size = tree.size()
        if self.frontier is None or self.frontier.size != size:
            self.frontier = tree.frontier(size)
            self.signed = self._check_last_checkpoint()
        return merkle.Frontier(self.frontier.size, list(self.frontier.peaks))

    def _check_last_checkpoint(self) -> int:
        """Return the size of the last checkpoint, having compared it with the stored tree."""
        checkpoint = tree.latest_checkpoint()
        if checkpoint is None:
            return -1
        try:
            # The one before this process may have signed with the key that this one's replaced
            told, _ = keyring.open_checkpoint(checkpoint.note, self.origin, conf.public_keyring())
            root = tree.frontier(told.size).root()
        except (notes.NoteError, LookupError) as error:
            raise TreeBroken(f"The last checkpoint doesn't hold: {error}. Run audit_verify") from error
        if (told.size, told.root) != (checkpoint.size, root):
            raise TreeBroken(f"The tree isn't the one signed at {checkpoint.size} leaves. Run audit_verify")
        return checkpoint.size

    def _sign(self, frontier: merkle.Frontier) -> None:
        root = frontier.root()
        note = notes.sign(notes.Checkpoint(self.origin, frontier.size, root), self.seed)
        Checkpoint.objects.create(size=frontier.size, root=root, note=note)


def _take_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _write_leaves(first: int) -> list[bytes]:
    """Turn the first pending events into leaves from number `first` on; return the leaf hashes in order."""
    # PostgreSQL hashes the bodies, so that none of them has to cross to this process.
    # The same 0x00 and UTF-8 bytes as merkle.leaf_hash; audit_verify recomputes every one in Python.
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH taken AS ("
            # By their places on disk, so that no plan can look through all that is pending
            "  DELETE FROM audit_pending WHERE ctid = ANY(ARRAY(SELECT ctid FROM audit_pending ORDER BY position LIMIT %s))"
            "  RETURNING position, event_id),"
            " written AS ("
            "  INSERT INTO audit_leaf (leaf_index, event_id, leaf_hash)"
            "  SELECT %s + row_number() OVER (ORDER BY taken.position) - 1, event.id,"
            "         sha256('\\x00'::bytea || convert_to(event.body, 'UTF8'))"
            "  FROM taken JOIN audit_event event ON event.id = taken.event_id"
            "  RETURNING leaf_index, leaf_hash)"
            " SELECT leaf_hash FROM written ORDER BY leaf_index",
            [BATCH, first],
        )
        return [bytes(row[0]) for row in cursor.fetchall()]


def _write_nodes(nodes: list[tuple[int, int, bytes]]) -> None:
    if nodes:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_node (level, position, hash) SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])",
                [list(column) for column in zip(*nodes, strict=True)],
            )
