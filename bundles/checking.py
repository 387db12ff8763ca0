"""Checks of stored bundles, on the schedule of exhibits' files: a bundle is bytes of its own in the vault, in no exhibit's copy."""

import datetime as dt
import hashlib

from django.conf import settings
from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone

import vault
from audit.actions import SYSTEM, acting
from bundles import actions
from bundles.models import Bundle, BundleCheck
from bundles.policy import MAKERS
from cases.notify import notify_team
from evidence.models import Verification
from jobs.actions import Lease, RetryLater, enqueue, handler
from jobs.models import Job
from vault.errors import Misconfigured, Missing, SizeMismatch, Unavailable, VaultError

Result = Verification.Result
AT_ONCE = 200
"""Checks that one run of the schedule asks for at most."""
TRIES = 8
_PAUSE, _LONGEST_PAUSE = dt.timedelta(seconds=30), dt.timedelta(minutes=30)


def ask_for_checks() -> int:
    """Ask for the checks that are due, oldest first; return how many. They are spread as the bundles were made."""
    due = timezone.now() - dt.timedelta(days=max(1, int(str(settings.VAULT["RECHECK_DAYS"]))))
    active = Job.objects.filter(kind=actions.CHECK, object_id=OuterRef("pk"), state__in=Job.ACTIVE)
    kept = Bundle.objects.filter(state=Bundle.State.MADE).exclude(Exists(active))
    oldest = kept.annotate(looked_at=Coalesce(Max("checks__at"), "made_at")).filter(looked_at__lt=due).order_by("looked_at")
    asked = list(oldest[:AT_ONCE])
    for bundle in asked:
        enqueue(actions.CHECK, bundle.pk, queue=actions.QUEUE, case_id=bundle.case_id)
    return len(asked)


@handler(actions.CHECK)
def check(job: Job, lease: Lease) -> None:
    """Read one bundle and compare. A store that doesn't answer is asked again with growing pauses: that is no mismatch."""
    bundle = Bundle.objects.select_related("case").get(pk=job.object_id)
    result, found, note = _look(bundle, lease)
    if result in (Result.UNCHECKED, Result.UNREADABLE) and job.attempt < TRIES and not bundle.disposed():
        raise RetryLater(note, min(_PAUSE * 2 ** (job.attempt - 1), _LONGEST_PAUSE))
    with lease.finish(), acting():
        BundleCheck.objects.create(bundle=bundle, result=result, found=found, note=note[:300])
        after = {"result": result, "expected": bundle.sha256, "found": found}
        actions.record_of(
            bundle, _VERBS.get(result, "bundle.damaged"), SYSTEM, after=after, detail={"note": note} if note else None
        )
        if result in Verification.DAMAGE:
            text = f"{bundle.case}: the stored bundle for the {bundle.get_audience_display()} is damaged. Make a new one"
            notify_team(bundle.case, text, actions.url_of(bundle), roles=MAKERS, important=True)


_VERBS: dict[str, str] = {Result.MATCH: "bundle.verified", Result.UNCHECKED: "bundle.not_checked"}


def _look(bundle: Bundle, lease: Lease) -> tuple[str, str, str]:
    """The result, the hash that was found, and a note."""
    if bundle.disposed():
        return Result.UNCHECKED, "", "It was disposed of."
    try:
        return _compared(bundle, lease)
    except Missing as error:
        return _unless_store_is_away(Result.MISSING, error)
    except (Unavailable, Misconfigured) as error:
        return Result.UNCHECKED, "", str(error)
    except VaultError as error:
        return _unless_store_is_away(Result.UNREADABLE, error)


def _compared(bundle: Bundle, lease: Lease) -> tuple[str, str, str]:
    # The store's own word on the size: what breaks off on the way is another thing
    try:
        size = vault.store().stat(bundle.key, bundle.version_id).size
    except SizeMismatch as error:
        return Result.TRUNCATED, "", str(error)
    if size != bundle.size:
        return Result.TRUNCATED, "", f"The store holds {size} bytes of {bundle.size}."
    found, note = _hash(bundle, lease), ""
    if found != bundle.sha256:
        # A bit may turn on the way: only what is wrong twice is wrong in the store
        note = f"The first reading gave {found}; it was read again."
        found = _hash(bundle, lease)
    return (Result.MATCH if found == bundle.sha256 else Result.CHANGED), found, note


def _hash(bundle: Bundle, lease: Lease) -> str:
    digest, done = hashlib.sha256(), 0
    for piece in vault.store().read(bundle.key, bundle.version_id):
        digest.update(piece)
        done += len(piece)
        lease.progress(min(done, bundle.size), bundle.size)
    return digest.hexdigest()


def _unless_store_is_away(result: str, error: VaultError) -> tuple[str, str, str]:
    try:
        vault.store().probe()
    except VaultError:
        return Result.UNCHECKED, "", str(error)
    return result, "", str(error)
