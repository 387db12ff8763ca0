"""Makes the redacted table: a new file of the cells' values, with a marker where words were taken out."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from redaction.engine import kept
from redaction.engine.errors import Misplaced
from redaction.engine.shapes import Burnt, Page, Redaction, by_page
from redaction.engine.sheet.pages import Source
from redaction.engine.sheet.tables import Value, words_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = tuple[int, int, int]
# A cell that begins with one of these would be computed by a spreadsheet
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def burn_in(
    path: Path,
    redactions: Sequence[Redaction],
    output: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    scanned: Sequence[Page] = (),
) -> Burnt:
    """Write `redacted.xlsx` or `redacted.csv` into the folder `output`. Raises Misplaced for a redaction outside the table."""
    source = Source(path)
    tables = redacted_tables(source, redactions, progress)
    if source.kind == "csv":
        name, media_type = "redacted.csv", "text/csv"
        with (output / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=source.delimiter, lineterminator="\r\n").writerows(tables[0])
    else:
        name, media_type = "redacted.xlsx", XLSX
        _write_workbook(output / name, tables)
    return Burnt(name, media_type, len(source.sheets), len(redactions))


def redacted_tables(
    source: Source, redactions: Sequence[Redaction], progress: Callable[[int, int], None] = lambda done, total: None
) -> list[list[list[Value]]]:
    """The values of each table with what was accepted replaced by its code."""
    taken = _taken(source, redactions, progress)
    return [
        [
            [
                _without(value, taken[key]) if (key := (number, index, column)) in taken else value
                for column, value in enumerate(row)
            ]
            for index, row in enumerate(table.rows)
        ]
        for number, table in enumerate(source.tables)
    ]


def _taken(source: Source, redactions: Sequence[Redaction], progress: Callable[[int, int], None]) -> dict[Cell, dict[int, str]]:
    """Of each cell that loses words: which places of it go, and the code of each."""
    taken: dict[Cell, dict[int, str]] = {}
    pages = source.pages
    for done, (index, wanted) in enumerate(by_page(redactions).items(), start=1):
        if not 0 <= index < len(pages):
            raise Misplaced(f"The table fills {len(pages)} pages.")
        for redaction in wanted:
            for offset in kept.removed_offsets(pages[index], [redaction]):
                table, row, column, place = source.cell_of(index, offset)
                if table >= 0:
                    taken.setdefault((table, row, column), {})[place] = redaction.code
        progress(done, len(pages))
    return taken


def _without(value: Value, places: dict[int, str]) -> str:
    """The cell's words with each stretch of taken places replaced by one marker."""
    words, made = words_of(value), ""
    for place, letter in enumerate(words):
        code = places.get(place)
        if code is None:
            made += letter
        elif places.get(place - 1) != code:
            made += kept.marker(code)
    return made


def _write_workbook(path: Path, tables: Sequence[Sequence[Sequence[Value]]]) -> None:
    """Values only. Sheets are named by their number: a name may hold words too."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    workbook = openpyxl.Workbook(write_only=True)
    for number, rows in enumerate(tables, start=1):
        sheet = workbook.create_sheet(f"Sheet{number}")
        for row in rows:
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=value if value != "" else None)
                if isinstance(value, str) and value.startswith(_FORMULA):
                    cell.data_type = "s"
                cells.append(cell)
            sheet.append(cells)
    workbook.save(path)
