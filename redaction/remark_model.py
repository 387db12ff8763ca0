"""Remarks: what people say to each other about a place, which is in no copy, no redaction log and no event."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import User
from redaction import triggers


class Remark(models.Model):
    """A remark on a page, a proposal or an area of it, or an answer to one. Append-only.

    With a `release` it is the approver's, made while that release was with them: it has to be settled before the release goes
    to an approver again. It is settled by an answer that says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey("redaction.Document", on_delete=models.PROTECT, related_name="remarks")
    release = models.ForeignKey("redaction.Release", on_delete=models.PROTECT, null=True, related_name="remarks")
    page = models.PositiveIntegerField(help_text="Index from 0")
    proposal = models.ForeignKey("redaction.Proposal", on_delete=models.PROTECT, null=True, related_name="remarks")
    box = models.JSONField(null=True, help_text="[x0, y0, x1, y1] in points; null for a proposal or a whole page")
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answered_by")
    settles = models.BooleanField(default=False)
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["at"]
        triggers = triggers.APPEND_ONLY
        indexes = [models.Index(fields=["document", "at"])]
        constraints = [
            models.CheckConstraint(condition=Q(settles=False) | Q(answers__isnull=False), name="only_an_answer_settles"),
            models.CheckConstraint(condition=~Q(text="") | Q(settles=True), name="remark_says_something"),
        ]

    def __str__(self) -> str:
        return f"Remark on page {self.page + 1}"
