"""The worker's check of stored bytes: protected in the store, hashed, compared; then verified, or quarantined and the
team told.

Checked again and again for as long as the bytes are kept: nothing here overwrites, repairs or releases.
"""

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

import vault
from audit.actions import SYSTEM, Entry, acting, record, record_many
from cases.notify import notify_team
from evidence import facts as content
from evidence import hooks, keeping
from evidence.actions import VERIFY
from evidence.examining import facts_of
from evidence.models import Blob, Copy, CustodyEvent, Exhibit, Verification
from jobs.actions import JobFailed, Lease, RetryLater, Together, finish_together, handler
from jobs.models import Job
from vault.ahead import RANGE, read_ahead
from vault.errors import Misconfigured, Missing, NotProtected, SizeMismatch, Truncated, Unavailable, Unreadable, VaultError
from vault.protocol import MIB, Protection

SOFTWARE = "rasso-evidence 0.1.0, SHA-256 (Python hashlib, OpenSSL)"
# A store that doesn't answer is asked this often, over about an hour and a half, before the team is told
TRIES = 8
_FIRST_DELAY, _LONGEST_DELAY = dt.timedelta(seconds=30), dt.timedelta(minutes=30)
_REPORT_SECONDS = 0.5
# Files up to this size are checked many at once, so many of them read at the same time
SMALL = MIB
READ_AT_ONCE = 4

Tell = Callable[[int, int], None]
"""Is told how many bytes of how many have been read."""


@dataclass
class Outcome:
    """What one look at the bytes found."""

    result: str
    found: str = ""
    found_size: int | None = None
    note: str = ""
    protection: Protection | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def _failed(job: Job, message: str) -> None:
    """A check that could not be made at all is the team's business too: the file stays unverified."""
    blob = Blob.objects.select_related("copy__exhibit__case").get(pk=job.object_id)
    record(
        "verification.failed",
        actor=SYSTEM,
        case_id=blob.case_id,
        object_type="blob",
        object_id=blob.pk,
        after={"state": blob.state},
        detail={"reason": message},
    )
    text = f"{blob.exhibit}: its file could not be checked. Nothing was changed; have it checked again."
    notify_team(blob.exhibit.case, text, _url(blob), important=True)


@dataclass(frozen=True)
class Found:
    """What one attempt found of one blob; no outcome where nothing is left to check."""

    lease: Lease
    blob: Blob
    outcome: Outcome | None


def verify_blobs(leases: Sequence[Lease]) -> dict[UUID, Exception]:
    """Check many small blobs: their bytes are read side by side, and what was found is written in one transaction.

    Nothing that is wrong with one touches another: what can't be checked or written is given back by its job's id.
    """
    wanted = Blob.objects.select_related("copy__exhibit__case").filter(pk__in=[lease.job.object_id for lease in leases])
    blobs = {blob.pk: blob for blob in wanted}
    terms, found = keeping.terms_of(blobs.values()), list[Found]()
    unfinished: dict[UUID, Exception] = {}

    def check(lease: Lease) -> Found:
        # In a thread, so without the database: it has no connection that anybody would close
        blob = blobs[lease.job.object_id]
        return Found(lease, blob, _outcome(lease.job, blob, terms[blob.pk], _tell_nobody))

    with ThreadPoolExecutor(READ_AT_ONCE, thread_name_prefix="check") as pool:
        for lease, checked in [(lease, pool.submit(check, lease)) for lease in leases]:
            try:
                found.append(checked.result())
            except Exception as error:
                unfinished[lease.job.id] = error
    return unfinished | _write_together(found)


def _write_together(found: Sequence[Found]) -> dict[UUID, Exception]:
    """Write all at once, or, if that can't be, each by itself; return what could not be written."""
    try:
        _finish(found)
    except Exception as error:
        if len(found) == 1:
            return {found[0].lease.job.id: error}
        return {key: value for one in found for key, value in _write_together([one]).items()}
    return {}


def _finish(found: Sequence[Found]) -> None:
    with finish_together([one.lease for one in found]) as current, acting():
        ids = {lease.job.id for lease in current}
        _write([one for one in found if one.lease.job.id in ids])


def _tell_nobody(_done: int, _total: int) -> None:
    """How far a small blob's check is."""


@handler(VERIFY, failed=_failed, together=Together(verify_blobs, SMALL))
def verify_blob(job: Job, lease: Lease) -> None:
    """Check one blob. Written once, and only if this attempt is still the current one."""
    blob = Blob.objects.select_related("copy__exhibit__case").get(pk=job.object_id)
    outcome = _outcome(job, blob, keeping.term_of(blob), lease.progress)
    with lease.finish(), acting():
        _write([Found(lease, blob, outcome)])


def _outcome(job: Job, blob: Blob, term: keeping.Term, tell: Tell) -> Outcome | None:
    """What there is to write down of this attempt: nothing for what is being disposed of. JobFailed, RetryLater."""
    if blob.state in (Blob.State.DISPOSING, Blob.State.DISPOSED):
        return None
    if blob.state not in Blob.KEPT:
        raise JobFailed("The store holds no file to check.")
    outcome = look(blob, term, tell)
    if outcome.result in (Verification.Result.UNCHECKED, Verification.Result.UNREADABLE) and job.attempt < TRIES:
        raise RetryLater(outcome.note, min(_FIRST_DELAY * 2 ** (job.attempt - 1), _LONGEST_DELAY))
    return outcome


