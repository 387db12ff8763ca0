"""``word("mg6c", data)``: a form as DOCX, from the same data as its PDF (`documents/templates`), through python-docx.

For those who must take a form's words over into another system. What counts is the PDF, and the certificate behind it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from documents.render import DocumentError

MARKING = "OFFICIAL-SENSITIVE"
_RESERVED = "NOT FOR DISCLOSURE"
_SIGN = "Name ……………………………………  Signature ……………………………………  Date …………………"
_WIDTHS = {
    "number": 14, "reference": 38, "schedule": 27, "item": 20, "location": 46, "code": 30, "comment": 46, "views": 42, "": 30,
    "occupation": 32, "statements": 38, "contact": 62, "availability": 38, "producer": 42,
}  # fmt: skip
"""Of columns, in millimetres; the others share what is left of a page across."""
_ACROSS = 257
_SHORT = 1500
"""Letters of a row that stays on its page."""

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Layout:
    """A form: its title, what stands above its table, the table's columns by header and key, and who signs."""

    title: Callable[[Data], str]
    columns: Callable[[Data], list[tuple[str, str]]]
    says: Callable[[Data], str]
    reserved: Callable[[Data], bool] = lambda data: False
    signs: str = "Reviewing lawyer"


def _mg6e(data: Data) -> str:
    meets = "material that might reasonably be considered capable of undermining the prosecution case or of assisting the accused"
    if not data["rows"]:
        return f"The disclosure officer has found no {meets}."
    return f"The disclosure officer believes that what follows is {meets}. A copy of each item goes with this report."


_BLOCK = [("Exhibit", "reference"), ("Type", "type"), ("Seized or received", "date")]
_ROW = [("Item", "number"), ("Description and relevance", "description"), ("Location", "location")]
_FORMS: dict[str, Layout] = {
    "mg6c": Layout(
        title=lambda data: (
            "Streamlined disclosure certificate"
            if data.get("form") == "SDC"
            else "Schedule of relevant non-sensitive unused material"
        ),
        columns=lambda data: [*_ROW, ("CPS code", "code"), ("CPS comment", "comment")],
        says=lambda data: (
            "The disclosure officer believes that the following material, which does not form part of the prosecution case, is"
            " not sensitive."
        ),
    ),
    "mg6d": Layout(
        title=lambda data: "Schedule of relevant sensitive unused material",
        columns=lambda data: [
            ("Item", "number"),
            ("Description", "description"),
            ("Reason for sensitivity", "reason"),
            ("Agree sensitive", "agree"),
            ("Court (PII) application", "court"),
            ("CPS views", "views"),
        ],
        says=lambda data: (
            "The disclosure officer believes that the following material, which does not form part of the prosecution case, is"
            " sensitive: its disclosure would give rise to a real risk of serious prejudice to an important public interest."
        ),
        reserved=lambda data: True,
    ),
    "mg6e": Layout(
        title=lambda data: "Disclosure officer's report",
        columns=lambda data: [
            ("No.", "number"),
            ("Schedule", "schedule"),
            ("Item", "item"),
            ("Why it may undermine or assist", "description"),
        ],
        says=_mg6e,
        reserved=lambda data: True,
    ),
    "mg9": Layout(
        title=lambda data: "Witness list",
        columns=lambda data: [
            ("No.", "number"),
            ("Name", "name"),
            ("Occupation", "occupation"),
            ("Statements", "statements"),
            *([("Contact details", "contact"), ("Dates to avoid", "availability")] if data["contact"] else []),
        ],
        says=lambda data: (
            "This list holds contact details: it is for police and CPS only, never for the defence." if data["contact"] else ""
        ),
        reserved=lambda data: bool(data["contact"]),
        signs="Officer",
    ),
    "mg12": Layout(
        title=lambda data: "Exhibit list",
        columns=lambda data: [
            ("Exhibit", "reference"),
            ("Description", "description"),
            ("Producing witness", "producer"),
            ("Statement page", ""),
            ("Held at or by", "location"),
        ],
        says=lambda data: "",
        signs="Officer",
    ),
    "dmd": Layout(title=lambda data: str(data["title"]), columns=lambda data: [], says=lambda data: ""),
}


def forms() -> list[str]:
    """Names of the forms that can be made."""
    return sorted(_FORMS)


def word(form: str, data: Data) -> bytes:
    """The form filled with ``data``, whose fields are listed on top of the form's PDF template.

    Raises `DocumentError` for an unknown form or data that don't fit it.
    """
    if form not in _FORMS:
        raise DocumentError(f"there is no form {form!r}; there are: {', '.join(forms())}")
    try:
        document = _document(form, _FORMS[form], data)
    except (KeyError, ValueError) as error:
        raise DocumentError(f"{form}: {error}") from error
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _document(form: str, layout: Layout, data: Data) -> Document:
    document = docx.Document()
    document.core_properties.title = layout.title(data)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.styles["Normal"].font.size = Pt(10)
    for level in (1, 2):
        document.styles[f"Heading {level}"].font.color.rgb = RGBColor(0, 0, 0)
    mark = f"{MARKING} – {_RESERVED}" if layout.reserved(data) else MARKING
    _page(document, mark, _reference(form, data), across=bool(layout.columns(data)))
    document.add_heading(f"{data.get('form') or form.upper()}: {layout.title(data)}", level=1)
    for label, value in [("R v", data["defendant"]), ("URN", data.get("urn")), ("Crime number", data.get("reference"))]:
        _fact(document, label, value)
    if words := layout.says(data):
        document.add_paragraph(_clean(words))
    if "unexamined" in data:
        _fact(document, "Is any material unexamined?", "Yes" if data["unexamined"] else "No")
        _fact(document, "What, and why", data.get("unexamined_note"))
    if columns := layout.columns(data):
        _table(document, columns, data["rows"])
    else:
        _sections(document, data["sections"])
    _signatures(document, layout, data)
    for block in data.get("blocks", []):
        document.add_heading(f"Appendix: items of the block listed as item {block['number']}", level=2)
        _table(document, _BLOCK, block["items"])
    return document


