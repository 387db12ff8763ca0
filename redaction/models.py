"""Redaction: what is proposed, decided, approved, burnt in, checked and released (DOMAIN section 5).

A document has one set of proposals and decisions; a release is per audience, with its own approval. Place = page index (from 0) and
box in points from the top left of the rotated crop box; text offsets are Unicode code points. No row holds a redacted word.
"""

import datetime
import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.models import Role, User
from cases.models import Case, Person, TeamMember
from evidence.models import Blob, Copy, Exhibit
from redaction import triggers
from redaction.held_models import TestAnswer, TestQuestion
from redaction.queue_models import Assignment, DueDate, Reminder
from redaction.sample_models import Sample, SampleRead

# Of files of their own
__all__ = ["Assignment", "DueDate", "Remark", "Reminder", "Sample", "SampleRead", "TestAnswer", "TestQuestion"]

VIEWERS = (Role.INVESTIGATOR, Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE, Role.SUPERVISOR, Role.REDACTOR, Role.APPROVER)
"""Roles on a case that see its redactions."""


class Audience(models.TextChoices):
    CPS = "cps", "CPS"
    DEFENCE = "defence", "Defence"
    COURT = "court", "Court"


class Category(models.Model):
    """Why words are redacted: a code that is printed in the box."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=120)
    log_type = models.CharField(max_length=60, blank=True, help_text="The CPS casework app's redaction-log type")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return f"{self.code}: {self.name}"


class Policy(models.Model):
    """What is done by default with a category for an audience."""

    class Rule(models.TextChoices):
        REDACT = "redact", "Redact"
        JUDGE = "judge", "Judge: keep if needed, with a reason"
        KEEP = "keep", "Keep"

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="policies")
    audience = models.CharField(max_length=8, choices=Audience)
    rule = models.CharField(max_length=8, choices=Rule)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [models.UniqueConstraint(fields=["category", "audience"], name="one_rule_per_audience")]

    def __str__(self) -> str:
        return f"{self.category_id} for {self.audience}: {self.rule}"


class DocumentQuerySet(models.QuerySet["Document"]):
    """Which documents."""

    def visible_to(self, user: User) -> "DocumentQuerySet":
        """Documents of the cases where this person is on the team in a role that has to do with redaction."""
        mine = TeamMember.objects.filter(user=user, left_at=None, role__in=VIEWERS).values("case_id")
        return self.filter(case__in=Case.objects.visible_to(user).filter(id__in=mine))


class Document(models.Model):
    """A blob being redacted: one set of proposals and decisions, whoever it is then released to."""

    class State(models.TextChoices):
        READING = "reading", "Being read"
        READY = "ready", "Ready to decide"
        REFUSED = "refused", "Can't be redacted here"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="redactions")
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="redactions")
    source = models.OneToOneField(Blob, on_delete=models.PROTECT, related_name="redaction")
    state = models.CharField(max_length=8, choices=State, default=State.READING)
    message = models.CharField(max_length=300, blank=True)
    detector = models.CharField(max_length=120, blank=True, help_text="Name and version of what proposed")
    covered = models.JSONField(
        default=list, help_text="[{page, box}]: words that somebody else's box hides and any reader still gives out; no words here"
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        triggers = triggers.KEPT

    def __str__(self) -> str:
        return f"Redaction of {self.exhibit_id}"

    def deciders(self) -> set[uuid.UUID]:
        """Ids of everybody who drew a box or decided in this document: none of them may approve or release it."""
        drew = self.proposals.exclude(by=None).values_list("by_id", flat=True)
        return {*drew, *self.decisions.values_list("by_id", flat=True)}

    def covered_pages(self) -> list[int]:
        """Numbers (from 1) of the pages where somebody's box hides words that can still be copied out of the file."""
        return sorted({found["page"] + 1 for found in self.covered})


