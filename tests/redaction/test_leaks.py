"""Each place where a secret can hide: caught in a burn-in that left it there, gone after ours."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from PIL import Image
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from redaction.engine import pdf
from tests.redaction.files import SECRET, covering, planted, statement

Draw = Callable[[canvas.Canvas], None]
Put = Callable[[pypdf.PdfWriter], object]


def _white(paper: canvas.Canvas) -> None:
    paper.setFillColorRGB(1, 1, 1)
    paper.drawString(60, 300, SECRET)


def _ocr_layer(paper: canvas.Canvas) -> None:
    unseen = paper.beginText(60, 300)
    unseen.setTextRenderMode(3)
    unseen.textOut(SECRET)
    paper.drawText(unseen)


def _clipped(paper: canvas.Canvas) -> None:
    clip = paper.beginPath()
    clip.rect(0, 0, 10, 10)
    paper.clipPath(clip, stroke=0)
    paper.drawString(60, 300, SECRET)


def _under_a_picture(paper: canvas.Canvas) -> None:
    paper.drawString(60, 300, SECRET)
    paper.drawImage(ImageReader(Image.new("RGB", (30, 4), (200, 180, 160))), 55, 295, 150, 20)


def _form_value(paper: canvas.Canvas) -> None:
    paper.acroForm.textfield(name="who", x=60, y=300, width=150, height=20, value=SECRET)


DRAWN: dict[str, Draw] = {
    "text": lambda paper: paper.drawString(60, 300, SECRET), "OCR layer": _ocr_layer, "white text": _white,
    "clipped text": _clipped, "text under a picture": _under_a_picture, "form value": _form_value,
}  # fmt: skip


def _thumbnail(writer: pypdf.PdfWriter) -> None:
    small = DecodedStreamObject()
    small.set_data(zlib.compress(bytes(12)))
    small.update({NameObject("/Subtype"): NameObject("/Image"), NameObject("/Filter"): NameObject("/FlateDecode")})
    writer.pages[0][NameObject("/Thumb")] = writer._add_object(small)


def _alternate_text(writer: pypdf.PdfWriter) -> None:
    figure = DictionaryObject({NameObject("/S"): NameObject("/Figure"), NameObject("/Alt"): TextStringObject(SECRET)})
    writer.root_object[NameObject("/StructTreeRoot")] = DictionaryObject({NameObject("/K"): ArrayObject([figure])})


PUT: dict[str, Put] = {
    "metadata": lambda writer: writer.add_metadata({"/Title": SECRET}),
    "annotation": lambda writer: writer.add_annotation(0, FreeText(text=SECRET, rect=(0, 0, 50, 50))),
    "attachment": lambda writer: writer.add_attachment("a.txt", SECRET.encode()),
    "file name": lambda writer: writer.add_attachment(f"{SECRET}.txt", b"nothing"),
    "bookmark": lambda writer: writer.add_outline_item(title=SECRET, page_number=0),
    "thumbnail": _thumbnail, "alternate text": _alternate_text,
}  # fmt: skip


@pytest.mark.parametrize("carrier", [*DRAWN, *PUT, "old revision"])
def test_a_secret_that_a_burn_in_leaves_is_caught(tmp_path: Path, carrier: str) -> None:
    source = statement(tmp_path / "a.pdf")
    wanted = covering(pdf.extract(source), SECRET)
    burnt = pdf.burn_in(source, wanted, tmp_path)
    made = tmp_path / burnt.name
    assert pdf.check(source, made, wanted, burnt).findings == ()
    writer = pypdf.PdfWriter(clone_from=made)
    if carrier in DRAWN:
        sheet = io.BytesIO()
        paper = canvas.Canvas(sheet, pagesize=(595, 842))
        DRAWN[carrier](paper)
        paper.showPage()
        paper.save()
        extra = pypdf.PdfReader(sheet)
        writer.pages[0].merge_page(extra.pages[0]) if carrier != "form value" else writer.append(extra)
    elif carrier in PUT:
        PUT[carrier](writer)
    else:
        writer.add_metadata({"/Title": SECRET})
        writer.write(tmp_path / "first.pdf")
        writer = pypdf.PdfWriter(tmp_path / "first.pdf", incremental=True)
        writer.add_metadata({"/Title": "Statement"})
    writer.write(tmp_path / "bad.pdf")
    assert pdf.check(source, tmp_path / "bad.pdf", wanted, burnt).findings


def test_after_our_burn_in_all_of_them_are_gone(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=planted(tmp_path / "planted.pdf"))
    _thumbnail(writer)
    _alternate_text(writer)
    writer.add_attachment(f"{SECRET} again.txt", SECRET.encode())
    source = tmp_path / f"{SECRET}.pdf"
    writer.write(source)
    pages = pdf.extract(source)
    wanted = covering(pages, SECRET)
    burnt = pdf.burn_in(source, wanted, tmp_path, scanned=[page for page in pages if page.scanned is not None])
    made = tmp_path / burnt.name
    assert SECRET not in burnt.name
    data = made.read_bytes().lower()
    assert SECRET.lower().encode() not in data
    assert SECRET.lower().encode("utf-16-be") not in data
    with pdfium.PdfDocument(made) as document:
        assert SECRET.lower() not in document[0].get_textpage().get_text_range().lower()
        assert document.count_attachments() == 0
        assert list(document.get_toc()) == []
    reader = pypdf.PdfReader(made)
    assert set(reader.pages[0]) <= {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
    assert not reader.metadata
