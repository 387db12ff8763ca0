"""The upload in a real browser, on both stores: paused, interrupted by a reload, offered another file, resumed, verified."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from evidence.models import Blob, Copy, Exhibit, Upload
from tests.evidence.conftest import World
from tests.factories import make_batch, make_exhibit, run_jobs
from tests.optional import chromium_path, requires
from tests.vault.conftest import bucket_settings
from vault.config import VaultConfig
from vault.protocol import MIB
from vault.s3_bucket import ensure_bucket

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]
SIZE = 72 * MIB + 999
PARTS = 10


@pytest.fixture(params=["folder", pytest.param("s3", marks=requires("s3"))])
def site(request: pytest.FixtureRequest, settings: Any, live_server: Any, folder_vault: Path) -> str:
    """The site's address, with a vault that a browser reaches."""
    url = str(live_server.url)
    settings.VAULT = settings.VAULT | {"PUBLIC_URL": url}
    if request.param == "s3":
        # A bucket of its own, because its CORS rule names this site; and a policy that lets the page reach it
        own = bucket_settings() | {"PUBLIC_URL": url, "S3_BUCKET": f"browser-{live_server.thread.port}"}
        ensure_bucket(VaultConfig.from_mapping(own))
        settings.VAULT = settings.VAULT | own
        directives = django_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        reached: Any = directives["connect-src"]
        allowed = directives | {"connect-src": [*reached, own["S3_ENDPOINT_URL"]]}
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": allowed}
    return url


@pytest.fixture
def page_of(site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], Any]]:
    """`page_of(user)`: a browser's page for somebody who has signed in; what it complains of is in `page.problems`."""
    # Playwright's loop runs in this thread, and Django takes that for an asynchronous caller
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])

        def make(user: Any) -> Any:
            client = Client()
            client.force_login(user)
            context = browser.new_context(base_url=site)
            name = django_settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
            page: Any = context.new_page()
            # One session for the line's whole life: two would each keep their own idea of it
            page.line = context.new_cdp_session(page)
            page.problems = []
            page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: page.problems.append(str(error)))
            return page

        yield make
        browser.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "recording.bin"
    path.write_bytes(hashlib.shake_128(b"recording").digest(SIZE))
    return path


