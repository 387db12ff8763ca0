"""Giving up copies that were asked for and are not wanted any more, and the reading of files that nobody wants then."""

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.policy import require
from audit.actions import recorded
from cases.models import Case
from cases.notify import notify
from jobs.actions import cancel
from redaction.actions import PROPOSE, move
from redaction.addresses import url_of
from redaction.deciding import lock
from redaction.models import Document, Release, ReleaseQuerySet, ReleaseState
from redaction.turns import turn_of

STOPPED = "The reading was stopped, since no copy of it was wanted. Ask for a copy again to go on where it ended"


@recorded
def withdraw(user: User, release: Release, reason: str) -> ReleaseState:
    """Give up a copy, with a reason, while redactors have it. Its decisions stay for other audiences."""
    require(user, "redaction.withdraw", release)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why it is not wanted"})
    lock(release.document)
    holder = turn_of(release).holder_id
    state = move(release, ReleaseState.State.WITHDRAWN, user, reason=reason.strip())
    if not Release.objects.under_way().filter(document=release.document_id).exists():
        _stop(release.document)
    text = f"{release.document.exhibit}: the copy for the {release.get_audience_display()} is withdrawn by {user}"
    people = User.objects.filter(pk__in=[pk for pk in (release.asked_by_id, holder) if pk]).exclude(pk=user.pk)
    notify(people, text, url_of(release))
    return state


def unread(user: User, case: Case) -> ReleaseQuerySet:
    """The copies that this person asked for and can give up, whose files are still being read."""
    return Release.objects.in_states(ReleaseState.State.ASKED).filter(
        document__case=case, document__state=Document.State.READING, asked_by=user
    )


@recorded
def stop_reading(user: User, case: Case, reason: str) -> list[ReleaseState]:
    """Give all of these up. ValidationError if there are none: all is read."""
    require(user, "redaction.withdraw", case)
    lock(*Document.objects.filter(releases__in=unread(user, case)))
    found = list(unread(user, case).select_related("document__case", "document__exhibit", "asked_by"))
    if not found:
        raise ValidationError("Every file that you asked for is read: withdraw its copies one by one")
    return [withdraw(user, release, reason) for release in found]


def _stop(document: Document) -> None:
    """End the reading of a file, unless it ends by itself just now. Pages that are read stay."""
    if cancel(PROPOSE, document.pk):
        Document.objects.filter(pk=document.pk).update(state=Document.State.REFUSED, message=STOPPED)
