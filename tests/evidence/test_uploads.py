"""Sending an exhibit's file: opened, part by part, completed; resumed, stopped, abandoned."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

import vault
from audit.actions import Refused
from audit.models import Event, EventDetail
from evidence import actions, tasks
from evidence.models import Blob, Copy, CustodyEvent, Exhibit, Upload
from jobs.models import Job
from tests.evidence.conftest import World
from tests.factories import make_exhibit
from tests.vault.conftest import browser_put, digests
from vault.errors import UploadGone
from vault.protocol import USUAL_PART

BODY = hashlib.shake_128(b"file").digest(USUAL_PART + 777)
SHA256 = hashlib.sha256(BODY).hexdigest()
PIECES = (BODY[:USUAL_PART], BODY[USUAL_PART:])


@pytest.fixture
def exhibit(world: World) -> Exhibit:
    return make_exhibit(world.investigator, world.case)


def begin(world: World, exhibit: Exhibit, size: int = len(BODY)) -> Upload:
    return actions.open_upload(world.investigator, exhibit, size=size, name="Interview of M Thistlewood.pdf", last_modified=5)


def send(world: World, upload: Upload, number: int) -> None:
    """One part, as the browser sends it."""
    piece = PIECES[number - 1]
    signed = actions.sign_part(world.investigator, upload, number, *digests(piece))
    assert browser_put(signed, piece).status == 200
    actions.part_stored(world.investigator, upload, number)


def test_a_file_is_received_and_a_worker_asked_to_check_it(world: World, exhibit: Exhibit, any_vault: str) -> None:
    upload = begin(world, exhibit)
    for number in (2, 1):
        send(world, upload, number)
    blob = actions.complete_upload(world.investigator, upload, SHA256)
    assert (blob.state, blob.sha256, blob.size) == (Blob.State.RECEIVED, SHA256, len(BODY))
    assert b"".join(vault.store().read(blob.key, blob.version_id)) == BODY
    assert blob.copy.kind == Copy.Kind.MASTER
    assert exhibit.custody.get(kind=CustodyEvent.Kind.UPLOADED).sha256 == SHA256
    job = Job.objects.get(object_id=blob.pk)
    assert (job.kind, job.queue, job.case_id) == ("evidence.verify", "hash", world.case.pk)


def test_completing_again_changes_nothing(world: World, exhibit: Exhibit) -> None:
    upload = begin(world, exhibit)
    for number in (1, 2):
        send(world, upload, number)
    first = actions.complete_upload(world.investigator, upload, SHA256)
    assert actions.complete_upload(world.investigator, upload, SHA256) == first
    assert Job.objects.filter(object_id=first.pk).count() == 1
    with pytest.raises(ValidationError, match="closed"):
        actions.complete_upload(world.investigator, upload, "0" * 64)


def test_the_same_file_goes_on_where_it_stopped(world: World, exhibit: Exhibit) -> None:
    upload = begin(world, exhibit)
    send(world, upload, 1)
    again = actions.open_upload(world.exhibits, exhibit, size=len(BODY), name="x")
    assert again == upload
    assert [part.sha256 for part in again.parts.exclude(stored_at=None)] == [digests(PIECES[0])[2]]


def test_a_file_of_another_size_is_not_mixed_in(world: World, exhibit: Exhibit) -> None:
    begin(world, exhibit)
    with pytest.raises(ValidationError, match="stop its upload"):
        begin(world, exhibit, size=5)


def test_a_part_counts_when_the_store_says_so(world: World, exhibit: Exhibit) -> None:
    upload = begin(world, exhibit)
    with pytest.raises(ValidationError, match="has not arrived"):
        actions.part_stored(world.investigator, upload, 1)
    actions.sign_part(world.investigator, upload, 1, *digests(PIECES[0]))
    with pytest.raises(ValidationError, match="has not arrived"):
        actions.part_stored(world.investigator, upload, 1)
    assert not upload.parts.exclude(stored_at=None).exists()


def test_a_part_that_was_announced_keeps_its_hash(world: World, exhibit: Exhibit) -> None:
    upload = begin(world, exhibit)
    send(world, upload, 2)
    with pytest.raises(ValidationError, match="differs in part 2"):
        actions.sign_part(world.investigator, upload, 2, *digests(b"x" * 777))
    assert actions.part_stored(world.investigator, upload, 2).stored_at is not None


def test_an_upload_with_parts_missing_is_not_completed(world: World, exhibit: Exhibit) -> None:
    upload = begin(world, exhibit)
    send(world, upload, 2)
    with pytest.raises(ValidationError, match="have not arrived: 1"):
        actions.complete_upload(world.investigator, upload, SHA256)
    send(world, upload, 1)
    assert actions.complete_upload(world.investigator, upload, SHA256).state == Blob.State.RECEIVED


def test_the_original_name_is_on_the_blob_alone(world: World, exhibit: Exhibit) -> None:
    upload = begin(world, exhibit)
    assert upload.blob.original_name == "Interview of M Thistlewood.pdf"
    assert "Thistlewood" not in upload.blob.key
    assert not Event.objects.filter(body__contains="Thistlewood").exists()
    assert EventDetail.objects.filter(detail__contains="Thistlewood").count() == 1


@pytest.mark.parametrize("size", [0, -1, 6 * 1024**4])
def test_a_size_that_cannot_be_is_refused(world: World, exhibit: Exhibit, size: int) -> None:
    with pytest.raises(ValidationError) as caught:
        begin(world, exhibit, size=size)
    assert "size" in caught.value.message_dict


def test_a_stopped_upload_frees_its_parts_and_another_may_begin(
    world: World, exhibit: Exhibit, django_capture_on_commit_callbacks: object
) -> None:
    upload = begin(world, exhibit)
    send(world, upload, 1)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.abort_upload(world.investigator, upload)
    upload.refresh_from_db()
    assert (upload.state, upload.blob.state) == (Upload.State.ABORTED, Blob.State.ABANDONED)
    with pytest.raises(UploadGone):
        vault.store().list_parts(upload.in_vault())
    with pytest.raises(ValidationError, match="closed"):
        actions.sign_part(world.investigator, upload, 1, *digests(PIECES[0]))
    assert begin(world, exhibit, size=5) != upload


def test_a_file_is_never_replaced(world: World, exhibit: Exhibit) -> None:
    actions.receive_bytes(world.investigator, exhibit, b"first", "a")
    with pytest.raises(ValidationError, match="never replaced"):
        begin(world, exhibit)


def test_an_upload_that_the_store_lost_begins_anew(world: World, exhibit: Exhibit) -> None:
    upload = begin(world, exhibit)
    vault.store().abort(upload.in_vault())
    again = begin(world, exhibit)
    assert again != upload
    upload.refresh_from_db()
    assert upload.state == Upload.State.ABORTED


def test_only_keepers_of_the_case_send_files(world: World, exhibit: Exhibit) -> None:
    upload = begin(world, exhibit)
    for user in (world.disclosure, world.redactor, world.supervisor, world.stranger):
        with pytest.raises(Refused):
            actions.open_upload(user, exhibit, size=5, name="x")
        with pytest.raises(Refused):
            actions.sign_part(user, upload, 1, *digests(PIECES[0]))
        with pytest.raises(Refused):
            actions.complete_upload(user, upload, SHA256)


def test_bytes_and_files_are_received_from_this_side(world: World, exhibit: Exhibit, tmp_path: Path, any_vault: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(BODY)
    blob = actions.receive_bytes(world.investigator, exhibit, path, "file")
    assert blob.sha256 == SHA256
    assert b"".join(vault.store().read(blob.key, blob.version_id)) == BODY


def test_a_copy_keeps_its_parent_and_is_never_a_master(world: World, exhibit: Exhibit) -> None:
    master = actions.receive_bytes(world.investigator, exhibit, b"original", "a").copy
    copy = actions.add_copy(world.redactor, exhibit, Copy.Kind.REDACTED, master, b"black boxes", "engine 1")
    blob = copy.blobs.get()
    assert copy.parent == master
    assert (blob.state, blob.sha256) == (Blob.State.RECEIVED, hashlib.sha256(b"black boxes").hexdigest())
    with pytest.raises(ValidationError):
        actions.add_copy(world.redactor, exhibit, Copy.Kind.MASTER, master, b"x", "engine 1")
    other = make_exhibit(world.investigator, world.case)
    with pytest.raises(ValidationError):
        actions.add_copy(world.redactor, other, Copy.Kind.REDACTED, master, b"x", "engine 1")


def test_uploads_that_nobody_touches_are_swept(world: World, exhibit: Exhibit) -> None:
    old = begin(world, exhibit)
    fresh = begin(world, make_exhibit(world.investigator, world.case))
    Upload.objects.filter(pk=old.pk).update(touched_at=timezone.now() - timedelta(days=31))
    assert tasks.sweep_uploads() == 1
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.state, fresh.state) == (Upload.State.ABORTED, Upload.State.OPEN)
    assert Event.objects.filter(verb="upload.abandoned", object_id=str(old.pk)).count() == 1
