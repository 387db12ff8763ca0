"""The tree folded anew while a verification reads the log, compared with what is stored and with what was signed."""

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection

from audit import conf, keyring, merkle, notes, stream, tree
from audit.findings import Finding, Report
from audit.models import Checkpoint, Leaf

NAMED = 20
"""How many events or checkpoints a finding names at most."""


@dataclass(frozen=True)
class Outside:
    """A checkpoint that isn't the database's word: anchored, or given by whoever verifies. Its note was checked when read."""

    size: int
    root: bytes


@dataclass
class Fold:
    """Folds the tree anew while leaves stream by, and compares with stored nodes and checkpoints as it passes them."""

    report: Report
    upcoming: deque[Checkpoint | Outside] = field(default_factory=deque)
    frontier: merkle.Frontier = field(default_factory=merkle.Frontier)
    expected: int = 0
    proved: int = 0
    last_at: int | None = None
    nodes: list[tuple[int, int, bytes]] = field(default_factory=list)
    # After the first gap or rewritten stretch every later hash differs: saying so again would bury what happened
    whole: bool = True

    def add(self, chunk: stream.Chunk) -> None:
        """Fold a chunk in, and look at the checkpoints that it completes."""
        size = merkle.HASH_SIZE
        hashes = [chunk.hashes[at : at + size] for at in range(0, len(chunk.hashes), size)]
        indexes = chunk.indexes or range(chunk.start, chunk.start + len(hashes))
        self._check_moments(chunk)
        done = 0
        while done < len(hashes):
            if indexes[done] != self.expected:
                self._note_gap(indexes[done])
            # As far as nothing is to be looked at: to the next checkpoint, or one at a time while numbers have gaps
            stop = len(hashes) if chunk.indexes is None else done + 1
            if self.upcoming:
                stop = min(stop, max(done + self.upcoming[0].size - indexes[done], done + 1))
            folded = self.frontier.extend(hashes[done:stop], tree.STEP)
            if self.whole:
                self.nodes += folded
            self.expected, done = max(indexes[stop - 1] + 1, self.expected), stop
            while self.upcoming and self.upcoming[0].size <= self.expected:
                self._compare_checkpoint(self.upcoming.popleft())

    def _note_gap(self, index: int) -> None:
        if index < self.expected:
            self.report.add(_at_leaf("inserted", index, "the leaf stands where the log has no place"))
        else:
            gap = f"leaf {index - 1} is" if index - self.expected == 1 else f"leaves {self.expected} to {index - 1} are"
            self.report.add(Finding("leaf deleted", f"In the log's order, {gap} missing", leaf_index=self.expected))
        self.whole = False

    def _check_moments(self, chunk: stream.Chunk) -> None:
        found = list(chunk.backwards)
        if self.last_at is not None and chunk.first_at is not None and chunk.first_at < self.last_at - stream.BACKWARDS_LIMIT:
            found.insert(0, ((chunk.indexes or [chunk.start])[0], self.last_at - chunk.first_at))
        for index, back in found:
            how_far = timedelta(microseconds=back)
            what = f"its moment lies {how_far} before that of the event in front of it: one of the two was dated wrongly"
            self.report.add(_at_leaf("backdated", index, what))
        self.last_at = self.last_at if chunk.last_at is None else chunk.last_at

    def compare_nodes(self) -> None:
        """Compare the nodes folded since the last time with the stored ones, in one query."""
        folded, self.nodes = {(level, index): node for level, index, node in self.nodes}, []
        if not folded:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT level, position, hash FROM audit_node WHERE (level, position) IN"
                " (SELECT * FROM unnest(%s::smallint[], %s::bigint[]))",
                [[level for level, _ in folded], [index for _, index in folded]],
            )
            stored = {(level, index): bytes(node) for level, index, node in cursor.fetchall()}
        for (level, index), node in folded.items():
            if stored.get((level, index)) != node:
                first, last = index << level, ((index + 1) << level) - 1
                what = "isn't the one that was folded" if (level, index) in stored else "is missing"
                self.report.add(Finding("node", f"The node {level}/{index} over leaves {first} to {last} {what}"))

    def _compare_checkpoint(self, checkpoint: Checkpoint | Outside) -> None:
        if isinstance(checkpoint, Outside):
            problem = ""
        else:
            self.report.checkpoints += 1
            problem = check_checkpoint(checkpoint, self.report)
        if problem:
            self.report.add(Finding("checkpoint", f"Checkpoint of {checkpoint.size} leaves: {problem}"))
        elif self.whole and (self.frontier.size, self.frontier.root()) != (checkpoint.size, bytes(checkpoint.root)):
            self.report.add(self._rewritten(checkpoint))
            self.whole = False
        self.proved = checkpoint.size

    def _rewritten(self, checkpoint: Checkpoint | Outside) -> Finding:
        first, last = self.proved, checkpoint.size - 1
        named = ", ".join(_ids(first, last))
        more = " and more" if last - first >= NAMED else ""
        return Finding(
            "rewritten",
            f"Leaves {first} to {last} aren't those that the checkpoint of {checkpoint.size} leaves was signed for: at least one"
            f" was changed, removed, inserted or put in another order. Events: {named}{more}",
            leaf_index=first,
        )

    def finish(self) -> None:
        """Report the checkpoints that were signed for leaves which aren't there."""
        for checkpoint in self.upcoming:
            where = " (kept outside the database)" if isinstance(checkpoint, Outside) else ""
            what = f"A checkpoint{where} was signed for {checkpoint.size} leaves, and the log has {self.expected}"
            self.report.add(Finding("truncated", f"{what}: events were removed from its end", leaf_index=self.expected))
        self.report.size, self.report.root = self.frontier.size, self.frontier.root()


def _ids(first: int, last: int) -> list[str]:
    """The events of these leaves, as many as are named at most."""
    leaves = Leaf.objects.filter(leaf_index__gte=first, leaf_index__lte=last).order_by("leaf_index")
    return list(map(str, leaves.values_list("event_id", flat=True)[:NAMED]))


def _at_leaf(kind: str, index: int, what: str) -> Finding:
    event_id = Leaf.objects.values_list("event_id", flat=True).get(leaf_index=index)
    return Finding(kind, f"Event {event_id} (leaf {index}): {what}", event_id, index)


def check_checkpoint(checkpoint: Checkpoint, report: Report) -> str:
    """Return what is wrong with a stored checkpoint by itself (its signature, its columns), or "" if nothing is."""
    try:
        told, key = keyring.open_checkpoint(checkpoint.note, conf.origin(), conf.public_keyring())
    except notes.NoteError as error:
        return str(error)
    if (told.size, told.root) != (checkpoint.size, bytes(checkpoint.root)):
        return "the row doesn't say what its signed note says"
    report.used("checkpoints signed by key", key)
    return ""
