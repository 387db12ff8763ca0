"""Writing, issuing and serving the IMD and the DMD.

The case fills in what it knows; officers write the rest, once for both documents; the lead disclosure officer issues a version.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.policy import require
from audit.actions import recorded
from cases.actions import identities_for_detection
from cases.models import Case, Person
from cases.notify import notify_team
from disclosure import content, findings, lint, managing_devices, steps
from disclosure import managing_content as sections
from disclosure.actions import role_of
from disclosure.models import ManagementDocument, ManagementEntry, ManagementService
from disclosure.policy import OFFICERS
from disclosure.triggers import lock_sql
from documents import make

Kind = ManagementDocument.Kind
LONGEST = 8000
_UNSEEN = {Kind.IMD: ("complainant-identity",), Kind.DMD: ("complainant-identity", "mg6d-revealed")}
"""Rules of the lint that keep a version from being issued: a DMD is served on the defence."""


def section_of(kind: str, key: str) -> sections.Section:
    """A section that officers write in; ValidationError for any other."""
    for section in sections.SECTIONS.get(kind, ()):
        if section.key == key and section.fields:
            return section
    raise ValidationError("There is no such section to write in")


def thread_of(case: Case, section: sections.Section, asked: UUID | None) -> UUID:
    """Where the next writing of a section goes: the entry asked for; else a new one where it has many, the only one where not."""
    if section.of_devices:
        if asked is None or not managing_devices.devices(case).filter(pk=asked).exists():
            raise ValidationError("There is no such device in the case")
        return asked
    if not section.many:
        return uuid5(case.pk, section.key)
    if asked is None:
        return uuid4()
    if not ManagementEntry.objects.filter(case=case, section=section.key, thread=asked).exists():
        raise ValidationError("There is no such entry")
    return asked


@recorded
def write(
    user: User, case: Case, kind: str, key: str, values: Mapping[str, str], *, thread: UUID | None = None, withdraw: bool = False
) -> ManagementEntry:
    """Write in a section, in place of what stood there; or take an entry out. Earlier words stay."""
    require(user, "disclosure.draft_schedule", case)
    section = section_of(kind, key)
    texts = {name: values.get(name, "").strip() for name, _ in section.fields}
    if any(len(text) > LONGEST for text in texts.values()):
        raise ValidationError(f"Enter at most {LONGEST} characters")
    if not withdraw and not any(texts.values()):
        raise ValidationError({section.fields[0][0]: f"Enter {section.fields[0][1].lower()}"})
    place = thread_of(case, section, thread)
    if withdraw and (thread is None or not section.many):
        raise ValidationError("Select the entry to take out")
    made = ManagementEntry.objects.create(
        case=case, section=key, thread=place, values={} if withdraw else texts, withdrawn=withdraw, by=user
    )
    steps.record_on("management.written", user, case, made, after={"section": key, "withdrawn": withdraw})
    return made


def issue(user: User, case: Case, kind: str) -> ManagementDocument:
    """Freeze what stands now as the next version, signed into the log.

    First opens the complainants' identities, to look for them in the words: the event of that stays whatever follows.
    """
    require(user, "disclosure.certify", case)
    identities = identities_for_detection(user, case, purpose=f"Check of the words of the {kind}")
    return _issue(user, case, kind, identities)


@recorded
def _issue(user: User, case: Case, kind: str, identities: list[dict[str, Any]]) -> ManagementDocument:
    require(user, "disclosure.certify", case)
    if kind not in Kind.values:
        raise ValidationError("Select DMD or IMD")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock_sql('management', '%s')}", [f"{case.pk}{kind}"])
    latest = latest_of(case, kind)
    number = latest.number + 1 if latest else 1
    signature = content.Signature(str(user), role_of(user, case), timezone.now())
    said = sections.content_of(case, kind, number, signature)
    if latest and not sections.changed(json.loads(latest.content), said):
        raise ValidationError(f"Nothing has changed since {latest}")
    _check_words(case, kind, said, identities)
    text, sha256 = content.canonical(said)
    made = ManagementDocument.objects.create(case=case, kind=kind, number=number, content=text, sha256=sha256, by=user)
    after = {"kind": kind, "version": number, "sha256": sha256}
    steps.record_on("management.issued", user, case, made, after=after)
    return made


def latest_of(case: Case, kind: str) -> ManagementDocument | None:
    """The newest version."""
    return ManagementDocument.objects.filter(case=case, kind=kind).order_by("-number").first()


def _check_words(case: Case, kind: str, said: Mapping[str, Any], identities: list[dict[str, Any]]) -> None:
    """Refuse words that name a complainant or, in what is served, tell of the MG6D; says in which section, never which word."""
    context = findings.context_of(case, identities)
    wrong = []
    for section in said["sections"]:
        texts = [text for lines in [section["facts"], *section["entries"]] for line in lines for text in line]
        # By rows, since the nearness of a whole section to a row says nothing
        found = lint.check_all([("MG6C", text) for text in texts], context)
        rules = {finding.rule.id: finding.rule for row in found for finding in row}
        wrong += [f"{section['title']}: {rules[rule].title}" for rule in _UNSEEN[Kind(kind)] if rule in rules]
    if wrong:
        raise ValidationError(wrong)


@recorded
def serve(user: User, document: ManagementDocument, to: str, on: dt.date, observations: str = "") -> ManagementService:
    """Write down that a version was served on the defendant or the court officer, or what the defence observed (CrimPR 15.2)."""
    case = document.case
    require(user, "disclosure.transcribe", case)
    wrong = {}
    if document.kind != Kind.DMD:
        wrong["to"] = "Only a DMD is served"
    if to not in ManagementService.To.values:
        wrong["to"] = "Select what happened"
    if on > timezone.localdate() or on < timezone.localtime(document.at).date():
        wrong["on"] = "Enter a day after the version was issued, and not to come"
    if to == ManagementService.To.OBSERVED and not observations.strip():
        wrong["observations"] = "Enter what the defence observed"
    if wrong:
        raise ValidationError(wrong)
    made = ManagementService.objects.create(document=document, to=to, on=on, observations=observations.strip(), by=user)
    detail = {"observations": made.observations} if made.observations else None
    after = {"to": to, "on": on.isoformat(), "version": document.number}
    steps.record_on("management.served", user, case, document, after=after, detail=detail)
    if to == ManagementService.To.OBSERVED:
        url = reverse("disclosure:managing_version", kwargs={"case_id": case.pk, "kind": document.kind, "number": document.number})
        notify_team(case, f"{case}: the defence made observations on {document}", url, roles=OFFICERS, without=user)
    return made


@recorded
def take(user: User, document: ManagementDocument, kind: str = "pdf") -> bytes:
    """A version as `kind` ("pdf" or "docx"). Taking a copy is an event."""
    after = {"kind": document.kind, "version": document.number, "sha256": document.sha256}
    steps.record_on("management.printed", user, document.case, document, after=after)
    return form(document, kind)


def form(document: ManagementDocument, kind: str = "pdf") -> bytes:
    """A version on paper, from what was signed."""
    said = json.loads(document.content)
    suspects = document.case.people.filter(kind=Person.Kind.SUSPECT).values_list("label", flat=True)
    at = timezone.localtime(dt.datetime.fromisoformat(said["issued_at"]))
    return make(
        "dmd",
        kind,
        {
            "form": said["form"],
            "title": str(Kind(said["form"]).label),
            "defendant": "; ".join(suspects) or "not yet known",
            "urn": said["urn"] or None,
            "reference": said["crime_number"],
            "version": str(said["version"]),
            "sha256": document.sha256,
            "sections": said["sections"],
            "issued": {"name": said["issued_by"], "role": said["issued_as"], "at": f"{at:%d/%m/%Y %H:%M}"},
        },
    )
