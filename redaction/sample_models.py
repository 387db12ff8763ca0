"""Pages that an approver reads whole, drawn at random where little is proposed: there stands what a machine missed. Append-only."""

from django.db import models

from accounts.models import User
from redaction import triggers


class Sample(models.Model):
    """The pages drawn when a copy was sent for approval. Whoever checks draws the same again by the seed."""

    asked = models.OneToOneField("redaction.ReleaseState", on_delete=models.PROTECT, related_name="sample")
    release = models.ForeignKey("redaction.Release", on_delete=models.PROTECT, related_name="samples")
    seed = models.CharField(max_length=32)
    few = models.PositiveIntegerField(help_text="Pages with at most so many proposals were drawn from")
    candidates = models.PositiveIntegerField(help_text="How many such pages there were")
    pages = models.JSONField(default=list, help_text="Indexes from 0")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        triggers = triggers.APPEND_ONLY

    def __str__(self) -> str:
        return f"{len(self.pages)} pages of {self.release_id}"


class SampleRead(models.Model):
    """That somebody who neither drew nor decided in the document read a page of a sample whole."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="reads")
    page = models.PositiveIntegerField(help_text="Index from 0")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["page"]
        triggers = triggers.SAMPLE_READ
        constraints = [models.UniqueConstraint(fields=["sample", "page"], name="sample_page_read_once")]

    def __str__(self) -> str:
        return f"Page {self.page + 1}"
