"""Rows under a heading: a column headed "Surname" holds surnames, one headed "Mobile" telephone numbers."""

import re
from collections.abc import Iterator

from redaction.engine.detect import lists
from redaction.engine.shapes import Span

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(rf"^(?:{pattern})$", re.IGNORECASE))
    for code, pattern in (
        ("NAME", r"(?:[a-z']{1,12} ){0,2}(?:(?:first|last|family|given|full|display) )?names?|(?:[a-z]{1,12} )?(?:first|last)|surname|forenames?(?:\(s\))?|party|passenger"
                 r"|driver|customer|subscriber|keeper|owner|sender|recipient|contact|witness|suspect|victim|complainant|produced by|client|patient|pupil|child"
                 r"|parent|guardian|next of kin|employee|tenant|alias|nickname|teacher|doctor|gp|from|to|participants?|seized from|account holder|payee|payer"),
        ("ADDR", r"(?:(?:[a-z]{1,9}|pick[ -]?up|drop[ -]?off) ){0,2}address(?: line)? ?\d?|street|pick[ -]?up|drop(?:[ -]?off)?|destination|post ?code|location of home|residence"),
        ("TEL", r"(?:[a-z]{1,12} )?(?:phone|mobile|tel|telephone|contact)(?:[ _]?(?:no\.?|number|\d))?|number(?: dialled)?|msisdn|[ab][ -]number|from|to|caller|called|calling(?: number)?|called(?: number)?"),
        ("EML", r"(?:[a-z]{1,12} )?e-?mail(?: address)?"),
        ("DOB", r"d\.?o\.?b\.?|date of birth|birth ?date|born"),
        ("WRK", r"(?:occupation ?/ ?)?(?:school|college|employer|workplace|place of work)"),
        ("NI", r"ni(?:no)?|ni (?:no\.?|number)|national insurance(?: (?:no\.?|number))?"),
        ("NHS", r"nhs(?: (?:no\.?|number))?"),
        ("VRM", r"vrm|registration|reg(?: no\.?)?|index|vehicle (?:reg(?:istration)?|plate)|(?:number )?plate"),
        ("FIN", r"sort ?code|account(?: (?:no\.?|number))?|card(?: (?:no\.?|number))?|iban"),
    )
)  # fmt: skip
_OFFICER = re.compile(
    r"^(?:W?PC|DC|DS|DI|DCI|PS|SGT|PCSO|INSP|DET|TDC|Police|Officer|HSBC|N/?A|None|Unknown|Total|Voicemail)\b", re.IGNORECASE
)
_DIVIDERS = (",", ";", "|")
_LONGEST = 3000


def find(text: str) -> Iterator[Span]:
    """Cells in a plain text by what heads their column."""
    columns: dict[int, list[str]] = {}
    divider, start, misses = "", 0, 0
    for line in text.split("\n"):
        if len(line) < _LONGEST:
            heading = _heading(line)
            if heading:
                divider, columns = heading
                misses = 0
            elif columns:
                cells = list(_cells(line, divider))
                if len(cells) < 2:
                    misses += 1
                    if misses > 2:
                        columns = {}
                for number, (at, cell) in enumerate(cells):
                    if number in columns:
                        yield from _cell(start + at, cell, columns[number])
        start += len(line) + 1


def _heading(line: str) -> tuple[str, dict[int, list[str]]] | None:
    for divider in _DIVIDERS:
        if line.count(divider) < 2:
            continue
        heads = [head.strip().strip("\"'#*").replace("_", " ") for head in line.split(divider)]
        columns = {}
        for number, head in enumerate(heads):
            kinds = [code for code, pattern in _KINDS if pattern.match(re.sub(r" \d+$", "", head))]
            if kinds:
                columns[number] = kinds
        if columns and sum(bool(re.fullmatch(r"[A-Za-z][A-Za-z .'()/_#-]{0,30}\d?|#|", head)) for head in heads) == len(heads):
            return divider, columns
    return None


def _cells(line: str, divider: str) -> Iterator[tuple[int, str]]:
    """(where, what) of each cell; a divider inside quotation marks divides nothing."""
    start, quoted = 0, False
    for place, letter in enumerate(line):
        if letter == '"' and divider == ",":
            quoted = not quoted
        elif letter == divider and not quoted:
            yield start, line[start:place]
            start = place + 1
    yield start, line[start:]


def _cell(at: int, cell: str, kinds: list[str]) -> Iterator[Span]:
    lead = len(cell) - len(cell.lstrip(" \"'"))
    value = cell.strip(" \"'")
    if len(value) < 2 or _OFFICER.match(value):
        return
    letters, numbers = sum(map(str.isalpha, value)), sum(map(str.isdigit, value))
    for kind in kinds:
        if (
            kind == "NAME"
            and letters >= 2
            and letters > numbers * 2
            and len(value.split()) <= 6
            and "@" not in value
            and _like_name(value)
        ):
            yield Span(at + lead, at + lead + len(value), "TPN", "field", "table.name")
        elif kind == "TEL" and numbers >= 6 and letters == 0:
            yield Span(at + lead, at + lead + len(value), "TEL", "field", "table.phone")
        elif kind == "ADDR" and letters >= 2 and (numbers or (kinds == ["ADDR"] and len(value.split()) > 2)):
            yield Span(at + lead, at + lead + len(value), "ADDR", "field", "table.address")
        elif kind == "DOB" and numbers >= 4 and len(value) < 24:
            yield Span(at + lead, at + lead + len(value), "DOB", "field", "table.dob")
        elif kind == "WRK" and letters > 2:
            at, value = (at + value.index(",") + 1, value[value.index(",") + 1 :]) if "," in value else (at, value)
            at, value = at + len(value) - len(value.lstrip()), value.strip()  # "chef, The Copper Kettle"
            yield Span(at + lead, at + lead + len(value), "WRK", "field", "table.work")
        elif kind in ("EML", "NI", "NHS", "VRM", "FIN") and (numbers >= 2 or "@" in value):
            yield Span(at + lead, at + lead + len(value), kind, "field", f"table.{kind.lower()}")


def _like_name(value: str) -> bool:
    words = re.findall(r"[A-Za-z]+", value.lower())
    return any(word not in lists.words() or word in lists.forenames() or word in lists.surnames() for word in words)
