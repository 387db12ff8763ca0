"""The pages of bundles, and the command."""

from __future__ import annotations

import hashlib
import io
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from evidence_verify.check import check

from accounts.models import User
from audit.models import Event
from audit.sequencer import Sequencer
from bundles import actions, conf
from bundles.models import Bundle
from redaction import actions as redaction_actions
from tests.bundles.arrange import World, make_bundle, make_light_world, make_world
from tests.factories import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(user: User) -> Client:
    """A browser in which this person has signed in just now."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + 3600, "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def text_of(response: Any) -> str:
    """A page's words."""
    return str(response.content.decode())


def test_from_the_empty_list_to_the_downloaded_file() -> None:
    world = make_world()
    client = signed_in(world.officer)
    listed = text_of(client.get(reverse("bundles:list", args=[world.case.pk])))
    assert "No bundle has been made" in listed
    address = reverse("bundles:new", args=[world.case.pk])
    asked = text_of(client.get(address))
    assert f"Would hold: {world.release.document.exhibit.reference} (redacted), MG6C version 1" in asked
    assert "Would hold: MG6C version 1" in asked  # the defence
    empty = client.post(address, {"audience": "", "purpose": ""})
    assert empty.status_code == 422
    made = client.post(address, {"audience": "cps", "purpose": "Charging request"})
    bundle = Bundle.objects.get(case=world.case)
    assert made["Location"] == reverse("bundles:bundle", args=[bundle.pk])
    waiting = text_of(client.get(made["Location"]))
    assert "Making the bundle" in waiting
    assert "Download the bundle" not in waiting
    assert "already being made" in text_of(client.post(address, {"audience": "cps", "purpose": "Again"}))
    Sequencer.from_settings().drain()
    run_jobs("bundles.make")
    page = text_of(client.get(made["Location"]))
    bundle.refresh_from_db()
    assert bundle.sha256 in page.replace("<wbr>", "")
    assert f"evidence-verify {bundle.name}.zip --key keys.txt" in page
    assert client.post(reverse("bundles:open", args=[bundle.pk]), {"purpose": ""}).status_code == 422
    opened = client.post(reverse("bundles:open", args=[bundle.pk]), {"purpose": "To hand it to the CPS"})
    file = client.get(opened["Location"])
    data = b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(data).hexdigest() == bundle.sha256
    assert file["Content-Disposition"] == f'attachment; filename="{bundle.name}.zip"'
    redaction_actions.recall(world.supervisor, world.release, "A name was left in")
    assert client.get(opened["Location"]).status_code == 404
    assert "has been recalled since" in text_of(client.get(made["Location"]))


def test_a_failed_bundle_says_why_and_what_to_do(settings: Any) -> None:
    world = make_light_world()
    settings.BUNDLES = settings.BUNDLES | {"SIGNING_KEY": None}
    bundle = make_bundle(world)
    page = text_of(signed_in(world.officer).get(reverse("bundles:bundle", args=[bundle.pk])))
    assert "The worker has no BUNDLE_SIGNING_KEY" in page
    assert "make another bundle" in page


def test_the_list_asks_as_many_questions_for_twenty_as_for_one(django_assert_max_num_queries: Any) -> None:
    world = make_light_world()
    make_bundle(world)
    client = signed_in(world.supervisor)
    address = reverse("bundles:list", args=[world.case.pk])
    client.get(address)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(19):
        Bundle.objects.create(case=world.case, audience="cps", purpose="More", asked_by=world.officer)
    with django_assert_max_num_queries(len(one)):
        assert text_of(client.get(address)).count("bundle for the CPS") == 20


def test_the_keys_are_there_to_print_and_to_keep(settings: Any) -> None:
    client = signed_in(make_light_world().officer)
    page = text_of(client.get(reverse("bundles:keys"))).replace("<wbr>", "")
    for line in conf.key_file().splitlines():
        assert line in page.replace("&#x2B;", "+")
    file = client.get(reverse("bundles:key_file"))
    assert hashlib.sha256(file.content).hexdigest() == conf.fingerprint()
    assert conf.fingerprint() in page
    settings.BUNDLES = settings.BUNDLES | {"PUBLIC_KEY": None}
    assert "Bundles are not set up here" in text_of(client.get(reverse("bundles:keys")))
    assert client.get(reverse("bundles:key_file")).status_code == 404


@pytest.fixture
def working(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker and the sequencer do their part whenever the command waits."""

    def work(seconds: float) -> None:
        Sequencer.from_settings().drain()
        run_jobs("bundles.make")

    monkeypatch.setattr("bundles.management.commands.make_bundle.time.sleep", work)


@pytest.mark.usefixtures("working")
def test_the_command_writes_a_bundle_that_holds(tmp_path: Path) -> None:
    world = make_light_world()
    out, said = tmp_path / "bundle.zip", io.StringIO()
    call_command("make_bundle", world.case.crime_number, str(out), audience="cps", by=world.officer.email, stdout=said)
    assert said.getvalue().split()[0] == hashlib.sha256(out.read_bytes()).hexdigest()
    (tmp_path / "keys.txt").write_text(conf.key_file())
    assert check(out, str(tmp_path / "keys.txt")).problems == []
    assert Event.objects.filter(verb="blob.opened", object_type="bundle").exists()


def test_the_command_says_why_it_can_t(tmp_path: Path) -> None:
    world = make_light_world()
    out = tmp_path / "bundle.zip"

    def refused(case: object, by: str, **more: Any) -> str:
        with pytest.raises(CommandError) as error:
            call_command("make_bundle", str(case), str(out), audience="cps", by=by, **more)
        return str(error.value)

    assert "There is no case 45/000000/26" in refused("45/000000/26", world.officer.email)
    assert "There is no user nobody" in refused(world.case.pk, "nobody@example.org")
    assert "may not do this" in refused(world.case.pk, world.investigator.email)
    assert "Not made within 0 s" in refused(world.case.pk, world.officer.email, wait=0)
    out.write_text("mine")
    assert "exists already" in refused(world.case.pk, world.officer.email)
    assert out.read_text() == "mine"


def test_a_person_who_leaves_the_case_reads_no_further() -> None:
    world: World = make_light_world()
    bundle = make_bundle(world)
    ticket = actions.open_bundle(world.officer, bundle, "To hand it over")
    client = signed_in(world.officer)
    address = reverse("bundles:content", args=[ticket.id])
    assert client.get(address).status_code == 200
    world.case.team.filter(user=world.officer).update(left_at=world.case.created_at)
    assert client.get(address).status_code == 404
