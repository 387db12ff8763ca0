"""The worker's part after approval: burn in exactly what was approved, keep the copy, then try to find leaks in it."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from accounts.models import Role, User
from audit.actions import Refused, acting
from cases.notify import notify_team
from evidence.actions import add_copy
from evidence.models import Blob, Copy
from jobs.actions import JobFailed, Lease, RetryLater, enqueue, handler
from jobs.models import Job
from redaction import actions
from redaction.bytes import fetch, scanned
from redaction.decisions import accepted, fingerprint
from redaction.engine import boxed
from redaction.models import LeakCheck, Release, ReleaseState
from sandbox import SandboxError
from vault.errors import Unavailable

MADE_WITH = "rasso-evidence 0.1.0, redaction engine 1"
State = ReleaseState.State
# The copy's own verification was asked for a moment before its leak check
_WAIT = dt.timedelta(seconds=3)


def _release(job: Job) -> Release:
    chosen = Release.objects.select_related("document__case", "document__exhibit", "document__source__copy")
    return chosen.get(pk=job.object_id)


def _failed(job: Job, message: str) -> None:
    release = _release(job)
    if release.current().state in (State.APPROVED, State.APPLIED):
        actions.move(release, State.FAILED, None, reason=message)
        _tell(release, "could not be burnt in or checked", [Role.REDACTOR, Role.APPROVER])


def _tell(release: Release, what: str, roles: list[str]) -> None:
    document = release.document
    text = f"{document.exhibit}: the copy for the {release.get_audience_display()} {what}"
    notify_team(document.case, text, actions.url_of(release), roles=roles)


@handler(actions.BURN_IN, failed=_failed)
def burn_in(job: Job, lease: Lease) -> None:
    """Make the redacted copy of an approved release."""
    release = _release(job)
    redactions = accepted(release.document)
    if fingerprint(release.document) != release.decisions_sha256:
        raise JobFailed("The decisions are not those that were approved.")
    approver = _approver(release)
    with tempfile.TemporaryDirectory(prefix="redaction-") as folder:
        source, output = Path(folder) / "source", Path(folder) / "out"
        output.mkdir()
        fetch(release.document.source, source)
        try:
            words = scanned(release.document, Path(folder) / "scanned")
            burnt = boxed.burn_in(source, output, redactions, scanned=words, progress=lease.progress)
        except SandboxError as error:
            raise JobFailed(str(error)) from error
        with lease.finish(), acting(), (output / burnt["name"]).open("rb") as file:
            try:
                copy = add_copy(
                    approver, release.document.exhibit, Copy.Kind.REDACTED, release.document.source.copy, file, MADE_WITH
                )
            except Unavailable as error:
                raise RetryLater(str(error)) from error
            except Refused as error:
                raise JobFailed("The approver is no longer on the team: send it back and have it approved again.") from error
            _applied(release, copy, burnt)


def _approver(release: Release) -> User:
    state = release.states.filter(state=State.APPROVED).select_related("by").order_by("-id")[0]
    assert state.by is not None  # noqa: S101 (a constraint trigger sees to it)
    return state.by


def _applied(release: Release, copy: Copy, burnt: dict[str, Any]) -> None:
    release.output, release.burnt = copy, burnt
    release.save(update_fields=["output", "burnt"])
    after = {"copy": str(copy.pk), "redactions": burnt["redactions"], "pages": burnt["pages"]}
    actions.move(release, State.APPLIED, None, after=after)
    enqueue(actions.CHECK, release.pk, queue=actions.QUEUE, case_id=release.case_id)


@handler(actions.CHECK, failed=_failed)
def check(job: Job, lease: Lease) -> None:
    """Try to find in the stored copy what was taken out of the source. Only a copy without a finding may be released."""
    release = _release(job)
    blob = actions.output_of(release)
    if blob is None or blob.state == Blob.State.QUARANTINED:
        raise JobFailed("The stored copy is not what was burnt in.")
    if blob.state != Blob.State.VERIFIED:
        raise RetryLater("Waiting for the copy to be verified.", _WAIT)
    with tempfile.TemporaryDirectory(prefix="redaction-") as folder:
        source, redacted = Path(folder) / "source", Path(folder) / "redacted"
        fetch(release.document.source, source)
        fetch(blob, redacted)
        try:
            words, wanted = scanned(release.document, Path(folder) / "scanned"), accepted(release.document)
            found = boxed.check(source, redacted, wanted, release.burnt, scanned=words, progress=lease.progress)
        except SandboxError as error:
            raise JobFailed(f"The leak check could not be made: {error}") from error
    with lease.finish(), acting():
        _checked(release, blob, found)


def _checked(release: Release, blob: Blob, found: dict[str, Any]) -> None:
    LeakCheck.objects.create(
        release=release, blob=blob, passed=found["passed"], findings=found["findings"], checked=found["checked"]
    )
    state = State.VERIFIED if found["passed"] else State.LEAKED
    after = {"copy": str(release.output_id), "sha256": blob.sha256, "findings": len(found["findings"])}
    actions.move(release, state, None, after=after)
    if found["passed"]:
        _tell(release, "has passed its leak check and can be released", [Role.APPROVER])
    else:
        _tell(release, "has failed its leak check and can’t be released", [Role.APPROVER, Role.REDACTOR])
