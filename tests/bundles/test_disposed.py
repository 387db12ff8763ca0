"""Who disposes of an exhibit disposes of the bundles that hold a copy of it; what is written of them stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

import vault
from accounts.models import Role
from audit.models import Event
from bundles import actions, checking
from bundles.models import Bundle
from cases.actions import add_team_member
from cases.models import Case, RetentionRule
from evidence import disposal, keeping
from evidence.models import Disposal, Retention
from jobs.models import Job
from portal.models import Bundle as PortalBundle
from tests.bundles.arrange import make_bundle, make_world
from tests.bundles.test_pages import signed_in, text_of
from tests.factories import make_cps_area, make_user, run_jobs
from vault.errors import Missing, StillLocked

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The time for which it had to be kept is over"


def test_it_goes_with_the_exhibit_and_is_handed_out_no_more(
    settings: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAULT = settings.VAULT | {"FOLDER": str(tmp_path / "vault")}  # type: ignore[attr-defined]
    with monkeypatch.context() as patched:
        # As if the time had been over when the files came: no lock of theirs is left to wait for
        patched.setattr(keeping, "_end", lambda kept: timezone.now() - timedelta(days=1))
        world = make_world()
    bundle, other = make_bundle(world), make_bundle(world, "defence")  # nothing was released to the defence
    exhibit, store = world.release.document.exhibit, vault.store()
    ticket = actions.open_bundle(world.officer, bundle, "To hand it over")
    keeper = make_user(Role.EXHIBITS, organisation=world.case.organisation)
    add_team_member(world.investigator, world.case, keeper, Role.EXHIBITS)
    Retention.objects.create(
        case=world.case,
        rule=RetentionRule.objects.get(name="MoPI group 3"),
        until=timezone.now().date() - timedelta(days=1),
        reason=WHY,
        by=world.supervisor,
    )
    Case.objects.filter(pk=world.case.pk).update(state=Case.State.CONCLUDED)
    exhibit.refresh_from_db()
    asked = disposal.ask(keeper, exhibit, WHY)
    assert bundle.disposed() == []
    Case.objects.filter(pk=world.case.pk).update(cps_area=make_cps_area())
    listed = PortalBundle.objects.filter(pk=bundle.pk)
    assert listed.exists()
    assert store.stat(bundle.key, bundle.version_id).size == bundle.size

    disposal.approve(world.supervisor, asked)
    assert not listed.exists()
    with pytest.raises(ValidationError, match="is disposed of, and this bundle with it"):
        actions.open_bundle(world.officer, bundle, "To hand it over")
    remove = type(store).remove

    def locked(self: object, key: str, version_id: str) -> None:
        if key == bundle.key:
            raise StillLocked("The store keeps it until tomorrow.")
        remove(self, key, version_id)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(type(store), "remove", locked)
        run_jobs()
    asked.refresh_from_db()
    assert (asked.state, store.stat(bundle.key, bundle.version_id).size) == (Disposal.State.APPROVED, bundle.size)
    Job.objects.update(not_before=None)
    run_jobs()
    asked.refresh_from_db()
    assert asked.state == Disposal.State.DONE
    with pytest.raises(Missing):
        store.stat(bundle.key, bundle.version_id)
    assert store.stat(other.key, other.version_id).size == other.size

    kept = Bundle.objects.get(pk=bundle.pk)
    assert (kept.sha256, kept.disposed()) == (bundle.sha256, [exhibit.reference])
    assert [event.verb for event in Event.objects.about("bundle", bundle.pk)].count("bundle.disposed") == 1
    client = signed_in(world.officer)
    assert "is disposed of, and the file of this bundle with it" in text_of(client.get(reverse("bundles:bundle", args=[bundle.pk])))
    assert client.get(reverse("bundles:content", args=[ticket.id])).status_code == 404
    with pytest.raises(ValidationError, match="nothing to check"):
        actions.verify_now(world.officer, bundle)
    monkeypatch.setattr(timezone, "now", lambda now=timezone.now: now() + timedelta(days=60))
    checking.ask_for_checks()
    run_jobs("bundles.check")
    last = kept.last_check()
    assert last is not None
    assert (last.result, last.note, kept.is_damaged()) == ("unchecked", "It was disposed of.", False)
