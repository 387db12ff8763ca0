"""Jobs: the row is the truth. Claimed once, renewed, retried, given up, swept; a result counts only for the current attempt."""

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from jobs import actions
from jobs.actions import JobFailed, Lease, LeaseLost, RetryLater
from jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kind() -> Iterator[str]:
    """A kind of job that a test registers its own handler for."""
    name = f"tests.{uuid.uuid4().hex}"
    yield name
    actions._handlers.pop(name, None)


def enqueue(kind: str) -> Job:
    with transaction.atomic():
        return actions.enqueue(kind, uuid.uuid4(), queue="quick")


def lapse(job: Job) -> None:
    Job.objects.filter(id=job.id).update(lease_until=Now() - timedelta(seconds=1))


def test_it_is_done_once(kind: str) -> None:
    ran: list[int] = []

    @actions.handler(kind)
    def run(job: Job, lease: Lease) -> None:
        lease.progress(3, 10)
        with lease.finish():
            ran.append(job.attempt)

    job = enqueue(kind)
    actions.run(job.id)
    actions.run(job.id)  # a message delivered twice
    job.refresh_from_db()
    assert (ran, job.state, job.done, job.total) == ([1], Job.State.DONE, 10, 10)


def test_asking_twice_is_one_job() -> None:
    thing = uuid.uuid4()
    with transaction.atomic():
        first = actions.enqueue("tests.any", thing, queue="quick")
        second = actions.enqueue("tests.any", thing, queue="quick")
    assert first.id == second.id


def test_a_rolled_back_request_asks_for_nothing() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.enqueue("tests.any", uuid.uuid4(), queue="quick")
        raise RuntimeError
    assert not Job.objects.exists()


def test_two_workers_do_not_claim_the_same_job(kind: str) -> None:
    job = enqueue(kind)
    claimed: list[Job | None] = []

    def claim() -> None:
        claimed.append(actions.claim(job.id))
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in claimed if one is not None]) == 1


def test_a_lapsed_lease_lets_another_worker_take_over_and_the_first_can_not_write(kind: str) -> None:
    job = enqueue(kind)
    first = actions.claim(job.id)
    assert first is not None
    lapse(job)
    second = actions.claim(job.id)
    assert second is not None and second.attempt == 2
    with pytest.raises(LeaseLost), Lease(first).finish():
        pytest.fail("the first attempt wrote its result")
    with pytest.raises(LeaseLost):
        Lease(first).progress(1, 2)
    with Lease(second).finish():
        pass
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_renewing_keeps_the_lease(kind: str) -> None:
    job = enqueue(kind)
    mine = actions.claim(job.id)
    assert mine is not None
    lapse(job)
    lease = Lease(mine)
    lease.renew()
    assert not lease.lost.is_set()
    assert actions.claim(job.id) is None


def test_a_cancelled_job_stops_at_its_next_progress(kind: str) -> None:
    job = enqueue(kind)
    mine = actions.claim(job.id)
    assert mine is not None
    Job.objects.filter(id=job.id).update(state=Job.State.CANCELLED)
    with pytest.raises(LeaseLost):
        Lease(mine).progress(1, 2)


def test_what_can_not_be_done_now_waits_and_does_not_count(kind: str) -> None:
    @actions.handler(kind)
    def run(job: Job, lease: Lease) -> None:
        raise RetryLater("The store is down", timedelta(minutes=5))

    job = enqueue(kind)
    before = job.max_attempts
    actions.run(job.id)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.QUEUED, "The store is down")
    assert job.max_attempts - job.attempt == before
    assert actions.claim(job.id) is None  # not due yet


def test_what_can_never_be_done_fails_and_its_room_is_told_in_the_same_transaction(kind: str) -> None:
    told: list[str] = []

    def failed(job: Job, message: str) -> None:
        assert connection.in_atomic_block
        told.append(message)

    @actions.handler(kind, failed=failed)
    def run(job: Job, lease: Lease) -> None:
        raise JobFailed("The file is encrypted")

    job = enqueue(kind)
    actions.run(job.id)
    job.refresh_from_db()
    assert (job.state, job.message, told) == (Job.State.FAILED, "The file is encrypted", ["The file is encrypted"])


def test_a_bug_is_tried_again_and_then_given_up(kind: str) -> None:
    told: list[str] = []

    @actions.handler(kind, failed=lambda job, message: told.append(message))
    def run(job: Job, lease: Lease) -> None:
        raise ZeroDivisionError

    job = enqueue(kind)
    for _ in range(job.max_attempts):
        Job.objects.filter(id=job.id).update(not_before=None)
        with pytest.raises(ZeroDivisionError):
            actions.run(job.id)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert told == ["Stopped after 5 attempts (ZeroDivisionError)."]


def test_a_job_that_kills_its_worker_every_time_is_given_up(kind: str) -> None:
    told: list[str] = []
    actions.handler(kind, failed=lambda job, message: told.append(message))(lambda job, lease: None)
    job = enqueue(kind)
    for _ in range(job.max_attempts):
        assert actions.claim(job.id) is not None
        lapse(job)
    assert actions.claim(job.id) is None
    job.refresh_from_db()
    assert job.state == Job.State.FAILED and len(told) == 1


def test_the_sweeper_finds_lapsed_lost_and_due_and_leaves_the_rest(kind: str) -> None:
    lapsed, lost, due, fresh, running = (enqueue(kind) for _ in range(5))
    long_ago = Now() - timedelta(minutes=10)
    actions.claim(lapsed.id)
    actions.claim(running.id)
    lapse(lapsed)
    Job.objects.filter(id__in=[lapsed.id, lost.id, due.id, running.id]).update(sent_at=long_ago)
    Job.objects.filter(id=due.id).update(not_before=Now() - timedelta(seconds=1))
    actions.sweep()
    sent = set(Job.objects.filter(sent_at__gte=Now() - timedelta(minutes=1)).values_list("id", flat=True))
    assert sent == {lapsed.id, lost.id, due.id, fresh.id}
