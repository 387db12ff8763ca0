"""How long a case's exhibits are kept, what holds them, and how they end: asked for, approved by another, removed, remembered."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from cases.models import Case, RetentionRule
from evidence import keeping_triggers as triggers


class Retention(models.Model):
    """Until when a rule keeps a case's material, as a person worked it out. Append-only: the latest of each rule counts, and
    of all rules the longest.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="retentions")
    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(help_text="The last day on which it must be kept")
    reason = models.TextField(help_text="From what the day follows")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["-at"]
        triggers = triggers.APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.rule}: until {self.until:%d/%m/%Y}"


class Hold(models.Model):
    """Nothing of the case may be disposed of while it stands: litigation, an appeal, a complaint, an inquiry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField()
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.TextField(blank=True)

    class Meta:
        ordering = ["-placed_at"]
        triggers = triggers.HOLD
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because=""),
                name="hold_lifted_by_someone_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Hold on {self.case_id}"


class DisposalQuerySet(models.QuerySet["Disposal"]):
    """Which disposals."""

    def visible_to(self, user: User) -> "DisposalQuerySet":
        """Those in the cases whose team this person is on now."""
        return self.filter(exhibit__case__in=Case.objects.visible_to(user))

    def under_way(self) -> "DisposalQuerySet":
        """Those asked for or approved, and not done."""
        return self.filter(state__in=Disposal.UNDER_WAY)


class Disposal(models.Model):
    """The disposal of an exhibit's stored bytes: one person asks, another approves, then a worker removes them."""

    class State(models.TextChoices):
        ASKED = "asked", "Waiting for approval"
        APPROVED = "approved", "Approved, being removed"
        REFUSED = "refused", "Refused"
        DONE = "done", "Disposed of"

    UNDER_WAY = (State.ASKED, State.APPROVED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exhibit = models.ForeignKey("evidence.Exhibit", on_delete=models.PROTECT, related_name="disposals")
    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="+", help_text="The class that was reached last")
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_because = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    objects = DisposalQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        triggers = triggers.DISPOSAL
        constraints = [
            models.UniqueConstraint(
                fields=["exhibit"], condition=Q(state__in=["asked", "approved"]), name="one_disposal_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "done"]) | Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="disposal_takes_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"Disposal of {self.exhibit_id} ({self.state})"

    @property
    def case_id(self) -> uuid.UUID:
        """The case it belongs to, for the rules of access."""
        return self.exhibit.case_id


class Tombstone(models.Model):
    """What stays of bytes that were disposed of: which they were, who had them removed, when and why. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blob = models.OneToOneField("evidence.Blob", on_delete=models.PROTECT, related_name="tombstone")
    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="tombstones")
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.BigIntegerField()
    asked_by = models.CharField(max_length=300, help_text="The person as they were named then")
    approved_by = models.CharField(max_length=300, help_text="The person as they were named then")
    rule = models.CharField(max_length=120)
    reason = models.TextField()
    removed_at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["removed_at"]
        triggers = triggers.TOMBSTONE

    def __str__(self) -> str:
        return f"Tombstone of {self.blob_id}"
