"""Labels, continuity statement, integrity certificate: the paper says what the database, the store and the log say."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy
import pypdf
import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

import vault
from audit import merkle
from audit.models import Event, Leaf
from audit.sequencer import Sequencer
from audit.tree import latest_checkpoint
from evidence import actions, custody, printed
from evidence.models import Blob, Exhibit
from evidence.place_models import Location
from tests.evidence.conftest import World
from tests.evidence.test_verification import flip, master
from tests.factories import SEIZED_AT, make_exhibit, make_verified_exhibit, run_jobs


def squeezed(text: str) -> str:
    """Text without white space and the places where long words may break: a column breaks words, but not their order."""
    return "".join(text.replace("\u200b", "").split())


def text_of(pdf: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


def a_long_way(world: World) -> Exhibit:
    """A phone that went through some hands."""
    phone = make_exhibit(
        world.investigator, world.case, reference="AB/1", kind=Exhibit.Kind.PHONE, description="Grey telephone", seal_number="A100"
    )
    custody.open_seal(world.investigator, phone, purpose="Looking at the SIM card")
    custody.seal(world.investigator, phone, number="B200", condition="Bag intact", at=timezone.now() - timedelta(microseconds=1))
    offer = custody.hand_over(world.investigator, phone, to=world.exhibits, purpose="Booking in", place="Property office")
    custody.accept(world.exhibits, offer, seal="B200")
    shelf = Location.objects.create(organisation=world.case.organisation, name="Shelf C4")
    custody.move(world.exhibits, phone, location=shelf)
    return phone


def test_a_continuity_statement_says_what_the_database_says(world: World) -> None:
    phone = a_long_way(world)
    made = printed.continuity(world.supervisor, phone)
    text = text_of(made)
    events = list(phone.custody.order_by("recorded_at"))
    assert len(events) == 6
    place = 0
    for number, event in enumerate(events, start=1):
        place = text.index(squeezed(f"{number}{printed.local(event.at)}"), place)
        for said in (
            event.get_kind_display(),
            event.by,
            event.to,
            event.to_place,
            event.seal_before,
            event.seal_after,
            event.purpose,
        ):
            assert squeezed(said) in text[place:], said
    assert squeezed("A100 → B200") in text
    assert squeezed("Where it is now: Shelf C4") in text
    # Seized earlier than it was recorded
    assert squeezed(f"Recorded {printed.local(events[0].recorded_at)}") in text


def test_every_page_is_marked_counted_and_tagged(world: World) -> None:
    phone = a_long_way(world)
    for _ in range(6):
        custody.take_out(world.exhibits, phone, purpose="Looking at it")
        custody.move(world.exhibits, phone, location=Location.objects.get())
    reader = pypdf.PdfReader(io.BytesIO(printed.continuity(world.supervisor, phone)))
    assert len(reader.pages) > 1
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert text.count("OFFICIAL-SENSITIVE") == 2
        assert f"Page {number} of {len(reader.pages)}" in text
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]


def test_a_print_is_an_event_with_its_hash(world: World) -> None:
    phone = a_long_way(world)
    made = printed.continuity(world.supervisor, phone)
    event = Event.objects.get(verb="exhibit.continuity_printed")
    assert event.after is not None and event.after["sha256"] == hashlib.sha256(made).hexdigest()
    assert (event.actor_id, event.object_id) == (world.supervisor.pk, str(phone.pk))


def test_a_certificate_says_what_checks_store_and_log_say(world: World) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=b"evidence" * 1000)
    blob = master(exhibit)
    actions.verify_now(world.supervisor, blob)
    run_jobs()
    Sequencer.from_settings().drain()
    text = text_of(printed.integrity(world.supervisor, master(exhibit)))
    checkpoint = latest_checkpoint()
    assert checkpoint is not None
    protection = vault.store().protection(blob.key, blob.version_id)
    expected = [blob.sha256, "8,000bytes", "Checkssofar:2", blob.version_id, printed.local(protection.retain_until), "Legalhold:on"]
    expected += [f"{checkpoint.size}leaves", bytes(checkpoint.root).hex()]
    expected += [squeezed(check.software) for check in blob.verifications.all()]
    for said in expected:
        assert squeezed(str(said)) in text, said
    added = Event.objects.get(verb="exhibit.added", object_id=str(exhibit.pk))
    leaf = Leaf.objects.get(event=added)
    assert squeezed(f"{leaf.leaf_index}{added.pk}{merkle.leaf_hash(added.body.encode()).hex()}") in text
    assert squeezed("I produce it as exhibit") in text


def test_a_certificate_hides_no_mismatch(world: World, folder_vault: Path) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=b"x" * 5000)
    flip(folder_vault, master(exhibit))
    actions.verify_now(world.supervisor, master(exhibit))
    run_jobs()
    text = text_of(printed.integrity(world.supervisor, master(exhibit)))
    assert "Quarantined" in text
    assert squeezed("Changed: the hash differs") in text
    assert squeezed("Not every check matched") in text


def test_a_certificate_says_when_the_store_does_not_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from vault.errors import Unavailable

    exhibit = make_verified_exhibit(world.investigator, world.case, data=b"x")

    def away(self: Any, key: str, version_id: str) -> Any:
        raise Unavailable("away")

    monkeypatch.setattr(type(vault.store()), "protection", away)
    text = text_of(printed.integrity(world.supervisor, master(exhibit)))
    assert squeezed("The store did not answer when this was printed") in text


def test_before_it_is_verified_there_is_nothing_to_certify(world: World) -> None:
    exhibit = make_exhibit(world.investigator, world.case, data=b"x")
    with pytest.raises(ValidationError, match="nothing to certify"):
        printed.integrity(world.investigator, master(exhibit))
    client = Client()
    client.force_login(world.investigator)
    assert "nothing to certify" in client.get(f"/exhibits/{exhibit.pk}/integrity.pdf", follow=True).content.decode()
    empty = make_exhibit(world.investigator, world.case)
    assert "has no file" in client.get(f"/exhibits/{empty.pk}/integrity.pdf", follow=True).content.decode()
    assert not Blob.objects.filter(copy__exhibit=empty).exists()


def scanned(pdf: bytes) -> list[str]:
    """What a scanner reads off the first page."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil().convert("L")
    found, texts, _, _ = cv2.QRCodeDetector().detectAndDecodeMulti(numpy.array(picture))
    return [text for text in texts if text] if found else []


