"""Material that is presumed to meet the disclosure test, and copies that accompany revelation: proposed, answered, supplied.

A proposal decides nothing. An answer is a person's, append-only; the latest of an item and category holds.
"""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from audit.triggers import append_only
from disclosure import presumption_triggers as triggers
from disclosure.models.items import Item
from evidence.models import Exhibit


class PresumptionCategory(models.Model):
    """A kind of material whose copies go to the prosecutor with the schedule: a lookup (DOMAIN section 1).

    `presumed`: also disclosed by presumption, unless rebutted with a reason (Code 6.6); else only its copy goes along (Code 7.3).
    An item is proposed for it by the type of its exhibit, or by words of its description.
    """

    code = models.CharField(max_length=4, unique=True, validators=[RegexValidator(r"\A[A-Z0-9][A-Za-z0-9]*\Z")])
    title = models.CharField(max_length=160)
    presumed = models.BooleanField("disclosed by presumption", default=True)
    kinds = models.JSONField("types of exhibit", default=list, blank=True)
    words = models.TextField("words of a description", blank=True, help_text="One phrase a line, in plain letters and digits")
    pattern = models.TextField(blank=True, editable=False, help_text="The words as PostgreSQL matches them; a trigger writes it")
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "code"]
        verbose_name_plural = "presumption categories"
        triggers = triggers.CATEGORY

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"

    def clean(self) -> None:
        """Known types; phrases that begin and end with a letter or digit, as the edges of words are looked for."""
        known = self.kinds if isinstance(self.kinds, list) else [None]
        if not set(known) <= set(Exhibit.Kind.values):
            raise ValidationError({"kinds": "Select types of exhibit"})
        for phrase in filter(None, (line.strip() for line in self.words.splitlines())):
            if not (phrase[0].isalnum() and phrase[-1].isalnum()):
                raise ValidationError({"words": f"“{phrase}” must begin and end with a letter or a digit"})


class PresumptionProposal(models.Model):
    """That an item looks like material of a category: written as the item is made, by a trigger. Append-only."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="presumption_proposals")
    category = models.ForeignKey(PresumptionCategory, on_delete=models.PROTECT, related_name="proposals")
    because = models.CharField(max_length=200, blank=True, help_text="The words that it was proposed by; empty: the type")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["item", "category"], name="presumption_proposed_once")]

    def __str__(self) -> str:
        return f"{self.item_id} as {self.category_id}?"


class PresumptionQuerySet(models.QuerySet["Presumption"]):
    """Which answers."""

    def newest(self) -> "PresumptionQuerySet":
        """The last answer for each item and category."""
        later = Presumption.objects.filter(item=OuterRef("item"), category=OuterRef("category"), id__gt=OuterRef("id"))
        return self.filter(~Exists(later))

    def standing(self) -> "PresumptionQuerySet":
        """Confirmed, and not taken back since."""
        return self.newest().filter(holds=True)


class Presumption(models.Model):
    """A person's answer whether an item is material of a category. Append-only."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="presumptions")
    category = models.ForeignKey(PresumptionCategory, on_delete=models.PROTECT, related_name="answers")
    holds = models.BooleanField(help_text="Confirmed; else declined, or taken back")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = PresumptionQuerySet.as_manager()

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = triggers.ANSWER
        indexes = [models.Index(fields=["item", "category", "-id"], name="presumption_latest")]

    def __str__(self) -> str:
        return f"{self.item_id} {'is' if self.holds else 'is not'} {self.category_id}"


class SuppliedCopyQuerySet(models.QuerySet["SuppliedCopy"]):
    """Which entries."""

    def standing(self) -> "SuppliedCopyQuerySet":
        """The last entry of each item, unless it takes back the one before."""
        later = SuppliedCopy.objects.filter(item=OuterRef("item"), id__gt=OuterRef("id"))
        return self.filter(~Exists(later), taken_back=False)


class SuppliedCopy(models.Model):
    """That a copy which must accompany revelation was given to a prosecutor; or that the entry before was wrong. Append-only."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="supplied_copies")
    taken_back = models.BooleanField(default=False)
    to = models.CharField(max_length=160, blank=True, help_text="The prosecutor, as they are named")
    on = models.DateField(null=True)
    how = models.CharField(max_length=200, blank=True, help_text="By which way, for example the case management system")
    reason = models.TextField(blank=True, help_text="Why the entry before is taken back")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = SuppliedCopyQuerySet.as_manager()

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = triggers.SUPPLIED
        indexes = [models.Index(fields=["item", "-id"], name="supplied_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back=False, on__isnull=False, to__regex=r"\S") | Q(taken_back=True, reason__regex=r"\S"),
                name="supplied_to_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Copy of {self.item_id}"
