"""Which stored bytes are read again now: every one within `VAULT_RECHECK_DAYS`, oldest first, spread evenly over the time."""

import datetime as dt
import math

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from evidence.actions import QUEUE, VERIFY
from evidence.models import Blob
from jobs.actions import Wanted, enqueue_many
from jobs.models import Job

RUN_EVERY = dt.timedelta(minutes=10)
# After an outage: how many shares may be caught up at once, so that files that have just arrived don't wait behind all
_CATCH_UP = 6


def ask_for_checks() -> int:
    """Ask for this run's share of the checks; return how many. Called every `RUN_EVERY`."""
    days = max(1, int(str(settings.VAULT["RECHECK_DAYS"])))
    kept = Blob.objects.kept()
    share = math.ceil(kept.count() * RUN_EVERY / dt.timedelta(days=days))
    now = timezone.now()
    active = Job.objects.filter(kind=VERIFY, object_id=OuterRef("pk"), state__in=Job.ACTIVE)
    # Never checked (its check failed, or ended with a worker) comes first. What was read lately is left alone even when
    # there is time to spare: reading costs the store something.
    oldest = kept.exclude(Exists(active)).order_by(F("checked_at").asc(nulls_first=True)).select_related("copy__exhibit")
    asked: list[Wanted] = []
    for blob in oldest[: share * _CATCH_UP]:
        age = now - (blob.checked_at or blob.created_at)
        overdue = blob.checked_at is None or age >= dt.timedelta(days=days) - RUN_EVERY
        if not overdue and (len(asked) >= share or age < dt.timedelta(days=days) / 2):
            break
        asked.append(Wanted(blob.pk, blob.case_id, blob.size))
    return enqueue_many(VERIFY, asked, queue=QUEUE)
