"""The viewers in a real browser, under the pages' own Content-Security-Policy."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from evidence.opening import open_blob
from evidence.reading import counted
from tests import media
from tests.evidence.conftest import World
from tests.evidence.hostile import pdf, picture
from tests.evidence.test_verification import master
from tests.factories import make_verified_exhibit
from tests.optional import chromium_path, requires

pytestmark = [requires("chromium", "static"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shown(
    world: World, live_server: Any, settings: Any, folder_vault: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[bytes], Any]]:
    """`shown(data)`: a browser's page with the viewer of an exhibit that holds these bytes."""
    settings.VAULT = settings.VAULT | {"PUBLIC_URL": str(live_server.url)}
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        problems: list[str] = []

        def make(data: bytes) -> Any:
            blob = master(make_verified_exhibit(world.investigator, world.case, data=data))
            ticket = open_blob(world.disclosure, blob, "Disclosure review")
            client = Client()
            client.force_login(world.disclosure)
            context = browser.new_context(base_url=str(live_server.url))
            name = django_settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": str(live_server.url)}])
            page: Any = context.new_page()
            page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.goto(f"/reading/{ticket.id}/")
            page.ticket = ticket.id
            return page

        yield make
        browser.close()
        assert problems == []


def long_pdf() -> bytes:
    """60 pages with words, and 8 MB that no page needs."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200))
    for number in range(1, 61):
        canvas.drawString(20, 100, f"Sheet {number}" + (" kumquat" if number == 47 else ""))
        if number == 55:
            noise = Image.frombytes("RGB", (1600, 1600), os.urandom(1600 * 1600 * 3))
            canvas.drawImage(ImageReader(noise), 0, 0, 10, 10)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def test_a_pdf_is_read_page_by_page_from_ranges(shown: Callable[[bytes], Any]) -> None:
    data = long_pdf()
    page = shown(data)
    sheet = page.locator(".app-pdf")
    expect(sheet).to_have_attribute("data-drawn", "1", timeout=60_000)
    expect(page.locator(".app-pdf__words")).to_contain_text("Sheet 1")
    page.locator("[data-pdf=page]").focus()
    page.keyboard.press("PageDown")
    expect(sheet).to_have_attribute("data-drawn", "2")
    page.get_by_label("Find words").fill("kumquat")
    page.get_by_role("button", name="Find next page").click()
    expect(page.locator("[data-pdf=status]")).to_have_text("Found on page 47", timeout=60_000)
    page.get_by_role("button", name="Rotate").click()
    page.get_by_label("Page", exact=True).fill("60")
    page.keyboard.press("Enter")
    expect(page.locator(".app-pdf__words")).to_contain_text("Sheet 60", timeout=60_000)
    # The pages it drew are a fraction of the file
    assert counted(page.ticket)[0] < len(data) / 2
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/pdf.png", full_page=True)


def test_a_locked_pdf_says_so(shown: Callable[[bytes], Any]) -> None:
    page = shown(pdf(password="secret"))
    expect(page.locator("[data-pdf=status]")).to_contain_text("protected by a password", timeout=60_000)


def test_a_picture_is_enlarged_and_turned_by_keyboard(shown: Callable[[bytes], Any]) -> None:
    page = shown(picture("PNG"))
    page.locator("[data-pan]").focus()
    for key in "+r":
        page.keyboard.press(key)
    image = page.locator(".app-picture img")
    assert image.evaluate("image => [image.style.width, image.style.transform]") == ["125%", "rotate(90deg)"]
    page.get_by_role("button", name="Whole picture").click()
    assert image.evaluate("image => [image.style.width, image.style.transform]") == ["", ""]


def test_a_video_is_stepped_by_frames(shown: Callable[[bytes], Any]) -> None:
    page = shown(media.recording("a.webm", "-c:v", "libvpx", "-c:a", "libopus"))
    video = page.locator("video")
    expect(page.locator("[data-clock]")).to_have_text("00:00:00:00")
    video.evaluate("video => new Promise(done => video.readyState ? done() : video.addEventListener('loadeddata', done))")
    for _ in range(12):
        page.get_by_role("button", name="On a frame").click()
    # 10 frames a second
    expect(page.locator("[data-clock]")).to_have_text("00:00:01:02")
    page.locator(".app-recording").get_by_role("button", name="Back a frame").press(",")
    expect(page.locator("[data-clock]")).to_have_text("00:00:01:01")
    page.get_by_label("Speed").select_option("2")
    assert video.evaluate("video => video.playbackRate") == 2


def test_a_sound_has_a_picture(shown: Callable[[bytes], Any]) -> None:
    page = shown(media.recording("a.wav", picture=False))
    canvas = page.locator("canvas[data-drawn=true]")
    expect(canvas).to_be_visible(timeout=60_000)
    canvas.click(position={"x": canvas.bounding_box()["width"] / 2, "y": 20})
    page.wait_for_function("Math.abs(document.querySelector('audio').currentTime - 1.5) < 0.2")
