"""Items and what is decided about them. Decisions are rows beside what they concern, append-only."""

import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models import Count, Q

from accounts.models import User
from cases.models import Case, TeamMember
from disclosure import locators, presumption_triggers, triggers
from disclosure.policy import VIEWERS
from evidence.fencing import UNDETERMINED, Fence
from evidence.models import Exhibit

# Waiting for a decision: the next question of the three has no answer yet
IN_LIMBO = Q(use="") | Q(use="unused", relevance="") | Q(use="unused", relevance="relevant", sensitivity="")


# What may be said of what nobody on the team has read
UNREAD = ("unused", "relevant", "unexamined", "sensitive", "not_sensitive")
# Stopped, or decided otherwise than its fence allows
NOT_DETERMINED = (
    Q(exhibit__fence__in=UNDETERMINED)
    | Q(exhibit__fence=Fence.PRIVILEGED, use="used")
    | Q(exhibit__fence=Fence.PRIVILEGED, use="unused", relevance="clearly_not_relevant")
    | Q(exhibit__fence=Fence.MOVED) & ~Q(use="apart")
)


def on_schedule(kind: str) -> Q:
    """Items that belong on this kind of schedule: unused, relevant, sensitive or not; on an MG6E if they may meet the test."""
    if kind == "MG6E":
        return Q(use="unused", relevance="relevant", test="may_meet") & ~Q(sensitivity="")
    return Q(use="unused", relevance="relevant", sensitivity="sensitive" if kind == "MG6D" else "not_sensitive")


def cases_for(user: User, roles: Iterable[str]) -> models.QuerySet[Case]:
    """The cases that a person is on in one of these roles."""
    memberships = TeamMember.objects.filter(user=user, left_at=None, role__in=list(roles))
    return Case.objects.visible_to(user).filter(id__in=memberships.values("case_id"))


class ItemQuerySet(models.QuerySet["Item"]):
    """Which items, and how far they are."""

    def visible_to(self, user: User) -> "ItemQuerySet":
        """Items of the cases on which this person takes part in disclosure."""
        return self.filter(case__in=cases_for(user, VIEWERS))

    def ensure_for(self, case: Case) -> "ItemQuerySet":
        """The case's items, after making those of exhibits that have none yet. Two queries, however many exhibits there are."""
        missing = Exhibit.objects.filter(case=case).exclude(
            id__in=Item.objects.filter(case=case, locator__isnull=True).values("exhibit_id")
        )
        made = [
            Item(case=case, exhibit_id=exhibit_id) for exhibit_id in missing.order_by("created_at").values_list("id", flat=True)
        ]
        # Somebody else may be opening the same page: the constraint keeps one item an exhibit
        Item.objects.bulk_create(made, ignore_conflicts=True)
        return self.filter(case=case)

    def begun_for(self, case: Case) -> "ItemQuerySet":
        """The case's items, for a list that must stay fast: `ensure_for` only if its newest exhibit has none.

        An exhibit gets its item as it is booked in; whatever came another way is met on the overview and in every draft.
        """
        newest = Exhibit.objects.filter(case=case).order_by("-created_at", "-id").values("id")[:1]
        if Item.objects.filter(locator__isnull=True, exhibit_id=models.Subquery(newest)).exists():
            return self.filter(case=case)
        return self.ensure_for(case)

    def open_to_review(self) -> "ItemQuerySet":
        """Without those whose review has stopped."""
        return self.exclude(exhibit__fence__in=[*UNDETERMINED, Fence.MOVED])

    def in_limbo(self) -> "ItemQuerySet":
        """Not yet decided as far as needed."""
        return self.filter(IN_LIMBO)

    def belonging_on(self, kind: str) -> "ItemQuerySet":
        """Items that a schedule of this kind lists."""
        return self.filter(on_schedule(kind))

    def with_parts(self) -> "ItemQuerySet":
        """With `has_parts`: whether parts of the item's exhibit are items too."""
        parts = Item.objects.filter(exhibit=models.OuterRef("exhibit"), locator__isnull=False)
        return self.annotate(has_parts=models.Exists(parts))

    def counts(self, **more: Count) -> dict[str, int]:
        """How many, in all and by where they stand, and what else is asked; one query."""
        return self.aggregate(
            **more,
            total=Count("id"),
            in_limbo=Count("id", filter=IN_LIMBO),
            used=Count("id", filter=Q(use="used")),
            not_relevant=Count("id", filter=Q(use="unused", relevance="clearly_not_relevant")),
            mg6c=Count("id", filter=on_schedule("MG6C")),
            unexamined=Count("id", filter=Q(use="unused", relevance="unexamined")),
            mg6d=Count("id", filter=on_schedule("MG6D")),
            mg6e=Count("id", filter=on_schedule("MG6E")),
        )


