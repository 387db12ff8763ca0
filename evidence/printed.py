"""What is printed of an exhibit: labels, continuity statement, integrity certificate. Each print is an event with its hash."""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

import vault
from accounts.models import User
from accounts.policy import require
from audit import conf, merkle, tree
from audit.actions import record, recorded
from audit.keyring import open_checkpoint
from audit.models import Checkpoint, Event
from cases.models import Person
from documents.qr import svg
from documents.render import render
from evidence import standing
from evidence.models import Blob, Copy, CustodyEvent, Exhibit, Verification
from vault.errors import VaultError

A6, SHEET = "a6", "sheet"
ON_A_SHEET = 8
MOST = 200
CERTIFIABLE = (Blob.State.VERIFIED, Blob.State.QUARANTINED)
_SHOWN = 10
_ACTS = ("exhibit.added", "upload.completed", "copy.added", "blob.verified", "blob.quarantined", "blob.quarantine_ended")


def local(moment: dt.datetime | None) -> str:
    """A moment as DD/MM/YYYY HH:MM with GMT or BST; empty for none."""
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M %Z}" if moment else ""


# ---- labels ----------------------------------------------------------------------------------------------------------


@recorded
def labels(user: User, exhibits: Sequence[Exhibit], *, layout: str, link: Callable[[Exhibit], str], skip: int = 0) -> bytes:
    """Labels of these exhibits as PDF, each with a QR code of its `link`; `skip` places of the first sheet are used up."""
    if not 1 <= len(exhibits) <= MOST:
        raise ValidationError({"exhibits": f"Choose between 1 and {MOST} exhibits"})
    for exhibit in exhibits:
        require(user, "evidence.print_label", exhibit)
    stands = standing.of_many([exhibit.pk for exhibit in exhibits])
    made = render(
        "label",
        {
            "layout": layout,
            "skip": skip if layout == SHEET else 0,
            "labels": [_label(exhibit, stands[exhibit.pk], link(exhibit), layout) for exhibit in exhibits],
        },
    )
    for exhibit in exhibits:
        _record("label_printed", user, exhibit, made)
    return made


def _label(exhibit: Exhibit, now: standing.Standing, link: str, layout: str) -> dict[str, str]:
    suspects = exhibit.case.people.filter(kind=Person.Kind.SUSPECT).values_list("label", flat=True) if layout == A6 else ()
    return {
        "reference": exhibit.reference,
        "kind": exhibit.get_kind_display(),
        "description": _cut(exhibit.description, 260 if layout == A6 else 110),
        "crime_number": exhibit.case.crime_number,
        "urn": exhibit.case.urn,
        "versus": _cut("; ".join(suspects), 80),
        "seized": _cut(f"{local(exhibit.seized_at)}, {exhibit.seized_where}, by {exhibit.seized_by}", 160),
        "seal": now.seal,
        "code": str(exhibit.pk),
        "qr": svg(link),
    }


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


# ---- continuity statement --------------------------------------------------------------------------------------------


@recorded
def continuity(user: User, exhibit: Exhibit) -> bytes:
    """The continuity statement as PDF."""
    require(user, "evidence.print", exhibit)
    made = render("continuity", continuity_data(user, exhibit))
    _record("continuity_printed", user, exhibit, made)
    return made


def continuity_data(user: User, exhibit: Exhibit) -> dict[str, Any]:
    """What the statement says: every entry of custody, in the order they were recorded."""
    now = standing.of(exhibit)
    events = exhibit.custody.order_by("recorded_at")
    return {
        "exhibit": _about(exhibit),
        "now": {"where": now.where or "not recorded", "seal": _seal(now)},
        "entries": [_entry(number, event) for number, event in enumerate(events, start=1)],
        "printed": _printed(user),
    }


def _seal(now: standing.Standing) -> str:
    if now.seal:
        return now.seal
    return f"open (was {now.last_seal})" if now.last_seal else "not sealed"


