"""A schedule on paper, made from what was certified and from nothing else."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from audit.actions import record, recorded
from cases.models import Person
from disclosure import content, manifests
from disclosure.models import Endorsement, Schedule, ScheduleVersion
from documents import make

TEMPLATES: dict[str, str] = {
    Schedule.Kind.MG6C: "mg6c",
    Schedule.Kind.SDC: "mg6c",
    Schedule.Kind.MG6D: "mg6d",
    Schedule.Kind.MG6E: "mg6e",
}

Endorsed = tuple[int, str, str, str, bool | None, bool | None]
"""What is endorsed of a row: its number, code, meaning, reason; agreed that it is sensitive; the court is asked."""
NOTHING_SAID: dict[str, Any] = {"code": None, "comment": None, "agree": "", "court": ""}


@recorded
def take(user: User, version: ScheduleVersion, kind: str = "pdf") -> bytes:
    """The form as `kind` ("pdf" or "docx"). Taking a copy is an event."""
    record(
        "schedule.printed",
        actor=user.as_actor(),
        case_id=version.case_id,
        organisation_id=version.schedule.case.organisation_id,
        object_type="scheduleversion",
        object_id=version.pk,
        after={"state": version.state, "kind": version.schedule.kind, "version": version.number},
    )
    return form(version, kind)


def form(version: ScheduleVersion, kind: str = "pdf") -> bytes:
    """The form, for those who record its taking themselves."""
    return make(TEMPLATES[version.schedule.kind], kind, form_data(version))


def form_data(version: ScheduleVersion) -> dict[str, Any]:
    """What the form's template asks for. A certified version prints from its certificate, a draft from its rows."""
    certificate = getattr(version, "certificate", None)
    if certificate is not None:
        frozen = json.loads(certificate.content)
    else:
        nobody = content.Signature("", "", timezone.now())
        frozen = content.of_version(version, version.rows.all(), unexamined=content.unexamined_note(version), signature=nobody)
    suspects = version.schedule.case.people.filter(kind=Person.Kind.SUSPECT).values_list("label", flat=True)
    return from_text(frozen, certificate.sha256 if certificate is not None else None, suspects, _endorsements(version))


def from_text(frozen: dict[str, Any], sha256: str | None, suspects: Iterable[str], endorsed: Iterable[Endorsed]) -> dict[str, Any]:
    """The same from a certified text and its hash (a draft has none), with what is endorsed beside it."""
    said = {entry[0]: _said(*entry) for entry in endorsed}
    return {
        "form": frozen["form"],
        "defendant": "; ".join(suspects) or "not yet known",
        "urn": frozen["urn"] or None,
        "reference": frozen["crime_number"],
        "version": str(frozen["version"]),
        "sha256": sha256,
        "unexamined": bool(frozen["unexamined"]),
        "unexamined_note": frozen["unexamined"] or None,
        "rows": [_row(row) | said.get(row["number"], NOTHING_SAID) for row in frozen["rows"]],
        "blocks": [_block(row) for row in frozen["rows"] if "block" in row],
        "certified": _signed(frozen) if sha256 is not None else None,
    }


def _endorsements(version: ScheduleVersion) -> Any:
    names = ("row__position", "code__code", "code__meaning", "reason", "agrees_sensitive", "court_application")
    return Endorsement.objects.filter(row__version=version).values_list(*names)


def _said(_: int, code: str, meaning: str, reason: str, agrees: bool | None, court: bool | None) -> dict[str, Any]:
    words = {True: "Yes", False: "No", None: ""}
    return {"code": f"{code}: {meaning}", "comment": reason, "agree": words[agrees], "court": words[court]}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the templates ask for it: every column is there, whichever form it is. Of a block its items stand in an appendix."""
    description = row.get("description", "")
    if "block" in row:
        block = manifests.read(row["block"])
        description += f"\n{block.facts}, listed in the appendix. Listed as a block because: {block.why}"
    return {
        "number": row["number"],
        "withdrawn": row["withdrawn"],
        "description": description,
        "location": row.get("location", ""),
        "reason": row.get("sensitivity_reason", ""),
        "schedule": row.get("schedule", "not yet numbered"),
        "item": str(row.get("item", "")),
    }


def _block(row: dict[str, Any]) -> dict[str, Any]:
    """The appendix of a block: its items, in their order."""
    block = manifests.read(row["block"])
    items = [{"reference": one.reference, "type": one.kind, "date": one.date} for one in block.items]
    return {"number": row["number"], "items": items}


def _signed(frozen: dict[str, Any]) -> dict[str, str]:
    at = timezone.localtime(datetime.fromisoformat(frozen["certified_at"]))
    return {
        "name": frozen["certified_by"],
        "role": frozen["certified_as"],
        "at": f"{at:%d/%m/%Y %H:%M}",
        "statement": frozen["statement"],
    }