class Item(models.Model):
    """What is decided upon: an exhibit, or a part of one by locator (pages, message, time range).

    `use`, `relevance`, `sensitivity` and `test` show the latest decision of each kind; a trigger keeps them so. Relevance decides
    what is scheduled. `test` is the officer's view of the disclosure test, for the MG6E; the prosecutor's is an endorsement.
    """

    class Use(models.TextChoices):
        UNDECIDED = "", "Not decided"
        USED = "used", "Used (evidence)"
        UNUSED = "unused", "Unused"
        # By the route of its fence only
        APART = "apart", "Kept elsewhere"

    class Relevance(models.TextChoices):
        UNDECIDED = "", "Not decided"
        RELEVANT = "relevant", "Relevant"
        NOT_RELEVANT = "clearly_not_relevant", "Clearly not relevant"
        UNEXAMINED = "unexamined", "Not examined"

    class Sensitivity(models.TextChoices):
        UNDECIDED = "", "Not decided"
        NOT_SENSITIVE = "not_sensitive", "Not sensitive"
        SENSITIVE = "sensitive", "Sensitive"

    class Test(models.TextChoices):
        UNDECIDED = "", "Not said"
        MAY_MEET = "may_meet", "May undermine or assist"
        DOES_NOT = "does_not", "Does not undermine or assist"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="items")
    locator = models.JSONField(null=True, blank=True, default=None, help_text="A part (`disclosure.locators`); none: the whole")
    use = models.CharField(max_length=6, choices=Use, default=Use.UNDECIDED, blank=True)
    relevance = models.CharField(max_length=20, choices=Relevance, default=Relevance.UNDECIDED, blank=True)
    sensitivity = models.CharField(max_length=13, choices=Sensitivity, default=Sensitivity.UNDECIDED, blank=True)
    test = models.CharField(
        "officer's view of the disclosure test", max_length=8, choices=Test, default=Test.UNDECIDED, db_default="", blank=True
    )
    assigned_to = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Whom the latest `Assignment` names"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    # By `with_parts`
    has_parts: bool

    objects = ItemQuerySet.as_manager()

    # Its columns change through the triggers of decisions and assignments only; see `triggers.ITEM`
    privileges = {"evidence_app": ["SELECT", "INSERT", "UPDATE (use, relevance, sensitivity, test, assigned_to_id)"]}

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["exhibit"], condition=Q(locator__isnull=True), name="whole_exhibit_is_one_item"),
        ]
        indexes = [
            models.Index(fields=["case", "created_at"]),
            models.Index(fields=["case", "assigned_to"], condition=Q(assigned_to__isnull=False), name="item_assigned"),
        ]
        triggers = [*triggers.ITEM, presumption_triggers.PROPOSE]

    def __str__(self) -> str:
        return f"Item of {self.exhibit_id}"

    @property
    def part(self) -> str:
        """Which part of its exhibit, in words: "pages 3 to 4"; empty for the whole."""
        return locators.words_of(self.locator) if self.locator else ""

    @property
    def label(self) -> str:
        """What it is called: the exhibit's reference, and which part of it."""
        return f"{self.exhibit.reference}, {self.part}" if self.locator else self.exhibit.reference

    @property
    def is_in_limbo(self) -> bool:
        """Whether a decision is still to be made."""
        if self.use == self.Use.UNUSED and self.relevance == self.Relevance.RELEVANT:
            return not self.sensitivity
        return not self.use or (self.use == self.Use.UNUSED and not self.relevance)

    @property
    def schedule_kind(self) -> str:
        """The kind of schedule that it belongs on, or nothing."""
        if self.use != self.Use.UNUSED or self.relevance != self.Relevance.RELEVANT or not self.sensitivity:
            return ""
        return "MG6D" if self.sensitivity == self.Sensitivity.SENSITIVE else "MG6C"

    @property
    def is_closed(self) -> bool:
        """Whether review has stopped: its exhibit is fenced, and what becomes of it is not said yet, or it is kept elsewhere."""
        return self.exhibit.fence in (*UNDETERMINED, Fence.MOVED)

    def closed_to(self, value: str) -> str:
        """Why this can't be decided about it while its exhibit is fenced; empty where it can."""
        if self.exhibit.fence == Fence.MOVED:
            return f"{self.exhibit} is kept elsewhere: nothing more is decided about it here"
        if self.is_closed:
            return f"{self.exhibit} is fenced: nothing is decided about it until that is determined"
        if self.exhibit.fence and value not in UNREAD:
            return (
                f"{self.exhibit} is privileged and nobody on the team has read it: put it on a schedule by what is known of it "
                "from outside, or declare it as not examined"
            )
        return ""

    def belongs_on(self, kind: str) -> bool:
        """Whether a schedule of this kind lists it. An SDC lists what an MG6C does."""
        if kind == "MG6E":
            return bool(self.schedule_kind) and self.test == self.Test.MAY_MEET
        return self.schedule_kind == ("MG6C" if kind == "SDC" else kind)


class Assignment(models.Model):
    """Who is to decide about an item, or that nobody is any more. Append-only; the latest holds and shows on the item."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="assignments")
    to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = triggers.ASSIGNMENT

    def __str__(self) -> str:
        return f"{self.item_id} to {self.to_id}"


class Decision(models.Model):
    """One decision on one field of an item: what, by whom, why. Append-only."""

    class Field(models.TextChoices):
        USE = "use", "Used or unused"
        RELEVANCE = "relevance", "Relevance"
        SENSITIVITY = "sensitivity", "Sensitivity"
        TEST = "test", "Disclosure test (officer's view)"

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="decisions")
    field = models.CharField(max_length=12, choices=Field)
    value = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = [*triggers.DECISION, presumption_triggers.KEPT]
        constraints = [
            models.CheckConstraint(
                condition=Q(field="use", value__in=["used", "unused", "apart"])
                | Q(field="relevance", value__in=["relevant", "clearly_not_relevant", "unexamined"])
                | Q(field="sensitivity", value__in=["sensitive", "not_sensitive"])
                | Q(field="test", value__in=["may_meet", "does_not"]),
                name="decision_value_of_its_field",
            ),
            models.CheckConstraint(
                condition=~Q(value__in=["clearly_not_relevant", "unexamined", "sensitive", "may_meet"]) | Q(reason__regex=r"\S"),
                name="decision_needs_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"

    def get_value_display(self) -> str:
        """The decision in words."""
        choices = {"use": Item.Use, "relevance": Item.Relevance, "sensitivity": Item.Sensitivity, "test": Item.Test}
        return str(choices[self.field](self.value).label)
