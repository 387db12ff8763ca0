"""Events of the log: each with the proof that it is in the log which one signed checkpoint stands for.

    log/checkpoint.txt        a C2SP checkpoint: the log's name, its number of events, the root hash of its Merkle tree, signatures
    log/<number>/proof.txt    a C2SP tlog-proof: the event's number, the hashes from its leaf to the root, the same checkpoint
    log/<number>/body.json    the event as it was hashed; or
    log/<number>/leaf.txt     its leaf hash only, where the reader may not see it: it can be shown later, and nothing else can
    log/<number>/detail.json  with salt.txt: names and reasons, where the reader may see them; the event holds SHA-256(salt, detail)

A leaf's hash is SHA-256(0x00, body), a node's SHA-256(0x01, left, right) (RFC 9162 section 2.1).
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from evidence_verify import Fails
from evidence_verify.bag import Bag, Key, signer, strict_base64

CHECKPOINT = "log/checkpoint.txt"
NAME = re.compile(
    r"log/(?:checkpoint\.txt|timestamp-[1-9]\.(?:tsr|txt)|(0|[1-9]\d{0,17})/(?:proof\.txt|body\.json|leaf\.txt|detail\.json|salt\.txt))\Z"
)
KINDS = (
    {"proof.txt", "body.json", "detail.json", "salt.txt"},
    {"proof.txt", "body.json"},
    {"proof.txt", "leaf.txt"},
)
MEMBERS = {
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
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_FORMS = {
    "id": _UUID,
    "action": _UUID,
    "verb": r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+",
    "at": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
    "detail_hash": r"[0-9a-f]{64}",
    "object_type": r"[^\0]*",
    "object_id": r"[^\0]*",
}


@dataclass(frozen=True)
class Checkpoint:
    """What the log said of itself, signed by `key`."""

    origin: str
    size: int
    root: bytes
    key: Key


@dataclass(frozen=True)
class Event:
    """A proved event. `body` is None where it is sealed, `detail` where that is."""

    number: int
    body: dict[str, Any] | None
    detail: dict[str, Any] | None


def read_checkpoint(note: bytes, keys: list[Key]) -> Checkpoint:
    """What a checkpoint says. Raises Fails unless it is in its form, and signed by the log itself with one of the keys."""
    text, blank, signatures = note.decode("utf-8", "replace").rpartition("\n\n")
    lines = text.split("\n")
    if not blank or len(lines) != 3 or not signatures.endswith("\n") or not re.fullmatch(r"0|[1-9]\d{0,17}", lines[1]):
        raise Fails("The checkpoint is not in its form.")
    root = strict_base64(lines[2])
    if len(root) != 32:
        raise Fails("The checkpoint's root is no SHA-256.")
    own = [key for key in keys if key.name == lines[0]]
    return Checkpoint(lines[0], int(lines[1]), root, signer(f"{text}\n".encode(), signatures[:-1].split("\n"), own))


def root_of(leaf: bytes, number: int, size: int, path: list[bytes]) -> bytes:
    """The root that a path leads to (RFC 9162 section 2.1.3.2). Raises Fails if it can't be one in a tree of that size."""
    fn, sn, node = number, size - 1, leaf
    for sibling in path:
        if sn == 0 or len(sibling) != 32:
            raise Fails("The proof is too long, or holds something that is no hash.")
        if fn & 1 or fn == sn:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Fails("The proof is too short.")
    return node


def canonical(value: Any) -> bytes:
    """The RFC 8785 text of strings, integers, booleans, null, and lists and objects of these."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    return [_sorted(member) for member in value] if isinstance(value, list) else value


def read_json(data: bytes, name: str) -> dict[str, Any]:
    """An object in its canonical form, without floats. Raises Fails for every other spelling."""

    def refuse(text: str) -> NoReturn:
        raise ValueError(f"{text} is no number that an event can hold")

    try:
        value = json.loads(data.decode(), parse_float=refuse, parse_constant=refuse)
        same = isinstance(value, dict) and canonical(value) == data
    except (ValueError, RecursionError) as error:
        raise Fails(f"{name} is not JSON: {error}") from error
    if not same:
        raise Fails(f"{name} is not in the canonical form (RFC 8785).")
    return dict(value)


def read_body(data: bytes, name: str) -> dict[str, Any]:
    """An event's members. Raises Fails unless they are those of an event, each in its form."""
    body = read_json(data, name)
    if body.keys() != MEMBERS or type(body["seq"]) is not int or body["v"] is True or body["v"] != 1:
        raise Fails(f"{name} does not have the members of an event.")
    for member, form in _FORMS.items():
        if not isinstance(body[member], str) or not re.fullmatch(form, body[member]):
            raise Fails(f"{name}: {member} is not in its form.")
    if not all(body[member] is None or isinstance(body[member], dict) for member in ("before", "after")):
        raise Fails(f"{name}: before or after is no object.")
    return body


def read_event(bag: Bag, number: int, files: set[str], checkpoint: Checkpoint, note: bytes) -> Event:
    """Check one event's proof, and its detail if that is open. Raises Fails, saying why, if any of it doesn't hold."""
    folder = f"log/{number}/"
    if files not in KINDS:
        raise Fails(f"{folder} does not hold the files of an event.")
    path = read_proof(bag.read(folder + "proof.txt"), number, note)
    body = None
    if "leaf.txt" in files:
        leaf = _hex(bag.read(folder + "leaf.txt"), folder + "leaf.txt")
    else:
        data = bag.read(folder + "body.json")
        body = read_body(data, folder + "body.json")
        leaf = hashlib.sha256(b"\x00" + data).digest()
    if number >= checkpoint.size or root_of(leaf, number, checkpoint.size, path) != checkpoint.root:
        raise Fails(f"Event {number} is not in the log at that place: its proof leads to another root.")
    return Event(number, body, _detail(bag, folder, body) if body and "salt.txt" in files else None)


def read_proof(data: bytes, number: int, note: bytes) -> list[bytes]:
    """The hashes of a proof. Raises Fails unless it is a C2SP tlog-proof of that number under that checkpoint."""
    head, blank, rest = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    if lines[:2] != ["c2sp.org/tlog-proof@v1", f"index {number}"] or not blank or rest != note:
        raise Fails(f"log/{number}/proof.txt is not in its form, or is about another checkpoint.")
    return [strict_base64(line) for line in lines[2:]]


def _detail(bag: Bag, folder: str, body: dict[str, Any]) -> dict[str, Any]:
    salt, data = _hex(bag.read(folder + "salt.txt"), folder + "salt.txt"), bag.read(folder + "detail.json")
    if hashlib.sha256(salt + data).hexdigest() != body["detail_hash"]:
        raise Fails(f"{folder}detail.json is not what the event was recorded with.")
    try:
        return dict(json.loads(data))
    except (ValueError, TypeError) as error:
        raise Fails(f"{folder}detail.json is not a JSON object.") from error


def _hex(data: bytes, name: str) -> bytes:
    if not re.fullmatch(rb"[0-9a-f]{64}\n", data):
        raise Fails(f"{name} is not 64 hexadecimal digits in lower case and a newline.")
    return bytes.fromhex(data[:-1].decode())
