"""The vault's settings, read once from `django.conf.settings.VAULT`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings

from vault.errors import Misconfigured


@dataclass(frozen=True)
class VaultConfig:
    """Which store, and what it needs. Frozen and hashable, so that each distinct configuration has one store."""

    backend: str
    public_url: str
    folder: str = ""
    signing_key: bytes = b""
    s3_endpoint_url: str | None = None
    s3_public_endpoint_url: str | None = None
    s3_bucket: str = ""
    s3_access_key: str = ""
    s3_secret_key: str = ""
    s3_region: str = "us-east-1"
    retention_days: int = 30
    lock_mode: Literal["GOVERNANCE", "COMPLIANCE"] = "GOVERNANCE"
    s3_checksum_sha256: bool = False

    @property
    def public_origin(self) -> str:
        """Scheme, host and port that browsers load our pages from (for CORS)."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> VaultConfig:
        """Read the VAULT dict. Misconfigured names what is missing."""
        backend = str(values.get("BACKEND", ""))
        needed = {"folder": ("FOLDER", "SIGNING_KEY"), "s3": ("S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY")}.get(backend)
        if needed is None:
            raise Misconfigured(f"VAULT['BACKEND'] is 'folder' or 's3', not {backend!r}.")
        absent = [name for name in (*needed, "PUBLIC_URL") if not values.get(name)]
        if absent:
            raise Misconfigured(f"The {backend} vault needs VAULT settings {', '.join(absent)}.")
        key = values.get("SIGNING_KEY") or b""
        endpoint = values.get("S3_ENDPOINT_URL") or None
        mode = str(values.get("LOCK_MODE") or "GOVERNANCE").upper()
        if mode not in {"GOVERNANCE", "COMPLIANCE"}:
            raise Misconfigured(f"VAULT['LOCK_MODE'] is GOVERNANCE or COMPLIANCE, not {mode!r}.")
        return cls(
            backend=backend,
            public_url=str(values["PUBLIC_URL"]).rstrip("/"),
            folder=str(values.get("FOLDER") or ""),
            signing_key=key.encode() if isinstance(key, str) else bytes(key),
            s3_endpoint_url=endpoint,
            s3_public_endpoint_url=values.get("S3_PUBLIC_ENDPOINT_URL") or endpoint,
            s3_bucket=str(values.get("S3_BUCKET") or ""),
            s3_access_key=str(values.get("S3_ACCESS_KEY") or ""),
            s3_secret_key=str(values.get("S3_SECRET_KEY") or ""),
            s3_region=str(values.get("S3_REGION") or "us-east-1"),
            retention_days=int(values.get("RETENTION_DAYS") or 30),
            lock_mode="COMPLIANCE" if mode == "COMPLIANCE" else "GOVERNANCE",
            s3_checksum_sha256=bool(values.get("S3_CHECKSUM_SHA256", False)),
        )


def current() -> VaultConfig:
    """The configuration in force. Misconfigured if settings are incomplete."""
    return VaultConfig.from_mapping(settings.VAULT)
