"""What redactors do in a document: decide one proposal or many that say the same, draw boxes, and undo what they did.

As in `actions`, every function checks who may, changes state and appends the event, in one transaction. Nothing is ever
changed back in place: to undo is to decide again as it was before. Many decisions take as many questions as one.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max

from accounts.models import User
from accounts.policy import require
from audit.actions import Refused, record, recorded
from cases.models import Case
from redaction import held, words
from redaction.models import (
    Category,
    Document,
    Page,
    Policy,
    Proposal,
    ProposalDecision,
    Release,
    ReleaseState,
)
from redaction.triggers import FROZEN

State = ReleaseState.State
Verdict = ProposalDecision.Verdict
DECIDED = (Verdict.ACCEPT.value, Verdict.REJECT.value)
"""What a person may say of a proposal: open again only comes of undoing, moved only of another box (`boxes`)."""


@dataclass(frozen=True)
class Choice:
    """What is to hold of a proposal."""

    proposal: Proposal
    verdict: str
    category_id: str
    reason: str = ""


@dataclass(frozen=True)
class Done:
    """What one press did. `skipped` are documents left as they are: with the approver, or approved by this person."""

    decisions: Sequence[ProposalDecision]
    skipped: int = 0

    @property
    def documents(self) -> int:
        """How many documents it was in."""
        return len({decision.document_id for decision in self.decisions})


# ---- one -------------------------------------------------------------------------------------------------------------


@recorded
def decide(
    user: User,
    proposal: Proposal,
    verdict: str,
    *,
    category: Category | str | None = None,
    reason: str = "",
    seen: int | None = None,
    act: uuid.UUID | None = None,
) -> ProposalDecision:
    """Redact or keep what is proposed. Keeping what the policy of an audience redacts or has judged needs a reason.

    `seen` is the decision that held when this was chosen (0: none); if another holds by now, this one is refused. `act` as
    for `may_decide`.
    """
    require(user, "redaction.decide", proposal)
    may_decide(user, proposal.document, act)
    _valid(verdict)
    if seen is not None:
        not_overtaken(proposal, seen)
    chosen = category_of(category) if category else current_category(proposal)
    made = write(user, [Choice(proposal, verdict, chosen.pk, reason.strip())], act=act)
    record_act(user, proposal.document, made)
    return made[0]


@recorded
def draw(
    user: User,
    document: Document,
    page: int,
    box: Iterable[float],
    category: Category | str,
    *,
    act: uuid.UUID | None = None,
) -> Proposal:
    """Draw a box (left, top, right, bottom in points from the page's top left) and redact what is in it."""
    require(user, "redaction.decide", document)
    may_decide(user, document, act)
    found = Page.objects.filter(document=document, index=page).first()
    if found is None:
        raise ValidationError({"page": "The document has no such page"})
    boxes = [box_on(found, list(box))]
    read = words.page_words(found)
    proposal = Proposal.objects.create(
        document=document,
        page=page,
        boxes=boxes,
        category=category_of(category),
        source=Proposal.Source.HAND,
        said=words.said(document.case_id, words.under(read, boxes)) if read else "",
        by=user,
    )
    made = write(user, [Choice(proposal, Verdict.ACCEPT, proposal.category_id)], act=act)
    record_act(user, document, made, "drawn")
    return proposal


# ---- many ------------------------------------------------------------------------------------------------------------


@recorded
def accept_rest(user: User, document: Document, *, page: int | None = None) -> Sequence[ProposalDecision]:
    """Redact everything still undecided, on one page (index from 0) or on all."""
    require(user, "redaction.decide", document)
    may_decide(user, document)
    waiting = document.proposals.undecided()
    if page is not None:
        waiting = waiting.filter(page=page)
    made = write(user, [Choice(proposal, Verdict.ACCEPT, proposal.decided_category) for proposal in waiting])
    if made:
        record_act(user, document, made)
    return made


@recorded
def decide_many(user: User, document: Document, wanted: Sequence[dict[str, Any]]) -> Sequence[ProposalDecision]:
    """Decide several of a document in one act: each names `proposal` (id) and `verdict`, and may have `code`, `reason`, `seen`."""
    require(user, "redaction.decide", document)
    may_decide(user, document)
    found = {p.pk: p for p in document.proposals.filter(pk__in=[data["proposal"] for data in wanted]).with_decision()}
    if len(found) < len(wanted):
        raise ValidationError("Each decision names another proposal of this document")
    codes = set(Category.objects.filter(is_active=True).values_list("code", flat=True))
    choices = []
    for data in wanted:
        proposal, code = found[data["proposal"]], data.get("code") or found[data["proposal"]].decided_category
        _valid(data["verdict"])
        if code not in codes:
            raise ValidationError({"code": f"There is no category {code}"})
        if data.get("seen") is not None and data["seen"] != (proposal.decided_id or 0):
            raise ValidationError(f"Proposal {proposal.pk} was decided meanwhile: read it again")
        choices.append(Choice(proposal, data["verdict"], code, data.get("reason", "").strip()))
    made = write(user, choices)
    record_act(user, document, made)
    return made


@recorded
def decide_group(
    user: User, scope: Document | Case, said: str, verdict: str, *, reason: str = "", also_decided: bool = False
) -> Done:
    """Redact or keep all that says the same, in a document or in all documents of a case that are ready.

    Only what is undecided, unless `also_decided`: then all that is decided otherwise too. What another box replaces stays so.
    """
    require(user, "redaction.decide", scope)
    _valid(verdict)
    documents, skipped = _open_documents(user, scope)
    found = Proposal.objects.filter(document__in=documents, said=said).exclude(said="").with_decision()
    settled = (verdict, Verdict.MOVED)
    wanted = [p for p in found if p.verdict not in settled] if also_decided else [p for p in found if not p.verdict]
    made = write(user, [Choice(p, verdict, p.decided_category, reason.strip()) for p in wanted])
    if made:
        record_act(user, scope, made)
    return Done(made, skipped)


@recorded
def decide_as_before(user: User, document: Document, said: str = "") -> Done:
    """Decide what is undecided as the same words were decided in the case's other documents, where they all agree.

    Reasons to keep are taken over. `said`: only these words.
    """
    require(user, "redaction.decide", document)
    may_decide(user, document)
    waiting = document.proposals.undecided().exclude(said="")
    if said:
        waiting = waiting.filter(said=said)
    open_now = list(waiting)
    before = agreed_elsewhere(document, {proposal.said for proposal in open_now})
    choices = [
        Choice(p, before[p.said].verdict, p.decided_category, before[p.said].decided_reason) for p in open_now if p.said in before
    ]
    made = write(user, choices)
    if made:
        record_act(user, document, made)
    return Done(made)


def agreed_elsewhere(document: Document, said: Iterable[str]) -> dict[str, Proposal]:
    """By what they say, a proposal of another document of the case, where all decisions on the same words agree."""
    rows = (
        Proposal.objects.filter(document__case=document.case_id, said__in=list(said))
        .exclude(document=document)
        .exclude(said="")
        .with_decision()
    )
    found: dict[str, Proposal] = {}
    both: set[str] = set()
    for proposal in sorted((row for row in rows if row.verdict in DECIDED), key=lambda row: row.decided_id or 0):
        if proposal.said in found and found[proposal.said].verdict != proposal.verdict:
            both.add(proposal.said)
        found[proposal.said] = proposal
    return {key: proposal for key, proposal in found.items() if key not in both}


# ---- undo and redo ---------------------------------------------------------------------------------------------------

_REMEMBERED = 200


@recorded
def undo(user: User, scope: Document | Case) -> Done:
    """Take back one's own last act here, wherever it reached: each proposal is decided as it was before it."""
    return _turn_back(user, scope, "undone", "You have decided nothing here that could be undone")


@recorded
def redo(user: User, scope: Document | Case) -> Done:
    """Do again what one undid last."""
    return _turn_back(user, scope, "redone", "You have undone nothing here that could be done again")


def _turn_back(user: User, scope: Document | Case, verb: str, nothing: str) -> Done:
    require(user, "redaction.decide", scope)
    done, undone = _acts(user, scope)
    acts = done if verb == "undone" else undone
    if not acts:
        raise ValidationError(nothing)
    touched = list(Document.objects.filter(decisions__act=acts[-1], decisions__by=user, exhibit__fence="").distinct())
    documents, skipped = _still_open(user, touched)
    if isinstance(scope, Document):
        may_decide(user, scope)
    before = _before(acts[-1], user, documents)
    if not before:
        raise ValidationError("Somebody has decided the same since then: look at it and decide it anew")
    made = write(user, before, undoes=acts[-1], reasons=False)
    record_act(user, scope, made, verb)
    return Done(made, skipped)


def _acts(user: User, scope: Document | Case) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """A person's acts here that can be undone, and those undone that can be done again, the latest last."""
    where: dict[str, Any] = {"document": scope} if isinstance(scope, Document) else {"document__case": scope}
    acts = ProposalDecision.objects.filter(by=user, **where).values("act", "undoes").annotate(last=Max("id"))
    done: list[uuid.UUID] = []
    undone: list[uuid.UUID] = []
    for row in reversed(acts.order_by("-last")[:_REMEMBERED]):
        act, undoes = row["act"], row["undoes"]
        if undoes is None:
            done.append(act)
            undone.clear()
        elif done and undoes == done[-1]:
            done.pop()
            undone.append(act)
        elif undone and undoes == undone[-1]:
            undone.pop()
            done.append(act)
    return done, undone


def _before(act: uuid.UUID, user: User, documents: Iterable[Document]) -> list[Choice]:
    """What held before an act of each proposal of which nobody has said anything since."""
    decided = ProposalDecision.objects.filter(act=act, by=user, document__in=list(documents))
    # By their ids: as one query PostgreSQL may, after thousands of decisions, compare each with each
    ids = list(decided.values_list("proposal_id", flat=True))
    found = Proposal.objects.filter(pk__in=ids)
    mine: dict[uuid.UUID, ProposalDecision] = {}
    earlier: dict[uuid.UUID, ProposalDecision] = {}
    later: set[uuid.UUID] = set()
    for decision in ProposalDecision.objects.filter(proposal__in=ids).order_by("id"):
        if decision.act == act:
            mine[decision.proposal_id] = decision
        elif decision.proposal_id in mine:
            later.add(decision.proposal_id)
        else:
            earlier[decision.proposal_id] = decision
    return [_as_before(proposal, earlier.get(proposal.pk)) for proposal in found if proposal.pk not in later]


def _as_before(proposal: Proposal, decision: ProposalDecision | None) -> Choice:
    if decision is not None:
        return Choice(proposal, decision.verdict, decision.category_id, decision.reason)
    if proposal.source == Proposal.Source.HAND:
        # Nobody but whoever drew it ever proposed it
        return Choice(proposal, Verdict.REJECT, proposal.category_id, WITHDRAWN)
    return Choice(proposal, Verdict.OPEN, proposal.category_id)


WITHDRAWN = "Withdrawn by whoever drew it"
REPEATED, OVERTAKEN = "repeated", "overtaken"
"""Codes of refusals: it is done already; somebody else has decided since."""


# ---- what they share -------------------------------------------------------------------------------------------------


def lock(*documents: Document) -> None:
    """Until the transaction ends nobody else decides, approves or releases in these documents (as `triggers` does)."""
    keys = [f"redaction.document {document.pk}" for document in documents]
    with connection.cursor() as cursor:
        # In one order for everybody, so that two who lock several never wait for each other
        cursor.execute(
            "SELECT pg_advisory_xact_lock(k) FROM"
            " (SELECT hashtextextended(d, 0) AS k FROM unnest(%s::text[]) AS d ORDER BY 1) AS keys",
            [keys],
        )


def refused(user: User, permission: str, obj: Document | Release, reason: str) -> Refused:
    """The refusal of a permission, with the reason that the person reads."""
    return Refused(
        permission,
        actor=user.as_actor(),
        case_id=obj.case_id,
        object_type=str(obj._meta.model_name),
        object_id=obj.pk,
        reason=reason,
    )


def current_category(proposal: Proposal) -> Category:
    """The category as last decided, or as proposed."""
    latest = proposal.decisions.select_related("category").order_by("-id").first()
    return latest.category if latest else proposal.category


def reasons_needed(documents: Iterable[Document]) -> dict[uuid.UUID, set[str]]:
    """By document, the categories that stay only for a reason: an audience of a copy under way has them redacted, or judged."""
    audiences: dict[uuid.UUID, set[str]] = {}
    releases = Release.objects.under_way().filter(document__in=list(documents))
    for document_id, audience in releases.values_list("document_id", "audience"):
        audiences.setdefault(document_id, set()).add(audience)
    rules = list(Policy.objects.exclude(rule=Policy.Rule.KEEP).values_list("category_id", "audience"))
    return {key: {category for category, audience in rules if audience in wanted} for key, wanted in audiences.items()}


def may_decide(user: User, document: Document, act: uuid.UUID | None = None) -> None:
    """Lock the document and go on only if this person may decide in it now: on the pages read so far, too.

    `act` is the id that the asking page chose: what was sent twice, because the first answer was lost, is done once.
    """
    lock(document)
    if act is not None and ProposalDecision.objects.filter(act=act, by=user).exists():
        raise ValidationError("This is done already", code=REPEATED)
    if document.state == Document.State.REFUSED:
        raise ValidationError("This file can’t be redacted here")
    if document.releases.in_states(*FROZEN).exists():
        raise ValidationError("A copy is with the approver: nothing can be decided until it is sent back")
    approved = ReleaseState.objects.filter(release__document=document, state__in=[State.APPROVED, State.RELEASED], by=user)
    if approved.exists():
        raise refused(user, "redaction.decide", document, "You approved a copy of this document: somebody else decides in it")


def _open_documents(user: User, scope: Document | Case) -> tuple[list[Document], int]:
    """The documents in which this person may decide now, locked, and how many of the case were left out."""
    if isinstance(scope, Document):
        may_decide(user, scope)
        return [scope], 0
    return _still_open(user, list(Document.objects.filter(case=scope, state=Document.State.READY, exhibit__fence="")))


def _still_open(user: User, documents: list[Document]) -> tuple[list[Document], int]:
    lock(*documents)
    frozen = set(Release.objects.in_states(*FROZEN).filter(document__in=documents).values_list("document_id", flat=True))
    approved = ReleaseState.objects.filter(release__document__in=documents, state__in=[State.APPROVED, State.RELEASED], by=user)
    closed = frozen | set(approved.values_list("release__document_id", flat=True))
    return [document for document in documents if document.pk not in closed], len(closed)


def _valid(verdict: str) -> None:
    if verdict not in DECIDED:
        raise ValidationError({"verdict": "Select redact or keep"})


def not_overtaken(proposal: Proposal, seen: int) -> None:
    latest = proposal.decisions.select_related("by").order_by("-id").first()
    if latest is not None and latest.pk != seen:
        what = latest.get_verdict_display().lower()
        raise ValidationError(
            f"{latest.by} decided this meanwhile: {what}. It is shown now; decide again if you disagree", code=OVERTAKEN
        )


def write(
    user: User,
    choices: Sequence[Choice],
    *,
    undoes: uuid.UUID | None = None,
    reasons: bool = True,
    act: uuid.UUID | None = None,
) -> list[ProposalDecision]:
    """One act: all these decisions.

    ValidationError where one lacks the reason that policy asks for, or redacts what the defence must not be kept from.
    """
    if reasons:
        have_reasons(user, choices)
    act = act or uuid.uuid4()
    made = ProposalDecision.objects.bulk_create(
        [
            ProposalDecision(
                proposal=choice.proposal,
                document_id=choice.proposal.document_id,
                verdict=choice.verdict,
                category_id=choice.category_id,
                reason=choice.reason[:300],
                act=act,
                undoes=undoes,
                by=user,
            )
            for choice in choices
        ],
        batch_size=2000,
    )
    held.refuse_decisions(made)
    return made


def have_reasons(user: User, choices: Sequence[Choice]) -> None:
    """Refuse to keep, without a reason, what an audience of a copy under way has redacted or judged."""
    bare = [c for c in choices if c.verdict == Verdict.REJECT and not c.reason and c.proposal.by_id != user.pk]
    if not bare:
        return
    needed = reasons_needed(Document.objects.filter(pk__in={choice.proposal.document_id for choice in bare}))
    if any(choice.category_id in needed.get(choice.proposal.document_id, ()) for choice in bare):
        raise ValidationError(
            {"reason": "Enter why it stays: by policy it is redacted for this audience, or kept only for a reason"}
        )


def category_of(category: Category | str) -> Category:
    """A category in use; ValidationError for any other."""
    found = Category.objects.filter(pk=category.pk if isinstance(category, Category) else category, is_active=True).first()
    if found is None:
        raise ValidationError({"category": "Select a category"})
    return found


def box_on(page: Page, box: list[float]) -> list[float]:
    """The box cut to the page; refused if nothing of it is left to see."""
    if len(box) != 4:
        raise ValidationError({"box": "A box has four edges"})
    left, right = sorted((box[0], box[2]))
    top, bottom = sorted((box[1], box[3]))
    cut = [max(0.0, left), max(0.0, top), min(page.width, right), min(page.height, bottom)]
    if not (cut[2] - cut[0] >= 1 and cut[3] - cut[1] >= 1):
        raise ValidationError({"box": "The box must be on the page, and at least one point wide and high"})
    return [round(edge, 2) for edge in cut]


def record_act(user: User, scope: Document | Case, made: Sequence[ProposalDecision], verb: str = "decided") -> None:
    """One event for one act, with counts; the act's id leads to its decisions."""
    counts = Counter(decision.verdict for decision in made)
    after: dict[str, Any] = {"accepted": counts[Verdict.ACCEPT], "kept": counts[Verdict.REJECT], "act": str(made[0].act)}
    after |= {name: counts[name] for name in (Verdict.OPEN.value, Verdict.MOVED.value) if counts[name]}
    if len(made) == 1:
        after |= {"proposal": str(made[0].proposal_id), "category": made[0].category_id}
    documents = Counter(str(decision.document_id) for decision in made)
    only = next(iter(documents)) if len(documents) == 1 else ""
    if not only:
        after["documents"] = dict(documents)
    reasons = sorted({decision.reason for decision in made if decision.reason})
    case_id = scope.pk if isinstance(scope, Case) else scope.case_id
    record(
        f"redaction.{verb}",
        actor=user.as_actor(),
        case_id=case_id,
        object_type="document" if only else "case",
        object_id=only or case_id,
        after=after,
        detail={"reason": "; ".join(reasons)} if reasons else None,
    )
