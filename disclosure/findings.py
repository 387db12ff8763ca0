"""The lint on the rows of a version: with what is known of their case, and the reasons that authors have given."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Min, Q
from django.db.models.functions import Coalesce, Upper
from django.utils import timezone

from accounts.models import User
from cases import identity
from cases.actions import identities_for_detection
from cases.models import Case, CaseOffence, Person
from disclosure import lint, manifests
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
    version: ScheduleVersion,
    rows: Iterable[Row],
    identities: Iterable[Mapping[str, Any]] = (),
    *,
    restricted: bool = True,
    held: Mapping[UUID, manifests.Manifest] | None = None,
) -> list[Problem]:
    """What the lint finds in these rows, in their order. `restricted` False leaves out what tells of the MG6D.

    `held`: what their blocks hold, by row, where that is known already.
    """
    kind = version.schedule.kind
    standing = [row for row in rows if not row.withdrawn]
    context = context_of(version.schedule.case, identities)
    reasons = _reasons(version)
    found: list[Problem] = []
    blocks = manifests.of_rows(version, standing) if held is None else held
    described = lint.check_all([(kind, _described(row.description, blocks.get(row.pk))) for row in standing], context)
    for row, findings in zip(standing, described, strict=True):
        for finding in [*findings, *_of_other_fields(row, kind, context), *_of_block(blocks.get(row.pk), kind, context)]:
            if restricted or not finding.rule.restricted:
                reason = reasons.get((row.key, finding.rule.id, digest(row)), "")
                found.append(Problem(row.id, row.position, finding.rule, str(finding), reason))
    return found


def of_words(written: Row, words: Mapping[str, str], context: lint.Context) -> list[lint.Finding]:
    """What the lint finds in the words that somebody is writing in a row."""
    version = written.version
    kind = version.schedule.kind
    row = Row(version=version, **{name: words.get(name, "") for name in ("description", "location", "sensitivity_reason")})
    block = manifests.of_rows(version, [written]).get(written.pk)
    found = lint.check(_described(row.description, block), kind, context)
    return [*found, *_of_other_fields(row, kind, context), *_of_block(block, kind, context)]


def _described(description: str, block: manifests.Manifest | None) -> str:
    """What a reader is told: of a block its quantity and dates too, which nobody types."""
    return f"{description.rstrip().rstrip('.')}. {block.facts}" if block and description.strip() else description


_SECRETS = (
    "complainant-identity",
    "personal-details",
    "covert",
    "mg6d-revealed",
    "mg6d-near",
    "sensitive-mentioned",
    "disclosure-view",
    "highly-sensitive",
    "intelligence",
)


def _of_block(block: manifests.Manifest | None, kind: str, context: lint.Context) -> list[lint.Finding]:
    """Why it is a block is read by whoever reads the row: it gives nothing away either."""
    found = lint.check(block.why, kind, context) if block else []
    return [lint.Finding(finding.rule, "in why it is a block") for finding in found if finding.rule.id in _SECRETS]


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


def _reasons(version: ScheduleVersion) -> dict[tuple[UUID, str, str], str]:
    of_case = Q(item__case_id=version.case_id) | Q(block__case_id=version.case_id)
    given = Explanation.objects.filter(of_case, kind=version.schedule.kind).order_by("id")
    keyed = given.annotate(key=Coalesce("item_id", "block_id")).values_list("key", "rule", "sha256", "reason")
    return {(key, rule, sha256): reason for key, rule, sha256, reason in keyed}


# ---- what is known of the case ---------------------------------------------------------------------------------------


def context_of(case: Case, identities: Iterable[Mapping[str, Any]] = ()) -> lint.Context:
    """What the rules compare with. The MG6D's words come from its items' exhibits, reasons, blocks and rows, drafted or not."""
    sensitive = Item.objects.filter(case=case).belonging_on("MG6D")
    words: dict[UUID, list[str]] = {}
    of_items = sensitive.values_list("id", "exhibit__description", "places__block__title", "places__block__why")
    for key, *texts in of_items:
        words.setdefault(key, []).extend(text for text in texts if text)
    reasons = Decision.objects.filter(item__in=sensitive, value=Item.Sensitivity.SENSITIVE)
    for item_id, reason in reasons.values_list("item_id", "reason"):
        words[item_id].append(reason)
    listed = Q(item__in=sensitive) | Q(block__case=case)
    rows = Row.objects.filter(listed, version__schedule__kind="MG6D", withdrawn=False).annotate(of=Coalesce("item_id", "block_id"))
    for key, *texts in rows.values_list("of", "description", "sensitivity_reason"):
        words.setdefault(key, []).extend(texts)
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
