"""What the prosecutor, the defence and the court say, as the disclosure officer records it. Append-only, all of it."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from audit.triggers import append_only
from cases.models import Case
from disclosure import triggers
from disclosure.models.items import Item, cases_for
from disclosure.models.schedules import Row
from disclosure.policy import SENSITIVE_VIEWERS, VIEWERS


class EndorsementCode(models.Model):
    """What a prosecutor may say of a row: a lookup, since the letters are local (DOMAIN section 2)."""

    code = models.CharField(max_length=6, unique=True)
    meaning = models.CharField(max_length=120)
    needs_reason = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code}: {self.meaning}"


class Endorsement(models.Model):
    """A prosecutor's decision on a row of a submitted version: beside it, never in it, made once. Append-only.

    `decided_by` is the prosecutor. Either `entered_by` transcribes it from `source_document` and is somebody else, or the
    prosecutor enters it in the portal, where the force lets them: then it is their own and there is no other document.
    `agrees_sensitive` and `court_application` are what an MG6D asks of the prosecutor besides.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="endorsements")
    code = models.ForeignKey(EndorsementCode, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    item_viewed = models.BooleanField(default=False)
    agrees_sensitive = models.BooleanField("agrees that it is sensitive", null=True)
    court_application = models.BooleanField("application to the court (PII)", null=True)
    decided_by = models.CharField(max_length=160)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    source_document = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["at"]
        triggers = triggers.ENDORSEMENT
        constraints = [
            models.UniqueConstraint(fields=["row"], name="row_endorsed_once"),
            models.CheckConstraint(condition=Q(decided_by__regex=r"\S"), name="endorsement_says_who_decided"),
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.code_id}"


class DefenceStatement(models.Model):
    """A defence statement, awaited or received (CPIA 1996 ss.5, 6, 6A). Each change is a new row; the latest of a case holds."""

    class Court(models.TextChoices):
        CROWN = "crown", "Crown Court (28 days)"
        MAGISTRATES = "magistrates", "Magistrates' court (14 days)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="defence_statements")
    court = models.CharField(max_length=11, choices=Court)
    complied_on = models.DateField("when the prosecutor complied with section 3")
    due_on = models.DateField("due")
    extended = models.BooleanField("the court extended the time", default=False)
    received_on = models.DateField("received", null=True, blank=True)
    issues = models.TextField("issues it raises", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["at", "id"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gt=F("complied_on")), name="statement_due_after_compliance"),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(issues__regex=r"\S"), name="received_statement_has_issues"
            ),
        ]

    def __str__(self) -> str:
        return f"Defence statement due {self.due_on:%d/%m/%Y}"


class ReReview(models.Model):
    """What a scheduled or clearly not relevant item comes to, read again against a defence statement's issues (s.7A)."""

    class Outcome(models.TextChoices):
        NO_CHANGE = "no_change", "No change"
        MAY_MEET = "may_meet", "May undermine or assist"

    id = models.BigAutoField(primary_key=True)
    statement = models.ForeignKey(DefenceStatement, on_delete=models.PROTECT, related_name="reviews")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="rereviews")
    outcome = models.CharField(max_length=9, choices=Outcome)
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(fields=["statement", "item"], name="item_re_reviewed_once_per_statement"),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="re_review_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.outcome}"


class CourtApplicationQuerySet(models.QuerySet["CourtApplication"]):
    """Which applications."""

    def visible_to(self, user: User) -> "CourtApplicationQuerySet":
        """Those of the cases on which this person takes part in disclosure; public interest immunity for fewer people."""
        sensitive = Q(kind=CourtApplication.Kind.PII)
        return self.filter(Q(case__in=cases_for(user, SENSITIVE_VIEWERS)) | Q(~sensitive, case__in=cases_for(user, VIEWERS)))


class CourtApplication(models.Model):
    """An application to the court about disclosure, and what became of it. A later row of the same `about` carries the outcome."""

    class Kind(models.TextChoices):
        SECTION_8 = "section_8", "Section 8 (CPIA 1996): the accused asks for disclosure"
        PII = "pii", "Public interest immunity: the prosecutor asks to withhold"

    class Outcome(models.TextChoices):
        PENDING = "pending", "Not decided yet"
        GRANTED = "granted", "Granted"
        GRANTED_IN_PART = "in_part", "Granted in part"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="court_applications")
    kind = models.CharField(max_length=9, choices=Kind)
    made_on = models.DateField("made")
    about = models.TextField("what it asks for")
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.PENDING)
    decided_on = models.DateField("decided", null=True, blank=True)
    order = models.TextField("what the court ordered", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = CourtApplicationQuerySet.as_manager()

    privileges = "append"

    class Meta:
        ordering = ["-made_on", "-at"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="pending", decided_on__isnull=True) | (~Q(outcome="pending") & Q(decided_on__gte=F("made_on"))),
                name="application_decided_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.made_on:%d/%m/%Y}"
