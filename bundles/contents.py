"""What goes into a bundle: the copies that are released to its audience, and the MG6C as submitted. Never an MG6D."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

import vault
from audit.models import Event
from cases.models import Case
from disclosure.models import Certificate, Schedule, ScheduleVersion, VersionState
from evidence.models import Blob
from evidence.opening import facts_of
from redaction.actions import output_of
from redaction.models import Audience, Release, ReleaseState

_GIVEN = (
    VersionState.State.SUBMITTED,
    VersionState.State.UNDER_REVIEW,
    VersionState.State.ENDORSED,
    VersionState.State.SERVED,
)
"""States of a version that the prosecutor has, and that no later one has superseded."""


@dataclass(frozen=True)
class Disclosed:
    """One item of a bundle. `facts` go into bundle.json; `event` is that of its release or submission."""

    path: str
    sha256: str
    size: int
    facts: dict[str, Any]
    event: Event
    read: Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Contents:
    """What an audience is given of a case now."""

    copies: list[tuple[Release, Blob, Disclosed]]
    schedules: list[tuple[ScheduleVersion, Disclosed]]

    @property
    def files(self) -> list[Disclosed]:
        """All of it, in the order of the bundle."""
        return [*(copy for _, _, copy in self.copies), *(schedule for _, schedule in self.schedules)]


def of_case(case: Case, audience: str) -> Contents:
    """What this audience is given of a case. ValidationError if that is nothing, or a copy in it is not as it was released."""
    contents = Contents(_copies(case, audience), _schedules(case))
    if not contents.files:
        raise ValidationError(
            f"Nothing of this case has been released to the {Audience(audience).label} yet, and no MG6C has been submitted"
        )
    return contents


def _copies(case: Case, audience: str) -> list[tuple[Release, Blob, Disclosed]]:
    releases = Release.objects.in_states(ReleaseState.State.RELEASED).filter(document__case=case, audience=audience)
    releases = releases.filter(document__exhibit__fence="")
    found = releases.select_related("document__exhibit", "document__source__copy", "output").order_by("asked_at", "id")
    taken: set[str] = set()
    copies = []
    for release in found:
        blob, event = _released(release)
        path = f"data/copies/{_file_name(blob)}"
        if path in taken:  # a second release of one exhibit
            stem, _, ending = path.rpartition(".")
            path = f"{stem}-{str(release.pk)[:8]}.{ending}"
        taken.add(path)
        facts = {"kind": "copy", "reference": release.document.exhibit.reference, "release": str(release.pk)}
        copies.append((release, blob, Disclosed(path, blob.sha256, blob.size, facts, event, _reader(blob))))
    return copies


def _released(release: Release) -> tuple[Blob, Event]:
    """The bytes that were released, and the event that says so; both must say the same."""
    blob, check = output_of(release), release.leak_checks.order_by("-id").first()
    event = Event.objects.about("release", release.pk).filter(verb="redaction.released").newest_first().first()
    reference = release.document.exhibit.reference
    if blob is None or blob.state != Blob.State.VERIFIED or check is None or not check.passed or check.blob_id != blob.pk:
        raise ValidationError(f"The copy of {reference} is not verified: have it checked, or recall it, before you make a bundle")
    if event is None or (event.after or {}).get("sha256") != blob.sha256:
        raise ValidationError(f"The log does not say that this copy of {reference} was released: tell the system's administrator")
    return blob, event


def _file_name(blob: Blob) -> str:
    return facts_of(blob).file_name.replace("/", "_").replace(" ", "-")


def _reader(blob: Blob) -> Callable[[], Iterable[bytes]]:
    return lambda: vault.store().read(blob.key, blob.version_id)


def _schedules(case: Case) -> list[tuple[ScheduleVersion, Disclosed]]:
    versions = ScheduleVersion.objects.with_state().filter(schedule__case=case, schedule__kind=Schedule.Kind.MG6C)
    given: dict[Any, ScheduleVersion] = {}
    for version in versions.select_related("schedule__case", "certificate").order_by("schedule__ordinal", "number"):
        if version.state in _GIVEN:
            given[version.schedule_id] = version
    return [(version, _schedule(version, version.certificate)) for version in given.values()]


def _schedule(version: ScheduleVersion, certificate: Certificate) -> Disclosed:
    event = Event.objects.about("scheduleversion", version.pk).filter(verb="schedule.submitted").newest_first().first()
    text = certificate.content.encode()
    if event is None or (event.after or {}).get("sha256") != certificate.sha256:
        raise ValidationError(f"The log does not say that {version} was submitted: tell the system's administrator")
    facts = {"kind": "schedule", "name": str(version), "version": str(version.pk)}
    path = f"data/schedules/{version.schedule.kind}-{version.schedule.ordinal}-version-{version.number}.json"
    return Disclosed(path, certificate.sha256, len(text), facts, event, lambda: [text])
