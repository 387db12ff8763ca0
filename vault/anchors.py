"""A shelf for small texts that nothing may change afterwards: what the log signed, kept apart from the database.

On S3 each text is an object under object lock, in the vault's bucket or in one of its own, under a fixed prefix. Its oldest version
counts: the lock keeps that one, whoever writes a newer one over it or hides it behind a delete marker. In a folder the texts are
read-only files, which an administrator of the machine can still remove.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from vault.config import VaultConfig, current
from vault.errors import Missing, NotProtected
from vault.files import READ_ONLY, make_folder, store_errors, sync_folder

PREFIX = "log-anchors/"
_NAME = re.compile(r"[0-9a-z][0-9a-z.-]{0,99}")


class Shelf(Protocol):
    """Keeps texts by name. Every method raises `vault.errors.Unavailable` while the store can't answer."""

    def keep(self, name: str, body: bytes, until: datetime) -> str:
        """Write a text, locked until then, and return the version that was read back. The same text twice is one."""

    def names(self) -> Iterator[str]:
        """Every name, sorted."""

    def read(self, name: str) -> bytes:
        """The text as it was first written. Missing if there is none."""


def shelf(bucket: str = "") -> Shelf:
    """The shelf of the configured vault; on S3 in a bucket of its own if one is named (with object lock, like the vault's)."""
    config = current()
    if config.backend == "s3":
        return S3Shelf(config, bucket or config.s3_bucket)
    return FolderShelf(Path(config.folder) / "anchors")


def _check(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("A name on the shelf is lower-case letters, digits, dots and hyphens")
    return name


class FolderShelf:
    """Files that are written once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, body: bytes, until: datetime) -> str:
        """See Shelf.keep."""
        path = self._folder / _check(name)
        with store_errors("The shelf"):
            make_folder(self._folder)
            temporary = path.with_name(f".{name}.{os.urandom(8).hex()}")
            try:
                with temporary.open("xb") as file:
                    file.write(body)
                    file.flush()
                    os.fchmod(file.fileno(), READ_ONLY)
                    os.fsync(file.fileno())
                # Fails if the name is taken: nothing is ever written over
                os.link(temporary, path)
            except FileExistsError:
                pass
            finally:
                temporary.unlink(missing_ok=True)
            sync_folder(self._folder)
        return _same(name, body, self.read(name), "1")

    def names(self) -> Iterator[str]:
        """See Shelf.names."""
        with store_errors("The shelf"):
            yield from sorted(path.name for path in self._folder.glob("[0-9a-z]*")) if self._folder.is_dir() else []

    def read(self, name: str) -> bytes:
        """See Shelf.read."""
        with store_errors(f"The text {name}"):
            return (self._folder / _check(name)).read_bytes()


class S3Shelf:
    """Objects under object lock, in the vault's own mode."""

    def __init__(self, config: VaultConfig, bucket: str) -> None:
        # boto3 takes half a second to import; a folder vault doesn't need it
        from vault import s3_client

        self._bucket, self._mode = bucket, config.lock_mode
        self._client: Any = s3_client.connect(config, config.s3_endpoint_url)
        self._errors = s3_client.errors

    def keep(self, name: str, body: bytes, until: datetime) -> str:
        """See Shelf.keep. NotProtected unless the lock reads back."""
        if not self._versions(name):
            with self._errors("The shelf"):
                self._client.put_object(Bucket=self._bucket, Key=PREFIX + _check(name), Body=body)
        version = _same(name, body, self.read(name), self._oldest(name))
        where = {"Bucket": self._bucket, "Key": PREFIX + name, "VersionId": version}
        # S3 keeps whole seconds
        wanted = until.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        held = self._locked_until(where)
        if held is None or held < until:
            with self._errors("The shelf"):
                self._client.put_object_retention(**where, Retention={"Mode": self._mode, "RetainUntilDate": wanted})
            held = self._locked_until(where)
        if held is None or held < until:
            raise NotProtected("The lock of an anchored checkpoint doesn't read back as it was set.")
        return version

    def _locked_until(self, where: dict[str, str]) -> datetime | None:
        try:
            with self._errors("Retention"):
                held: datetime | None = self._client.get_object_retention(**where)["Retention"].get("RetainUntilDate")
        except Missing:
            return None
        return held

    def names(self) -> Iterator[str]:
        """See Shelf.names."""
        last = ""
        with self._errors("The shelf"):
            for page in self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=PREFIX):
                for row in page.get("Versions", []):
                    if row["Key"] != last:
                        last = row["Key"]
                        yield last.removeprefix(PREFIX)

    def read(self, name: str) -> bytes:
        """See Shelf.read."""
        with self._errors(f"The text {name}"):
            answer = self._client.get_object(Bucket=self._bucket, Key=PREFIX + name, VersionId=self._oldest(name))
            body: bytes = answer["Body"].read()
        return body

    def _oldest(self, name: str) -> str:
        rows = self._versions(name)
        if not rows:
            raise Missing(f"The text {name} is not in the vault.")
        # Newest first, as they are listed: of two of one second the later in the list is the older
        return str(min(reversed(rows), key=lambda row: row["LastModified"])["VersionId"])

    def _versions(self, name: str) -> list[Any]:
        with self._errors("The shelf"):
            listed = self._client.list_object_versions(Bucket=self._bucket, Prefix=PREFIX + _check(name))
        return [row for row in listed.get("Versions", []) if row["Key"] == PREFIX + name]


def _same(name: str, body: bytes, held: bytes, version: str) -> str:
    if held != body:
        raise NotProtected(f"The shelf holds another text under {name}.")
    return version
