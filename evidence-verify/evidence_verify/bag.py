"""The bundle as a bag (BagIt 1.0, RFC 8493) with a signed tag manifest: what files there are, and that each is as it was signed.

manifest-sha256.txt has the hash of every disclosed file (under data/), tagmanifest-sha256.txt that of every other file, the
manifest among them. tagmanifest-sha256.sig is an Ed25519 signature of the tag manifest's bytes in the form of a C2SP signed note:
tag manifest, an empty line and that file are such a note together.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from evidence_verify import Fails, Report
from evidence_verify.source import PATH, Source

TAG, SIGNATURE, PAYLOAD = "tagmanifest-sha256.txt", "tagmanifest-sha256.sig", "manifest-sha256.txt"
REQUIRED = {"bagit.txt", "bag-info.txt", PAYLOAD, "bundle.json", "keys.txt", "log/checkpoint.txt"}
LARGEST_TAG_FILE = 256 * 1024 * 1024
_LINE = re.compile(r"([0-9a-f]{64})  ([!-~]+)\Z")
_INFO = re.compile(
    rb"Bag-Software-Agent: [ -~]+\nBagging-Date: \d{4}-\d\d-\d\d\nExternal-Identifier: [0-9a-f-]{36}\n"
    rb"Payload-Oxum: (0|[1-9]\d*)\.(0|[1-9]\d*)\n\Z"
)
_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})\Z")
_SIGNED = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})\Z")


@dataclass(frozen=True)
class Key:
    """A public key under its signer's name. `id`: the start of SHA-256(name, newline, 0x01, public key)."""

    name: str
    id: bytes
    public: bytes

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}"


