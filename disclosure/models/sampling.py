"""How a large set was gone through: search terms with their hits, samples that can be drawn again, and what was found.

Append-only, all of it: what is new is a new row. What a term looks for is sealed like an identity, since it may be one.
"""

import hashlib
import secrets
import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from audit.triggers import append_only
from cases import identity
from cases.models import Case
from disclosure import sampling_triggers as triggers
from disclosure.models.items import Item, cases_for
from disclosure.policy import SENSITIVE_VIEWERS, VIEWERS
from evidence.models import Exhibit


class SetReviewQuerySet(models.QuerySet["SetReview"]):
    """Which reviews."""

    def visible_to(self, user: User) -> "SetReviewQuerySet":
        """Those of the cases on which this person takes part in disclosure."""
        return self.filter(case__in=cases_for(user, VIEWERS))

    def seen_by(self, user: User) -> "SetReviewQuerySet":
        """Those that this person may see: what is found in a sensitive exhibit is for those who see an MG6D."""
        seen = Q(case__in=cases_for(user, SENSITIVE_VIEWERS)) | Q(pk__in=SetReview.objects.open_ones().values("pk"))
        return self.visible_to(user).filter(seen)

    def open_ones(self) -> "SetReviewQuerySet":
        """Those of which no exhibit is sensitive: what is served must not tell of the others."""
        sensitive = Item.objects.filter(exhibit__in_sets__review=OuterRef("pk"), sensitivity=Item.Sensitivity.SENSITIVE)
        return self.filter(~Exists(sensitive))


class SetReview(models.Model):
    """The review of a large set, of one exhibit (a phone extraction) or of several."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="set_reviews")
    title = models.CharField(max_length=160, help_text="What the set is, for example Messages of the black telephone")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = SetReviewQuerySet.as_manager()

    privileges = "append"

    class Meta:
        ordering = ["at", "id"]
        triggers = append_only()
        indexes = [models.Index(fields=["case", "at"])]

    def __str__(self) -> str:
        return self.title


class SetExhibit(models.Model):
    """An exhibit of the set."""

    id = models.BigAutoField(primary_key=True)
    review = models.ForeignKey(SetReview, on_delete=models.PROTECT, related_name="members")
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="in_sets")

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = triggers.MEMBER
        constraints = [models.UniqueConstraint(fields=["review", "exhibit"], name="exhibit_once_in_a_set")]

    def __str__(self) -> str:
        return f"{self.exhibit_id} in {self.review_id}"


class SearchTermQuerySet(models.QuerySet["SearchTerm"]):
    """Which terms."""

    def standing(self) -> "SearchTermQuerySet":
        """Those that nobody has withdrawn."""
        return self.filter(withdrawal=None)


class SearchTerm(models.Model):
    """Words that are looked for in a set, who chose them, and why.

    `shown_as` stands for words that identify a complainant, on every page and in every document.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(SetReview, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField(help_text="The words and a salt, encrypted with the identity keys")
    digest = models.CharField(max_length=64, help_text="SHA-256 of salt and words: sealing again can't change them")
    shown_as = models.CharField(max_length=120, blank=True)
    why = models.TextField()
    chosen_by = models.CharField(max_length=160)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = SearchTermQuerySet.as_manager()

    # Only a change of keys writes `sealed` again
    privileges = {"evidence_app": ["SELECT", "INSERT", "UPDATE (sealed)"]}

    class Meta:
        ordering = ["number"]
        triggers = triggers.TERM
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="term_number_once"),
            models.CheckConstraint(condition=Q(why__regex=r"\S", chosen_by__regex=r"\S"), name="term_says_who_and_why"),
        ]

    def __str__(self) -> str:
        return f"Term {self.number}"

    def seal(self, words: str) -> None:
        """Put the words in."""
        salt = secrets.token_hex(16)
        self.sealed = identity.seal({"other": [words, salt]})
        self.digest = hashlib.sha256(f"{salt}{words}".encode()).hexdigest()

    @property
    def words(self) -> str:
        """What is looked for. For the search alone: whoever shows a term shows `said`. IdentityError if they were changed."""
        words, salt = identity.open(self.sealed)["other"]
        if hashlib.sha256(f"{salt}{words}".encode()).hexdigest() != self.digest:
            raise identity.IdentityError("The words of a search term are not those that were chosen")
        return words

    @property
    def said(self) -> str:
        """The term as it may be read."""
        return self.shown_as or self.words


class TermWithdrawal(models.Model):
    """That a term is no longer looked for, and why. The term and its hits stay."""

    id = models.BigAutoField(primary_key=True)
    term = models.OneToOneField(SearchTerm, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = append_only()
        constraints = [models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="term_withdrawn_with_a_reason")]

    def __str__(self) -> str:
        return f"{self.term_id} withdrawn"


class TermCountQuerySet(models.QuerySet["TermCount"]):
    """Which counts."""

    def newest(self) -> "TermCountQuerySet":
        """The last count of each term in each exhibit."""
        later = TermCount.objects.filter(term=OuterRef("term"), exhibit=OuterRef("exhibit"), id__gt=OuterRef("id"))
        return self.filter(~Exists(later))


