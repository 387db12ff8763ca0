"""What can be done with a job: enqueue, claim, renew, finish, retry, fail, sweep.

A worker claims the row, takes an attempt number and a lease of `LEASE` and renews it every `RENEW` from a thread. A worker that
dies lets its lease lapse; the sweeper sends the message again. Nothing is lost with Redis.

Of a kind that can be done `Together`, small jobs that wait are claimed with the one a message names, up to `AT_ONCE`, each under
a lease of its own: what one of them comes to is not the others' business. A job whose lease lapsed is done alone: it may be what
ended its worker.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from audit.middleware import request_id
from jobs.models import Job

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10.0
RESEND = timedelta(seconds=60)
AT_ONCE = 64

Handler = Callable[[Job, "Lease"], None]
FailureHandler = Callable[[Job, str], None]


@dataclass(frozen=True)
class Together:
    """How many small jobs of a kind are done at once.

    Attributes:
        run: does them; it returns, by the job's id, what kept those that it did not finish (RetryLater, JobFailed, a bug).
        largest: the largest `total` of a job that is done so; one whose `total` isn't known is done alone.
    """

    run: Callable[[Sequence["Lease"]], Mapping[UUID, Exception]]
    largest: int

    def takes(self, job: Job) -> bool:
        return job.state == Job.State.QUEUED and 0 < job.total <= self.largest


@dataclass(frozen=True)
class Registration:
    run: Handler
    failed: FailureHandler | None
    together: Together | None = None


_handlers: dict[str, Registration] = {}


class LeaseLost(Exception):
    """Another attempt has taken the job over, or it was cancelled: this one's result must not be written."""


class RetryLater(Exception):
    """The work can't be done now (a store is down, say); try again after `delay`. Does not count as a failed attempt."""

    def __init__(self, message: str, delay: timedelta = timedelta(seconds=30)) -> None:
        super().__init__(message)
        self.message = message
        self.delay = delay


class JobFailed(Exception):
    """The work can't ever be done; the message tells a person why and what to do."""


def handler(kind: str, *, failed: FailureHandler | None = None, together: Together | None = None) -> Callable[[Handler], Handler]:
    """Register who does jobs of this kind; `failed(job, message)` is called once, in the transaction that marks it failed."""

    def register(run: Handler) -> Handler:
        _handlers[kind] = Registration(run, failed, together)
        return run

    return register


def enqueue(kind: str, object_id: UUID, *, queue: str, case_id: UUID | None = None, max_attempts: int = 5, total: int = 0) -> Job:
    """Ask for work on an object, or return the job that is already asked for. The message is sent when the transaction commits.

    `total` says how much work it is, in the unit of the work, where that is known.
    """
    job, created = Job.objects.get_or_create(
        kind=kind,
        object_id=object_id,
        state__in=Job.ACTIVE,
        defaults={
            "queue": queue,
            "case_id": case_id,
            "max_attempts": max_attempts,
            "state": Job.State.QUEUED,
            "total": total,
        },
    )
    if created:
        transaction.on_commit(lambda: send([job]))
    return job


def cancel(kind: str, object_id: UUID) -> bool:
    """Stop work that nobody wants any more; return whether there was any. An attempt that runs can't write its result then."""
    active = Job.objects.filter(kind=kind, object_id=object_id, state__in=Job.ACTIVE)
    return bool(active.update(state=Job.State.CANCELLED, lease_until=None, finished_at=Now()))


@dataclass(frozen=True)
class Wanted:
    """Work on one object, to be asked for with others: the arguments of `enqueue`."""

    object_id: UUID
    case_id: UUID | None
    total: int = 0


def enqueue_many(kind: str, wanted: Sequence[Wanted], *, queue: str) -> int:
    """Ask for work on many objects; return for how many it wasn't asked already."""
    asked = [Job(kind=kind, queue=queue, object_id=one.object_id, case_id=one.case_id, total=one.total) for one in wanted]
    Job.objects.bulk_create(asked, ignore_conflicts=True)
    made = list(Job.objects.filter(id__in=[job.id for job in asked]).order_by("created_at"))
    transaction.on_commit(lambda: send(made))
    return len(made)


