"""The log's settings (`settings.AUDIT`), with their types."""

from collections.abc import Sequence
from typing import Any, cast

from django.conf import settings

from audit.keyring import Key
from audit.timestamps import Authority


def _setting(name: str) -> Any:
    return cast("dict[str, Any]", settings.AUDIT)[name]


def hmac_keys() -> Sequence[bytes]:
    """The keys of the events' HMACs: the first makes, all are accepted."""
    return cast("Sequence[bytes]", _setting("HMAC_KEYS"))


def hmac_keyring() -> list[Key]:
    """The same keys, and those that were retired."""
    return [*map(Key, hmac_keys()), *_retired("RETIRED_HMAC_KEYS")]


def signing_key() -> bytes | None:
    """The Ed25519 seed that signs checkpoints; only the sequencer's process has it."""
    return cast("bytes | None", _setting("SIGNING_KEY"))


def public_key() -> bytes:
    """The Ed25519 public key that belongs to the key which signs checkpoints now."""
    return cast("bytes", _setting("PUBLIC_KEY"))


def public_keyring() -> list[Key]:
    """The public key in use, and those that were retired: whatever a checkpoint may be signed by."""
    return [Key(public_key()), *_retired("RETIRED_PUBLIC_KEYS")]


def _retired(name: str) -> list[Key]:
    return [Key(value, until) for value, until in cast("list[tuple[bytes, int]]", _setting(name))]


def origin() -> str:
    """The log's name, the first line of every checkpoint."""
    return cast("str", _setting("ORIGIN"))


def anchor_bucket() -> str:
    """The bucket of the anchors on S3; "" for the vault's own."""
    return cast("str", _setting("ANCHOR_BUCKET"))


def anchor_days() -> int:
    """How long an anchor is locked."""
    return cast("int", _setting("ANCHOR_DAYS"))


def stamp_seconds() -> int:
    """At least how long after a stamp by an authority the next one is asked of it."""
    return cast("int", _setting("STAMP_SECONDS"))


def authorities() -> list[Authority]:
    """The authorities that stamp checkpoints."""
    return [Authority(url, certificates) for url, certificates in cast("list[tuple[str, str]]", _setting("AUTHORITIES"))]