def _entry(number: int, event: CustodyEvent) -> dict[str, Any]:
    late = event.recorded_at - event.at > dt.timedelta(minutes=1)
    seal = (
        f"{event.seal_before} → {event.seal_after or 'open'}" if event.seal_before != event.seal_after and event.seal_before else ""
    )
    notes = [
        event.purpose and f"Why: {event.purpose}",
        event.condition and f"Condition: {event.condition}",
        f"Due back {event.due_back:%d/%m/%Y}" if event.due_back else "",
        event.sha256 and f"SHA-256 {event.sha256}",
        f"Recorded {local(event.recorded_at)}" if late else "",
    ]
    return {
        "number": number,
        "at": local(event.at),
        "utc": f"{event.at.astimezone(dt.UTC):%d/%m/%Y %H:%M:%S} UTC",
        "what": event.get_kind_display(),
        "by": event.by,
        "from": event.from_place,
        "to": ", ".join(filter(None, [event.to, event.to_place])),
        "seal": seal or event.seal_after,
        "note": ". ".join(filter(None, notes)),
    }


# ---- integrity certificate -------------------------------------------------------------------------------------------


@recorded
def integrity(user: User, blob: Blob) -> bytes:
    """The integrity certificate of a file as PDF. ValidationError while there is nothing to certify."""
    require(user, "evidence.print", blob)
    if blob.state not in CERTIFIABLE:
        raise ValidationError("There is nothing to certify yet: the file has not been verified")
    made = render("integrity", integrity_data(user, blob))
    _record("integrity_printed", user, blob.exhibit, made, blob=str(blob.pk))
    return made


def integrity_data(user: User, blob: Blob) -> dict[str, Any]:
    """What the certificate says, read from the checks, the store and the log as they are now."""
    exhibit = blob.exhibit
    checks = list(blob.verifications.order_by("-at"))
    received = Event.objects.filter(
        object_type="upload", object_id=str(getattr(_upload(blob), "pk", "")), verb="upload.completed"
    ).first()
    return {
        "exhibit": _about(exhibit),
        "file": {
            "copy": blob.copy.get_kind_display(),
            "size": f"{blob.size:,} bytes",
            "type": blob.media_type or "not known",
            "sha256": blob.sha256,
            "received_at": local(received.at if received else blob.created_at),
            "received_by": str(_received_by(blob)),
            "state": blob.get_state_display(),
        },
        "checks": {
            "count": str(len(checks)),
            "first": f"{local(checks[-1].at)}: {checks[-1].get_result_display()}" if checks else "none yet",
            "shown": [_check(check) for check in checks[:_SHOWN]],
        },
        "store": _store(blob),
        "log": _log(blob),
        "statement": _statement(blob, checks),
        "printed": _printed(user),
    }


def _upload(blob: Blob) -> Any:
    return getattr(blob, "upload", None)


def _received_by(blob: Blob) -> User:
    upload = _upload(blob)
    return upload.started_by if upload else blob.copy.made_by


def _check(check: Verification) -> dict[str, str]:
    return {
        "at": local(check.at),
        "result": check.get_result_display(),
        "found": check.found or "none",
        "software": check.software,
    }


def _store(blob: Blob) -> dict[str, str]:
    """What the store itself says now; if it doesn't answer, what it said at the last check, and that it is so."""
    try:
        told = vault.store().protection(blob.key, blob.version_id)
        until, hold, mode, asked = told.retain_until, told.hold, told.mode, "As the store reported it when this was printed."
    except VaultError:
        until, hold, mode = blob.protected_until, blob.legal_hold, ""
        asked = "The store did not answer when this was printed: this is what it reported at the last check."
    return {
        "version": blob.version_id,
        "until": local(until) or "no day is set",
        "hold": "on" if hold else "off",
        "mode": mode or "none reported",
        "asked": asked,
    }


def _log(blob: Blob) -> dict[str, Any]:
    checkpoint = tree.latest_checkpoint()
    return {
        "origin": conf.origin(),
        "size": str(checkpoint.size) if checkpoint else "",
        "root": bytes(checkpoint.root).hex() if checkpoint else "",
        "at": local(checkpoint.at) if checkpoint else "",
        "key": open_checkpoint(checkpoint.note, conf.origin(), conf.public_keyring())[1].value.hex() if checkpoint else "",
        "events": [_proved(event, checkpoint) for event in _events(blob)],
    }


