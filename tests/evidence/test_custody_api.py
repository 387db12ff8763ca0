"""Custody as another system records it: by HTTP and a token."""

from __future__ import annotations

from tests.evidence.conftest import World
from tests.evidence.test_upload_api import System
from tests.factories import make_exhibit

SCOPES = ("exhibits.read", "custody.write")


def test_a_system_seals_hands_over_and_accepts(world: World) -> None:
    phone = make_exhibit(world.investigator, world.case)
    giver, receiver = System(world.investigator, *SCOPES), System(world.exhibits, *SCOPES)
    assert giver.post(f"exhibits/{phone.pk}/seals/", {"number": "a1"}).json()["seal_after"] == "A1"
    assert giver.post(f"exhibits/{phone.pk}/seals/open/", {"purpose": "Examination"}).status_code == 201
    assert giver.post(f"exhibits/{phone.pk}/seals/", {"number": "B2", "purpose": "Examined"}).json()["seal_before"] == "A1"
    offer = giver.post(f"exhibits/{phone.pk}/handovers/", {"to": str(world.exhibits.pk), "purpose": "Booking in"}).json()
    declined = receiver.post(f"handovers/{offer['id']}/decline/", {"reason": "Bag torn"})
    assert declined.json()["kind"] == "declined"
    offer = giver.post(f"exhibits/{phone.pk}/handovers/", {"to": str(world.exhibits.pk), "purpose": "Booking in"}).json()
    wrong = receiver.post(f"handovers/{offer['id']}/accept/", {"seal": "A1"})
    assert wrong.status_code == 400
    assert "not the seal" in str(wrong.json())
    assert receiver.post(f"handovers/{offer['id']}/accept/", {"seal": "B2"}).status_code == 201
    kinds = [entry["kind"] for entry in receiver.get(f"exhibits/{phone.pk}/custody/").json()]
    assert kinds == ["seized", "sealed", "opened", "resealed", "offered", "declined", "offered", "accepted"]


def test_what_cannot_be_is_said_and_what_may_not_be_is_refused(world: World) -> None:
    phone = make_exhibit(world.investigator, world.case)
    system = System(world.investigator, *SCOPES)
    assert system.post(f"exhibits/{phone.pk}/seals/open/", {"purpose": "x"}).status_code == 400
    assert system.post(f"exhibits/{phone.pk}/handovers/", {"to": str(world.stranger.pk), "purpose": "x"}).status_code == 400
    assert System(world.redactor, *SCOPES).post(f"exhibits/{phone.pk}/seals/", {"number": "A1"}).status_code == 403
    assert System(world.stranger, *SCOPES).post(f"exhibits/{phone.pk}/seals/", {"number": "A1"}).status_code == 404
    assert System(world.investigator, "exhibits.read").post(f"exhibits/{phone.pk}/seals/", {"number": "A1"}).status_code == 403
