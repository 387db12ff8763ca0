"""Pages without words of their own: what is read from pixels, what is burnt in, and what a second engine still finds."""

import re
from collections import Counter
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from redaction.engine import boxed, formats, image, kinds, ocr, pdf
from redaction.engine.shapes import Box, Page, Redaction
from tests.optional import requires
from tests.redaction.files import LINES, SECRET, covering, statement

COLUMNS = [
    ("The dog of the neighbour barked", "On the other side of the road"),
    ("at the postman for an hour, then", "nobody was at home, and the lamps"),
    (f"{SECRET} opened the front door", "in the upper windows were all dark"),
    ("and asked him what he wanted so", "until the bus came down the hill"),
    ("early in the morning of a Sunday.", f"with {SECRET} and her sister."),
]


def photographed(pages: list[Image.Image], path: Path, turn: int = 0, lean: float = 0.6) -> Path:
    """Pages as a scanner leaves them: grey, askew, and turned to the left by so many degrees."""
    leant = [page.convert("L").rotate(lean, Image.Resampling.BICUBIC, fillcolor=255).rotate(turn, expand=True) for page in pages]
    leant[0].save(path, save_all=True, append_images=leant[1:], resolution=200)
    return path


def drawn(path: Path) -> Image.Image:
    """The first page of a PDF, 200 dots an inch."""
    with pdfium.PdfDocument(path) as document:
        picture: Image.Image = document[0].render(scale=200 / 72).to_pil()
        return picture


def columns(path: Path) -> Path:
    paper = canvas.Canvas(str(path), pagesize=(595, 842))
    paper.setFont("Times-Roman", 12)
    paper.drawString(60, 800, "A heading over both of the columns of this page")
    for number, (left, right) in enumerate(COLUMNS):
        paper.drawString(60, 760 - 16 * number, left)
        paper.drawString(320, 760 - 16 * number, right)
    paper.save()
    return path


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def recall(said: str, read: str) -> float:
    return (words(said) & words(read)).total() / words(said).total()


@requires("tesseract")
@pytest.mark.parametrize("turn", [90, 180])
def test_a_scanned_page_is_read_burnt_in_and_checked_whichever_way_it_lies(tmp_path: Path, turn: int) -> None:
    source = photographed([drawn(statement(tmp_path / "a.pdf"))], tmp_path / "b.pdf", turn)
    pages = pdf.extract(source)
    assert recall("\n".join(LINES), pages[0].text) >= 0.97
    wanted = covering(pages, SECRET, "07700 900461")
    assert len(wanted) == 5
    burnt = pdf.burn_in(source, wanted, tmp_path, scanned=pages)
    assert pdf.check(source, tmp_path / burnt.name, wanted, burnt, scanned=pages).findings == ()
    left = pypdf.PdfReader(tmp_path / burnt.name).pages[0].extract_text()
    assert SECRET.lower() not in left.lower()
    assert "The dog barked at the postman" in left


@requires("tesseract")
def test_a_word_that_nobody_burnt_in_is_read_by_the_other_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = photographed([drawn(statement(tmp_path / "a.pdf"))], tmp_path / "b.pdf")
    pages = pdf.extract(source)
    wanted = covering(pages, SECRET)
    overlooked = pages[0].text.lower().index("okonkwo talk")
    blind = Page(0, pages[0].width, pages[0].height, pages[0].text.replace("Okonkwo talk", "0K0NKW0 talk"), pages[0].boxes, 0)
    assert blind.text != pages[0].text
    some = [redaction for redaction in wanted if redaction.start != overlooked]
    burnt = pdf.burn_in(source, some, tmp_path, scanned=[blind])
    kinds_found = {finding.kind for finding in pdf.check(source, tmp_path / burnt.name, some, burnt, scanned=[blind]).findings}
    assert kinds_found == {"legible"}
    monkeypatch.setattr(ocr, "missing", lambda: "tesseract isn't there")
    assert {finding.kind for finding in pdf.check(source, tmp_path / burnt.name, some, burnt, scanned=[blind]).findings} == {"ocr"}


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    text = pdf.extract(photographed([drawn(columns(tmp_path / "a.pdf"))], tmp_path / "b.pdf"))[0].text
    said = ["A heading over both of the columns of this page", *(left for left, _ in COLUMNS), *(right for _, right in COLUMNS)]
    assert [line for line in text.splitlines() if line] == said


