"""How a quarantine ends: a supervisor says why, and either the bytes match again or they are given up for a new file."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.policy import require
from audit.actions import record, recorded
from cases.notify import notify_team
from evidence.models import Blob, Copy, CustodyEvent, Exhibit, QuarantineEnd, Verification


def matching_check(blob: Blob) -> Verification | None:
    """The latest check that came to a result, if it says that the bytes match."""
    last = blob.verifications.exclude(result=Verification.Result.UNCHECKED).first()
    return last if last is not None and last.result == Verification.Result.MATCH else None


@recorded
def end_quarantine(user: User, blob: Blob, reason: str) -> Blob:
    """The bytes match again and may be relied on. Needs a matching check after the one that quarantined them."""
    blob = _quarantined(user, blob, reason)
    check = matching_check(blob)
    if check is None:
        raise ValidationError("Have the file checked again first: a quarantine ends only after a check that matches")
    QuarantineEnd.objects.create(blob=blob, check_made=check, reason=reason.strip(), by=user)
    _leave(user, blob, Blob.State.VERIFIED, CustodyEvent.Kind.CLEARED, reason, check)
    if blob.copy.kind == Copy.Kind.MASTER:
        Exhibit.objects.filter(pk=blob.exhibit.pk, state=Exhibit.State.QUARANTINED).update(state=Exhibit.State.BOOKED_IN)
    return blob


@recorded
def give_up(user: User, blob: Blob, reason: str) -> Blob:
    """These bytes stay as they are, for whoever asks what happened to them, and another file may be received as the master.

    The exhibit stays quarantined until that file is verified.
    """
    blob = _quarantined(user, blob, reason)
    if blob.copy.kind != Copy.Kind.MASTER:
        raise ValidationError("Only a master is received again; a copy is made anew from it")
    QuarantineEnd.objects.create(blob=blob, reason=reason.strip(), by=user)
    _leave(user, blob, Blob.State.SUPERSEDED, CustodyEvent.Kind.SUPERSEDED, reason, None)
    return blob


def _quarantined(user: User, blob: Blob, reason: str) -> Blob:
    require(user, "evidence.end_quarantine", blob)
    if len(reason.strip()) < 10:
        raise ValidationError({"reason": "Enter what you found out, and why the quarantine can end"})
    blob = Blob.objects.select_for_update(of=("self",)).select_related("copy__exhibit__case").get(pk=blob.pk)
    if blob.state != Blob.State.QUARANTINED:
        raise ValidationError("This file is not quarantined")
    return blob


def _leave(user: User, blob: Blob, state: str, kind: str, reason: str, check: Verification | None) -> None:  # noqa: PLR0917
    before, blob.state = blob.state, state
    blob.save(update_fields=["state"])
    exhibit = blob.exhibit
    if blob.copy.kind == Copy.Kind.MASTER:
        CustodyEvent.objects.create(
            exhibit=exhibit, kind=kind, at=timezone.now(), by=str(user)[:160], user=user, sha256=blob.sha256, purpose=reason[:300]
        )
    record(
        "blob.quarantine_ended",
        actor=user.as_actor(),
        case_id=blob.case_id,
        object_type="blob",
        object_id=blob.pk,
        before={"state": before},
        after={"state": state, "check": None if check is None else str(check.pk), "sha256": blob.sha256},
        detail={"reason": reason.strip()},
    )
    what = "its quarantine is ended" if check else "its file is given up, and a new one may be sent"
    notify_team(exhibit.case, f"{exhibit}: {what}", reverse("evidence:exhibit", args=[exhibit.pk]), without=user, important=True)
