"""`manage.py make_bucket`: the S3 buckets with object lock, versions and default retention; safe to run again.

The vault's bucket, with CORS for uploads; and that of the log's anchors, where AUDIT_ANCHOR_BUCKET names one of its own.
"""

from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import conf
from vault.config import current
from vault.errors import VaultError
from vault.s3_bucket import ensure_bucket


class Command(BaseCommand):
    """Needs a key that may create buckets; the application's own key need not, and must not bypass governance."""

    help = (__doc__ or "").partition("\n")[0]

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, or say why it can't be made. With a folder vault there is nothing to do."""
        config = current()
        if config.backend != "s3":
            self.stdout.write("The vault is a folder: it has no bucket, nor have the log's anchors.")
            return
        try:
            ensure_bucket(config)
            self.stdout.write(f"The bucket {config.s3_bucket} is ready.")
            anchors = conf.anchor_bucket()
            if anchors and anchors != config.s3_bucket:
                ensure_bucket(replace(config, s3_bucket=anchors), for_uploads=False)
                self.stdout.write(f"The bucket {anchors} for the log's anchors is ready.")
        except VaultError as error:
            raise CommandError(str(error)) from error
