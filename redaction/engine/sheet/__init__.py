"""Tables: Excel workbooks and CSV. They come out as what they are, cell by cell, with the accepted words replaced.

For people a table is set on pages, a row a line (`flow.layout`); every letter there knows its cell. Hidden sheets, rows and
columns, formulas, comments and everything else a workbook holds beside its cells do not survive; how much was hidden is said.
The furniture of a format: extract, render, covered, burn_in, check.
"""

from redaction.engine.flow import covered, render
from redaction.engine.sheet.burn import burn_in
from redaction.engine.sheet.check import check
from redaction.engine.sheet.pages import extract

__all__ = ["burn_in", "check", "covered", "extract", "render"]
