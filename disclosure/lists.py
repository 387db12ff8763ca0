"""The lists of what is used: MG9 of witnesses, MG12 of exhibits. Both come from the case; nothing is written for them alone."""

import datetime as dt
import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.policy import require
from audit.actions import recorded
from cases.actions import identities_for_list
from cases.identity import Identity
from cases.models import Case, Person
from disclosure import steps
from disclosure.models import Item
from documents import make
from evidence import standing
from evidence.models import Exhibit

ACCOUNTS = (Exhibit.Kind.STATEMENT, Exhibit.Kind.ABE)
"""What a witness says: their statement, or the recording of their interview."""


@dataclass(frozen=True)
class Witness:
    """A person on the list, and the days of what they said."""

    person: Person
    statements: tuple[str, ...]


def witnesses(case: Case) -> list[Witness]:
    """The complainants, then the other witnesses, each with the references and days of their accounts. Two queries."""
    people = case.people.filter(kind__in=[Person.Kind.COMPLAINANT, Person.Kind.WITNESS]).order_by("kind", "created_at", "id")
    said: dict[UUID | None, list[str]] = defaultdict(list)
    accounts = case.exhibits.filter(kind__in=ACCOUNTS, subject__isnull=False).order_by("seized_at", "id")
    for person, reference, at in accounts.values_list("subject_id", "reference", "seized_at"):
        said[person].append(f"{_day(at)} ({reference})")
    return [Witness(person, tuple(said[person.pk])) for person in people]


def used(case: Case) -> QuerySet[Exhibit]:
    """The exhibits on the MG12: used as evidence, statements left out, which the MG9 lists."""
    items = Item.objects.filter(case=case, use=Item.Use.USED).values("exhibit_id")
    return Exhibit.objects.filter(case=case, id__in=items).exclude(kind=Exhibit.Kind.STATEMENT)


@recorded
def witness_list(user: User, case: Case, *, reason: str, contact: bool, kind: str = "pdf") -> bytes:
    """The MG9. Opens the identities of those on it, each look logged with the reason.

    `contact`: with addresses, numbers and dates to avoid, for police and CPS only; else names alone, as they are served.
    `kind` is "pdf" or "docx".
    """
    listed = witnesses(case)
    known = identities_for_list(user, case, [witness.person for witness in listed], reason=reason)
    rows = [_witness(number, witness, known.get(witness.person.pk, Identity())) for number, witness in enumerate(listed, 1)]
    made = make("mg9", kind, _head(user, case) | {"contact": contact, "rows": rows})
    _record("witness_list.printed", user, case, made, rows=len(rows), contact=contact)
    return made


@recorded
def exhibit_list(user: User, case: Case, kind: str = "pdf") -> bytes:
    """The MG12, as `kind` ("pdf" or "docx")."""
    require(user, "disclosure.view", case)
    exhibits = sorted(used(case), key=lambda exhibit: in_order(exhibit.reference))
    where = standing.of_many([exhibit.pk for exhibit in exhibits])
    rows = [
        {
            "reference": exhibit.reference,
            "description": exhibit.description,
            "producer": exhibit.seized_by,
            "location": where[exhibit.pk].where or exhibit.location or "Not recorded",
        }
        for exhibit in exhibits
    ]
    made = make("mg12", kind, _head(user, case) | {"rows": rows})
    _record("exhibit_list.printed", user, case, made, rows=len(rows))
    return made


def in_order(reference: str) -> list[tuple[int, int, str]]:
    """A key by which AB/2 comes before AB/10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"[/-]", reference)]


def _witness(number: int, witness: Witness, identity: Identity) -> dict[str, Any]:
    reach = [*identity.get("addresses", []), *identity.get("phones", []), *identity.get("emails", [])]
    name = identity.get("names", [witness.person.label])[0]
    return {
        "number": number,
        "name": name,
        "occupation": identity.get("occupation", ""),
        "contact": "; ".join(reach) or "Not recorded",
        "statements": "; ".join(witness.statements) or "None recorded",
        "availability": identity.get("availability", ""),
    }


def _head(user: User, case: Case) -> dict[str, Any]:
    suspects = case.people.filter(kind=Person.Kind.SUSPECT).values_list("label", flat=True)
    return {
        "defendant": "; ".join(suspects) or "not yet known",
        "urn": case.urn or None,
        "reference": case.crime_number,
        "printed": {"by": str(user), "at": f"{timezone.localtime():%d/%m/%Y %H:%M}"},
    }


def _day(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y}"


def _record(verb: str, user: User, case: Case, made: bytes, **facts: Any) -> None:
    steps.record_on(verb, user, case, case, after={"sha256": hashlib.sha256(made).hexdigest(), **facts})
