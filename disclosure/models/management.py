"""The documents that manage an investigation (IMD) and its disclosure (DMD): what officers wrote for them, and their versions.

Append-only, all of it. What the case knows itself is not kept here: it is read when a version is issued (`managing_content`).
"""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import User
from audit.triggers import append_only
from cases.models import Case
from disclosure import management_triggers
from disclosure.models.items import cases_for
from disclosure.policy import VIEWERS


class ManagementEntry(models.Model):
    """What an officer wrote in a section; the latest of a section and thread holds.

    `thread` tells the entries of a section apart that has many: a device's is its exhibit's id. `withdrawn` takes one out.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="management_entries")
    section = models.CharField(max_length=20)
    thread = models.UUIDField(default=uuid.uuid4)
    values = models.JSONField(help_text="The section's fields and their texts")
    withdrawn = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = append_only()
        indexes = [models.Index(fields=["case", "section", "thread"])]

    def __str__(self) -> str:
        return f"{self.section} of {self.case_id}"


class ManagementQuerySet(models.QuerySet["ManagementDocument"]):
    """Which versions."""

    def visible_to(self, user: User) -> "ManagementQuerySet":
        """Those of the cases on which this person takes part in disclosure."""
        return self.filter(case__in=cases_for(user, VIEWERS))


class ManagementDocument(models.Model):
    """An issued version: its content as it was signed, with its SHA-256."""

    class Kind(models.TextChoices):
        DMD = "DMD", "Disclosure Management Document"
        IMD = "IMD", "Investigation Management Document"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="management_documents")
    kind = models.CharField(max_length=3, choices=Kind)
    number = models.PositiveIntegerField()
    content = models.TextField(help_text="RFC 8785 JSON, as it was hashed")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ManagementQuerySet.as_manager()

    privileges = "append"

    class Meta:
        ordering = ["kind", "-number"]
        triggers = management_triggers.MANAGEMENT
        constraints = [models.UniqueConstraint(fields=["case", "kind", "number"], name="management_version_once")]

    def __str__(self) -> str:
        return f"{self.kind} version {self.number}"


class ManagementService(models.Model):
    """That a version of the DMD was served, and what the defence observed (CrimPR 15.2)."""

    class To(models.TextChoices):
        DEFENCE = "defence", "Served on the defendant"
        COURT = "court", "Served on the court officer"
        OBSERVED = "observed", "The defence made observations"

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(ManagementDocument, on_delete=models.PROTECT, related_name="services")
    to = models.CharField(max_length=8, choices=To)
    on = models.DateField()
    observations = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["on", "id"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(condition=~Q(to="observed") | Q(observations__regex=r"\S"), name="observations_say_something"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.to}"
