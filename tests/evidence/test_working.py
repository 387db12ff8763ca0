"""Working copies that are brought in: begun, sent like an exhibit's own file, verified, and never taken for the original."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError

import vault
from accounts.models import User
from audit.actions import Refused
from audit.models import Event
from evidence import actions, working
from evidence.models import Blob, Copy, Exhibit, Upload
from tests.evidence.conftest import World
from tests.evidence.test_custody import signed_in
from tests.factories import make_exhibit, make_verified_exhibit, run_jobs

TOOL = "Amped FIVE 34, brightness raised"
DATA = b"brighter" * 100


@pytest.fixture
def exhibit(world: World) -> Exhibit:
    return make_verified_exhibit(world.investigator, world.case, data=b"original", reference="AB/1")


def send(user: User, upload: Upload, data: bytes = DATA) -> Blob:
    """The parts and the end of an upload."""
    actions.sign_part(user, upload, 1, len(data), hashlib.md5(data).hexdigest(), hashlib.sha256(data).hexdigest())
    vault.store().store_part(upload.in_vault(), 1, data)
    actions.part_stored(user, upload, 1)
    return actions.complete_upload(user, upload, hashlib.sha256(data).hexdigest())


def test_from_the_exhibits_page_to_a_verified_copy(world: World, exhibit: Exhibit) -> None:
    client = signed_in(world.investigator)
    page = f"/exhibits/{exhibit.pk}/"
    assert f"{page}working/" in client.get(page).content.decode()
    assert "Enter what it was made with" in client.post(f"{page}working/", {}).content.decode()
    shown = client.post(f"{page}working/", {"made_with": TOOL}, follow=True).content.decode()
    copy = Copy.objects.get(kind="working")
    assert f'data-open-url="/api/copies/{copy.pk}/uploads/"' in shown
    assert "No file yet" in client.get(page).content.decode()
    asked: Any = client.post(f"/api/copies/{copy.pk}/uploads/", {"size": len(DATA), "name": "b.png"}, "application/json")
    assert asked.status_code == 201, asked.content
    upload = Upload.objects.get(pk=asked.json()["id"])
    assert client.get(f"/api/copies/{copy.pk}/uploads/").json()[0]["id"] == str(upload.pk)
    blob = send(world.investigator, upload)
    assert client.get(f"/copies/{copy.pk}/", headers={"HX-Request": "true"}).status_code == 204
    run_jobs()
    blob.refresh_from_db()
    assert (blob.state, blob.copy) == (Blob.State.VERIFIED, copy)
    shown = client.get(f"/copies/{copy.pk}/").content.decode()
    assert TOOL in shown
    assert f"/blobs/{blob.pk}/open/" in shown
    assert f"/copies/{copy.pk}/" in client.get(page).content.decode()
    assert Event.objects.filter(verb="copy.begun", object_id=str(copy.pk)).exists()


def test_the_original_stays_what_it_is(world: World, exhibit: Exhibit) -> None:
    before = Blob.objects.master_of(exhibit)
    copy = working.begin(world.investigator, exhibit, made_with=TOOL)
    send(world.investigator, working.open_upload(world.investigator, copy, size=len(DATA), name="b.png"))
    run_jobs()
    assert Blob.objects.master_of(exhibit) == before
    assert actions.open_upload_of(exhibit) is None
    assert [event.kind for event in exhibit.custody.order_by("recorded_at")] == ["seized", "uploaded", "verified"]


def test_an_open_upload_goes_on_and_a_copy_has_one_file(world: World, exhibit: Exhibit) -> None:
    copy = working.begin(world.investigator, exhibit, made_with=TOOL)
    first = working.open_upload(world.investigator, copy, size=len(DATA), name="b.png")
    assert working.open_upload(world.investigator, copy, size=len(DATA), name="b.png") == first
    with pytest.raises(ValidationError, match="stop its upload"):
        working.open_upload(world.investigator, copy, size=5, name="c.png")
    assert actions.open_upload_of(exhibit) is None, "it is not the upload of the exhibit's own file"
    send(world.investigator, first)
    with pytest.raises(ValidationError, match="already has its file"):
        working.open_upload(world.investigator, copy, size=5, name="c.png")


def test_it_is_made_from_a_verified_original_by_who_keeps_exhibits(world: World, exhibit: Exhibit) -> None:
    with pytest.raises(ValidationError, match="not verified"):
        working.begin(world.investigator, make_exhibit(world.investigator, world.case), made_with=TOOL)
    with pytest.raises(ValidationError, match="what it was made with"):
        working.begin(world.investigator, exhibit, made_with=" ")
    for user in (world.redactor, world.supervisor, world.stranger):
        with pytest.raises(Refused):
            working.begin(user, exhibit, made_with=TOOL)
    master = exhibit.copies.get(kind="master")
    with pytest.raises(ValidationError, match="Only a working copy"):
        working.open_upload(world.investigator, master, size=5, name="c.png")
