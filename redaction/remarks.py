"""What redactors and approvers say to each other at a place of a document, and what an approver finds changed since.

A remark is for them alone: no copy, redaction log or event holds its words.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.policy import require
from audit.actions import record, recorded
from redaction import words
from redaction.boxes import REST
from redaction.deciding import box_on
from redaction.engine.detect import lists
from redaction.models import Document, Page, Proposal, Release, ReleaseState
from redaction.remark_model import Remark

State = ReleaseState.State
LOOKED_AT = (State.SENT_FOR_APPROVAL, State.VERIFIED, State.LEAKED, State.FAILED)
"""States from which an approver may send a release back."""
_SHORTEST = 4


@dataclass
class Thread:
    """A remark with its answers."""

    remark: Remark
    answers: list[Remark] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Whether somebody marked it done."""
        return any(answer.settles for answer in self.answers)

    @property
    def must_be_settled(self) -> bool:
        """Whether it is an approver's that nobody marked done."""
        return self.remark.release_id is not None and not self.settled

    @property
    def place(self) -> str:
        """Where it leads in the editor, as a query."""
        at = f"&at={self.remark.proposal_id}" if self.remark.proposal_id else ""
        return f"?page={self.remark.page + 1}{at}&remark={self.remark.pk}"


@recorded
def remark(
    user: User,
    document: Document,
    text: str,
    *,
    page: int,
    proposal: Proposal | None = None,
    box: Sequence[float] | None = None,
    release: Release | None = None,
) -> Remark:
    """Say something about a page, a proposal or an area. With `release`, as its approver: to be settled once it is sent back."""
    require(user, "redaction.remark", document)
    found = Page.objects.filter(document=document, index=page).first()
    if found is None or (proposal is not None and (proposal.document_id, proposal.page) != (document.pk, page)):
        raise ValidationError({"page": "The document has no such place"})
    if release is not None:
        require(user, "redaction.approve", release)
        if release.document_id != document.pk or release.current().state not in LOOKED_AT:
            raise ValidationError("This copy is not with the approvers: say it as a comment")
    made = Remark.objects.create(
        document=document,
        release=release,
        page=page,
        proposal=proposal,
        box=box_on(found, list(box)) if box is not None else None,
        text=_said(text, found),
        by=user,
    )
    _record(made, "remarked")
    return made


@recorded
def answer(user: User, to: Remark, text: str = "", *, settles: bool = False) -> Remark:
    """Answer a remark, mark it done, or both. `to` is the remark itself, not an answer."""
    require(user, "redaction.remark", to.document)
    if to.answers_id is not None:
        raise ValidationError("Answer the remark itself")
    if not settles and not text.strip():
        raise ValidationError({"text": "Enter an answer"})
    page = Page.objects.get(document=to.document_id, index=to.page)
    made = Remark.objects.create(
        document_id=to.document_id,
        release_id=to.release_id,
        page=to.page,
        answers=to,
        settles=settles,
        text=_said(text, page) if text.strip() else "",
        by=user,
    )
    _record(made, "remark_settled" if settles else "remark_answered")
    return made


def _said(text: str, page: Page) -> str:
    """The text, refused if it is none or says again what is proposed on its page: no row holds a redacted word."""
    text = text.strip()
    if not text:
        raise ValidationError({"text": "Enter what you have to say"})
    if len(text) > 1000:
        raise ValidationError({"text": "Say it in 1,000 letters or fewer"})
    flat = f" {words.normalised(text)} "
    if any(f" {word} " in flat for word in _hidden_words(page)):
        raise ValidationError({"text": "Say it without the words that are redacted: the remark shows its place anyway"})
    return text


