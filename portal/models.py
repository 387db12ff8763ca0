"""What the CPS may see, as SQL views over the other rooms' tables, and the portal's own sessions.

The views (`portal/migrations`) leave out everything that is not shared, submitted or released; the portal's database role can
read nothing else. `visible_to` then leaves the cases of one CPS area. Nothing here can be written but sessions.
"""

import json
import uuid
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

from accounts.models import Organisation, Role, User
from cases.models import Case
from cases.models import Person as CasePerson
from disclosure import manifests
from disclosure.models import RESTRICTED, ManagementDocument, VersionState
from disclosure.models import Schedule as CaseSchedule
from evidence.drawing import PDF
from evidence.models import Exhibit
from vault.http import INLINE_TYPES

M = TypeVar("M", bound=models.Model)


def prosecutes(user: Any) -> bool:
    """Whether this person may use the portal: active, a prosecutor, in a CPS area that is active."""
    if not isinstance(user, User) or not user.is_active:
        return False
    area = user.organisation
    return area.kind == Organisation.Kind.CPS_AREA and area.is_active and user.holds(Role.PROSECUTOR)


class SharedQuerySet(models.QuerySet[M]):
    """Rows of one of the views."""

    def visible_to(self, user: Any) -> Self:
        """Those of cases shared with this person's CPS area; none unless the person `prosecutes`."""
        if not prosecutes(user):
            return self.none()
        path: str = getattr(self.model, "AREA")  # noqa: B009 - each model below names its own
        return self.filter(**{path: user.organisation_id})


class View(models.Model):
    """A row of a view: read, never written."""

    AREA = "case__cps_area_id"

    class Meta:
        abstract = True
        managed = False


class SharedCase(View):
    """A case that its force has shared with a CPS area."""

    AREA = "cps_area_id"

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    cps_area = models.ForeignKey(Organisation, on_delete=models.DO_NOTHING, related_name="+")
    force = models.CharField(max_length=120)
    crime_number = models.CharField(max_length=40)
    urn = models.CharField("URN", max_length=15)
    operation = models.CharField(max_length=60)
    state = models.CharField(max_length=20, choices=Case.State)
    shared_at = models.DateTimeField(null=True, help_text="When it was last shared, by the log")

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_case"
        ordering = ["-shared_at", "id"]

    def __str__(self) -> str:
        return self.operation or self.crime_number

    @property
    def case_id(self) -> uuid.UUID:
        """Itself: so that every object here has the case that it belongs to."""
        return self.pk


class Offence(View):
    """An offence under investigation."""

    id = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(SharedCase, on_delete=models.DO_NOTHING, related_name="offences")
    cjs_code = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    statute = models.CharField(max_length=120)
    committed_from = models.DateField(null=True)
    committed_to = models.DateField(null=True)

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_offence"
        ordering = ["cjs_code", "id"]

    def __str__(self) -> str:
        return f"{self.title} ({self.cjs_code})" if self.cjs_code else self.title


