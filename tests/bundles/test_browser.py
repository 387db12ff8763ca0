"""Bundles in a real browser: asked for, made, downloaded; every page wide and narrow."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from evidence_verify.check import check

from audit.sequencer import Sequencer
from bundles.models import Bundle
from tests.bundles.arrange import make_world
from tests.disclosure import test_browser as disclosure
from tests.factories import PASSWORD, run_jobs
from tests.optional import requires

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]
page = disclosure.page


def test_a_bundle_is_asked_for_made_and_downloaded(page: Any, tmp_path: Path) -> None:
    world = make_world()
    disclosure.sign_in(page, world.officer)
    page.goto(reverse("bundles:list", args=[world.case.pk]))
    disclosure.look(page, "bundles-none")
    page.get_by_role("button", name="Make a bundle").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("heading", name="Make a bundle").wait_for()
    disclosure.look(page, "bundles-new")
    page.get_by_label("CPS").check()
    page.get_by_label("What is it needed for?").fill("Charging request")
    page.get_by_role("button", name="Make the bundle").click()
    page.get_by_text("Being made").wait_for()
    disclosure.look(page, "bundle-asked")
    Sequencer.from_settings().drain()
    run_jobs("bundles.make")
    bundle = Bundle.objects.get(case=world.case)
    # the page notices by itself
    page.get_by_role("button", name="Download the bundle").wait_for()
    disclosure.look(page, "bundle-made")
    page.get_by_label("What do you open it for?").fill("To hand it to the CPS")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the bundle").click()
    kept = tmp_path / download.value.suggested_filename
    download.value.save_as(kept)
    assert kept.name == f"{bundle.name}.zip"
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == bundle.sha256
    page.goto(reverse("bundles:list", args=[world.case.pk]))
    disclosure.look(page, "bundles-list")
    page.get_by_role("link", name="the public keys for that").click()
    disclosure.look(page, "keys")
    page.emulate_media(media="print")
    page.screenshot(path=disclosure.PICTURES / "keys-print.png", full_page=True)
    page.emulate_media(media="screen")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download both as keys.txt").click()
    download.value.save_as(tmp_path / "keys.txt")
    assert check(kept, str(tmp_path / "keys.txt")).problems == []
