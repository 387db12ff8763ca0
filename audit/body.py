"""The form of an event: what is hashed, in which bytes, and what its detail is hashed with. Plain Python, no Django.

The *body* is a JSON object written by RFC 8785 (JSON Canonicalization Scheme), and these are all of its members:

    v            1, the version of this form
    id           the event's UUID
    at           when it was recorded, UTC, as 2026-11-24T14:47:13.000001Z (the application server's clock)
    verb         what was done, noun.past: "exhibit.sealed"; a refusal ends in ".refused"
    actor        the person's UUID, or null when the system itself acted
    case         the case's UUID, or null
    organisation the organisation's UUID, or null
    object_type  "exhibit", "schedule", ... or ""
    object_id    the object's key as a string, or ""
    before       states, numbers, ids and hashes before the act, or null
    after        the same after it, or null
    request      the id of the request that caused it, or null
    action       a UUID shared by the events of one action, which committed or failed together
    seq          the event's place among them, from 0
    detail_hash  SHA-256 of a 32-byte salt followed by the detail's bytes, in hex

Values are strings, integers within ±(2**53 - 1), booleans, null, and lists and objects of these. Floats are refused, because two
programs may write one float differently. NUL and lone surrogates are refused, because PostgreSQL or UTF-8 can't hold them.

The *leaf* of the Merkle tree is exactly the body's UTF-8 bytes, and nothing else. Not the HMAC: it says who could have written the
row before it was sequenced, is checked with a key that never leaves the service, and may be made anew when that key must be
changed; a leaf must be checkable by anybody for ever. Not the detail: the body commits to it by its salted hash, so that it can be
removed by law, or shown to some and not to others, while every proof still holds. Since the body has a hash salted with 32 random
bytes, a leaf hash shown to an outsider gives no way to guess what was done.

The *detail* is a JSON object {"actor": text, "detail": object or null}: the actor's name as it stood, and whatever names, terms and
reasons belong to the act. It too is written by RFC 8785, but its numbers may be floats: its bytes are hashed as stored.
"""

import hashlib
import hmac
import json
import os
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import rfc8785

VERSION = 1
SALT_SIZE = 32
MEMBERS = frozenset(
    {
        "v",
        "id",
        "at",
        "verb",
        "actor",
        "case",
        "organisation",
        "object_type",
        "object_id",
        "before",
        "after",
        "request",
        "action",
        "seq",
        "detail_hash",
    }
)
LARGEST = 2**53 - 1
VERB = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_HEX_HASH = re.compile(r"[0-9a-f]{64}")


class BodyError(ValueError):
    """A value that an event can't hold, or a text that isn't an event's body."""


