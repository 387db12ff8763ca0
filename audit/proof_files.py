"""A proof as a file that leaves the service: its JSON form, the same in words, and its check. Plain Python, no Django.

An inclusion proof shows that an event is in the log, at its place and in its bytes, as a signed checkpoint has it; a consistency
proof that the log of one checkpoint is the beginning of the log of a later one, so that nothing in it was changed, removed,
inserted or put in another order. Both are those of RFC 9162 section 2.1; a hash is 64 hex digits, a checkpoint a C2SP signed note.
"""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from audit import body as events
from audit import keyring, merkle, notes
from audit.keyring import Key

INCLUSION = "rasso-evidence/inclusion-proof/1"
CONSISTENCY = "rasso-evidence/consistency-proof/1"
LARGEST = 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")


class ProofFileError(ValueError):
    """A file that is no proof in this form, or a proof that doesn't hold. The message says why."""


@dataclass(frozen=True)
class Inclusion:
    """An event's body, its place, the path to the root, and the checkpoint's note."""

    body: str
    leaf_index: int
    path: list[bytes]
    checkpoint: str

    def members(self) -> dict[str, Any]:
        """What the file says."""
        said = {"form": INCLUSION, "checkpoint": self.checkpoint, "leaf_index": self.leaf_index, "path": _hex(self.path)}
        return said | {"body": self.body}

    def to_json(self) -> str:
        """The file's text."""
        return _dump(self.members())

    def check(self, origin: str, keys: Sequence[Key]) -> list[str]:
        """Return what holds, a sentence each. Raises ProofFileError if anything doesn't."""
        told, said = _opened(self.checkpoint, origin, keys)
        try:
            members = events.parse(self.body)
            leaf = merkle.leaf_hash(self.body.encode())
            merkle.check_inclusion(leaf, self.leaf_index, told.size, self.path, told.root)
        except (events.BodyError, merkle.ProofError) as error:
            raise ProofFileError(f"The event is not proved: {error}.") from error
        return [
            said,
            f"The event {members['id']} ({members['verb']}, recorded {members['at']}) is in that log as number"
            f" {self.leaf_index}, counted from 0, in exactly these bytes.",
        ]


@dataclass(frozen=True)
class Consistency:
    """The notes of two checkpoints and the path between them."""

    first: str
    second: str
    path: list[bytes]

    def members(self) -> dict[str, Any]:
        """What the file says."""
        return {"form": CONSISTENCY, "first": self.first, "second": self.second, "path": _hex(self.path)}

    def to_json(self) -> str:
        """The file's text."""
        return _dump(self.members())

    def check(self, origin: str, keys: Sequence[Key]) -> list[str]:
        """Return what holds, a sentence each. Raises ProofFileError if anything doesn't."""
        (first, said), (second, also) = (_opened(note, origin, keys) for note in (self.first, self.second))
        try:
            merkle.check_consistency(first.size, second.size, self.path, first.root, second.root)
        except merkle.ProofError as error:
            raise ProofFileError(f"The two checkpoints are not proved to be of one log: {error}.") from error
        return [
            said,
            also,
            f"The {first.size} events of the first are the first {first.size} of the second: none of them was changed, removed or"
            " put in another order, and none inserted among them.",
        ]


def load(text: str) -> Inclusion | Consistency:
    """Return the proof that a file holds. Raises ProofFileError unless it is in exactly one of the two forms."""
    if len(text) > LARGEST:
        raise ProofFileError("The file is too large to be a proof.")
    try:
        members = json.loads(text, object_pairs_hook=_no_twice)
    except (ValueError, RecursionError) as error:
        raise ProofFileError("The file is not JSON, or not as a proof has it.") from error
    form = members.get("form") if isinstance(members, dict) else None
    if form == INCLUSION and members.keys() == {"form", "checkpoint", "leaf_index", "path", "body"}:
        place = members["leaf_index"]
        if not isinstance(place, int) or isinstance(place, bool):
            raise ProofFileError("The event’s place is not a number.")
        return Inclusion(_text(members, "body"), place, _path(members), _text(members, "checkpoint"))
    if form == CONSISTENCY and members.keys() == {"form", "first", "second", "path"}:
        return Consistency(_text(members, "first"), _text(members, "second"), _path(members))
    raise ProofFileError("The file is not a proof of this log in a form that is known here.")


def in_words(proof: Inclusion | Consistency, said: Sequence[str]) -> str:
    """A checked proof for a reader: what holds, then all that it was checked from."""
    lines = ["PROOF FROM THE LOG", "", *(f"- {sentence}" for sentence in said), ""]
    if isinstance(proof, Inclusion):
        leaf = merkle.leaf_hash(proof.body.encode()).hex()
        lines += ["The event, in UTF-8, exactly as hashed:", proof.body, "", f"Its place (from 0): {proof.leaf_index}"]
        lines += [f"Its leaf hash, SHA-256 of a zero byte and these bytes: {leaf}", ""]
        parts = [("The checkpoint:", proof.checkpoint)]
    else:
        parts = [("The first checkpoint:", proof.first), ("The second checkpoint:", proof.second)]
    lines += [line for title, note in parts for line in (title, note)]
    lines += ["The path (RFC 9162, section 2.1), from the bottom up:", *_hex(proof.path)]
    return "\n".join(lines) + "\n"


def read_key(text: str) -> tuple[str, Key]:
    """Return a log's name and its public key from the published form `name+id+base64`. Raises ProofFileError."""
    name, _, rest = text.strip().partition("+")
    identity, _, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ProofFileError("The key is not in the form name+id+base64.") from error
    if len(raw) != 33 or raw[:1] != notes.ED25519 or notes.verifier_key(name, raw[1:]) != f"{name}+{identity}+{encoded}":
        raise ProofFileError("The key is not an Ed25519 key in the form name+id+base64, or a character of it is wrong.")
    return name, Key(raw[1:])


def _opened(note: str, origin: str, keys: Sequence[Key]) -> tuple[notes.Checkpoint, str]:
    try:
        told, key = keyring.open_checkpoint(note, origin, keys)
    except notes.NoteError as error:
        raise ProofFileError(f"The checkpoint does not hold: {error}.") from error
    return told, f"The log {origin} said at {told.size} events that its root is {told.root.hex()}, signed by its key {key.name}."


def _dump(members: dict[str, Any]) -> str:
    return json.dumps(members, indent=1, ensure_ascii=False) + "\n"


def _hex(path: Sequence[bytes]) -> list[str]:
    return [node.hex() for node in path]


def _path(members: dict[str, Any]) -> list[bytes]:
    path = members["path"]
    if not isinstance(path, list) or not all(isinstance(node, str) and _HASH.fullmatch(node) for node in path):
        raise ProofFileError("The path is not a list of hashes.")
    return [bytes.fromhex(node) for node in path]


def _text(members: dict[str, Any], name: str) -> str:
    value = members[name]
    try:
        if isinstance(value, str) and value.encode():
            return value
    except UnicodeEncodeError:
        pass
    raise ProofFileError(f"The proof’s {name} is not a text.")


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("A member is there twice")
    return members
