"""Anchoring the log in workers: one job a place, tried again with growing pauses while a place does not answer."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from audit import anchors, conf
from audit.models import Anchor, Checkpoint
from audit.timestamps import StampUnavailable, StampWrong
from jobs.actions import JobFailed, Lease, RetryLater, enqueue, handler
from jobs.models import Job
from vault.errors import VaultError

ANCHOR = "log.anchor"
LONGEST_PAUSE = timedelta(hours=1)
_SPACE = UUID("d2b3a5c0-6c6f-4567-8a1e-000000000001")


def place_id(place: str) -> UUID:
    """The id by which a place's jobs are found."""
    return uuid5(_SPACE, place)


def ask() -> int:
    """Enqueue a job for every place at which something waits and is due; return how many."""
    due = [place for place in anchors.places() if _is_due(place)]
    for place in due:
        enqueue(ANCHOR, place_id(place), queue="quick")
    return len(due)


def _is_due(place: str) -> bool:
    done = anchors.last(place)
    if not Checkpoint.objects.filter(size__gt=done.size if done else 0).exists():
        return False
    pause = timedelta() if place == anchors.VAULT else timedelta(seconds=conf.stamp_seconds())
    return done is None or done.at + pause <= timezone.now()


@handler(ANCHOR)
def run(job: Job, lease: Lease) -> None:
    """Anchor whatever waits at one place."""
    place = next((place for place in anchors.places() if place_id(place) == job.object_id), None)
    if place is None:
        raise JobFailed("This place is no longer configured.")
    try:
        while anchors.anchor(place) is not None:
            lease.progress(1, 1)
    except StampUnavailable as error:
        raise RetryLater(str(error), _pause(job)) from error
    except VaultError as error:
        if error.retriable:
            raise RetryLater(str(error), _pause(job)) from error
        raise JobFailed(str(error)) from error
    except StampWrong as error:
        raise JobFailed(str(error)) from error
    with lease.finish():
        pass


def _pause(job: Job) -> timedelta:
    return min(timedelta(seconds=30 * 2 ** min(job.attempt, 10)), LONGEST_PAUSE)


@dataclass(frozen=True)
class Place:
    """How far anchoring is at one place."""

    name: str
    last: Anchor | None
    waiting: int
    problem: str

    @property
    def title(self) -> str:
        """The place in words."""
        return "The vault, under object lock" if self.name == anchors.VAULT else f"Time stamps of {self.name}"


def state() -> list[Place]:
    """How far anchoring is, and what failed, at every place."""
    return [_state(place) for place in anchors.places()]


def _state(place: str) -> Place:
    done = anchors.last(place)
    waits = Checkpoint.objects.filter(size__gt=done.size if done else 0).count()
    job = Job.objects.filter(kind=ANCHOR, object_id=place_id(place)).order_by("-created_at").first()
    problem = job.message if job is not None and waits and job.state != Job.State.DONE else ""
    return Place(place, done, waits, problem)