def instant(moment: datetime) -> str:
    """Return an aware datetime as the body writes it: UTC, microseconds, `Z`."""
    if moment.tzinfo is None:
        raise BodyError("A moment in an event needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def new_id(moment: datetime) -> uuid.UUID:
    """Return an id for an event of this moment: version 7 (RFC 9562), 62 of its bits random.

    Such ids come in the order of time, so the indexes over them grow at one end, where the newest pages are at hand.
    """
    milliseconds, rest = divmod(int(moment.timestamp() * 1_000_000), 1000)
    random = int.from_bytes(os.urandom(8)) >> 2
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | (rest * 4096 // 1000) << 64 | 2 << 62 | random)


def plain(value: Any, *, floats: bool = False) -> Any:
    """Return the value in JSON's own types: UUIDs and dates become strings. Raises BodyError for what an event can't hold."""
    if type(value) is str and value.isascii() and "\x00" not in value:
        return value  # by far the most
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise BodyError(f"{value} is beyond ±(2**53 - 1): write it as a string")
        return int(value)
    if isinstance(value, float) and floats:
        return value
    return _plain_other(value, floats)


def _plain_other(value: Any, floats: bool) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | Mapping):
        if not all(isinstance(key, str) for key in value):
            raise BodyError("The keys in an event are strings")
        return {plain(key): plain(member, floats=floats) for key, member in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [plain(member, floats=floats) for member in value]
    raise BodyError(f"An event can't hold a {type(value).__name__}")


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BodyError("A string in an event holds half a character (a lone surrogate)") from error
    if "\x00" in value:
        raise BodyError("A string in an event can't hold NUL")
    return value


def canonical(value: Any, *, floats: bool = False) -> str:
    """Return the RFC 8785 text of a plain value. Say so if there may be floats in it."""
    # Python's own encoder, four times as fast, writes what RFC 8785 asks for as long as no character needs more than ASCII
    # (it would sort keys by code points, not by UTF-16) and no number is a float
    if not floats and (text := _ENCODER.encode(value)).isascii():
        return text
    return rfc8785.dumps(value).decode()


def check_verb(verb: str) -> None:
    """Raise BodyError unless the verb has the form noun.past."""
    if not VERB.fullmatch(verb):
        raise BodyError(f"{verb!r} is no verb of the log: write it as noun.past")


def detail_text(actor: str, detail: Mapping[str, Any] | None) -> str:
    """Return the text of an event's detail."""
    try:
        return canonical({"actor": _text(actor), "detail": plain(detail)})
    except BodyError:
        return canonical({"actor": _text(actor), "detail": plain(detail, floats=True)}, floats=True)


def detail_hash(salt: bytes, detail: str) -> str:
    """Return what the body says of its detail: SHA-256(salt, detail's bytes) in hex. The salt's size is fixed: no ambiguity."""
    if len(salt) != SALT_SIZE:
        raise BodyError(f"A detail's salt has {SALT_SIZE} bytes")
    return hashlib.sha256(salt + detail.encode()).hexdigest()


def seal(body: str, key: bytes) -> bytes:
    """Return the HMAC-SHA256 of a body."""
    return hmac.digest(key, body.encode(), "sha256")


def is_sealed(body: str, seal_value: bytes, keys: Sequence[bytes]) -> bool:
    """Whether one of the keys made this HMAC of the body."""
    return any(hmac.compare_digest(seal(body, key), seal_value) for key in keys)


def parse(text: str) -> dict[str, Any]:
    """Return a body's members. Raises BodyError unless the text is a body in exactly the form above."""
    try:
        body = json.loads(text, object_pairs_hook=_no_twice, parse_int=_integer, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BodyError("The body isn't JSON as an event has it") from error
    if not isinstance(body, dict) or body.keys() != MEMBERS:
        raise BodyError("The body lacks a member of an event, or has one too many")
    if body["v"] != VERSION or isinstance(body["v"], bool):
        raise BodyError(f"The body's version isn't {VERSION}")
    _check_members(body)
    if not _is_canonical(text, body):
        raise BodyError("The body isn't in its canonical form")
    return body


def is_canonical_object(text: str) -> bool:
    """Whether an ASCII text without escapes is an object in its canonical form, as `before` and `after` are."""
    try:
        value = json.loads(text, object_pairs_hook=_no_twice, parse_int=_integer, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and _ENCODER.encode(value) == text


def _is_canonical(text: str, body: dict[str, Any]) -> bool:
    # As in `canonical`; NUL and half characters are for `plain` to refuse
    if text.isascii() and "\\u0000" not in text and _ENCODER.encode(body) == text:
        return True
    return canonical(plain(body)) == text


def _check_members(body: dict[str, Any]) -> None:
    check_verb(_string(body, "verb"))
    if not _AT.fullmatch(_string(body, "at")) or not _HEX_HASH.fullmatch(_string(body, "detail_hash")):
        raise BodyError("The body's moment or hash isn't in its form")
    for member in ("id", "action", "actor", "case", "organisation"):
        if body[member] is not None or member in ("id", "action"):
            _check_uuid(_string(body, member))
    for member in ("object_type", "object_id"):
        _string(body, member)
    if body["request"] is not None:
        _string(body, "request")
    for member in ("before", "after"):
        if body[member] is not None and not isinstance(body[member], dict):
            raise BodyError(f"The body's {member} is neither null nor an object")
    if not isinstance(body["seq"], int) or isinstance(body["seq"], bool) or body["seq"] < 0:
        raise BodyError("The body's seq isn't a count")


def _string(body: dict[str, Any], member: str) -> str:
    if not isinstance(body[member], str):
        raise BodyError(f"The body's {member} isn't a string")
    return str(body[member])


def _check_uuid(value: str) -> None:
    if not _UUID.fullmatch(value):
        raise BodyError("An id in the body isn't a UUID in its canonical form")


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("A member is there twice")
    return members


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:
        raise ValueError("A number is beyond ±(2**53 - 1)")
    return int(digits)


def _refuse(number: str) -> Any:
    raise ValueError(f"{number} isn't an integer")
