"""Text, e-mail and office documents: what is read of them, and that what comes out is exactly what stays."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redaction.engine import flow, formats, kept, sheet
from redaction.engine.errors import Damaged, Encrypted, NotThatType
from redaction.engine.flow import layout, reading
from redaction.engine.kinds import kind_of
from redaction.engine.pdf import readers
from redaction.engine.pdf.check import check_pages
from redaction.engine.shapes import Redaction, by_page, lines_of
from redaction.engine.terms import terms_on
from tests.redaction import office
from tests.redaction.office import SECRET

Make = Callable[[Path], Path]
MAKERS: list[tuple[str, Make]] = [
    ("eml", office.mail),
    ("docx", office.word),
    ("pptx", office.slides),
    ("odt", office.open_document),
    ("rtf", office.rich_text),
    ("xlsx", office.workbook),
    ("csv", office.table),
]


@pytest.mark.parametrize(("kind", "make"), MAKERS)
def test_a_word_is_found_wherever_it_hides_and_is_gone_afterwards(tmp_path: Path, kind: str, make: Make) -> None:
    source = make(tmp_path / "source")
    assert kind_of(source) == kind
    chosen = formats.of(source)
    pages = chosen.extract(source)
    wanted = [redaction for page in pages for redaction in terms_on(page, [SECRET])]
    assert wanted
    burnt = chosen.burn_in(source, wanted, tmp_path)
    output = tmp_path / burnt.name
    assert chosen.check(source, output, wanted, burnt).findings == ()
    assert SECRET.lower().encode() not in output.read_bytes().lower()
    assert not any(SECRET.lower() in page.text.lower() for page in formats.of(output).extract(output))


def test_what_office_documents_hide_is_read(tmp_path: Path) -> None:
    words = reading.words_of(office.word(tmp_path / "a"))
    for said in (
        f"[deleted: {SECRET} was there]", f"[hidden: ask {SECRET}]", f"Name | {SECRET}", f"box {SECRET}", f"Head {SECRET}",
        f"{SECRET}: Really?", "The door was green.\tNothing else.",
    ):  # fmt: skip
        assert said in words
    assert "Notes 1\nNot" in reading.words_of(office.slides(tmp_path / "b"))
    opened = reading.words_of(office.open_document(tmp_path / "c"))
    assert f"[deleted: {SECRET} went]" in opened
    assert "The door  was green." in opened


def test_an_e_mail_shows_its_headers_its_body_once_and_what_is_attached(tmp_path: Path) -> None:
    words = reading.words_of(office.mail(tmp_path / "a"))
    assert words.count("The door was green.") == 1
    assert f"To: Adaeze {SECRET} <adaeze@example.org>" in words
    assert f"X-Note: about {SECRET}" in words
    assert f"Attachment 1: {SECRET}.pdf (application/pdf, 8 bytes), an item of its own" in words
    assert "Attached message 2:\nFrom: Adaeze" in words


def test_a_bad_burn_in_is_caught(tmp_path: Path) -> None:
    source = office.mail(tmp_path / "a")
    wanted = [redaction for page in flow.extract(source) for redaction in terms_on(page, [SECRET])]
    burnt = flow.burn_in(source, wanted[1:], tmp_path)
    found = {finding.kind for finding in flow.check(source, tmp_path / burnt.name, wanted, burnt).findings}
    assert {"text", "box"} <= found


@pytest.mark.parametrize("make", [office.workbook, office.table])
def test_a_bad_burn_in_of_a_table_is_caught(tmp_path: Path, make: Make) -> None:
    source = make(tmp_path / "a")
    wanted = [redaction for page in sheet.extract(source) for redaction in terms_on(page, [SECRET])]
    burnt = sheet.burn_in(source, [], tmp_path)
    found = {finding.kind for finding in sheet.check(source, tmp_path / burnt.name, wanted, burnt).findings}
    assert found == {"text", "bytes"}


def test_a_workbook_given_on_as_it_is_fails_the_check(tmp_path: Path) -> None:
    source = office.workbook(tmp_path / "a")
    wanted = [redaction for page in sheet.extract(source) for redaction in terms_on(page, [SECRET])]
    burnt = sheet.burn_in(source, wanted, tmp_path)
    found = {finding.kind for finding in sheet.check(source, source, wanted, burnt).findings}
    assert {"text", "bytes", "structure"} <= found


def test_a_workbook_keeps_its_values_and_loses_everything_else(tmp_path: Path) -> None:
    source = office.workbook(tmp_path / "a.xlsx")
    page = sheet.extract(source)[0]
    assert page.text.startswith(f"Sheet 1: {SECRET} calls (1 hidden sheet, 1 hidden row, 1 hidden column left out)")
    wanted = terms_on(page, [f"Adaeze {SECRET}", "447700900461"], code="TPN")
    sheet.burn_in(source, wanted, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "redacted.xlsx")
    assert book.sheetnames == ["Sheet1"]
    rows = list(book["Sheet1"].iter_rows(values_only=True))
    assert rows[0] == ("Name", "Phone", "When")
    assert rows[1] == ("[TPN]", "[TPN]", "12/03/2026 10:05:00")
    assert rows[2] == ("The neighbour", "07700 900462", 5.5)
    assert rows[3][2] == "@cell"
    assert not book.defined_names
    assert not any(cell.comment or cell.data_type == "f" for row in book["Sheet1"] for cell in row)


def test_a_csv_keeps_its_shape(tmp_path: Path) -> None:
    source = office.table(tmp_path / "a.csv")
    wanted = terms_on(sheet.extract(source)[0], [SECRET, "hello"])
    sheet.burn_in(source, wanted, tmp_path)
    written = (tmp_path / "redacted.csv").read_text(encoding="utf-8")
    assert written.splitlines()[1].startswith('Adaeze [OTH],"said ""[OTH]"", then')
    assert "07700 900462" in written


def test_a_box_drawn_over_cells_takes_what_is_in_it(tmp_path: Path) -> None:
    source = office.table(tmp_path / "a.csv")
    page = sheet.extract(source)[0]
    at = page.text.index("07700 900461")
    box = lines_of(page.boxes[at : at + 12])
    sheet.burn_in(source, [Redaction(0, tuple(box), "TEL")], tmp_path)
    assert "900461" not in (tmp_path / "redacted.csv").read_text()
    assert "[TEL]" in (tmp_path / "redacted.csv").read_text()


LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co"])
WORDS = st.text(alphabet=st.one_of(st.sampled_from("abc e\n\t OK0-'é😀你"), LETTERS), max_size=400)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=WORDS, cuts=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 30)), max_size=6))
def test_the_output_is_the_text_with_the_spans_taken_out(words: str, cuts: list[tuple[int, int]]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        pages = [laid.page for laid in layout.lay(words)]
        wanted = []
        for start, length in cuts:
            end = min(start + length, len(pages[0].text))
            if start < end:
                wanted.append(Redaction(0, tuple(lines_of(pages[0].boxes[start:end])), "OTH", start, end))
        burnt = flow.set_pages(pages, wanted, folder, lambda done, total: None)
        output = folder / burnt.name
        expected = "".join(run.text for run in kept.runs(pages[0], by_page(wanted).get(0, [])))
        assert kept.letters_of("".join(readers.by_pdfminer(output))) == kept.letters_of(expected)
        assert check_pages(pages, output, wanted, burnt).findings == ()


@given(words=WORDS)
def test_every_letter_has_a_place_and_knows_where_it_came_from(words: str) -> None:
    sheets = layout.lay(words)
    origins = [origin for laid in sheets for origin in laid.origins if origin >= 0]
    assert origins == list(range(len(words)))
    for laid in sheets:
        assert len(laid.page.text) == len(laid.page.boxes) == len(laid.origins)
        for box in filter(None, laid.page.boxes):
            assert layout.MARGIN <= box.left <= box.right <= layout.WIDTH - layout.MARGIN + 0.01


def test_long_text_fills_pages(tmp_path: Path) -> None:
    source = tmp_path / "a"
    source.write_text("A line of a long log.\n" * 1000)
    pages = flow.extract(source)
    assert len(pages) == 1 + 1000 // layout.ROWS
    assert sum(page.text.count("long log") for page in pages) == 1000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_of_any_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    source = tmp_path / "a"
    source.write_bytes("Zoë paid £5 at the café\r\nand left".encode(encoding))
    assert flow.extract(source)[0].text.splitlines() == ["Zoë paid £5 at the café", "and left"]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", Damaged, "0 bytes"),
        (b"PK\x03\x04 broken", Damaged, "broken archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Damaged, "structure is broken"),
        (bytes(range(256)) * 4, NotThatType, "can't be redacted here"),
        (b"\x7fELF" + b"\x01\x02\x90\x81" * 500, NotThatType, "can't be redacted here"),
    ],
)
def test_what_cannot_be_read_is_declined_with_a_sentence(tmp_path: Path, data: bytes, error: type[Exception], words: str) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(error, match=words):
        formats.of(tmp_path / "a").extract(tmp_path / "a")


def test_broken_and_encrypted_office_files_are_declined(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a", "w") as file:
        file.writestr("word/document.xml", "<w:document")
    with pytest.raises(Damaged):
        flow.extract(tmp_path / "a")
    with zipfile.ZipFile(tmp_path / "b", "w") as file:
        file.writestr("xl/workbook.xml", "<nothing/>")
    with pytest.raises(Damaged):
        sheet.extract(tmp_path / "b")
    with zipfile.ZipFile(tmp_path / "c", "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("META-INF/manifest.xml", "<encryption-data/>")
    with pytest.raises(Encrypted):
        kind_of(tmp_path / "c")
    with zipfile.ZipFile(tmp_path / "d", "w") as file:
        file.writestr("readme", "x")
    with pytest.raises(NotThatType, match="Unpack it"):
        kind_of(tmp_path / "d")
