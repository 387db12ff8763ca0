"""Forms as DOCX: the same words as in the data, nothing of them markup, the marking on every page."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest

from documents import DocumentError, make, word
from documents.word import forms
from tests.documents.test_render import MG6C

HEAD: dict[str, Any] = {"defendant": "EXAMPLE, Adam", "urn": None, "reference": "45/1/26"}
PRINTED = {"printed": {"by": "PC 1", "at": "24/11/2026 10:00"}}
WITNESS = {
    "number": 1,
    "name": "Jo Reed",
    "occupation": "Baker",
    "statements": "03/11/2026 (AB/1)",
    "contact": "1 Elm Row",
    "availability": "May",
}


def read(made: bytes) -> Any:
    return docx.Document(io.BytesIO(made))


def cells(made: bytes) -> list[list[str]]:
    """The rows of its table."""
    return [[cell.text for cell in row.cells] for row in read(made).tables[0].rows]


def words(made: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in read(made).paragraphs)


def test_a_schedule_says_what_the_data_say() -> None:
    made = word("mg6c", MG6C)
    assert cells(made)[1:] == [["1", "Chat export of 03/11/2026", "Exhibit store", "", ""], ["2", "Withdrawn", "", "", ""]]
    assert "should not be printed" not in words(made)
    assert "Disclosure officer: PC 1234 Smith" in words(made)


def test_the_marking_and_the_page_stand_on_every_page() -> None:
    section = read(word("mg6d", MG6C | {"rows": []})).sections[0]
    for part in (section.header, section.footer):
        assert "OFFICIAL-SENSITIVE – NOT FOR DISCLOSURE" in part.paragraphs[0].text
    assert [field for field in ("PAGE", "NUMPAGES") if field in section.footer.paragraphs[0]._p.xml] == ["PAGE", "NUMPAGES"]
    assert "NOT FOR" not in read(word("mg6c", MG6C)).sections[0].header.paragraphs[0].text


def test_contact_details_stand_on_the_list_for_the_cps_alone() -> None:
    data = HEAD | PRINTED | {"rows": [WITNESS]}
    assert cells(word("mg9", data | {"contact": True}))[1] == ["1", "Jo Reed", "Baker", "03/11/2026 (AB/1)", "1 Elm Row", "May"]
    assert cells(word("mg9", data | {"contact": False}))[1] == ["1", "Jo Reed", "Baker", "03/11/2026 (AB/1)"]


def test_every_word_of_it_can_be_written() -> None:
    """Control characters, markup and surrogates' neighbours: XML holds the first not at all, and the rest as they are."""
    rows = [{"number": 1, "description": "a\x00b\x0bc <w:t> & #panic()", "location": "é…☃", "withdrawn": False}]
    assert cells(word("mg6c", MG6C | {"rows": rows}))[1][1:3] == ["abc <w:t> & #panic()", "é…☃"]


def test_unknown_forms_kinds_and_missing_data_are_named() -> None:
    with pytest.raises(DocumentError, match="no form"):
        word("mg99", {})
    with pytest.raises(DocumentError, match="mg12"):
        word("mg12", {})
    with pytest.raises(DocumentError, match="pdf or docx"):
        make("mg6c", "rtf", MG6C)
    assert {"mg6c", "mg6d", "mg6e", "mg9", "mg12"} <= set(forms())
