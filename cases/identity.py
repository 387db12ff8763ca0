"""Who a person is, sealed: JSON encrypted by the first of the site's identity keys; the others still open older ones.

Keys are 32 bytes (`IDENTITY_KEYS`). To change them, put the new key in front and run `manage.py reseal_identities`.
"""

import base64
import datetime as dt
import json
from typing import Any, TypedDict, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import Model


class Identity(TypedDict, total=False):
    """What is known of who a person is. Every member may be missing."""

    names: list[str]
    aliases: list[str]
    addresses: list[str]
    phones: list[str]
    emails: list[str]
    date_of_birth: str
    nhs: str
    occupation: str
    availability: str
    other: list[str]


LISTS = ("names", "aliases", "addresses", "phones", "emails", "other")
TEXTS = ("date_of_birth", "nhs", "occupation", "availability")


also_sealed: list[type[Model]] = []
"""Models of other rooms with a column `sealed` that `seal` filled: `reseal_identities` minds them too."""


class IdentityError(Exception):
    """An identity can't be opened with the keys that this process has, or says what none can say."""


def clean(identity: dict[str, Any]) -> Identity:
    """Return only the known members that say something, without empty lines; raises IdentityError for anything else."""
    unknown = set(identity) - {*LISTS, *TEXTS}
    if unknown:
        raise IdentityError(f"Unknown parts of an identity: {', '.join(sorted(unknown))}")
    said: dict[str, Any] = {}
    for name in LISTS:
        lines = identity.get(name) or []
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise IdentityError(f"{name} must be a list of texts")
        lines = [line.strip() for line in lines if line.strip()]
        if lines:
            said[name] = lines
    for name in TEXTS:
        text = identity.get(name) or ""
        if not isinstance(text, str):
            raise IdentityError(f"{name} must be a text")
        if text.strip():
            said[name] = text.strip()
    if "date_of_birth" in said:
        said["date_of_birth"] = _iso(said["date_of_birth"])
    return cast(Identity, said)


def _iso(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise IdentityError("date_of_birth must be a date, as 1997-03-14") from None


def seal(identity: dict[str, Any]) -> bytes:
    """Encrypt an identity for `PersonIdentity.sealed`."""
    return _keys().encrypt(json.dumps(clean(identity), ensure_ascii=False, sort_keys=True).encode())


def open(sealed: bytes | memoryview) -> Identity:
    """Decrypt what `seal` made; raises IdentityError if no key fits. The caller records the look in the log."""
    try:
        opened: Identity = json.loads(_keys().decrypt(bytes(sealed)))
    except InvalidToken as error:
        raise IdentityError("An identity can't be opened: none of the keys in IDENTITY_KEYS fits") from error
    return opened


def reseal(sealed: bytes) -> bytes:
    """Seal again with the first key what any of the keys opens; raises IdentityError if none does."""
    try:
        return _keys().rotate(sealed)
    except InvalidToken as error:
        raise IdentityError("An identity can't be opened: none of the keys in IDENTITY_KEYS fits") from error


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in settings.IDENTITY_KEYS])
