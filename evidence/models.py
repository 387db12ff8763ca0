"""Exhibits, their copies and blobs, uploads, checks, custody and seals.

Exhibit 1-n copies (master, working, viewing, redacted); copy 1-n blobs. The original file name is restricted data: it
is on the blob, never in a key, a URL or an event's body.
"""

import uuid
from collections.abc import Collection

from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.models import User
from cases.models import Case, Person
from evidence import triggers
from evidence.fencing import Fence
from evidence.keeping_models import Disposal, Hold, Retention, Tombstone
from evidence.place_models import Location, Stocktake
from vault import protocol as vault

__all__ = [  # what is imported to be found here
    "Disposal",
    "Hold",
    "Retention",
    "Tombstone",
]

REFERENCE = RegexValidator(
    r"\A[A-Z]{2,4}/[0-9]{1,4}([/-][A-Z0-9]+)*\Z", "Enter the reference as initials and number, for example AB/1"
)


class BatchQuerySet(models.QuerySet["Batch"]):
    """Which batches."""

    def visible_to(self, user: User) -> "BatchQuerySet":
        """Batches of the cases whose team this person is on now."""
        return self.filter(case__in=Case.objects.visible_to(user))


class Batch(models.Model):
    """What many files have in common that were received together: each becomes an exhibit under the next reference of
    `initials`, or of `parent` as its sub-exhibit.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="batches")
    initials = models.CharField(max_length=4, blank=True)
    parent = models.ForeignKey("Exhibit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("type", max_length=12, blank=True, help_text="Empty: by each file's name")
    description = models.TextField(help_text="Of them all, in plain words; no complainant's name")
    seized_at = models.DateTimeField("seized or received")
    seized_where = models.CharField(max_length=200)
    seized_by = models.CharField(max_length=120)
    location = models.CharField("where it is kept", max_length=200, blank=True)
    within_marking = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Whoever booked it in said: not above OFFICIAL-SENSITIVE",
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BatchQuerySet.as_manager()
    privileges = "append"

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True, initials__regex=r"^[A-Z]{2,4}$") | Q(parent__isnull=False, initials=""),
                name="batch_has_initials_or_parent",
            ),
        ]
        triggers = triggers.BATCH

    def __str__(self) -> str:
        return f"{self.prefix}…"

    @property
    def prefix(self) -> str:
        """What the references of its exhibits begin with, for example "AB/" or "AB/1/"."""
        return f"{self.parent.reference}/" if self.parent else f"{self.initials}/"


class ExhibitQuerySet(models.QuerySet["Exhibit"]):
    """Which exhibits."""

    def visible_to(self, user: User) -> "ExhibitQuerySet":
        """Exhibits of the cases whose team this person is on now."""
        return self.filter(case__in=Case.objects.visible_to(user))


class Exhibit(models.Model):
    """An item of evidence. Its reference never changes once issued; a mistake gets a correction note."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", "Witness statement (MG11)"
        DOCUMENT = "document", "Document"
        MESSAGES = "messages", "Messages or chat export"
        PHOTOGRAPH = "photograph", "Photograph"
        VIDEO = "video", "Video (CCTV, body-worn)"
        ABE = "abe", "Recorded interview (ABE)"
        AUDIO = "audio", "Audio (999 call, recording)"
        PHONE = "phone", "Phone or device"
        MEDICAL = "medical", "Medical or SARC record"
        OTHER = "other", "Other"

    class State(models.TextChoices):
        BOOKED_IN = "booked_in", "Booked in"
        QUARANTINED = "quarantined", "Quarantined"
        RETURNED = "returned", "Returned"
        RETAINED = "retained", "Retained"
        DISPOSED = "disposed", "Disposed of"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exhibits")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="exhibits")
    reference = models.CharField(max_length=64, validators=[MaxLengthValidator(64), REFERENCE])
    kind = models.CharField("type", max_length=12, choices=Kind)
    description = models.TextField(help_text="What it is, in plain words; no complainant's name")
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seized_at = models.DateTimeField("seized or received")
    seized_where = models.CharField(max_length=200)
    seized_by = models.CharField(max_length=120)
    seal_number = models.CharField(max_length=40, blank=True)
    location = models.CharField("where it is kept", max_length=200, blank=True)
    within_marking = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Whoever booked it in said: not above OFFICIAL-SENSITIVE",
    )
    state = models.CharField(max_length=12, choices=State, default=State.BOOKED_IN)
    fence = models.CharField(
        max_length=10, choices=Fence, default=Fence.NONE, db_default="", blank=True, editable=False, help_text="Kept by triggers"
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ExhibitQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(F("case"), Upper("reference"), name="exhibit_reference_once_per_case"),
            models.CheckConstraint(
                condition=Q(reference__regex=r"^[A-Z]{2,4}/[0-9]{1,4}([/-][A-Z0-9]+)*$"), name="exhibit_reference_form"
            ),
        ]
        indexes = [models.Index(fields=["case", "created_at"])]
        triggers = triggers.EXHIBIT

    def __str__(self) -> str:
        return self.reference