class Person(View):
    """A person under the label that the case gives: a pseudonym for a complainant. Uninvolved third parties are left out."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(SharedCase, on_delete=models.DO_NOTHING, related_name="people")
    kind = models.CharField(max_length=12, choices=CasePerson.Kind)
    label = models.CharField(max_length=80)

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_person"
        ordering = ["kind", "label"]

    def __str__(self) -> str:
        return self.label


class Schedule(View):
    """A version of a schedule that was submitted, with what its certificate says beside the rows.

    `signed_name`, `signed_role`, `unexamined` are of the certified text, which as a whole is `Certified`.
    """

    id = models.UUIDField(primary_key=True)
    schedule_id = models.UUIDField()
    case = models.ForeignKey(SharedCase, on_delete=models.DO_NOTHING, related_name="schedules")
    kind = models.CharField(max_length=4, choices=CaseSchedule.Kind)
    ordinal = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=VersionState.State)
    submitted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=200)
    statement = models.TextField()
    certified_at = models.DateTimeField()
    certified_by = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    unexamined = models.TextField()
    signed_name = models.TextField()
    signed_role = models.TextField()

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_schedule"
        ordering = ["kind", "ordinal", "-number"]

    def __str__(self) -> str:
        name = self.kind if self.ordinal == 1 else f"{self.kind} ({self.ordinal})"
        return f"{name} version {self.number}"

    @property
    def not_for_disclosure(self) -> bool:
        """A sensitive schedule, or the report that speaks of it: for the prosecutor, never for defence or court."""
        return self.kind in RESTRICTED

    @property
    def is_report(self) -> bool:
        """An MG6E: its rows say where an item stands, and why it may undermine or assist."""
        return self.kind == CaseSchedule.Kind.MG6E


class Certified(View):
    """The whole of what was certified, and whether it is still that. Reading it costs time that grows with the schedule."""

    schedule = models.OneToOneField(
        Schedule, on_delete=models.DO_NOTHING, primary_key=True, db_column="id", related_name="certified"
    )
    case = models.ForeignKey(SharedCase, on_delete=models.DO_NOTHING, related_name="+")
    content = models.TextField()
    intact = models.BooleanField(help_text="The text has the hash of its certificate")
    rows_agree = models.BooleanField(help_text="The rows that the pages show are those of the text")
    log_agrees = models.BooleanField(help_text="The log's event of the certification has the hash too")

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_certified"

    def __str__(self) -> str:
        return f"What was certified of {self.schedule_id}"

    @property
    def is_whole(self) -> bool:
        """Whether all of it is as it was certified."""
        return self.intact and self.rows_agree and self.log_agrees


class Row(View):
    """A row of a submitted version, in the words that were certified. Of a withdrawn row only the number is left."""

    AREA = "cps_area_id"

    id = models.UUIDField(primary_key=True)
    version = models.ForeignKey(Schedule, on_delete=models.DO_NOTHING, related_name="rows")
    position = models.PositiveIntegerField()
    description = models.TextField()
    location = models.CharField(max_length=200)
    sensitivity_reason = models.TextField()
    withdrawn = models.BooleanField()
    exhibit_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=64)
    listed_on = models.CharField(max_length=4, help_text="On an MG6E: the schedule on which the item stands")
    listed_as = models.PositiveIntegerField(null=True)
    cps_area_id = models.UUIDField()
    block = models.TextField(help_text="Of a row that lists a block: what was certified of its items, as JSON")

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_row"
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.position)

    @property
    def manifest(self) -> manifests.Manifest | None:
        """The items of a block, as they were certified."""
        return manifests.read(json.loads(self.block)) if self.block else None

    @property
    def manifest_text(self) -> str:
        """The same as one text, to be compared with another version's."""
        return self.manifest.text if self.manifest else ""


class Endorsement(View):
    """What a prosecutor said of a row of a submitted version, as it was entered."""

    AREA = "version__case__cps_area_id"

    id = models.UUIDField(primary_key=True)
    version = models.ForeignKey(Schedule, on_delete=models.DO_NOTHING, related_name="endorsements")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=6)
    meaning = models.CharField(max_length=120)
    reason = models.TextField()
    item_viewed = models.BooleanField()
    decided_by = models.CharField(max_length=160)
    at = models.DateTimeField()
    agrees_sensitive = models.BooleanField(null=True)
    court_application = models.BooleanField(null=True)

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_endorsement"
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.code}: {self.meaning}"


class EndorsementCode(View):
    """A code that a prosecutor may give a row now."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=6)
    meaning = models.CharField(max_length=120)
    needs_reason = models.BooleanField()

    class Meta(View.Meta):
        db_table = "portal_endorsementcode"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code}: {self.meaning}"


class Document(View):
    """An issued version of a disclosure or investigation management document. `intact`: its text still has its hash."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(SharedCase, on_delete=models.DO_NOTHING, related_name="documents")
    kind = models.CharField(max_length=3, choices=ManagementDocument.Kind)
    number = models.PositiveIntegerField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)
    intact = models.BooleanField()

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_document"
        ordering = ["kind", "-number"]

    def __str__(self) -> str:
        return f"{self.kind} version {self.number}"


