"""What the disclosure officer says of redactions in an exhibit that may meet the disclosure test. Append-only; the latest holds."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from audit.triggers import append_only
from disclosure.models import Decision, Item


class TestQuestion(models.Model):
    """Redactors ask whether what they redact for the defence meets the disclosure test."""

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey("redaction.Document", on_delete=models.PROTECT, related_name="test_questions")
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    __test__ = False  # no test, whatever its name begins with
    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = append_only()
        indexes = [models.Index(fields=["document", "-id"])]

    def __str__(self) -> str:
        return f"Question on {self.document_id}"


class TestAnswer(models.Model):
    """Whether what falls under a category may be redacted for the defence in this document although its item may meet the test.

    It is about one decision of the item: once that is made anew, the answer is over.
    """

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey("redaction.Document", on_delete=models.PROTECT, related_name="test_answers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey("redaction.Category", on_delete=models.PROTECT, related_name="+")
    may = models.BooleanField(help_text="Whether it may be redacted")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    __test__ = False
    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = append_only()
        indexes = [models.Index(fields=["document", "category", "-id"])]
        constraints = [models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="answer_says_why")]

    def __str__(self) -> str:
        return f"{self.category_id}: {'may' if self.may else 'stays'}"
