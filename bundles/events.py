"""Which events of the log go into a bundle, and how much of each its audience sees.

Every event about a disclosed item is in it with its proof, in one of three ways: *opened* with its detail (who, and what the act
adds to it), *shown* without (the body names people and things by id), or *sealed*: only the hash of its leaf, by which it can be
shown later and nothing else can be in its place. What this module doesn't name is sealed.

A defence or a court sees nothing of the unredacted source: the hash of a short file can be guessed from what was left in it.
"""

import json
from collections.abc import Collection, Iterator
from typing import Literal
from uuid import UUID

from audit.models import Event
from bundles.contents import Contents
from evidence.models import Upload
from redaction.models import Audience

Sight = Literal["opened", "shown", "sealed"]

_FOR_ALL = frozenset(
    {
        "blob.verified",
        "copy.added",
        "exhibit.added",
        "redaction.approved",
        "redaction.asked",
        "redaction.burnt_in",
        "redaction.failed",
        "redaction.leak_check_failed",
        "redaction.leak_check_passed",
        "redaction.recalled",
        "redaction.released",
        "redaction.sent_back",
        "redaction.sent_for_approval",
        "schedule.certified",
        "schedule.checked",
        "schedule.drafted",
        "schedule.sent_to_qa",
        "schedule.submitted",
        "schedule.superseded",
    }
)
_FOR_CPS = _FOR_ALL | {
    "blob.opened",
    "copy.consulted",
    "exhibit.viewed",
    "redaction.decided",
    "redaction.drawn",
    "redaction.kept_only",
    "redaction.log_printed",
    "redaction.merged",
    "redaction.moved",
    "redaction.proposed",
    "redaction.redone",
    "redaction.undone",
    "schedule.consulted",
    "schedule.draft_updated",
    "schedule.printed",
    "schedule.returned_to_author",
    "schedule.viewed",
    "upload.completed",
    "upload.opened",
    "verification.requested",
}
# Opened only while the detail holds nothing but these members: free text could name anybody
_OPENED_TO_ALL: dict[str, frozenset[str]] = {
    "blob.verified": frozenset(),
    "redaction.burnt_in": frozenset(),
    "redaction.leak_check_failed": frozenset(),
    "redaction.leak_check_passed": frozenset(),
    "schedule.certified": frozenset(),
    "schedule.submitted": frozenset(),
}
_OPENED_TO_CPS = _OPENED_TO_ALL | {
    "copy.added": frozenset({"made_with"}),
    "redaction.approved": frozenset(),
    "redaction.released": frozenset(),
    "redaction.sent_for_approval": frozenset(),
    "schedule.checked": frozenset(),
    "schedule.sent_to_qa": frozenset(),
}


class Concerned:
    """The objects that a bundle's items are, and come from."""

    def __init__(self, contents: Contents) -> None:
        self.own: set[str] = {str(version.pk) for version, _ in contents.schedules}
        self.sources: set[str] = set()
        for release, blob, _ in contents.copies:
            document = release.document
            self.own |= {str(key) for key in (release.pk, document.pk, document.exhibit_id, blob.copy_id, blob.pk)}
            self.sources |= {str(document.source_id), str(document.source.copy_id)}
        uploads = Upload.objects.filter(blob__in=[release.document.source_id for release, _, _ in contents.copies])
        self.sources |= {str(key) for key in uploads.values_list("pk", flat=True)}

    @property
    def ids(self) -> Collection[str]:
        """All of them, as events name them."""
        return self.own | self.sources


def about(contents: Contents, case_id: UUID, log_size: int) -> Iterator[Event]:
    """The events that concern the items, as far as the first `log_size` leaves hold them, in the log's order."""
    events = Event.objects.filter(case_id=case_id, object_id__in=Concerned(contents).ids, leaf__leaf_index__lt=log_size)
    return iter(events.with_detail().order_by("leaf__leaf_index").iterator(chunk_size=500))


def sight(event: Event, audience: str, sources: Collection[str]) -> Sight:
    """How much of an event this audience sees."""
    cps = audience == Audience.CPS
    if event.verb not in (_FOR_CPS if cps else _FOR_ALL) or (not cps and event.object_id in sources):
        return "sealed"
    members = (_OPENED_TO_CPS if cps else _OPENED_TO_ALL).get(event.verb)
    detail = getattr(event, "detail", None)
    if members is None or detail is None:
        return "shown"
    facts = json.loads(detail.detail)["detail"]
    return "opened" if facts is None or facts.keys() <= members else "shown"
