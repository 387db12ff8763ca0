"""Asking ClamAV about verified bytes, where one is set up. What it finds is flagged and fenced, never deleted: it may be the
evidence.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse

import vault
from audit.actions import SYSTEM, acting, record
from cases.notify import notify_team
from evidence import clamd, hooks
from evidence.actions import QUEUE
from evidence.models import Blob, MalwareScan
from jobs.actions import JobFailed, Lease, RetryLater, enqueue, handler
from jobs.models import Job
from vault.errors import Missing, Unavailable, VaultError

SCAN = "evidence.scan"
AT_ONCE = 200
_FIRST_DELAY, _LONGEST_DELAY = timedelta(seconds=30), timedelta(minutes=30)


def ask(blob: Blob) -> None:
    """Have bytes scanned, if there is a scanner: after each check, because it learns."""
    if settings.CLAMD:
        enqueue(SCAN, blob.id, queue=QUEUE, case_id=blob.case_id)


def ask_for_missing() -> int:
    """Ask for the first scan of verified bytes that came before the scanner did; return how many."""
    if not settings.CLAMD:
        return 0
    due = list(Blob.objects.filter(state=Blob.State.VERIFIED, scans=None).select_related("copy__exhibit")[:AT_ONCE])
    for blob in due:
        ask(blob)
    return len(due)


@handler(SCAN)
def scan_blob(job: Job, lease: Lease) -> None:
    """Stream one blob past the scanner and write down what it says."""
    blob = Blob.objects.select_related("copy__exhibit__case").get(pk=job.object_id)
    if not settings.CLAMD:
        raise JobFailed("No malware scanner is set up.")
    try:
        answer = clamd.scan(settings.CLAMD, vault.store().read(blob.key, blob.version_id))
    except (clamd.ScannerAway, Unavailable) as error:
        delay = min(_FIRST_DELAY * 2 ** min(job.attempt - 1, 10), _LONGEST_DELAY)
        raise RetryLater(f"{error}; it is tried again", delay) from error
    except Missing as error:
        raise JobFailed("The store does not hold the file; its next check says why.") from error
    except VaultError as error:
        raise RetryLater(str(error), _LONGEST_DELAY) from error
    with lease.finish(), acting():
        _write(blob.pk, answer)


def _write(blob_id: UUID, answer: clamd.Answer) -> None:
    blob = Blob.objects.select_for_update(of=("self",)).select_related("copy__exhibit__case").get(pk=blob_id)
    result = (
        MalwareScan.Result.NOT_SCANNED
        if answer.refused
        else MalwareScan.Result.INFECTED
        if answer.signature
        else MalwareScan.Result.CLEAN
    )
    scan = MalwareScan.objects.create(
        blob=blob, result=result, signature=answer.signature, engine=answer.engine, note=answer.refused[:200]
    )
    first = bool(answer.signature) and not blob.malware
    if first:
        blob.malware = answer.signature
        blob.save(update_fields=["malware"])
    record(
        "blob.scanned",
        actor=SYSTEM,
        case_id=blob.case_id,
        object_type="blob",
        object_id=blob.pk,
        after={"result": result, "scan": str(scan.pk), "fenced": bool(blob.malware)},
        detail={"engine": answer.engine, "signature": answer.signature, "note": answer.refused},
    )
    if first:
        text = (
            f"{blob.exhibit}: malware was found in its file. It is kept and fenced: not shown, and downloaded only with a reason."
        )
        notify_team(blob.exhibit.case, text, reverse("evidence:exhibit", args=[blob.exhibit.pk]), important=True)


def standing(blob: Blob) -> str:
    """In words, whether it has been scanned and what was found."""
    last = blob.scans.first()
    if blob.malware:
        found = blob.scans.filter(result=MalwareScan.Result.INFECTED).first()
        return f"Found: {blob.malware}" + (f" ({found.engine})" if found else "")
    if last is not None:
        text = {MalwareScan.Result.CLEAN: "None found", MalwareScan.Result.NOT_SCANNED: f"Not scanned. {last.note}"}[
            MalwareScan.Result(last.result)
        ]
        return f"{text} ({last.engine})"
    if not settings.CLAMD:
        return "Not scanned: no malware scanner is set up here"
    job = Job.objects.filter(object_id=blob.pk, kind=SCAN).order_by("-created_at").first()
    return f"Not scanned yet. {job.message}".strip() if job else "Not scanned yet"


hooks.blob_verified.append(ask)