def line(page: Any, *, bytes_per_second: int = -1, offline: bool = False) -> None:
    """Throttle the page's line (-1: as fast as it goes), or cut it."""
    conditions = {"offline": offline, "latency": 1, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    page.line.send("Network.emulateNetworkConditions", conditions)


def stored(exhibit: Exhibit) -> int:
    """How many parts the server knows to be stored."""
    upload = Upload.objects.filter(blob__copy__exhibit=exhibit).first()
    return upload.parts.exclude(stored_at=None).count() if upload else 0


def wait_for_parts(page: Any, exhibit: Exhibit, number: int) -> None:
    for _ in range(600):
        if stored(exhibit) >= number:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{number} parts did not arrive")


def test_an_upload_survives_a_pause_a_reload_and_another_file(
    world: World, page_of: Callable[[Any], Any], file: Path, tmp_path: Path
) -> None:
    exhibit = make_exhibit(world.investigator, world.case)
    page = page_of(world.investigator)
    page.goto(f"/exhibits/{exhibit.pk}/")
    line(page, bytes_per_second=6 * MIB)
    page.get_by_label("Choose the file").set_input_files(file)
    wait_for_parts(page, exhibit, 1)

    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[data-upload-part=title]")).to_have_text("Paused")
    page.wait_for_timeout(1000)
    paused_at = stored(exhibit)
    page.wait_for_timeout(1500)
    assert stored(exhibit) == paused_at
    page.get_by_role("button", name="Go on").click()
    wait_for_parts(page, exhibit, paused_at + 1)

    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/exhibits/{exhibit.pk}/")
    # The server may still be at what the page had sent
    page.wait_for_timeout(1000)
    held = stored(exhibit)
    assert 0 < held < PARTS
    other = tmp_path / "other.bin"
    changed = bytearray(file.read_bytes())
    changed[20] ^= 1
    other.write_bytes(changed)
    line(page)
    page.get_by_label("Choose the same file").set_input_files(other)
    expect(page.locator("[data-upload-part=error]")).to_contain_text("part 1 is the first that differs", timeout=30_000)
    assert stored(exhibit) == held

    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    page.get_by_label("Choose the same file").set_input_files(file)
    expect(page.get_by_text(re.compile("Not yet verified")).first).to_be_visible(timeout=60_000)
    assert len(sent) == PARTS - held
    run_jobs("evidence.verify")
    # The page asks by itself
    expect(page.get_by_role("button", name="View the file")).to_be_visible(timeout=15_000)
    blob = Blob.objects.get(copy__exhibit=exhibit, copy__kind=Copy.Kind.MASTER)
    assert (blob.state, blob.sha256) == (Blob.State.VERIFIED, hashlib.sha256(file.read_bytes()).hexdigest())
    assert page.problems == []


def test_a_lost_connection_is_waited_out(world: World, page_of: Callable[[Any], Any], file: Path) -> None:
    os.truncate(file, 24 * MIB)
    exhibit = make_exhibit(world.investigator, world.case)
    page = page_of(world.investigator)
    page.goto(f"/exhibits/{exhibit.pk}/")
    line(page, bytes_per_second=6 * MIB)
    page.get_by_label("Choose the file").set_input_files(file)
    wait_for_parts(page, exhibit, 1)
    line(page, offline=True)
    expect(page.locator("[data-upload-part=title]")).to_contain_text("The connection was lost", timeout=15_000)
    line(page)
    expect(page.get_by_text(re.compile("Not yet verified")).first).to_be_visible(timeout=60_000)
    blob = Blob.objects.get(copy__exhibit=exhibit, copy__kind=Copy.Kind.MASTER)
    assert (blob.state, blob.size) == (Blob.State.RECEIVED, 24 * MIB)


def test_a_folder_is_sent_interrupted_and_gone_on_with(world: World, page_of: Callable[[Any], Any], tmp_path: Path) -> None:
    folder = tmp_path / "scene"
    folder.mkdir()
    for number in range(1, 31):
        (folder / f"{number}.jpg").write_bytes(hashlib.shake_128(b"%d" % number).digest(300_000 + number))
    (folder / "31.jpg").write_bytes(b"")
    batch = make_batch(world.exhibits, world.case, initials="AB")
    page = page_of(world.exhibits)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/batches/{batch.pk}/")
    line(page, bytes_per_second=MIB)
    page.get_by_label("Or choose a folder").set_input_files(folder)
    expect(page.locator("[data-uploads-part=text]")).to_contain_text(re.compile(r"^[5-9] of 31 files"), timeout=60_000)
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[data-uploads-part=title]")).to_have_text("Paused")
    page.goto(f"/batches/{batch.pk}/")
    line(page)
    page.get_by_label("Or choose a folder").set_input_files(folder)
    expect(page.locator("[data-uploads-part=title]")).to_have_text("Some files were not sent", timeout=90_000)
    expect(page.locator("[data-uploads-part=text]")).to_contain_text("30 of 31 files")
    empty = page.get_by_role("row", name="scene/31.jpg")
    expect(empty).to_contain_text("The file is empty")
    # Nothing failed that trying again could mend
    expect(page.get_by_role("button", name="again")).to_have_count(0)
    # References follow the files' order, and no file came twice
    expect(page.get_by_role("row", name="scene/30.jpg")).to_contain_text("AB/30")
    blobs = Blob.objects.filter(copy__exhibit__batch=batch).values_list("copy__exhibit__reference", "original_name", "sha256")
    assert {(reference, name) for reference, name, _ in blobs} == {(f"AB/{n}", f"scene/{n}.jpg") for n in range(1, 31)}
    assert {sha256 for *_, sha256 in blobs} == {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("[!.]*") if path.stat().st_size
    }
    assert page.problems == []


def test_where_the_store_cannot_be_reached_it_says_so_and_tries_again(
    world: World, page_of: Callable[[Any], Any], tmp_path: Path
) -> None:
    file = tmp_path / "file.bin"
    file.write_bytes(b"bytes" * 1000)
    exhibit = make_exhibit(world.investigator, world.case)
    page = page_of(world.investigator)
    page.clock.install()
    blocked = re.compile(r"/vault/parts/|partNumber=")
    page.route(blocked, lambda route: route.abort())
    page.goto(f"/exhibits/{exhibit.pk}/")
    page.get_by_label("Choose the file").set_input_files(file)
    for _ in range(5):
        expect(page.locator("[data-upload-part=title]")).to_contain_text("The connection was lost", timeout=15_000)
        page.clock.fast_forward(31_000)
        page.wait_for_timeout(300)
    expect(page.locator("[data-upload-part=advice]")).to_contain_text("This site answers, but the store", timeout=15_000)
    page.unroute(blocked)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text(re.compile("Not yet verified")).first).to_be_visible(timeout=30_000)
