"""Reads workbooks and CSV as tables of what their cells show."""

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redaction.engine.errors import BROKEN_ARCHIVE, Damaged, TooLarge
from redaction.engine.kinds import decoded, delimiter_of

MAX_CELLS = 2_000_000
MAX_BYTES = 300 * 1024 * 1024
Value = str | int | float


@dataclass(slots=True)
class Table:
    """One sheet: its rows of values ("" is an empty cell), and how many sheets, rows and columns were left out as hidden."""

    name: str
    rows: list[list[Value]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0


def words_of(value: Value) -> str:
    """A cell as one line of text."""
    return " ".join(str(value).split())


def read_csv(path: Path) -> tuple[list[Table], str]:
    """The table, and what separates its cells."""
    if path.stat().st_size > MAX_BYTES:
        raise TooLarge(f"This file is larger than {MAX_BYTES // 1024**2} MB.")
    text = decoded(path.read_bytes())
    delimiter = delimiter_of(text) or ","
    table = Table("")
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            cells += len(row)
            _limit(cells)
            table.rows.append(list(row))
    except csv.Error:
        raise Damaged("This table can't be read: a cell in it has no end.") from None
    return [table], delimiter


def read_workbook(path: Path) -> tuple[list[Table], int]:
    """The sheets that are shown, and how many are hidden. Formulas count as the value that was last computed."""
    tables, hidden, cells = [], 0, 0
    with _opened(path) as workbook:
        for sheet in workbook.worksheets:
            if sheet.sheet_state != "visible":
                hidden += 1
                continue
            table = Table(sheet.title)
            columns = {n for d in sheet.column_dimensions.values() if d.hidden for n in range(d.min or 0, (d.max or 0) + 1)}
            table.hidden_columns = sum(number <= (sheet.max_column or 0) for number in columns)
            for row in sheet.iter_rows():
                if row and sheet.row_dimensions[row[0].row].hidden:
                    table.hidden_rows += 1
                    continue
                values = [_value(cell.value) for cell in row if cell.column not in columns]
                while values and values[-1] == "":
                    values.pop()
                cells += len(values)
                _limit(cells)
                table.rows.append(values)
            while table.rows and not table.rows[-1]:
                table.rows.pop()
            tables.append(table)
    if not tables:
        raise Damaged("This workbook shows no sheet.")
    return tables, hidden


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise TooLarge("This workbook unpacks to more than can be read.")
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore")  # of extensions that it doesn't know: they don't survive anyway
            workbook = openpyxl.load_workbook(file, data_only=True, keep_links=False)
    except (*BROKEN_ARCHIVE, InvalidFileException, SyntaxError, TypeError, AttributeError, LookupError, ArithmeticError):
        raise Damaged("This workbook can't be read: its structure is broken.") from None
    try:
        yield workbook
    finally:
        workbook.close()


def _value(value: Any) -> Value:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y}" if value.time() == dt.time() else f"{value:%d/%m/%Y %H:%M:%S}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value)


def _limit(cells: int) -> None:
    if cells > MAX_CELLS:
        raise TooLarge(f"This table has more than {MAX_CELLS:,} cells.")
