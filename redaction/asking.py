"""Asking for copies of a whole case, or of what is chosen of it, as one piece of work with one line that says how far it is."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.policy import require
from audit.actions import recorded
from cases.models import Case
from cases.progress import duration, row_of
from evidence.models import Blob, Copy, Exhibit
from jobs.models import Job
from redaction.actions import PROPOSE, source_for, start
from redaction.deciding import lock
from redaction.models import Audience, Document, Release

MOST = 2000
"""Files looked at for how far the reading is, the latest first."""


class LeftOut(NamedTuple):
    """An exhibit of which no copy can be asked for, and why."""

    exhibit: Exhibit
    why: str


@dataclass(frozen=True)
class Asked:
    """What came of it."""

    releases: Sequence[Release]
    left_out: Sequence[LeftOut]


def askable(case: Case) -> QuerySet[Exhibit]:
    """Exhibits whose file is verified and may be of a type that can be redacted here; the engine looks at its content."""
    blobs = Blob.objects.filter(copy__exhibit__case=case, copy__kind=Copy.Kind.MASTER, state=Blob.State.VERIFIED)
    heard = Q(media_type__startswith="audio/") | Q(media_type__startswith="video/") | Q(media_type="application/octet-stream")
    return case.exhibits.filter(fence="", pk__in=blobs.exclude(heard).values("copy__exhibit"))


@recorded
def start_many(
    user: User, case: Case, exhibits: Iterable[Exhibit], *, audience: str, purpose: str = "", due: dt.date | None = None
) -> Asked:
    """Ask for a copy of each of these exhibits of a case by the same day. One of which none can be had is left out, and named.

    Each has an event of its own, as if it had been asked for alone. ValidationError if none of them can be.
    """
    require(user, "redaction.ask", case)
    if audience not in Audience.values:
        raise ValidationError({"audience": "Select who the copies are for"})
    chosen = case.exhibits.filter(pk__in=[exhibit.pk for exhibit in exhibits]).select_related("case").order_by("pk")
    made, left_out = list[Release](), list[LeftOut]()
    lock(*Document.objects.filter(exhibit__in=chosen))
    for exhibit in chosen.select_for_update(of=("self",)):
        if why := _hindrance(exhibit, audience):
            left_out.append(LeftOut(exhibit, why))
        else:
            made.append(start(user, exhibit, audience=audience, purpose=purpose, due=due)[1])
    if not made:
        reasons = sorted({why for _, why in left_out})
        raise ValidationError({"exhibits": reasons or "Select at least one exhibit"})
    return Asked(made, left_out)


def _hindrance(exhibit: Exhibit, audience: str) -> str:
    if exhibit.fence:
        return "It is closed to the team"
    try:
        source_for(exhibit, audience)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def progress(case: Case) -> dict[str, Any]:
    """How far the reading of all that was asked for together is, for `components/progress.html`; empty while nothing is read.

    Together is what was asked for before the rest of it was read, however many pressed a button.
    """
    jobs, begun = list[Job](), timezone.now()
    asked = Job.objects.filter(kind=PROPOSE, case_id=case.pk).exclude(state=Job.State.CANCELLED)
    for job in asked.order_by("-created_at")[:MOST]:
        if job.is_active or (job.finished_at is not None and job.finished_at > begun and jobs):
            jobs.append(job)
            begun = min(begun, job.created_at)
        elif job.created_at >= begun:
            jobs.append(job)
    left = sum(job.is_active for job in jobs)
    if not left:
        return {}
    if len(jobs) == 1:
        return row_of(jobs[0])
    done = len(jobs) - left
    text = f"{done} of {len(jobs)} files read"
    if done:
        text += f", about {duration(round((timezone.now() - begun).total_seconds() * left / done))} left"
    return {
        "id": "case-reading",
        "title": "Reading files and looking for what might be redacted",
        "text": text,
        "value": done,
        "max": len(jobs),
        "poll_url": reverse("redaction:case_reading", args=[case.pk]),
    }
