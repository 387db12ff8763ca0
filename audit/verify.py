"""Checks the log against itself and names what is wrong. Reads as a stream: memory doesn't grow with the log.

What is checked, and what it finds:

- every leaf has its event, its body hashes to the leaf hash, and leaf numbers have no gap (a changed, deleted or renumbered row);
- every body is in the form and bytes of `audit.body`, and carries an HMAC by one of our keys (a row written by somebody else);
- the columns filled from the body say what it says (one changed by somebody with the owner's role);
- every detail hashes to what the body says, or was removed by a recorded disposal (a changed or removed detail);
- the tree folded anew has the stored nodes, and the root of every checkpoint, each signed by the log's key (a rewritten past);
- what every anchor holds is what the log has (see `audit.anchors`): checkpoints in the vault, stamps by outside authorities;
- the moments of events run on in the log's order (an event dated back by somebody with the key of the HMACs);
- every event is in the tree, or pending for less than a minute (a row inserted past the sequencer, or a sequencer that stopped).

What it can't find is in docs/architecture.md, decision 5: an event and its pending row deleted within the two seconds before they
were folded, and a log cut back to an earlier checkpoint together with every later one, unless a later checkpoint was anchored or
is known from elsewhere (`known`).
"""

import heapq
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from audit import anchors, conf, helpers, keyring, merkle, notes, stream, tree
from audit import body as form
from audit.findings import Finding, Report
from audit.folding import NAMED, Fold, Outside, check_checkpoint
from audit.models import Anchor, Checkpoint, Event, Leaf, Pending
from audit.timestamps import StampWrong
from vault.errors import VaultError

PENDING_LIMIT = timedelta(minutes=1)
PROGRESS_EVERY = 10_000
SIDE_BY_SIDE = 4 * stream.CHUNK
"""Leaves from which on it is worth while to start processes of their own for them."""
DISPOSED = "detail.disposed"
"""The verb of the event (object_type "event", object_id its id) that says a detail was removed by law."""


@dataclass
class Row:
    """A leaf with its event and detail, as far as they are there."""

    leaf_index: int | None
    leaf_hash: bytes | None
    event_id: uuid.UUID
    body: str | None
    hmac: bytes | None
    columns: tuple[Any, ...]
    salt: bytes | None
    detail: str | None


# Generated columns, and the members of the body that they come from
_GENERATED = {
    "id": "id",
    "at": "at",
    "verb": "verb",
    "actor_id": "actor",
    "case_id": "case",
    "organisation_id": "organisation",
    "object_type": "object_type",
    "object_id": "object_id",
    "seq": "seq",
}
# Built from the names above only
_SELECT = (
    "SELECT leaf.leaf_index, leaf.leaf_hash, coalesce(event.id, leaf.event_id), event.body, event.hmac, "  # noqa: S608
    + ", ".join(f"event.{column}" for column in _GENERATED)
    + ", detail.salt, detail.detail FROM {source} LEFT JOIN audit_eventdetail detail ON detail.event_id = event.id {rest}"
)
_NUMBERED = _SELECT.format(
    source="audit_leaf leaf LEFT JOIN audit_event event ON event.id = leaf.event_id",
    rest="WHERE leaf.leaf_index = ANY(%s) ORDER BY leaf.leaf_index",
)
_OF_CASE = _SELECT.format(
    source="audit_event event LEFT JOIN audit_leaf leaf ON leaf.event_id = event.id",
    rest="WHERE event.case_id = %s ORDER BY leaf.leaf_index NULLS LAST, event.at, event.seq",
)
_OUTSIDE = _SELECT.format(
    source="audit_event event LEFT JOIN audit_leaf leaf ON leaf.event_id = event.id",
    # Asked in this way, PostgreSQL merges the two indexes and looks at no row
    rest="WHERE event.id IN (SELECT id FROM audit_event one WHERE NOT EXISTS"
    " (SELECT FROM audit_leaf other WHERE other.event_id = one.id)) ORDER BY event.at, event.seq",
)
Progress = Callable[[int, int], None]


