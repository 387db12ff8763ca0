"""Many files at once: next references, the same file known again, limits, what was abandoned."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.actions import Refused
from audit.models import Event, EventDetail
from evidence import actions, batches, tasks
from evidence.models import Batch, Blob, Exhibit, Upload
from tests.access.web_table import SEIZED_AT
from tests.evidence.conftest import World
from tests.factories import make_batch, make_case, make_exhibit, run_jobs
from tests.vault.conftest import browser_put, digests

FORM = (
    SEIZED_AT
    | {"initials": "AB", "description": "Photographs", "seized_where": "Wexcombe", "seized_by": "PC 2914"}
    | {"marking": "within"}
)


def add(world: World, batch: Batch, name: str, body: bytes = b"bytes", **more: Any) -> Upload:
    return batches.add_file(world.exhibits, batch, size=len(body), name=name, **{"last_modified": 7} | more)


def send(world: World, upload: Upload, body: bytes) -> Blob:
    signed = actions.sign_part(world.exhibits, upload, 1, *digests(body))
    assert browser_put(signed, body).status == 200
    return actions.complete_upload(world.exhibits, upload, hashlib.sha256(body).hexdigest())


def test_each_file_becomes_the_next_exhibit(world: World) -> None:
    make_exhibit(world.investigator, world.case, reference="AB/7")
    batch = make_batch(world.exhibits, world.case, initials="ab")
    for name in ("scene/one.jpg", "scene/two.mp4", "scene/notes.pdf", "scene/what"):
        send(world, add(world, batch, name), b"bytes")
    made = list(batch.exhibits.order_by("created_at"))
    assert [exhibit.reference for exhibit in made] == ["AB/8", "AB/9", "AB/10", "AB/11"]
    assert [exhibit.kind for exhibit in made] == ["photograph", "video", "document", "other"]
    assert made[1].description == "Photographs of the scene (file 2)"
    assert made[0].custody.count() == 2
    run_jobs("evidence.verify")
    assert {blob.state for blob in Blob.objects.filter(copy__exhibit__batch=batch)} == {Blob.State.VERIFIED}


def test_files_of_an_exhibit_become_its_sub_exhibits(world: World) -> None:
    parent = make_exhibit(world.investigator, world.case, reference="AB/1")
    make_exhibit(world.investigator, world.case, reference="AB/1/A", parent=parent)
    batch = make_batch(world.exhibits, world.case, parent=parent, kind="messages")
    assert [add(world, batch, name).exhibit.reference for name in ("a", "b")] == ["AB/1/1", "AB/1/2"]
    assert {(exhibit.parent, exhibit.kind) for exhibit in batch.exhibits.all()} == {(parent, "messages")}


def test_the_same_file_is_known_again(world: World) -> None:
    batch = make_batch(world.exhibits, world.case)
    first = add(world, batch, "scene/one.jpg")
    assert add(world, batch, "scene/one.jpg") == first
    other = [
        add(world, batch, "other/one.jpg"),
        add(world, batch, "scene/one.jpg", b"longer"),
        add(world, batch, "scene/one.jpg", last_modified=8),
    ]
    assert len({first.pk, *(upload.pk for upload in other)}) == 4
    send(world, first, b"bytes")
    again = add(world, batch, "scene/one.jpg")
    assert (again.pk, again.state, again.blob.sha256) == (first.pk, "complete", hashlib.sha256(b"bytes").hexdigest())
    assert batch.exhibits.count() == 4


def test_a_stopped_file_begins_again_under_its_own_reference(world: World) -> None:
    batch = make_batch(world.exhibits, world.case)
    first = add(world, batch, "one.jpg")
    actions.abort_upload(world.exhibits, first)
    second = add(world, batch, "one.jpg")
    assert (second.exhibit, second.state) == (first.exhibit, "open")
    assert second.pk != first.pk


def test_a_long_path_is_kept_by_its_end(world: World) -> None:
    batch = make_batch(world.exhibits, world.case)
    folder = "very-long-folder/" * 20
    first, second = add(world, batch, folder + "1.jpg"), add(world, batch, folder + "2.jpg")
    assert first.exhibit != second.exhibit
    assert first.blob.original_name.endswith("/1.jpg")
    assert add(world, batch, folder + "1.jpg") == first


def test_names_stay_out_of_what_the_log_shows(world: World) -> None:
    batch = make_batch(world.exhibits, world.case, description="Pictures of Thistlewood")
    add(world, batch, "Thistlewood/one.jpg")
    assert not Event.objects.filter(body__contains="Thistlewood").exists()
    opened = Event.objects.get(verb="batch.opened")
    assert "Thistlewood" in str(EventDetail.objects.get(event=opened).detail)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"initials": ""}, "initials"),
        ({"initials": "A1"}, "initials"),
        ({"kind": "nonsense"}, "kind"),
        ({"seized_at": timezone.now() + timedelta(days=1)}, "seized_at"),
    ],
)
def test_a_batch_that_cannot_be_is_refused(world: World, fields: dict[str, Any], names: str) -> None:
    with pytest.raises(ValidationError) as refused:
        make_batch(world.exhibits, world.case, **fields)
    assert list(refused.value.message_dict) == [names]


def test_a_parent_of_another_case_is_refused(world: World) -> None:
    foreign = make_exhibit(world.investigator, make_case(world.investigator))
    with pytest.raises(ValidationError, match="another case"):
        make_batch(world.exhibits, world.case, parent=foreign)
    with pytest.raises(Refused):
        make_batch(world.redactor, world.case, initials="AB")


def test_a_file_over_the_limit_is_refused_in_plain_words(world: World, settings: Any) -> None:
    settings.LARGEST_FILE = 200 * 1024**3
    batch = make_batch(world.exhibits, world.case)
    with pytest.raises(ValidationError, match="larger than 200 GB, the most that is taken here"):
        batches.add_file(world.exhibits, batch, size=200 * 1024**3 + 1, name="a")
    assert not batch.exhibits.exists()
    assert batches.add_file(world.exhibits, batch, size=200 * 1024**3, name="a").in_vault().part_count <= 10_000


def test_what_is_abandoned_of_many_files_is_swept(world: World, any_vault: str) -> None:
    batch = make_batch(world.exhibits, world.case)
    old = [add(world, batch, f"{number}.jpg") for number in range(12)]
    done = send(world, old.pop(), b"bytes")
    fresh = old.pop()
    Upload.objects.exclude(pk=fresh.pk).update(touched_at=timezone.now() - actions.ABANDONED_AFTER - timedelta(hours=1))
    assert tasks.sweep_uploads() == 10
    states = dict(Upload.objects.filter(blob__copy__exhibit__batch=batch).values_list("pk", "state"))
    assert [states[upload.pk] for upload in old] == ["aborted"] * 10
    assert (states[fresh.pk], states[done.upload.pk]) == ("open", "complete")
    assert tasks.sweep_uploads() == 0
    # The same folder, chosen again later, goes on under the same references
    again = add(world, batch, "3.jpg")
    assert again.exhibit == old[3].exhibit
    send(world, again, b"bytes")


def client(user: Any) -> Client:
    made = Client()
    made.force_login(user)
    return made


def test_the_pages_lead_from_what_they_have_in_common_to_the_files(world: World) -> None:
    browser = client(world.exhibits)
    assert "Add many exhibits" in browser.get(f"/cases/{world.case.pk}/exhibits/").content.decode()
    assert "Go on to the files" in browser.get(f"/cases/{world.case.pk}/exhibits/upload/").content.decode()
    answer = browser.post(f"/cases/{world.case.pk}/exhibits/upload/", FORM, follow=True)
    batch = Batch.objects.get()
    shown = answer.content.decode()
    assert (f"/batches/{batch.pk}/", 302) in answer.redirect_chain
    assert "AB/ and the next free number" in shown
    assert "Choose files" in shown
    assert "Choose files" not in client(world.redactor).get(f"/batches/{batch.pk}/").content.decode()


def test_the_page_says_what_has_not_arrived(world: World) -> None:
    batch = make_batch(world.exhibits, world.case, initials="AB")
    send(world, add(world, batch, "Thistlewood 1.jpg"), b"bytes")
    add(world, batch, "Thistlewood 2.jpg")
    shown = client(world.exhibits).get(f"/batches/{batch.pk}/").content.decode()
    assert "1 of 2 files" in shown
    assert "1 file has not arrived whole" in shown
    assert "AB/2</a>" in shown
    assert "Thistlewood" not in shown
    assert str(batch.pk) in client(world.exhibits).get(f"/cases/{world.case.pk}/exhibits/upload/").content.decode()


def test_a_page_of_many_files_costs_as_many_questions_as_one_of_few(world: World) -> None:
    batch, browser = make_batch(world.exhibits, world.case), client(world.exhibits)

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get(f"/batches/{batch.pk}/")
        return len(asked)

    add(world, batch, "0.jpg")
    few = questions()
    for number in range(1, 9):
        add(world, batch, f"{number}.jpg")
    assert questions() == few


def test_a_form_without_initials_or_parent_says_so(world: World) -> None:
    shown = client(world.exhibits).post(f"/cases/{world.case.pk}/exhibits/upload/", FORM | {"initials": ""}).content.decode()
    assert "Enter the producer&#x27;s initials" in shown
    assert not Exhibit.objects.exists()