class CustodyEventQuerySet(models.QuerySet["CustodyEvent"]):
    """Which entries of custody."""

    def visible_to(self, user: User) -> "CustodyEventQuerySet":
        """Entries of the cases whose team this person is on now."""
        return self.filter(exhibit__case__in=Case.objects.visible_to(user))

    def holding(self) -> "CustodyEventQuerySet":
        """The one entry for each exhibit that says who has it now, or where it is."""
        return self.last_of(CustodyEvent.HOLDING)

    def last_of(self, kinds: Collection[str]) -> "CustodyEventQuerySet":
        """Entries of these kinds that no other of them came after, for the same exhibit."""
        later = CustodyEvent.objects.filter(exhibit=OuterRef("exhibit"), kind__in=kinds, recorded_at__gt=OuterRef("recorded_at"))
        return self.filter(~Exists(later), kind__in=kinds)

    def waiting(self) -> "CustodyEventQuerySet":
        """Hand-overs that nobody has accepted, declined or withdrawn."""
        return self.filter(kind=CustodyEvent.Kind.OFFERED, answer=None)


class CustodyEvent(models.Model):
    """Who had it, where, under which seal, and why it moved. Append-only; each also stands in the log.

    What an exhibit's state is now (seal, holder, place) is read from these rows (`evidence.standing`) and kept nowhere else.
    `at` is when it happened; the order is that of `recorded_at`, which goes up for each exhibit.
    """

    class Kind(models.TextChoices):
        SEIZED = "seized", "Seized or received"
        SEALED = "sealed", "Sealed"
        OPENED = "opened", "Seal opened"
        RESEALED = "resealed", "Re-sealed"
        OFFERED = "offered", "Hand-over offered"
        ACCEPTED = "accepted", "Hand-over accepted"
        DECLINED = "declined", "Hand-over declined"
        WITHDRAWN = "withdrawn", "Hand-over withdrawn"
        MOVED = "moved", "Put in a place"
        TAKEN = "taken", "Taken out"
        SENT = "sent", "Sent out"
        RETURNED = "returned", "Returned: released from custody"
        TAKEN_OVER = "taken_over", "Taken over by a supervisor"
        SEEN = "seen", "Seen at a stocktake"
        MISSED = "missed", "Not found at a stocktake"
        MISPLACED = "misplaced", "Found in another place at a stocktake"
        UPLOADED = "uploaded", "File received"
        VERIFIED = "verified", "File verified"
        QUARANTINED = "quarantined", "Quarantined"
        CLEARED = "cleared", "Quarantine ended"
        SUPERSEDED = "superseded", "File given up"
        DISPOSED = "disposed", "Disposed of"

    HOLDING = (Kind.SEIZED, Kind.ACCEPTED, Kind.MOVED, Kind.TAKEN, Kind.SENT, Kind.RETURNED, Kind.TAKEN_OVER)
    SEALING = (Kind.SEIZED, Kind.SEALED, Kind.OPENED, Kind.RESEALED, Kind.TAKEN_OVER)
    IN_HAND = (Kind.ACCEPTED, Kind.TAKEN, Kind.TAKEN_OVER)
    COUNTED = (Kind.SEEN, Kind.MISSED, Kind.MISPLACED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="custody")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    by = models.CharField(max_length=160, help_text="The person as they were named then")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to = models.CharField(max_length=160, blank=True, help_text="Who received it, or is to, as they were named then")
    to_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    from_place = models.CharField(max_length=200, blank=True)
    to_place = models.CharField(max_length=200, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, related_name="custody")
    due_back = models.DateField(null=True)
    condition = models.CharField(max_length=200, blank=True)
    answers = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="answer")
    stocktake = models.ForeignKey(Stocktake, on_delete=models.PROTECT, null=True, related_name="results")
    seal_before = models.CharField(max_length=40, blank=True)
    seal_after = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    privileges = "append"
    objects = CustodyEventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "recorded_at"]
        indexes = [
            models.Index(fields=["exhibit", "recorded_at"]),
            models.Index(fields=["due_back"], condition=Q(due_back__isnull=False), name="custody_due_back"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="offered") | Q(to_user__isnull=False), name="offered_to_somebody"),
            models.CheckConstraint(condition=~Q(kind="moved") | Q(location__isnull=False), name="moved_to_a_location"),
            models.CheckConstraint(condition=~Q(kind="sealed") | ~Q(seal_after=""), name="sealed_with_a_number"),
            models.CheckConstraint(
                condition=~Q(kind="resealed") | ~Q(seal_before="") & ~Q(seal_after="") & ~Q(seal_before=F("seal_after")),
                name="resealed_old_to_new",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["opened", "declined", "returned", "taken_over"]) | ~Q(purpose=""), name="custody_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(kind="taken_over") | Q(user__isnull=False, to_user=F("user")), name="taken_over_by_oneself"
            ),
            models.CheckConstraint(condition=~Q(kind="opened") | ~Q(seal_before="") & Q(seal_after=""), name="opened_a_seal"),
        ]
        triggers = triggers.CUSTODY

    def __str__(self) -> str:
        return f"{self.exhibit_id} {self.kind}"

    @property
    def case_id(self) -> uuid.UUID:
        """The case it belongs to, for the rules of access."""
        return self.exhibit.case_id


