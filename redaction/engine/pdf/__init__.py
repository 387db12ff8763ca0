"""PDF. The furniture of a format: extract, render, covered, burn_in, check."""

from redaction.engine.pdf.burn import burn_in
from redaction.engine.pdf.check import check
from redaction.engine.pdf.covered import covered
from redaction.engine.pdf.extract import extract, reading
from redaction.engine.pdf.pixels import render

__all__ = ["burn_in", "check", "covered", "extract", "reading", "render"]
