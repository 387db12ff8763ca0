"""The vault: bytes of evidence, by random key and version, in S3 with object lock or in a folder. No models, no rule
about who may.

`vault.store()` gives the configured store; `vault.protocol` says what it does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vault.config import VaultConfig
    from vault.protocol import Store


def store() -> Store:
    """The store that settings.VAULT names. Misconfigured if the settings can't be right."""
    from vault.config import current

    return _build(current())


@lru_cache(maxsize=8)
def _build(config: VaultConfig) -> Store:
    if config.backend == "s3":
        # boto3 takes half a second to import; a folder vault doesn't need it
        from vault.s3 import S3Store

        return S3Store(config)
    from vault.folder import FolderStore

    return FolderStore(config)
