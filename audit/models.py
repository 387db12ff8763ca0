"""What the log is made of. Rows are written by `audit.actions` and `audit.sequencer` only, and never changed.

`Event.body` is the text that was hashed (see `audit.body`); all other columns that say something about the act are filled from it
by a trigger, and nobody may give them, so they can't say anything else. The same trigger compares the primary key with the body.
"""

import json
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from audit.triggers import Trigger, append_only

APP, LOG, PORTAL = "evidence_app", "evidence_log", "evidence_portal"


GIVEN = "(id, body, hmac)"
"""The columns of an event that whoever appends it gives."""
READING = r"\.([a-z_]+_)?(viewed|opened|searched|printed|exported|taken|downloaded|read|listed)$"
"""The verbs of acts that read."""


def columns_of_body() -> Trigger:
    """Fills an event's columns from its body, whatever was given for them. All from one parse of the text.

    `jsonb`: it also refuses a text that is no JSON for PostgreSQL, such as one with NUL in it. The migration makes the trigger fire
    `ALWAYS`, so that no way of copying rows passes it by.
    """
    return Trigger(
        name="columns",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("said", "jsonb := NEW.body::jsonb")],
        func="""
            IF NEW.id IS DISTINCT FROM (said ->> 'id')::uuid THEN
                RAISE EXCEPTION 'The event is not the one that its body is of'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'event_id_is_the_bodys';
            END IF;
            NEW.at := (said ->> 'at')::timestamptz;
            NEW.verb := said ->> 'verb';
            NEW.actor_id := (said ->> 'actor')::uuid;
            NEW.case_id := (said ->> 'case')::uuid;
            NEW.organisation_id := (said ->> 'organisation')::uuid;
            NEW.object_type := said ->> 'object_type';
            NEW.object_id := said ->> 'object_id';
            NEW.seq := (said ->> 'seq')::int;
            RETURN NEW;
        """,
    )


class EventQuerySet(models.QuerySet["Event"]):
    """The questions that pages ask of the log."""

    def for_case(self, case_id: uuid.UUID | str) -> "EventQuerySet":
        """Events of one case, in the order they were recorded."""
        return self.filter(case_id=case_id).in_order()

    def by_actor(self, actor_id: uuid.UUID | str) -> "EventQuerySet":
        """What one person did."""
        return self.filter(actor_id=actor_id)

    def about(self, object_type: str, object_id: Any) -> "EventQuerySet":
        """What was done to one object."""
        return self.filter(object_type=object_type, object_id=str(object_id))

    def with_verb(self, verb: str) -> "EventQuerySet":
        """Events of one verb, or of all verbs of a noun ("exhibit"), or all refusals (".refused")."""
        if verb.startswith("."):
            return self.filter(verb__endswith=verb)
        return self.filter(Q(verb=verb) | Q(verb__startswith=f"{verb}."))

    def reading(self) -> "EventQuerySet":
        """What was looked at or taken away, and changed nothing (DPA 2018 s.62: consultation, and what follows from it)."""
        return self.filter(verb__regex=READING)

    def between(self, start: Any = None, end: Any = None) -> "EventQuerySet":
        """Events from `start` on and before `end` (aware datetimes; either may be None)."""
        found = self.filter(at__gte=start) if start else self
        return found.filter(at__lt=end) if end else found

    def in_order(self) -> "EventQuerySet":
        """By the moment recorded; the events of one action in their own order."""
        return self.order_by("at", "seq", "id")

    def newest_first(self) -> "EventQuerySet":
        """The other way round, as the log's pages show it."""
        return self.order_by("-at", "-seq", "-id")

    def with_detail(self) -> "EventQuerySet":
        """Fetch details and leaf numbers in the same query, for readers who may see both."""
        return self.select_related("detail", "leaf")


