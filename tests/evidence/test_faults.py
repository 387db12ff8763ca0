"""Between us and a real S3 server stands a proxy that breaks things: what checks and uploads then say, and what they never say."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError

import vault
from evidence import actions, verification
from evidence.models import Blob, Exhibit, Upload, UploadPart
from jobs import actions as jobs
from jobs.models import Job
from tests import s3
from tests.evidence.conftest import World
from tests.evidence.test_verification import master
from tests.factories import make_exhibit, make_verified_exhibit
from tests.optional import requires
from tests.vault.conftest import browser_put, bucket_settings, digests
from tests.vault.faulty import FaultyProxy
from vault import ahead, s3_client
from vault.errors import Unavailable
from vault.protocol import MIB

pytestmark = requires("s3")
BODY = bytes(range(256)) * 4096  # 1 MiB
LARGE = BODY * 18  # read in three ranges, sent in three parts


@pytest.fixture
def proxy(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyProxy]:
    """The vault's only way to the store, for this side and for browsers."""
    monkeypatch.setattr(verification, "TRIES", 2)
    monkeypatch.setattr(ahead, "_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(ahead, "TRIES", 3)
    monkeypatch.setattr(s3_client, "READ_TIMEOUT_SECONDS", 2)
    monkeypatch.setattr(s3_client, "ATTEMPTS", 2)
    values = bucket_settings()
    with FaultyProxy(s3.server().endpoint) as made:
        settings.VAULT = settings.VAULT | values | {"S3_ENDPOINT_URL": made.endpoint}
        yield made


def check(world: World, exhibit: Exhibit) -> list[str]:
    """Have the exhibit checked as often as a worker would; its results, newest first."""
    actions.verify_now(world.supervisor, master(exhibit))
    job = Job.objects.filter(object_id=master(exhibit).pk).latest("created_at")
    for _ in range(verification.TRIES):
        Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(not_before=None)
        jobs.run(job.pk)
    return [found.result for found in master(exhibit).verifications.all()]


@pytest.mark.parametrize("kind", ["503", "truncated", "reset", "lost", "silent"])
def test_a_store_that_fails_for_ever_is_no_mismatch(world: World, proxy: FaultyProxy, kind: str) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    fault = proxy.fault(kind, path=master(exhibit).key, seconds=3)
    assert check(world, exhibit) == ["unchecked", "match"]
    assert len(fault.hits) >= verification.TRIES
    assert master(exhibit).state == Blob.State.VERIFIED
    proxy.clear()
    assert check(world, exhibit) == ["match", "unchecked", "match"]


@pytest.mark.parametrize("kind", ["503", "truncated", "reset", "lost"])
def test_a_fault_in_the_middle_of_a_large_file_is_got_over(world: World, proxy: FaultyProxy, kind: str) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=LARGE)
    fault = proxy.fault(kind, times=2, path=master(exhibit).key)
    assert check(world, exhibit) == ["match", "match"]
    assert len(fault.hits) == 2


def test_a_slow_store_is_waited_for(world: World, proxy: FaultyProxy) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    proxy.fault("slow", path=master(exhibit).key, seconds=0.05)
    assert check(world, exhibit) == ["match", "match"]


def test_a_bit_that_turns_once_is_read_again_and_one_that_stays_turned_is_a_change(world: World, proxy: FaultyProxy) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    proxy.fault("flip", times=1, path=master(exhibit).key)
    assert check(world, exhibit) == ["match", "match"]
    assert master(exhibit).verifications.all()[0].note.startswith("The first reading gave")
    proxy.fault("flip", path=master(exhibit).key)
    assert check(world, exhibit) == ["changed", "match", "match"]
    assert master(exhibit).state == Blob.State.QUARANTINED


def test_what_is_gone_from_the_store_is_missing(world: World, proxy: FaultyProxy) -> None:
    exhibit = make_verified_exhibit(world.investigator, world.case, data=BODY)
    blob, store = master(exhibit), vault.store()
    client: Any = store._client  # type: ignore[attr-defined]
    where = {"Bucket": store._bucket, "Key": blob.key, "VersionId": blob.version_id}  # type: ignore[attr-defined]
    client.put_object_legal_hold(**where, LegalHold={"Status": "OFF"})
    client.delete_object(**where, BypassGovernanceRetention=True)
    assert check(world, exhibit) == ["missing", "match"]


# ---- uploads ---------------------------------------------------------------------------------------------------------


def begun(world: World) -> Upload:
    return actions.open_upload(world.investigator, make_exhibit(world.investigator, world.case), size=len(LARGE), name="x")


def piece(upload: Upload, number: int) -> bytes:
    return LARGE[(number - 1) * upload.part_size : number * upload.part_size]


def put(world: World, upload: Upload, number: int) -> int:
    """The status that a sender meets for one part; 0 if the connection broke."""
    body = piece(upload, number)
    signed = actions.sign_part(world.investigator, upload, number, *digests(body))
    try:
        return browser_put(signed, body).status
    except (ConnectionError, http.client.HTTPException):
        return 0


@pytest.mark.parametrize(
    ("kind", "status", "arrived"),
    [("503", 503, False), ("flip_request", 400, False), ("cut_request", 0, False), ("lost", 0, True)],
)
def test_a_part_counts_only_when_the_store_has_it(world: World, proxy: FaultyProxy, kind: str, status: int, arrived: bool) -> None:
    upload = begun(world)
    proxy.fault(kind, times=1, method="PUT")
    assert put(world, upload, 1) == status
    if arrived:
        actions.part_stored(world.investigator, upload, 1)
    else:
        with pytest.raises(ValidationError, match="has not arrived"):
            actions.part_stored(world.investigator, upload, 1)
        assert UploadPart.objects.get(upload=upload, number=1).stored_at is None
    for number in range(1, -(-len(LARGE) // upload.part_size) + 1):
        assert put(world, upload, number) == 200
        actions.part_stored(world.investigator, upload, number)
    blob = actions.complete_upload(world.investigator, upload, digests(LARGE)[2])
    jobs.run(Job.objects.get(object_id=blob.pk).pk)
    blob.refresh_from_db()
    assert blob.state == Blob.State.VERIFIED


@pytest.mark.parametrize("kind", ["503", "lost"])
def test_a_completion_whose_answer_is_lost_is_found_again(world: World, proxy: FaultyProxy, kind: str) -> None:
    upload = begun(world)
    for number in range(1, -(-len(LARGE) // upload.part_size) + 1):
        assert put(world, upload, number) == 200
        actions.part_stored(world.investigator, upload, number)
    proxy.fault(kind, times=1, method="POST")
    try:
        actions.complete_upload(world.investigator, upload, digests(LARGE)[2])
    except Unavailable:
        actions.complete_upload(world.investigator, upload, digests(LARGE)[2])
    upload.refresh_from_db()
    assert upload.state == Upload.State.COMPLETE
    assert vault.store().stat(upload.blob.key, Blob.objects.get(pk=upload.blob_id).version_id).size == 18 * MIB
