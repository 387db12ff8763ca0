"""Whose turn it is with a copy and until when. Append-only, all of it: the latest row holds."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from audit.triggers import append_only


class DueDate(models.Model):
    """The day by which a copy is wanted, set when it is asked for; a later row changes it and says why."""

    id = models.BigAutoField(primary_key=True)
    release = models.ForeignKey("redaction.Release", on_delete=models.PROTECT, related_name="due_dates")
    due = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = append_only()
        indexes = [models.Index(fields=["release", "-id"])]

    def __str__(self) -> str:
        return f"{self.release_id} by {self.due}"


class Assignment(models.Model):
    """Who does a task on a copy, or that nobody in particular does any more."""

    class Task(models.TextChoices):
        DECIDE = "decide", "Decide what is redacted"
        APPROVE = "approve", "Approve and release"

    id = models.BigAutoField(primary_key=True)
    release = models.ForeignKey("redaction.Release", on_delete=models.PROTECT, related_name="assignments")
    task = models.CharField(max_length=7, choices=Task)
    to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True, help_text="What whoever takes it over must know")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = append_only()
        indexes = [models.Index(fields=["release", "task", "-id"])]

    def __str__(self) -> str:
        return f"{self.task} {self.release_id}: {self.to_id}"


class Reminder(models.Model):
    """That people were reminded of a day: before it once, after it once."""

    class When(models.TextChoices):
        SOON = "soon", "Due soon"
        LATE = "late", "Overdue"

    id = models.BigAutoField(primary_key=True)
    release = models.ForeignKey("redaction.Release", on_delete=models.PROTECT, related_name="reminders")
    due = models.DateField()
    when = models.CharField(max_length=4, choices=When)
    task = models.CharField(max_length=7, choices=Assignment.Task)
    told = models.PositiveIntegerField(help_text="How many people")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(fields=["release", "due", "when", "task"], name="reminded_once"),
            models.CheckConstraint(condition=Q(when__in=["soon", "late"]), name="reminded_before_or_after"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.when}"