class Page(models.Model):
    """A page as the editor shows it. Image and text are objects in the vault (they hold the words), by key and version."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    index = models.PositiveIntegerField()
    width = models.FloatField(help_text="Points")
    height = models.FloatField(help_text="Points")
    has_text = models.BooleanField(default=False)
    image_key = models.CharField(max_length=100)
    image_version = models.CharField(max_length=200, blank=True)
    text_key = models.CharField(max_length=100, blank=True)
    text_version = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["document", "index"], name="page_once")]

    def __str__(self) -> str:
        return f"Page {self.index + 1}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Which proposals."""

    def with_decision(self, until: datetime.datetime | None = None) -> "ProposalQuerySet":
        """With what holds now: `verdict` ("" while undecided), `decided_category`, `decided_reason`, `decided_by_id`.

        `decided_id` is the decision that holds, None before the first. `until`: what held at that moment.
        """
        latest = ProposalDecision.objects.filter(proposal=OuterRef("pk")).order_by("-id")
        if until is not None:
            latest = latest.filter(at__lte=until)
        verdict = NullIf(Subquery(latest.values("verdict")[:1]), Value(ProposalDecision.Verdict.OPEN.value))
        return self.annotate(
            verdict=Coalesce(verdict, Value("")),
            decided_id=Subquery(latest.values("id")[:1]),
            decided_category=Coalesce(
                Subquery(latest.values("category_id")[:1]), F("category_id"), output_field=models.CharField()
            ),
            decided_reason=Coalesce(Subquery(latest.values("reason")[:1]), Value("")),
            decided_by_id=Subquery(latest.values("by_id")[:1]),
            decided_at=Subquery(latest.values("at")[:1]),
        )

    def undecided(self) -> "ProposalQuerySet":
        """Those that nobody has decided yet, or whose decision was undone."""
        return self._with_verdict("")

    def accepted(self) -> "ProposalQuerySet":
        """Those that are redacted as things stand."""
        return self._with_verdict(ProposalDecision.Verdict.ACCEPT)

    def _with_verdict(self, verdict: str) -> "ProposalQuerySet":
        wanted = {"verdict": verdict}
        return self.with_decision().filter(**wanted)


