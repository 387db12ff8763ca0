"""The exhibits' files of the demonstration case, made on the spot: statement, scan, chat, photograph, video, sound."""

from __future__ import annotations

import csv
import importlib.util
import io
import math
import os
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter, ImageOps
from PIL.ExifTags import GPS, IFD, Base

import documents
from demo.people import COMPLAINANT, SUSPECT, THIRD_PARTY, WITNESS, Planted
from demo.statement import DATA, PLANTED

_MADE_AT = datetime(2026, 11, 4, 14, 40, tzinfo=UTC)
_GPS = (51.2365, -0.5703)


@dataclass(frozen=True)
class DemoFile:
    """A file of the demonstration case: where it is, what it is, and the identifiers that it holds."""

    key: str
    path: Path
    media_type: str
    description: str
    planted: tuple[Planted, ...] = ()


def make_files(folder: Path) -> dict[str, DemoFile]:
    """Make all six in ``folder``, keyed ``statement``, ``scan``, ``chat``, ``photograph``, ``video``, ``audio``."""
    folder.mkdir(parents=True, exist_ok=True)
    statement = documents.render("mg11", DATA, made_at=_MADE_AT)
    makers: list[tuple[str, str, str, str, Callable[[Path], object], tuple[Planted, ...]]] = [
        ("statement", "MG11 Thistlewood signed.pdf", "application/pdf", "Witness statement (MG11) of Complainant A",
         lambda path: path.write_bytes(statement), PLANTED),
        ("scan", "scan0001.pdf", "application/pdf", "Signed original of the witness statement (MG11), scanned",
         lambda path: make_scan(statement, path), PLANTED),
        ("chat", "chat export.csv", "text/csv", "Chat export, two participants", make_chat, CHAT_PLANTED),
        ("photograph", "IMG_2041.JPG", "image/jpeg", "Photograph taken at the party", make_photograph, ()),
        ("video", "CAM3 boat store.webm", "video/webm", "CCTV clip, camera 3, side door of the boat store", make_video,
         ()),
        ("audio", "call.wav", "audio/wav", "Recording of a voicemail message", make_audio, ()),
    ]  # fmt: skip
    made = {}
    for key, name, media_type, description, make, planted in makers:
        make(folder / name)
        made[key] = DemoFile(key, folder / name, media_type, description, planted)
    return made


def make_scan(pdf: bytes, path: Path, dpi: int = 150) -> None:
    """The pages of ``pdf`` as an office scanner leaves them: grey, a little askew, noisy, no text layer."""
    noise = np.random.default_rng(2041)
    pages = []
    document = pypdfium2.PdfDocument(pdf)
    for number in range(len(document)):
        page = document[number].render(scale=dpi / 72, grayscale=True).to_pil()
        angle = float(noise.uniform(-0.9, 0.9))
        page = page.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
        pixels = np.asarray(page.filter(ImageFilter.GaussianBlur(0.4)), dtype=np.float32)
        shading = np.linspace(0, -9, pixels.shape[1], dtype=np.float32)
        dirty = pixels + shading + noise.normal(0, 5, pixels.shape).astype(np.float32)
        pages.append(Image.fromarray(np.clip(dirty, 0, 255).astype(np.uint8)))
    document.close()
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=dpi, quality=80)


_CHAT: list[tuple[str, str, str]] = [
    ("2026-10-31 19:02:11", "Dan F", "picking you up at 8, still at 14 Larkspur Close?"),
    ("2026-10-31 19:03:40", COMPLAINANT.handle, "yes! Priya is coming too but she has to leave early"),
    ("2026-10-31 19:04:02", "Dan F", f"ok. tell Priya Venkatesan to ring me on {WITNESS.telephone}"),
    ("2026-10-31 23:12:55", COMPLAINANT.handle, "why did you do that. I told you no"),
    ("2026-10-31 23:14:20", COMPLAINANT.handle, "do not write to me again"),
    ("2026-11-01 09:41:07", SUSPECT.telephone, "sorry if you got the wrong idea last night"),
    ("2026-11-01 11:20:33", SUSPECT.telephone, "can we talk please. call me"),
    ("2026-11-01 11:52:10", "Dan F", f"are you ok? ring me, or mail {WITNESS.email}"),
]
CHAT_PLANTED = (
    Planted("complainant", "ADDR", "14 Larkspur Close"),
    Planted("complainant", "SOC", COMPLAINANT.handle),
    Planted("third_party", "TPN", THIRD_PARTY.name),
    Planted("witness", "TEL", WITNESS.telephone),
    Planted("witness", "EML", WITNESS.email),
)


