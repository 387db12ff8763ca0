"""The demonstration's files are real, and hold what they are said to hold."""

from __future__ import annotations

import wave
from pathlib import Path

import cv2
import pypdf
import pytest
from PIL import Image
from PIL.ExifTags import IFD

from demo.files import DemoFile, make_files
from demo.people import PEOPLE, nhs_number
from demo.statement import KEPT, PLANTED


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, DemoFile]:
    return make_files(tmp_path_factory.mktemp("files"))


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def test_the_statement_holds_every_planted_identifier_and_what_must_stay(made: dict[str, DemoFile]) -> None:
    text = text_of(made["statement"].path)
    for planted in PLANTED:
        assert planted.text in text
    for kept in KEPT:
        assert kept in text
    assert len(pypdf.PdfReader(made["statement"].path).pages) >= 3


def test_the_scan_has_the_same_pages_and_no_text(made: dict[str, DemoFile]) -> None:
    pages = pypdf.PdfReader(made["scan"].path).pages
    assert len(pages) == len(pypdf.PdfReader(made["statement"].path).pages)
    assert text_of(made["scan"].path) == ""
    assert all(page.images for page in pages)


def test_the_chat_holds_its_planted_identifiers(made: dict[str, DemoFile]) -> None:
    text = made["chat"].path.read_text(encoding="utf-8-sig")
    assert all(planted.text in text for planted in made["chat"].planted)


def test_the_photograph_says_where_it_was_taken(made: dict[str, DemoFile]) -> None:
    with Image.open(made["photograph"].path) as photograph:
        assert photograph.size == (1600, 1067)
        assert photograph.getexif().get_ifd(IFD.GPSInfo)[2] == (51.0, 14.0, 11.4)


def test_video_and_sound_can_be_played(made: dict[str, DemoFile]) -> None:
    video = cv2.VideoCapture(str(made["video"].path))
    frames = 0
    while video.read()[0]:
        frames += 1
    assert frames == 72
    with wave.open(str(made["audio"].path)) as sound:
        assert 2 < sound.getnframes() / sound.getframerate() < 6


def test_the_people_are_nobody() -> None:
    for person in PEOPLE:
        assert person.telephone.startswith(("07700 900", "020 7946 0"))
        assert person.email.rsplit("@", 1)[1] in {"example.com", "example.org"}
    # a published valid example
    assert nhs_number("943476591") == "943 476 5919"
