"""PDF: what goes, what stays, and that a bad redaction is caught."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdf
import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf.annotations import FreeText
from reportlab.pdfgen import canvas

from redaction.engine import errors, pdf
from redaction.engine.jpeg import plain_jpeg
from redaction.engine.pdf import burn, readers
from redaction.engine.pdf.writer import Words, Writer
from redaction.engine.shapes import Box, Burnt, Checked, Redaction, by_page, lines_of
from tests.redaction.files import LINES, SECRET, covering, planted, statement


def kinds(checked: Checked) -> set[str]:
    return {finding.kind for finding in checked.findings}


def redact(source: Path, folder: Path, *words: str) -> tuple[Path, list[Redaction], Burnt]:
    redactions = covering(pdf.extract(source), *words)
    burnt = pdf.burn_in(source, redactions, folder)
    return folder / burnt.name, redactions, burnt


def test_text_and_places(tmp_path: Path) -> None:
    page = pdf.extract(statement(tmp_path / "a.pdf"))[0]
    assert (page.width, page.height) == (595, 842)
    assert page.text.splitlines()[1] == LINES[1]
    place = page.boxes[page.text.index("I live")]
    assert place and 59 <= place.left <= 61 and 842 - 764 - 15 < place.top < place.bottom < 842 - 764 + 5


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_places_on_a_turned_and_cropped_page_lie_over_the_words(tmp_path: Path, turn: int) -> None:
    writer = pypdf.PdfWriter(clone_from=statement(tmp_path / "a.pdf"))
    writer.pages[0].rotate(turn)
    writer.pages[0].cropbox = pypdf.generic.RectangleObject((20, 100, 560, 830))
    writer.write(tmp_path / "b.pdf")
    made, redactions, burnt = redact(tmp_path / "b.pdf", tmp_path, SECRET, "07700 900461")
    assert pdf.check(tmp_path / "b.pdf", made, redactions, burnt).findings == ()
    assert "barked at the postman" in pypdf.PdfReader(made).pages[0].extract_text()


def test_what_was_accepted_goes_and_the_rest_stays(tmp_path: Path) -> None:
    source = statement(tmp_path / "a.pdf", pages=2)
    made, redactions, burnt = redact(source, tmp_path, SECRET, "07700 900461", "12/03/1994")
    assert pdf.check(source, made, redactions, burnt).findings == ()
    text = "".join(page.extract_text() for page in pypdf.PdfReader(made).pages)
    assert SECRET.lower() not in text.lower()
    assert "900461" not in text
    assert "Nothing else." in text
    assert text.count("[TPN]") == len(redactions) == burnt.redactions


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    source = statement(tmp_path / "a.pdf")
    first = redact(source, tmp_path, SECRET)[0].read_bytes()
    assert redact(source, tmp_path, SECRET)[0].read_bytes() == first


def test_places_of_the_new_text_do_not_tell_a_name_from_another(tmp_path: Path) -> None:
    """The file made from two sources that differ in a name of the same width, at the end of a line, is the same."""
    made: list[bytes] = []
    for name in ("Mark", "Luke"):
        source = statement(tmp_path / f"{len(made)}.pdf", (f"It was {name}", "and more"), font="Courier")
        made.append(redact(source, tmp_path, name)[0].read_bytes())
    assert made[0] == made[1]


def test_a_box_drawn_by_hand_takes_pixels_and_words(tmp_path: Path) -> None:
    source = statement(tmp_path / "a.pdf")
    drawn = [Redaction(0, (Box(55, 45, 300, 70),), "FAC")]
    burnt = pdf.burn_in(source, drawn, tmp_path)
    made = tmp_path / burnt.name
    assert pdf.check(source, made, drawn, burnt).findings == ()
    assert "Statement of" not in pypdf.PdfReader(made).pages[0].extract_text()


def test_boxes_that_say_less_than_their_words_are_made_to_cover_them(tmp_path: Path) -> None:
    source = statement(tmp_path / "a.pdf")
    whole = covering(pdf.extract(source), SECRET)
    lazy = [Redaction(r.page, (Box(0, 0, 1, 1),), r.code, r.start, r.end) for r in whole]
    burnt = pdf.burn_in(source, lazy, tmp_path)
    assert pdf.check(source, tmp_path / burnt.name, whole, burnt).findings == ()


def test_secrets_planted_everywhere_are_gone(tmp_path: Path) -> None:
    source = planted(tmp_path / "a.pdf")
    made, redactions, burnt = redact(source, tmp_path, SECRET, "12/03/1994")
    assert pdf.check(source, made, redactions, burnt).findings == ()
    data = made.read_bytes()
    with pdfium.PdfDocument(made) as document:
        drawn = document[0].get_textpage().get_text_range()
    for word in (SECRET, "white", "boxed", "pictured", "invisible", "clipped", "outside"):
        assert word.lower() not in drawn.lower(), word
        assert word.lower().encode() not in data.lower(), word


def test_words_that_nobody_can_see_are_left_out_even_if_nobody_redacted_them(tmp_path: Path) -> None:
    source = planted(tmp_path / "a.pdf")
    burnt = pdf.burn_in(source, [], tmp_path)
    text = pypdf.PdfReader(tmp_path / burnt.name).pages[0].extract_text()
    assert [line.split() for line in text.splitlines()] == [line.split() for line in LINES]


def test_form_values_and_notes_in_sight_are_words_too(tmp_path: Path) -> None:
    paper = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(300, 200))
    paper.acroForm.textfield(name="who", x=20, y=60, width=150, height=20, value=f"value {SECRET}")
    paper.showPage()
    paper.save()
    made, redactions, burnt = redact(tmp_path / "a.pdf", tmp_path, SECRET)
    assert len(redactions) == 1
    assert pdf.check(tmp_path / "a.pdf", made, redactions, burnt).findings == ()
    assert "value [TPN]" in " ".join(pypdf.PdfReader(made).pages[0].extract_text().split())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_spans_of_a_page_leave_exactly_the_rest(tmp_path: Path, data: st.DataObject) -> None:
    source = statement(tmp_path / "a.pdf")
    page = pdf.extract(source)[0]
    edges = sorted(data.draw(st.sets(st.integers(0, len(page.text)), max_size=14)))
    redactions = [
        Redaction(0, tuple(lines_of(page.boxes[a:b])), "TPN", a, b) for a, b in zip(edges[0::2], edges[1::2], strict=False)
    ]
    burnt = pdf.burn_in(source, redactions, tmp_path)
    wanted = by_page(redactions)
    for name, reader in (("pypdf", readers.by_pypdf), ("pdfminer.six", readers.by_pdfminer)):
        assert readers.differences(name, reader(tmp_path / burnt.name), [page], wanted, burnt) == []


WORDS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x2FFFF, exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=1, max_size=8))
def test_words_of_any_script_can_be_read_back(tmp_path: Path, words: list[str]) -> None:
    blank = burn.encode(np.full((20, 20, 3), 255, dtype=np.uint8))
    with (tmp_path / "a.pdf").open("wb") as file:
        writer = Writer(file)
        writer.add_page(300, 300, blank, [Words(word, 12, 280 - 20 * n, 8, 100) for n, word in enumerate(words)])
        writer.close()
    expected = "".join("".join(words).split())
    assert "".join(readers.by_pdfminer(tmp_path / "a.pdf")[0].split()) == expected


Make = Callable[[Path, Path, list[Redaction]], None]


class TestBadRedactionsAreCaught:
    """The check must not trust whoever made the file."""

    def fail(self, tmp_path: Path, make: Make) -> set[str]:
        source = statement(tmp_path / "a.pdf")
        made, redactions, burnt = redact(source, tmp_path, SECRET)
        make(source, made, redactions)
        return kinds(pdf.check(source, made, redactions, burnt))

    def test_boxes_drawn_over_live_text(self, tmp_path: Path) -> None:
        def make(source: Path, made: Path, redactions: list[Redaction]) -> None:
            cover = io.BytesIO()
            paper = canvas.Canvas(cover, pagesize=(595, 842))
            for redaction in redactions:
                for box in redaction.boxes:
                    paper.rect(box.left, 842 - box.bottom, box.right - box.left, box.bottom - box.top, fill=1)
            paper.showPage()
            paper.save()
            writer = pypdf.PdfWriter(clone_from=source)
            writer.pages[0].merge_page(pypdf.PdfReader(cover).pages[0])
            writer.write(made)

        assert {"text", "structure"} <= self.fail(tmp_path, make)

    def test_a_word_left_in_the_new_text(self, tmp_path: Path) -> None:
        def make(source: Path, made: Path, redactions: list[Redaction]) -> None:
            pdf.burn_in(source, redactions[:-1], tmp_path)

        assert {"text", "box"} <= self.fail(tmp_path, make)

    def test_pixels_left_under_a_box(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def make(source: Path, made: Path, redactions: list[Redaction]) -> None:
            monkeypatch.setattr(burn, "_paint", lambda *_: None)
            pdf.burn_in(source, redactions, tmp_path)

        assert "box" in self.fail(tmp_path, make)

    def test_half_a_letter_left_beside_a_box(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def make(source: Path, made: Path, redactions: list[Redaction]) -> None:
            paint = burn._paint
            monkeypatch.setattr(burn, "_paint", lambda shown, box, scale: paint(shown, box._replace(right=box.right - 6), scale))
            pdf.burn_in(source, redactions, tmp_path)

        assert "box" in self.fail(tmp_path, make)

    @pytest.mark.parametrize("place", ["title", "attachment", "note", "bookmark", "xmp", "old revision", "bytes", "utf-16"])
    def test_a_secret_beside_the_pages(self, tmp_path: Path, place: str) -> None:
        def make(source: Path, made: Path, redactions: list[Redaction]) -> None:
            if place == "bytes":
                made.write_bytes(made.read_bytes() + f"\n% {SECRET}\n".encode())
                return
            if place == "utf-16":
                made.write_bytes(made.read_bytes() + b"\n%" + SECRET.encode("utf-16-be"))
                return
            writer = pypdf.PdfWriter(clone_from=made)
            if place in ("title", "old revision"):
                writer.add_metadata({"/Title": SECRET})
            elif place == "attachment":
                writer.add_attachment("a.txt", SECRET.encode())
            elif place == "note":
                writer.add_annotation(0, FreeText(text=SECRET, rect=(0, 0, 50, 50)))
            elif place == "bookmark":
                writer.add_outline_item(title=SECRET, page_number=0)
            elif place == "xmp":
                stream = pypdf.generic.DecodedStreamObject()
                stream.set_data(SECRET.encode())
                writer.root_object[pypdf.generic.NameObject("/Metadata")] = writer._add_object(stream.flate_encode())
            writer.write(made)
            if place == "old revision":
                later = pypdf.PdfWriter(made, incremental=True)
                later.add_metadata({"/Title": "Statement"})
                later.write(tmp_path / "later.pdf")
                made.write_bytes((tmp_path / "later.pdf").read_bytes())

        assert "bytes" in self.fail(tmp_path, make)

    def test_metadata_in_a_pages_picture(self, tmp_path: Path) -> None:
        clean, dirty = io.BytesIO(), io.BytesIO()
        picture = Image.new("RGB", (32, 32))
        picture.save(clean, "JPEG")
        picture.save(dirty, "JPEG", comment=SECRET.encode())
        assert plain_jpeg(clean.getvalue())
        assert not plain_jpeg(dirty.getvalue())
        assert not plain_jpeg(clean.getvalue() + SECRET.encode())

    def test_a_page_too_many(self, tmp_path: Path) -> None:
        def make(source: Path, made: Path, redactions: list[Redaction]) -> None:
            writer = pypdf.PdfWriter(clone_from=made)
            writer.append(source)
            writer.write(made)

        assert "structure" in self.fail(tmp_path, make)


def test_refusals(tmp_path: Path) -> None:
    source = statement(tmp_path / "a.pdf")
    writer = pypdf.PdfWriter(clone_from=source)
    writer.encrypt("secret")
    writer.write(tmp_path / "locked.pdf")
    (tmp_path / "text.pdf").write_text("hello")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\n" + source.read_bytes()[900:1200])
    for name, refusal in (("locked", errors.Encrypted), ("text", errors.NotThatType), ("broken", errors.Damaged)):
        with pytest.raises(refusal):
            pdf.extract(tmp_path / f"{name}.pdf")
    with pytest.raises(errors.Misplaced):
        pdf.burn_in(source, [Redaction(7, (Box(0, 0, 1, 1),), "TPN")], tmp_path)
    with pytest.raises(errors.Misplaced):
        pdf.burn_in(source, [Redaction(0, (), "TPN", 5, 99999)], tmp_path)


@pytest.mark.parametrize("name", ["Page", "Lang", "Root", "King", "1997", "Count", "123.", "60.00"])
def test_names_that_a_pdf_is_made_of_are_no_leak(tmp_path: Path, name: str) -> None:
    source = statement(tmp_path / "a.pdf", (f"I saw {name} there", "and more"))
    made, redactions, burnt = redact(source, tmp_path, name)
    assert len(redactions) == 1
    assert pdf.check(source, made, redactions, burnt).findings == ()
