"""Schedules, their versions, rows, numbers and certificates (CPIA 1996 Code of Practice; DOMAIN sections 2 and 6).

State changes and certificates are rows beside what they concern, never columns in it, and append-only.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from accounts.models import User
from audit.triggers import append_only
from cases.models import Case
from disclosure import triggers
from disclosure.models.blocks import Block
from disclosure.models.items import Item, cases_for
from disclosure.policy import SENSITIVE_VIEWERS, VIEWERS


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    """Which schedules."""

    def visible_to(self, user: User) -> "ScheduleQuerySet":
        """Schedules of the cases on which this person takes part in disclosure; sensitive ones for fewer people."""
        sensitive = Q(kind__in=RESTRICTED)
        return self.filter(Q(case__in=cases_for(user, SENSITIVE_VIEWERS)) | Q(~sensitive, case__in=cases_for(user, VIEWERS)))


class Schedule(models.Model):
    """A schedule of a case. Later schedules of the same kind go on with the numbers (`ordinal` 2, 3, ...)."""

    class Kind(models.TextChoices):
        MG6C = "MG6C", "MG6C (non-sensitive unused)"
        MG6D = "MG6D", "MG6D (sensitive unused)"
        MG6E = "MG6E", "MG6E (disclosure officer's report)"
        SDC = "SDC", "SDC (streamlined disclosure certificate)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="schedules")
    kind = models.CharField(max_length=4, choices=Kind)
    ordinal = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScheduleQuerySet.as_manager()

    privileges = "append"

    class Meta:
        ordering = ["kind", "ordinal"]
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["case", "kind", "ordinal"], name="schedule_once")]

    def __str__(self) -> str:
        return self.kind if self.ordinal == 1 else f"{self.kind} ({self.ordinal})"

    @property
    def is_sensitive(self) -> bool:
        """Whether it says why something is sensitive."""
        return self.kind == self.Kind.MG6D

    @property
    def is_restricted(self) -> bool:
        """Whether it is for the prosecutor only: an MG6D, and an MG6E, which speaks of what stands there."""
        return self.kind in RESTRICTED


RESTRICTED: tuple[str, ...] = (Schedule.Kind.MG6D, Schedule.Kind.MG6E)
_one_of_two = Q(item__isnull=False, block__isnull=True) | Q(item__isnull=True, block__isnull=False)


class ScheduleNumber(models.Model):
    """The number of an item or a block on a kind of schedule, fixed when a version with it is first certified.

    Dense, never reused. Append-only.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=Schedule.Kind)
    number = models.PositiveIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="numbers")
    block = models.ForeignKey(Block, on_delete=models.PROTECT, null=True, related_name="numbers")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["number"]
        triggers = triggers.NUMBER
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "number"], name="schedule_number_never_reused"),
            models.UniqueConstraint(fields=["kind", "item"], name="item_has_one_number"),
            models.UniqueConstraint(fields=["kind", "block"], name="block_has_one_number"),
            models.CheckConstraint(condition=_one_of_two, name="number_of_an_item_or_a_block"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class ScheduleVersionQuerySet(models.QuerySet["ScheduleVersion"]):
    """Which versions, with their state."""

    def visible_to(self, user: User) -> "ScheduleVersionQuerySet":
        """Versions of the schedules that this person sees."""
        return self.filter(schedule__in=Schedule.objects.visible_to(user))

    def with_state(self) -> "ScheduleVersionQuerySet":
        """Read each version's state in the same query."""
        latest = VersionState.objects.filter(version=OuterRef("pk")).order_by("-id")
        return self.annotate(latest_state=Subquery(latest.values("state")[:1]))


class ScheduleVersion(models.Model):
    """One version of a schedule. Its state is its latest `VersionState`; once certified its rows can't change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScheduleVersionQuerySet.as_manager()

    privileges = "append"

    class Meta:
        ordering = ["number"]
        triggers = triggers.VERSION
        constraints = [models.UniqueConstraint(fields=["schedule", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.schedule} version {self.number}"

    @property
    def case_id(self) -> uuid.UUID:
        """The case, for whoever asks about permissions."""
        return self.schedule.case_id

    @property
    def state(self) -> str:
        """The state now: from `with_state()`, else one query."""
        if not hasattr(self, "latest_state"):
            self.latest_state = self.states.order_by("-id").values_list("state", flat=True).first() or ""
        return str(self.latest_state or "")

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(VersionState.State(self.state).label) if self.state else ""

    @property
    def is_open(self) -> bool:
        """Not certified yet."""
        return self.state in OPEN_STATES

    def authors(self) -> set[uuid.UUID]:
        """Who made it, or wrote or changed a row of it: none of them may check it."""
        return {self.created_by_id, *self.edits.values_list("by_id", flat=True)}


class VersionState(models.Model):
    """A change of a version's state: to what, by whom, why. Append-only; the latest holds."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_QA = "in_qa", "With the supervisor"
        CHECKED = "checked", "Checked by the supervisor"
        CERTIFIED = "certified", "Certified"
        SUBMITTED = "submitted", "Submitted"
        UNDER_REVIEW = "under_review", "Under prosecutor review"
        RETURNED = "returned", "Returned"
        ENDORSED = "endorsed", "Endorsed"
        SERVED = "served", "Served"
        SUPERSEDED = "superseded", "Superseded"

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ScheduleVersion, on_delete=models.PROTECT, related_name="states")
    state = models.CharField(max_length=12, choices=State)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    decided_by = models.CharField(
        max_length=160, blank=True, db_default="", help_text="The prosecutor, where an officer enters what they decided"
    )
    source_document = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Where the prosecutor's decision stands"
    )
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = triggers.STATE

    def __str__(self) -> str:
        return f"{self.version_id} {self.state}"


