"""One timeline of an exhibit: its custody, the checks of its file, and from the log who viewed, printed, redacted, released it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.urls import reverse

from accounts.models import User
from audit.actions import SYSTEM
from audit.models import Event, EventDetail
from cases.log_rows import in_words
from evidence import custody_words, hooks
from evidence.models import CustodyEvent, Exhibit, Verification

CUSTODY, FILE, VIEWED, REDACTION = "custody", "file", "viewed", "redaction"
KINDS = [
    (CUSTODY, "Seals, hands and places"),
    (FILE, "File and checks"),
    (VIEWED, "Viewed and printed"),
    (REDACTION, "Redacted and released"),
]
_OF_THE_FILE = (
    CustodyEvent.Kind.UPLOADED,
    CustodyEvent.Kind.VERIFIED,
    CustodyEvent.Kind.QUARANTINED,
    CustodyEvent.Kind.CLEARED,
    CustodyEvent.Kind.SUPERSEDED,
)


@dataclass(frozen=True)
class Entry:
    """One thing that happened, as the timeline shows it."""

    at: dt.datetime
    kind: str
    title: str
    by: str
    text: str = ""
    href: str = ""
    tag: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Part:
    """Some of a timeline, newest first; `before` is where the next, older part begins, or None if this is the end."""

    entries: list[Entry]
    before: dt.datetime | None


def read(user: User, exhibit: Exhibit, *, kind: str = "", before: dt.datetime | None = None, size: int = 50) -> Part:
    """At least `size` entries, if there are so many, from before that moment, of one kind or of all.

    Costs the same however long the timeline is: each source gives only what can be shown.
    """
    found: list[Entry] = []
    if kind in ("", CUSTODY, FILE):
        found += _custody(exhibit, kind, before, size + 1)
    if kind in ("", FILE):
        found += _checks(exhibit, before, size + 1)
    if kind in ("", FILE, VIEWED, REDACTION):
        found += _log(user, exhibit, kind, before, size + 1)
    found.sort(key=lambda entry: entry.at, reverse=True)
    end = size
    # Those of one moment stay together, so that the next part can begin before it
    while 0 < end < len(found) and found[end].at == found[end - 1].at:
        end += 1
    return Part(found[:end], found[end - 1].at if end < len(found) else None)


def _custody(exhibit: Exhibit, kind: str, before: dt.datetime | None, limit: int) -> Iterator[Entry]:
    events = exhibit.custody.order_by("-at", "-recorded_at")
    if kind:
        events = events.filter(kind__in=_OF_THE_FILE) if kind == FILE else events.exclude(kind__in=_OF_THE_FILE)
    if before:
        events = events.filter(at__lt=before)
    for event in events[:limit]:
        of = FILE if event.kind in _OF_THE_FILE else CUSTODY
        yield Entry(event.at, of, event.get_kind_display(), event.by, custody_words.of(event))


def _checks(exhibit: Exhibit, before: dt.datetime | None, limit: int) -> Iterator[Entry]:
    checks = Verification.objects.filter(blob__copy__exhibit=exhibit).select_related("blob__copy").order_by("-at")
    if before:
        checks = checks.filter(at__lt=before)
    for check in checks[:limit]:
        yield Entry(
            check.at,
            FILE,
            f"{check.blob.copy.get_kind_display()} checked",
            SYSTEM.text,
            f"Found SHA-256 {check.found}" if check.found else "",
            tag=check.get_result_display(),
            colour="green" if check.result == Verification.Result.MATCH else "red",
        )


def _log(user: User, exhibit: Exhibit, kind: str, before: dt.datetime | None, limit: int) -> Iterator[Entry]:
    """What the log says of the exhibit, its files and what upper rooms made of it."""
    shown = [_VERBS, *(part.verbs for part in hooks.exhibit_timeline)]
    verbs = {verb: of for part in shown for verb, of in part.items() if kind in ("", of)}
    ids = [str(pk) for pk in (*_own(exhibit), *_of_upper_rooms(user, exhibit))]
    events = Event.objects.filter(case_id=exhibit.case_id, object_id__in=ids, verb__in=verbs)
    if before:
        events = events.filter(at__lt=before)
    found: Sequence[Event] = list(events.newest_first().select_related("detail")[:limit])
    people = User.objects.in_bulk({event.actor_id for event in found if event.actor_id and not _detail(event)})
    for event in found:
        detail = _detail(event)
        actor = detail.actor if detail else str(people.get(event.actor_id, SYSTEM.text))
        purpose = str(detail.facts.get("purpose", "")) if detail else ""
        yield Entry(
            event.at,
            verbs[event.verb],
            in_words(event.verb),
            actor,
            " ".join(filter(None, [purpose and f"Why: {purpose}.", *_said(event)])),
            reverse("cases:log_proof", args=[event.case_id, event.pk]),
        )


def _detail(event: Event) -> EventDetail | None:
    """The event's detail, unless it was removed by law."""
    return getattr(event, "detail", None)


def _said(event: Event) -> Iterator[str]:
    after = event.after or {}
    if audience := after.get("audience"):
        yield f"For {str(audience).upper() if audience == 'cps' else audience}."
    if (sha256 := after.get("sha256")) and not event.verb.endswith("opened"):
        yield f"SHA-256 {sha256}"


def _of_upper_rooms(user: User, exhibit: Exhibit) -> Iterable[UUID]:
    nothing = Exhibit.objects.none().values_list("pk", flat=True)
    return nothing.union(*(part.objects(user, exhibit) for part in hooks.exhibit_timeline))


def _own(exhibit: Exhibit) -> Iterable[UUID]:
    # Nothing is asked for what the exhibit's page has read already
    prefetch_related_objects([exhibit], "copies__blobs", "disposals")
    yield exhibit.pk
    for copy in exhibit.copies.all():
        yield from (copy.pk, *(blob.pk for blob in copy.blobs.all()))
    yield from (disposal.pk for disposal in exhibit.disposals.all())


_VERBS = {
    "blob.opened": VIEWED,
    "exhibit.continuity_printed": VIEWED,
    "exhibit.integrity_printed": VIEWED,
    "exhibit.label_printed": VIEWED,
    "copy.added": FILE,
    "copy.begun": FILE,
    "verification.requested": FILE,
    "disposal.asked": FILE,
    "disposal.approved": FILE,
    "disposal.refused_by_approver": FILE,
    "disposal.failed": FILE,
}