def _reference(form: str, data: Data) -> str:
    name = str(data.get("form") or form.upper())
    if "version" not in data:
        return name
    sha256 = data.get("sha256")
    return f"{name} version {data['version']} – " + (f"SHA-256 {sha256[:12]}" if sha256 else "draft")


def _page(document: Document, mark: str, reference: str, *, across: bool) -> None:
    """A4, a table's across; the marking above and below, and page x of y."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if across:
        section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    above, below = section.header.paragraphs[0], section.footer.paragraphs[0]
    above.add_run(mark).bold = True
    below.add_run(f"{reference}    ")
    below.add_run(mark).bold = True
    below.add_run("    Page ")
    _field(below, "PAGE")
    below.add_run(" of ")
    _field(below, "NUMPAGES")
    above.alignment = below.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _field(paragraph: Paragraph, name: str) -> None:
    """A field that the reader's program works out."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)


def _fact(document: Document, label: str, value: str | None, *, apart: bool = False, keep: bool = False) -> None:
    """A line; `apart` from what is above it, and kept on one page with the next."""
    if not value:
        return
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(10 if apart else 0), Pt(0)
    paragraph.paragraph_format.keep_with_next = keep
    paragraph.add_run(f"{_clean(label)}{'' if label.endswith('?') else ':'} ").bold = True
    paragraph.add_run(_clean(value))


def _table(document: Document, columns: list[tuple[str, str]], rows: list[Mapping[str, Any]]) -> None:
    if not rows:
        document.add_paragraph("There is nothing to list: nil.")
        return
    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.autofit = False
    left = _ACROSS - sum(_WIDTHS.get(key, 0) for _, key in columns)
    shared = sum(key not in _WIDTHS for _, key in columns)
    for column, (_, key) in zip(table.columns, columns, strict=True):
        column.width = Mm(_WIDTHS.get(key) or left / shared)
    head = table.rows[0]
    for cell, (header, _) in zip(head.cells, columns, strict=True):
        cell.paragraphs[0].add_run(header).bold = True
    repeated = OxmlElement("w:tblHeader")
    head._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        texts = [_clean(text) for text in _texts(columns, row)]
        added = table.add_row()
        if sum(map(len, texts)) < _SHORT:
            added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text in zip(added.cells, texts, strict=True):
            cell.text = text


def _sections(document: Document, sections: list[Mapping[str, Any]]) -> None:
    for section in sections:
        document.add_heading(_clean(section["title"]), level=2)
        for label, value in section["facts"]:
            _fact(document, label, value)
        for entry in section["entries"]:
            short = sum(len(value) for _, value in entry) < _SHORT
            for number, (label, value) in enumerate(entry, 1):
                _fact(document, label, value, apart=number == 1, keep=short and number < len(entry))
        if not section["facts"] and not section["entries"]:
            document.add_paragraph("Nothing to tell.")


def _texts(columns: list[tuple[str, str]], row: Mapping[str, Any]) -> list[str]:
    if row.get("withdrawn"):
        return [str(row["number"]), "Withdrawn", *[""] * (len(columns) - 2)]
    said = {"code": None, "comment": None, **row, "": "", "views": ". ".join(filter(None, (row.get("code"), row.get("comment"))))}
    return [str(said[key] if said[key] is not None else "") for _, key in columns]


def _signatures(document: Document, layout: Layout, data: Data) -> None:
    certified = data.get("certified")
    if certified:
        document.add_heading("Certification", level=2)
        document.add_paragraph(_clean(certified["statement"])).paragraph_format.keep_with_next = True
        _fact(document, "Disclosure officer", certified["name"], keep=True)
        _fact(document, "Role", certified.get("role"), keep=True)
        _fact(document, "Signed electronically", certified["at"], keep=True)
        _fact(document, "SHA-256 of what was certified", data.get("sha256"), keep=True)
    elif "certified" in data:
        document.add_paragraph().add_run("Draft: not certified.").bold = True
    if issued := data.get("issued"):
        document.add_heading("Issued", level=2)
        _fact(document, "By", f"{issued['name']}, {issued['role']}", keep=True)
        _fact(document, "Signed electronically", issued["at"], keep=True)
        _fact(document, "SHA-256 of what was issued", data.get("sha256"), keep=True)
    if printed := data.get("printed"):
        _fact(document, "Printed", f"{printed['at']} by {printed['by']}", apart=True, keep=True)
    _fact(document, layout.signs, _SIGN, apart=True)


def _clean(text: str) -> str:
    """Without the control characters that XML can't hold."""
    return "".join(letter for letter in text if letter in "\n\t" or (letter >= " " and letter not in "\ufffe\uffff"))
