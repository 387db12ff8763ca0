"""Connections to an S3 store, and its errors in the vault's words.

`django-storages` makes the connections.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from vault.config import VaultConfig
from vault.errors import DigestMismatch, Misconfigured, Missing, Unavailable, Unreadable, UploadGone, VaultError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

READ_TIMEOUT_SECONDS = 60
# Of each request, by the library; the worker asks again much later
ATTEMPTS = 4
# Kept open, for the threads of one process
CONNECTIONS = 16
UPLOAD = "The upload"
_GONE = {"NoSuchUpload"}
_MISSING = {"NoSuchKey", "NoSuchVersion", "404", "NotFound"}
# AWS says the first of an object without retention or hold, Ceph the second.
_NO_LOCK = {"NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"}
# Of one object: its bytes are archived away, encrypted with a key that is gone, or closed to us
OBJECT = "The object"
_NOT_OURS = {"AccessDenied", "403", "InvalidObjectState", "400", "KMS.DisabledException", "KMS.NotFoundException"}
_WRONG_BYTES = {"BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch"}


def connect(config: VaultConfig, endpoint: str | None) -> S3Client:
    """A client of the store at that address (None: AWS itself)."""
    storage = S3Storage(
        bucket_name=config.s3_bucket,
        access_key=config.s3_access_key,
        secret_key=config.s3_secret_key,
        endpoint_url=endpoint,
        region_name=config.s3_region,
        client_config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if endpoint else "virtual"},
            connect_timeout=5,
            read_timeout=READ_TIMEOUT_SECONDS,
            max_pool_connections=CONNECTIONS,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            # We send our own digests. The default adds a CRC32 that older stores refuse and a browser would have to
            # compute.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    client: S3Client = storage.connection.meta.client
    return client


class OutOfRange(VaultError):
    """The first byte asked for lies behind the last."""


@contextmanager
def errors(what: str) -> Iterator[None]:
    """Turn the library's errors into the vault's; `what` was asked for: OBJECT, UPLOAD, or other words for a person."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        # Ceph answers NoSuchKey where S3 says NoSuchUpload.
        if code in _GONE or (what == UPLOAD and code in _MISSING):
            raise UploadGone("The upload is no longer open.") from error
        if code in _MISSING | _NO_LOCK:
            raise Missing(f"{what} is not in the vault.") from error
        if code == "InvalidRange":
            raise OutOfRange("The object ends before that.") from error
        if what == OBJECT and code in _NOT_OURS:
            raise Unreadable(f"The store does not give the object out ({code}).") from error
        if code in _WRONG_BYTES:
            raise DigestMismatch("The bytes arrived changed.") from error
        if status >= 500 or code in {"SlowDown", "RequestTimeout", "RequestTimeTooSkewed"}:
            raise Unavailable("The store can't answer now; try again later.") from error
        # The code, not the message: that may hold an address or a key.
        raise Misconfigured(f"The store refused the request ({code or status}).") from error
    except BotoCoreError as error:
        raise Unavailable("The store can't be reached; try again later.") from error