def strict_base64(text: str) -> bytes:
    """Decode base64 in its one canonical spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Fails("A value is not base64.") from error
    if base64.b64encode(raw).decode() != text:
        raise Fails("A value is not in the canonical form of base64.")
    return raw


def read_keys(data: bytes) -> list[Key]:
    """The keys of a file with one `name+keyid+base64` a line. Raises Fails for any other line."""
    keys = []
    lines = data.decode("utf-8", "replace").split("\n")
    if len(lines) < 2 or lines.pop():
        raise Fails("A key file has one or more lines, each ending in a newline.")
    for line in lines:
        match = _KEY.match(line)
        raw = strict_base64(match[3]) if match else b""
        if not match or raw[:1] != b"\x01" or len(raw) != 33:
            raise Fails(f"{line!a} is not a public key in the form name+keyid+base64.")
        if hashlib.sha256(match[1].encode() + b"\n" + raw).hexdigest()[:8] != match[2]:
            raise Fails(f"The key {match[1]!a} does not have the id that it is given with.")
        keys.append(Key(match[1], bytes.fromhex(match[2]), raw[1:]))
    return keys


def signer(signed: bytes, lines: list[str], keys: list[Key]) -> Key:
    """Which of the keys made one of these signature lines over `signed`. Raises Fails if none, or one by them is wrong."""
    found = None
    for line in lines:
        match = _SIGNED.match(line)
        raw = strict_base64(match[2]) if match else b""
        if not match or len(raw) < 5:
            raise Fails("A signature line is not in its form.")
        for key in keys:
            if (key.name, key.id) == (match[1], raw[:4]):
                try:
                    Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], signed)
                except InvalidSignature as error:
                    raise Fails(f"The signature by {key} is wrong: what it covers was changed after it was signed.") from error
                found = found or key
    if found is None:
        raise Fails("There is no signature by a key that you gave.")
    return found


def manifest(data: bytes, name: str) -> dict[str, str]:
    """Path to hash; lines in ascending order of path, each path once. Raises Fails for any other form."""
    lines = data.decode("ascii", "replace").split("\n")
    if lines.pop():
        raise Fails(f"{name} does not end with a newline.")
    found: dict[str, str] = {}
    previous = ""
    for line in lines:
        match = _LINE.match(line)
        if not match or not PATH.match(match[2]) or match[2] <= previous:
            raise Fails(f"{name} has a line that is not in its form or not in order: {line!a}.")
        previous = match[2]
        found[previous] = match[1]
    return found


class Bag:
    """The files of a bundle after `check`; `read` gives what the signed tag manifest covers, and nothing else."""

    def __init__(self, source: Source, report: Report) -> None:
        self.source, self.report = source, report
        self.tags: dict[str, str] = {}
        self.payload: dict[str, str] = {}
        self.payload_size = 0
        self.signed_by: Key | None = None

    def read(self, name: str) -> bytes:
        """A tag file's bytes. Raises Fails if it is not there or not as signed."""
        if name not in self.tags:
            raise Fails(f"{name} is not listed in {TAG}.")
        data = self._bytes(name)
        if hashlib.sha256(data).hexdigest() != self.tags[name]:
            raise Fails(f"{name} has been changed: its SHA-256 is not the one in {TAG}.")
        return data

    def _bytes(self, name: str) -> bytes:
        if name not in self.source.names:
            raise Fails(f"{name} is missing.")
        with self._opened(name) as file:
            data: bytes = file.read(LARGEST_TAG_FILE + 1)
        if len(data) > LARGEST_TAG_FILE:
            raise Fails(f"{name} is far too long.")
        return data

    def _opened(self, name: str) -> BinaryIO:
        try:
            return self.source.open(name)
        except Exception as error:
            raise Fails(f"{name} can't be opened: {error}") from error

    def keys_by_fingerprint(self, fingerprint: str) -> list[Key]:
        """The bundle's own keys, if the SHA-256 of their file is the fingerprint that the reader was given."""
        data = self._bytes("keys.txt")
        if hashlib.sha256(data).hexdigest() != fingerprint:
            raise Fails(
                f"The keys in the bundle do not have the fingerprint that you gave: theirs is {hashlib.sha256(data).hexdigest()}."
            )
        return read_keys(data)

    def check(self, keys: list[Key]) -> None:
        """Signature, lists, then every file's hash; each failure is noted and the rest still looked at."""
        self.keys = keys
        for step in (self._signature, self._lists, self._hashes, self._info):
            try:
                step()
            except Fails as error:
                self.report.problems.append(str(error))

    def _signature(self) -> None:
        signature = self._bytes(SIGNATURE).decode("utf-8", "replace")
        lines = signature.split("\n")
        if len(lines) != 2 or lines[1]:
            raise Fails(f"{SIGNATURE} has more or less than one line.")
        self.signed_by = signer(self._bytes(TAG), lines[:1], self.keys)
        self.report.holds.append(f"The list of the bundle's files is signed with the key {self.signed_by}, which you gave.")

    def _lists(self) -> None:
        self.tags = manifest(self._bytes(TAG), TAG)
        wrong = [name for name in self.tags if name.startswith("data/") or name in (TAG, SIGNATURE)]
        if wrong or not self.tags.keys() >= REQUIRED:
            raise Fails(f"{TAG} lacks {sorted(REQUIRED - self.tags.keys())} or lists what it can't: {wrong}.")
        self.payload = manifest(self.read(PAYLOAD), PAYLOAD)
        if not all(name.startswith("data/") for name in self.payload):
            raise Fails(f"{PAYLOAD} lists a file outside data/.")
        listed = self.tags.keys() | self.payload.keys() | {TAG, SIGNATURE}
        for name in sorted(listed - self.source.names):
            self.report.problems.append(f"{name} is missing.")
        for name in sorted(self.source.names - listed):
            self.report.problems.append(f"{name!a} has been added: no list of the bundle has it.")

    def _hashes(self) -> None:
        wrong = 0
        for name, expected in sorted((self.tags | self.payload).items()):
            if name not in self.source.names:
                continue
            digest = hashlib.sha256()
            try:
                with self._opened(name) as file:
                    while piece := file.read(1024 * 1024):
                        digest.update(piece)
                        self.payload_size += len(piece) if name in self.payload else 0
            except Exception as error:  # a zip that is damaged inside raises several kinds
                self.report.problems.append(f"{name} can't be read: {error}")
                wrong += 1
                continue
            if digest.hexdigest() != expected:
                self.report.problems.append(f"{name} has been changed: its SHA-256 is {digest.hexdigest()}, listed is {expected}.")
                wrong += 1
        if not wrong:
            count = len(self.tags) + len(self.payload)
            self.report.holds.append(
                f"All {count} listed files have the SHA-256 that was listed ({len(self.payload)} of them disclosed)."
            )

    def _info(self) -> None:
        if self.read("bagit.txt") != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
            raise Fails("bagit.txt does not say BagIt 1.0 in UTF-8.")
        match = _INFO.match(self.read("bag-info.txt"))
        if not match:
            raise Fails("bag-info.txt is not in its form.")
        if (int(match[1]), int(match[2])) != (self.payload_size, len(self.payload)):
            raise Fails("bag-info.txt states another number of disclosed files or bytes than there are.")
