"""The vault in an S3 bucket with object lock (AWS, Ceph, or another that really has it).

Browsers meet only presigned UploadPart addresses at the public endpoint; everything else goes to the internal one. Each part's
Content-MD5 is in its signature, so the store refuses changed bytes; a checksum of the SHA-256 is too, where the setting says
that the store checks it (Ceph 16 doesn't). A sender that gives no MD5 signs the SHA-256 of the payload instead, which
every store checks.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

from botocore.exceptions import BotoCoreError, ReadTimeoutError
from urllib3.exceptions import HTTPError

from vault.config import VaultConfig
from vault.errors import (
    Incomplete,
    Missing,
    NotProtected,
    SizeMismatch,
    StillLocked,
    Truncated,
    Unavailable,
    Unreadable,
    UploadGone,
)
from vault.protocol import (
    READ_CHUNK,
    USUAL_PART,
    Part,
    Protection,
    SignedPut,
    Stored,
    Upload,
    iterate,
    new_key,
    part_size_for,
)
from vault.s3_client import OBJECT, UPLOAD, OutOfRange, connect, errors
from vault.s3_signed import Getter, Signer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

TICKET_SECONDS = 15 * 60


class S3Store:
    """`vault.protocol.Store` on a bucket. The application's key needs no right to bypass governance, and must not have
    it.
    """

    locks = True

    def __init__(self, config: VaultConfig) -> None:
        self._config = config
        self._bucket = config.s3_bucket
        self._client = connect(config, config.s3_endpoint_url)
        self._getter = Getter(config, self._client)

    # A connection takes 13 MB: a worker, which signs nothing, makes one

    @cached_property
    def _public(self) -> S3Client:
        """Knows the address at which browsers meet the store."""
        if self._config.s3_public_endpoint_url == self._config.s3_endpoint_url:
            return self._client
        return connect(self._config, self._config.s3_public_endpoint_url)

    @cached_property
    def _signer(self) -> Signer:
        return Signer(self._config, self._public)

    # Uploads

    def open_upload(self, size: int) -> Upload:
        """See Store.open_upload."""
        key, part_size = new_key(), part_size_for(size)
        more: dict[str, Any] = {"ChecksumAlgorithm": "SHA256"} if self._config.s3_checksum_sha256 else {}
        with errors("The bucket"):
            opened = self._client.create_multipart_upload(
                Bucket=self._bucket, Key=key, ContentType="application/octet-stream", **more
            )
        return Upload(key, opened["UploadId"], size, part_size)

    def sign_part(self, upload: Upload, number: int, length: int, md5: str, sha256: str) -> SignedPut:
        """See Store.sign_part. Makes no request."""
        upload.check_part(number, length, md5, sha256)
        expires_at = datetime.now(UTC) + timedelta(seconds=TICKET_SECONDS)
        if not md5:
            return SignedPut(*self._signer.sign_put(upload, number, length, sha256, TICKET_SECONDS), expires_at)
        parameters: dict[str, Any] = {"ContentLength": length, "ContentMD5": _base64(md5)}
        headers = {"Content-MD5": _base64(md5)}
        if self._config.s3_checksum_sha256:
            parameters["ChecksumSHA256"] = headers["x-amz-checksum-sha256"] = _base64(sha256)
        url = self._public.generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": self._bucket,
                "Key": upload.key,
                "UploadId": upload.upload_id,
                "PartNumber": number,
                **parameters,
            },
            ExpiresIn=TICKET_SECONDS,
        )
        return SignedPut(url, headers, expires_at)

    def list_parts(self, upload: Upload) -> list[Part]:
        """See Store.list_parts."""
        with errors(UPLOAD):
            pages = self._client.get_paginator("list_parts").paginate(
                Bucket=self._bucket, Key=upload.key, UploadId=upload.upload_id
            )
            return [_part(row) for page in pages for row in page.get("Parts", [])]

    def find_part(self, upload: Upload, number: int) -> Part | None:
        """See Store.find_part."""
        with errors(UPLOAD):
            listed = self._client.list_parts(
                Bucket=self._bucket,
                Key=upload.key,
                UploadId=upload.upload_id,
                PartNumberMarker=number - 1,
                MaxParts=1,
            )
        return next((_part(row) for row in listed.get("Parts", []) if row["PartNumber"] == number), None)

    def store_part(self, upload: Upload, number: int, body: bytes) -> Part:
        """See Store.store_part."""
        md5, sha256 = _md5(body), hashlib.sha256(body).hexdigest()
        upload.check_part(number, len(body), md5, sha256)
        with errors(UPLOAD):
            answer = self._client.upload_part(
                Bucket=self._bucket,
                Key=upload.key,
                UploadId=upload.upload_id,
                PartNumber=number,
                Body=body,
                ContentMD5=_base64(md5),
                **self._sum_of(body),
            )
        return Part(number, len(body), answer["ETag"].strip('"'), md5, sha256)

    def complete(self, upload: Upload) -> Stored:
        """See Store.complete. Whether a completion came through is learnt by looking for the version, never from a lost
        answer.
        """
        try:
            parts = self.list_parts(upload)
            _check_parts(upload, parts)
            with errors(UPLOAD):
                self._client.complete_multipart_upload(
                    Bucket=self._bucket,
                    Key=upload.key,
                    UploadId=upload.upload_id,
                    MultipartUpload={"Parts": [_named(part) for part in parts]},
                )
        except UploadGone:
            if found := self._find(upload):
                return found
            raise
        found = self._find(upload)
        if found is None:
            raise Unavailable("The store completed the upload, but doesn't show the object yet.")
        return found

    def _find(self, upload: Upload) -> Stored | None:
        """The version that this upload became: its key is random and used once, so the oldest version under it."""
        with errors(OBJECT):
            listed = self._client.list_object_versions(Bucket=self._bucket, Prefix=upload.key)
        rows = [row for row in listed.get("Versions", []) if row["Key"] == upload.key]
        if not rows:
            return None
        row = min(rows, key=lambda row: row["LastModified"])
        if row["Size"] != upload.size:
            raise SizeMismatch(f"The vault holds {row['Size']} bytes where {upload.size} were announced.")
        return Stored(upload.key, row["VersionId"], row["Size"])

    def abort(self, upload: Upload) -> None:
        """See Store.abort."""
        try:
            with errors(UPLOAD):
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=upload.key, UploadId=upload.upload_id)
        except UploadGone:
            return

    def put(self, source: BinaryIO | bytes) -> Stored:
        """See Store.put. Holds one part in memory at a time."""
        key, pieces, sha256 = new_key(), iterate(source, USUAL_PART), hashlib.sha256()
        first = next(pieces, b"")
        second = next(pieces, None)
        if second is None:
            with errors("The bucket"):
                answer = self._client.put_object(
                    Bucket=self._bucket, Key=key, Body=first, ContentMD5=_base64(_md5(first)), **self._sum_of(first)
                )
            return Stored(key, answer["VersionId"], len(first), hashlib.sha256(first).hexdigest())
        size = 0
        parts: list[CompletedPartTypeDef] = []
        with errors("The bucket"):
            opened = self._client.create_multipart_upload(Bucket=self._bucket, Key=key)
        upload_id = opened["UploadId"]
        for number, piece in enumerate(chain((first, second), pieces), start=1):
            with errors(UPLOAD):
                answer_part = self._client.upload_part(
                    Bucket=self._bucket,
                    Key=key,
                    UploadId=upload_id,
                    PartNumber=number,
                    Body=piece,
                    ContentMD5=_base64(_md5(piece)),
                )
            sha256.update(piece)
            size += len(piece)
            parts.append({"PartNumber": number, "ETag": answer_part["ETag"]})
        with errors(UPLOAD):
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={"Parts": parts},
            )
        found = self._find(Upload(key, upload_id, size, USUAL_PART))
        if found is None:
            raise Unavailable("The store completed the upload, but doesn't show the object yet.")
        return Stored(key, found.version_id, size, sha256.hexdigest())

    def _sum_of(self, body: bytes) -> dict[str, Any]:
        if not self._config.s3_checksum_sha256:
            return {}
        return {"ChecksumSHA256": base64.b64encode(hashlib.sha256(body).digest()).decode()}

    def sweep(self, before: datetime, keep: Collection[str] = ()) -> list[str]:
        """See Store.sweep. S3 tells when an upload was opened, not when it was last touched: keep what is still wanted
        by its id.
        """
        swept = []
        with errors("The bucket"):
            pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket)
            open_uploads = [row for page in pages for row in page.get("Uploads", [])]
        for row in open_uploads:
            if row["Initiated"] < before and row["UploadId"] not in keep:
                self.abort(Upload(row["Key"], row["UploadId"], 1, 1))
                swept.append(row["UploadId"])
        return swept

    # Objects

    def read(self, key: str, version_id: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """See Store.read."""
        if end is not None and start >= end:
            self.stat(key, version_id)
            return iter(())
        try:
            answer = self._get(key, version_id, start, end)
        except OutOfRange:
            return iter(())
        return _body(answer["Body"], answer["ContentLength"])

    def _get(self, key: str, version_id: str, start: int, end: int | None) -> Mapping[str, Any]:
        plain = self._getter.get(key, _version(version_id), start, end)
        if plain is not None:
            return plain
        last = "" if end is None else end - 1
        with errors(OBJECT):
            return self._client.get_object(Bucket=self._bucket, Key=key, VersionId=version_id, Range=f"bytes={start}-{last}")

    def stat(self, key: str, version_id: str) -> Stored:
        """See Store.stat."""
        return self.inspect(key, version_id)[0]

    def inspect(self, key: str, version_id: str) -> tuple[Stored, Protection]:
        """See Store.inspect."""
        with errors(OBJECT):
            head = self._client.head_object(Bucket=self._bucket, Key=key, VersionId=_version(version_id))
        return Stored(key, version_id, head["ContentLength"]), _protection(head)

    def begin(self, key: str, version_id: str, length: int) -> tuple[Stored, Protection, Iterator[bytes]]:
        """See Store.begin."""
        if not length:
            return *self.inspect(key, version_id), iter(())
        try:
            answer = self._get(key, version_id, 0, length)
        except OutOfRange:
            return *self.inspect(key, version_id), iter(())
        size = int(answer["ContentRange"].rpartition("/")[2])
        return Stored(key, version_id, size), _protection(answer), _body(answer["Body"], answer["ContentLength"])

    def probe(self) -> None:
        """See Store.probe."""
        with errors("The bucket"):
            self._client.head_bucket(Bucket=self._bucket)

    def protect(self, key: str, version_id: str, until: datetime, hold: bool) -> Protection:
        """See Store.protect."""
        now = self.protection(key, version_id)
        # The mode that an object has can't be changed without the right to bypass governance, which we must not have
        wanted_mode = now.mode or self._config.lock_mode
        # S3 keeps whole seconds
        wanted = until.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1 if until.microsecond else 0)
        where: dict[str, Any] = {"Bucket": self._bucket, "Key": key, "VersionId": _version(version_id)}
        with errors(OBJECT):
            if now.retain_until is None or now.retain_until < wanted or now.mode != wanted_mode:
                kept = max(wanted, now.retain_until) if now.retain_until else wanted
                retention: Any = {"Mode": wanted_mode, "RetainUntilDate": kept}
                self._client.put_object_retention(**where, Retention=retention)
            if now.hold != hold:
                self._client.put_object_legal_hold(**where, LegalHold={"Status": "ON" if hold else "OFF"})
        after = self.protection(key, version_id)
        if after.retain_until is None or after.retain_until < until or after.hold != hold or after.mode != wanted_mode:
            raise NotProtected("Retention and legal hold don't read back as they were set.")
        return after

    def protection(self, key: str, version_id: str) -> Protection:
        """See Store.protection."""
        _, seen = self.inspect(key, version_id)
        if seen.mode and seen.retain_until is not None:
            return seen
        # A key without the right to see it in passing, or a store that doesn't say it there: ask for it by itself
        where: dict[str, Any] = {"Bucket": self._bucket, "Key": key, "VersionId": version_id}
        retain_until, hold, mode = None, False, ""
        # A version without retention or hold is answered as "no such configuration": that is an answer, not an absence.
        try:
            with errors("Retention"):
                retention = self._client.get_object_retention(**where)["Retention"]
                retain_until, mode = retention.get("RetainUntilDate"), retention.get("Mode", "")
        except Missing:
            pass
        try:
            with errors("Legal hold"):
                hold = self._client.get_object_legal_hold(**where)["LegalHold"].get("Status") == "ON"
        except Missing:
            pass
        return Protection(retain_until, hold, mode)

    def remove(self, key: str, version_id: str) -> None:
        """See Store.remove."""
        try:
            now = self.protection(key, version_id)
        except Missing:
            return
        if now.retain_until is not None and now.retain_until > datetime.now(UTC):
            raise StillLocked(f"The store keeps it until {now.retain_until:%d/%m/%Y %H:%M} UTC.")
        where: dict[str, Any] = {"Bucket": self._bucket, "Key": key, "VersionId": _version(version_id)}
        with errors(OBJECT):
            if now.hold:
                self._client.put_object_legal_hold(**where, LegalHold={"Status": "OFF"})
        try:
            with errors(OBJECT):
                self._client.delete_object(**where)
            self.inspect(key, version_id)
        except Missing:
            return
        except Unreadable:
            pass
        with errors(OBJECT):
            self._client.put_object_legal_hold(**where, LegalHold={"Status": "ON"})
        raise StillLocked("The store refused to remove it, and says no more; it is held again.")


def _protection(answer: Any) -> Protection:
    """The lock as the store tells it in passing."""
    hold = answer.get("ObjectLockLegalHoldStatus", "") == "ON"
    return Protection(answer.get("ObjectLockRetainUntilDate"), hold, answer.get("ObjectLockMode", ""))


def _version(version_id: str) -> str:
    # An empty VersionId would quietly mean "the newest".
    if not version_id:
        raise Missing("A version must be named.")
    return version_id


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()


def _md5(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def _part(row: Any) -> Part:
    etag = row["ETag"].strip('"')
    # With encryption keys of the store's own an ETag isn't an MD5, and is then a different length.
    md5 = etag if len(etag) == 32 else None
    checksum = row.get("ChecksumSHA256")
    sha256 = base64.b64decode(checksum).hex() if checksum else None
    return Part(row["PartNumber"], row["Size"], etag, md5, sha256)


def _named(part: Part) -> CompletedPartTypeDef:
    named: CompletedPartTypeDef = {"PartNumber": part.number, "ETag": part.etag}
    if part.sha256:
        named["ChecksumSHA256"] = _base64(part.sha256)
    return named


def _check_parts(upload: Upload, parts: list[Part]) -> None:
    held = {part.number for part in parts}
    if missing := [number for number in range(1, upload.part_count + 1) if number not in held]:
        raise Incomplete(missing)
    for part in parts:
        if part.number > upload.part_count or part.size != upload.length_of(part.number):
            raise SizeMismatch(f"Part {part.number} has {part.size} bytes in the vault.")


def _body(body: Any, length: int) -> Iterator[bytes]:
    left = length
    try:
        for piece in body.iter_chunks(READ_CHUNK):
            left -= len(piece)
            yield piece
    except (BotoCoreError, ReadTimeoutError, HTTPError, OSError) as error:
        raise Unavailable("The store broke off while it was read; try again later.") from error
    finally:
        body.close()
    if left:
        raise Truncated(f"The object ended {left} bytes early.")
