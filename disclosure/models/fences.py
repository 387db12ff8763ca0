"""Fences: that an exhibit may be legally privileged, or above OFFICIAL-SENSITIVE, and the way it has gone since.

From the moment one is raised, nobody on the team reads the content of the exhibit (`evidence.fencing`). All of it is append-only.
"""

import uuid

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from disclosure import fence_triggers
from disclosure.models.items import Item, cases_for
from disclosure.policy import SENSITIVE_VIEWERS, VIEWERS
from evidence.models import Exhibit


class FenceQuerySet(models.QuerySet["Fence"]):
    """Which fences."""

    def visible_to(self, user: User) -> "FenceQuerySet":
        """Those of the cases on which this person takes part in disclosure; why something is above the marking, for fewer."""
        sensitive = Q(exhibit__case__in=cases_for(user, SENSITIVE_VIEWERS))
        return self.filter(sensitive | Q(kind=Fence.Kind.PRIVILEGE, exhibit__case__in=cases_for(user, VIEWERS)))

    def with_step(self) -> "FenceQuerySet":
        """Read each one's latest step in the same query."""
        latest = FenceStep.objects.filter(fence=OuterRef("pk")).order_by("-id")
        return self.annotate(latest_step=Coalesce(Subquery(latest.values("kind")[:1]), models.Value("")))


class Fence(models.Model):
    """Why an exhibit is closed to the team: raised by whoever met it, about the whole or a part of it. Append-only."""

    class Kind(models.TextChoices):
        PRIVILEGE = "privilege", "It may be legally privileged"
        SECRET = "secret", "It may be above OFFICIAL-SENSITIVE (SECRET, TOP SECRET, an informant, an intercept)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="fences")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="fences")
    kind = models.CharField(max_length=9, choices=Kind)
    reason = models.TextField(help_text="From what it shows, without saying what it says")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    # By `with_step`
    latest_step: str

    objects = FenceQuerySet.as_manager()

    privileges = "append"

    class Meta:
        ordering = ["at", "id"]
        triggers = fence_triggers.FENCE
        constraints = [models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="fence_has_a_reason")]

    def __str__(self) -> str:
        return f"Fence of {self.exhibit_id}"

    @property
    def case_id(self) -> uuid.UUID:
        """The case, for the rules of access."""
        return self.exhibit.case_id

    @property
    def step(self) -> str:
        """The latest step: from `with_step()`, else one query; empty before the first."""
        if not hasattr(self, "latest_step"):
            self.latest_step = self.steps.order_by("-id").values_list("kind", flat=True).first() or ""
        return self.latest_step

    @property
    def is_lifted(self) -> bool:
        """Whether it no longer closes the exhibit."""
        return self.step in fence_triggers.LIFTED

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet what becomes of it."""
        return self.step in ("", FenceStep.Kind.INSTRUCTED)

    @property
    def standing(self) -> str:
        """Where it is in its route, in words."""
        if self.step:
            return str(FenceStep.Kind(self.step).label)
        return "Independent counsel to be instructed" if self.kind == self.Kind.PRIVILEGE else "With the supervisor"


class FenceStep(models.Model):
    """A step of a fence's route: who said what of it, on which day, and who entered it. Append-only; the latest holds."""

    class Kind(models.TextChoices):
        INSTRUCTED = "instructed", "Independent counsel instructed"
        PRIVILEGED = "privileged", "Privileged"
        IN_PART = "in_part", "Privileged in part"
        NOT_PRIVILEGED = "not_privileged", "Not privileged"
        MOVED = "moved", "Handed to secure handling"
        CLEARED = "cleared", "Not above OFFICIAL-SENSITIVE"

    DETERMINED = (Kind.PRIVILEGED, Kind.IN_PART, Kind.NOT_PRIVILEGED)

    id = models.BigAutoField(primary_key=True)
    fence = models.ForeignKey(Fence, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=14, choices=Kind)
    person = models.CharField(max_length=160, blank=True, help_text="Counsel who is instructed or has determined; who took it over")
    body = models.CharField(max_length=200, blank=True, help_text="Counsel's chambers; the unit that took it over")
    on = models.DateField(help_text="The day on which it happened")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = fence_triggers.STEP
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["instructed", "moved"]) | Q(person__regex=r"\S", body__regex=r"\S"), name="step_names_who"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["privileged", "in_part", "not_privileged", "cleared"]) | Q(reason__regex=r"\S"),
                name="step_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["privileged", "in_part", "not_privileged"]) | Q(person__regex=r"\S"),
                name="somebody_determined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fence_id}: {self.kind}"
