"""The leak check of a redacted table, by other means than those that wrote it: the bytes, the archive's parts, and the cells as
another reader has them (openpyxl and `csv` wrote them; here they are read as XML, and as text)."""

import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree

from redaction.engine import secrets
from redaction.engine.errors import BROKEN_ARCHIVE
from redaction.engine.kinds import decoded
from redaction.engine.shapes import Burnt, Checked, Finding, Page, Redaction, by_page
from redaction.engine.sheet.burn import redacted_tables
from redaction.engine.sheet.pages import Source
from redaction.engine.sheet.tables import Value

_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/(workbook|styles|sharedStrings)\.xml"
    r"|xl/theme/theme1\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/sheet\d+\.xml"
)
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_CORE = re.compile(rb"<dc:creator>(?!openpyxl<)[^<]|<cp:lastModifiedBy>[^<]|<dc:title>[^<]")


def check(
    source: Path,
    output: Path,
    redactions: Sequence[Redaction],
    burnt: Burnt,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    scanned: Sequence[Page] = (),
) -> Checked:
    """Try to find in `output` what was taken out of `source`. `burnt` is the burn-in's own report."""
    table = Source(source)
    wanted = redacted_tables(table, redactions)
    words = [word for word in secrets.strings(table.pages, by_page(redactions)) if not _stays(word, wanted)]
    progress(1, 2)
    try:
        findings = _csv(output, wanted, words, table.delimiter) if table.kind == "csv" else _workbook(output, wanted, words)
    except (ElementTree.ParseError, *BROKEN_ARCHIVE):
        findings = [Finding("unreadable", "a second reader can't open the redacted file")]
    progress(2, 2)
    looked_at = {
        "pages": burnt.pages,
        "redactions": len(redactions),
        "cells": sum(len(row) for rows in wanted for row in rows),
        "strings": len(words),
        "text": ["the file's own bytes", "ElementTree"],
    }
    return Checked(tuple(findings), looked_at)


def _stays(word: str, tables: Sequence[Sequence[Sequence[Value]]]) -> bool:
    """Whether a string lawfully stands elsewhere: there it isn't looked for in bytes, and only the cells are compared."""
    low = word.lower()
    return any(low in str(value).lower() for rows in tables for row in rows for value in row if value != "")


def _csv(output: Path, wanted: Sequence[Sequence[Sequence[Value]]], words: Sequence[str], delimiter: str) -> list[Finding]:
    data = output.read_bytes()
    findings = _bytes(data, words, "the file")
    # Without quotes, separators and breaks the letters of the file are those of the cells, in order
    dropped = str.maketrans("", "", f'"{delimiter}')
    found = "".join(decoded(data).translate(dropped).split())
    expected = "".join("".join(str(value) for row in wanted[0] for value in row).translate(dropped).split())
    if found != expected:
        findings.append(Finding("text", "the cells differ from what should stay"))
    return findings


def _workbook(output: Path, wanted: Sequence[Sequence[Sequence[Value]]], words: Sequence[str]) -> list[Finding]:
    findings: list[Finding] = []
    with zipfile.ZipFile(output) as archive:
        names = archive.namelist()
        findings += [
            Finding("structure", "the workbook has a part that it shouldn't") for name in names if not _PARTS.fullmatch(name)
        ]
        if len(set(names)) != len(names) or archive.comment:
            findings.append(Finding("structure", "the archive holds a part twice, or a comment"))
        for name in names:
            findings += _bytes(archive.read(name), words, name)
        if _CORE.search(archive.read("docProps/core.xml")):
            findings.append(Finding("structure", "the workbook says who made it"))
        shared = _shared(archive) if "xl/sharedStrings.xml" in names else []
        sheets = sorted((int(found[1]), name) for name in names if (found := _SHEET.fullmatch(name)))
        if len(sheets) != len(wanted):
            findings.append(Finding("structure", f"{len(sheets)} sheets where {len(wanted)} should stay"))
        for (number, name), rows in zip(sheets, wanted, strict=False):
            findings += _compare(_cells(archive, name, shared), rows, number)
    return findings


def _shared(archive: zipfile.ZipFile) -> list[str]:
    root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314 - our own file, in the sandbox
    return ["".join(text.text or "" for text in item.iter() if text.tag.endswith("}t")) for item in root]


def _cells(archive: zipfile.ZipFile, name: str, shared: Sequence[str]) -> dict[tuple[int, str], str]:
    cells = {}
    for cell in ElementTree.fromstring(archive.read(name)).iter():  # noqa: S314 - our own file, in the sandbox
        if not cell.tag.endswith("}c"):
            continue
        value = next((child.text or "" for child in cell if child.tag.endswith("}v")), "")
        if cell.get("t") == "s":
            value = shared[int(value)]
        elif cell.get("t") == "inlineStr":
            value = "".join(text.text or "" for text in cell.iter() if text.tag.endswith("}t"))
        elif any(child.tag.endswith("}f") for child in cell):
            value = "a formula"
        place = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", ""))
        if place and value:
            cells[int(place[2]), place[1]] = value
    return cells


def _compare(cells: dict[tuple[int, str], str], rows: Sequence[Sequence[Value]], number: int) -> list[Finding]:
    expected = {
        (index, letters_of(column)): str(value)
        for index, row in enumerate(rows, start=1)
        for column, value in enumerate(row)
        if value != ""
    }
    differ = [key for key in expected.keys() | cells.keys() if not _same(cells.get(key, ""), expected.get(key, ""))]
    return [Finding("text", f"sheet {number}: {len(differ)} cells differ from what should stay")] if differ else []


def _same(found: str, expected: str) -> bool:
    if found == expected or "".join(found.split()) == "".join(expected.split()):
        return True
    try:
        return float(found) == float(expected)
    except ValueError:
        return False


def letters_of(column: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _bytes(data: bytes, words: Sequence[str], where: str) -> list[Finding]:
    text = data.lower()
    found = any(code in text for word in words for code in secrets.encodings(word.lower()))
    return [Finding("bytes", f"a redacted string stands in {where}")] if found else []
