"""Writes a new PDF of pictures, visible markers and invisible words: nothing else, the same bytes for the same input.

Written by hand so that every object in the file is one we put there: no producer, dates, identifiers or metadata. The
invisible words use a composite font without glyphs (every code point one half em wide) whose ToUnicode map says what
they are, so any script can be searched and copied. Source: ISO 32000-1, 9.7 (composite fonts), 9.3.6 (text rendering
mode 3), 7.5 (file structure).
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

LANGUAGE = "en-GB"
_TURNED = {0: "1 0 0 1", 90: "0 1 -1 0", 270: "0 -1 1 0"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's pixels, encoded: `filter` DCTDecode, or FlateDecode with PNG's prediction."""

    data: bytes
    width: int
    height: int
    grey: bool
    bits: int
    filter: str


@dataclass(frozen=True, slots=True)
class Words:
    """Invisible words, starting at a point from the bottom left; `squeeze` is the horizontal scaling in per cent.

    `turn`: 90 for words that run upwards, 270 for those that run downwards.
    """

    text: str
    x: float
    y: float
    size: float
    squeeze: float
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """A visible white marker (ASCII), set in Helvetica."""

    text: str
    x: float
    y: float
    size: float


class Writer:
    """Writes pages one by one to a binary file; `close` ends it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offsets: dict[int, int] = {}
        self._next = 5  # 1 catalog, 2 pages, 3 font of the words, 4 font of the labels
        self._pages: list[int] = []
        self._codes: dict[str, int] = {}
        self._at = 0
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def add_page(self, width: float, height: float, picture: Picture, items: Sequence[Words | Label]) -> None:
        """A page of this size in points: the picture over all of it, the items in reading order on top."""
        image, content, page = self._take(), self._take(), self._take()
        self._stream(image, _image_entries(picture), picture.data)
        drawn = [f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /P Do Q"]
        drawn += [self._words(item) if isinstance(item, Words) else _label(item) for item in items]
        self._stream(content, "/Filter /FlateDecode", zlib.compress("\n".join(drawn).encode(), 9))
        resources = f"<< /XObject << /P {image} 0 R >> /Font << /W 3 0 R /L 4 0 R >> >>"
        self._object(
            page,
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.2f} {height:.2f}] "
            f"/Resources {resources} /Contents {content} 0 R >>",
        )
        self._pages.append(page)

    def close(self) -> None:
        """Write the fonts, the page tree and the cross-reference table."""
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        self._object(1, f"<< /Type /Catalog /Pages 2 0 R /Lang ({LANGUAGE}) >>")
        self._object(2, f"<< /Type /Pages /Count {len(self._pages)} /Kids [{kids}] >>")
        self._fonts()
        start = self._at
        size = self._next
        rows = [f"{self._offsets[number]:010d} 00000 n \n" for number in range(1, size)]
        self._write(f"xref\n0 {size}\n0000000000 65535 f \n{''.join(rows)}".encode())
        self._write(f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())

    def _words(self, words: Words) -> str:
        codes = "".join(f"{self._code(letter):04X}" for letter in words.text)
        place = f"{_TURNED[words.turn]} {words.x:.2f} {words.y:.2f}"
        return f"BT 3 Tr /W {words.size:g} Tf {words.squeeze:.1f} Tz {place} Tm <{codes}> Tj ET"

    def _code(self, letter: str) -> int:
        # Two bytes a code: a document with more than 65,000 different letters doesn't exist.
        return self._codes.setdefault(letter, min(len(self._codes) + 1, 0xFFFF))

    def _fonts(self) -> None:
        descendant, descriptor, mapping = self._take(), self._take(), self._take()
        self._object(
            3,
            f"<< /Type /Font /Subtype /Type0 /BaseFont /Words /Encoding /Identity-H "
            f"/DescendantFonts [{descendant} 0 R] /ToUnicode {mapping} 0 R >>",
        )
        self._object(4, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>")
        self._object(
            descendant,
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Words /FontDescriptor {descriptor} 0 R /DW 500 "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /CIDToGIDMap /Identity >>",
        )
        self._object(
            descriptor,
            "<< /Type /FontDescriptor /FontName /Words /Flags 5 /FontBBox [0 -200 500 800] /ItalicAngle 0 "
            "/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
        )
        self._stream(mapping, "/Filter /FlateDecode", zlib.compress(_to_unicode(self._codes).encode(), 9))

    def _take(self) -> int:
        number, self._next = self._next, self._next + 1
        return number

    def _object(self, number: int, body: str) -> None:
        self._offsets[number] = self._at
        self._write(f"{number} 0 obj\n{body}\nendobj\n".encode("ascii"))

    def _stream(self, number: int, entries: str, data: bytes) -> None:
        self._offsets[number] = self._at
        self._write(f"{number} 0 obj\n<< {entries} /Length {len(data)} >>\nstream\n".encode("ascii"))
        self._write(data)
        self._write(b"\nendstream\nendobj\n")

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)


def _image_entries(picture: Picture) -> str:
    entries = (
        f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} "
        f"/ColorSpace /{'DeviceGray' if picture.grey else 'DeviceRGB'} /BitsPerComponent {picture.bits} "
        f"/Filter /{picture.filter}"
    )
    if picture.filter == "FlateDecode":
        colors = 1 if picture.grey else 3
        entries += f" /DecodeParms << /Predictor 15 /Colors {colors} /BitsPerComponent {picture.bits} /Columns {picture.width} >>"
    return entries


def _label(label: Label) -> str:
    escaped = label.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT 0 Tr 1 g /L {label.size:.2f} Tf 100 Tz 1 0 0 1 {label.x:.2f} {label.y:.2f} Tm ({escaped}) Tj ET"


def _to_unicode(codes: dict[str, int]) -> str:
    rows = [f"<{code:04X}> <{letter.encode('utf-16-be', 'replace').hex().upper()}>" for letter, code in codes.items()]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    maps = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{maps}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )
