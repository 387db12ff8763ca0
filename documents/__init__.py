"""Forms as PDF and DOCX from plain data. No models, nothing of Django."""

from collections.abc import Mapping
from typing import Any

from documents.render import DocumentError, render, templates
from documents.word import word

TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
"""In which kinds a form is made, and the media type of each."""


def make(form: str, kind: str, data: Mapping[str, Any]) -> bytes:
    """The form as ``kind`` ("pdf" or "docx"); raises `DocumentError` for what can't be made."""
    if kind not in TYPES:
        raise DocumentError(f"a form is made as {' or '.join(TYPES)}, not as {kind!r}")
    return render(form, data) if kind == "pdf" else word(form, data)


__all__ = ["TYPES", "DocumentError", "make", "render", "templates", "word"]