def send(jobs: Sequence[Job]) -> None:
    """Put "look at job N" on its queue; of small jobs that are done together, one message for `AT_ONCE` of them. When Redis is
    down the sweeper sends them later.
    """
    from kombu.exceptions import OperationalError

    from jobs.tasks import look

    Job.objects.filter(id__in=[job.id for job in jobs]).update(sent_at=Now())
    with contextlib.suppress(OperationalError):
        for job in _named(jobs):
            look.apply_async(args=(str(job.id),), queue=job.queue, retry=False)


def _named(jobs: Sequence[Job]) -> Iterator[Job]:
    """Those that a message must name, so that all of them are done."""
    unnamed: dict[str, int] = {}
    for job in jobs:
        registration = _handlers.get(job.kind)
        if registration is not None and registration.together is not None and registration.together.takes(job):
            left = unnamed.get(job.kind, 0)
            unnamed[job.kind] = (left or AT_ONCE) - 1
            if left:
                continue
        yield job


def claim(job_id: UUID) -> Job | None:
    """Take the job if it is free: queued and due, or running with a lapsed lease. None when somebody else has it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Not waited for on disk: a claim that a crash forgets is claimed again, and its worker's result then refused
            cursor.execute("SET LOCAL synchronous_commit TO off")
        job = (
            Job.objects.select_for_update(skip_locked=True)
            .filter(id=job_id)
            .filter(
                Q(state=Job.State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=Now()))
                | Q(state=Job.State.RUNNING, lease_until__lt=Now())
            )
            .first()
        )
        if job is None:
            return None
        if job.attempt >= job.max_attempts:
            _fail(job, f"Stopped after {job.attempt} attempts: the worker ended each time before it was done.")
            return None
        Job.objects.filter(id=job.id).update(
            state=Job.State.RUNNING,
            attempt=F("attempt") + 1,
            lease_until=Now() + LEASE,
            started_at=Now(),
            done=0,
            message="",
        )
        job.refresh_from_db()
        return job


def claim_waiting(kind: str, largest: int, count: int) -> list[Job]:
    """Take up to `count` free jobs of a kind whose `total` is known and at most `largest`, the oldest first. What others are
    claiming is passed over, and so is what lost its lease.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")  # as in `claim`
        return list(
            Job.objects.raw(
                "WITH free AS (SELECT id FROM jobs_job WHERE kind = %s AND state = 'queued' AND total BETWEEN 1 AND %s"
                " AND attempt < max_attempts AND (not_before IS NULL OR not_before <= now())"
                " ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED)"
                " UPDATE jobs_job job SET state = 'running', attempt = attempt + 1, lease_until = now() + %s,"
                " started_at = now(), done = 0, message = '' FROM free WHERE job.id = free.id RETURNING job.*",
                [kind, largest, count, LEASE],
            )
        )


@dataclass
class Lease:
    """The right to write one attempt's result. `progress` also tells whether to go on."""

    job: Job
    lost: threading.Event = field(default_factory=threading.Event)

    def _mine(self) -> Q:
        return Q(id=self.job.id, attempt=self.job.attempt, state=Job.State.RUNNING)

    def renew(self) -> None:
        if not Job.objects.filter(self._mine()).update(lease_until=Now() + LEASE):
            self.lost.set()

    def progress(self, done: int, total: int) -> None:
        """Say how far the work is (in its own unit); raises LeaseLost when the attempt is no longer current."""
        if not Job.objects.filter(self._mine()).update(done=done, total=total):
            self.lost.set()
            raise LeaseLost(self.job.id)

    @contextlib.contextmanager
    def step(self) -> Iterator[None]:
        """A transaction that writes a part of the result and leaves the job running: the row is locked, the attempt checked."""
        with transaction.atomic():
            if Job.objects.select_for_update().filter(self._mine()).first() is None:
                raise LeaseLost(self.job.id)
            yield

    @contextlib.contextmanager
    def finish(self) -> Iterator[None]:
        """The transaction that writes the result: the row is locked, the attempt checked, and the job done with it."""
        with self.step():
            yield
            Job.objects.filter(id=self.job.id).update(state=Job.State.DONE, lease_until=None, finished_at=Now(), done=F("total"))


@contextlib.contextmanager
def finish_together(leases: Sequence[Lease]) -> Iterator[list[Lease]]:
    """As `Lease.finish`, for many: yields those whose attempt is still current. Only their results may be written."""
    with transaction.atomic():
        rows = Job.objects.select_for_update().filter(id__in=[lease.job.id for lease in leases], state=Job.State.RUNNING)
        current = set(rows.order_by("id").values_list("id", "attempt"))
        mine = [lease for lease in leases if (lease.job.id, lease.job.attempt) in current]
        yield mine
        Job.objects.filter(id__in=[lease.job.id for lease in mine]).update(
            state=Job.State.DONE, lease_until=None, finished_at=Now(), done=F("total")
        )


