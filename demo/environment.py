"""The environment variables of each kind of process: the same names that docs/deploy.md explains to an operator."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from demo.services import APP, DATABASE, LOG, OWNER, PORTAL, Services

Process = Literal["migrate", "web", "portal", "worker", "beat", "sequencer"]

_ROLES: dict[Process, str] = {
    "migrate": OWNER,
    "web": APP,
    "worker": APP,
    "beat": APP,
    "portal": PORTAL,
    "sequencer": LOG,
}
# what our own programs need from the machine; nothing else of the caller's environment reaches them
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")


@dataclass
class Environment:
    """Makes the environment of every process from running ``services``; secrets are made once and kept."""

    services: Services
    public_url: str
    portal_url: str
    database: str = DATABASE
    redis_database: int = 0
    extra: Mapping[str, str] | None = None

    def of(self, process: Process) -> dict[str, str]:
        """The whole environment for ``process``, to be given to ``subprocess``."""
        values = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return values | self.settings(process)

    def settings(self, process: Process) -> dict[str, str]:
        """Only our own settings for ``process``."""
        keys = self.services.secrets
        values = {
            "DJANGO_SETTINGS_MODULE": "config.settings.portal" if process == "portal" else "config.settings.web",
            "SECRET_KEY": keys.get(f"secret_key:{'portal' if process == 'portal' else 'web'}", _django_key),
            "DATABASE_URL": self.services.postgres.url(_ROLES[process], self.database),
            "REDIS_URL": self.services.valkey.url(self.redis_database),
            "PUBLIC_URL": self.public_url,
            "PORTAL_URL": self.portal_url,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "TLS": "false",
            "VAULT_BACKEND": "folder",
            "VAULT_FOLDER": str(self.services.folder / "vault"),
            "VAULT_SIGNING_KEY": keys.get("vault_signing_key", _key),
            "AUDIT_HMAC_KEYS": keys.get("audit_hmac_key", _key),
            "AUDIT_PUBLIC_KEY": _public_key(keys.get("audit_signing_key", _key)),
            "BUNDLE_PUBLIC_KEY": _public_key(keys.get("bundle_signing_key", _key)),
            "STATIC_ROOT": str(self.services.folder / "static"),
            "LOG_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
        }
        if process != "portal":
            values["IDENTITY_KEYS"] = keys.get("identity_key", _key)
        if process == "worker":
            values["BUNDLE_SIGNING_KEY"] = keys.get("bundle_signing_key", _key)
        if process == "sequencer":
            values["AUDIT_SIGNING_KEY"] = keys.get("audit_signing_key", _key)
        return values | dict(self.extra or {})


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _django_key() -> str:
    return secrets.token_urlsafe(50)


def _public_key(seed: str) -> str:
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()
