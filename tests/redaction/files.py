"""PDFs and pictures for the tests, made here."""

import io
from pathlib import Path

import pypdf
from PIL import Image
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, RectangleObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from redaction.engine.shapes import Page, Redaction, lines_of

SECRET = "Okonkwo"
LINES = (
    "Statement of: Adaeze OKONKWO     Date of birth: 12/03/1994",
    "I live at 14 Tanner Street, Bristol BS1 4DJ and my",
    "phone is 07700 900461. I saw Adaeze Okonkwo talk to (Okonkwo) at",
    "Okonkwo's house. The dog barked at the postman. Nothing else.",
)


def statement(path: Path, lines: tuple[str, ...] = LINES, pages: int = 1, font: str = "Helvetica") -> Path:
    """A page of lines in black on white."""
    paper = canvas.Canvas(str(path), pagesize=(595, 842), invariant=1)
    for _ in range(pages):
        paper.setFont(font, 11)
        for number, line in enumerate(lines):
            paper.drawString(60, 780 - 16 * number, line)
        paper.showPage()
    paper.save()
    return path


def planted(path: Path) -> Path:
    """The statement with the secret in every other place that a PDF has for it, but not in sight."""
    scratch = io.BytesIO()
    paper = canvas.Canvas(scratch, pagesize=(595, 842))
    paper.setTitle(f"{SECRET} title")
    paper.setAuthor(SECRET)
    paper.setKeywords(SECRET)
    paper.setFont("Helvetica", 11)
    for number, line in enumerate(LINES):
        paper.drawString(60, 780 - 16 * number, line)
    paper.setFillColorRGB(1, 1, 1)
    paper.drawString(60, 600, f"white {SECRET}")
    paper.setFillColorRGB(0, 0, 0)
    paper.drawString(60, 570, f"boxed {SECRET}")
    paper.rect(55, 565, 150, 20, fill=1)
    paper.drawString(60, 540, f"pictured {SECRET}")
    paper.drawImage(ImageReader(Image.new("RGB", (30, 4), (200, 180, 160))), 55, 535, 150, 20)
    unseen = paper.beginText(60, 510)
    unseen.setTextRenderMode(3)
    unseen.textOut(f"invisible {SECRET}")
    paper.drawText(unseen)
    paper.saveState()
    clip = paper.beginPath()
    clip.rect(0, 0, 10, 10)
    paper.clipPath(clip, stroke=0)
    paper.drawString(60, 480, f"clipped {SECRET}")
    paper.restoreState()
    paper.drawString(700, 480, f"outside {SECRET}")
    paper.bookmarkPage("here")
    paper.addOutlineEntry(f"Bookmark {SECRET}", "here")
    paper.acroForm.textfield(name=SECRET, x=60, y=400, width=150, height=20, value="", tooltip=SECRET)
    paper.showPage()
    paper.save()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(scratch.getvalue()))
    writer.add_attachment(f"{SECRET}.txt", f"attached {SECRET}".encode())
    note = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Text"),
        NameObject("/Rect"): RectangleObject((300, 300, 320, 320)), NameObject("/Contents"): TextStringObject(f"note {SECRET}"),
        NameObject("/F"): pypdf.generic.NumberObject(2),
    })  # fmt: skip
    writer.add_annotation(0, note)
    xmp = DecodedStreamObject()
    xmp.set_data(f"<x:xmpmeta><dc:title>{SECRET}</dc:title></x:xmpmeta>".encode())
    xmp[NameObject("/Type")] = NameObject("/Metadata")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(xmp)
    whole = io.BytesIO()
    writer.write(whole)
    # An incremental save: the title of the first revision stays in the file.
    later = pypdf.PdfWriter(io.BytesIO(whole.getvalue()), incremental=True)
    later.add_metadata({"/Title": "Statement"})
    later.write(path)
    return path


def covering(pages: list[Page], *words: str, code: str = "TPN") -> list[Redaction]:
    """A redaction of every occurrence of the words, in any case."""
    found = []
    for page in pages:
        for word in words:
            at = page.text.lower().find(word.lower())
            while at >= 0:
                boxes = tuple(lines_of(page.boxes[at : at + len(word)]))
                found.append(Redaction(page.index, boxes, code, at, at + len(word)))
                at = page.text.lower().find(word.lower(), at + len(word))
    return found


def photograph(path: Path, size: tuple[int, int] = (320, 240)) -> Path:
    """A picture with EXIF (orientation, a comment, GPS), a comment and a colourful pattern."""
    picture = Image.new("RGB", size)
    picture.putdata([((x * 7) % 256, (y * 5) % 256, (x * y) % 256) for y in range(size[1]) for x in range(size[0])])
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010E] = f"Picture of {SECRET}"
    exif.get_ifd(0x8825)[1] = "N"
    kind = "PNG" if path.suffix == ".png" else "JPEG"
    picture.save(path, kind, exif=exif, **({"comment": SECRET.encode()} if kind == "JPEG" else {}))
    return path
