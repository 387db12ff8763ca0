"""Files that lie, break or bite, made here."""

from __future__ import annotations

import io
import stat
import struct
import tarfile
import zipfile
import zlib
from typing import Any

import py7zr
from PIL import Image


def pdf(pages: int = 1, *, password: str = "", script: str = "", attachment: bytes = b"", **metadata: str) -> bytes:
    """A PDF of empty pages."""
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    writer, file = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(300, 200)
    if metadata:
        writer.add_metadata({f"/{key}": value for key, value in metadata.items()})
    if script:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if attachment:
        writer.add_attachment("list.txt", attachment)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()


def picture(kind: str, **save: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, kind, **save)
    return file.getvalue()


def photograph() -> bytes:
    """A JPEG with a camera, a date and a place (51.4545 north, 2.5879 west)."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x013B] = "Exemplar", "Model 1", "A Person"
    exif[0x8769] = {0x9003: "2026:10:03 21:14:05"}
    exif[0x8825] = {1: "N", 2: (51.0, 27.0, 16.2), 3: "W", 4: (2.0, 35.0, 16.44)}
    return picture("JPEG", exif=exif)


def huge_picture() -> bytes:
    """A PNG of a few kilobytes that would be 40,000 by 40,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")


def zipped(members: dict[str, bytes], *, encrypted: bool = False) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    packed = bytearray(file.getvalue())
    if encrypted:
        # The flag is what says so, in both headers of a member
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = packed.find(signature)
            while at >= 0:
                packed[at + offset] |= 1
                at = packed.find(signature, at + 4)
    return bytes(packed)


def zip_bomb() -> bytes:
    """2 GiB of zeros in 2 MB; written by the piece."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("zeros", "w", force_zip64=True) as member,
    ):
        piece = bytes(16 << 20)
        for _ in range(128):
            member.write(piece)
    return file.getvalue()


def zip_of_overlaps(times: int = 200) -> bytes:
    """A zip whose members all lie at the same place."""
    whole = zipped({"a": bytes(100_000)})
    start, end = whole.find(b"PK\x01\x02"), whole.find(b"PK\x05\x06")
    entry = whole[start:end]
    tail = bytearray(whole[end:])
    tail[8:12] = struct.pack("<HH", times, times)
    tail[12:16] = struct.pack("<I", len(entry) * times)
    return whole[:start] + entry * times + bytes(tail)


def zip_with_link() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("photo.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/shadow")
    return file.getvalue()


def tarred(mode: str = "w:gz", *, link: str = "") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo("chat/messages.db")
        member.size = 5
        archive.addfile(member, io.BytesIO(b"hello"))
        if link:
            away = tarfile.TarInfo("chat/key")
            away.type, away.linkname = tarfile.SYMTYPE, link
            archive.addfile(away)
    return file.getvalue()


def seven(members: dict[str, bytes], *, password: str = "", hidden: bool = False) -> bytes:
    """A 7z archive; with `hidden`, its list is encrypted too."""
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w", password=password or None, header_encryption=hidden) as archive:
        for name, data in members.items():
            archive.writef(io.BytesIO(data), name)
    return file.getvalue()


def rar(members: dict[str, bytes], *, claimed: int = 0) -> bytes:
    """A RAR 5.0 archive of members that are stored as they are, or that claim a size (layout: the RAR 5.0 technote)."""

    def number(value: int) -> bytes:
        out = bytearray()
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        return bytes([*out, value])

    def block(*fields: int, rest: bytes = b"") -> bytes:
        header = b"".join(map(number, fields)) + rest
        header = number(len(header)) + header
        return struct.pack("<I", zlib.crc32(header)) + header

    main, end = block(1, 0, 0), block(5, 0, 0)
    whole = b"Rar!\x1a\x07\x01\x00" + main
    for name, data in members.items():
        text = name.encode()
        # A file with data behind its header: its size, no flags, size unpacked, attributes, stored, made on Unix
        whole += block(2, 2, len(data), 0, claimed or len(data), 0o644, 0, 1, len(text), rest=text) + data
    return whole + end


def gzip_bomb() -> bytes:
    packer, pieces = zlib.compressobj(9, zlib.DEFLATED, 31), []
    for _ in range(40):
        pieces.append(packer.compress(bytes(16 << 20)))
    return b"".join([*pieces, packer.flush()])


_CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:creator>A Person</dc:creator>'
    "<cp:lastModifiedBy>B Person</cp:lastModifiedBy><dcterms:created>2026-10-03T09:00:00Z</dcterms:created></cp:coreProperties>"
)


def docx(core: str = _CORE, **more: bytes) -> bytes:
    """A Word file as far as its facts go; `more` are further members, "__" standing for "/" and a last "_" for "."."""
    members = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>", "docProps/core.xml": core.encode()}
    return zipped(members | {name.replace("__", "/").replace("_", "."): data for name, data in more.items()})


def odt(*, encrypted: bool = False) -> bytes:
    manifest = b'<manifest:encryption-data xmlns:manifest="m"/>' if encrypted else b"<manifest/>"
    meta = (
        b'<m xmlns:dc="d" xmlns:meta="m"><meta:initial-creator>A Person</meta:initial-creator>'
        b"<meta:generator>Writer</meta:generator></m>"
    )
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": manifest, "meta.xml": meta})


def ole(*streams: str) -> bytes:
    """A compound file (MS-CFB) with empty streams of these names in its root."""
    names = ["Root Entry", *streams]
    sector = 512
    header = bytearray(sector)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIIII", header, 40, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    header[76:sector] = b"\xff" * (sector - 76)
    struct.pack_into("<I", header, 76, 0)
    fat = bytearray(b"\xff" * sector)
    struct.pack_into("<II", fat, 0, 0xFFFFFFFD, 0xFFFFFFFE)
    directory = bytearray()
    for index in range(4):
        name = names[index] if index < len(names) else ""
        text = name.encode("utf-16-le")
        kind = 0 if not name else 5 if index == 0 else 2
        right = index + 1 if 0 < index < len(names) - 1 else 0xFFFFFFFF
        child = 1 if index == 0 and len(names) > 1 else 0xFFFFFFFF
        entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2 if name else 0, kind, 1, 0xFFFFFFFF, right, child)
        directory += entry + bytes(16 + 4 + 16) + struct.pack("<IQ", 0xFFFFFFFE, 0)
    return bytes(header + fat + directory)
