"""What must stay (DOMAIN section 5): references, numbers of officers, and names that the case says must stay."""

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from redaction.engine.detect import lists, people
from redaction.engine.detect.text import plain
from redaction.engine.shapes import Person, Span

_REFERENCES = re.compile(
    r"(?<![\w/])[A-Z]{2,4}(?:/[A-Z]{2,5})?/\d{1,4}(?:[/-][A-Z0-9]{1,6}){0,4}\b"  # exhibit reference
    r"|\b\d{2}\s{1,3}[A-Z0-9]{2}\s{1,3}\d{7}\b|\b\d{2}[A-Z0-9]{2}\d{7}\b(?=\s|$)(?<=[A-Z]\d{7})"  # URN in boxes
    r"|\b\d{2}(?:[A-Z][A-Z0-9]|\d[A-Z])\d{7}\b"  # URN; all in digits it reads like a telephone number
    r"|\b\d{2}/\d{4,7}/\d{2}\b"  # crime number
    r"|\b(?:URN|Crime\s+(?:No\.?|Number|Ref(?:erence)?)|CAD|Incident(?:\s+(?:No\.?|Number))?|Log)\s*:?\s*[A-Z0-9/-]*\d[A-Z0-9/-]*",
)
_OFFICERS = re.compile(
    r"\b(?:(?:W?PC|A?DC|A?DS|A?DI|DCI|DSU|D?Supt|PS|PCSO|T?DC|SGT|Sgt|INSP|Insp|Det\.?\s+(?:Con|Sgt|Insp)\.?|(?:(?:Detective|Temporary|Acting|Police)\s+){0,2}"
    r"(?:Chief\s+)?(?:Constable|Sergeant|Inspector|Superintendent))\.?\s+)+"
    r"(?:\d{1,6}[A-Z]{0,2}\s*)?(?:(?:[A-Z]\.?\s|[A-Z][A-Za-z'-]+[ ])?[A-Z][a-z]*['A-Za-z-]+)?(?:\s+\d{2,6}\b)?"
)
_TIMES = re.compile(
    r"\b(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d)?\s?(?:hrs|hours|am|pm)?\b|\b(?:[01]\d|2[0-3])[0-5]\d\s?(?:hrs|hours)\b"
)
# Where an offence happened is evidence; what follows says so or stands under such a heading
_OFFENCE = re.compile(
    r"(?:\b(?:(?:location|place|scene)\s+of\s+(?:the\s+)?(?:offence|incident|crime|arrest|assault)|(?:offence|incident|crime)\s+(?:location|address)|where\s+did\s+(?:the\s+)?(?:incident|offence|it)\s+happen\??"
    r"|^location)[ ]*:?[ ]+|\b(?:offence|incident|rape|assault|attack)\s+(?:took\s+place|happened|occurred|was\s+committed)\s+(?:at|in|on|near|outside)\s+(?:the\s+)?)"
    r"(?P<it>[^\n.;]{3,80})",
    re.IGNORECASE | re.MULTILINE,
)
_TITLE_BEFORE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.?\s+$", re.IGNORECASE)
_PRISON = re.compile(r"\bHM(?:P|YOI)\s+[A-Z][a-z]+(?:\s[A-Z][a-z]+)?")
_COURT = re.compile(r"\b(?:[A-Z][a-z]+\s){1,3}(?:Crown|Magistrates'?|Youth|County)\s+Court\b")
# A town in the name of a place that is open to all is no person
_VENUE = re.compile(
    r"\b(?:[A-Z][a-z'-]+\s){1,3}(?:Club|(?:Police|Railway|Train|Bus|Fire)\s+Station|Town\s+Hall|Leisure\s+Centre|Retail\s+Park|Police|Constabulary)\b"
)
_STATUTES = re.compile(r"\b(?:section|s\.)\s?\d+[A-Z]*(?:\(\d+\))?|\b[A-Z][A-Za-z' ]{3,60}\bAct\s+\d{4}\b")


def find(text: str, known: Iterable[Person]) -> Iterator[Span]:
    """Spans of a plain text that are not to be proposed, each with the rule that says why."""
    for pattern, rule in (
        (_REFERENCES, "reference"),
        (_OFFICERS, "officer"),
        (_STATUTES, "statute"),
        (_TIMES, "time"),
        (_COURT, "court"),
        (_PRISON, "prison"),
        (_VENUE, "venue"),
    ):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "", "pattern", rule)
    for match in _OFFENCE.finditer(text):
        yield Span(match.start("it"), match.end("it"), "", "pattern", "offence")
    for span in people.find(text, _with_short_forms([person for person in known if person.keep])):
        if span.rule in _WHOLE_NAMES:
            title = _TITLE_BEFORE.search(text[max(0, span.start - 12) : span.start])
            start = span.start - len(title[0]) if title else span.start
            yield Span(start, span.end, "", "person", f"keep.{span.rule}", span.person)


