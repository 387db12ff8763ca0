"""What the API of the releases takes and gives (docs/redaction-api.md): ids, counts, hashes and names of people; no words."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from redaction import actions, asking, queue, sampling
from redaction.models import Audience, ReleaseState


def _one_of(values: list[str]) -> str:
    return f"One of {', '.join(values)}"


class QueuedReleaseSerializer(serializers.Serializer):
    """A copy: asked for by whom, for whom, due when, whose turn it is, and how many decisions are left."""

    id = serializers.UUIDField(source="release.pk")
    document = serializers.UUIDField(source="release.document_id")
    case = serializers.UUIDField(source="release.document.case_id")
    exhibit = serializers.UUIDField(source="release.document.exhibit_id")
    reference = serializers.CharField(source="release.document.exhibit.reference")
    audience = serializers.ChoiceField(source="release.audience", choices=Audience.choices)
    state = serializers.CharField(source="release.state", help_text=_one_of(ReleaseState.State.values))
    purpose = serializers.CharField(source="release.purpose")
    asked_by = serializers.CharField(source="release.asked_by.name")
    asked_at = serializers.DateTimeField(source="release.asked_at")
    due = serializers.DateField(allow_null=True)
    late = serializers.BooleanField(source="is_late")
    task = serializers.CharField(source="release.task", help_text=f"{_one_of(queue.Task.values)}; empty: a worker’s, or over")
    holder = serializers.CharField(source="holder.name", default="", help_text="Who has it; empty: nobody in particular")
    left = serializers.IntegerField(help_text="Proposals still to be decided")
    all = serializers.IntegerField(help_text="Proposals")
    reading = serializers.BooleanField(help_text="Its file is still being read")


class ReleaseStepSerializer(serializers.Serializer):
    """A change of state."""

    state = serializers.CharField()
    by = serializers.CharField(source="by.name", default="", help_text="Empty: the system")
    at = serializers.DateTimeField()
    reason = serializers.CharField()


class SampledPageSerializer(serializers.Serializer):
    """A page that the approver reads whole."""

    page = serializers.IntegerField(source="index", help_text="From 0")
    read_by = serializers.CharField(source="read.by.name", default="", help_text="Empty: nobody yet")


class LeakCheckSerializer(serializers.Serializer):
    """The leak check of the burnt-in copy. Findings name places and kinds."""

    passed = serializers.BooleanField()
    findings = serializers.JSONField()
    at = serializers.DateTimeField()


class ReleaseSerializer(QueuedReleaseSerializer):
    """The same with how it came there, what was approved and what came out."""

    decisions_sha256 = serializers.CharField(source="release.decisions_sha256", help_text="Of what was approved")
    sha256 = serializers.SerializerMethodField(help_text="Of the burnt-in copy; empty before there is one")
    steps = serializers.SerializerMethodField()
    sample = serializers.SerializerMethodField()
    leak_check = serializers.SerializerMethodField()

    def get_sha256(self, entry: queue.Entry) -> str:
        """Of the bytes as they are now."""
        blob = actions.output_of(entry.release)
        return blob.sha256 if blob else ""

    @extend_schema(responses=ReleaseStepSerializer(many=True))
    def get_steps(self, entry: queue.Entry) -> list[dict[str, Any]]:
        """The first first."""
        return list(ReleaseStepSerializer(entry.release.states.select_related("by"), many=True).data)

    @extend_schema(responses=SampledPageSerializer(many=True))
    def get_sample(self, entry: queue.Entry) -> list[dict[str, Any]]:
        """Drawn when approval was asked for."""
        return list(SampledPageSerializer(sampling.entries(entry.release), many=True).data)

    @extend_schema(responses=LeakCheckSerializer(allow_null=True))
    def get_leak_check(self, entry: queue.Entry) -> dict[str, Any] | None:
        """The latest."""
        check = entry.release.leak_checks.order_by("-id").first()
        return dict(LeakCheckSerializer(check).data) if check else None


class NewReleaseSerializer(serializers.Serializer):
    """Whom a copy is for, what for, and by when; a day left out is the usual one."""

    audience = serializers.ChoiceField(choices=Audience.choices)
    purpose = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    due = serializers.DateField(required=False, allow_null=True, default=None)


class NewReleasesSerializer(NewReleaseSerializer):
    """The same for several exhibits of a case."""

    exhibits = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=2000)


class LeftOutSerializer(serializers.Serializer):
    """An exhibit of which no copy was asked for, and why."""

    exhibit = serializers.UUIDField(source="exhibit.pk")
    why = serializers.CharField()


class AskedSerializer(serializers.Serializer):
    """What came of asking for several: ids of the copies, and what was left out."""

    releases = serializers.SerializerMethodField()
    left_out = LeftOutSerializer(many=True)

    @extend_schema(responses=serializers.ListField(child=serializers.UUIDField()))
    def get_releases(self, asked: asking.Asked) -> list[UUID]:
        """Their ids."""
        return [release.pk for release in asked.releases]


class ReleaseTurnSerializer(serializers.Serializer):
    """Who has it from now on (id of a person; null: nobody in particular), and what they must know."""

    to = serializers.UUIDField(allow_null=True)
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class TurnCandidateSerializer(serializers.Serializer):
    """Somebody who can do now what is to be done on a copy."""

    id = serializers.UUIDField(source="pk")
    name = serializers.CharField()


class ReleaseDueSerializer(serializers.Serializer):
    """Another day, and why."""

    due = serializers.DateField()
    reason = serializers.CharField(max_length=300)


class ReleaseReasonSerializer(serializers.Serializer):
    """What must be changed, or why it is withdrawn or recalled."""

    reason = serializers.CharField(max_length=2000)


class RedactionLogRowSerializer(serializers.Serializer):
    """An item that the copy leaves out: never what it says."""

    number = serializers.IntegerField()
    page = serializers.IntegerField(help_text="From 1, as it is printed")
    code = serializers.CharField()
    why = serializers.CharField()
    log_type = serializers.CharField(help_text="The CPS casework app's type")
    reason = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    found_by = serializers.CharField(source="source")


class LineageStepSerializer(serializers.Serializer):
    """A step from the source to the copy. `event` is the id of the event in the log that says so."""

    what = serializers.CharField()
    text = serializers.CharField()
    sha256 = serializers.CharField()
    at = serializers.CharField()
    event = serializers.CharField()


class RedactionLogSerializer(serializers.Serializer):
    """The redaction log of a copy, and where the copy comes from."""

    rows = RedactionLogRowSerializer(many=True)
    lineage = LineageStepSerializer(many=True)


class DifferenceLineSerializer(serializers.Serializer):
    """So many places under a code on a page (from 1)."""

    page = serializers.IntegerField()
    code = serializers.CharField()
    count = serializers.IntegerField()


class RedactionDifferenceSerializer(serializers.Serializer):
    """What a copy leaves out otherwise than the first, and otherwise than its audience's policy says."""

    first = serializers.UUIDField(allow_null=True, help_text="The copy that was approved first; null: none was, or this one")
    more = DifferenceLineSerializer(many=True, help_text="Redacted here alone")
    less = DifferenceLineSerializer(many=True, help_text="Redacted there alone")
    recoded = DifferenceLineSerializer(many=True)
    kept = DifferenceLineSerializer(many=True, help_text="Kept, though the policy redacts it")
    redacted = DifferenceLineSerializer(many=True, help_text="Redacted, though the policy keeps it")


class ProposedFiguresSerializer(serializers.Serializer):
    """Proposals of one origin."""

    found = serializers.CharField()
    all = serializers.IntegerField()
    accepted = serializers.IntegerField()
    kept = serializers.IntegerField()
    open = serializers.IntegerField()


class RedactionFiguresSerializer(serializers.Serializer):
    """What a force proposed, decided, drew and released, and the time between its people's decisions (pauses left out)."""

    documents = serializers.IntegerField()
    pages = serializers.IntegerField()
    released = serializers.IntegerField()
    acts = serializers.IntegerField()
    decisions = serializers.IntegerField()
    seconds = serializers.IntegerField()
    rows = ProposedFiguresSerializer(many=True)