class Proposal(models.Model):
    """A place that might be redacted. Detection never removes anything by itself. Append-only."""

    class Source(models.TextChoices):
        PATTERN = "pattern", "Pattern"
        PERSON = "person", "Known person"
        FIELD = "field", "Form field"
        MODEL = "model", "Model"
        HAND = "hand", "Drawn by hand"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="proposals")
    page = models.PositiveIntegerField(help_text="Index from 0")
    boxes = models.JSONField(help_text="[[x0, y0, x1, y1], ...] in points, one a line")
    start = models.PositiveIntegerField(null=True, help_text="Offset in the page's text, code points; null when drawn")
    end = models.PositiveIntegerField(null=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Source)
    rule = models.CharField(max_length=60, blank=True, help_text="Which rule of the engine proposed it")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    said = models.CharField(
        max_length=64, blank=True, db_default="", help_text="Keyed hash of its words (redaction.words); empty where it has none"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Who drew it")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    # By `with_decision`
    verdict: str
    decided_id: int | None
    decided_by_id: uuid.UUID | None
    decided_at: datetime.datetime | None
    decided_category: str
    decided_reason: str

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["page", "start", "at"]
        triggers = triggers.PROPOSAL
        indexes = [models.Index(fields=["document", "page"]), models.Index(fields=["said", "document"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(source="hand", by__isnull=False) | ~Q(source="hand") & Q(by__isnull=True),
                name="hand_drawn_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} on page {self.page + 1}"

    @property
    def case_id(self) -> uuid.UUID:
        """The case it belongs to, for the rules of access."""
        return self.document.case_id

    @property
    def exhibit(self) -> Exhibit:
        """The exhibit that it is about, for the rules of access."""
        return self.document.exhibit


class ProposalDecision(models.Model):
    """A person's word on a proposal. Append-only; the latest holds.

    Decisions made by one press share their `act`. Undoing an act is an act too, which `undoes` it: each proposal is decided
    as it was before, or left open if it was.
    """

    class Verdict(models.TextChoices):
        ACCEPT = "accept", "Redact"
        REJECT = "reject", "Keep"
        MOVED = "moved", "Replaced by another box"
        OPEN = "open", "To decide again"

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="decisions")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=6, choices=Verdict)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    act = models.UUIDField(db_default=RandomUUID())
    undoes = models.UUIDField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = triggers.DECISION
        indexes = [models.Index(fields=["act"]), models.Index(fields=["proposal", "-id"])]
        constraints = [
            models.CheckConstraint(condition=~Q(verdict="open") | Q(undoes__isnull=False), name="open_again_by_undoing"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.proposal_id}"


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Which releases."""

    def visible_to(self, user: User) -> "ReleaseQuerySet":
        """Releases of the documents that this person sees."""
        return self.filter(document__in=Document.objects.visible_to(user))

    def with_state(self) -> "ReleaseQuerySet":
        """With `state`: the latest one."""
        latest = ReleaseState.objects.filter(release=OuterRef("pk")).order_by("-id")
        return self.annotate(state=Subquery(latest.values("state")[:1]))

    def in_states(self, *states: str) -> "ReleaseQuerySet":
        """Those whose latest state is one of these."""
        wanted = {"state__in": states}
        return self.with_state().filter(**wanted)

    def under_way(self) -> "ReleaseQuerySet":
        """Those neither released nor given up."""
        over = {"state__in": OVER}
        return self.with_state().exclude(**over)


class Release(models.Model):
    """A redacted copy for one audience, asked for by a redactor. Its state is its latest `ReleaseState`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="releases")
    audience = models.CharField(max_length=8, choices=Audience)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    purpose = models.CharField(max_length=300, blank=True)
    decisions_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the canonical decisions that were approved")
    output = models.OneToOneField(Copy, on_delete=models.PROTECT, null=True, related_name="release")
    burnt = models.JSONField(default=dict, blank=True, help_text="The burn-in's own report: counts and offsets, no words")

    # By `with_state`
    state: str
    # By `queue.with_turn`
    task: str
    due: datetime.date
    holder_id: uuid.UUID | None

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        triggers = triggers.KEPT

    def __str__(self) -> str:
        return f"Release to {self.get_audience_display()}"

    @property
    def case_id(self) -> uuid.UUID:
        """The case it belongs to, for the rules of access."""
        return self.document.case_id

    @property
    def exhibit(self) -> Exhibit:
        """The exhibit that it is a copy of, for the rules of access."""
        return self.document.exhibit

    def current(self) -> "ReleaseState":
        """The state that holds: the latest."""
        return self.states.order_by("-id")[0]


class ReleaseState(models.Model):
    """A change of a release's state: to what, by whom, why. Append-only; the latest holds."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked for"
        SENT_FOR_APPROVAL = "for_approval", "With the approver"
        SENT_BACK = "sent_back", "Sent back"
        APPROVED = "approved", "Approved"
        APPLIED = "applied", "Burnt in"
        VERIFIED = "verified", "Leak check passed"
        LEAKED = "leaked", "Leak check failed"
        FAILED = "failed", "Failed"
        RELEASED = "released", "Released"
        RECALLED = "recalled", "Recalled"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.BigAutoField(primary_key=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="states")
    state = models.CharField(max_length=12, choices=State)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", help_text="None: the system")
    reason = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = triggers.RELEASE_STATE

    def __str__(self) -> str:
        return f"{self.release_id} {self.state}"


OVER: tuple[str, ...] = (ReleaseState.State.RELEASED, ReleaseState.State.RECALLED, ReleaseState.State.WITHDRAWN)
"""States in which nobody has anything to do on a copy."""


class LeakCheck(models.Model):
    """The check of an output by other means than those that made it. Findings name places and kinds, no words. Append-only."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="leak_checks")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    passed = models.BooleanField()
    findings = models.JSONField(default=list)
    checked = models.JSONField(default=dict, help_text="What was looked at, with which tools and versions")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        triggers = triggers.APPEND_ONLY

    def __str__(self) -> str:
        return "passed" if self.passed else "failed"


from redaction.remark_model import Remark  # noqa: E402 (a table of this room; its file refers to those above)
