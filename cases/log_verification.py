"""Verifying the log in a worker. The result is itself an event, `log.verified`, so nobody can say later that it was another."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse

from accounts.models import Role, User
from audit.actions import SYSTEM, acting, record
from audit.findings import Report
from audit.models import Event
from audit.verify import verify
from cases.log_actions import VERIFY
from cases.log_policy import Scope
from cases.models import Case
from cases.notify import notify, notify_team
from jobs.actions import Lease, handler
from jobs.models import Job

VERIFIED = "log.verified"
# An event is no place for a million findings; how many there were is always said
KEPT = 200


@handler(VERIFY)
def run(job: Job, lease: Lease) -> None:
    """Verify one case's log, or the whole log for a force's auditors; record what was found and tell whom it concerns."""
    with _telling(lease) as progress:
        report = verify(job.case_id, progress=progress)
    with lease.finish(), acting():
        case = Case.objects.get(pk=job.case_id) if job.case_id else None
        _record(report, case, job.object_id)
        if not report.holds:
            _tell(report, case, job.object_id)


@contextmanager
def _telling(lease: Lease) -> Iterator[Callable[[int, int], None]]:
    """Report progress over another connection: the verification's own is in a transaction that sees one moment of the log."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        try:
            yield lambda done, total: beside.submit(lease.progress, done, total).result()
        finally:
            beside.submit(connection.close)


def _record(report: Report, case: Case | None, object_id: UUID) -> None:
    found = report.findings[:KEPT]
    record(
        VERIFIED,
        actor=SYSTEM,
        case_id=case.pk if case else None,
        organisation_id=case.organisation_id if case else object_id,
        object_type="case" if case else "organisation",
        object_id=object_id,
        after={
            "outcome": "holds" if report.holds else "does_not_hold",
            "events": report.events,
            "details": report.details,
            "details_removed": report.disposed,
            "checkpoints": report.checkpoints,
            "pending": report.pending,
            "leaves": report.size,
            "root": report.root.hex(),
            "findings": report.total,
        },
        detail={
            "findings": [
                {"kind": one.kind, "message": one.message, "event": str(one.event_id or ""), "leaf": one.leaf_index}
                for one in found
            ]
        },
    )


def _tell(report: Report, case: Case | None, object_id: UUID) -> None:
    organisation = case.organisation_id if case else object_id
    auditors = User.objects.filter(organisation=organisation, grants__role=Role.AUDITOR)
    findings = f"{report.total} finding{'s' if report.total != 1 else ''}"
    if case is None:
        notify(auditors, f"The log does not hold: {findings}", reverse("cases:audit_verify"), important=True)
        return
    text, url = f"The log of {case} does not hold: {findings}", reverse("cases:log_verify", kwargs={"case_id": case.pk})
    notify_team(case, text, url, roles=[Role.INVESTIGATOR, Role.SUPERVISOR], important=True)
    notify(auditors, text, url, important=True)


@dataclass(frozen=True)
class Verification:
    """One verification that was done, as the log has it."""

    event: Event

    @property
    def at(self) -> datetime:
        """When its result was recorded."""
        at: datetime = self.event.at
        return at

    @property
    def facts(self) -> dict[str, Any]:
        """Outcome and counts."""
        return self.event.after or {}

    @property
    def holds(self) -> bool:
        """Whether nothing wrong was found."""
        return bool(self.facts["outcome"] == "holds")

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What was found: kind, message, event and leaf; at most `KEPT`."""
        detail = getattr(self.event, "detail", None)
        found: list[dict[str, Any]] = detail.facts["findings"] if detail else []
        return found

    @property
    def more(self) -> int:
        """How many findings were counted and not kept."""
        return max(int(self.facts["findings"]) - KEPT, 0)


def latest(scope: Scope, count: int = 10) -> list[Verification]:
    """The newest verifications of this part of the log."""
    events = Event.objects.about(scope.object_type, scope.object_id).filter(verb=VERIFIED)
    return [Verification(event) for event in events.newest_first().with_detail()[:count]]


def current_job(scope: Scope) -> Job | None:
    """The last verification that was asked for, if it hasn't ended well: waiting, running or failed."""
    job = Job.objects.filter(kind=VERIFY, object_id=scope.object_id).order_by("-created_at").first()
    return job if job is not None and job.state != Job.State.DONE else None
