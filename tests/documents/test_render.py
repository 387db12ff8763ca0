"""Forms from plain data: what is printed, that data can't become markup, and that the PDF is a tagged one."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import DocumentError, render

MG11: dict[str, Any] = {
    "urn": "45AB1234526",
    "name": "Jane EXAMPLE",
    "age": "Over 18",
    "occupation": "Teacher",
    "paragraphs": ["I live alone."] * 60,
    "signed_on": "03/11/2026",
    "details": {"telephone": "07700 900123"},
}
MG6C: dict[str, Any] = {
    "defendant": "EXAMPLE, Adam",
    "urn": "45AB1234526",
    "reference": "45/123456/26",
    "version": 1,
    "unexamined": False,
    "rows": [
        {"number": 1, "description": "Chat export of 03/11/2026", "location": "Exhibit store"},
        {"number": 2, "description": "should not be printed", "location": "", "withdrawn": True},
    ],
    "certified": {"name": "PC 1234 Smith", "role": "Disclosure officer", "at": "24/11/2026 10:00", "statement": "So."},
}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_a_statement_has_its_marking_and_page_count_on_every_page() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render("mg11", MG11)))
    assert len(reader.pages) >= 3
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert text.count("OFFICIAL-SENSITIVE") == 2
        assert f"Page {number} of {len(reader.pages)}" in text
    assert "07700 900123" in reader.pages[-1].extract_text()


def test_a_schedule_prints_only_the_word_withdrawn_for_a_withdrawn_row() -> None:
    text = text_of(render("mg6c", MG6C))
    assert "Chat export" in text
    assert "Withdrawn" in text
    assert "should not be printed" not in text
    assert "PC 1234 Smith" in text


def test_an_uncertified_schedule_says_so() -> None:
    assert "Draft: not certified" in text_of(render("mg6c", MG6C | {"certified": None, "rows": []}))


def test_it_is_tagged_titled_and_in_a_language() -> None:
    for template, data in (("mg11", MG11), ("mg6c", MG6C)):
        reader = pypdf.PdfReader(io.BytesIO(render(template, data)))
        root: Any = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"
        assert reader.metadata is not None and reader.metadata.title


def test_the_same_data_and_time_give_the_same_bytes() -> None:
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert render("mg6c", MG6C, made_at=at) == render("mg6c", MG6C, made_at=at)


@settings(max_examples=15, deadline=None)
@given(st.text(alphabet="#$*_@<>[]{}()\\\"'`/=-+~ abc%\n", min_size=1, max_size=30))
def test_data_never_become_markup(hostile: str) -> None:
    printed = text_of(render("mg6c", MG6C | {"defendant": f"Q{hostile}Z"}))
    assert "Schedule of relevant" in printed


def test_markup_prints_as_it_was_written() -> None:
    name = '#panic("x") $x^2$ *bold* #sys.inputs'
    assert name.replace(" ", "") in text_of(render("mg6c", MG6C | {"defendant": name})).replace(" ", "").replace("\n", "")


def test_unknown_forms_and_missing_data_are_named() -> None:
    with pytest.raises(DocumentError, match="no form"):
        render("mg99", {})
    with pytest.raises(DocumentError, match="mg6c"):
        render("mg6c", {"version": 1})
    with pytest.raises(DocumentError, match="mg6c"):
        render("mg6c", MG6C | {"defendant": object()})
