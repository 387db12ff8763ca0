"""The continuing duty (CPIA 1996 s.7A): a defence statement re-opens what was decided, and ends in a new MG6E. Court applications.

Nothing here is changed later: what is new is a new row, and the latest holds.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from accounts.policy import require
from audit.actions import recorded
from cases.models import Case
from cases.notify import notify_team
from disclosure import calendar, completeness, parts, steps
from disclosure.actions import decide_locked
from disclosure.models import CourtApplication, DefenceStatement, Item, ReReview
from disclosure.policy import OFFICERS

Court = DefenceStatement.Court
DAYS: dict[str, int] = {Court.CROWN: 28, Court.MAGISTRATES: 14}
"""Days from the prosecutor's compliance with section 3 (2011 Regulations); the court may extend them."""


@recorded
def expect_statement(user: User, case: Case, court: str, complied_on: dt.date) -> DefenceStatement:
    """The prosecutor has complied with section 3: from that day the time for the defence statement runs."""
    require(user, "disclosure.transcribe", case)
    if court not in DAYS:
        raise ValidationError({"court": "Select the court"})
    if complied_on > timezone.localdate():
        raise ValidationError({"complied_on": "The day on which the prosecutor complied can't be still to come"})
    return _add(
        user, case, "statement.expected", court=court, complied_on=complied_on, due_on=calendar.due(complied_on, DAYS[court])
    )


@recorded
def extend(user: User, case: Case, due_on: dt.date) -> DefenceStatement:
    """The court has given more time."""
    require(user, "disclosure.transcribe", case)
    last = _awaited(case)
    if due_on <= last.due_on:
        raise ValidationError({"due_on": f"Enter a day after {last.due_on:%d/%m/%Y}, when it is due now"})
    return _add(user, case, "statement.extended", court=last.court, complied_on=last.complied_on, due_on=due_on, extended=True)


@recorded
def receive(user: User, case: Case, received_on: dt.date, issues: str) -> DefenceStatement:
    """The statement is here: every scheduled and every clearly not relevant item is to be read again against its issues."""
    require(user, "disclosure.transcribe", case)
    last = _awaited(case)
    if not issues.strip():
        raise ValidationError({"issues": "Enter the issues that it raises"})
    if not last.complied_on <= received_on <= timezone.localdate():
        raise ValidationError({"received_on": "Enter the day it was received: after the prosecutor complied, and not to come"})
    made = _add(
        user,
        case,
        "statement.received",
        court=last.court,
        complied_on=last.complied_on,
        due_on=last.due_on,
        extended=last.extended,
        received_on=received_on,
        issues=issues.strip(),
    )
    url = reverse("disclosure:duty", kwargs={"case_id": case.pk})
    waiting = completeness.to_read_again(case).count()
    text = f"{case}: a defence statement is here; {waiting} item{'' if waiting == 1 else 's'} to read again"
    notify_team(case, text, url, roles=[*OFFICERS, Role.SUPERVISOR], without=user)
    return made


def _awaited(case: Case) -> DefenceStatement:
    last = completeness.statement_of(case)
    if last is None:
        raise ValidationError("First enter when the prosecutor complied with section 3")
    return last


def _add(user: User, case: Case, verb: str, **fields: object) -> DefenceStatement:
    made = DefenceStatement(case=case, by=user, **fields)
    made.save()
    after = {"due_on": made.due_on.isoformat(), "received": made.received_on is not None}
    steps.record_on(verb, user, case, made, after=after, detail={"issues": made.issues} if made.issues else None)
    return made


@recorded
def read_again(user: User, case: Case, items: Sequence[UUID], outcome: str, reason: str) -> int:
    """What these items come to, read again against the statement: one reason for all of them. Returns how many.

    An item that may now undermine or assist goes on the next MG6E.
    """
    require(user, "disclosure.decide", case)
    if outcome not in ReReview.Outcome.values:
        raise ValidationError({"outcome": "Select what they come to"})
    if not reason.strip():
        raise ValidationError({"reason": "Enter the reason"})
    waiting = completeness.to_read_again(case).filter(id__in=items).values_list("id", flat=True)
    found = list(Item.objects.select_for_update(of=("self",)).select_related("exhibit", "case").filter(id__in=list(waiting)))
    if not found:
        raise ValidationError({"items": "Select items that are still to be read again"})
    statements = list(DefenceStatement.objects.filter(case=case).exclude(received_on=None))
    read = set(ReReview.objects.filter(item__in=found).values_list("statement_id", "item_id"))
    for item in found:
        for statement in statements:
            if (statement.pk, item.pk) not in read:
                ReReview.objects.create(statement=statement, item=item, outcome=outcome, reason=reason.strip(), by=user)
        if outcome == ReReview.Outcome.MAY_MEET:
            decide_locked(user, item, {"test": Item.Test.MAY_MEET}, reason.strip())
        detail = {"exhibit": item.label, "reason": reason.strip()}
        steps.record_on("item.read_again", user, case, item, after={"outcome": outcome}, detail=detail)
    parts.require_consistent({item.exhibit_id for item in found})
    return len(found)


@recorded
def record_application(
    user: User,
    case: Case,
    *,
    kind: str,
    made_on: dt.date,
    about: str,
    outcome: str = CourtApplication.Outcome.PENDING,
    decided_on: dt.date | None = None,
    order: str = "",
) -> CourtApplication:
    """Write down a section 8 application, or one for public interest immunity, and what the court decided."""
    require(user, "disclosure.transcribe", case)
    wrong = {}
    if kind not in CourtApplication.Kind.values:
        wrong["kind"] = "Select the kind of application"
    if outcome not in CourtApplication.Outcome.values:
        wrong["outcome"] = "Select what became of it"
    if not about.strip():
        wrong["about"] = "Enter what it asks for"
    if (outcome == CourtApplication.Outcome.PENDING) is (decided_on is not None):
        wrong["decided_on"] = "Enter the day of the decision if, and only if, there is one"
    if made_on > timezone.localdate() or (decided_on is not None and not made_on <= decided_on <= timezone.localdate()):
        wrong["made_on"] = "Days can't be still to come, nor the decision before the application"
    if wrong:
        raise ValidationError(wrong)
    made = CourtApplication.objects.create(
        case=case,
        kind=kind,
        made_on=made_on,
        about=about.strip(),
        outcome=outcome,
        decided_on=decided_on,
        order=order.strip(),
        by=user,
    )
    after = {"kind": kind, "outcome": outcome, "made_on": made_on.isoformat()}
    steps.record_on("application.recorded", user, case, made, after=after, detail={"about": about.strip(), "order": order.strip()})
    return made