class TermCount(models.Model):
    """In how many places of an exhibit a term stands: counted in its stored file, entered by hand, or not read and why not."""

    class How(models.TextChoices):
        COUNTED = "counted", "Counted in the stored file"
        ENTERED = "entered", "Entered by hand"
        NOT_READ = "not_read", "Could not be read"

    id = models.BigAutoField(primary_key=True)
    term = models.ForeignKey(SearchTerm, on_delete=models.PROTECT, related_name="counts")
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How)
    hits = models.PositiveIntegerField(null=True)
    pages = models.PositiveIntegerField(null=True, help_text="On how many pages")
    of_pages = models.PositiveIntegerField(null=True, help_text="Of how many that were read")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the bytes that were read")
    note = models.CharField(max_length=300, blank=True, help_text="Why it was not read; with which program the hits were found")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Who entered it")
    at = models.DateTimeField(auto_now_add=True)

    objects = TermCountQuerySet.as_manager()

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = triggers.COUNT
        indexes = [models.Index(fields=["term", "exhibit", "-id"], name="term_count_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(how="counted", hits__isnull=False, sha256__regex=r"^[0-9a-f]{64}$", by__isnull=True)
                | Q(how="entered", hits__isnull=False, by__isnull=False)
                | Q(how="not_read", hits__isnull=True, note__regex=r"\S"),
                name="term_count_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term_id} in {self.exhibit_id}"


class Sample(models.Model):
    """A dip sample: so many of so many, drawn with a seed that the system chose, so that anybody can draw it again.

    Number k of the draw is the SHA-256 of "seed:k" (k = 0, 1, 2, …) as a whole number, modulo the population, plus 1;
    a number that came before is passed over.
    """

    id = models.BigAutoField(primary_key=True)
    review = models.ForeignKey(SetReview, on_delete=models.PROTECT, related_name="samples")
    unit = models.CharField(max_length=60, help_text="What is counted, for example messages")
    population = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    seed = models.CharField(max_length=32)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["id"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=F("population"), seed__regex=r"^[0-9a-f]{32}$"), name="sample_of_a_population"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.size:,} of {self.population:,} {self.unit}, drawn {self.at:%d/%m/%Y} with the seed {self.seed}"

    def numbers(self) -> list[int]:
        """Which of 1 to `population` are examined, in ascending order."""
        drawn: set[int] = set()
        step = 0
        while len(drawn) < self.size:
            digest = hashlib.sha256(f"{self.seed}:{step}".encode()).digest()
            drawn.add(int.from_bytes(digest) % self.population + 1)
            step += 1
        return sorted(drawn)


class SetStatement(models.Model):
    """A version of what is said of a review: how much of how much was examined, how that was chosen, what came of it, why not all.

    `terms` are the search terms as they stood then, as they may be read, with their hits.
    """

    class Method(models.TextChoices):
        ALL = "all", "All of it"
        HITS = "hits", "What the search terms found"
        SAMPLE = "sample", "A dip sample"
        BOTH = "both", "What the search terms found, and a dip sample of the rest"
        OTHER = "other", "Another way"

    SAMPLED = (Method.SAMPLE, Method.BOTH)

    id = models.BigAutoField(primary_key=True)
    review = models.ForeignKey(SetReview, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField()
    unit = models.CharField(max_length=60)
    population = models.PositiveIntegerField()
    examined = models.PositiveIntegerField()
    method = models.CharField(max_length=6, choices=Method)
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    parameters = models.TextField(blank=True, help_text="Other limits: dates, applications, people")
    found = models.TextField()
    rest_why = models.TextField(blank=True)
    terms = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["-number"]
        triggers = triggers.STATEMENT
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="statement_number_once"),
            models.CheckConstraint(
                condition=Q(population__gte=1, examined__lte=F("population"), found__regex=r"\S"), name="statement_share"
            ),
            models.CheckConstraint(condition=Q(examined=F("population")) | Q(rest_why__regex=r"\S"), name="statement_why_not_all"),
            models.CheckConstraint(
                condition=Q(method__in=["sample", "both"], sample__isnull=False)
                | Q(method__in=["all", "hits", "other"], sample__isnull=True),
                name="statement_names_its_sample",
            ),
            models.CheckConstraint(condition=~Q(method="all") | Q(examined=F("population")), name="statement_all_is_all"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def share(self) -> str:
        """How much was examined, in words: "120 of 4,000 messages (3.0%)"."""
        percent = 100 * self.examined / self.population
        shown = f"{percent:.1f}" if percent in (0, 100) or 0.1 <= percent <= 99.9 else f"{percent:.3f}"
        return f"{self.examined:,} of {self.population:,} {self.unit} ({shown}%)"

    @property
    def how(self) -> str:
        """How what was examined was chosen."""
        text = str(self.get_method_display())
        return f"{text}: {self.sample}" if self.sample_id else text
