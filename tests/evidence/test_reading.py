"""Opening a file: the event first, a ticket for one person, ranges under it counted."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from audit.actions import Refused
from audit.models import Event, EventDetail
from cases import actions as cases
from evidence import actions
from evidence.models import Blob
from evidence.opening import open_blob
from evidence.reading import counted
from tests.evidence.conftest import World
from tests.evidence.test_verification import flip
from tests.factories import make_exhibit, make_verified_exhibit, run_jobs

BODY = b"one line of text\n" * 100
PURPOSE = "Disclosure review"


@pytest.fixture
def blob(world: World) -> Blob:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY, reference="AB/1", name="M Thistlewood.txt")
    return exhibit.copies.get().blobs.get()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(client: Client, blob: Blob, **data: str) -> str:
    """Open a file by its form and return where it is shown."""
    answer = client.post(f"/blobs/{blob.pk}/open/", {"purpose": PURPOSE, "view": "1"} | data)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_opening_is_recorded_before_the_first_byte(world: World, blob: Blob) -> None:
    assert not Event.objects.filter(verb="blob.opened").exists()
    opened(signed_in(world.disclosure), blob)
    event = Event.objects.get(verb="blob.opened")
    assert (event.actor_id, event.case_id, event.object_id) == (world.disclosure.pk, world.case.pk, str(blob.pk))
    assert f'"sha256":"{blob.sha256}"' in event.body
    assert PURPOSE not in event.body
    assert PURPOSE in EventDetail.objects.get(event=event).detail


def test_the_bytes_come_whole_and_by_range_and_are_counted(world: World, blob: Blob, any_vault: str) -> None:
    if any_vault == "s3":
        exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
        blob = exhibit.copies.get().blobs.get()
    client = signed_in(world.disclosure)
    page = opened(client, blob)
    whole = client.get(f"{page}content/")
    assert whole.status_code == 200
    assert b"".join(whole) == BODY
    assert whole.headers["ETag"] == f'"{hashlib.sha256(BODY).hexdigest()}"'
    part = client.get(f"{page}content/", headers={"Range": "bytes=5-9"})
    assert (part.status_code, b"".join(part)) == (206, BODY[5:10])
    assert counted(page.split("/")[2]) == (len(BODY) + 5, 2)
    assert Event.objects.filter(verb="blob.opened").count() == 1


def test_a_download_is_named_for_the_exhibit(world: World, blob: Blob) -> None:
    client = signed_in(world.disclosure)
    answer = client.get(opened(client, blob, download="1"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="AB-1.txt"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_ticket_is_one_persons(world: World, blob: Blob) -> None:
    page = opened(signed_in(world.disclosure), blob)
    for user in (world.investigator, world.stranger):
        assert signed_in(user).get(page).status_code == 404
        assert signed_in(user).get(f"{page}content/").status_code == 404
    assert Client().get(f"{page}content/").status_code == 302


def test_a_ticket_ends(world: World, blob: Blob) -> None:
    client = signed_in(world.disclosure)
    page = opened(client, blob)
    cache.delete(f"reading:{page.split('/')[2]}")
    assert client.get(f"{page}content/").status_code == 404


def test_who_leaves_the_team_reads_no_further(world: World, blob: Blob) -> None:
    client = signed_in(world.disclosure)
    page = opened(client, blob)
    cases.end_membership(world.investigator, world.case.team.get(user=world.disclosure), "Moved")
    assert client.get(f"{page}content/").status_code == 404


def test_no_file_opens_without_a_purpose(world: World, blob: Blob) -> None:
    with pytest.raises(ValidationError):
        open_blob(world.disclosure, blob, "  ")
    assert not Event.objects.filter(verb="blob.opened").exists()


def test_an_unverified_or_quarantined_file_does_not_open(world: World, blob: Blob, folder_vault: Path) -> None:
    waiting = make_exhibit(world.investigator, world.case, data=b"waiting")
    with pytest.raises(ValidationError):
        open_blob(world.disclosure, waiting.copies.get().blobs.get(), PURPOSE)
    client = signed_in(world.disclosure)
    page = opened(client, blob)
    flip(folder_vault, blob)
    actions.verify_now(world.disclosure, blob)
    run_jobs("evidence.verify")
    blob.refresh_from_db()
    with pytest.raises(ValidationError):
        open_blob(world.disclosure, blob, PURPOSE)
    assert client.get(f"{page}content/").status_code == 404


def test_a_stranger_opens_nothing(world: World, blob: Blob) -> None:
    assert signed_in(world.stranger).post(f"/blobs/{blob.pk}/open/", {"purpose": PURPOSE}).status_code == 404
    with pytest.raises(Refused):
        open_blob(world.stranger, blob, PURPOSE)


def test_text_is_shown_escaped(world: World) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=b"hello <script>alert(1)</script>")
    client = signed_in(world.disclosure)
    shown = client.get(opened(client, exhibit.copies.get().blobs.get())).content.decode()
    assert "hello &lt;script&gt;" in shown
    assert "<script>alert" not in shown


def test_a_pdf_of_any_length_has_a_light_page(world: World) -> None:
    from tests.evidence.hostile import pdf

    exhibit = make_verified_exhibit(world.investigator, world.case, data=pdf(pages=2))
    blob = exhibit.copies.get().blobs.get()
    client = signed_in(world.disclosure)
    page = opened(client, blob)
    short = client.get(page).content
    assert f'data-content="{page}content/"'.encode() in short
    Blob.objects.filter(pk=blob.pk).update(facts=blob.facts | {"pages": 20_000})
    assert abs(len(client.get(page).content) - len(short)) < 100
