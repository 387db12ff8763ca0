"""Requests that boto3 can't make, or not cheaply, signed with its own signer: ranges read by plain GETs, and PUTs that are bound to
the SHA-256 of their body.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, IncompleteReadError

from vault.config import VaultConfig
from vault.protocol import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def _credentials(config: VaultConfig) -> Credentials:
    return Credentials(config.s3_access_key, config.s3_secret_key)


def _bucket_url(config: VaultConfig, client: S3Client) -> str:
    """Where the bucket is: host and path as boto3 has them, with a slash at the end."""
    some = client.generate_presigned_url("get_object", Params={"Bucket": config.s3_bucket, "Key": "x"})
    return some.partition("?")[0].removesuffix("x")


class Signer:
    """Signs PUTs to the bucket that `client` reaches."""

    def __init__(self, config: VaultConfig, client: S3Client) -> None:
        self._credentials, self._region = _credentials(config), config.s3_region
        self._bucket_url = _bucket_url(config, client)

    def sign_put(self, upload: Upload, number: int, length: int, sha256: str, seconds: int) -> tuple[str, dict[str, str]]:
        """The address for one part, and the header to send: the store takes no body of another length or SHA-256 there, on any
        S3 (payload hash of Signature Version 4, Ceph 16 too). boto3 presigns with an unsigned payload only.
        """
        headers = {"x-amz-content-sha256": sha256}
        url = f"{self._bucket_url}{quote(upload.key)}?partNumber={number}&uploadId={quote(upload.upload_id, safe='~')}"
        request = AWSRequest("PUT", url, headers={**headers, "Content-Length": str(length)})
        S3SigV4QueryAuth(self._credentials, "s3", self._region, expires=seconds).add_auth(request)
        return str(request.url), headers


class Getter:
    """Ranges of objects by plain GETs of the bucket that `client` reaches, over the client's own connections (its TLS, its proxy,
    its patience). boto3's own way costs several times the processor time, which is most of what checking small files costs.

    Only an answer that is as it should be is taken from here. Whatever else comes (an error, a broken line) is to be asked for
    again through boto3, which retries and says what is wrong.
    """

    def __init__(self, config: VaultConfig, client: S3Client) -> None:
        self._auth = S3SigV4Auth(_credentials(config), "s3", config.s3_region)
        self._session: Any = client._endpoint.http_session  # type: ignore[attr-defined]
        self._bucket_url = _bucket_url(config, client)

    def get(self, key: str, version_id: str, start: int, end: int | None) -> dict[str, Any] | None:
        """Bytes `start` to `end` (not included; None: all that follow) of a version, in the words of boto3's `get_object`; None
        for any other answer than those bytes.
        """
        url = f"{self._bucket_url}{quote(key)}?versionId={quote(version_id, safe='')}"
        last = "" if end is None else end - 1
        request = AWSRequest("GET", url, headers={"Range": f"bytes={start}-{last}"}, stream_output=True)
        self._auth.add_auth(request)
        try:
            answer = self._session.send(request.prepare())
        except BotoCoreError:
            return None
        if answer.status_code != 206:
            answer.raw.drain_conn()
            return None
        length = int(answer.headers["Content-Length"])
        until = answer.headers.get("x-amz-object-lock-retain-until-date")
        return {
            "Body": _Body(answer.raw, length),
            "ContentLength": length,
            "ContentRange": answer.headers["Content-Range"],
            "ObjectLockMode": answer.headers.get("x-amz-object-lock-mode", ""),
            "ObjectLockRetainUntilDate": datetime.fromisoformat(until) if until else None,
            "ObjectLockLegalHoldStatus": answer.headers.get("x-amz-object-lock-legal-hold", ""),
        }


class _Body:
    """A body as botocore's is read."""

    def __init__(self, raw: Any, length: int) -> None:
        self._raw, self._length = raw, length

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        """Pieces of at most `size` bytes. IncompleteReadError if the line broke before all had come."""
        done = 0
        for piece in self._raw.stream(size):
            done += len(piece)
            yield piece
        if done != self._length:
            raise IncompleteReadError(actual_bytes=done, expected_bytes=self._length)

    def close(self) -> None:
        """Drop the connection, if there is more to come on it."""
        self._raw.close()
