"""What people do in redaction: ask for a copy, ask for approval, approve, send back, release, recall; to decide: `deciding`.

Every function checks who may, changes state and appends the event, in one transaction. A rule that is broken raises
`ValidationError` with words for the person; a person who may not raises `audit.actions.Refused`. The database refuses the
same (`redaction.triggers`) to whoever comes another way.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import Role, User
from accounts.policy import require
from audit.actions import SYSTEM, Actor, record, recorded
from audit.models import Event
from cases.notify import notify, notify_team
from evidence.fencing import require_unfenced
from evidence.marks import marks_of
from evidence.models import Blob, Copy, Exhibit
from jobs.actions import enqueue
from redaction import held, sampling, turns
from redaction.addresses import editor_url, url_of
from redaction.deciding import accept_rest, current_category, decide, draw, lock, refused
from redaction.decisions import fingerprint
from redaction.models import Audience, Document, Release, ReleaseState
from redaction.remarks import unsettled
from redaction.triggers import TRANSITIONS

__all__ = ["accept_rest", "current_category", "decide", "draw", "editor_url", "url_of"]  # of `deciding` and `addresses`

State = ReleaseState.State

PROPOSE, BURN_IN, CHECK = "redaction.propose", "redaction.burn_in", "redaction.check"
QUEUE = "redact"


# ---- asking ----------------------------------------------------------------------------------------------------------


@recorded
def start(
    user: User, exhibit: Exhibit, *, audience: str, purpose: str = "", due: dt.date | None = None
) -> tuple[Document, Release]:
    """Ask for a redacted copy of an exhibit for an audience by a day. The first time, a worker reads the file and proposes."""
    require_unfenced(user, "redaction.ask", exhibit)
    require(user, "redaction.ask", exhibit)
    if audience not in Audience.values:
        raise ValidationError({"audience": "Select who the copy is for"})
    # Two people who ask at once get one document
    Exhibit.objects.select_for_update().get(pk=exhibit.pk)
    source = source_for(exhibit, audience)
    document, made = Document.objects.get_or_create(
        source=source, defaults={"case_id": exhibit.case_id, "exhibit": exhibit, "created_by": user}
    )
    # Whoever withdraws the last copy stops the reading: either they see this one, or we see that it was stopped
    lock(document)
    document.refresh_from_db(fields=["state"])
    if made or document.state == Document.State.REFUSED:
        document.state, document.message = Document.State.READING, ""
        document.save(update_fields=["state", "message"])
        enqueue(PROPOSE, document.id, queue=QUEUE, case_id=document.case_id)
    release = Release.objects.create(document=document, audience=audience, asked_by=user, purpose=purpose.strip()[:300])
    ReleaseState.objects.create(release=release, state=State.ASKED, by=user)
    day = turns.set_due(user, release, due or turns.usual_day()).due
    wanted = {"audience": audience, "due": day.isoformat()}
    record(
        "redaction.asked",
        actor=user.as_actor(),
        case_id=document.case_id,
        object_type="release",
        object_id=release.id,
        after={"state": State.ASKED, "document": str(document.id), "source": str(source.id)} | wanted,
        detail={"exhibit": exhibit.reference, "purpose": release.purpose},
    )
    return document, release


def source_for(exhibit: Exhibit, audience: str) -> Blob:
    """The bytes that a copy for an audience would be made from. ValidationError if none can be asked for."""
    source = source_of(exhibit)
    if source is None:
        raise ValidationError("Only an exhibit whose file is verified can be redacted")
    for mark in marks_of(source):
        if mark.blocks:
            raise ValidationError(f"{mark.title}. {mark.next_step}")
    if Release.objects.under_way().filter(document__source=source, audience=audience).exists():
        raise ValidationError({"audience": f"A copy for the {Audience(audience).label} is already being prepared"})
    return source


def source_of(exhibit: Exhibit) -> Blob | None:
    """The verified bytes of the exhibit's master, which are what is redacted."""
    blobs = Blob.objects.filter(copy__exhibit=exhibit, copy__kind=Copy.Kind.MASTER, state=Blob.State.VERIFIED)
    return blobs.select_related("copy__exhibit").order_by("-created_at").first()


# ---- from approval to release ----------------------------------------------------------------------------------------


@recorded
def ask_approval(user: User, release: Release) -> ReleaseState:
    """Hand a fully decided document to the approvers."""
    require(user, "redaction.decide", release)
    lock(release.document)
    document = Document.objects.get(pk=release.document_id)
    if document.state != Document.State.READY:
        raise ValidationError("The file is still being read")
    left = document.proposals.undecided().count()
    if left:
        raise ValidationError(f"{left} proposal{'' if left == 1 else 's'} still undecided")
    if remarks := unsettled(release):
        raise ValidationError(
            f"{remarks} remark{'' if remarks == 1 else 's'} of the approver {'is' if remarks == 1 else 'are'} not marked done"
        )
    held.refuse_release(release)
    drawn = sampling.draw(document)
    state = move(release, State.SENT_FOR_APPROVAL, user, after=drawn.as_data())
    sampling.keep(release, state, drawn)
    _tell(release, "a redaction waits for your approval", [Role.APPROVER], without=user)
    return state


