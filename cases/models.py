"""The case: offence, people under the names the team may see, identities apart and encrypted, and who is on the team."""

import uuid
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from accounts.models import Organisation, Role, User
from cases import triggers

URN = RegexValidator(
    r"\A[0-9]{2}[A-Z0-9]{2}[0-9]{7}(\([MS]\)|[MS]|/[0-9]{1,2})?\Z",
    "Enter the URN as 11 characters, for example 45AB1234526",
)


class OffenceCode(models.Model):
    """An offence as charged, by the MoJ's CJS code where one has been published (DOMAIN: some have none yet; none is invented)."""

    cjs_code = models.CharField(max_length=8, blank=True)
    title = models.CharField(max_length=200)
    statute = models.CharField(max_length=120, help_text="For example Sexual Offences Act 2003 s.1")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["cjs_code", "title"]
        constraints = [
            models.UniqueConstraint(fields=["cjs_code"], condition=~Q(cjs_code=""), name="offence_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.cjs_code})" if self.cjs_code else self.title


class CaseQuerySet(models.QuerySet["Case"]):
    """Which cases: see `cases.policy` for who sees what."""

    def visible_to(self, user: User) -> "CaseQuerySet":
        """The cases whose team this person is on now. Nobody else sees a case here, nor an admin."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(
            id__in=TeamMember.objects.filter(user=user, left_at=None).values("case_id"), organisation__is_active=True
        )


class Case(models.Model):
    """One investigation."""

    class State(models.TextChoices):
        REPORTED = "reported", "Reported"
        INVESTIGATING = "investigating", "Investigating"
        EARLY_ADVICE = "early_advice", "Early advice"
        SUBMITTED = "submitted", "Submitted"
        ACTION_PLAN = "action_plan", "Action plan"
        CHARGED = "charged", "Charged"
        NFA = "nfa", "No further action"
        POST_CHARGE = "post_charge", "Post-charge"
        TRIAL = "trial", "Trial"
        CONCLUDED = "concluded", "Concluded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    cps_area = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cps_cases",
        limit_choices_to={"kind": Organisation.Kind.CPS_AREA},
        verbose_name="CPS area",
    )
    crime_number = models.CharField(max_length=40)
    urn = models.CharField("URN", max_length=15, blank=True, validators=[URN])
    operation = models.CharField("operation name", max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.INVESTIGATING)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "crime_number"], name="crime_number_once_per_force"),
        ]
        triggers = triggers.CASE

    def __str__(self) -> str:
        return self.operation or self.crime_number


class CaseOffence(models.Model):
    """An offence under investigation in the case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="offences")
    code = models.ForeignKey(OffenceCode, on_delete=models.PROTECT, related_name="+")
    committed_from = models.DateField(null=True, blank=True)
    committed_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="offence_once_per_case")]

    def __str__(self) -> str:
        return str(self.code)


class Person(models.Model):
    """A person in the case under the name the team may see: a pseudonym for a complainant, a name or a description for others."""

    class Kind(models.TextChoices):
        COMPLAINANT = "complainant", "Complainant"
        SUSPECT = "suspect", "Suspect"
        WITNESS = "witness", "Witness"
        THIRD_PARTY = "third_party", "Third party"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="people")
    kind = models.CharField(max_length=12, choices=Kind)
    label = models.CharField(
        max_length=80,
        help_text="Pseudonym for a complainant (Complainant A); SURNAME, Forename or a description for others",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kind", "label"]
        triggers = triggers.PERSON
        constraints = [
            models.UniqueConstraint(fields=["case", "label"], name="person_label_once_per_case"),
            models.CheckConstraint(
                condition=~Q(kind="complainant") | Q(label__regex=r"^Complainant [A-Z]{1,2}$"),
                name="complainant_is_a_pseudonym",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class PersonIdentity(models.Model):
    """Who a person is, encrypted (`cases.identity`), apart from `Person`: its own permission, a reason, and an event for each look.

    Sexual Offences (Amendment) Act 1992 s.1: anonymity for life from the allegation.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="identity")
    sealed = models.BinaryField(
        help_text="Fernet token of JSON: names, aliases, addresses, phones, emails, date_of_birth, nhs, other"
    )
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Identity of {self.person_id}"


class TeamMember(models.Model):
    """A person in a role on a case, from a time, until a time. Never deleted."""

    CASE_ROLES: ClassVar[tuple[str, ...]] = (
        Role.INVESTIGATOR,
        Role.EXHIBITS,
        Role.DISCLOSURE,
        Role.DEPUTY_DISCLOSURE,
        Role.SUPERVISOR,
        Role.REDACTOR,
        Role.APPROVER,
        Role.FORENSICS,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in Role if r not in ("prosecutor", "auditor")])
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["added_at"]
        constraints = [
            models.UniqueConstraint(fields=["case", "user", "role"], condition=Q(left_at=None), name="one_role_once"),
        ]
        triggers = triggers.TEAM_MEMBER

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"


class RetentionRule(models.Model):
    """How long material is kept, and from when. The longest rule that applies wins; nothing is deleted by itself."""

    name = models.CharField(max_length=120, unique=True)
    applies_to = models.CharField(max_length=200, help_text="Which material or offences")
    trigger = models.CharField("runs from", max_length=200, help_text="The event that starts the period")
    period = models.CharField(max_length=200, help_text="For example 6 months; until the subject's 100th birthday")
    review_every_years = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, help_text="Where the rule stands")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
