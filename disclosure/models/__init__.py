"""Items, decisions, schedules and their versions, and what prosecutor, defence and court say of them."""

from disclosure.models.blocks import Block, BlockItem, alone
from disclosure.models.fences import Fence, FenceStep
from disclosure.models.items import IN_LIMBO, NOT_DETERMINED, Assignment, Decision, Item, ItemQuerySet, cases_for, on_schedule
from disclosure.models.management import ManagementDocument, ManagementEntry, ManagementService
from disclosure.models.presumption import Presumption, PresumptionCategory, PresumptionProposal, SuppliedCopy
from disclosure.models.prosecutor import (
    CourtApplication,
    DefenceStatement,
    Endorsement,
    EndorsementCode,
    ReReview,
)
from disclosure.models.sampling import Sample, SearchTerm, SetExhibit, SetReview, SetStatement, TermCount, TermWithdrawal
from disclosure.models.schedules import (
    OPEN_STATES,
    RESTRICTED,
    Certificate,
    CertifiedRow,
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
    "NOT_DETERMINED",
    "OPEN_STATES",
    "RESTRICTED",
    "Assignment",
    "Block",
    "BlockItem",
    "Certificate",
    "CertifiedRow",
    "CourtApplication",
    "Decision",
    "DefenceStatement",
    "Endorsement",
    "EndorsementCode",
    "Explanation",
    "Fence",
    "FenceStep",
    "Item",
    "ItemQuerySet",
    "ManagementDocument",
    "ManagementEntry",
    "ManagementService",
    "Presumption",
    "PresumptionCategory",
    "PresumptionProposal",
    "ReReview",
    "Row",
    "RowEdit",
    "Sample",
    "Schedule",
    "ScheduleNumber",
    "ScheduleVersion",
    "ScheduleVersionQuerySet",
    "SearchTerm",
    "SetExhibit",
    "SetReview",
    "SetStatement",
    "SuppliedCopy",
    "TermCount",
    "TermWithdrawal",
    "VersionState",
    "alone",
    "cases_for",
    "on_schedule",
]
