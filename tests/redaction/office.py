"""Office files for the tests, made here: each holds the secret where people forget it."""

import datetime as dt
import zipfile
from email.message import EmailMessage
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

SECRET = "Okonkwo"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
TEXT = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
OFFICE = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'


def mail(path: Path) -> Path:
    """A message with an alternative in HTML, an attachment, and a forwarded message."""
    inner = EmailMessage()
    inner["From"] = f"Adaeze {SECRET} <adaeze@example.org>"
    inner["To"] = "officer@example.org"
    inner["Subject"] = "First"
    inner.set_content(f"It was {SECRET} who opened the door.")
    outer = EmailMessage()
    outer["From"] = "officer@example.org"
    outer["To"] = f"Adaeze {SECRET} <adaeze@example.org>"
    outer["Subject"] = "Your statement"
    outer["X-Note"] = f"about {SECRET}"
    outer.set_content("Please read it. The door was green.")
    outer.add_alternative("<p>Please read it. The door was green.</p>", subtype="html")
    outer.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=f"{SECRET}.pdf")
    outer.add_attachment(inner)
    path.write_bytes(bytes(outer))
    return path


def word(path: Path) -> Path:
    """A document with a table, a comment, a deletion, hidden text, a header and a text box."""
    body = (
        "<w:p><w:r><w:t>The door was green.</w:t></w:r><w:r><w:tab/><w:t>Nothing else.</w:t></w:r></w:p>"
        f"<w:p><w:del><w:r><w:delText>{SECRET} was there</w:delText></w:r></w:del></w:p>"
        f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ask {SECRET}</w:t></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Name</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{SECRET}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        f"<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>box {SECRET}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        file.writestr("word/header1.xml", f"<w:hdr {W}><w:p><w:r><w:t>Head {SECRET}</w:t></w:r></w:p></w:hdr>")
        file.writestr(
            "word/comments.xml",
            f'<w:comments {W}><w:comment w:author="{SECRET}"><w:p><w:r><w:t>Really?</w:t></w:r></w:p></w:comment></w:comments>',
        )
        file.writestr("docProps/core.xml", f"<creator>{SECRET}</creator>")
    return path


def slides(path: Path) -> Path:
    """A presentation with a slide and its notes."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("ppt/presentation.xml", "<p/>")
        file.writestr("ppt/slides/slide1.xml", f"<s {A}><a:p><a:r><a:t>The door was green.</a:t></a:r></a:p></s>")
        file.writestr("ppt/notesSlides/notesSlide1.xml", f"<s {A}><a:p><a:r><a:t>Not {SECRET}</a:t></a:r></a:p></s>")
    return path


def open_document(path: Path) -> Path:
    """An OpenDocument text with a tracked deletion."""
    content = (
        f"<office:document {OFFICE} {TEXT}><office:body><office:text>"
        f"<text:tracked-changes><text:deletion><text:p>{SECRET} went</text:p></text:deletion></text:tracked-changes>"
        "<text:p>The door<text:s text:c='2'/>was <text:span>green</text:span>.</text:p>"
        "</office:text></office:body></office:document>"
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("META-INF/manifest.xml", "<manifest/>")
        file.writestr("content.xml", content)
    return path


def rich_text(path: Path) -> Path:
    """RTF."""
    path.write_text(r"{\rtf1\ansi The door was green.\par It was " + SECRET + "}")
    return path


def workbook(path: Path) -> Path:
    """A workbook with the secret in cells, a comment, a sheet's name, a defined name, a hidden sheet, row and column."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = f"{SECRET} calls"
    sheet.append(["Name", "Phone", "When", "Hidden"])
    sheet.append([f"Adaeze {SECRET}", 447700900461, dt.datetime(2026, 3, 12, 10, 5), SECRET])
    sheet.append(["The neighbour", "07700 900462", 5.5, "x"])
    sheet.append([f"in a hidden row {SECRET}"])
    sheet.append(['="=" & A2', "=1+1", "@cell", ""])
    sheet["A1"].comment = Comment(f"ask {SECRET}", SECRET)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["D"].hidden = True
    hidden = book.create_sheet("Second")
    hidden.append([SECRET])
    hidden.sheet_state = "hidden"
    book.defined_names[SECRET] = DefinedName(SECRET, attr_text="'Second'!$A$1")
    book.properties.creator = SECRET
    book.save(path)
    return path


def table(path: Path) -> Path:
    """A CSV whose cells hold commas, quotes and lines."""
    path.write_text(
        f'Name,Note,Phone\r\nAdaeze {SECRET},"said ""hello"", then\nleft",07700 900461\r\nOther,plain,07700 900462\r\n',
        encoding="utf-8-sig",
        newline="",
    )
    return path