_WHOLE_NAMES = ("name.full", "name.given", "name.reversed", "name.alias", "name.last", "name.first")


def _with_short_forms(accused: list[Person]) -> list[Person]:
    """The accused, also under the short forms of their forenames ("Steve" for Stephen)."""
    return [
        replace(person, aliases=(*person.aliases, *(short for name in person.names for short in _shorts(name))))
        for person in accused
    ]


def _shorts(name: str) -> Iterator[str]:
    given = plain(name).partition(",")[2].split() or plain(name).split()
    for short in lists.nicknames().get(given[0].lower(), ()) if given else ():
        if len(short) > 2:
            yield short.capitalize()
            if given[1:]:
                yield f"{short.capitalize()} {plain(name).split()[-1]}"


# Who else a sentence may call the accused, where there is but one
_ROLE = re.compile(r"\b(?:[Tt]he[ ]|THE[ ]|[Oo]ur[ ]|[Mm]y[ ])?(?:defendant|accused|client|detained person|DP|DEFENDANT|ACCUSED)\b")
_HIS_ADDRESS = re.compile(
    r"(?:\bof|\b(?:home[ ])?address(?:[ ]is|[ ]given[ ]as)?|\bh/?a|\bno[ ]fixed|\bresid\w+[ ](?:at|in)|\bliv\w+[ ](?:and[ ]sleep[ ])?(?:at|in))[\s:.)]*$",
    re.IGNORECASE,
)
_FIRST_LINE = re.compile(r"(?:Flat \w+,? )?\d{1,4}[A-Za-z]? [A-Za-z' -]+")


def _is_theirs(handle: str, accused: Iterable[Person]) -> bool:
    """Whether a handle or the front of an e-mail address spells the accused's first name or initial and last name."""
    letters = re.sub(r"[^a-z]", "", handle.lower().partition("@")[0] or handle.lower())
    for person in accused:
        for name in person.names:
            parts = re.findall(r"[a-z]+", plain(name).lower())
            if len(parts) > 1 and len(parts[-1]) > 2 and letters.startswith((parts[0] + parts[-1], parts[0][0] + parts[-1])):
                return True
    return False


def own(text: str, found: Sequence[Span], known: Iterable[Person]) -> Iterator[Span]:
    """The accused's own date of birth and address: what a text gives them right behind their name, and nobody's in between."""
    accused = [person for person in known if person.keep]
    if not accused:
        return
    theirs = [span for span in people.find(text, accused) if span.rule in _WHOLE_NAMES]
    kept = {(span.start, span.end) for span in theirs}
    others = [span for span in found if span.code == "TPN" and (span.start, span.end) not in kept]
    # A surname that is the end of somebody else's name is that person's: a child's, beside an accused parent
    longer = {span.end: span.start for span in others}
    mentions = [(span.end, True) for span in theirs if longer.get(span.end, span.start) >= span.start]
    if len(accused) == 1:
        mentions += [(match.end(), True) for match in _ROLE.finditer(text)]
    mentions += [(span.end, False) for span in others]
    mentions.sort()
    lines = set()
    for span in found:
        if span.code in ("SOC", "EML") and _is_theirs(text[span.start : span.end], accused):
            yield Span(span.start, span.end, "", "person", "keep.own")
        if span.code not in ("ADDR", "DOB"):
            continue
        place = bisect.bisect_right(mentions, (span.start, True)) - 1
        if place < 0 or not mentions[place][1]:
            continue
        between = text[mentions[place][0] : span.start]
        if len(between) > 120 or "\n\n" in between or between.count("\n") > 2:
            continue
        if span.code == "DOB" or _HIS_ADDRESS.search(between):
            yield Span(span.start, span.end, "", "person", "keep.own")
            if span.code == "ADDR" and (line := _FIRST_LINE.match(text[span.start : span.end].split(",", maxsplit=1)[0])):
                lines.add(line[0].strip())
    for span in found:
        if span.code == "ADDR" and any(text.startswith(line, span.start) for line in lines):
            yield Span(span.start, span.end, "", "person", "keep.own")
