"""The lint on the rows of a version: with what is known of their case, and the reasons that authors have given."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Min
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.models import User
from cases import identity
from cases.actions import identities_for_detection
from cases.models import Case, CaseOffence, Person
from disclosure import lint
from disclosure.models import Decision, Explanation, Item, Row, ScheduleVersion
from evidence.models import Exhibit

# How long one logged look at the identities serves a person who is writing
_LOOK_SECONDS = 15 * 60
_LEAST_REASON = 3  # words


@dataclass(frozen=True)
class Problem:
    """One finding in a row: where, by which rule, and the reason that was given for letting the words stand."""

    row_id: UUID
    number: int | None
    rule: lint.Rule
    message: str
    reason: str = ""

    def __str__(self) -> str:
        ask = "" if self.rule.stops else " (mend it, or give a reason)"
        return f"Row {self.number}: {self.message}{ask}" if self.number else self.message

    @property
    def is_open(self) -> bool:
        """Whether it keeps the version with its author: it stops, or its reason is still asked for."""
        return self.rule.stops or not self.reason


def of_rows(
    version: ScheduleVersion, rows: Iterable[Row], identities: Iterable[Mapping[str, Any]] = (), *, restricted: bool = True
) -> list[Problem]:
    """What the lint finds in these rows, in their order. `restricted` False leaves out what tells of the MG6D."""
    kind = version.schedule.kind
    standing = [row for row in rows if not row.withdrawn]
    context = context_of(version.schedule.case, identities)
    reasons = _reasons(version, standing)
    found: list[Problem] = []
    described = lint.check_all([(kind, row.description) for row in standing], context)
    for row, findings in zip(standing, described, strict=True):
        for finding in [*findings, *_of_other_fields(row, kind, context)]:
            if restricted or not finding.rule.restricted:
                reason = reasons.get((row.item_id, finding.rule.id, digest(row)), "")
                found.append(Problem(row.id, row.position, finding.rule, str(finding), reason))
    return found


def of_words(version: ScheduleVersion, words: Mapping[str, str], context: lint.Context) -> list[lint.Finding]:
    """What the lint finds in the words that somebody is writing in a row."""
    kind = version.schedule.kind
    row = Row(version=version, **{name: words.get(name, "") for name in ("description", "location", "sensitivity_reason")})
    return [*lint.check(row.description, kind, context), *_of_other_fields(row, kind, context)]


def _of_other_fields(row: Row, kind: str, context: lint.Context) -> list[lint.Finding]:
    """Rules about the columns beside the description."""
    missing = {
        "no-location": not row.location.strip(),
        "no-sensitivity-reason": len(row.sensitivity_reason.split()) < _LEAST_REASON,
    }
    found = [lint.Finding(rule) for name, wrong in missing.items() if wrong and kind in (rule := lint.rules()[name]).schedules]
    named = lint.rules()["complainant-identity"]
    if kind in named.schedules and lint.names_a_complainant(f"{row.location}\n{row.sensitivity_reason}", context.complainants):
        found.append(lint.Finding(named, "beside the description"))
    return found


def digest(row: Row) -> str:
    """SHA-256 of a row's description: a reason is given for these words and no others."""
    return hashlib.sha256(row.description.encode()).hexdigest()


def _reasons(version: ScheduleVersion, rows: list[Row]) -> dict[tuple[UUID, str, str], str]:
    given = Explanation.objects.filter(kind=version.schedule.kind, item__case_id=version.case_id).order_by("id")
    return {(item, rule, sha256): reason for item, rule, sha256, reason in given.values_list("item_id", "rule", "sha256", "reason")}


# ---- what is known of the case ---------------------------------------------------------------------------------------


def context_of(case: Case, identities: Iterable[Mapping[str, Any]] = ()) -> lint.Context:
    """What the rules compare with. The MG6D's words come from its items' exhibits, reasons and rows, drafted or not."""
    sensitive = Item.objects.filter(case=case).belonging_on("MG6D")
    words: dict[UUID, list[str]] = {}
    for item_id, description in sensitive.values_list("id", "exhibit__description"):
        words[item_id] = [description]
    reasons = Decision.objects.filter(item__in=sensitive, value=Item.Sensitivity.SENSITIVE)
    for item_id, reason in reasons.values_list("item_id", "reason"):
        words[item_id].append(reason)
    rows = Row.objects.filter(item__in=sensitive, version__schedule__kind="MG6D", withdrawn=False)
    for item_id, *texts in rows.values_list("item_id", "description", "sensitivity_reason"):
        words[item_id] += texts
    return lint.Context(
        today=timezone.localdate(),
        offence_from=CaseOffence.objects.filter(case=case).aggregate(first=Min("committed_from"))["first"],
        exhibits=frozenset(Exhibit.objects.filter(case=case).values_list(Upper("reference"), flat=True)),
        complainants=tuple(person for person in identities if person.get("kind") == Person.Kind.COMPLAINANT),
        mg6d=tuple("\n".join(dict.fromkeys(texts)) for texts in words.values()),
        mg6d_exhibits=frozenset(sensitive.values_list("exhibit__reference", flat=True)),
        people=tuple(case.people.values_list("label", flat=True)),
    )


def identities_while_writing(user: User, case: Case) -> list[dict[str, Any]]:
    """The case's identities for the lint while somebody writes: one logged look, kept sealed for a quarter of an hour."""
    key = f"disclosure.lint.{case.pk}.{user.pk}"
    kept = cache.get(key)
    if kept is not None:
        return [person | identity.open(sealed.encode()) for person, sealed in kept]
    people = identities_for_detection(user, case, purpose="Descriptions checked while they are written")
    cache.set(key, [_sealed(person) for person in people], _LOOK_SECONDS)
    return people


def _sealed(person: dict[str, Any]) -> tuple[dict[str, Any], str]:
    known = {name: value for name, value in person.items() if name in (*identity.LISTS, *identity.TEXTS)}
    return {"person_id": person["person_id"], "kind": person["kind"]}, identity.seal(known).decode()