@requires("tesseract")
def test_words_in_a_picture_on_a_page_of_text(tmp_path: Path) -> None:
    paper = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
    paper.drawString(60, 800, f"I took this picture of {SECRET}'s letter:")
    paper.drawImage(ImageReader(drawn(statement(tmp_path / "s.pdf")).crop((100, 100, 1600, 400))), 30, 500, 540, 108)
    paper.save()
    pages = pdf.extract(tmp_path / "a.pdf")
    assert pages[0].scanned
    assert recall("\n".join(LINES), pages[0].text[pages[0].scanned :]) >= 0.97
    wanted = covering(pages, SECRET)
    burnt = pdf.burn_in(tmp_path / "a.pdf", wanted, tmp_path, scanned=pages)
    assert pdf.check(tmp_path / "a.pdf", tmp_path / burnt.name, wanted, burnt, scanned=pages).findings == ()
    assert "I took this picture of" in pypdf.PdfReader(tmp_path / burnt.name).pages[0].extract_text()


@requires("tesseract")
def test_a_screenshot_comes_with_proposals(tmp_path: Path) -> None:
    drawn(statement(tmp_path / "a.pdf")).crop((0, 0, 1654, 500)).save(tmp_path / "shot.png")
    read = boxed.read(tmp_path / "shot.png", tmp_path, dpi=0)
    assert {"TPN", "TEL", "DOB"} <= {proposal["code"] for proposal in read["proposals"]}
    scanned = tmp_path / "scanned.jsonl"
    burnt = boxed.burn_in(tmp_path / "shot.png", tmp_path, read["proposals"], scanned=scanned)
    checked = boxed.check(tmp_path / "shot.png", tmp_path / burnt["name"], read["proposals"], burnt, scanned=scanned)
    assert checked["passed"], checked["findings"]
    monstrous = boxed.burn_in(tmp_path / "shot.png", tmp_path, [], scanned=scanned)
    checked = boxed.check(tmp_path / "shot.png", tmp_path / monstrous["name"], read["proposals"], monstrous, scanned=scanned)
    assert {finding["kind"] for finding in checked["findings"]} == {"box", "legible"}


@pytest.mark.parametrize("kind", ["tiff", "gif", "webp"])
def test_each_frame_of_a_picture_is_a_page(tmp_path: Path, kind: str) -> None:
    shades = [Image.new("RGB", (1000, 600), shade) for shade in ("white", "grey", "red")]
    shades[0].save(tmp_path / "a", kind.upper(), save_all=True, append_images=shades[1:])
    assert kinds.kind_of(tmp_path / "a") == "image"
    pages = image.extract(tmp_path / "a")
    assert [(round(page.width), round(page.height)) for page in pages] == [(842, 505)] * 3
    wanted = [Redaction(1, (Box(100, 100, 200, 200),), "FAC")]
    burnt = image.burn_in(tmp_path / "a", wanted, tmp_path, scanned=pages)
    assert burnt.media_type == "application/pdf"
    assert image.check(tmp_path / "a", tmp_path / burnt.name, wanted, burnt, scanned=pages).findings == ()
    with pdfium.PdfDocument(tmp_path / burnt.name) as document:
        assert [page.render(scale=0.2).to_pil().convert("RGB").getpixel((30, 30)) for page in document] == [
            pytest.approx(colour, abs=20) for colour in ((255, 255, 255), (0, 0, 0), (255, 0, 0))
        ]


def test_a_picture_of_a_new_kind_loses_all_but_its_pixels(tmp_path: Path) -> None:
    """HEIC and AVIF share their container; only the second can be written here."""
    Image.new("RGB", (64, 48), "green").save(tmp_path / "a", "AVIF", xmp=f"<x>{SECRET}</x>".encode())
    assert SECRET.encode() in (tmp_path / "a").read_bytes()
    burnt = formats.of(tmp_path / "a").burn_in(tmp_path / "a", [], tmp_path)
    assert SECRET.encode() not in (tmp_path / burnt.name).read_bytes()