def verify(case_id: uuid.UUID | None = None, *, known: Sequence[str] = (), progress: Progress = lambda done, total: None) -> Report:
    """Verify the whole log, or one case's events and their proofs. `known` are checkpoint notes kept outside the database.

    Sees one moment of the log (a repeatable-read transaction), so it may run while events are written and folded.
    """
    with transaction.atomic():
        if len(connection.atomic_blocks) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if case_id is not None:
            return _verify_case(case_id, progress)
        return _verify_all(known, progress)


def _rows(sql: str, params: Sequence[Any] = ()) -> Iterator[Row]:
    """Stream rows through a server-side cursor."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        width = len(_GENERATED)
        for row in cursor:
            index, leaf_hash, event_id, body, seal, *rest = row
            columns, (salt, detail) = tuple(rest[:width]), rest[width:]
            yield Row(index, _bytes(leaf_hash), event_id, body, _bytes(seal), columns, _bytes(salt), detail)


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


# ---- one event -------------------------------------------------------------------------------------------------------


def check_event(row: Row, report: Report) -> None:
    """Check everything about one row that needs no other row."""
    if row.body is None or row.hmac is None:
        report.add(_finding(row, "deleted", "the event has been deleted"))
        return
    report.events += 1
    if row.leaf_hash is not None and merkle.leaf_hash(row.body.encode()) != row.leaf_hash:
        report.add(_finding(row, "changed", "the event isn't the one that was sequenced: its body or its leaf was changed"))
    _check_seal(row, row.body, row.hmac, report)
    try:
        members = form.parse(row.body)
    except form.BodyError as error:
        report.add(_finding(row, "malformed", str(error)))
        return
    wrong = _differing_columns(members, row.columns)
    if wrong:
        report.add(_finding(row, "columns", f"the columns {', '.join(wrong)} don't say what the body says"))
    _check_detail(row, members, report)


def _check_seal(row: Row, body: str, seal: bytes, report: Report) -> None:
    key = keyring.sealed_by(body, seal, conf.hmac_keyring())
    if key is None:
        report.add(_finding(row, "forged", "the event's HMAC isn't ours: it was changed, or written by somebody else"))
        return
    report.used("events sealed by HMAC key", key)
    # A leaf's number is one less than the size of the log with it
    if key.until is not None and (row.leaf_index is None or row.leaf_index >= key.until):
        what = f"its HMAC is by the key {key.name}, which was retired at {key.until} leaves"
        report.add(_finding(row, "forged", what))


def _finding(row: Row, kind: str, what: str) -> Finding:
    where = "an event without a leaf" if row.leaf_index is None else f"leaf {row.leaf_index}"
    return Finding(kind, f"Event {row.event_id} ({where}): {what}", row.event_id, row.leaf_index)


def _differing_columns(members: dict[str, Any], columns: tuple[Any, ...]) -> list[str]:
    wrong = []
    for (name, member), value in zip(_GENERATED.items(), columns, strict=True):
        written = form.instant(value) if name == "at" else str(value) if isinstance(value, uuid.UUID) else value
        if written != members[member]:
            wrong.append(name)
    return wrong


def _check_detail(row: Row, members: dict[str, Any], report: Report) -> None:
    if row.detail is None or row.salt is None:
        if _was_disposed(row.event_id):
            report.disposed += 1
        else:
            report.add(_finding(row, "detail removed", "its detail is gone, and no disposal was recorded"))
        return
    report.details += 1
    if len(row.salt) != form.SALT_SIZE or form.detail_hash(row.salt, row.detail) != members["detail_hash"]:
        report.add(_finding(row, "detail changed", "its detail isn't what was recorded"))


def _was_disposed(event_id: uuid.UUID) -> bool:
    return bool(Event.objects.filter(object_id=str(event_id), object_type="event", verb=DISPOSED).exists())


# ---- the whole log ---------------------------------------------------------------------------------------------------


def _verify_all(known: Sequence[str], progress: Progress) -> Report:
    report, total = Report(), tree.size()
    given: Iterable[Checkpoint | Outside] = sorted(_given(known, report), key=_size)
    stored: Iterable[Checkpoint | Outside] = Checkpoint.objects.order_by("size").iterator()
    checkpoints = heapq.merge(given, _anchored(report), stored, key=_size)
    waiting = next(checkpoints, None)
    fold, keys = Fold(report), conf.hmac_keyring()
    for chunk in _chunks(min(0, _first_leaf()), total, keys):
        while waiting is not None and waiting.size <= chunk.end:
            fold.upcoming.append(waiting)
            waiting = next(checkpoints, None)
        fold.add(chunk)
        fold.compare_nodes()
        for number, count in chunk.good.items():
            report.used("events sealed by HMAC key", keys[number], count)
            report.events, report.details = report.events + count, report.details + count
        for row in _rows(_NUMBERED, [chunk.unusual]) if chunk.unusual else ():
            check_event(row, report)
        progress(min(chunk.end, total), total)
    if waiting is not None:
        fold.upcoming.append(waiting)
        fold.upcoming.extend(islice(checkpoints, NAMED))
    fold.finish()
    _check_stamps(report)
    _check_outside_tree(report)
    progress(total, total)
    return report


def _chunks(first: int, total: int, keys: Sequence[keyring.Key]) -> Iterator[stream.Chunk]:
    """Read the leaves in order; of a long log in several processes, unless this transaction holds what they couldn't see."""
    ranges = ((start, start + stream.CHUNK) for start in range(first, total, stream.CHUNK))
    if total < SIDE_BY_SIDE or len(connection.atomic_blocks) > 1:
        reader = stream.Pass(connection.connection, keys)
        yield from (reader.run(start, end) for start, end in ranges)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = str(cursor.fetchone()[0])
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    with helpers.helpers(helpers.processors(), parameters, snapshot, keys) as side_by_side:
        yield from side_by_side.chunks(ranges)