OPEN_STATES: tuple[str, ...] = (VersionState.State.DRAFT, VersionState.State.IN_QA, VersionState.State.CHECKED)


class Row(models.Model):
    """A row of a version, of an item or of a block. A row withdrawn later prints only "withdrawn". `edited_by` wrote the words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(ScheduleVersion, on_delete=models.PROTECT, related_name="rows")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="rows")
    block = models.ForeignKey(Block, on_delete=models.PROTECT, null=True, related_name="rows")
    position = models.PositiveIntegerField(
        null=True,
        help_text="The number, provisional until the version is certified; none for a row withdrawn before it had one",
    )
    description = models.TextField("description and relevance", blank=True)
    location = models.CharField(max_length=200, blank=True)
    sensitivity_reason = models.TextField("reason for sensitivity (MG6D)", blank=True)
    withdrawn = models.BooleanField(default=False)
    edited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(auto_now=True)

    # By `manifests.put_on`: of a block, what it holds, as one text
    manifest_text: str = ""

    class Meta:
        ordering = ["position", "id"]
        triggers = triggers.ROW
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(description="", location="", sensitivity_reason=""),
                name="withdrawn_row_says_nothing",
            ),
            models.UniqueConstraint(fields=["version", "item"], name="item_once_per_version"),
            models.UniqueConstraint(fields=["version", "block"], name="block_once_per_version"),
            models.CheckConstraint(condition=_one_of_two, name="row_of_an_item_or_a_block"),
            models.UniqueConstraint(
                fields=["version", "position"], name="position_once_per_version", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"

    @property
    def key(self) -> uuid.UUID:
        """What it is of, an item or a block: the same in every version."""
        return self.item_id or self.block_id  # type: ignore[return-value]  # a constraint

    @property
    def case_id(self) -> uuid.UUID:
        """The case, for whoever asks about permissions."""
        return self.version.case_id


class Explanation(models.Model):
    """Why an author lets words stand that the lint asks about: for these words of a row and no others. Append-only."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="explanations")
    block = models.ForeignKey(Block, on_delete=models.PROTECT, null=True, related_name="explanations")
    kind = models.CharField(max_length=4, choices=Schedule.Kind)
    rule = models.CharField(max_length=40, help_text="The id of a rule of docs/lint-rules.md")
    sha256 = models.CharField(max_length=64, help_text="SHA-256 of the description that it is about")
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="explanation_says_something"),
            models.CheckConstraint(condition=_one_of_two, name="explanation_of_an_item_or_a_block"),
        ]
        indexes = [models.Index(fields=["item", "kind"])]

    def __str__(self) -> str:
        return f"{self.rule} of {self.item_id or self.block_id}"


class RowEdit(models.Model):
    """Who wrote or changed a row, and what. Written by a trigger on `Row`, so it can't be left out. Append-only."""

    id = models.BigAutoField(primary_key=True)
    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="edits")
    version = models.ForeignKey(ScheduleVersion, on_delete=models.PROTECT, related_name="edits")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField(null=True)
    after = models.JSONField()

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = triggers.ROW_EDIT

    def __str__(self) -> str:
        return f"{self.row_id} by {self.by_id}"


def _certified(member: str) -> Any:
    """A stored column that PostgreSQL fills from a member of the certified text."""
    text = models.TextField()
    template = f"coalesce((%(expressions)s)::jsonb ->> '{member}', '')"
    expression = models.Func(models.F("content"), template=template, output_field=text)
    return models.GeneratedField(expression=expression, output_field=text, db_persist=True)


class Certificate(models.Model):
    """The DO's certificate of a version: the words certified, and the SHA-256 of the version's canonical content. Append-only."""

    version = models.OneToOneField(ScheduleVersion, on_delete=models.PROTECT, primary_key=True, related_name="certificate")
    statement = models.TextField()
    content = models.TextField(help_text="The version's content as RFC 8785 JSON, as it was hashed")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    # What a page says beside the rows, so that it needn't read a text as long as the schedule
    unexamined = _certified("unexamined")
    signed_name = _certified("certified_by")
    signed_role = _certified("certified_as")

    privileges = "append"

    class Meta:
        triggers = triggers.CERTIFICATE

    def __str__(self) -> str:
        return self.sha256


class CertifiedRow(models.Model):
    """A row of a certified text, member for member. Taken out of it by a trigger as the certificate is signed; append-only.

    So that a page of a long schedule shows the certified words without reading the whole text.
    """

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ScheduleVersion, on_delete=models.PROTECT, related_name="certified_rows", db_index=False)
    number = models.PositiveIntegerField()
    said = models.JSONField()

    privileges = "append"

    class Meta:
        ordering = ["number"]
        triggers = triggers.CERTIFIED_ROW
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="certified_row_once")]

    def __str__(self) -> str:
        return str(self.number)
