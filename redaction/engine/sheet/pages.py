"""A table on pages, a row a line, and which cell each letter of them belongs to."""

from array import array
from collections.abc import Sequence
from pathlib import Path

from redaction.engine.flow.layout import Sheet, lay
from redaction.engine.kinds import kind_of
from redaction.engine.shapes import Page
from redaction.engine.sheet.tables import Table, read_csv, read_workbook, words_of

BETWEEN = " | "
# table, row, column of a letter and its place in the cell's words; a title's letters have none
NOWHERE = (-1, -1, -1, -1)


class Source:
    """The tables of a file, set on pages."""

    def __init__(self, path: Path) -> None:
        self.kind = kind_of(path)
        self.delimiter, self.hidden_sheets = ",", 0
        if self.kind == "csv":
            self.tables, self.delimiter = read_csv(path)
        else:
            self.tables, self.hidden_sheets = read_workbook(path)
        self._cells: tuple[array[int], ...] = (array("i"), array("i"), array("i"), array("i"))
        self.sheets: Sequence[Sheet] = lay(self._words())

    @property
    def pages(self) -> list[Page]:
        """The pages."""
        return [sheet.page for sheet in self.sheets]

    def cell_of(self, page: int, offset: int) -> tuple[int, int, int, int]:
        """Table, row, column, and place in the cell's words, of a page's code point; `NOWHERE` for what is in no cell."""
        origin = self.sheets[page].origins[offset]
        if origin < 0:
            return NOWHERE
        table, row, column, place = (column[origin] for column in self._cells)
        return (table, row, column, place)

    def _words(self) -> str:
        words: list[str] = []
        for number, table in enumerate(self.tables):
            title = self._title(number, table)
            if title:
                self._put(words, title, NOWHERE)
            for index, row in enumerate(table.rows):
                for column, value in enumerate(row):
                    if column:
                        self._put(words, BETWEEN, NOWHERE)
                    self._put(words, words_of(value), (number, index, column, 0))
                self._put(words, "\n", NOWHERE)
        return "".join(words)[:-1]

    def _title(self, number: int, table: Table) -> str:
        if self.kind == "csv":
            return ""
        left = [
            f"{count} hidden {what}{'s' if count > 1 else ''}"
            for count, what in (
                (self.hidden_sheets if number == 0 else 0, "sheet"),
                (table.hidden_rows, "row"),
                (table.hidden_columns, "column"),
            )
            if count
        ]
        note = f" ({', '.join(left)} left out)" if left else ""
        return f"{chr(10) if number else ''}Sheet {number + 1}: {table.name}{note}\n"

    def _put(self, words: list[str], text: str, cell: tuple[int, int, int, int]) -> None:
        words.append(text)
        count = len(text)
        for values, value in zip(self._cells[:3], cell[:3], strict=True):
            values.extend([value] * count)
        self._cells[3].extend(range(count) if cell is not NOWHERE else [-1] * count)


def extract(path: Path) -> list[Page]:
    """The pages. Raises Damaged, Encrypted or TooLarge."""
    return Source(path).pages
