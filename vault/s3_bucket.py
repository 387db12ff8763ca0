"""Making the bucket that holds evidence, with a key that may do so: object lock, versions, default retention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from vault.config import VaultConfig
from vault.errors import Misconfigured, Unavailable, VaultError
from vault.s3_client import connect, errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# An upload may rest for weeks (a detective's leave) but not for ever; `sweep` is the finer broom.
ABANDONED_DAYS = 60


def ensure_bucket(config: VaultConfig, *, for_uploads: bool = True) -> None:
    """Create the bucket with object lock and versions if it isn't there, then set default retention and, `for_uploads` from
    browsers, CORS and the sweep of old ones.

    Needs a key with the right to do so. Misconfigured if a bucket of that name exists without object lock, which can't
    be added later.
    """
    client = connect(config, config.s3_endpoint_url)
    bucket = config.s3_bucket
    with errors("The bucket"):
        if not _exists(client, bucket):
            place: Any = {}
            if config.s3_region not in ("us-east-1", "default"):
                place = {"CreateBucketConfiguration": {"LocationConstraint": config.s3_region}}
            client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True, **place)
        if client.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
            raise Misconfigured(f"The bucket {bucket} keeps no versions, so it can't lock evidence. Use a new one.")
    try:
        with errors("Object lock"):
            client.get_object_lock_configuration(Bucket=bucket)
    except VaultError as error:
        if isinstance(error, Unavailable):
            raise
        raise Misconfigured(f"The bucket {bucket} has no object lock, and it can't be added. Use a new one.") from error
    with errors("The bucket"):
        _set_retention(client, config)
        if for_uploads:
            _allow_uploads(client, config)


def _exists(client: S3Client, bucket: str) -> bool:
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"404", "NoSuchBucket"}:
            return False
        raise
    return True


def _set_retention(client: S3Client, config: VaultConfig) -> None:
    client.put_object_lock_configuration(
        Bucket=config.s3_bucket,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": config.lock_mode, "Days": config.retention_days}},
        },
    )


def _allow_uploads(client: S3Client, config: VaultConfig) -> None:
    client.put_bucket_cors(
        Bucket=config.s3_bucket,
        CORSConfiguration={
            "CORSRules": [
                {
                    "AllowedOrigins": [config.public_origin],
                    "AllowedMethods": ["PUT"],
                    "AllowedHeaders": ["Content-MD5", "Content-Type", "x-amz-checksum-sha256", "x-amz-content-sha256"],
                    "ExposeHeaders": ["ETag"],
                    "MaxAgeSeconds": 3600,
                }
            ]
        },
    )
    client.put_bucket_lifecycle_configuration(
        Bucket=config.s3_bucket,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "abandoned-uploads",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABANDONED_DAYS},
                }
            ]
        },
    )