class CopyQuerySet(models.QuerySet["Copy"]):
    def visible_to(self, user: User) -> "CopyQuerySet":
        """Copies in the cases whose team this person is on now."""
        return self.filter(exhibit__case__in=Case.objects.visible_to(user))


class Copy(models.Model):
    """One copy of an exhibit: the master as received, or something made from it."""

    class Kind(models.TextChoices):
        MASTER = "master", "Master"
        WORKING = "working", "Working copy"
        VIEWING = "viewing", "Viewing copy"
        REDACTED = "redacted", "Redacted copy"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="copies")
    kind = models.CharField(max_length=10, choices=Kind)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="derivatives")
    made_with = models.CharField("tool and version", max_length=120, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = CopyQuerySet.as_manager()

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(fields=["exhibit"], condition=Q(kind="master"), name="one_master_per_exhibit"),
            models.CheckConstraint(condition=Q(kind="master") | Q(parent__isnull=False), name="copy_keeps_its_parent"),
        ]
        triggers = triggers.COPY

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.exhibit_id}"

    @property
    def case_id(self) -> uuid.UUID:
        """The case it belongs to, for the rules of access."""
        return self.exhibit.case_id


class BlobQuerySet(models.QuerySet["Blob"]):
    def visible_to(self, user: User) -> "BlobQuerySet":
        """Blobs in the cases whose team this person is on now."""
        return self.filter(copy__exhibit__case__in=Case.objects.visible_to(user))

    def kept(self) -> "BlobQuerySet":
        """Those whose bytes the vault must hold."""
        return self.filter(state__in=Blob.KEPT)

    def master_of(self, exhibit: "Exhibit") -> "Blob | None":
        """The bytes that are the exhibit's master now (or are being received as such)."""
        found = self.filter(copy__exhibit=exhibit, copy__kind=Copy.Kind.MASTER).exclude(state__in=Blob.ASIDE)
        return found.select_related("copy__exhibit__case").order_by("-created_at").first()


