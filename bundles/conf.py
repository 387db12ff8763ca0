"""The keys that a bundle is checked with (`settings.BUNDLES`, and the log's own), as they are published."""

import hashlib
from typing import Any, cast

from django.conf import settings

from audit import conf as log
from audit import notes


def _setting(name: str) -> Any:
    return cast("dict[str, Any]", settings.BUNDLES)[name]


def signing_key() -> bytes | None:
    """The Ed25519 seed that signs bundles; only the worker's process has it."""
    return cast("bytes | None", _setting("SIGNING_KEY"))


def public_key() -> bytes | None:
    """The Ed25519 public key that bundles are checked with; None where bundles are not set up."""
    return cast("bytes | None", _setting("PUBLIC_KEY"))


def public_of(seed: bytes) -> bytes:
    """The public half of an Ed25519 seed."""
    return notes.public_key_bytes(seed)


def origin() -> str:
    """The name under which bundles are signed."""
    return cast("str", _setting("ORIGIN"))


def key_file() -> str:
    """The log's public key and the bundles', a line each (`name+keyid+base64`); empty where bundles are not set up."""
    key = public_key()
    if key is None:
        return ""
    return f"{notes.verifier_key(log.origin(), log.public_key())}\n{notes.verifier_key(origin(), key)}\n"


def fingerprint() -> str:
    """SHA-256 of the key file in hexadecimal, which can be told over the telephone and stands for both keys."""
    return hashlib.sha256(key_file().encode()).hexdigest()