@contextlib.contextmanager
def _renewing(leases: Sequence[Lease]) -> Iterator[None]:
    stop = threading.Event()

    def keep() -> None:
        try:
            while not stop.wait(RENEW_SECONDS) and not all(lease.lost.is_set() for lease in leases):
                for lease in leases:
                    lease.renew()
        finally:
            connection.close()

    thread = threading.Thread(target=keep, name=f"lease-{leases[0].job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def run(job_id: UUID) -> None:
    """What a worker does with a message: claim, work, finish. Every outcome is recorded on the row."""
    seen = Job.objects.filter(id=job_id).first()
    if seen is None:
        return
    job, registration = claim(job_id), _handlers.get(seen.kind)
    together = None if registration is None else registration.together
    if together is not None and (job is None or together.takes(seen)):
        waiting = claim_waiting(seen.kind, together.largest, AT_ONCE - (job is not None))
        if waiting:
            _run_together(together, waiting if job is None else [job, *waiting])
            return
    if job is not None:
        _run(job)


def _run(job: Job) -> None:
    lease = Lease(job)
    token = request_id.set(str(job.id))  # its events say which job they came from
    try:
        with _renewing([lease]):
            _handlers[job.kind].run(job, lease)
    except Exception as error:
        if _ended(job, error):
            return
        raise
    finally:
        request_id.reset(token)


def _run_together(together: Together, jobs: Sequence[Job]) -> None:
    leases = [Lease(job) for job in jobs]
    try:
        with _renewing(leases):
            unfinished = together.run(leases)
    except Exception as error:
        unfinished = {job.id: error for job in jobs}
    # A list: each is recorded, whatever another's was
    bugs = [unfinished[job.id] for job in jobs if job.id in unfinished and not _ended(job, unfinished[job.id])]
    if bugs:
        raise bugs[0]


def _ended(job: Job, error: Exception) -> bool:
    """Record how an attempt ended that has no result; return whether that was foreseen."""
    if isinstance(error, LeaseLost):
        return True
    if isinstance(error, RetryLater):
        _again(job, error.message, error.delay, counts=False)
        return True
    if isinstance(error, JobFailed):
        fail(job, str(error))
        return True
    if job.attempt >= job.max_attempts:
        fail(job, f"Stopped after {job.attempt} attempts ({type(error).__name__}).")
    else:
        _again(job, f"Trying again ({type(error).__name__}).", timedelta(seconds=5 * 2**job.attempt), counts=True)
    return False


def _again(job: Job, message: str, delay: timedelta, *, counts: bool) -> None:
    Job.objects.filter(id=job.id, attempt=job.attempt, state=Job.State.RUNNING).update(
        state=Job.State.QUEUED,
        max_attempts=F("max_attempts") + (0 if counts else 1),
        not_before=Now() + delay,
        lease_until=None,
        message=message[:500],
    )


def fail(job: Job, message: str) -> None:
    """Give the job up, if the attempt is still current, and let its room mark what was worked on."""
    with transaction.atomic():
        current = Job.objects.select_for_update().filter(id=job.id, attempt=job.attempt, state=Job.State.RUNNING).first()
        if current is not None:
            _fail(current, message)


def _fail(job: Job, message: str) -> None:
    job.state, job.message, job.lease_until = Job.State.FAILED, message[:500], None
    Job.objects.filter(id=job.id).update(state=job.state, message=job.message, lease_until=None, finished_at=Now())
    registration = _handlers.get(job.kind)
    if registration is not None and registration.failed is not None:
        registration.failed(job, message)


def sweep() -> int:
    """Send again every job whose lease has lapsed, whose time to retry has come, or whose message seems lost. Returns how many."""
    due = Job.objects.filter(
        Q(state=Job.State.RUNNING, lease_until__lt=Now())
        | Q(state=Job.State.QUEUED, not_before__lte=Now())
        | Q(state=Job.State.QUEUED, not_before=None) & (Q(sent_at=None) | Q(sent_at__lt=Now() - RESEND))
    ).exclude(sent_at__gt=Now() - timedelta(seconds=10))
    jobs = list(due[:1000])
    send(jobs)
    return len(jobs)
