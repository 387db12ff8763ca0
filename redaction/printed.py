"""The redaction log of a copy and where the copy comes from, for the page and the print that go with it: never a redacted word.

Once a copy is approved its log is what was approved: later decisions in the document are another copy's.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.policy import require
from audit.actions import record, recorded
from audit.models import Event
from documents.render import render
from evidence.fencing import require_unfenced
from redaction import words
from redaction.decisions import fingerprint
from redaction.models import Audience, Category, Page, Proposal, ProposalQuerySet, Release, ReleaseState

WITHHELD = "Withheld here: it repeats what is redacted"
State = ReleaseState.State


def approved_at(release: Release) -> dt.datetime | None:
    """When the decisions that hold for this copy were approved; None before that."""
    state = release.states.filter(state=State.APPROVED).order_by("-id").first()
    return state.at if state else None


def redacted(release: Release) -> ProposalQuerySet:
    """What this copy leaves out, in the order of its pages. ValidationError if it isn't what was approved."""
    until = approved_at(release)
    proposals = release.document.proposals.with_decision(until)
    if until is not None:
        proposals = proposals.filter(at__lte=until)
        if fingerprint(release.document, until) != release.decisions_sha256:
            raise ValidationError("The decisions that were approved can’t be drawn up again: have the log of the case checked")
    wanted = {"verdict": "accept"}
    return proposals.filter(**wanted).order_by("page", "start", "at", "id")


def rows(release: Release) -> list[dict[str, Any]]:
    """One row an item, as the log shows it: number, page, code, why, reason, by whom, when, how it was found."""
    found = list(redacted(release))
    categories = {category.code: category for category in Category.objects.all()}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in={p.decided_by_id for p in found})}
    secret = _secrets(release, found) if any(p.decided_reason for p in found) else set()
    return [
        {
            "number": number,
            "page": proposal.page + 1,
            "code": proposal.decided_category,
            "why": categories[proposal.decided_category].name,
            "log_type": categories[proposal.decided_category].log_type,
            "reason": _clean(proposal.decided_reason, secret),
            "by": people.get(proposal.decided_by_id, "") if proposal.decided_by_id else "",
            "at": proposal.decided_at,
            "source": proposal.get_source_display(),
        }
        for number, proposal in enumerate(found, start=1)
    ]


def _secrets(release: Release, found: list[Proposal]) -> set[str]:
    """What is redacted, normalised: a reason may not say it again."""
    by_page: dict[int, list[Proposal]] = defaultdict(list)
    for proposal in found:
        by_page[proposal.page].append(proposal)
    secret: set[str] = set()
    for page in Page.objects.filter(document=release.document_id, index__in=list(by_page)):
        read = words.page_words(page)
        if read is None:
            continue
        for p in by_page[page.index]:
            text = read.text[p.start : p.end] if p.start is not None else words.under(read, p.boxes)
            secret |= {words.normalised(text), *map(words.normalised, text.split())}
    return {word for word in secret if len(word) > 2}


def _clean(reason: str, secret: set[str]) -> str:
    flat = words.normalised(reason)
    parts = {words.normalised(part) for part in reason.split()}
    return WITHHELD if parts & secret or any(" " in word and word in flat for word in secret) else reason


def counts(found: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """How many items under each code."""
    counted: dict[str, int] = defaultdict(int)
    for row in found:
        counted[row["code"]] += 1
    return sorted(counted.items())


def lineage(release: Release, output: Any, *, on_paper: bool = False) -> list[dict[str, str]]:
    """From the source to the copy, step by step: each what, its hash or version, by whom, when, and the event that says so.

    Paper goes with the copy: for a defence or a court it leaves out the source's hash, as their bundles do (`bundles.events`).
    """
    document = release.document
    reference = document.exhibit.reference
    steps = [
        _step("Source", f"{reference}; its SHA-256 is in the log")
        if on_paper and release.audience != Audience.CPS
        else _step("Source", f"{reference}, SHA-256", document.source.sha256),
        _step("Detected by", document.detector or "nothing yet"),
    ]
    approval = release.states.filter(state=State.APPROVED).select_related("by").order_by("-id").first()
    if approval is None:
        return [*steps, _step("Decisions", "not approved yet")]
    then = {"at__lte": approval.at}
    ids = {
        *document.decisions.filter(**then).values_list("by", flat=True),
        *document.proposals.filter(**then).values_list("by", flat=True),
    }
    deciders = User.objects.filter(pk__in=ids - {None}).order_by("name")
    steps.append(_step("Decisions", f"by {', '.join(map(str, deciders))}, SHA-256", release.decisions_sha256))
    steps.append(_step("Approved", f"by {approval.by}", at=approval.at, event=_event(release, "approved")))
    if output is not None:
        made_with = output.copy.made_with
        steps.append(_step("Burnt in", f"{made_with}, SHA-256", output.sha256, event=_event(release, "burnt_in")))
    check = release.leak_checks.order_by("-id").first()
    if check is not None:
        tools = ", ".join(f"{name} {value}" for name, value in sorted(check.checked.items()) if isinstance(value, str | int))
        verb = "leak_check_passed" if check.passed else "leak_check_failed"
        said = "passed" if check.passed else f"failed, {len(check.findings)} findings"
        steps.append(_step("Leak check", f"{said}: {tools}", at=check.at, event=_event(release, verb)))
    for state in release.states.filter(state__in=[State.RELEASED, State.RECALLED]).select_related("by"):
        steps.append(_step(state.get_state_display(), f"by {state.by}", at=state.at, event=_event(release, state.state)))
    return steps


def _step(what: str, text: str, sha256: str = "", *, at: dt.datetime | None = None, event: str = "") -> dict[str, str]:
    return {"what": what, "text": text, "sha256": sha256, "at": _local(at), "event": event}


def _event(release: Release, verb: str) -> str:
    event = Event.objects.about("release", release.pk).filter(verb=f"redaction.{verb}").newest_first().first()
    return str(event.pk) if event else ""


def _local(moment: dt.datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M %Z}" if moment else ""


@recorded
def print_log(user: User, release: Release, output: Any) -> bytes:
    """The redaction log and lineage as PDF; the print is an event with its hash."""
    require_unfenced(user, "redaction.view", release)
    require(user, "redaction.view", release)
    found = rows(release)
    document = release.document
    made = render(
        "redaction_log",
        {
            "exhibit": document.exhibit.reference,
            "case": document.case.crime_number,
            "audience": release.get_audience_display(),
            "state": release.current().get_state_display(),
            "printed": f"{_local(timezone.now())} by {user}",
            "counts": [{"code": code, "count": str(count)} for code, count in counts(found)],
            "lineage": lineage(release, output, on_paper=True),
            "rows": [{key: str(value) for key, value in row.items() if key != "at"} | {"at": _local(row["at"])} for row in found],
        },
    )
    record(
        "redaction.log_printed",
        actor=user.as_actor(),
        case_id=release.case_id,
        object_type="release",
        object_id=release.pk,
        after={"sha256": hashlib.sha256(made).hexdigest(), "items": len(found)},
    )
    return made