def test_a_labels_code_opens_the_exhibit_and_says_nothing_else(world: World) -> None:
    phone = a_long_way(world)
    client = Client()
    client.force_login(world.exhibits)
    data = {"layout": "a6", "exhibits": [str(phone.pk)]}
    made = client.post(f"/cases/{world.case.pk}/labels/", data)
    assert made.headers["Content-Type"] == "application/pdf"
    assert scanned(made.content) == [f"http://testserver/exhibits/{phone.pk}/"]
    text = text_of(made.content)
    for said in (phone.reference, world.case.crime_number, "B200", str(phone.pk), printed.local(SEIZED_AT)):
        assert squeezed(said) in text
    assert Event.objects.filter(verb="exhibit.label_printed", object_id=str(phone.pk)).count() == 1


def test_a_sheet_begins_where_the_last_one_ended(world: World) -> None:
    phones = [make_exhibit(world.investigator, world.case) for _ in range(3)]
    made = printed.labels(world.exhibits, phones, layout="sheet", skip=6, link=lambda exhibit: f"http://x/{exhibit.pk}/")
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert [page.extract_text().count("Crime number") for page in reader.pages] == [2, 1]
    assert len(scanned(made)) == 2


def test_labels_are_chosen_on_their_page(world: World) -> None:
    phone = make_exhibit(world.investigator, world.case)
    client = Client()
    client.force_login(world.exhibits)
    page = client.get(f"/cases/{world.case.pk}/labels/?exhibit={phone.pk}")
    assert f'value="{phone.pk}"' in page.content.decode()
    assert "checked" in page.content.decode()
    assert "Select at least one" in client.post(f"/cases/{world.case.pk}/labels/", {"layout": "a6"}).content.decode()


def test_a_long_description_does_not_break_a_label(world: World) -> None:
    phone = make_exhibit(world.investigator, world.case, description="word " * 200, seized_where="place " * 30)
    for layout in ("a6", "sheet"):
        made = printed.labels(world.exhibits, [phone], layout=layout, link=lambda exhibit: "http://x/")
        assert len(pypdf.PdfReader(io.BytesIO(made)).pages) == 1
