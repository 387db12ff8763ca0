"""What must not be redacted for the defence: what may meet the disclosure test (DOMAIN section 5, CPIA 1996 s.3).

The rule itself is `triggers.withheld`, which the database applies too. A redaction that it finds is refused as it is decided
while a copy for the defence is under way, and keeps such a copy from approval and release. The way on: keep it, or ask the
disclosure officer, who says category by category what may be redacted all the same, or decides about the item anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import Role, User
from accounts.policy import require
from audit.actions import record, recorded
from cases.models import TeamMember
from cases.notify import notify_team
from cases.work import WorkItem
from disclosure.models import Decision, Item
from redaction.held_models import TestAnswer, TestQuestion
from redaction.models import Audience, Category, Document, ProposalDecision, Release
from redaction.triggers import withheld

OFFICERS = (Role.DISCLOSURE, Role.DEPUTY_DISCLOSURE)


@dataclass(frozen=True)
class Withheld:
    """A redaction that may not be made for the defence."""

    proposal_id: UUID
    document_id: UUID
    page: int
    category_id: str


@dataclass(frozen=True)
class Line:
    """A category of a document, and what its officer says of it. `may`: None before an answer."""

    category: Category
    all: int
    redacted: int
    may: bool | None
    answer: TestAnswer | None


def url_of(document: Document) -> str:
    """The page where it is asked and answered."""
    return reverse("redaction:disclosure_test", args=[document.pk])


# ---- the rule --------------------------------------------------------------------------------------------------------


def find(documents: Iterable[UUID]) -> list[Withheld]:
    """What is redacted in these documents as things stand and may not be for the defence."""
    with connection.cursor() as cursor:
        cursor.execute(withheld("ANY(%s)"), [list(documents)])
        return [Withheld(*row) for row in cursor.fetchall()]


def refuse_decisions(made: Sequence[ProposalDecision]) -> None:
    """Raise ValidationError if one of these, just written, redacts what may not be, in a document wanted for the defence."""
    redacted = {d.proposal_id for d in made if d.verdict == ProposalDecision.Verdict.ACCEPT}
    if not redacted:
        return
    wanted = Release.objects.under_way().filter(document__in={d.document_id for d in made}, audience=Audience.DEFENCE)
    # Nearly always there is no such item, and then the boxes of the document need not be gone through
    wanted = wanted.filter(document__exhibit__items__test=Item.Test.MAY_MEET)
    documents = set(wanted.values_list("document_id", flat=True))
    found = [row for row in find(documents) if row.proposal_id in redacted] if documents else []
    if found:
        raise ValidationError(_told(found))


def refuse_release(release: Release) -> None:
    """The same for a copy for the defence that is to go on to approval or out."""
    if release.audience == Audience.DEFENCE and (found := find([release.document_id])):
        raise ValidationError(_told(found))


def _told(found: Sequence[Withheld]) -> str:
    references = Document.objects.filter(pk__in={row.document_id for row in found}).values_list("exhibit__reference", flat=True)
    pages = sorted({row.page + 1 for row in found})
    where = f"page{'' if len(pages) == 1 else 's'} {', '.join(map(str, pages[:10]))}{' and more' if len(pages) > 10 else ''}"
    return (
        f"{', '.join(sorted(references))} may meet the disclosure test, and the defence must not be kept from it:"
        f" {', '.join(sorted({row.category_id for row in found}))} on {where}. Keep it, or ask the disclosure officer what may be"
        " redacted (“Disclosure test” above the pages)"
    )


# ---- for the page ----------------------------------------------------------------------------------------------------


def items(document: Document) -> list[Item]:
    """The items of its exhibit that may meet the test."""
    return list(Item.objects.filter(exhibit=document.exhibit_id, test=Item.Test.MAY_MEET))


def decision_of(item: Item) -> Decision:
    """The decision that holds."""
    return item.decisions.filter(field=Decision.Field.TEST).select_related("by").order_by("-id")[0]


def lines(document: Document) -> list[Line]:
    """Every category of the document's proposals, with what was said of it."""
    decided: Any = document.proposals.with_decision().order_by()
    rows = decided.values("decided_category")
    rows = rows.annotate(all=Count("pk"), redacted=Count("pk", filter=Q(verdict="accept")))
    counted = {row["decided_category"]: row for row in rows}
    holding = [decision_of(item).pk for item in items(document)]
    answers = {a.category_id: a for a in document.test_answers.filter(decision__in=holding).select_related("by").order_by("id")}
    found = Category.objects.filter(pk__in=[*counted, *answers])
    none = {"all": 0, "redacted": 0}
    return [
        Line(category, row["all"], row["redacted"], answer.may if answer else None, answer)
        for category in found
        for row, answer in [(counted.get(category.pk, none), answers.get(category.pk))]
    ]