def _hidden_words(page: Page) -> set[str]:
    """What the page's proposals say unless they were decided to stay, normalised; common and very short words left out."""
    read = words.page_words(page)
    if read is None:
        return set()
    said: set[str] = set()
    kept = {"verdict": "reject"}
    for proposal in Proposal.objects.filter(document=page.document_id, page=page.index).with_decision().exclude(**kept):
        if proposal.rule == REST:
            continue
        whole = read.text[proposal.start : proposal.end] if proposal.start is not None else words.under(read, proposal.boxes)
        said |= {words.normalised(whole)} | ({words.normalised(part) for part in whole.split()} - lists.words())
    return {word for word in said if len(word) >= _SHORTEST}


def _record(made: Remark, verb: str) -> None:
    root = made.answers_id or made.pk
    record(
        f"redaction.{verb}",
        actor=made.by.as_actor(),
        case_id=made.document.case_id,
        object_type="document",
        object_id=made.document_id,
        after={
            "remark": str(root),
            "page": made.page + 1,
            "proposal": str(made.proposal_id) if made.proposal_id else None,
            "release": str(made.release_id) if made.release_id else None,
        },
    )


# ---- what is shown ---------------------------------------------------------------------------------------------------


def threads(document: Document) -> list[Thread]:
    """All of a document's remarks with their answers: what an approver waits for first, then by page."""
    found: dict[uuid.UUID, Thread] = {}
    for row in Remark.objects.filter(document=document).select_related("by"):
        if row.answers_id is None:
            found[row.pk] = Thread(row)
        elif row.answers_id in found:
            found[row.answers_id].answers.append(row)
    return sorted(found.values(), key=lambda t: (not t.must_be_settled, t.settled, t.remark.page, t.remark.at))


def unsettled(release: Release) -> int:
    """How many of the approver's remarks on this release nobody has marked done."""
    done = Remark.objects.filter(settles=True, release=release).values("answers")
    return Remark.objects.filter(release=release, answers=None).exclude(pk__in=done).count()


def for_approver(user: User, document: Document) -> Release | None:
    """The release whose approver this person may be, that waits for their word."""
    waiting = document.releases.in_states(*LOOKED_AT).order_by("asked_at")
    return next((release for release in waiting if user.has_perm("redaction.approve", release)), None)


def frame(user: User, document: Document) -> dict[str, Any]:
    """What the editor shows of remarks, and what this person may add."""
    found = threads(document)
    return {
        "threads": found,
        "to_settle": sum(thread.must_be_settled for thread in found),
        "may_remark": user.has_perm("redaction.remark", document),
        "for_approver": for_approver(user, document),
    }


MOST = 200


def changed_since(release: Release) -> dict[str, Any]:
    """What was decided or drawn since the release was last sent back: {"at", "rows", "more"}; empty if it never was."""
    sent_back = release.states.filter(state=State.SENT_BACK).order_by("-id").first()
    if sent_back is None:
        return {}
    everything = Proposal.objects.filter(document=release.document_id)
    before = {p.pk: p for p in everything.filter(at__lte=sent_back.at).with_decision(sent_back.at)}
    changed = []
    for now in everything.with_decision().select_related("by").order_by("page", "start", "at"):
        then = before.get(now.pk)
        if then is None:
            changed.append((now, "", now.verdict))
        elif (then.verdict, then.decided_category) != (now.verdict, now.decided_category):
            changed.append((now, then.verdict, now.verdict))
    deciders = {p.decided_by_id for p, _, _ in changed if p.decided_by_id}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=deciders)}
    rows = [
        {
            "page": p.page + 1,
            "place": f"?page={p.page + 1}&at={p.pk}",
            "code": p.decided_category,
            "before": _WORDS.get(then, "") if p.pk in before else "not there",
            "now": _WORDS.get(verdict, ""),
            "reason": p.decided_reason,
            "by": people.get(p.decided_by_id, "") if p.decided_by_id else "",
        }
        for p, then, verdict in changed[:MOST]
    ]
    return {"at": sent_back.at, "rows": rows, "more": max(0, len(changed) - MOST)}


_WORDS = {"accept": "redact", "reject": "keep", "moved": "replaced by another box", "": "to decide"}
