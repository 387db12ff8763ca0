"""Pictures (JPEG, PNG, WebP, BMP, TIFF, GIF, HEIC). One of several frames comes out as a PDF, a page a frame.

The furniture of a format: extract, render, covered, burn_in, check.
"""

from redaction.engine.flow import covered
from redaction.engine.image.burn import burn_in
from redaction.engine.image.check import check
from redaction.engine.image.picture import extract, render

__all__ = ["burn_in", "check", "covered", "extract", "render"]
