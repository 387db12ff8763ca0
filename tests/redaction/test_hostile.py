"""Files made to harm: each ends in a named refusal or failure of the sandbox, and the caller lives."""

import random
import re
import struct
import zlib
from pathlib import Path

import pytest

import sandbox
from redaction.engine import boxed, formats
from tests.redaction import office
from tests.redaction.files import photograph, planted, statement


def survives(path: Path, folder: Path) -> str:
    """How reading and burning in end, by the name of the error; empty when they go well."""
    try:
        boxed.read(path, folder, dpi=40)
        boxed.burn_in(path, folder, [])
    except sandbox.SandboxError as error:
        return type(error).__name__
    return ""


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG that says it is of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("seed", range(8))
def test_a_pdf_with_bytes_changed_at_random(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(planted(tmp_path / "a.pdf").read_bytes())
    for _ in range(chance.randrange(1, 200)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if seed % 2:
        del data[chance.randrange(len(data)) :]
    (tmp_path / "b.pdf").write_bytes(data)
    assert survives(tmp_path / "b.pdf", tmp_path) in (
        "",
        "Damaged",
        "NotThatType",
        "TooLarge",
        "Crashed",
        "TimedOut",
        "OutOfMemory",
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_picture_with_bytes_changed_at_random(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(photograph(tmp_path / "a.jpg").read_bytes())
    for _ in range(50):
        data[chance.randrange(len(data))] = chance.randrange(256)
    (tmp_path / "b.jpg").write_bytes(data)
    assert survives(tmp_path / "b.jpg", tmp_path) in ("", "Damaged", "NotThatType", "TooLarge", "Crashed", "OutOfMemory")


def test_a_picture_that_unpacks_to_more_than_memory(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(60_000, 60_000, bytes(10_000_000)))
    assert survives(tmp_path / "a.png", tmp_path) == "TooLarge"
    (tmp_path / "b.png").write_bytes(png(9_000, 9_000, bytes(1000)))
    assert survives(tmp_path / "b.png", tmp_path) in ("Damaged", "OutOfMemory")


def test_a_stream_that_unpacks_to_more_than_memory(tmp_path: Path) -> None:
    bomb = zlib.compress(b"q " * 400_000_000, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(bomb), bomb),
    ]
    data = b"%PDF-1.4\n"
    for number, body in enumerate(objects, start=1):
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    (tmp_path / "a.pdf").write_bytes(data + b"trailer << /Root 1 0 R >>\n%%EOF")
    survives(tmp_path / "a.pdf", tmp_path)  # however it ends, it ends
    assert survives(statement(tmp_path / "b.pdf"), tmp_path) == ""


def test_pages_that_contain_themselves(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999999 /Parent 2 0 R >>\nendobj\n"
        b"trailer << /Root 1 0 R >>\n%%EOF"
    )
    assert survives(tmp_path / "a.pdf", tmp_path) in ("Damaged", "TooLarge")


def test_a_page_as_large_as_a_field(tmp_path: Path) -> None:
    data, count = re.subn(rb"0 0 595 842", b"0 0 900000 900000", statement(tmp_path / "a.pdf").read_bytes())
    assert count == 1
    (tmp_path / "b.pdf").write_bytes(data)
    assert survives(tmp_path / "b.pdf", tmp_path) in ("TooLarge", "Damaged")


@pytest.mark.parametrize("kind", ["docx", "odt", "pptx", "xlsx"])
def test_an_office_file_whose_members_are_changed(tmp_path: Path, kind: str) -> None:
    """Whatever of its archive is broken, locked or packed in an unknown way, it is refused in words, without the sandbox's help."""
    make = {"docx": office.word, "odt": office.open_document, "pptx": office.slides, "xlsx": office.workbook}[kind]
    data = make(tmp_path / "a").read_bytes()
    chance, ends = random.Random(kind), []
    starts = [found.start() for found in re.finditer(b"PK\x03\x04", data)]
    central = [found.start() for found in re.finditer(b"PK\x01\x02", data)]
    changes = [(chance.choice(starts) + 60 + chance.randrange(200), chance.randrange(256)) for _ in range(40)]
    changes += [(at + field, value) for at in central for field, value in ((8, 1), (10, 99))]  # its flags (locked), its method
    for at, value in changes:
        changed = bytearray(data)
        changed[min(at, len(data) - 1)] = value
        (tmp_path / "b").write_bytes(changed)
        try:
            formats.of(tmp_path / "b").extract(tmp_path / "b")
            ends.append("done")
        except sandbox.Refused as refused:
            ends.append(refused.reason)
    assert "Damaged" in ends
    assert set(ends) <= {"done", "Damaged", "Encrypted", "NotThatType", "TooLarge"}
