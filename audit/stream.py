"""The quick pass over the log: leaves with their events and details, streamed by COPY, each hashed and compared as bytes.

Whatever isn't exactly as the form has it is left to the thorough check (`audit.verify.check_event`), which says what is wrong, or
that it is only unusual. So this pass may know a few ways of being right and none of being wrong.

PostgreSQL writes, from an event's columns, the parts of the body that they were made from. A body that has exactly these in their
places, a hash of its detail that was computed here, and nothing else but an action's id, two objects and a request's id, is in the
canonical form, and its columns say what it says: comparisons of bytes instead of parsing JSON.

Plain Python without Django, so that a process of its own can begin at once (see `audit.helpers`).
"""

import hashlib
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from audit import body as form
from audit.keyring import Key
from audit.merkle import HASH_SIZE

CHUNK = 16_384
"""Leaves in one COPY."""
BACKWARDS_LIMIT = 15 * 60 * 1_000_000
"""How far an event's moment may lie before that of the event in front of it, in microseconds: long transactions, other clocks."""


def _or_null(column: str) -> str:
    return f"coalesce('\"' || event.{column} || '\"', 'null')"


# \001 stands between the parts: neither in JSON nor in what PostgreSQL writes from a column can it be by itself
_PARTS = (
    f"""E'","actor":' || {_or_null("actor_id")} || E',"after":\\001,"at":"'"""
    """ || to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
    f""" || E'Z","before":\\001,"case":' || {_or_null("case_id")} || E',"detail_hash":"\\001","id":"' || event.id"""
    """ || '","object_id":' || to_json(event.object_id)::text || ',"object_type":' || to_json(event.object_type)::text"""
    f""" || ',"organisation":' || {_or_null("organisation_id")} || E',"request":\\001,"seq":' || event.seq"""
    """ || ',"v":1,"verb":"' || event.verb || E'"}\\001' || detail.detail || E'\\001' || event.body"""
)
# Built from the constants above; the two numbers are this program's own
_COPY = (
    f"COPY (SELECT leaf.leaf_index, leaf.leaf_hash, event.at, event.hmac, detail.salt, {_PARTS}"  # noqa: S608
    " FROM audit_leaf leaf LEFT JOIN audit_event event ON event.id = leaf.event_id"
    " LEFT JOIN audit_eventdetail detail ON detail.event_id = event.id"
    " WHERE leaf.leaf_index >= %d AND leaf.leaf_index < %d ORDER BY leaf.leaf_index) TO STDOUT (FORMAT binary)"
)
# Neighbours in the tree are neighbours on disk: by index, one after the other, and never through the whole of a table
_PLAN = {"enable_hashjoin": "off", "enable_mergejoin": "off", "enable_seqscan": "off", "jit": "off"}
_PLAN["max_parallel_workers_per_gather"] = "0"
_SIGNATURE = 19
"""Bytes in front of the first row."""
_ROW = struct.Struct(">hiqi32siqi32si32si")
"""A row of the form: the number of columns, then each with its length in front; the last, a text, follows behind."""
_SHAPE = (6, 8, 32, 8, 32, 32)
_LEAST = 2 + 4
_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_OBJECT = rb"null|[^\x01}]*\}(?:[^\x01}]*\})*?"
_FORM = re.compile(
    # What PostgreSQL wrote from the columns (the last part: a count and a verb), and the detail
    rb"(?P<first>[^\x01]*)\x01(?P<between>[^\x01]*)\x01(?P<hash_of>[^\x01]*)\x01(?P<behind>[^\x01]*)\x01"
    rb'(?P<last>,"seq":[0-9]+,"v":1,"verb":"%b"\})\x01(?P<detail>[^\x01]*)\x01'
    # The body: the same again, and between it an action's id, two objects, the hash of the detail and a request's id. An object
    # ends with the first bracket that has behind it what follows, and no other end is tried (?>), so that no text takes long
    rb'(?P<body>\{"action":"%b(?P=first)(?>(?P<after>%b)(?P=between))(?>(?P<before>%b)(?P=hash_of))'
    rb'(?P<hash>[0-9a-f]{64})(?P=behind)(?:null|"[ !#-\[\]-~]*")(?P=last))' % (form.VERB.pattern.encode(), _UUID, _OBJECT, _OBJECT)
)
_GROUPS = ("body", "detail", "hash", "after", "before")
_MEMBER = rb'"[a-z0-9_]+":(?:"[ !#-\[\]-~]*"|-?[1-9][0-9]{0,14}|0|null|true|false)'
_FLAT = re.compile(rb"\{(?:%b(?:,%b)*)?\}" % (_MEMBER, _MEMBER))
"""Most objects: names of states, numbers, ids and hashes by plain keys."""
_KEY = re.compile(rb'"([a-z0-9_]+)":')


@dataclass
class Chunk:
    """What a range of leaves is. `hashes` are the leaf hashes as stored, in order, one after the other."""

    start: int
    end: int
    hashes: bytes = b""
    # The leaves' numbers, unless they are those from `start` on without a gap
    indexes: list[int] | None = None
    # How many rows are right, by the number of the key that sealed them; the leaves that the thorough check is to see
    good: dict[int, int] = field(default_factory=dict)
    unusual: list[int] = field(default_factory=list)
    # Microseconds since 2000 of the first and the last event; leaves whose event lies too far before the one in front, and how far
    first_at: int | None = None
    last_at: int | None = None
    backwards: list[tuple[int, int]] = field(default_factory=list)


class _Rows(list[bytes]):
    """What psycopg2 writes the rows of a COPY into."""

    write = list.append


def copy(cursor: Any, start: int, end: int, rows: Any) -> None:
    """Write the rows of a range of leaves to `rows`, by psycopg2's cursor inside a transaction."""
    cursor.execute("; ".join(f"SET LOCAL {name} = {value}" for name, value in _PLAN.items()))
    cursor.copy_expert(_COPY % (start, end), rows)
    cursor.execute("; ".join(f"SET LOCAL {name} = DEFAULT" for name in _PLAN))


class Pass:
    """Reads chunks over one connection, whose transaction sees one moment of the log."""

    def __init__(self, connection: Any, keys: Sequence[Key]) -> None:
        self._connection = connection
        self._keys = [(number, *_halves(key.value), key.until) for number, key in enumerate(keys)]

    def run(self, start: int, end: int) -> Chunk:
        """Return what the leaves from `start` to before `end` are."""
        rows = _Rows()
        with self._connection.cursor() as cursor:
            copy(cursor, start, end, rows)
        if rows:
            rows[0] = rows[0][_SIGNATURE:]
        return self._look(rows, Chunk(start, end))

    def _look(self, rows: list[bytes], chunk: Chunk) -> Chunk:
        leaves: list[bytes] = []
        indexes: list[int] = []
        for row in rows:
            if len(row) < _LEAST:
                continue  # the mark behind the last row
            if len(row) >= _ROW.size:
                count, a, index, b, leaf, c, at, d, seal, e, salt, length = _ROW.unpack_from(row)
                key = self._check(index, leaf, seal, salt, row) if length >= 0 and (count, a, b, c, d, e) == _SHAPE else None
            else:
                key = None
            if key is None:
                index, leaf, at = _of_unusual(row)
                chunk.unusual.append(index)
            else:
                chunk.good[key] = chunk.good.get(key, 0) + 1
            leaves.append(leaf)
            indexes.append(index)
            if at is not None:
                _note_moment(chunk, index, at)
        chunk.hashes = b"".join(leaves)
        if indexes and (indexes[0], indexes[-1]) != (chunk.start, chunk.start + len(indexes) - 1):
            chunk.indexes = indexes
        return chunk

    def _check(self, index: int, leaf: bytes, seal: bytes, salt: bytes, row: bytes) -> int | None:
        """Return the number of the key of a row that is right in every way, else None."""
        told = _FORM.fullmatch(row, _ROW.size)
        if told is None:
            return None
        body, detail, detail_hash, after, before = told.group(*_GROUPS)
        if hashlib.sha256(b"\x00" + body).digest() != leaf or hashlib.sha256(salt + detail).hexdigest().encode() != detail_hash:
            return None
        if not (_is_plain_object(after) and _is_plain_object(before)):
            return None
        for number, inner, outer, until in self._keys:
            one, two = inner.copy(), outer.copy()
            one.update(body)
            two.update(one.digest())
            if two.digest() == seal and (until is None or index < until):
                return number
        return None


def _note_moment(chunk: Chunk, index: int, at: int) -> None:
    if chunk.last_at is None:
        chunk.first_at = at
    elif at < chunk.last_at - BACKWARDS_LIMIT:
        chunk.backwards.append((index, chunk.last_at - at))
    chunk.last_at = at


def _of_unusual(row: bytes) -> tuple[int, bytes, int | None]:
    """Number, hash and moment of a row in which something may be missing, or of another length."""
    fields: list[bytes | None] = []
    place = 2
    for _ in range(int.from_bytes(row[:2])):
        length = int.from_bytes(row[place : place + 4], signed=True)
        place += 4
        fields.append(None if length < 0 else row[place : place + length])
        place += max(length, 0)
    index, leaf, at, *_ = fields
    # A hash of another length is none: the zeros in its place fit no tree
    whole = leaf if leaf is not None and len(leaf) == HASH_SIZE else bytes(HASH_SIZE)
    return int.from_bytes(index or b"", signed=True), whole, None if at is None else int.from_bytes(at, signed=True)


def _halves(key: bytes) -> tuple[Any, Any]:
    """The two hashes of an HMAC-SHA256, each with its half of the key taken in: copied for each body, which is quicker."""
    padded = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\x00")
    inner, outer = (hashlib.sha256(bytes(byte ^ mask for byte in padded)) for mask in (0x36, 0x5C))
    return inner, outer


@lru_cache(maxsize=4096)
def _is_plain_object(text: bytes) -> bool:
    """Whether this is null, or an object in its canonical form, of ASCII without escapes."""
    if text == b"null":
        return True
    if _FLAT.fullmatch(text):
        # No string in it holds a quotation mark, so these are its keys
        return _are_in_order(tuple(_KEY.findall(text)))
    return text.isascii() and b"\\" not in text and form.is_canonical_object(text.decode())


@lru_cache(maxsize=4096)
def _are_in_order(keys: tuple[bytes, ...]) -> bool:
    return list(keys) == sorted(set(keys))
