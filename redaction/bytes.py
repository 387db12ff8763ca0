"""Bytes from the vault into a file for the engine, checked on the way."""

import hashlib
import json
from pathlib import Path

import vault
from evidence.models import Blob, Exhibit
from jobs.actions import JobFailed, RetryLater
from redaction.models import Document
from vault.errors import Unavailable, VaultError


def fetch(blob: Blob, path: Path) -> None:
    """Write a blob to `path`. RetryLater while the store is down; JobFailed if its exhibit is fenced, or the bytes are wrong."""
    # Asked anew: it may have been fenced while the job waited
    if Exhibit.objects.filter(copies=blob.copy_id).exclude(fence="").exists():
        raise JobFailed("This exhibit is fenced: nothing is read of it until it is open to the team again.")
    digest = hashlib.sha256()
    try:
        with path.open("wb") as file:
            for piece in vault.store().read(blob.key, blob.version_id):
                digest.update(piece)
                file.write(piece)
    except Unavailable as error:
        raise RetryLater(str(error)) from error
    except VaultError as error:
        raise JobFailed(f"The stored file can't be read: {error}") from error
    if digest.hexdigest() != blob.sha256:
        raise JobFailed("The stored file is not what was received; have the exhibit verified.")


def scanned(document: Document, path: Path) -> Path:
    """Write the pages whose words came from pixels when the document was read: decisions mean those words. Errors as `fetch`."""
    with path.open("w", encoding="utf-8") as file:
        for page in document.pages.exclude(text_key=""):
            try:
                data = json.loads(b"".join(vault.store().read(page.text_key, page.text_version)))
            except Unavailable as error:
                raise RetryLater(str(error)) from error
            except (VaultError, ValueError) as error:
                raise JobFailed(f"The words of page {page.index + 1} can't be read: {error}") from error
            if data.get("scanned") is not None:
                file.write(json.dumps(data, ensure_ascii=False) + "\n")
    return path
