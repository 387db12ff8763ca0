"""Readers for environment variables: the only place where configuration comes in. A missing or bad value stops the start.

Each reader raises `ImproperlyConfigured` with the variable's name and what it should hold, never with the value itself.
"""

import base64
import binascii
import os

from django.core.exceptions import ImproperlyConfigured

_REQUIRED = object()


def text(name: str, default: str | object = _REQUIRED) -> str:
    """The variable's text; an error when it is not set and there is no default."""
    value = os.environ.get(name)
    if value is None or value == "":
        if default is _REQUIRED:
            raise ImproperlyConfigured(f"Set the environment variable {name}: see docs/deploy.md.")
        return str(default)
    return value


def boolean(name: str, default: bool = False) -> bool:
    """`true` or `false`; anything else is an error, so that a typing mistake can't switch a protection off."""
    value = text(name, "true" if default else "false").lower()
    if value not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} must be true or false.")
    return value == "true"


def integer(name: str, default: int) -> int:
    """A whole number."""
    try:
        return int(text(name, str(default)))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, without empty parts."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def key(name: str, *, optional: bool = False) -> bytes | None:
    """32 bytes in base64. None when it may be absent and is."""
    value = text(name, "") if optional else text(name)
    if not value:
        return None
    try:
        raw = base64.b64decode(value, validate=True)
    except binascii.Error:
        raise ImproperlyConfigured(f"{name} must be base64.") from None
    if len(raw) != 32:
        raise ImproperlyConfigured(f"{name} must be 32 bytes in base64.")
    return raw


def keys(name: str) -> list[bytes]:
    """One or more 32-byte keys in base64, comma-separated: the first makes, all are accepted (rotation)."""
    found = []
    for part in words(name):
        try:
            found.append(base64.b64decode(part, validate=True))
        except binascii.Error:
            raise ImproperlyConfigured(f"{name} must hold base64 keys.") from None
    if not found or any(len(raw) != 32 for raw in found):
        raise ImproperlyConfigured(f"{name} must hold at least one key of 32 bytes in base64.")
    return found


def retired_keys(name: str) -> list[tuple[bytes, int]]:
    """Keys that were replaced, comma-separated: 32 bytes in base64, a colon, and up to how many leaves of the log they count."""
    found = []
    for part in words(name):
        encoded, _, until = part.partition(":")
        try:
            found.append((base64.b64decode(encoded, validate=True), int(until)))
        except ValueError:
            raise ImproperlyConfigured(f"{name} must hold keys as base64:leaves.") from None
    if any(len(raw) != 32 or until < 0 for raw, until in found):
        raise ImproperlyConfigured(f"{name} must hold keys of 32 bytes, each with a number of leaves.")
    return found
