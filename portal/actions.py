"""What a prosecutor does in the portal: looking, and every look is an event (DPA 2018 s.62: consultation); and endorsing rows.

Endorsing is there only where a force lets it be (PORTAL_ENDORSEMENTS). Else officers write down what a document says.
"""

import mimetypes
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.policy import require
from audit.actions import record, recorded
from disclosure import prosecution
from disclosure.models import Endorsement as CaseEndorsement
from disclosure.models import Schedule as CaseSchedule
from disclosure.prosecution import Entry
from evidence.reading import Facts, Ticket, open_for_reading
from portal.models import (
    Bundle,
    Certified,
    Document,
    Endorsement,
    EndorsementCode,
    ReleasedCopy,
    Row,
    Schedule,
    SharedCase,
)


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
def verify_schedule(user: User, certified: Certified) -> None:
    """Have the whole of what was certified checked; what came of it is in the log."""
    require(user, "portal.view", certified)
    _record_certified("certificate.verified", user, certified, whole=certified.is_whole)


@recorded
def print_schedule(user: User, certified: Certified, kind: str) -> None:
    """Take a copy of what was certified. ValidationError where it is no longer that."""
    require(user, "portal.view", certified)
    if not certified.is_whole:
        raise ValidationError("What is kept is not what was certified: no copy is made of it")
    _record_certified("schedule.printed", user, certified, form=kind)


def _record_certified(verb: str, user: User, certified: Certified, **after: Any) -> None:
    schedule = certified.schedule
    _record(verb, user, certified.case, "scheduleversion", schedule.pk, after={"sha256": schedule.sha256} | after)


@recorded
def endorse(user: User, schedule: Schedule, entries: Mapping[int, Entry]) -> int:
    """Endorse rows, by their numbers, as one's own decision: all of them, or none if one can't be. Returns how many."""
    require(user, "portal.endorse", schedule)
    if schedule.state not in prosecution.WITH_THE_PROSECUTOR:
        raise ValidationError(f"{schedule} is {schedule.get_state_display().lower()}: its rows can't be endorsed now")
    rows = {row.position: row for row in Row.objects.visible_to(user).filter(version=schedule, position__in=list(entries))}
    done = set(Endorsement.objects.visible_to(user).filter(version=schedule).values_list("position", flat=True))
    codes = {code.code: code for code in EndorsementCode.objects.all()}
    prosecution.check(entries, rows, done, codes, sensitive=schedule.kind == CaseSchedule.Kind.MG6D)
    made = {
        number: CaseEndorsement(
            row_id=rows[number].pk,
            code_id=codes[entry.code].pk,
            reason=entry.reason.strip(),
            item_viewed=entry.item_viewed,
            agrees_sensitive=entry.agrees_sensitive,
            court_application=entry.court_application,
            decided_by=user.name.strip(),
            entered_by=user,
        )
        for number, entry in entries.items()
    }
    try:
        with transaction.atomic():
            CaseEndorsement.objects.bulk_create(made.values())
    except IntegrityError as error:
        raise ValidationError(f"{schedule} was changed by somebody else just now: look at it again") from error
    for number, endorsement in made.items():
        after = prosecution.facts(number, entries[number]) | {"version": schedule.number, "kind": schedule.kind}
        detail = {"reason": endorsement.reason, "decided_by": endorsement.decided_by}
        _record("row.endorsed", user, schedule.case, "row", endorsement.row_id, after=after, detail=detail)
    return len(made)


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
