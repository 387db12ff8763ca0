"""Signed notes and checkpoints in the C2SP forms (https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint). No Django.

A checkpoint is a note of three lines (origin, number of leaves in decimal, root hash in base64), a blank line, and one line a
signature. A signature line is an em dash, the signer's name and base64(key id (4 bytes) + Ed25519 signature (64 bytes)).
The key id is the start of SHA-256(name, newline, 0x01, public key), so a verifier can tell whose line is whose.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
HASH_SIZE = 32
MAX_NOTE = 64 * 1024
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<value>[A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(ValueError):
    """A note that isn't in the form, or that the expected key didn't sign."""


@dataclass(frozen=True)
class Checkpoint:
    """What a log says about itself at one moment: its name, how many leaves it has, and their root hash (32 bytes)."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Signature:
    """One signature line: the signer's name, the key's id (4 bytes) and the signature itself."""

    name: str
    key_id: bytes
    value: bytes


def public_key_bytes(seed: bytes) -> bytes:
    """Return the 32-byte Ed25519 public key that belongs to a 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def key_id(name: str, public_key: bytes) -> bytes:
    """Return the 4-byte id of an Ed25519 key under a signer's name."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """Return the public key in the form that is published and pasted: `name+keyid+base64`."""
    encoded = base64.b64encode(ED25519 + public_key).decode()
    return f"{name}+{key_id(name, public_key).hex()}+{encoded}"


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """Return the text that is signed. Raises NoteError for an origin that the form doesn't allow."""
    if not _NAME.fullmatch(checkpoint.origin):
        raise NoteError(f"{checkpoint.origin!r} can't be a log's origin")
    if len(checkpoint.root) != HASH_SIZE or checkpoint.size < 0:
        raise NoteError("A checkpoint needs a 32-byte root and a size that isn't negative")
    return f"{checkpoint.origin}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode()}\n"


def sign(checkpoint: Checkpoint, seed: bytes) -> str:
    """Return the checkpoint as a note signed by the log itself (signer's name = origin) with a 32-byte Ed25519 seed."""
    text = checkpoint_text(checkpoint)
    return f"{text}\n{signature_line(text.encode(), checkpoint.origin, seed)}"


def signature_line(signed: bytes, name: str, seed: bytes) -> str:
    """Return the line (with its newline) by which `name` signs a note's text with a 32-byte Ed25519 seed."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    identity = key_id(name, private.public_key().public_bytes_raw())
    return f"— {name} {base64_text(identity + private.sign(signed))}\n"


def base64_text(value: bytes) -> str:
    """Return bytes in base64, as notes and proofs have them."""
    return base64.b64encode(value).decode()


def split_note(note: str) -> tuple[str, list[Signature]]:
    """Return a note's text (with its last newline) and its signatures. Raises NoteError if the form is wrong in any way."""
    if len(note) > MAX_NOTE or not note.endswith("\n"):
        raise NoteError("A note ends with a newline and is at most 64 KiB long")
    if any(ord(character) < 0x20 and character != "\n" for character in note):
        raise NoteError("A note holds no control characters")
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not text or not signatures:
        raise NoteError("A note has a text, a blank line and at least one signature")
    return text + "\n", [_signature(line) for line in signatures[:-1].split("\n")]


def _signature(line: str) -> Signature:
    match = _SIGNATURE_LINE.fullmatch(line)
    if not match:
        raise NoteError("A signature line isn't in the form of a signed note")
    raw = _strict_base64(match["value"])
    if len(raw) < 5:
        raise NoteError("A signature line holds no signature")
    return Signature(match["name"], raw[:4], raw[4:])


def parse_checkpoint(text: str) -> Checkpoint:
    """Return what a checkpoint's text says. Raises NoteError unless it is exactly origin, size and root."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise NoteError("A checkpoint of this log has exactly three lines")
    origin, size, root = lines[:3]
    if not _SIZE.fullmatch(size):
        raise NoteError("The checkpoint's size isn't a plain decimal number")
    checkpoint = Checkpoint(origin, int(size), _strict_base64(root))
    if checkpoint_text(checkpoint) != text:
        raise NoteError("The checkpoint isn't in its canonical form")
    return checkpoint


def _strict_base64(value: str) -> bytes:
    """Decode base64, refusing what has a second spelling (non-zero spare bits, missing padding)."""
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("A value isn't base64") from error
    if base64.b64encode(raw).decode() != value:
        raise NoteError("A value isn't in the canonical form of base64")
    return raw


def verify(note: str, origin: str, public_key: bytes) -> Checkpoint:
    """Return the checkpoint of a note, signed by `origin` with a 32-byte Ed25519 public key.

    Signatures by others (witnesses) are passed over, as the form asks. Raises NoteError if the note isn't in the form, is about
    another log, lacks the log's own signature, or has one that is wrong.
    """
    text, signatures = split_note(note)
    checkpoint = parse_checkpoint(text)
    if checkpoint.origin != origin:
        raise NoteError(f"The checkpoint is of the log {checkpoint.origin!r}, not {origin!r}")
    identity = key_id(origin, public_key)
    own = [signature for signature in signatures if (signature.name, signature.key_id) == (origin, identity)]
    if not own:
        raise NoteError("The log's own signature is missing")
    try:
        for signature in own:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature.value, text.encode())
    except InvalidSignature as error:
        raise NoteError("The log's signature is wrong") from error
    return checkpoint
