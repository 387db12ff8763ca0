"""Where redaction stands: for a case's overview, for "My work", and for the room's own lists."""

from collections.abc import Iterable

from django.urls import reverse

from accounts.models import Role, User
from cases.models import Case
from cases.work import Card, WorkItem
from redaction import queue
from redaction.models import OVER, Document, Release, ReleaseQuerySet, ReleaseState

State = ReleaseState.State
COLOURS: dict[str, str] = {
    State.ASKED: "blue",
    State.SENT_FOR_APPROVAL: "yellow",
    State.SENT_BACK: "orange",
    State.APPROVED: "purple",
    State.APPLIED: "purple",
    State.VERIFIED: "teal",
    State.LEAKED: "red",
    State.FAILED: "red",
    State.RELEASED: "green",
    State.RECALLED: "grey",
    State.WITHDRAWN: "grey",
}


def works_on_redaction(user: User) -> bool:
    """Whether the room has an entry in the primary navigation for this person."""
    return bool(user.is_active and user.holds(Role.REDACTOR, Role.APPROVER))


def releases(user: User, case: Case | None = None) -> ReleaseQuerySet:
    """Releases that this person sees, of one case or all, with their state."""
    found = Release.objects.visible_to(user).with_state().select_related("document__case", "document__exhibit", "asked_by")
    return found.filter(document__case=case) if case else found


def label(state: str) -> str:
    """The words of a state."""
    return str(State(state).label)


def card(user: User, case: Case) -> Card | None:
    """Copies under way and released."""
    if not user.has_perm("redaction.view", case):
        return None
    states = [found.state for found in releases(user, case)]
    released = states.count(State.RELEASED)
    under_way = sum(state not in OVER for state in states)
    text = f"redacted {'copy' if released == 1 else 'copies'} released" + (f", {under_way} under way" if under_way else "")
    late = State.LEAKED in states or State.FAILED in states
    return Card(40, released, text, reverse("redaction:list", args=[case.pk]), late)


def to_do(user: User) -> Iterable[WorkItem]:
    """What waits for this person as a redactor or an approver, and was not given to somebody else."""
    waiting = queue.waiting(user).select_related("document__case", "document__exhibit")
    for release in waiting.filter(document__state=Document.State.READY):
        yield _item(release)


def address(release: Release) -> str:
    """Where what is to be done on a copy is done."""
    if release.task == queue.Task.DECIDE:
        return reverse("redaction:editor", args=[release.document_id])
    return reverse("redaction:release", args=[release.document_id, release.pk])


def _item(release: Release) -> WorkItem:
    state = release.state
    return WorkItem(
        case_id=release.document.case_id,
        case=str(release.document.case),
        title=f"{queue.verb_of(state)} {release.document.exhibit} for the {release.get_audience_display()}",
        href=address(release),
        due=None if release.due == queue.NEVER else release.due,
        urgency=0 if state == State.LEAKED else 1,
        tag=label(state),
        colour=COLOURS[state],
        blocks=f"The {release.get_audience_display()} waits for it" if state == State.VERIFIED else "",
    )
