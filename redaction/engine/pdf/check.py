"""The leak check of a redacted PDF, by other means than those that made it.

Words: read by pypdf and by pdfminer.six (PDFium made it). Pixels: every accepted box. Bytes: the whole file, every stream
unpacked, without trusting its cross-reference table. Structure: nothing but pages of one picture and text. OCR: pages whose
words came from pixels, and what is legible round boxes with unexplained ink beside them, by tesseract.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from redaction.engine import secrets
from redaction.engine.errors import Refusal
from redaction.engine.pdf import boxes_check, bytes_check
from redaction.engine.pdf.extract import count, text_layer
from redaction.engine.shapes import Burnt, Checked, Finding, Page, Redaction, by_page


def check(
    source: Path,
    output: Path,
    redactions: Sequence[Redaction],
    burnt: Burnt,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    scanned: Sequence[Page] = (),
    span: tuple[int, int | None] = (0, None),
) -> Checked:
    """Try to find in `output` what was taken out of `source`. `burnt` is the burn-in's own report, `scanned` as for that.

    `span`: first page and the one after the last, for several processes that share the work; the one that begins at 0 looks
    at the file's bytes.
    """
    wanted, total = by_page(redactions), count(source)
    here = range(total)[slice(*span)]
    pages = text_layer(source, scanned, here)
    # Strings of the whole document are sought in its bytes and on pages that are read whole
    others = [index for index in wanted if index not in here and index < total] if scanned or span[0] == 0 else []
    words = secrets.strings([*pages, *text_layer(source, scanned, others, places=False)] if others else pages, wanted)
    return _look(pages, output, wanted, burnt, progress, total=total, words=words)


def check_pages(
    pages: Sequence[Page],
    output: Path,
    redactions: Sequence[Redaction],
    burnt: Burnt,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Checked:
    """The same for a source whose pages are known."""
    wanted = by_page(redactions)
    return _look(pages, output, wanted, burnt, progress, total=len(pages), words=secrets.strings(pages, wanted))


def _look(
    pages: Sequence[Page],
    output: Path,
    wanted: dict[int, list[Redaction]],
    burnt: Burnt,
    progress: Callable[[int, int], None],
    *,
    total: int,
    words: Sequence[str],
) -> Checked:
    """Look at these pages of `total`; `words` are the strings redacted anywhere."""
    from redaction.engine.pdf import readers, structure_check  # the other readers of PDF, which nothing but this needs

    findings = structure_check.look(output, pages, total)
    if any(finding.kind == "unreadable" for finding in findings):
        return Checked(tuple(findings), {})
    here = [page.index for page in pages]
    stays = readers.staying(pages, wanted, burnt)
    read = readers.by_pypdf(output, here), readers.by_pdfminer(output, here)
    findings += readers.differences("pypdf", read[0], pages, wanted, burnt, reorders=True, stays=stays)
    findings += readers.differences("pdfminer.six", read[1], pages, wanted, burnt, stays=stays)
    if 0 in here:
        findings += bytes_check.look(output, words)
    looked_at: dict[str, Any] = {"pages": len(pages), "redactions": sum(len(wanted.get(index, ())) for index in here)}
    looked_at |= {"strings": len(words), "left out because nobody can see it": sum(len(burnt.hidden.get(i, ())) for i in here)}
    looked_at |= {"text": readers.VERSIONS}
    try:
        seen, ocr_done = boxes_check.look(output, pages, wanted, words, progress)
        looked_at |= ocr_done
    except Refusal:
        seen = [Finding("unreadable", "the redacted file can't be drawn")]
    return Checked((*findings, *seen), looked_at)
