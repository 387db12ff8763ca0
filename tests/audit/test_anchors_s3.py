"""Anchors of the log on real S3, under object lock: what can be done to one, and that it isn't done unnoticed."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.core.management import call_command
from pytest_django import Settings

from audit import anchors, conf, notes
from audit.models import Anchor, Checkpoint, Event
from audit.sequencer import Sequencer
from audit.verify import verify
from tests.audit.conftest import note
from tests.optional import requires
from tests.vault.conftest import bucket_settings
from vault.anchors import PREFIX, S3Shelf
from vault.errors import VaultError

pytestmark = [requires("s3"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bucket(settings: Settings, capsys: pytest.CaptureFixture[str]) -> str:
    """A bucket for anchors, made by the command as an operator makes it; a second run does no harm."""
    settings.VAULT = dict(settings.VAULT) | bucket_settings()
    name = f"anchors-{secrets.token_hex(6)}"
    settings.AUDIT = dict(settings.AUDIT) | {"ANCHOR_BUCKET": name}
    for _ in range(2):
        call_command("make_bucket")
        assert f"The bucket {name} for the log's anchors is ready." in capsys.readouterr().out
    return name


@pytest.fixture
def client(bucket: str) -> Any:
    """With a key that may bypass governance, which the application's must not."""
    shelf = anchors.open_shelf()
    assert isinstance(shelf, S3Shelf)
    return shelf._client


@pytest.fixture
def three(events: list[Event], bucket: str) -> list[Anchor]:
    """Three texts on the shelf."""
    made = [anchors.anchor(anchors.VAULT)]
    for number in (11, 12):
        note(number)
        Sequencer.from_settings().drain()
        made.append(anchors.anchor(anchors.VAULT))
    return [one for one in made if one is not None]


def where(anchor: Anchor, bucket: str) -> dict[str, str]:
    return {"Bucket": bucket, "Key": PREFIX + anchor.name}


def findings() -> list[str]:
    return [f"{finding.kind}: {finding.message}" for finding in verify().findings]


def remove(client: Any, bucket: str, anchor: Anchor) -> None:
    """As somebody who may bypass governance removes it."""
    version = {"VersionId": anchor.version_id, "BypassGovernanceRetention": True}
    client.delete_object(**where(anchor, bucket), **version)


def test_anchors_lie_in_their_own_bucket_locked_for_as_long_as_was_asked(three: list[Anchor], client: Any, bucket: str) -> None:
    for anchor in three:
        kept = client.get_object_retention(**where(anchor, bucket), VersionId=anchor.version_id)["Retention"]
        assert kept["Mode"] == "GOVERNANCE"
        assert kept["RetainUntilDate"] > datetime.now(UTC) + timedelta(days=conf.anchor_days() - 1)
    assert list(anchors.anchored_notes(anchors.open_shelf())) == list(
        Checkpoint.objects.order_by("size").values_list("note", flat=True)
    )
    assert findings() == []


def test_what_the_applications_key_can_do_changes_nothing(three: list[Anchor], client: Any, bucket: str) -> None:
    """Write another version over one, lay a delete marker on another, and try to remove the third."""
    first, second, third = three
    seed = conf.signing_key()
    assert seed is not None
    forged = notes.sign(notes.Checkpoint(conf.origin(), first.size, bytes(32)), seed)
    client.put_object(**where(first, bucket), Body=forged.encode())
    client.delete_object(**where(second, bucket))
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(**where(third, bucket), VersionId=third.version_id)
    report = verify()
    assert (report.findings, report.unchecked) == ([], [])
    assert report.anchored == Checkpoint.objects.count()


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_that_was_removed_is_named_wherever_it_stood(three: list[Anchor], client: Any, bucket: str, place: int) -> None:
    gone = three[place]
    remove(client, bucket, gone)
    [found] = findings()
    assert found.startswith(f"anchor: The vault lacks {gone.name}")
    assert found.endswith("it was removed there")


def test_one_that_was_replaced_is_found(three: list[Anchor], client: Any, bucket: str) -> None:
    """By somebody who has the log's key too, so that the new text is signed like the old."""
    gone = three[1]
    seed = conf.signing_key()
    assert seed is not None
    forged = notes.sign(notes.Checkpoint(conf.origin(), gone.size, bytes(32)), seed)
    client.put_object(**where(gone, bucket), Body=forged.encode())
    remove(client, bucket, gone)
    assert any(found.startswith("rewritten") for found in findings())


def test_a_bucket_without_object_lock_keeps_no_anchor(events: list[Event], client: Any, settings: Settings) -> None:
    plain = f"plain-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=plain)
    settings.AUDIT = dict(settings.AUDIT) | {"ANCHOR_BUCKET": plain}
    with pytest.raises(VaultError):
        anchors.anchor(anchors.VAULT)
    assert not Anchor.objects.exists()
