"""What a PDF says of itself."""

import contextlib
import mmap
import re
from pathlib import Path

from evidence.formats.found import Found

_ACTIONS = re.compile(rb"/(JavaScript|JS|Launch|SubmitForm|ImportData)\b")
_FORMS = {1: "AcroForm", 2: "XFA (whole)", 3: "XFA (foreground)"}
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d))?")


def read(path: Path, found: Found) -> None:
    """Pages, who made it, and what in it could act or hide. Marks encrypted, damaged, scripts, attachments."""
    import pypdfium2

    try:
        with contextlib.closing(pypdfium2.PdfDocument(path)) as document:
            _document(document, found)
    except pypdfium2.PdfiumError as error:
        found.mark("encrypted" if "password" in str(error).lower() else "damaged")
    _raw(path, found)


def _document(document: "object", found: Found) -> None:
    import pypdfium2.raw as pdfium

    raw = document.raw  # type: ignore[attr-defined]
    pages = len(document)  # type: ignore[arg-type]
    found.numbers["pages"] = pages
    if pages == 0:
        found.mark("damaged")
    version = document.get_version()  # type: ignore[attr-defined]
    found.row("PDF version", version and f"{version // 10}.{version % 10}")
    told = document.get_metadata_dict(skip_empty=True)  # type: ignore[attr-defined]
    for key, label in (("Producer", "Made with"), ("Creator", "Written in")):
        found.row(label, told.get(key))
    for key in ("Title", "Author", "Subject", "Keywords"):
        found.row(key, told.get(key), private=True)
    for key, label in (("CreationDate", "Created"), ("ModDate", "Changed")):
        found.row(label, _date(told.get(key, "")))
    if pdfium.FPDF_GetSecurityHandlerRevision(raw) >= 0:
        found.row("Protection", "Encrypted, but opens without a password")
    attached = pdfium.FPDFDoc_GetAttachmentCount(raw)
    if attached > 0:
        found.mark("attachments")
        found.row("Attached files", attached)
    found.row("Form", _FORMS.get(pdfium.FPDF_GetFormType(raw)))
    signatures = pdfium.FPDF_GetSignatureCount(raw)
    found.row("Signatures (not checked)", signatures if signatures > 0 else None)
    if pdfium.FPDFDoc_GetJavaScriptActionCount(raw) > 0:
        found.mark("scripts")


def _raw(path: Path, found: Found) -> None:
    """What shows in the bytes whatever a parser makes of them."""
    with path.open("rb") as file, contextlib.closing(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) as whole:
        if _ACTIONS.search(whole):
            found.mark("scripts")
        ends = len(re.findall(rb"startxref\s", whole))
        # A linearised file has two ends from the start
        revisions = ends - (1 if whole.find(b"/Linearized", 0, 2048) >= 0 else 0)
        if revisions > 1:
            found.mark("revisions")
            found.row("Saved on top of itself", f"{revisions - 1} time{'' if revisions == 2 else 's'}")


def _date(text: str) -> str:
    match = _DATE.match(text)
    if not match:
        return text
    year, month, day, hour, minute = match.groups()
    return f"{day}/{month}/{year}" + (f" {hour}:{minute} (by the clock of the machine that made it)" if hour else "")
