"""Organisations, the people in them, the roles they hold, what they were told, and the tokens of other systems."""

import uuid
from typing import Any, ClassVar

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from knox.models import AbstractAuthToken

from audit.actions import Actor


class Organisation(models.Model):
    """A police force, a CPS area or a forensic provider."""

    class Kind(models.TextChoices):
        FORCE = "force", "Police force"
        CPS_AREA = "cps_area", "CPS area"
        FORENSIC = "forensic", "Forensic provider"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120, unique=True)
    code = models.CharField(max_length=4, blank=True, help_text="Two-digit force code of the URN, e.g. 45 for Surrey")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users; `create_user` without a password leaves one that can't be used until the person sets it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # the tokens’ is untyped
    """A person who signs in. `is_staff` opens the admin site, which opens no evidence."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, help_text="As it should stand on a schedule, e.g. Jane OKAFOR")
    title = models.CharField("rank or title", max_length=60, blank=True, help_text="For example DC, Exhibits Officer")
    collar_number = models.CharField(max_length=20, blank=True)
    initials = models.CharField(max_length=4, blank=True, help_text="For exhibit references, e.g. AB")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users")
    is_staff = models.BooleanField("may configure (admin site)", default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.name, self.collar_number) if part)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether a rule of some room's `policy.py` allows it. No flag, group or stored permission opens anything."""
        return self.is_active and rules.has_perm(perm, self, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """Django's admin asks this; the admin site has its own answer (`accounts.admin_site`)."""
        return self.is_active and self.is_staff

    def as_actor(self) -> Actor:
        """This person as the log freezes them: id, and the text that stood for them at that time."""
        return Actor(id=str(self.id), text=f"{self} ({self.organisation})")

    def holds(self, *roles: str) -> bool:
        """Whether an admin has granted any of these roles (`Role`)."""
        if not hasattr(self, "_roles"):
            self._roles = set(self.grants.values_list("role", flat=True))
        return not self._roles.isdisjoint(roles)


class Role(models.TextChoices):
    """What a person may be appointed to. On a case, a team member has one or more of the case roles."""

    INVESTIGATOR = "investigator", "Investigator"
    EXHIBITS = "exhibits", "Exhibits officer"
    DISCLOSURE = "disclosure", "Disclosure officer"
    DEPUTY_DISCLOSURE = "deputy_disclosure", "Deputy disclosure officer"
    SUPERVISOR = "supervisor", "Supervisor"
    REDACTOR = "redactor", "Redactor"
    APPROVER = "approver", "Redaction approver"
    FORENSICS = "forensics", "Digital forensics"
    PROSECUTOR = "prosecutor", "Prosecutor (CPS portal)"
    AUDITOR = "auditor", "Auditor"


class RoleGrant(models.Model):
    """An admin's word that a person may act in a role. It opens no case: for that the person must be on the team."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    granted_at = models.DateTimeField(auto_now_add=True)

    privileges = {"evidence_app": ["SELECT", "INSERT", "DELETE"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_granted_once")]

    def __str__(self) -> str:
        return self.get_role_display()


class Notification(models.Model):
    """Something a person should know. The text names no complainant: references, pseudonyms and numbers only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200, blank=True)
    important = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["user", "read_at", "-created_at"])]

    def __str__(self) -> str:
        return self.text


class ApiToken(AbstractAuthToken):
    """A token of another system: stored hashed, expiring, limited to an organisation's user, a client's name and verbs."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="auth_token_set")
    client = models.CharField(max_length=80, help_text="The system that holds it")
    scopes = models.JSONField(default=list, help_text="Verbs it may use, e.g. exhibits.write, uploads.write")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(condition=models.Q(expiry__isnull=False), name="token_expires"),
        ]

    @property
    def is_usable(self) -> bool:
        """Whether it would be accepted now."""
        return self.revoked_at is None and self.expiry is not None and self.expiry > timezone.now()
