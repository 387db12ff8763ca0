"""Bundles: what was disclosed to an audience, in one signed file that can be checked without us (docs/bundle-format.md)."""

import uuid
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from accounts.models import User
from bundles import triggers
from bundles.policy import VIEWERS
from cases.models import Case, TeamMember
from evidence.models import Disposal, Exhibit, Verification
from redaction.models import Audience, Release, ReleaseQuerySet, ReleaseState


class BundleQuerySet(models.QuerySet["Bundle"]):
    """Which bundles."""

    def visible_to(self, user: User) -> "BundleQuerySet":
        """Bundles of the cases on which this person takes part in disclosure."""
        mine = TeamMember.objects.filter(user=user, left_at=None, role__in=VIEWERS).values("case_id")
        return self.filter(case__in=Case.objects.visible_to(user).filter(id__in=mine))

    def holding(self, exhibit: Exhibit) -> "BundleQuerySet":
        """Bundles that were made and hold a copy of it."""
        copies = Release.objects.filter(document__exhibit=exhibit).values_list("pk", flat=True)
        inside = [Q(files__contains=[{"kind": "copy", "release": str(pk)}]) for pk in copies]
        return self.filter(reduce(or_, inside, Q(pk__in=())), state=Bundle.State.MADE)


class Bundle(models.Model):
    """One bundle: asked for by a person, made once by a worker, then fixed. The bytes are in the vault by key and version."""

    class State(models.TextChoices):
        ASKED = "asked", "Being made"
        MADE = "made", "Made"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="bundles")
    audience = models.CharField(max_length=8, choices=Audience)
    purpose = models.CharField(max_length=300)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=6, choices=State, default=State.ASKED)
    message = models.CharField(max_length=500, blank=True, help_text="Why it could not be made")
    made_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=100, blank=True)
    version_id = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, help_text="Of the zip")
    files = models.JSONField(default=list, help_text="What is in it, as its bundle.json says")
    events = models.PositiveIntegerField(default=0, help_text="How many events of the log it holds")
    log_size = models.BigIntegerField(default=0, help_text="Events in the log as of the bundle's checkpoint")

    objects = BundleQuerySet.as_manager()

    privileges = {
        "evidence_app": [
            "SELECT",
            "INSERT",
            "UPDATE (state, message, made_at, key, version_id, size, sha256, files, events, log_size)",
        ]
    }

    class Meta:
        ordering = ["-asked_at"]
        triggers = triggers.BUNDLE
        indexes = [models.Index(fields=["case", "-asked_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="made") | Q(sha256__regex=r"^[0-9a-f]{64}$", made_at__isnull=False), name="made_bundle_has_hash"
            ),
        ]

    def __str__(self) -> str:
        return f"Bundle for the {self.get_audience_display()}"

    @property
    def name(self) -> str:
        """The folder inside the zip, and the zip's name without its ending. Says nothing of the case."""
        return f"bundle-{self.pk}"

    def recalled(self) -> list[str]:
        """References of copies in it that have been recalled since: such a bundle may not be handed out any more."""
        gone = self._releases().in_states(ReleaseState.State.RECALLED)
        return sorted(gone.values_list("document__exhibit__reference", flat=True))

    def fenced(self) -> list[str]:
        """References of copies in it whose exhibit is fenced: such a bundle is not handed out until the fence is lifted."""
        closed = self._releases().exclude(document__exhibit__fence="")
        return sorted(closed.values_list("document__exhibit__reference", flat=True))

    def disposed(self) -> list[str]:
        """References of copies in it whose exhibit is disposed of, or about to be: its own file goes too, the row stays."""
        going = Disposal.objects.filter(state__in=(Disposal.State.APPROVED, Disposal.State.DONE)).values("exhibit")
        gone = self._releases().filter(document__exhibit__in=going)
        return sorted(gone.values_list("document__exhibit__reference", flat=True))

    def _releases(self) -> ReleaseQuerySet:
        return Release.objects.filter(pk__in=[entry["release"] for entry in self.files if entry["kind"] == "copy"])

    def last_check(self) -> "BundleCheck | None":
        """The newest check of its bytes that came to an end; None before the first."""
        return self.checks.first()

    def is_damaged(self) -> bool:
        """Whether the last check that could be made found other bytes than were made: such a bundle is not handed out."""
        last = self.checks.exclude(result=Verification.Result.UNCHECKED).first()
        return last is not None and last.result in Verification.DAMAGE


class BundleCheck(models.Model):
    """One check of a bundle's bytes against its hash, as exhibits' files are checked. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="checks")
    at = models.DateTimeField(auto_now_add=True)
    result = models.CharField(max_length=10, choices=Verification.Result)
    found = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="What the store said, or why it was read twice")

    privileges = "append"

    class Meta:
        ordering = ["-at"]
        triggers = triggers.CHECK
        indexes = [models.Index(fields=["bundle", "-at"])]

    def __str__(self) -> str:
        return f"{self.get_result_display()} at {self.at:%d/%m/%Y %H:%M}"