def open_question(document: Document) -> TestQuestion | None:
    """The latest question, if nobody has answered since."""
    question = document.test_questions.select_related("by").order_by("-id").first()
    if question is None or document.test_answers.filter(at__gt=question.at).exists():
        return None
    return question


def standing(document: Document) -> dict[str, Any] | None:
    """For the editor: whether any of it may meet the test, and what stands in the way of a copy for the defence."""
    if not items(document):
        return None
    found = find([document.pk])
    asked = document.releases.under_way().filter(audience=Audience.DEFENCE).exists()
    return {"url": url_of(document), "count": len(found), "asked": asked, "question": open_question(document)}


# ---- asking and answering --------------------------------------------------------------------------------------------


@recorded
def ask(user: User, document: Document, note: str = "") -> TestQuestion:
    """Ask the disclosure officer what may be redacted for the defence."""
    require(user, "redaction.decide", document)
    if not items(document):
        raise ValidationError("Nothing of this exhibit was decided to meet the disclosure test: there is nothing to ask")
    if open_question(document) is not None:
        raise ValidationError("This is asked already and waits for an answer")
    made = TestQuestion.objects.create(document=document, note=note.strip()[:300], by=user)
    _record(user, document, "test_asked", {}, made.note)
    text = f"{document.exhibit}: redactors ask what may be redacted for the defence, as it may meet the disclosure test"
    notify_team(document.case, text, url_of(document), roles=OFFICERS, without=user, important=True)
    return made


@recorded
def answer(user: User, document: Document, may: Iterable[str], reason: str) -> list[TestAnswer]:
    """Say which of the document's categories may be redacted for the defence; the others must stay."""
    require(user, "redaction.answer", document)
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the accused does not need what is redacted, and does need what stays"})
    chosen, known = set(may), {line.category.pk for line in lines(document)}
    if chosen - known:
        raise ValidationError({"may": "Select categories of this document"})
    found = items(document)
    if not found:
        raise ValidationError("Nothing of this exhibit is decided to meet the disclosure test any more")
    answers = [
        TestAnswer(
            document=document,
            item=item,
            decision=decision_of(item),
            category_id=category,
            may=category in chosen,
            reason=reason.strip()[:300],
            by=user,
        )
        for item in found
        for category in sorted(known)
    ]
    made = TestAnswer.objects.bulk_create(answers)
    _record(user, document, "test_answered", {"may": sorted(chosen), "stays": sorted(known - chosen)}, reason.strip())
    text = f"{document.exhibit}: the disclosure officer has said what may be redacted for the defence"
    notify_team(document.case, text, url_of(document), roles=[Role.REDACTOR, Role.APPROVER], without=user, important=True)
    return made


def _record(user: User, document: Document, verb: str, after: dict[str, Any], words: str) -> None:
    record(
        f"redaction.{verb}",
        actor=user.as_actor(),
        case_id=document.case_id,
        object_type="document",
        object_id=document.pk,
        after=after,
        detail={"reason": words} if words else None,
    )


def to_answer(user: User) -> Iterable[WorkItem]:
    """Questions that wait for this person as a disclosure officer or deputy."""
    mine = TeamMember.objects.filter(user=user, left_at=None, role__in=OFFICERS).values("case_id")
    later = TestAnswer.objects.filter(document=OuterRef("document"), at__gt=OuterRef("at"))
    waiting = TestQuestion.objects.filter(~Exists(later), document__case__in=mine)
    seen = set()
    for question in waiting.select_related("document__case", "document__exhibit").order_by("-id"):
        document = question.document
        if document.pk in seen:
            continue
        seen.add(document.pk)
        yield WorkItem(
            case_id=document.case_id,
            case=str(document.case),
            title=f"Say what may be redacted for the defence in {document.exhibit}",
            href=url_of(document),
            urgency=0,
            tag="Disclosure test",
            colour="purple",
            blocks="The defence waits for the redacted copy",
        )
