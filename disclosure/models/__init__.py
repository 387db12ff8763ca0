"""Items, decisions, schedules and their versions, and what prosecutor, defence and court say of them."""

from disclosure.models.items import IN_LIMBO, Assignment, Decision, Item, ItemQuerySet, cases_for, on_schedule
from disclosure.models.management import ManagementDocument, ManagementEntry, ManagementService
from disclosure.models.prosecutor import (
    CourtApplication,
    DefenceStatement,
    Endorsement,
    EndorsementCode,
    ReReview,
)
from disclosure.models.schedules import (
    OPEN_STATES,
    RESTRICTED,
    Certificate,
    Explanation,
    Row,
    RowEdit,
    Schedule,
    ScheduleNumber,
    ScheduleVersion,
    ScheduleVersionQuerySet,
    VersionState,
)

__all__ = [
    "IN_LIMBO",
    "OPEN_STATES",
    "RESTRICTED",
    "Assignment",
    "Certificate",
    "CourtApplication",
    "Decision",
    "DefenceStatement",
    "Endorsement",
    "EndorsementCode",
    "Explanation",
    "Item",
    "ItemQuerySet",
    "ManagementDocument",
    "ManagementEntry",
    "ManagementService",
    "ReReview",
    "Row",
    "RowEdit",
    "Schedule",
    "ScheduleNumber",
    "ScheduleVersion",
    "ScheduleVersionQuerySet",
    "VersionState",
    "cases_for",
    "on_schedule",
]