def _first_leaf() -> int:
    """The smallest number that a leaf has: 0, unless somebody gave one that the log never gives."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(leaf_index), 0) FROM audit_leaf")
        return int(cursor.fetchone()[0])


def _given(known: Sequence[str], report: Report) -> Iterator[Outside]:
    for note in known:
        try:
            told, _ = keyring.open_checkpoint(note, conf.origin(), conf.public_keyring())
            yield Outside(told.size, told.root)
        except notes.NoteError as error:
            report.add(Finding("checkpoint", f"A checkpoint given from outside doesn't hold: {error}"))


def _anchored(report: Report) -> Iterator[Outside]:
    """Yield the checkpoints that the vault keeps, by size; a vault that doesn't answer is said, and is no finding."""
    keys, origin, last = conf.public_keyring(), conf.origin(), 0
    try:
        for note in anchors.anchored_notes(anchors.open_shelf()):
            try:
                told, _ = keyring.open_checkpoint(note, origin, keys)
            except notes.NoteError as error:
                report.add(Finding("anchor", f"A checkpoint that was anchored in the vault doesn't hold: {error}"))
                continue
            if told.size >= last:  # two texts may overlap; each checkpoint is compared once
                last = told.size
                report.anchored += 1
                yield Outside(told.size, told.root)
    except anchors.AnchorBroken as error:
        report.add(Finding("anchor", f"{error}"))
    except VaultError as error:
        report.unchecked.append(f"The checkpoints in the vault: {error}")
        return
    gone = Anchor.objects.filter(place=anchors.VAULT, size__gt=last).order_by("-size").first()
    if gone is not None:
        what = f"The vault lacks {gone.name}, in which the checkpoint of {gone.size} leaves was anchored"
        report.add(Finding("anchor", f"{what}: it was removed there"))


def _check_stamps(report: Report) -> None:
    """Check every time stamp against the checkpoints that the database has now."""
    for anchor in Anchor.objects.exclude(place=anchors.VAULT).order_by("size").iterator():
        authority = anchors.authority_of(anchor.place)
        if authority is None:
            report.unchecked.append(f"The stamp of {anchor.place} over {anchor.size} leaves: its certificates aren't configured")
            continue
        try:
            authority.check(bytes(anchor.stamp), anchors.text_of(anchor))
            report.stamps += 1
        except StampWrong as error:
            what = f"Checkpoints of {anchor.first_size} to {anchor.size} leaves: {error}"
            report.add(Finding("stamp", f"{what}. They aren't those that were stamped"))


