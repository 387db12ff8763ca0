"""A schedule as structured data for other systems, and endorsements from them in the same form (`schemas/schedule-1.json`)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from django.core.exceptions import ValidationError

from accounts.models import User
from audit.actions import record, recorded
from disclosure import prosecution
from disclosure.models import Certificate, Endorsement, ScheduleVersion

SCHEMA_VERSION = "1.1"
"""1.1: a row may be a block. What is imported is the same in both."""
_FILE = Path(__file__).parent / "schemas" / "schedule-1.json"


@cache
def schema() -> dict[str, Any]:
    """The published JSON Schema."""
    made: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return made


@recorded
def export(user: User, version: ScheduleVersion) -> dict[str, Any]:
    """A certified version as data, with its hash and what the prosecutor said of each row. Taking it is an event."""
    certificate = Certificate.objects.filter(version=version).first()
    if certificate is None:
        raise ValidationError("Only a certified version is given to other systems")
    record(
        "schedule.exported",
        actor=user.as_actor(),
        case_id=version.case_id,
        organisation_id=version.schedule.case.organisation_id,
        object_type="scheduleversion",
        object_id=version.pk,
        after={"state": version.state, "kind": version.schedule.kind, "version": version.number},
    )
    return as_data(version, certificate)


def as_data(version: ScheduleVersion, certificate: Certificate) -> dict[str, Any]:
    """The data themselves; valid by the schema."""
    certified = json.loads(certificate.content)
    endorsed = Endorsement.objects.filter(row__version=version).select_related("row", "code")
    said = {endorsement.row.position or 0: _endorsement(endorsement) for endorsement in endorsed}
    marking = "OFFICIAL-SENSITIVE – NOT FOR DISCLOSURE" if version.schedule.is_restricted else "OFFICIAL-SENSITIVE"
    return {
        "schema_version": SCHEMA_VERSION,
        "marking": marking,
        "schedule": str(version.schedule_id),
        "state": version.state,
        "sha256": certificate.sha256,
        "certified": certified,
        "endorsements": [said[number] for number in sorted(said)],
    }


def _endorsement(endorsement: Endorsement) -> dict[str, Any]:
    return {
        "number": endorsement.row.position,
        "code": endorsement.code.code,
        "meaning": endorsement.code.meaning,
        "reason": endorsement.reason,
        "item_viewed": endorsement.item_viewed,
        "agrees_sensitive": endorsement.agrees_sensitive,
        "court_application": endorsement.court_application,
        "decided_by": endorsement.decided_by,
        "source_document": endorsement.source_document,
    }


def import_endorsements(user: User, version: ScheduleVersion, data: Any) -> list[Endorsement]:
    """Take endorsements in the schema's form: for the version whose certified hash they name, all or none."""
    validator = jsonschema.Draft202012Validator(schema()["$defs"]["endorsement_file"] | {"$defs": schema()["$defs"]})
    error = next(iter(validator.iter_errors(data)), None)
    if error is not None:
        place = "/".join(map(str, error.absolute_path)) or "the file"
        raise ValidationError(f"The file is not in the published form: {place}: {error.message[:200]}")
    certificate = Certificate.objects.filter(version=version).first()
    if certificate is None or certificate.sha256 != data["sha256"]:
        raise ValidationError(f"The file is about another content than {version}: its SHA-256 is not the certified one")
    numbers = [entry["number"] for entry in data["endorsements"]]
    if len(set(numbers)) != len(numbers):
        raise ValidationError("The file names a row twice")
    entries = {
        entry["number"]: prosecution.Entry(
            entry["code"],
            entry.get("reason", ""),
            entry.get("item_viewed", False),
            entry.get("agrees_sensitive"),
            entry.get("court_application"),
        )
        for entry in data["endorsements"]
    }
    source = prosecution.Source(data["decided_by"], data["source_document"])
    return prosecution.endorse(user, version, entries, source)