class ReleasedCopy(View):
    """A redacted copy that was released to the CPS and not recalled. The id is the release's.

    Where a later check found the stored bytes changed, `verified` is false and there is no key to read them by.
    """

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(SharedCase, on_delete=models.DO_NOTHING, related_name="copies")
    exhibit_id = models.UUIDField()
    reference = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=Exhibit.Kind)
    description = models.TextField()
    made_with = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    source_sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=100, null=True)  # noqa: DJ001 - a view; null says that there is nothing to read
    version_id = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    pages = models.IntegerField(help_text="Of a document; 0 for what has none")
    verified = models.BooleanField()
    verified_at = models.DateTimeField(null=True, help_text="When the stored bytes last matched the hash")
    leak_checked_at = models.DateTimeField()
    leak_checked_with = models.JSONField()
    approved_by = models.CharField(max_length=200)
    approved_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=200)
    released_at = models.DateTimeField()

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_copy"
        ordering = ["-released_at", "id"]

    def __str__(self) -> str:
        return f"{self.reference}, redacted for the CPS"

    @property
    def can_be_shown(self) -> bool:
        """Whether it can be seen in a page, and not only downloaded."""
        return self.verified and (self.media_type in INLINE_TYPES or (self.media_type == PDF and self.pages > 0))


class Bundle(View):
    """A bundle that was made for the CPS, none of whose copies has been recalled since."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(SharedCase, on_delete=models.DO_NOTHING, related_name="bundles")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    version_id = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    files = models.JSONField()
    events = models.PositiveIntegerField()

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_bundle"
        ordering = ["-made_at", "id"]

    def __str__(self) -> str:
        return f"bundle-{self.pk}.zip"


class LoggedEvent(View):
    """An event of the log that concerns what was shared: who, what, when, and its leaf. No detail."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(SharedCase, on_delete=models.DO_NOTHING, related_name="events")
    at = models.DateTimeField()
    seq = models.IntegerField()
    verb = models.TextField()
    actor = models.TextField(null=True, help_text="As named then; null once lawfully removed")  # noqa: DJ001 - a view
    object_type = models.TextField()
    object_id = models.TextField()
    leaf_index = models.BigIntegerField(null=True, help_text="Null for the seconds until it is in the tree")
    leaf_hash = models.CharField(max_length=64, null=True)  # noqa: DJ001 - a view

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_event"
        ordering = ["-at", "-seq", "-id"]

    def __str__(self) -> str:
        """The verb as a person reads it: `schedule.submitted` is "Schedule submitted"."""
        words = self.verb.replace("blob.", "file.").replace(".", " ").replace("_", " ").capitalize()
        return words.removesuffix(" qa") + " QA" if words.endswith(" qa") else words


class Look(View):
    """One opening of a case in the portal by one person, from the log: what came later is new to that person."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(SharedCase, on_delete=models.DO_NOTHING, related_name="looks")
    user_id = models.UUIDField()
    at = models.DateTimeField()

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta(View.Meta):
        db_table = "portal_look"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.case_id} at {self.at}"


class PortalSession(AbstractBaseSession):
    """A session of the portal, in a table apart from the police application's (`portal.sessions`)."""

    objects: ClassVar[Any] = BaseSessionManager()

    # The application has no business here, nor the portal in the application's sessions
    privileges: ClassVar[dict[str, list[str]]] = {"evidence_portal": ["SELECT", "INSERT", "UPDATE", "DELETE"]}

    class Meta(AbstractBaseSession.Meta):
        db_table = "portal_session"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from portal.sessions import SessionStore

        return SessionStore