def _size(checkpoint: Checkpoint | Outside) -> int:
    return checkpoint.size


def _check_outside_tree(report: Report) -> None:
    """Check the events that have no leaf: each must be pending, and not for long."""
    waiting = dict(Pending.objects.values_list("event_id", "event__created"))
    report.pending = len(waiting)
    for row in _rows(_OUTSIDE):
        check_event(row, report)
        _check_waiting(row, waiting.get(row.event_id), report)


def _check_waiting(row: Row, since: datetime | None, report: Report) -> None:
    if since is None:
        report.add(_finding(row, "inserted", "it is neither in the tree nor waiting for it"))
    elif timezone.now() - since > PENDING_LIMIT:
        report.add(_finding(row, "not sequenced", f"it has waited since {since:%d/%m/%Y %H:%M:%S} UTC: is the sequencer running?"))


# ---- one case --------------------------------------------------------------------------------------------------------


def _verify_case(case_id: uuid.UUID, progress: Progress) -> Report:
    """Check the case's events, each one's proof against the latest checkpoint, and that no event at all has been deleted."""
    report = Report(size=tree.size())
    total = Event.objects.filter(case_id=case_id).count()
    checkpoint = _latest_good_checkpoint(report)
    waiting = dict(Pending.objects.filter(event__case_id=case_id).values_list("event_id", "event__created"))
    report.pending = len(waiting)
    stored = tree.StoredTree()
    for done, row in enumerate(_rows(_OF_CASE, [case_id]), start=1):
        check_event(row, report)
        if row.leaf_index is None:
            _check_waiting(row, waiting.get(row.event_id), report)
        elif checkpoint is not None and row.leaf_index < checkpoint.size:
            _check_proof(row, checkpoint, stored, report)
        if done % PROGRESS_EVERY == 0:
            progress(done, total)
    _check_nothing_deleted(report)
    progress(total, total)
    return report


def _latest_good_checkpoint(report: Report) -> Checkpoint | None:
    checkpoint = tree.latest_checkpoint()
    if checkpoint is None:
        return None
    report.checkpoints, report.root = 1, bytes(checkpoint.root)
    problem = check_checkpoint(checkpoint, report)
    if problem:
        report.add(Finding("checkpoint", f"Checkpoint of {checkpoint.size} leaves: {problem}"))
        return None
    return checkpoint


def _check_proof(row: Row, checkpoint: Checkpoint, stored: tree.StoredTree, report: Report) -> None:
    assert row.leaf_index is not None and row.leaf_hash is not None  # noqa: S101 - _verify_case asks only for rows with a leaf
    try:
        path = merkle.inclusion_proof(row.leaf_index, checkpoint.size, stored.read)
        merkle.check_inclusion(row.leaf_hash, row.leaf_index, checkpoint.size, path, bytes(checkpoint.root))
    except (merkle.ProofError, LookupError):
        what = f"it isn't in the log as signed at {checkpoint.size} leaves"
        report.add(_finding(row, "not proved", what))


def _check_nothing_deleted(report: Report) -> None:
    """A deleted event can't be told to belong to a case, so each is reported whichever case is asked about."""
    # In SQL: the ORM knows that a foreign key points at something, and would ask nothing
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaf_index, event_id FROM audit_leaf leaf WHERE NOT EXISTS"
            " (SELECT FROM audit_event event WHERE event.id = leaf.event_id) ORDER BY leaf_index LIMIT %s",
            [NAMED],
        )
        deleted = cursor.fetchall()
    for leaf_index, event_id in deleted:
        message = f"Event {event_id} (leaf {leaf_index}): the event has been deleted; its case can't be known"
        report.add(Finding("deleted", message, event_id, leaf_index))
    missing = report.size - Leaf.objects.count()
    if missing:
        report.add(Finding("leaf deleted", f"{missing} leaves are missing from the log's order; verify the whole log"))
