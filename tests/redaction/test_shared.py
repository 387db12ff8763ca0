"""A leak check of many pages is shared by two processes: between them they look at every page and at the whole file."""

import json
from pathlib import Path

from reportlab.pdfgen import canvas

from redaction.engine import boxed
from redaction.engine.shapes import Page
from redaction.engine.terms import terms_on

PAGES = 21


def _made(folder: Path) -> Path:
    path = folder / "many.pdf"
    paper = canvas.Canvas(str(path), pagesize=(300, 200))
    for number in range(PAGES):
        paper.drawString(40, 100, f"Okonkwo was seen on day {number}" if number % 10 == 0 else f"Nobody on day {number}")
        paper.showPage()
    paper.save()
    return path


def test_two_processes_look_at_every_page_and_tell_of_it(tmp_path: Path) -> None:
    source = _made(tmp_path)
    boxed.pages(source, tmp_path)
    pages = [Page.from_data(json.loads((tmp_path / f"page-{n}.json").read_text())) for n in range(PAGES)]
    wanted = [redaction.as_data() for page in pages for redaction in terms_on(page, ("Okonkwo",))]
    assert [redaction["page"] for redaction in wanted] == [0, 10, 20]
    burnt = boxed.burn_in(source, tmp_path, wanted)
    told: list[tuple[int, int]] = []
    checked = boxed.check(source, tmp_path / burnt["name"], wanted, burnt, progress=lambda done, total: told.append((done, total)))
    assert checked["passed"], checked["findings"]
    assert [checked["checked"][what] for what in ("pages", "redactions", "strings")] == [PAGES, 3, 1]
    assert told == sorted(told) and told[-1] == (PAGES, PAGES)

    # What nobody burnt in on the last page, and what stands outside the pages: each is seen by another process
    more = [*wanted, wanted[0] | {"page": 20, "start": 12, "end": 16, "boxes": [[100, 80, 140, 120]]}]
    output = tmp_path / burnt["name"]
    output.write_bytes(output.read_bytes() + b"%Okonkwo\n")
    found = {(finding["kind"], finding["page"]) for finding in boxed.check(source, output, more, burnt)["findings"]}
    assert {("box", 20), ("text", 20), ("bytes", None)} <= found
    # Also where the word is redacted on the other process's pages alone
    assert ("bytes", None) in {(f["kind"], f["page"]) for f in boxed.check(source, output, wanted[2:], burnt)["findings"]}