class Event(models.Model):
    """One act, as it was recorded and hashed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.TextField(help_text="RFC 8785 text, exactly as hashed")
    hmac = models.BinaryField(max_length=32, help_text="HMAC-SHA256 of the body by a key that the database doesn't hold")
    created = models.DateTimeField(db_default=Now(), help_text="The database's clock when the transaction began")

    # Filled by the trigger `columns`
    at = models.DateTimeField()
    verb = models.TextField()
    actor_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    object_type = models.TextField()
    object_id = models.TextField()
    seq = models.IntegerField()

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    if TYPE_CHECKING:
        detail: "EventDetail"
        leaf: "Leaf"

    privileges = {APP: ["SELECT", f"INSERT {GIVEN}"], PORTAL: [f"INSERT {GIVEN}"], LOG: ["SELECT"]}

    class Meta:
        indexes = [
            models.Index(fields=["case_id", "at", "seq", "id"], name="event_of_case"),
            models.Index(fields=["actor_id", "at"], name="event_of_actor"),
            models.Index(fields=["object_id", "at"], name="event_of_object"),
            models.Index(fields=["at"], name="event_at"),
        ]
        triggers = [*append_only(), columns_of_body()]

    def __str__(self) -> str:
        return f"{self.verb} at {self.at:%d/%m/%Y %H:%M:%S} UTC"

    def members(self) -> dict[str, Any]:
        """The body's members."""
        members: dict[str, Any] = json.loads(self.body)
        return members

    @property
    def request_id(self) -> str | None:
        """The id of the request that caused it, or None."""
        request: str | None = self.members()["request"]
        return request

    @property
    def action_id(self) -> uuid.UUID:
        """What the events of one action share."""
        return uuid.UUID(self.members()["action"])

    @property
    def detail_hash(self) -> str:
        """What the body says of its detail: see `audit.body.detail_hash`."""
        return str(self.members()["detail_hash"])

    @property
    def before(self) -> dict[str, Any] | None:
        """States, numbers, ids and hashes before the act."""
        before: dict[str, Any] | None = self.members()["before"]
        return before

    @property
    def after(self) -> dict[str, Any] | None:
        """The same after it."""
        after: dict[str, Any] | None = self.members()["after"]
        return after


class EventDetail(models.Model):
    """What identifies people or is sensitive: removed by lawful disposal without breaking the tree."""

    # No constraint here and below: it would look up and lock the event that the same function has just written, which nobody may
    # delete. A detail or a place in the queue without an event says nothing and goes nowhere
    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="detail", db_constraint=False)
    salt = models.BinaryField(max_length=32)
    detail = models.TextField(help_text="RFC 8785 text, exactly as hashed after the salt")

    privileges = {APP: ["SELECT", "INSERT"], PORTAL: ["INSERT"]}

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"detail of {self.event_id}"

    @property
    def actor(self) -> str:
        """The actor's name as it stood when the event was recorded."""
        return str(json.loads(self.detail)["actor"])

    @property
    def facts(self) -> dict[str, Any]:
        """The names, terms and reasons that were recorded."""
        return dict(json.loads(self.detail)["detail"] or {})


class Pending(models.Model):
    """An event that isn't in the tree yet. `position` keeps the events of one transaction in order; it has gaps."""

    position = models.BigAutoField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="pending", db_constraint=False)

    privileges = {APP: ["SELECT", "INSERT"], PORTAL: ["INSERT"], LOG: ["SELECT", "DELETE"]}

    class Meta:
        triggers = append_only(delete=True)

    def __str__(self) -> str:
        return f"pending {self.event_id}"


class Leaf(models.Model):
    """An event's place in the tree, without gaps from 0, and its leaf hash."""

    leaf_index = models.BigIntegerField(primary_key=True)
    # No constraint: it would look up and lock every event once more. The sequencer makes a leaf from the event's own row, which
    # privileges and triggers keep, and `audit_verify` names a leaf without one
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="leaf", db_constraint=False)
    leaf_hash = models.BinaryField(max_length=32)

    privileges = {APP: ["SELECT"], LOG: ["SELECT", "INSERT"]}

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"leaf {self.leaf_index}"


class Node(models.Model):
    """The hash of a complete subtree. Only every eighth level is kept (see `audit.tree`)."""

    pk = models.CompositePrimaryKey("level", "position")
    level = models.SmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    privileges = {APP: ["SELECT"], LOG: ["SELECT", "INSERT"]}

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"node {self.level}/{self.position}"


class Checkpoint(models.Model):
    """What the log said about itself: size, root, and the signed note that says it (see `audit.notes`)."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField(help_text="C2SP signed note")
    at = models.DateTimeField(db_default=Now())

    privileges = {APP: ["SELECT"], LOG: ["SELECT", "INSERT"]}

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"checkpoint of {self.size} leaves"


class Anchor(models.Model):
    """Checkpoints that were kept elsewhere: in the vault under object lock, or stamped by an authority (see `audit.anchors`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.CharField(max_length=200, help_text='"vault", or the host of a time-stamping authority')
    first_size = models.BigIntegerField(help_text="The smallest checkpoint in it")
    size = models.BigIntegerField(help_text="The largest checkpoint in it")
    name = models.CharField(max_length=100, blank=True, help_text="Of the text in the vault")
    version_id = models.CharField(max_length=200, blank=True)
    stamp = models.BinaryField(default=b"", help_text="RFC 3161 response, DER")
    stamped_at = models.DateTimeField(null=True, help_text="The authority's clock")
    at = models.DateTimeField(db_default=Now())

    privileges = "append"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "first_size"], name="anchor_once_from_here"),
            models.UniqueConstraint(fields=["place", "size"], name="anchor_once_to_here"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"anchor of {self.size} leaves at {self.place}"
