"""The verbs through the sandbox, and the command line."""

import json
from email.message import EmailMessage
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from redaction.engine import boxed, errors
from redaction.engine.__main__ import main
from tests.redaction.files import LINES, photograph, statement
from tests.redaction.office import word

PEOPLE = [{"ref": "p1", "names": ["Adaeze Okonkwo"], "code": "TPN"}]


def test_the_whole_way_of_a_statement(tmp_path: Path) -> None:
    source = statement(tmp_path / "secret name.pdf", pages=2)
    steps: list[tuple[int, int]] = []
    read = boxed.read(source, tmp_path, people=PEOPLE, progress=lambda *step: steps.append(step))
    assert steps == [(1, 2), (2, 2)]
    assert read["format"] == "pdf"
    assert {proposal["code"] for proposal in read["proposals"]} == {"TPN", "DOB", "ADDR", "TEL"}
    assert json.loads((tmp_path / "page-1.json").read_text())["text"].splitlines()[1] == LINES[1]
    assert (tmp_path / "page-1.png").read_bytes()[:4] == b"\x89PNG"
    burnt = boxed.burn_in(source, tmp_path, read["proposals"])
    checked = boxed.check(source, tmp_path / burnt["name"], read["proposals"], burnt)
    assert checked["passed"], checked["findings"]


def test_a_picture(tmp_path: Path) -> None:
    source = photograph(tmp_path / "a.jpg")
    read = boxed.read(source, tmp_path, dpi=72)
    assert read["proposals"] == []
    assert read["pages"] == [{"index": 0, "width": 240.0, "height": 320.0, "has_text": False}]
    drawn = [{"page": 0, "boxes": [[10, 10, 60, 60]], "code": "FAC"}]
    burnt = boxed.burn_in(source, tmp_path, drawn)
    assert boxed.check(source, tmp_path / burnt["name"], drawn, burnt)["passed"]


def test_refusals_come_back_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(bytes(range(256)))
    with pytest.raises(errors.NotThatType, match="only PDFs, pictures"):
        boxed.read(tmp_path / "a.doc", tmp_path)


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = statement(tmp_path / "a.pdf")
    out, report = tmp_path / "out.pdf", tmp_path / "report.json"
    redact = ["redact", str(source), "--audience", "def", "--accept", "all", "--out", str(out), "--report", str(report)]
    check = ["check", str(out), "--report", str(report)]
    assert main(redact) == 0
    assert main(check) == 0
    assert "900461" not in report.read_text()
    out.write_bytes(out.read_bytes() + b"\n% 07700 900461")
    assert main(check) == 1
    source.rename(tmp_path / "b.pdf")
    assert main(check) == 3
    assert "--source" in capsys.readouterr().err
    assert main([*check, "--source", str(tmp_path / "b.pdf")]) == 1
    unknown = tmp_path / "unknown"
    unknown.write_bytes(bytes(range(256)))
    assert main(["detect", str(unknown), "--json"]) == 3
    assert "only PDFs" in capsys.readouterr().err


def test_the_command_line_redacts_given_words(tmp_path: Path) -> None:
    source, terms, out = tmp_path / "log.txt", tmp_path / "terms.txt", tmp_path / "out.pdf"
    source.write_text("The dog of Anna\nMarie barked. Annabel didn't.\n")
    terms.write_text("anna marie\n\nbarked\n")
    assert main(["redact", str(source), "--terms", str(terms), "--out", str(out), "--report", str(tmp_path / "r.json")]) == 0
    read = boxed.read(out, tmp_path)
    words = json.loads((tmp_path / "page-0.json").read_text())["text"]
    assert len(read["pages"]) == 1
    assert " ".join(words.split()) == "The dog of[OTH] [OTH] . Annabel didn't."


def test_what_is_attached_becomes_a_file_that_can_be_redacted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "Two things"
    message.set_content("See the attached.")
    office = word(tmp_path / "a.docx").read_bytes()
    message.add_attachment(office, maintype="application", subtype="octet-stream", filename="../../a letter.docx")
    message.add_attachment(b"\0\1\2", maintype="application", subtype="octet-stream", filename="unknown")
    (tmp_path / "mail").write_bytes(bytes(message))
    assert main(["unpack", str(tmp_path / "mail"), "--out", str(tmp_path / "items")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(item["file"], item["kind"]) for item in told] == [("item-1", "docx"), ("item-2", "")]
    assert told[0]["name"].endswith("a letter.docx")
    assert (tmp_path / "items" / "item-1").read_bytes() == office
    burnt = boxed.burn_in(tmp_path / "items" / "item-1", tmp_path, [])
    assert burnt["media_type"] == "application/pdf"


def test_somebody_elses_failed_redaction_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
    paper.setFont("Courier", 10)  # a letter is 6 points wide
    paper.drawString(60, 700, "Her name is Adaeze and no more")
    paper.rect(60 + 12 * 6, 697, 6 * 6, 10, fill=1)
    paper.drawString(60, 600, "nothing is hidden here")
    paper.setFillColorRGB(1, 1, 1)
    paper.drawString(60, 500, "white on white hides itself, without a box")
    paper.save()
    assert main(["inspect", str(tmp_path / "a.pdf"), "--json"]) == 0
    covered = json.loads(capsys.readouterr().out)["covered_text"]
    assert [found["text"] for found in covered] == ["Adaeze"]
    assert covered[0]["page"] == 0
    left, top, right, bottom = covered[0]["box"]
    assert left == pytest.approx(132, abs=2)
    assert right == pytest.approx(168, abs=2)
    assert top < 842 - 700 < bottom
