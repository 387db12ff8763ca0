"""What people do with the log, each of which the log records: read it, look at a proof, open details, have it verified.

DPA 2018 s.62: who consulted what, when, and, as far as can be, why.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from audit.actions import record, recorded
from audit.models import Event, EventDetail
from cases import log_closed
from cases.log_policy import Scope
from jobs import actions as jobs
from jobs.models import Job

VERIFY = "log.verify"
SHORTEST_REASON = 5


@recorded
def view_log(user: User, scope: Scope, filters: Mapping[str, Any]) -> None:
    """Record that somebody reads the log, and how they narrowed it. Call it before anything is shown."""
    scope.require(user, "cases.view_log")
    _record("log.viewed", user, scope, detail={"filters": {name: str(value) for name, value in filters.items()}})


@recorded
def export_log(user: User, scope: Scope, filters: Mapping[str, Any], *, count: int, form: str) -> None:
    """Record that somebody takes the log away as CSV or PDF, and what it was narrowed by. Call it before anything is sent."""
    scope.require(user, "cases.view_log")
    chosen = {name: str(value) for name, value in filters.items()}
    _record("log.exported", user, scope, after={"form": form, "events": count}, detail={"filters": chosen})


@recorded
def view_proof(user: User, scope: Scope, event: Event) -> None:
    """Record that somebody looks at one event and its proof."""
    scope.require(user, "cases.view_log")
    _record("proof.viewed", user, scope, event=event, after={"event": event.pk})


@recorded
def take_proof(user: User, scope: Scope, event: Event) -> None:
    """Record that somebody takes an event's proof away, as a file or by the API."""
    scope.require(user, "cases.view_log")
    _record("proof.taken", user, scope, event=event, after={"event": event.pk})


@recorded
def take_consistency(user: User, scope: Scope, first: int, second: int) -> None:
    """Record that somebody takes the proof between two checkpoints away. It says nothing of any event: whoever is signed in may."""
    _record("consistency.taken", user, scope, after={"first": first, "second": second})


@recorded
def open_details(user: User, scope: Scope, events: Sequence[Event], *, reason: str) -> dict[Any, EventDetail]:
    """Open the details of these events, for a reason that the log keeps; by event id. What was removed by law isn't there.

    Of details that are for fewer people (`log_closed`) only the actor is given.
    """
    scope.require(user, "cases.open_log_details")
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError({"reason": "Enter why you need to see the details"})
    ids = [event.pk for event in events]
    closed = log_closed.closed_to(user, events)
    after = {"events": [event_id for event_id in ids if event_id not in closed]}
    _record("log.details_opened", user, scope, after=after, detail={"reason": reason.strip()})
    return {
        detail.event_id: log_closed.without_facts(detail) if detail.event_id in closed else detail
        for detail in EventDetail.objects.filter(event__in=ids)
    }


@recorded
def ask_verification(user: User, scope: Scope) -> Job:
    """Have the case's log, or for an auditor the whole log, verified by a worker; the job under way if one is."""
    scope.require(user, "cases.verify_log")
    job = jobs.enqueue(VERIFY, scope.object_id, queue="quick", case_id=scope.case.pk if scope.case else None)
    _record("log.verification_asked", user, scope, after={"job": job.pk})
    return job


def _record(verb: str, user: User, scope: Scope, *, event: Event | None = None, **fields: Any) -> None:
    record(
        verb,
        actor=user.as_actor(),
        case_id=scope.case.pk if scope.case else event.case_id if event else None,
        organisation_id=scope.organisation.pk,
        object_type="event" if event else scope.object_type,
        object_id=event.pk if event else scope.object_id,
        **fields,
    )
