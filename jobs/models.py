"""Work for the workers: the row is the truth, a message only says "look at job N" (docs/architecture.md, decision 1)."""

import uuid

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of background work on one object. `attempt` rises with each claim; a result counts only for the current one."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    ACTIVE = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    object_id = models.UUIDField()
    case_id = models.UUIDField(null=True, help_text="Whose team may see its progress")
    queue = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=5)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0, help_text="In the unit of the work (bytes, pages); 0 when not known yet")
    message = models.CharField(max_length=500, blank=True, help_text="Why it failed or waits, in words for a person")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                condition=Q(state__in=["queued", "running"]),
                name="job_one_active_per_object",
            )
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"], condition=Q(state__in=["queued", "running"]), name="job_active"),
            models.Index(fields=["object_id", "-created_at"], name="job_by_object"),
            models.Index(fields=["kind", "created_at"], condition=Q(state="queued"), name="job_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} ({self.state}, attempt {self.attempt})"

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