def _events(blob: Blob) -> list[Event]:
    """How the exhibit and its file came in, the first check, the last one, and whatever a quarantine was."""
    ids = [str(pk) for pk in (blob.exhibit.pk, blob.copy_id, getattr(_upload(blob), "pk", None), blob.pk) if pk]
    found = list(Event.objects.filter(case_id=blob.case_id, object_id__in=ids, verb__in=_ACTS).in_order().select_related("leaf"))
    good = [event for event in found if event.verb == "blob.verified"]
    return [event for event in found if event.verb != "blob.verified" or event in (good[0], good[-1])]


def _proved(event: Event, checkpoint: Checkpoint | None) -> dict[str, str]:
    """An event with its leaf, its inclusion under the checkpoint proved now, from the event's own bytes."""
    said = {
        "what": event.verb.replace(".", " ").replace("_", " ").capitalize(),
        "at": local(event.at),
        "id": str(event.pk),
        "leaf": "waits",
        "hash": "Not under a signed checkpoint yet",
    }
    if checkpoint is None:
        return said
    try:
        proof = tree.prove(event.pk, checkpoint)
    except tree.NotYetProvable:
        return said
    own = merkle.leaf_hash(proof.body.encode())
    try:
        merkle.check_inclusion(own, proof.leaf_index, proof.size, proof.path, bytes(checkpoint.root))
    except merkle.ProofError as error:
        return said | {"leaf": str(proof.leaf_index), "hash": f"DOES NOT HOLD: {error}"}
    return said | {"leaf": str(proof.leaf_index), "hash": own.hex()}


def _statement(blob: Blob, checks: Sequence[Verification]) -> list[str]:
    exhibit = blob.exhibit
    good = [check for check in checks if check.result == Verification.Result.MATCH]
    said = [
        f"On {local(exhibit.seized_at)}, at {exhibit.seized_where}, {exhibit.seized_by} seized or received "
        f"{exhibit.description.rstrip('.')}. I produce it as exhibit {exhibit.reference}.",
        f"The file of exhibit {exhibit.reference} ({blob.copy.get_kind_display().lower()}) has {blob.size:,} bytes and the "
        f"SHA-256 hash {blob.sha256}.",
    ]
    if good:
        said.append(
            f"On {local(good[0].at)} the stored file was read back and hashed by {good[0].software}. The hash was the same "
            f"as when it was received. It has been checked {len(checks)} times, {len(good)} of them with this result."
        )
    if len(good) < len(checks):
        said.append("Not every check matched: the certificate lists the results, and I explain the others here: [explain].")
    if exhibit.parent:
        said.append(
            f"Exhibit {exhibit.reference} was made from exhibit {exhibit.parent.reference} by [who], with [tool and version]."
        )
    said.append(
        "The copy that I produce was made from that file by [how], and has the hash [SHA-256 of what is handed over]. I have "
        "no reason to believe that the computer was not operating properly or that the file has been altered."
    )
    return said


# ---- shared ----------------------------------------------------------------------------------------------------------


def _about(exhibit: Exhibit) -> dict[str, Any]:
    return {
        "reference": exhibit.reference,
        "kind": exhibit.get_kind_display(),
        "description": exhibit.description,
        "crime_number": exhibit.case.crime_number,
        "urn": exhibit.case.urn,
        "parent": exhibit.parent.reference if exhibit.parent else "",
        "children": list(exhibit.children.order_by("created_at").values_list("reference", flat=True)),
        "seized_at": local(exhibit.seized_at),
        "seized_where": exhibit.seized_where,
        "seized_by": exhibit.seized_by,
    }


def _printed(user: User) -> dict[str, str]:
    return {"by": str(user), "at": local(timezone.now())}


def _record(verb: str, user: User, exhibit: Exhibit, made: bytes, **more: str) -> None:
    record(
        f"exhibit.{verb}",
        actor=user.as_actor(),
        case_id=exhibit.case_id,
        object_type="exhibit",
        object_id=exhibit.pk,
        after={"sha256": hashlib.sha256(made).hexdigest(), "size": len(made), **more},
    )


def master_of(exhibit: Exhibit) -> Blob | None:
    """The file that its certificate is about: the master's, if it has one that can be certified."""
    blobs = Blob.objects.filter(copy__exhibit=exhibit, copy__kind=Copy.Kind.MASTER)
    return blobs.exclude(state__in=Blob.ASIDE).select_related("copy__exhibit__case", "copy__exhibit__parent").first()