class Blob(models.Model):
    """Bytes in the vault, by random key and store version. `sha256` is what they must be; the checks say what they are."""

    class State(models.TextChoices):
        RECEIVING = "receiving", "Being received"
        RECEIVED = "received", "Received, not yet verified"
        VERIFIED = "verified", "Verified"
        QUARANTINED = "quarantined", "Quarantined"
        SUPERSEDED = "superseded", "Given up for a new file"
        DISPOSING = "disposing", "Being disposed of"
        DISPOSED = "disposed", "Disposed of"
        ABANDONED = "abandoned", "Upload abandoned"

    KEPT = (State.RECEIVED, State.VERIFIED, State.QUARANTINED, State.SUPERSEDED)
    """States in which the vault must hold the bytes."""
    ASIDE = (State.SUPERSEDED, State.ABANDONED)
    """States in which they are not what the copy consists of now."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="blobs")
    key = models.CharField(max_length=100, unique=True)
    version_id = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField()
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    media_type = models.CharField("type by content", max_length=100, blank=True)
    original_name = models.CharField(max_length=255, blank=True, help_text="Restricted: may identify a person")
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVING)
    malware = models.CharField(max_length=200, blank=True, help_text="What the scanner called what it found; fences the file")
    facts = models.JSONField(default=dict, blank=True, help_text="What the sandbox read from it (pages, size in pixels, notes)")
    protected_until = models.DateTimeField(null=True, help_text="Retention as the store reported it")
    legal_hold = models.BooleanField(default=False, help_text="Legal hold as the store reported it")
    created_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True, db_index=True, help_text="Last check that came to an end, whatever it found")

    objects = BlobQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="blob_size_not_negative"),
            models.CheckConstraint(condition=~Q(state="verified") | Q(sha256__regex=r"^[0-9a-f]{64}$"), name="verified_has_hash"),
        ]
        triggers = triggers.BLOB

    def __str__(self) -> str:
        return f"{self.size} bytes ({self.state})"

    @property
    def case_id(self) -> uuid.UUID:
        """The case it belongs to, for the rules of access."""
        return self.copy.exhibit.case_id

    @property
    def exhibit(self) -> Exhibit:
        """The exhibit these bytes are of."""
        return self.copy.exhibit


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> "UploadQuerySet":
        """Uploads in the cases whose team this person is on now."""
        return self.filter(blob__copy__exhibit__case__in=Case.objects.visible_to(user))


class Upload(models.Model):
    """A file on its way in: open until every part is stored and the whole is complete. Survives a reload and a lost
    connection.
    """

    class State(models.TextChoices):
        OPEN = "open", "Uploading"
        COMPLETE = "complete", "Complete"
        ABORTED = "aborted", "Stopped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blob = models.OneToOneField(Blob, on_delete=models.PROTECT, related_name="upload")
    vault_upload_id = models.CharField(max_length=300)
    part_size = models.BigIntegerField()
    last_modified = models.BigIntegerField(
        default=0, help_text="Of the file on the sender's machine, ms since 1970; helps to find it again"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)

    objects = UploadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Upload {self.id} ({self.state})"

    @property
    def case_id(self) -> uuid.UUID:
        """The case it belongs to, for the rules of access."""
        return self.blob.copy.exhibit.case_id

    @property
    def exhibit(self) -> Exhibit:
        """The exhibit the file is for."""
        return self.blob.copy.exhibit

    def in_vault(self) -> vault.Upload:
        """The same upload as the vault knows it."""
        return vault.Upload(self.blob.key, self.vault_upload_id, self.blob.size, self.part_size)


class UploadPart(models.Model):
    """A part the store has acknowledged, with the digests the sender computed."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    size = models.BigIntegerField()
    md5 = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    stored_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="part_once")]

    def __str__(self) -> str:
        return f"Part {self.number}"


class Verification(models.Model):
    """One check of a blob's bytes against its hash. Append-only."""

    class Result(models.TextChoices):
        MATCH = "match", "Matches"
        CHANGED = "changed", "Changed: the hash differs"
        TRUNCATED = "truncated", "Truncated: the size differs"
        MISSING = "missing", "Missing from the store"
        UNREADABLE = "unreadable", "Can't be read: the store does not give it out"
        UNCHECKED = "unchecked", "Could not be checked: the store did not answer"

    DAMAGE = (Result.CHANGED, Result.TRUNCATED, Result.MISSING, Result.UNREADABLE)
    """Results that quarantine the bytes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="verifications")
    at = models.DateTimeField(auto_now_add=True)
    result = models.CharField(max_length=10, choices=Result)
    expected = models.CharField(max_length=64, blank=True)
    found = models.CharField(max_length=64, blank=True)
    found_size = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True, help_text="What the store said, or why it was read twice")
    software = models.CharField(max_length=120)

    privileges = "append"

    class Meta:
        ordering = ["-at"]
        triggers = triggers.APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.get_result_display()} at {self.at:%d/%m/%Y %H:%M}"


class MalwareScan(models.Model):
    """One look of the malware scanner at a blob's bytes. Append-only."""

    class Result(models.TextChoices):
        CLEAN = "clean", "No malware found"
        INFECTED = "infected", "Malware found"
        NOT_SCANNED = "not_scanned", "Not scanned"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="scans")
    at = models.DateTimeField(auto_now_add=True)
    result = models.CharField(max_length=12, choices=Result)
    signature = models.CharField(max_length=200, blank=True)
    engine = models.CharField("scanner and its version", max_length=120)
    note = models.CharField(max_length=200, blank=True)

    privileges = "append"

    class Meta:
        ordering = ["-at"]
        triggers = triggers.APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.get_result_display()} at {self.at:%d/%m/%Y %H:%M}"


class QuarantineEnd(models.Model):
    """A supervisor's word that a quarantine is over: the bytes match again (`check`), or a new file takes their place
    (without `check`). Append-only; the database lets a quarantined blob go no other way.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="quarantine_ends")
    check_made = models.ForeignKey(Verification, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privileges = "append"

    class Meta:
        ordering = ["-at"]
        triggers = triggers.QUARANTINE_END

    def __str__(self) -> str:
        return f"End of the quarantine of {self.blob_id}"
