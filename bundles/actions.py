"""What people do with bundles: ask for one, open it. A worker makes it (`bundles.making`).

Every function checks who may, changes state and appends the event, in one transaction. A rule that is broken raises
`ValidationError` with words for the person; a person who may not raises `audit.actions.Refused`.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from accounts.policy import require
from audit.actions import Actor, record, recorded
from bundles import conf, contents
from bundles.models import Bundle
from cases.models import Case
from evidence.reading import Facts, Ticket, open_for_reading
from jobs.actions import enqueue
from jobs.models import Job
from redaction.models import Audience

MAKE = "bundles.make"
CHECK = "bundles.check"
QUEUE = "hash"


@recorded
def ask(user: User, case: Case, audience: str, purpose: str) -> Bundle:
    """Have a bundle made of what is released to an audience now, for a purpose that the log keeps."""
    require(user, "bundles.make", case)
    if audience not in Audience.values:
        raise ValidationError({"audience": "Select who the bundle is for"})
    if not purpose.strip():
        raise ValidationError({"purpose": "Enter what the bundle is needed for"})
    if conf.public_key() is None:
        raise ValidationError("Bundles are not set up here: the administrator must set BUNDLE_SIGNING_KEY and BUNDLE_PUBLIC_KEY")
    contents.of_case(case, audience)
    # Two people who ask at once get two requests seen one after the other
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if Bundle.objects.filter(case=case, audience=audience, state=Bundle.State.ASKED).exists():
        raise ValidationError({"audience": f"A bundle for the {Audience(audience).label} is already being made"})
    bundle = Bundle.objects.create(case=case, audience=audience, purpose=purpose.strip()[:300], asked_by=user)
    record_of(bundle, "bundle.asked", user.as_actor(), after={"audience": audience}, detail={"purpose": bundle.purpose})
    enqueue(MAKE, bundle.pk, queue=QUEUE, case_id=case.pk)
    return bundle


def open_bundle(user: User, bundle: Bundle, purpose: str) -> Ticket:
    """Give a ticket to read a bundle's bytes; the event is committed when this returns, before any byte is sent.

    ValidationError without a purpose, before it is made, or once a copy in it has been recalled.
    """
    _check_opening(user, bundle, purpose)
    return open_for_reading(user.as_actor(), facts_of(bundle), purpose.strip())


@recorded
def _check_opening(user: User, bundle: Bundle, purpose: str) -> None:
    require(user, "bundles.open", bundle)
    if bundle.state != Bundle.State.MADE:
        raise ValidationError("This bundle is not made yet")
    if gone := bundle.recalled():
        raise ValidationError(f"The copy of {', '.join(gone)} has been recalled: make a new bundle")
    if gone := bundle.disposed():
        raise ValidationError(f"{', '.join(gone)} is disposed of, and this bundle with it: only what is written here of it stays")
    if closed := bundle.fenced():
        raise ValidationError(f"{', '.join(closed)} is fenced: nothing of it is opened until that is lifted")
    if bundle.is_damaged():
        raise ValidationError("The stored file is no longer what was made: make a new bundle")
    if not purpose.strip():
        raise ValidationError({"purpose": "Enter what you open it for"})


@recorded
def verify_now(user: User, bundle: Bundle) -> Job:
    """Ask a worker to check the stored bundle against its hash now."""
    require(user, "bundles.verify", bundle)
    if bundle.state != Bundle.State.MADE:
        raise ValidationError("This bundle is not made yet")
    if bundle.disposed():
        raise ValidationError("This bundle is disposed of: there is nothing to check")
    record_of(bundle, "verification.requested", user.as_actor(), after={"sha256": bundle.sha256})
    return enqueue(CHECK, bundle.pk, queue=QUEUE, case_id=bundle.case_id)


def facts_of(bundle: Bundle) -> Facts:
    """A bundle as the reading takes it; its name says nothing of the case."""
    return Facts(
        key=bundle.key,
        version_id=bundle.version_id,
        size=bundle.size,
        sha256=bundle.sha256,
        media_type="application/zip",
        file_name=f"{bundle.name}.zip",
        case_id=str(bundle.case_id),
        object_type="bundle",
        object_id=str(bundle.pk),
    )


def record_of(bundle: Bundle, verb: str, actor: Actor, **fields: Any) -> None:
    """Append an event about a bundle."""
    record(
        verb,
        actor=actor,
        case_id=bundle.case_id,
        organisation_id=bundle.case.organisation_id,
        object_type="bundle",
        object_id=bundle.pk,
        **fields,
    )


def url_of(bundle: Bundle) -> str:
    """The bundle's page."""
    return reverse("bundles:bundle", args=[bundle.pk])
