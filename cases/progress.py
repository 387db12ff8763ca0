"""How far a job is, as a row that asks again until it is done. Rooms say what their jobs are called.

progress.register("evidence.verify", lambda job: "Checking the file of AB/1")
"""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.ui.request import signed_in
from cases.models import Case
from jobs.models import Job

_titles: dict[str, Callable[[Job], str]] = {}


def register(kind: str, title: Callable[[Job], str]) -> None:
    """Name the jobs of a kind for the person who waits."""
    _titles[kind] = title


def row_of(job: Job) -> dict[str, object]:
    """The context of `components/progress.html` for a job."""
    name = _titles.get(job.kind)
    title = name(job) if name else "Working"
    row: dict[str, object] = {"id": f"job-{job.pk}", "title": title, "text": _how_far(job), "value": job.done, "max": job.total}
    if job.is_active:
        row["poll_url"] = reverse("cases:progress", kwargs={"job_id": job.pk})
        row["note"] = job.message
    elif job.state == Job.State.FAILED:
        row["failed"] = f"{job.message or 'It stopped.'} Nothing that was stored has been lost."
    return row


def _how_far(job: Job) -> str:
    if job.state == Job.State.QUEUED:
        return "Waiting"
    if job.state != Job.State.RUNNING:
        return str(job.get_state_display())
    if not job.total or not job.done or job.started_at is None:
        return "Running"
    passed = (timezone.now() - job.started_at).total_seconds()
    left = round(passed * (job.total - job.done) / job.done)
    return f"{job.percent}%, about {duration(left)} left"


def duration(seconds: int) -> str:
    """Seconds in words."""
    if seconds < 90:
        return f"{seconds} {'second' if seconds == 1 else 'seconds'}"
    return f"{round(seconds / 60)} minutes"


@login_required
@never_cache
@require_GET
def progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The row alone, for htmx. The answer that says "done" also tells the page (`job-done`), which may load what is new."""
    mine = Q(case_id__in=Case.objects.visible_to(signed_in(request)).values("pk"))
    job = get_object_or_404(Job.objects.filter(mine), pk=job_id)
    response = render(request, "components/progress.html", row_of(job))
    if not job.is_active:
        response["HX-Trigger"] = "job-done"
    return response
