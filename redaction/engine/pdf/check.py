"""The leak check of a redacted PDF, by other means than those that made it.

Words: read by pypdf and by pdfminer.six (PDFium made it). Pixels: every accepted box. Bytes: the whole file, every stream
unpacked, without trusting its cross-reference table. Structure: nothing but pages of one picture and text. OCR: pages whose
words came from pixels, and what is legible round boxes with unexplained ink beside them, by tesseract.
"""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from redaction.engine import secrets
from redaction.engine.errors import Refusal
from redaction.engine.pdf import boxes_check, bytes_check
from redaction.engine.pdf.extract import text_layer
from redaction.engine.shapes import Burnt, Checked, Finding, Page, Redaction, by_page

WORDS, PIXELS = "words", "pixels"


def check(
    source: Path,
    output: Path,
    redactions: Sequence[Redaction],
    burnt: Burnt,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    scanned: Sequence[Page] = (),
    parts: Collection[str] = (WORDS, PIXELS),
) -> Checked:
    """Try to find in `output` what was taken out of `source`. `burnt` is the burn-in's own report, `scanned` as for that.

    `parts`: the two halves of the work may be done by two processes, each with all the rest.
    """
    return check_pages(text_layer(source, scanned), output, redactions, burnt, progress, parts=parts)


def check_pages(
    pages: Sequence[Page],
    output: Path,
    redactions: Sequence[Redaction],
    burnt: Burnt,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    parts: Collection[str] = (WORDS, PIXELS),
) -> Checked:
    """The same for a source whose pages are known."""
    wanted = by_page(redactions)
    words = secrets.strings(pages, wanted)
    looked_at: dict[str, Any] = {"pages": len(pages), "redactions": len(redactions), "strings": len(words)}
    looked_at["left out because nobody can see it"] = sum(len(offsets) for offsets in burnt.hidden.values())
    findings: list[Finding] = []
    if WORDS in parts:
        from redaction.engine.pdf import readers, structure_check  # the other readers of PDF, which nothing but this needs

        findings += structure_check.look(output, pages)
        if any(finding.kind == "unreadable" for finding in findings):
            return Checked(tuple(findings), {})
        stays = readers.staying(pages, wanted, burnt)
        findings += readers.differences("pypdf", readers.by_pypdf(output), pages, wanted, burnt, reorders=True, stays=stays)
        findings += readers.differences("pdfminer.six", readers.by_pdfminer(output), pages, wanted, burnt, stays=stays)
        findings += bytes_check.look(output, words)
        looked_at["text"] = readers.VERSIONS
    if PIXELS in parts:
        try:
            seen, looked_at["ocr"] = boxes_check.look(output, pages, wanted, words, progress)
        except Refusal:
            seen = [Finding("unreadable", "the redacted file can't be drawn")]
        findings += seen
    return Checked(tuple(findings), looked_at)
