"""What a prosecutor does in the portal. All of it is looking, and every look is an event (DPA 2018 s.62: consultation)."""

import mimetypes
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.policy import require
from audit.actions import record, recorded
from evidence.reading import Facts, Ticket, open_for_reading
from portal.models import Bundle, Document, ReleasedCopy, Schedule, SharedCase


@recorded
def consult_case(user: User, case: SharedCase) -> None:
    """Look at a case and at what it lists."""
    require(user, "portal.view", case)
    _record("case.consulted", user, case, "case", case.pk)


@recorded
def consult_log(user: User, case: SharedCase) -> None:
    """Look at who did what."""
    require(user, "portal.view", case)
    _record("log.consulted", user, case, "case", case.pk)


@recorded
def consult_schedule(user: User, schedule: Schedule) -> None:
    """Read a submitted version of a schedule."""
    require(user, "portal.view", schedule)
    _record("schedule.consulted", user, schedule.case, "scheduleversion", schedule.pk, after={"sha256": schedule.sha256})


@recorded
def consult_document(user: User, document: Document) -> None:
    """Read an issued version of a DMD or an IMD."""
    require(user, "portal.view", document)
    _record("document.consulted", user, document.case, "managementdocument", document.pk, after={"sha256": document.sha256})


@recorded
def consult_copy(user: User, copy: ReleasedCopy) -> None:
    """Look at a released copy's proof; opening its bytes is another event."""
    require(user, "portal.view", copy)
    _record("copy.consulted", user, copy.case, "release", copy.pk, after={"sha256": copy.sha256})


def open_copy(user: User, copy: ReleasedCopy, purpose: str) -> Ticket:
    """Give a ticket to read a released copy; the event is committed when this returns, before any byte is sent.

    ValidationError without a purpose, or while the copy is quarantined.
    """
    _check_opening(user, copy, purpose)
    return open_for_reading(user.as_actor(), facts_of(copy), purpose.strip())


@recorded
def _check_opening(user: User, copy: ReleasedCopy, purpose: str) -> None:
    require(user, "portal.view", copy)
    if not copy.verified:
        raise ValidationError("This copy is quarantined: its stored file no longer has its hash")
    if not purpose.strip():
        raise ValidationError({"purpose": "Enter what you open it for"})


@recorded
def consult_bundle(user: User, bundle: Bundle) -> None:
    """Look at what a bundle holds; opening its bytes is another event."""
    require(user, "portal.view", bundle)
    _record("bundle.consulted", user, bundle.case, "bundle", bundle.pk, after={"sha256": bundle.sha256})


def open_bundle(user: User, bundle: Bundle, purpose: str) -> Ticket:
    """Give a ticket to read a bundle; the event is committed when this returns. ValidationError without a purpose."""
    _check_opening_bundle(user, bundle, purpose)
    facts = Facts(
        key=bundle.key,
        version_id=bundle.version_id,
        size=bundle.size,
        sha256=bundle.sha256,
        media_type="application/zip",
        file_name=str(bundle),
        case_id=str(bundle.case_id),
        object_type="bundle",
        object_id=str(bundle.pk),
    )
    return open_for_reading(user.as_actor(), facts, purpose.strip())


@recorded
def _check_opening_bundle(user: User, bundle: Bundle, purpose: str) -> None:
    require(user, "portal.view", bundle)
    if not purpose.strip():
        raise ValidationError({"purpose": "Enter what you open it for"})


def facts_of(copy: ReleasedCopy) -> Facts:
    """A released copy as the reading takes it; its name comes from the exhibit's reference. It must be `verified`."""
    assert copy.key is not None  # noqa: S101 - the view gives a key for what is verified
    extension = mimetypes.guess_extension(copy.media_type.partition(";")[0]) or ".bin"
    return Facts(
        key=copy.key,
        version_id=copy.version_id,
        size=copy.size,
        sha256=copy.sha256,
        media_type=copy.media_type,
        file_name=f"{copy.reference} redacted for CPS{extension}",
        case_id=str(copy.case_id),
        object_type="release",
        object_id=str(copy.pk),
    )


def _record(verb: str, user: User, case: SharedCase, object_type: str, object_id: Any, **fields: Any) -> None:
    record(
        verb,
        actor=user.as_actor(),
        case_id=case.pk,
        organisation_id=case.organisation_id,
        object_type=object_type,
        object_id=object_id,
        **fields,
    )