def make_chat(path: Path) -> None:
    """A chat export as extraction tools write it: CSV, UTF-8 with a mark, one message a row."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["#", "Timestamp (UTC)", "From", "Body", "Source"])
    for number, (at, sender, body) in enumerate(_CHAT, start=1):
        rows.writerow([number, at, sender, body, "chat.db"])
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def make_photograph(path: Path) -> None:
    """Two people in front of a boat store, with what a telephone writes into its pictures: place, time, serial."""
    scene = Image.new("RGB", (1600, 1067), (58, 66, 82))
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 720, 1600, 1067), fill=(84, 74, 60))
    for left in range(0, 1600, 80):
        draw.line((left, 120, left, 720), fill=(48, 55, 70), width=3)
    draw.rectangle((620, 180, 980, 720), fill=(92, 58, 40), outline=(50, 32, 22), width=8)
    draw.rectangle((700, 90, 900, 160), fill=(225, 225, 215))
    draw.text((722, 98), "BOATS", fill=(20, 20, 20), font_size=52)
    portrait = Image.open(_portrait()).convert("RGB").crop((60, 20, 452, 560))
    left_person = portrait.resize((520, 716))
    scene.paste(left_person, (90, 351))
    # the second one is mirrored, smaller and darker, so that they aren't the same picture twice
    right_person = ImageOps.mirror(portrait).resize((470, 647)).point(lambda value: int(value * 0.72))
    scene.paste(right_person, (1060, 420))
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model], exif[Base.Software] = "Example", "Handset 12", "Camera 4.1"
    exif[Base.DateTime] = "2026:10:31 21:45:12"
    exif.get_ifd(IFD.Exif).update({Base.DateTimeOriginal: "2026:10:31 21:45:12", Base.BodySerialNumber: "EX-0099124"})
    exif.get_ifd(IFD.GPSInfo).update(_gps(*_GPS))
    scene.save(path, "JPEG", quality=88, exif=exif)


def _portrait() -> Path:
    """A photograph in the public domain (US Navy, Rear Admiral Grace Hopper) that comes with matplotlib."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        raise RuntimeError("the package matplotlib is not installed: pip install -r requirements.txt")
    return Path(found.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"


def _gps(latitude: float, longitude: float) -> dict[int, Any]:
    def parts(value: float) -> tuple[float, float, float]:
        degrees, rest = divmod(abs(value) * 60, 60)
        return (degrees, float(int(rest)), round((rest % 1) * 60, 2))

    return {
        GPS.GPSLatitudeRef: "N" if latitude >= 0 else "S",
        GPS.GPSLatitude: parts(latitude),
        GPS.GPSLongitudeRef: "E" if longitude >= 0 else "W",
        GPS.GPSLongitude: parts(longitude),
    }


def make_video(path: Path, seconds: int = 6, rate: int = 12) -> None:
    """Somebody walks past a door, with the camera's name and clock in the picture (VP8 in WebM: browsers play it)."""
    with _quiet_stderr():  # FFmpeg warns of the codec's four letters, which WebM has no use for
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"VP80"), rate, (640, 360))
    if not writer.isOpened():
        raise RuntimeError("OpenCV could not write a WebM file")
    start = datetime(2026, 10, 31, 23, 4, 52)
    for number in range(seconds * rate):
        frame = np.full((360, 640, 3), (70, 64, 58), np.uint8)
        cv2.rectangle(frame, (0, 250), (640, 360), (60, 72, 80), -1)
        cv2.rectangle(frame, (420, 90), (520, 250), (40, 58, 92), -1)
        x = 40 + int(number * 560 / (seconds * rate))
        sway = int(6 * math.sin(number / 2))
        cv2.circle(frame, (x, 140), 20, (150, 170, 205), -1)
        cv2.rectangle(frame, (x - 22, 160), (x + 22, 240), (60, 80, 40), -1)
        cv2.line(frame, (x - 8, 240), (x - 8 - sway * 2, 310), (50, 40, 40), 12)
        cv2.line(frame, (x + 8, 240), (x + 8 + sway * 2, 310), (50, 40, 40), 12)
        clock = f"CAM3  {start + timedelta(seconds=number / rate):%d/%m/%Y %H:%M:%S}"
        cv2.putText(frame, clock, (12, 344), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (235, 235, 235), 1, cv2.LINE_AA)
        writer.write(frame)
    writer.release()


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Nothing that C code prints to file descriptor 2 is shown."""
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def make_audio(path: Path, rate: int = 16000) -> None:
    """A beep, then a voice-like sound with vowels and pauses (nobody's voice: harmonics under moving formants)."""
    beep = 0.4 * np.sin(2 * np.pi * 1000 * np.arange(int(rate * 0.35)) / rate)
    silence = np.zeros(int(rate * 0.2))
    vowels = [(730, 1090), (270, 2290), (300, 870), (530, 1840), (660, 1720), (570, 840)]
    syllables = [_syllable(rate, first, second, 115 + 4 * i) for i, (first, second) in enumerate(vowels * 2)]
    gap = np.zeros(int(rate * 0.07))
    sound = np.concatenate([beep, silence, *(part for syllable in syllables for part in (syllable, gap))])
    samples = (np.clip(sound, -1, 1) * 32000).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())


def _syllable(rate: int, first: float, second: float, pitch: float) -> Any:
    """0.22 s of a vowel with formants ``first`` and ``second`` (Hz), spoken at ``pitch`` (Hz)."""
    time = np.arange(int(rate * 0.22)) / rate
    total = np.zeros_like(time)
    for harmonic in range(1, 30):
        frequency = harmonic * pitch
        gain = math.exp(-(((frequency - first) / 160) ** 2)) + 0.5 * math.exp(-(((frequency - second) / 220) ** 2))
        total += (gain + 0.02) * np.sin(2 * np.pi * frequency * time)
    return 0.5 * total / np.max(np.abs(total)) * np.hanning(len(time))