@recorded
def approve(user: User, release: Release) -> ReleaseState:
    """Approve what was decided, exactly as it stands; a worker then burns it in.

    Nobody who drew or decided may, and only once the pages drawn at random are read whole.
    """
    require_unfenced(user, "redaction.approve", release)
    require(user, "redaction.approve", release)
    lock(release.document)
    _not_a_decider(user, release, "redaction.approve")
    _may_go(release, State.APPROVED)
    held.refuse_release(release)
    sampling.refuse_unread(release)
    release.decisions_sha256 = fingerprint(release.document)
    release.save(update_fields=["decisions_sha256"])
    document = release.document
    # Not the source's hash: the defence sees this event, and what is left out of a short file could be guessed from it
    after = {"decisions_sha256": release.decisions_sha256, "detector": document.detector}
    state = move(release, State.APPROVED, user, after=after)
    enqueue(BURN_IN, release.id, queue=QUEUE, case_id=release.case_id)
    return state


@recorded
def send_back(user: User, release: Release, reason: str) -> ReleaseState:
    """Send a release back to the redactors, saying what must be changed."""
    require(user, "redaction.approve", release)
    if not reason.strip():
        raise ValidationError({"reason": "Enter what must be changed"})
    lock(release.document)
    state = move(release, State.SENT_BACK, user, reason=reason.strip())
    _tell(release, "a redaction has come back to be changed", [Role.REDACTOR], without=user)
    return state


@recorded
def release(user: User, release: Release) -> ReleaseState:
    """Let the checked copy go to its audience. Nobody who drew or decided may."""
    require_unfenced(user, "redaction.release", release)
    require(user, "redaction.release", release)
    lock(release.document)
    _not_a_decider(user, release, "redaction.release")
    _may_go(release, State.RELEASED)
    held.refuse_release(release)
    blob = output_of(release)
    check = release.leak_checks.order_by("-id").first()
    if blob is None or blob.state != Blob.State.VERIFIED or check is None or not check.passed or check.blob_id != blob.pk:
        raise ValidationError("Only a verified copy whose leak check has passed can be released")
    if fingerprint(release.document) != release.decisions_sha256:
        raise ValidationError("Decisions have changed since this copy was approved: send it back and have it approved again")
    state = move(release, State.RELEASED, user, after={"copy": str(blob.copy_id), "sha256": blob.sha256})
    text = f"{release.document.exhibit}: a redacted copy is released to the {release.get_audience_display()}"
    notify_team(release.document.case, text, url_of(release), without=user)
    return state


@recorded
def recall(user: User, release: Release, reason: str) -> ReleaseState:
    """Take a released copy back: its audience no longer sees it. What was read stays in the log."""
    require(user, "redaction.recall", release)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why it is recalled"})
    lock(release.document)
    people = readers(release)
    state = move(release, State.RECALLED, user, reason=reason.strip(), after={"opened_by": len(people)})
    opened = f"{release.document.exhibit}: a redacted copy that you opened is recalled. Delete every copy of it that you hold"
    notify((person for person in people if person != user), opened, important=True)
    text = f"{release.document.exhibit}: the copy released to the {release.get_audience_display()} is recalled"
    notify_team(release.document.case, text, url_of(release), without=user, important=True)
    return state


def readers(release: Release) -> list[User]:
    """Everybody who opened the redacted copy, here or in the portal, by the log."""
    blobs = [str(pk) for pk in Blob.objects.filter(copy__release=release).values_list("pk", flat=True)]
    opened = Q(verb="blob.opened", object_id__in=blobs) | Q(verb="copy.consulted", object_id=str(release.pk))
    ids = Event.objects.filter(opened, case_id=release.case_id).values_list("actor_id", flat=True)
    return list(User.objects.filter(pk__in={pk for pk in ids if pk}))


def output_of(release: Release) -> Blob | None:
    """The redacted bytes, as they are now."""
    blobs = Blob.objects.filter(copy__release=release).select_related("copy__exhibit__case")
    return blobs.order_by("-created_at").first()


# ---- what they share -------------------------------------------------------------------------------------------------


def move(
    release: Release,
    state: str,
    user: User | None,
    *,
    reason: str = "",
    after: dict[str, Any] | None = None,
) -> ReleaseState:
    """Take a release to a state that follows, with its event; `user` None is the system. ValidationError if it doesn't."""
    before = _may_go(release, state)
    made = ReleaseState.objects.create(release=release, state=state, by=user, reason=reason)
    actor: Actor = user.as_actor() if user else SYSTEM
    record(
        f"redaction.{_VERBS[state]}",
        actor=actor,
        case_id=release.case_id,
        object_type="release",
        object_id=release.pk,
        before={"state": before},
        after={"state": state, "document": str(release.document_id), "audience": release.audience} | (after or {}),
        detail={"reason": reason} if reason else None,
    )
    return made


_VERBS: dict[str, str] = {
    State.SENT_FOR_APPROVAL: "sent_for_approval",
    State.SENT_BACK: "sent_back",
    State.APPROVED: "approved",
    State.APPLIED: "burnt_in",
    State.VERIFIED: "leak_check_passed",
    State.LEAKED: "leak_check_failed",
    State.FAILED: "failed",
    State.RELEASED: "released",
    State.RECALLED: "recalled",
    State.WITHDRAWN: "withdrawn",
}


def _may_go(release: Release, state: str) -> str:
    """Refuse a step that does not follow; return the state that holds."""
    current = release.current()
    if state not in TRANSITIONS[current.state]:
        raise ValidationError(f"This release is “{current.get_state_display().lower()}”: this can’t be done to it now")
    return current.state


def _not_a_decider(user: User, release: Release, permission: str) -> None:
    if user.pk in release.document.deciders():
        raise refused(user, permission, release, "You drew or decided in this document: somebody else must do this")


def _tell(release: Release, what: str, roles: list[str], *, without: User | None = None) -> None:
    notify_team(release.document.case, f"{release.document.exhibit}: {what}", url_of(release), roles=roles, without=without)
