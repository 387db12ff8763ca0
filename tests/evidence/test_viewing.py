"""Viewing copies: made of what no browser shows, marked as such, the original kept."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from audit.models import Event
from evidence import viewing
from evidence.models import Blob, Copy
from jobs.models import Job
from sandbox import Refused, run
from tests import media
from tests.evidence.conftest import World
from tests.evidence.hostile import picture
from tests.evidence.test_facts import facts_of
from tests.evidence.test_verification import master
from tests.factories import make_verified_exhibit, run_jobs


@pytest.fixture(autouse=True)
def program(settings: Any) -> None:
    settings.FFMPEG = media.ffmpeg()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def made_of(world: World, data: bytes) -> tuple[Blob, Blob | None]:
    blob = master(make_verified_exhibit(world.investigator, world.case, data=data))
    run_jobs()
    return blob, viewing.copy_of(blob)


def bytes_of(blob: Blob) -> bytes:
    import vault

    return b"".join(vault.store().read(blob.key, blob.version_id))


def test_a_recording_that_no_browser_plays_gets_a_viewing_copy(world: World, tmp_path: Path) -> None:
    blob, view = made_of(world, media.avi())
    assert view is not None
    assert (view.media_type, view.facts["playable"]) == ("video/webm", True)
    facts = facts_of(bytes_of(view), tmp_path)
    assert 2.9 < facts["seconds"] < 3.3
    assert dict(facts["rows"])["Picture"].startswith("VP9")
    assert view.copy.parent == blob.copy
    assert view.copy.made_with.startswith("ffmpeg ")
    assert view.copy.made_with.endswith("(VP9, Opus)")
    event = Event.objects.get(verb="copy.added")
    assert event.actor_id is None
    assert bytes_of(blob) == media.avi()
    client = signed_in(world.disclosure)
    assert "Transcoded by ffmpeg" in client.get(f"/exhibits/{blob.exhibit.pk}/").content.decode()
    # Viewing shows the copy and says so; a download is the original
    shown = client.post(f"/blobs/{blob.pk}/open/", {"purpose": "Disclosure review", "view": "1"}, follow=True)
    assert "transcoded by ffmpeg" in shown.content.decode()
    assert "<video" in shown.content.decode()
    got = client.post(f"/blobs/{blob.pk}/open/", {"purpose": "Disclosure review", "download": "1"}, follow=True)
    assert b"".join(got) == media.avi()


def test_a_picture_that_no_browser_shows_gets_one_too(world: World) -> None:
    _, view = made_of(world, picture("TIFF"))
    assert view is not None
    with Image.open(io.BytesIO(bytes_of(view))) as image:
        assert (image.format, image.size) == ("PNG", (40, 30))


def test_what_can_be_shown_gets_none(world: World) -> None:
    for data in (picture("PNG"), media.mp4(), b"text"):
        blob, view = made_of(world, data)
        assert (view, viewing.standing(blob)) == (None, "")
    assert not Copy.objects.filter(kind=Copy.Kind.VIEWING).exists()


def test_without_the_program_the_page_says_what_to_do(world: World, settings: Any) -> None:
    settings.FFMPEG = "no-such-program"
    blob, view = made_of(world, media.avi())
    assert view is None
    shown = signed_in(world.disclosure).get(f"/exhibits/{blob.exhibit.pk}/").content.decode()
    assert "The program ffmpeg is not installed" in shown


def test_what_cannot_be_decoded_says_so(world: World) -> None:
    broken = b"RIFF\x00\x00\x00\x00AVI LIST" + bytes(5000)
    other = master(make_verified_exhibit(world.investigator, world.case, data=broken))
    Blob.objects.filter(pk=other.pk).update(facts={"playable": False, "seconds": 3.0})
    other.refresh_from_db()
    viewing.ask(other)
    run_jobs()
    job = Job.objects.get(kind=viewing.MAKE, object_id=other.pk)
    assert (job.state, job.attempt) == (Job.State.FAILED, 1)
    assert "can't be decoded here" in viewing.standing(other)


def test_a_playlist_reads_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(media.recording("a.wav", picture=False))
    for name, text in (
        ("m3u8", f"#EXTM3U\n#EXTINF:3,\n{secret}\n#EXT-X-ENDLIST\n"),
        ("ffconcat", f"ffconcat version 1.0\nfile {secret}\n"),
    ):
        path = tmp_path / name
        path.write_text(text)
        output = tmp_path / f"{name}-out"
        output.mkdir()
        with pytest.raises(Refused):
            asked = {"program": shutil.which(media.ffmpeg()), "seconds": 1}
            run("evidence.transcoding:recording", asked, files={"blob": path}, output=output, limits=viewing._RECORDING)
