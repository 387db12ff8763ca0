"""Blocks: many similar items that a schedule lists as one row (Code 6.10; AG Guidelines Annex A; DOMAIN section 2).

A block is not an item: it has no exhibit, nobody decides about it, and its items stay items that are decided, read again and
endorsed like any other. So a row of a schedule, its number and the reasons given for its words belong to an item or to a block,
and a block's quantity and dates are read from its items, never entered. Its words here are the newest; each version's row keeps
its own, and what is certified keeps the list of its items as it was then (`disclosure.manifests`).
"""

import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from cases.models import Case
from disclosure import block_triggers
from disclosure.models.items import Item, cases_for
from disclosure.models.presumption import Presumption, PresumptionProposal
from disclosure.policy import SENSITIVE_VIEWERS, VIEWERS


def alone(path: str = "") -> Q:
    """Condition: the item can stand in no block. `path`: how it is reached from the rows that are asked for, as `item__`.

    Not unused and relevant, may meet the test, closed to the team, or presumption material, unless a person has said it is none.
    The same stands in the database (`block_triggers.fit_sql`).
    """
    item = OuterRef(f"{path}pk")
    answered = Presumption.objects.filter(item=OuterRef("item"), category=OuterRef("category"))
    proposed = PresumptionProposal.objects.filter(item=item, category__is_active=True).filter(~Exists(answered))
    confirmed = Presumption.objects.standing().filter(item=item)
    return (
        ~Q(**{f"{path}use": Item.Use.UNUSED, f"{path}relevance": Item.Relevance.RELEVANT})
        | Q(**{f"{path}test": Item.Test.MAY_MEET})
        | ~Q(**{f"{path}exhibit__fence": ""})
        | Q(Exists(confirmed))
        | Q(Exists(proposed))
    )


class BlockQuerySet(models.QuerySet["Block"]):
    """Which blocks."""

    def visible_to(self, user: User) -> "BlockQuerySet":
        """Those of the cases on which this person takes part in disclosure; sensitive ones for fewer people."""
        sensitive = Q(case__in=cases_for(user, SENSITIVE_VIEWERS))
        return self.filter(sensitive | Q(sensitivity=Item.Sensitivity.NOT_SENSITIVE, case__in=cases_for(user, VIEWERS)))

    def standing(self) -> "BlockQuerySet":
        """Those that hold items; from a dissolved one all have been taken out."""
        return self.filter(Exists(BlockItem.objects.standing().filter(block=OuterRef("pk"))))

    def of_kind(self, kind: str) -> "BlockQuerySet":
        """Those whose row a schedule of this kind has; an MG6E has none: what may meet the test stands in no block."""
        if kind == "MG6E":
            return self.none()
        sensitive = Item.Sensitivity.SENSITIVE if kind == "MG6D" else Item.Sensitivity.NOT_SENSITIVE
        return self.filter(sensitivity=sensitive)


class Block(models.Model):
    """Similar items listed together: what they are, where they are kept, and why they are not listed one by one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="blocks")
    sensitivity = models.CharField(
        max_length=13, choices=[choice for choice in Item.Sensitivity.choices if choice[0]], help_text="Of each of its items"
    )
    title = models.TextField("what they are", blank=True)
    location = models.CharField(max_length=200, blank=True)
    why = models.TextField("why they are listed as a block")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        triggers = block_triggers.BLOCK
        constraints = [
            models.CheckConstraint(condition=Q(why__regex=r"\S"), name="block_says_why"),
            models.CheckConstraint(condition=Q(sensitivity__in=["sensitive", "not_sensitive"]), name="block_sensitivity"),
        ]

    def __str__(self) -> str:
        return f"Block {self.pk}"

    @property
    def is_sensitive(self) -> bool:
        """Whether its row stands on the MG6D."""
        return self.sensitivity == Item.Sensitivity.SENSITIVE


def _must_leave() -> Q:
    return alone("item__") | ~Q(item__sensitivity=F("block__sensitivity"))


class BlockItemQuerySet(models.QuerySet["BlockItem"]):
    """Which places in blocks."""

    def standing(self) -> "BlockItemQuerySet":
        """Those that nobody has left."""
        return self.filter(left_at=None)

    def unfit(self) -> "BlockItemQuerySet":
        """Those whose item must leave: it is to be listed by itself, or of another sensitivity than the block."""
        return self.filter(_must_leave())

    def fit(self) -> "BlockItemQuerySet":
        """Those whose item may stay."""
        return self.filter(~_must_leave())


class BlockItem(models.Model):
    """An item's place in a block, until it leaves. Nothing else of it changes; a place that was left is not taken again."""

    id = models.BigAutoField(primary_key=True)
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="places")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="places")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    left_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    left_at = models.DateTimeField(null=True)

    objects = BlockItemQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        triggers = block_triggers.BLOCK_ITEM
        indexes = [models.Index(fields=["block"], condition=Q(left_at=None), name="block_standing")]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(left_at=None), name="item_in_one_block"),
            models.CheckConstraint(
                condition=Q(left_at=None, left_by=None) | Q(left_at__isnull=False, left_by__isnull=False), name="left_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.block_id}"
