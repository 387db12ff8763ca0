"""What a file is, by its content, read inside the sandbox; and how hostile ones end."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.examining import LIMITS
from evidence.facts import PLAIN, UNKNOWN, media_type_of
from evidence.formats.types import DOCX, ODT, PROTECTED_OFFICE, contradicts
from sandbox import run
from tests import media
from tests.evidence import hostile
from tests.evidence.hostile import pdf, picture


def facts_of(data: bytes, folder: Path, whole: bool = True, extension: str = "") -> dict[str, Any]:
    path = folder / "blob"
    path.write_bytes(data)
    asked = {"whole": whole, "extension": extension}
    facts: dict[str, Any] = run("evidence.facts:read", asked, files={"blob": path}, limits=LIMITS)
    return facts


def rows(facts: dict[str, Any]) -> dict[str, str]:
    return dict(facts.get("rows", [])) | dict(facts.get("private", []))


def test_a_pdf_has_pages_and_a_maker(tmp_path: Path) -> None:
    facts = facts_of(pdf(3, Title="Report", Author="A Person", CreationDate="D:20261003091500Z"), tmp_path)
    assert (facts["media_type"], facts["pages"]) == ("application/pdf", 3)
    assert "marks" not in facts
    assert rows(facts)["Created"].startswith("03/10/2026 09:15")
    assert dict(facts["private"]) == {"Title": "Report", "Author": "A Person"}


def test_what_in_a_pdf_could_act_or_hide_is_marked(tmp_path: Path) -> None:
    facts = facts_of(pdf(script="app.alert(1)", attachment=b"hidden"), tmp_path)
    assert set(facts["marks"]) >= {"scripts", "attachments"}
    assert rows(facts)["Attached files"] == "1"


def test_a_pdf_saved_on_top_of_itself_is_marked(tmp_path: Path) -> None:
    import io

    from pypdf import PdfReader, PdfWriter

    writer, file = PdfWriter(io.BytesIO(pdf()), incremental=True), io.BytesIO()
    writer.add_blank_page(300, 200)
    writer.write(file)
    assert len(PdfReader(file).pages) == 2
    facts = facts_of(file.getvalue(), tmp_path)
    assert facts["marks"] == ["revisions"]
    assert rows(facts)["Saved on top of itself"] == "1 time"


@pytest.mark.parametrize(
    ("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("TIFF", "image/tiff")]
)
def test_a_picture_has_a_size(tmp_path: Path, kind: str, media_type: str) -> None:
    facts = facts_of(picture(kind), tmp_path)
    assert (facts["media_type"], facts["width"], facts["height"]) == (media_type, 40, 30)
    assert "marks" not in facts


def test_a_photograph_says_where_and_with_what(tmp_path: Path) -> None:
    facts = facts_of(hostile.photograph(), tmp_path)
    assert facts["marks"] == ["location"]
    assert dict(facts["rows"])["Camera"] == "Model 1"
    assert dict(facts["rows"])["Taken"] == "03/10/2026 21:14:05 (by the camera's clock)"
    # Where somebody was stands apart from the rest
    assert dict(facts["private"])["Location"] == "51.454500, -2.587900"
    assert "51.45" not in str(facts["rows"])


def test_office_documents_say_who_and_when(tmp_path: Path) -> None:
    facts = facts_of(hostile.docx(), tmp_path, extension="docx")
    assert facts["media_type"] == DOCX
    assert dict(facts["private"]) == {"Author": "A Person", "Last saved by": "B Person"}
    assert dict(facts["rows"]) == {"Unpacked it would be": rows(facts)["Unpacked it would be"], "Created": "2026-10-03T09:00:00Z"}
    assert facts_of(hostile.odt(), tmp_path)["media_type"] == ODT


def test_what_an_office_document_hides_is_marked(tmp_path: Path) -> None:
    link = b'<Relationship Type="x/attachedTemplate" Target="http://elsewhere/t" TargetMode="External"/>'
    hyperlink = b'<Relationship Type="x/hyperlink" Target="http://elsewhere/" TargetMode="External"/>'
    assert facts_of(hostile.docx(word__vbaProject_bin=b"x"), tmp_path)["marks"] == ["macros"]
    assert facts_of(hostile.docx(word__embeddings__sheet_xlsx=b"x"), tmp_path)["marks"] == ["attachments"]
    assert facts_of(hostile.docx(word__document_rels=link), tmp_path)["marks"] == ["remote"]
    assert "marks" not in facts_of(hostile.docx(word__document_rels=hyperlink), tmp_path)


def test_older_office_documents_are_told_apart(tmp_path: Path) -> None:
    assert facts_of(hostile.ole("Workbook"), tmp_path)["media_type"] == "application/vnd.ms-excel"
    assert facts_of(hostile.ole("__properties_version1.0"), tmp_path)["media_type"] == "application/vnd.ms-outlook"


def test_archives_are_listed(tmp_path: Path) -> None:
    facts = facts_of(hostile.zipped({"a/photo.jpg": b"x" * 10, "inner.zip": b"PK"}), tmp_path)
    assert facts["entries"] == [
        {"name": "a/photo.jpg", "size": 10, "kind": "file", "encrypted": False},
        {"name": "inner.zip", "size": 2, "kind": "archive", "encrypted": False},
    ]
    for mode, media_type in (("w", "application/x-tar"), ("w:gz", "application/gzip"), ("w:xz", "application/x-xz")):
        facts = facts_of(hostile.tarred(mode), tmp_path)
        assert (facts["media_type"], facts["entries_total"]) == (media_type, 1)
        assert facts["entries"][0]["name"] == "chat/messages.db"
    members = {"a/photo.jpg": b"x" * 10, "inner.zip": b"PK"}
    for data, media_type in (
        (hostile.seven(members), "application/x-7z-compressed"),
        (hostile.rar(members), "application/vnd.rar"),
    ):
        listed = facts_of(data, tmp_path)
        assert (listed["media_type"], listed.get("marks")) == (media_type, None)
        assert listed["entries"] == [
            {"name": "a/photo.jpg", "size": 10, "kind": "file", "encrypted": False},
            {"name": "inner.zip", "size": 2, "kind": "archive", "encrypted": False},
        ]


def test_a_long_list_is_counted_but_not_kept(tmp_path: Path) -> None:
    facts = facts_of(hostile.zipped({f"{n}.txt": b"" for n in range(1200)}), tmp_path)
    assert (len(facts["entries"]), facts["entries_total"]) == (500, 1200)


@pytest.mark.parametrize(
    ("data", "mark"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 no more", "damaged"),
        (pdf(password="secret"), "encrypted"),
        (picture("PNG")[:20], "damaged"),
        (picture("JPEG")[:-400], "damaged"),
        (hostile.huge_picture(), "bomb"),
        (b"\x00\x00\x00\x20ftypisom" + b"\xff" * 2000, "damaged"),
        (hostile.zipped({"a": b"b"})[:-10], "damaged"),
        (hostile.zipped({"a": b"b"}, encrypted=True), "encrypted"),
        (hostile.zip_of_overlaps(), "bomb"),
        (hostile.zip_with_link(), "links_out"),
        (hostile.zipped({"../../etc/passwd": b"x"}), "links_out"),
        (hostile.zipped({"C:\\Windows\\x": b"x"}), "links_out"),
        (hostile.tarred(link="/etc/shadow"), "links_out"),
        (hostile.tarred("w:gz")[:-30], "damaged"),
        (hostile.ole("EncryptedPackage", "EncryptionInfo"), "encrypted"),
        (hostile.ole("WordDocument")[:700], "damaged"),
        (hostile.odt(encrypted=True), "encrypted"),
        (hostile.docx('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "damaged"),
        (hostile.docx("<not xml"), "damaged"),
        (pdf() + hostile.zipped({"payload.exe": b"MZ"}), "polyglot"),
        (picture("GIF") + hostile.zipped({"payload.exe": b"MZ"}), "polyglot"),
        (b"GIF89a" + b"\x00" * 20 + pdf(), "polyglot"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), "damaged"),
        (hostile.seven({"a": b"b" * 5000})[:-20], "damaged"),
        (hostile.seven({"a": b"b"}, password="secret"), "encrypted"),
        (hostile.seven({"a": b"b"}, password="secret", hidden=True), "encrypted"),
        (b"Rar!\x1a\x07\x00" + bytes(100), "damaged"),
        (b"Rar!\x1a\x07\x01\x00" + b"\xff" * 100, "damaged"),
        (hostile.rar({"../x": b"x"}), "links_out"),
        (hostile.rar({"a": b"x"}, claimed=1 << 40), "bomb"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_hostile_files_end_as_a_marked_state(tmp_path: Path, data: bytes, mark: str) -> None:
    assert mark in facts_of(data, tmp_path)["marks"]


@pytest.mark.parametrize("make", [hostile.zip_bomb, hostile.gzip_bomb])
def test_bombs_are_told_without_unpacking_them(tmp_path: Path, make: Any) -> None:
    data = make()
    began = time.process_time()
    facts = facts_of(data, tmp_path)
    assert "bomb" in facts["marks"]
    assert time.process_time() - began < 5  # of this process: what the child spends is bounded by LIMITS


def test_a_protected_office_file_is_one_kind(tmp_path: Path) -> None:
    facts = facts_of(hostile.ole("EncryptedPackage"), tmp_path, extension="docx")
    assert (facts["media_type"], facts["marks"]) == (PROTECTED_OFFICE, ["encrypted"])


def test_a_name_that_says_otherwise_is_marked(tmp_path: Path) -> None:
    assert "mismatch" in facts_of(pdf(), tmp_path, extension="jpg")["marks"]
    assert "mismatch" in facts_of(b"MZ\x90\x00" + bytes(100), tmp_path, extension="pdf")["marks"]
    assert "marks" not in facts_of(pdf(), tmp_path, extension="pdf")


@pytest.mark.parametrize(
    ("extension", "media_type", "expected"),
    [
        ("", "application/pdf", False),
        ("dav", "application/octet-stream", False),
        ("dav", "application/vnd.microsoft.portable-executable", True),
        ("jpeg", "image/jpeg", False),
        ("jpeg", UNKNOWN, True),
        ("docx", "application/zip", True),
    ],
)
def test_which_names_contradict(extension: str, media_type: str, expected: bool) -> None:
    assert contradicts(extension, media_type) is expected


def test_of_a_large_file_the_ends_are_read(tmp_path: Path) -> None:
    facts = facts_of(pdf()[:100], tmp_path, whole=False)
    assert (facts["media_type"], facts["marks"]) == ("application/pdf", ["partly"])
    whole = hostile.zipped({"a.txt": b"x", "b.txt": b"y"})
    assert facts_of(whole, tmp_path, whole=False)["entries_total"] == 2


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypheic", "image/heic"),
        (b"\x1aE\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm", "video/webm"),
        (b"ID3\x04", "audio/mpeg"),
        (b"PK\x03\x04", "application/zip"),
        ("Zoë: hello\r\n".encode(), PLAIN),
        ("ë".encode() * 10 + b"\xc3", PLAIN),
        (b"<html><script>", PLAIN),
        (b"MZ\x90\x00", "application/vnd.microsoft.portable-executable"),
        (b"\xff\xfe\x00", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_types_are_told_by_content(head: bytes, media_type: str) -> None:
    assert media_type_of(head) == media_type


@given(st.binary(max_size=200))
def test_any_bytes_have_a_type(head: bytes) -> None:
    assert "/" in media_type_of(head)


def test_a_recording_says_what_it_holds(tmp_path: Path) -> None:
    facts = facts_of(media.mp4(), tmp_path, extension="mp4")
    assert (facts["media_type"], facts["width"], facts["height"], facts["frame_rate"]) == ("video/mp4", 160, 120, 10.0)
    assert facts["playable"] is True
    assert 2.9 < facts["seconds"] < 3.2
    assert facts["marks"] == ["location"]
    assert dict(facts["private"])["Location"].startswith("+51.4545")
    assert dict(facts["rows"])["Picture"].startswith("AVC, ")


def test_what_a_browser_cannot_play_is_known(tmp_path: Path) -> None:
    facts = facts_of(media.avi(), tmp_path)
    assert (facts["media_type"], facts["playable"]) == ("video/x-msvideo", False)


def test_a_recording_cut_short_is_damaged(tmp_path: Path) -> None:
    # An MP4 whose index was to come at its end
    assert facts_of(media.mp4()[:2000], tmp_path)["marks"] == ["damaged"]
