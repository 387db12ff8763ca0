"""A schedule on paper, made from what was certified and from nothing else."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from audit.actions import record, recorded
from cases.models import Person
from disclosure import content
from disclosure.models import Endorsement, Schedule, ScheduleVersion
from documents import make

_TEMPLATES: dict[str, str] = {
    Schedule.Kind.MG6C: "mg6c",
    Schedule.Kind.SDC: "mg6c",
    Schedule.Kind.MG6D: "mg6d",
    Schedule.Kind.MG6E: "mg6e",
}


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
    return make(_TEMPLATES[version.schedule.kind], kind, form_data(version))


def form_data(version: ScheduleVersion) -> dict[str, Any]:
    """What the form's template asks for. A certified version prints from its certificate, a draft from its rows."""
    certificate = getattr(version, "certificate", None)
    if certificate is not None:
        frozen = json.loads(certificate.content)
    else:
        nobody = content.Signature("", "", timezone.now())
        frozen = content.of_version(version, version.rows.all(), unexamined=content.unexamined_note(version), signature=nobody)
    suspects = version.schedule.case.people.filter(kind=Person.Kind.SUSPECT).values_list("label", flat=True)
    said = {row: (code, reason) for row, code, reason in _endorsements(version)}
    return {
        "form": frozen["form"],
        "defendant": "; ".join(suspects) or "not yet known",
        "urn": frozen["urn"] or None,
        "reference": frozen["crime_number"],
        "version": str(frozen["version"]),
        "sha256": certificate.sha256 if certificate is not None else None,
        "unexamined": bool(frozen["unexamined"]),
        "unexamined_note": frozen["unexamined"] or None,
        "rows": [_row(row, *said.get(row["number"], (None, None))) for row in frozen["rows"]],
        "certified": _signed(frozen) if certificate is not None else None,
    }


def _endorsements(version: ScheduleVersion) -> Any:
    return Endorsement.objects.filter(row__version=version).values_list("row__position", "code__code", "reason")


def _row(row: dict[str, Any], code: str | None, comment: str | None) -> dict[str, Any]:
    """A row as the templates ask for it: every column is there, whichever form it is."""
    return {
        "number": row["number"],
        "withdrawn": row["withdrawn"],
        "description": row.get("description", ""),
        "location": row.get("location", ""),
        "reason": row.get("sensitivity_reason", ""),
        "schedule": row.get("schedule", "not yet numbered"),
        "item": str(row.get("item", "")),
        "code": code,
        "comment": comment,
    }


def _signed(frozen: dict[str, Any]) -> dict[str, str]:
    at = timezone.localtime(datetime.fromisoformat(frozen["certified_at"]))
    return {
        "name": frozen["certified_by"],
        "role": frozen["certified_as"],
        "at": f"{at:%d/%m/%Y %H:%M}",
        "statement": frozen["statement"],
    }
