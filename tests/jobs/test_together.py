"""Small jobs that are done together: claimed in one go, each under its own lease, with its own outcome."""

import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from jobs import actions, tasks
from jobs.actions import JobFailed, Lease, RetryLater, Together, Wanted
from jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
LARGEST = 100


class Done:
    """What the handlers of a test's kind of job did: how many at once, and which alone."""

    def __init__(self) -> None:
        self.together: list[int] = []
        self.alone: list[uuid.UUID] = []
        self.errors: dict[uuid.UUID, Exception] = {}

    def many(self, leases: Sequence[Lease]) -> Mapping[uuid.UUID, Exception]:
        """Finish all but those that the test gave an error."""
        self.together.append(len(leases))
        with actions.finish_together([lease for lease in leases if lease.job.object_id not in self.errors]):
            pass
        return {lease.job.id: self.errors[lease.job.object_id] for lease in leases if lease.job.object_id in self.errors}

    def one(self, job: Job, lease: Lease) -> None:
        """Finish it."""
        self.alone.append(job.object_id)
        with lease.finish():
            pass


@pytest.fixture
def done() -> Done:
    """What was done."""
    return Done()


@pytest.fixture
def kind(done: Done) -> Iterator[str]:
    """A kind of job that is done together."""
    name = f"tests.{uuid.uuid4().hex}"
    actions.handler(name, together=Together(done.many, LARGEST))(done.one)
    yield name
    actions._handlers.pop(name, None)


def ask(kind: str, *totals: int) -> list[Job]:
    wanted = [Wanted(uuid.uuid4(), None, total) for total in totals]
    assert actions.enqueue_many(kind, wanted, queue="quick") == len(wanted)
    rows = {job.object_id: job for job in Job.objects.filter(kind=kind)}
    return [rows[one.object_id] for one in wanted]


def states(jobs: Sequence[Job]) -> list[str]:
    now = dict(Job.objects.values_list("id", "state"))
    return [now[job.id] for job in jobs]


def test_what_is_small_and_waits_is_done_with_the_one_that_is_named(kind: str, done: Done) -> None:
    small, other = ask(kind, *[5] * 70), ask("tests.any", 5)
    large, unknown, later = ask(kind, LARGEST + 1, 0, 5)
    Job.objects.filter(id=later.id).update(not_before=Now() + timedelta(minutes=5))
    actions.run(small[69].id)
    assert done.together == [actions.AT_ONCE]
    assert states(small) == ["done"] * 63 + ["queued"] * 6 + ["done"]
    assert states([large, unknown, later, *other]) == ["queued"] * 4
    assert {(job.attempt, job.done) for job in Job.objects.filter(kind=kind, state="done")} == {(1, 5)}
    # A message whose own job is done already still brings the rest on
    actions.run(small[69].id)
    assert (done.together, states(small)) == ([64, 6], ["done"] * 70)
    actions.run(large.id)
    actions.run(unknown.id)
    assert done.alone == [large.object_id, unknown.object_id]


def test_each_comes_to_its_own_end(kind: str, done: Done) -> None:
    jobs = ask(kind, *[5] * 5)
    _, away, never, bug, _ = jobs
    done.errors = {
        away.object_id: RetryLater("The store is down", timedelta(minutes=5)),
        never.object_id: JobFailed("There is no file"),
        bug.object_id: ZeroDivisionError(),
    }
    with pytest.raises(ZeroDivisionError):
        actions.run(jobs[0].id)
    assert states(jobs) == ["done", "queued", "failed", "queued", "done"]
    messages = dict(Job.objects.values_list("id", "message"))
    assert [messages[job.id] for job in (away, never, bug)] == [
        "The store is down",
        "There is no file",
        "Trying again (ZeroDivisionError).",
    ]
    away.refresh_from_db()
    bug.refresh_from_db()
    assert (away.max_attempts - away.attempt, bug.max_attempts - bug.attempt) == (5, 4)


def test_what_a_worker_died_with_is_taken_again_and_each_alone(kind: str, done: Done) -> None:
    jobs = ask(kind, *[5] * 4)
    assert len(actions.claim_waiting(kind, LARGEST, 3)) == 3
    assert states(jobs) == ["running"] * 3 + ["queued"]
    actions.run(jobs[0].id)  # somebody has it: what waits is done, not what is claimed
    assert (done.together, states(jobs)) == ([1], ["running"] * 3 + ["done"])
    Job.objects.filter(state="running").update(lease_until=Now() - timedelta(seconds=1))
    assert actions.claim_waiting(kind, LARGEST, 3) == []
    for job in jobs[:3]:
        actions.run(job.id)
    assert done.alone == [job.object_id for job in jobs[:3]]
    assert states(jobs) == ["done"] * 4


def test_two_workers_never_take_the_same(kind: str) -> None:
    ask(kind, *[5] * 100)
    claimed: list[Job] = []

    def claim() -> None:
        for _ in range(5):
            claimed.extend(actions.claim_waiting(kind, LARGEST, 7))
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({job.id for job in claimed}) == len(claimed) == 100


def test_of_those_that_were_taken_over_nothing_is_written(kind: str) -> None:
    ask(kind, *[5] * 3)
    leases = [Lease(job) for job in actions.claim_waiting(kind, LARGEST, 3)]
    lost = leases[1].job
    Job.objects.filter(id=lost.id).update(lease_until=Now() - timedelta(seconds=1))
    assert actions.claim(lost.id) is not None
    with actions.finish_together(leases) as mine:
        assert mine == [leases[0], leases[2]]
    assert states([lease.job for lease in leases]) == ["done", "running", "done"]


def test_all_leases_are_renewed(kind: str, done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = ask(kind, *[5] * 3)
    monkeypatch.setattr(actions, "RENEW_SECONDS", 0.01)
    renewed = threading.Event()

    def slow(leases: Sequence[Lease]) -> Mapping[uuid.UUID, Exception]:
        Job.objects.filter(kind=kind).update(lease_until=Now() - timedelta(seconds=1))
        while not renewed.wait(0.01):
            if not Job.objects.filter(kind=kind, lease_until__lt=Now()).exists():
                renewed.set()
        return done.many(leases)

    actions._handlers[kind] = actions.Registration(done.one, None, Together(slow, LARGEST))
    actions.run(jobs[0].id)
    assert states(jobs) == ["done"] * 3


def test_one_message_for_as_many_as_are_done_together(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[uuid.UUID] = []
    monkeypatch.setattr(tasks.look, "apply_async", lambda args, **_: sent.append(uuid.UUID(args[0])))
    jobs = ask(kind, *[5] * 130, LARGEST + 1)
    assert len(sent) == 4
    assert jobs[130].id in sent
    assert not Job.objects.filter(sent_at=None).exists()
    # Asked for again: it is the same jobs, and no message
    again = [Wanted(job.object_id, None, 5) for job in jobs]
    assert actions.enqueue_many(kind, again, queue="quick") == 0
    assert len(sent) == 4
    for job_id in list(sent):
        actions.run(job_id)
    assert states(jobs) == ["done"] * 131
