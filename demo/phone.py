"""Continuity of the telephone AB/7 and of what was read out of it: from the shelf to the laboratory and back, by three people."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

import evidence.actions
from accounts.models import Role, User
from demo.exhibits import DemoExhibit
from demo.upload import upload
from evidence import custody
from evidence.models import Exhibit
from evidence.place_models import Location

NEW_SEAL = "B2295002"
_UNIT = "Digital Forensics Unit"
_REPORT = """Logical extraction of the mobile telephone AB/7 (demonstration)
Seal A1184007 was intact and was opened for the extraction. Nothing was written to the telephone.
Messages of 31/10/2026 and 01/11/2026: 8, as exhibit AB/3. Voicemail of 01/11/2026: 1, as exhibit AB/6.
Nothing else was examined.
"""


def run_custody(staff: dict[Role, User], phone: Exhibit, folder: Path) -> tuple[Exhibit, DemoExhibit]:
    """Let the telephone go through their hands; the report of its extraction, a sub-exhibit, with its plan."""
    keeper, examiner = staff[Role.EXHIBITS], staff[Role.FORENSICS]
    shelf = Location.objects.get(organisation=phone.case.organisation, name="Shelf C4")
    custody.move(keeper, phone, location=shelf, purpose="Booked into the store", condition="Bag intact, screen cracked")
    custody.take_out(keeper, phone, purpose="To the forensics unit")
    due = timezone.localdate() + timedelta(days=14)
    going = {"purpose": "Extraction of messages", "place": _UNIT, "due_back": due}
    offer = custody.hand_over(keeper, phone, to=examiner, **going)  # type: ignore[arg-type]
    custody.accept(examiner, offer, seal=phone.seal_number, condition="Bag intact")
    custody.open_seal(examiner, phone, purpose="Extraction of messages")
    extraction = _extract(examiner, phone, folder)
    custody.seal(examiner, phone, number=NEW_SEAL, purpose="Extraction done")
    offer = custody.hand_over(examiner, phone, to=keeper, purpose="Back to the store")
    custody.accept(keeper, offer, seal=NEW_SEAL)
    custody.move(keeper, phone, location=shelf, purpose="Back on its shelf")
    return extraction


def _extract(examiner: User, phone: Exhibit, folder: Path) -> tuple[Exhibit, DemoExhibit]:
    plan = DemoExhibit(
        file="",
        kind=Exhibit.Kind.DOCUMENT,
        description="Report of the logical extraction of the telephone AB/7",
        seized_at=timezone.now(),
        seized_where=_UNIT,
        seal_number="",
        location=_UNIT,
        use="used",
    )
    report = folder / "extraction-report.txt"
    report.write_text(_REPORT)
    made = evidence.actions.add_exhibit(
        examiner,
        phone.case,
        reference=evidence.actions.next_derived(phone, examiner.initials),
        kind=plan.kind,
        description=plan.description,
        seized_at=plan.seized_at,
        seized_where=plan.seized_where,
        seized_by=str(examiner),
        within_marking=True,
        location=plan.location,
        parent=phone,
    )
    upload(examiner, made, report)
    return made, plan
