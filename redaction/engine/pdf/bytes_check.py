"""Redacted strings in a PDF's bytes: outside streams as they are, streams unpacked, whatever revision they belong to."""

import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from redaction.engine import secrets
from redaction.engine.jpeg import plain_jpeg
from redaction.engine.shapes import Finding

_STREAM, _END = re.compile(rb"<<(?P<entries>(?:(?!endobj).){0,4000}?)>>\s*stream\r?\n", re.DOTALL), b"endstream"
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_MOST = 256 * 1024**2


# What a PDF of pictures and words says of itself: "Lang" and "Page" are surnames too, and are no leak there.
_VOCABULARY = frozenset(
    b"obj endobj stream endstream xref trailer startxref Type Catalog Pages Page Lang Count Kids Size Root Parent MediaBox"
    b" Resources XObject Font Contents Subtype Image Width Height ColorSpace DeviceGray DeviceRGB BitsPerComponent Filter"
    b" FlateDecode DCTDecode DecodeParms Predictor Colors Columns Length BaseFont Words Encoding Identity DescendantFonts"
    b" ToUnicode Helvetica Bold WinAnsiEncoding FontDescriptor CIDFontType CIDSystemInfo Registry Ordering Supplement"
    b" CIDToGIDMap FontName Flags FontBBox ItalicAngle Ascent Descent CapHeight StemV Adobe CIDInit ProcSet findresource"
    b" begin dict begincmap def CMapName UCS CMapType begincodespacerange endcodespacerange beginbfchar endbfchar endcmap"
    b" currentdict CMap defineresource pop end".split()
)
_LETTERS = re.compile(rb"[A-Za-z]+")


def look(path: Path, words: Sequence[str]) -> list[Finding]:
    """Findings of kind "bytes". Page content that draws text is judged by the words it yields, but is searched here too."""
    data = path.read_bytes()
    findings = []
    outside: list[bytes] = []
    for number, (entries, content) in enumerate(_streams(data, outside)):
        if _is_picture(entries):
            # Samples of a picture hold four chance letters somewhere; its boxes are looked at as pixels instead.
            if b"DCTDecode" in entries and not plain_jpeg(content):
                findings.append(Finding("bytes", f"picture in stream {number + 1} carries more than its pixels"))
        elif _holds(content, words):
            findings.append(Finding("bytes", f"a redacted string stands in stream {number + 1}"))
    if _holds(b"".join(outside), words):
        findings.append(Finding("bytes", "a redacted string stands in the file outside its streams"))
    return findings


def _holds(data: bytes, words: Sequence[str]) -> bool:
    """Whether one of the words stands in the data, whatever its case, also where a PDF name spells a letter as #41."""
    lowered = data.lower()
    if b"#" not in data and not any(code in lowered for word in words for code in secrets.encodings(word.lower())):
        return False
    said = _LETTERS.sub(lambda match: b" " if match[0] in _VOCABULARY else match[0], data)
    texts = {said.lower(), _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), said).lower()}
    return any(_stands(word, code, text) for word in words for code in secrets.encodings(word.lower()) for text in texts)


def _stands(word: str, code: bytes, text: bytes) -> bool:
    if not secrets.is_number(word) or code not in text:
        return code in text
    # Offsets, lengths and places are digits too: a number must stand by itself
    return re.search(rb"(?<!\d)" + re.escape(code) + rb"(?!\d)", text) is not None


def _streams(data: bytes, outside: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Entries and content of each stream; what stands between them is put into `outside`."""
    at = 0
    while (begin := _STREAM.search(data, at)) and (end := data.find(_END, begin.end())) >= 0:
        outside.append(data[at : begin.start()])
        entries, content = begin["entries"], data[begin.end() : end].removesuffix(b"\n").removesuffix(b"\r")
        if b"FlateDecode" in entries and not _is_picture(entries):
            content = _inflate(content)
        yield entries, content
        at = end + len(_END)
    outside.append(data[at:])


def _is_picture(entries: bytes) -> bool:
    return re.search(rb"/Subtype\s*/Image", entries) is not None


def _inflate(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, _MOST)
    except zlib.error:
        return content