def look(blob: Blob, term: keeping.Term, tell: Tell) -> Outcome:
    """Read the bytes and say what they are, without the database. JobFailed if the store doesn't lock what it was told to lock."""
    try:
        return _look(blob, term, tell)
    except Missing as error:
        return _unless_store_is_away(Outcome(Verification.Result.MISSING), error)
    except (Unreadable, Truncated) as error:
        # One object that the store won't give out, or a store that knows us no more?
        return _unless_store_is_away(Outcome(Verification.Result.UNREADABLE, note=str(error)[:300]), error)
    except (Unavailable, Misconfigured) as error:
        return Outcome(Verification.Result.UNCHECKED, note=str(error)[:300])
    except NotProtected as error:
        raise JobFailed(str(error)) from error


def _unless_store_is_away(found: Outcome, error: VaultError) -> Outcome:
    """`found`, if the store itself answers: what is missing or closed everywhere is the store's trouble, not this object's."""
    try:
        vault.store().probe()
    except VaultError:
        return Outcome(Verification.Result.UNCHECKED, note=str(error)[:300])
    return found


def _look(blob: Blob, term: keeping.Term, tell: Tell) -> Outcome:
    store = vault.store()
    try:
        stored, locked, first = store.begin(blob.key, blob.version_id, RANGE if blob.size <= RANGE else 0)
    except SizeMismatch as error:
        return Outcome(Verification.Result.TRUNCATED, note=str(error)[:300])
    if stored.size != blob.size:
        return Outcome(Verification.Result.TRUNCATED, found_size=stored.size)
    size = stored.size
    # Before hashing: what is verified must not have been removable since
    locked = _lock(blob, term, locked, int(str(settings.VAULT.get("RETENTION_DAYS") or 30)))
    found, note = _hash_of_small(first) or hash_of(blob, tell), ""
    if found != blob.sha256:
        # A bit may turn on the way or in this machine's memory: only what is wrong twice is wrong in the store
        note = f"The first reading gave {found}; it was read again."
        found = hash_of(blob, tell)
    if found != blob.sha256:
        return Outcome(Verification.Result.CHANGED, found, size, "Read twice.", locked)
    locked = _lock(blob, term, locked, keeping.renewed_days())
    return Outcome(Verification.Result.MATCH, found, size, note, locked, facts_of(blob))


def _lock(blob: Blob, term: keeping.Term, now_locked: Protection, days: int) -> Protection:
    """The store's lock as it reads back, renewed if it is due."""
    now, store = timezone.now(), vault.store()
    until = term.lock_until(days, now)
    if keeping.is_fresh(now_locked, until, now, locks=store.locks):
        return now_locked
    return store.protect(blob.key, blob.version_id, max(until or now, now), hold=True)


def _hash_of_small(pieces: Iterator[bytes]) -> str:
    """SHA-256 of what came with the first answer, or nothing if that was nothing, or broke off."""
    digest, size = hashlib.sha256(), 0
    try:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
    except Unavailable:
        return ""
    return digest.hexdigest() if size else ""


def hash_of(blob: Blob, tell: Tell) -> str:
    """SHA-256 of what the store holds: the network is read in threads while this one hashes, in flat memory."""
    digest, done, reported = hashlib.sha256(), 0, time.monotonic()
    for piece in read_ahead(vault.store(), blob.key, blob.version_id, blob.size):
        digest.update(piece)
        done += len(piece)
        if time.monotonic() - reported > _REPORT_SECONDS:
            tell(done, blob.size)
            reported = time.monotonic()
    if done > RANGE:
        tell(done, blob.size)
    return digest.hexdigest()


def _write(found: Sequence[Found]) -> None:
    """Write down what was found: the checks, then what they change, then the events."""
    ids = [one.blob.pk for one in found if one.outcome is not None]
    if not ids:
        return
    locked = Blob.objects.select_for_update(of=("self",)).select_related("copy__exhibit__case").filter(pk__in=ids)
    blobs = {blob.pk: blob for blob in locked.order_by("pk")}
    kept = [(one.lease.job, blobs[one.blob.pk], one.outcome) for one in found if one.outcome is not None]
    states = {pk: blob.state for pk, blob in blobs.items()}
    away = {blob.pk: _was_away(blob) for _, blob, outcome in kept if outcome.result == Verification.Result.UNCHECKED}
    Verification.objects.bulk_create(_verification(blob, outcome) for _, blob, outcome in kept)
    for _, blob, outcome in kept:
        _apply(blob, outcome, away.get(blob.pk, False))
    _save([blob for _, blob, _ in kept])
    record_many([_entry(job, states[blob.pk], blob, outcome) for job, blob, outcome in kept])
    for _, blob, outcome in kept:
        if outcome.result == Verification.Result.MATCH:
            for call in hooks.blob_verified:
                call(blob)


def _was_away(blob: Blob) -> bool:
    """Whether the last check met a store that did not answer, so that the team knows."""
    last = blob.verifications.first()
    return last is not None and last.result == Verification.Result.UNCHECKED


def _verification(blob: Blob, outcome: Outcome) -> Verification:
    return Verification(
        blob=blob,
        result=outcome.result,
        expected=blob.sha256,
        found=outcome.found,
        found_size=outcome.found_size,
        note=outcome.note,
        software=SOFTWARE,
    )


def _apply(blob: Blob, outcome: Outcome, was_away: bool) -> None:
    if outcome.protection is not None:
        blob.protected_until, blob.legal_hold = outcome.protection.retain_until, outcome.protection.hold
    blob.checked_at = timezone.now()
    if outcome.result == Verification.Result.MATCH:
        _matches(blob, outcome)
    elif outcome.result == Verification.Result.UNCHECKED:
        if not was_away:
            _tell(blob, f"{blob.exhibit} could not be checked: the store did not answer. Nothing was changed; it is tried again.")
    else:
        _differs(blob, outcome)


def _save(blobs: Sequence[Blob]) -> None:
    # One statement for all; Django's bulk_update writes a CASE for each column and row, which costs more than the rest of a check
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evidence_blob blob SET state = given.state, checked_at = given.checked_at, verified_at = given.verified_at,"
            " protected_until = given.protected_until, legal_hold = given.legal_hold"
            " FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::boolean[])"
            " AS given (id, state, checked_at, verified_at, protected_until, legal_hold) WHERE blob.id = given.id",
            [
                [blob.pk for blob in blobs],
                [str(blob.state) for blob in blobs],
                [blob.checked_at for blob in blobs],
                [blob.verified_at for blob in blobs],
                [blob.protected_until for blob in blobs],
                [blob.legal_hold for blob in blobs],
            ],
        )


def _entry(job: Job, before: str, blob: Blob, outcome: Outcome) -> Entry:
    return Entry(
        verb=_VERBS.get(outcome.result, "blob.quarantined"),
        actor=SYSTEM,
        case_id=blob.case_id,
        object_type="blob",
        object_id=blob.pk,
        before={"state": before},
        after={
            "state": blob.state,
            "result": outcome.result,
            "expected": blob.sha256,
            "found": outcome.found,
            "size": outcome.found_size,
            "legal_hold": blob.legal_hold,
        },
        detail={"note": outcome.note} if outcome.note else None,
        request=str(job.id),
    )


_VERBS: dict[str, str] = {
    Verification.Result.MATCH: "blob.verified",
    Verification.Result.UNCHECKED: "blob.not_checked",
}


def _matches(blob: Blob, outcome: Outcome) -> None:
    blob.verified_at = timezone.now()
    if outcome.facts != blob.facts or not blob.media_type:
        blob.facts = outcome.facts
        blob.media_type = str(outcome.facts.get("media_type", content.UNKNOWN))[:100]
        blob.save(update_fields=["facts", "media_type"])
    # A match doesn't end a quarantine: a person decides that, having found out what happened.
    if blob.state == Blob.State.RECEIVED:
        blob.state = Blob.State.VERIFIED
        _custody(blob, CustodyEvent.Kind.VERIFIED)
        # A new file in the place of one that was given up
        if blob.copy.kind == Copy.Kind.MASTER:
            Exhibit.objects.filter(pk=blob.exhibit.pk, state=Exhibit.State.QUARANTINED).update(state=Exhibit.State.BOOKED_IN)


_WHAT = {
    Verification.Result.CHANGED: "the stored file does not have the SHA-256 it was received with",
    Verification.Result.TRUNCATED: "the stored file does not have the size it was received with",
    Verification.Result.MISSING: "the stored file is missing",
    Verification.Result.UNREADABLE: "the store does not give the file out",
}


def _differs(blob: Blob, outcome: Outcome) -> None:
    if blob.state not in (Blob.State.RECEIVED, Blob.State.VERIFIED):
        return
    blob.state = Blob.State.QUARANTINED
    if blob.copy.kind == Copy.Kind.MASTER:
        Exhibit.objects.filter(pk=blob.exhibit.pk).update(state=Exhibit.State.QUARANTINED)
    _custody(blob, CustodyEvent.Kind.QUARANTINED, outcome.found)
    _tell(blob, f"{blob.exhibit} is quarantined: {_WHAT[Verification.Result(outcome.result)]}")


def _tell(blob: Blob, text: str) -> None:
    notify_team(blob.exhibit.case, text, _url(blob), important=True)


def _custody(blob: Blob, kind: str, sha256: str = "") -> None:
    if blob.copy.kind == Copy.Kind.MASTER:
        CustodyEvent.objects.create(
            exhibit=blob.exhibit, kind=kind, at=timezone.now(), by=SYSTEM.text, sha256=sha256 or blob.sha256
        )


def _url(blob: Blob) -> str:
    return reverse("evidence:exhibit", args=[blob.exhibit.pk])
