"""Where redaction stands: for a case's overview, for "My work", and for the room's own lists."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from accounts.models import Role, User
from cases.models import Case, TeamMember
from cases.work import Card, WorkItem
from redaction.models import Document, Release, ReleaseQuerySet, ReleaseState

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
}
_REDACTOR: dict[str, str] = {
    State.ASKED: "Decide what to redact in",
    State.SENT_BACK: "Mend the redaction of",
    State.LEAKED: "Find the leak in",
}
_APPROVER: dict[str, str] = {State.SENT_FOR_APPROVAL: "Approve the redaction of", State.VERIFIED: "Release the redacted copy of"}


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
    under_way = sum(state not in (State.RELEASED, State.RECALLED) for state in states)
    text = f"redacted {'copy' if released == 1 else 'copies'} released" + (f", {under_way} under way" if under_way else "")
    late = State.LEAKED in states or State.FAILED in states
    return Card(40, released, text, reverse("redaction:list", args=[case.pk]), late)


def to_do(user: User) -> Iterable[WorkItem]:
    """What waits for this person as a redactor or an approver."""
    roles: dict[Any, set[str]] = {}
    for case_id, role in TeamMember.objects.filter(user=user, left_at=None, role__in=[Role.REDACTOR, Role.APPROVER]).values_list(
        "case_id", "role"
    ):
        roles.setdefault(case_id, set()).add(role)
    if not roles:
        return
    waiting = releases(user).in_states(*_REDACTOR, *_APPROVER).filter(document__case__in=list(roles))
    own = set(Document.objects.filter(decisions__by=user).values_list("pk", flat=True))
    for release in waiting:
        held, state = roles[release.document.case_id], release.state
        if state in _REDACTOR and Role.REDACTOR in held and release.document.state == Document.State.READY:
            yield _item(release, _REDACTOR[state], reverse("redaction:editor", args=[release.document_id]))
        elif state in _APPROVER and Role.APPROVER in held and release.document_id not in own:
            yield _item(release, _APPROVER[state], reverse("redaction:release", args=[release.document_id, release.pk]))


def _item(release: Release, verb: str, href: str) -> WorkItem:
    state = release.state
    return WorkItem(
        case_id=release.document.case_id,
        case=str(release.document.case),
        title=f"{verb} {release.document.exhibit} for the {release.get_audience_display()}",
        href=href,
        urgency=0 if state == State.LEAKED else 1,
        tag=label(state),
        colour=COLOURS[state],
        blocks=f"The {release.get_audience_display()} waits for it" if state == State.VERIFIED else "",
    )
