"""Bundles that are kept are read again like exhibits' files; one that is damaged is handed out no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.actions import Refused
from audit.models import Event
from bundles import actions, checking
from bundles.models import Bundle, BundleCheck
from jobs.models import Job
from portal.models import Bundle as PortalBundle
from tests.bundles.arrange import World, make_bundle, make_light_world
from tests.bundles.test_pages import signed_in, text_of
from tests.factories import make_user, run_jobs
from vault.errors import Unavailable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A vault of this test's own."""
    settings.VAULT = settings.VAULT | {"FOLDER": str(tmp_path / "vault")}  # type: ignore[attr-defined]
    return tmp_path / "vault"


@pytest.fixture
def world(folder: Path) -> World:
    return make_light_world()


def stored(folder: Path, bundle: Bundle) -> Path:
    """The bundle's own file in the vault."""
    kept = folder / "objects" / bundle.key[:2] / bundle.key / bundle.version_id
    [path] = [path for path in kept.iterdir() if path.name[0] == "0"]
    path.chmod(0o600)
    return path


def checked(world: World, bundle: Bundle) -> BundleCheck:
    """The outcome of one check that was asked for."""
    actions.verify_now(world.officer, bundle)
    run_jobs("bundles.check")
    last = bundle.last_check()
    assert last is not None
    return last


def test_a_whole_bundle_matches_and_the_page_says_when(world: World) -> None:
    bundle = make_bundle(world)
    client, page = signed_in(world.investigator), reverse("bundles:bundle", args=[bundle.pk])
    assert "Not since it was made" in text_of(client.get(page))
    assert "The check was asked for" in text_of(client.post(reverse("bundles:check", args=[bundle.pk]), follow=True))
    assert "Checking the bundle" in text_of(client.get(page))
    run_jobs("bundles.check")
    assert bundle.checks.get().result == "match"
    assert "matches" in text_of(client.get(page))
    event = Event.objects.about("bundle", bundle.pk).get(verb="bundle.verified")
    assert (event.after or {})["found"] == bundle.sha256
    actions.open_bundle(world.officer, bundle, "To hand it over")


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize(("damage", "result"), [(flip, "changed"), (shorten, "truncated"), (Path.unlink, "missing")])
def test_damage_is_told_and_the_bundle_is_handed_out_no_more(
    world: World, folder: Path, damage: Callable[[Path], None], result: str
) -> None:
    bundle = make_bundle(world)
    ticket = actions.open_bundle(world.officer, bundle, "To hand it over")
    damage(stored(folder, bundle))
    assert checked(world, bundle).result == result
    assert world.officer.notifications.filter(text__contains="is damaged", important=True).exists()
    assert not world.investigator.notifications.filter(text__contains="is damaged").exists()
    with pytest.raises(ValidationError, match="no longer what was made"):
        actions.open_bundle(world.officer, bundle, "Again")
    client = signed_in(world.officer)
    assert client.get(reverse("bundles:content", args=[ticket.id])).status_code == 404
    page = text_of(client.get(reverse("bundles:bundle", args=[bundle.pk])))
    assert "make a new bundle" in page
    assert "Download the bundle" not in page
    assert Event.objects.about("bundle", bundle.pk).filter(verb="bundle.damaged").exists()
    assert not PortalBundle.objects.filter(pk=bundle.pk).exists()


def test_a_store_that_does_not_answer_is_no_damage(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = make_bundle(world)

    def fail(*_: object) -> None:
        raise Unavailable("The store can't be reached; try again later.")

    monkeypatch.setattr("vault.folder.FolderStore.read", fail)
    actions.verify_now(world.officer, bundle)
    run_jobs("bundles.check")
    job = Job.objects.get(kind="bundles.check")
    assert (job.state, bundle.last_check()) == (Job.State.QUEUED, None)
    monkeypatch.setattr(checking, "TRIES", 0)
    Job.objects.update(not_before=None)
    run_jobs("bundles.check")
    last = bundle.last_check()
    assert last is not None
    assert (last.result, bundle.is_damaged()) == ("unchecked", False)


def test_each_is_read_again_within_the_days_that_files_are(world: World) -> None:
    bundle = make_bundle(world)
    assert checking.ask_for_checks() == 0
    Bundle.objects.bulk_create(
        Bundle(case=world.case, audience="cps", purpose="Old", asked_by=world.officer, state=state, made_at=day, sha256="0" * 64)
        for state, day in (("made", timezone.now() - timedelta(days=31)), ("failed", None))
    )
    assert checking.ask_for_checks() == 1
    assert checking.ask_for_checks() == 0, "it waits already"
    assert not Job.objects.filter(kind="bundles.check", object_id=bundle.pk).exists()


def test_only_who_sees_it_has_it_checked(world: World) -> None:
    bundle = make_bundle(world)
    with pytest.raises(Refused):
        actions.verify_now(make_user(), bundle)
    asked = actions.ask(world.officer, world.case, "cps", "Again")
    with pytest.raises(ValidationError, match="not made yet"):
        actions.verify_now(world.officer, asked)
