"""Which parts of a description are there: who made it, when, how long it is, and what it says."""

# ruff: noqa: E501, SIM905 (long regular expressions and lists of words read better in one piece)

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from disclosure.lint import dates
from disclosure.lint.catalogue import words

_WORD = re.compile(r"[^\W\d_][\w'’-]*", re.UNICODE)
_RANK = re.compile(
    r"\b(?:PC|PCSO|WPC|DC|WDC|DS|PS|DI|DCI|DSI|DSU|SGT|INSP|SUPT|T/DC|A/PS|constable|sergeant|inspector|superintendent|officer|"
    r"collar(?: number)?|warrant number)\s*(?:no\.?\s*)?[A-Z]{0,2}\d{2,6}[A-Z]?\b",
    re.IGNORECASE,
)
# After these a name, an office or a firm follows: "by Dr Patel", "from Tesco Express", "of PC Jones", "supplied by the bank"
_NAMED = re.compile(
    r"(?i:\b(?:by|from|of|to|between|with|and|author|made by|supplied by|provided by|obtained from|signed)\s+(?:the\s+)?)"
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|PC|DC|DS|DI|PS|DCI|Sgt|Sergeant|Inspector|Constable|Detective)\.?\s+[A-Z][\w'’-]+"
    r"|[A-Z]{3,},?\s+[A-Z][a-z]+|[A-Z][a-z'’]+(?:\s+(?:and|&|of|the)?\s*[A-Z][\w'’&-]+)+)"
)
_RANKED_NAME = re.compile(r"\b(?:PC|PCSO|DC|DS|DI|PS|DCI|Dr|Sgt)\.?\s+[A-Z][a-z'’-]+")
_AGENT = re.compile(r"(?i:\b(?:by|from)\s+(?:an?|the|his|her|their|another|one|two|several)\s+)[a-z]")
_UNKNOWN = re.compile(
    r"(?i)\b(?:author|maker|source|writer|sender)s? (?:is |are )?(?:not known|unknown)|\bunknown (?:author|caller|person|sender|writer)"
)
_PLACE = re.compile(
    r"(?i)[;,.]?\s*\b(?:is |are )?(?:held|stored|kept|located|lodged|retained|location)\b(?::| at| in| on| with| under)[^;.,:]*"
)
_OPEN_RANGE = re.compile(
    r"(?i)\b(?:from|between)\s+\d{1,2}[:.]?\d{2}\s*(?:hrs|hours|am|pm)?\s*(?:to|and|until|-|–)\s*\d{1,2}[:.]?\d{2}"
)
_CLOCK_RANGE = re.compile(
    r"\b\d{1,2}[:.]\d{2}\s*(?:hrs|hours|am|pm)?\s*(?:to|-|–|until|and)\s*(?:\d{2}[/.]\d{2}[/.]\d{2,4}\s*)?\d{1,2}[:.]\d{2}"
)
_PAGES = re.compile(
    r"(?i)\b(?:pages?|entries|folios|paragraphs|pp|nos\.?|numbers)\s*\d+|\b\d+\s?(?:pp?|mins?|hrs?|secs?|gb|mb|x)\b|\bx\s?\d+\b|\(\d{1,4}\)|\b\d+:\d{2}(?::\d{2})?\s*(?:long|in length|duration)"
)
_COUNTED = re.compile(r"(?=\b(\d{1,3}(?:,\d{3})+|\d{1,6}|[a-z]+(?:-[a-z]+)?)\s+((?:[\w'’-]+\s+){0,3}?)([\w'’-]+)\b)", re.IGNORECASE)


@cache
def _from_place() -> re.Pattern[str]:
    """Somewhere that something comes from."""
    return re.compile(
        rf"(?i)\b(?:by|from|of|to|between|with)\s+(?:(?:the|a|an|his|her|their)\s+)?(?:[\w'’-]+\s+){{0,3}}?(?:{'|'.join(sorted(words().place))}|control room|call centre|media office)(?:'s|’s|s)?\b"
    )


@dataclass(frozen=True)
class Parts:
    """What a description has."""

    who: bool
    when: bool
    length: bool
    content: int
    """How many words say something of its own; a word that leads to content counts as one."""
    thing: bool
    label_only: bool

    @property
    def needed(self) -> int:
        """How many words of content are enough: fewer where author, date and length are all there."""
        return 3 if self.facts == 3 else 4

    @property
    def says_enough(self) -> bool:
        """Whether a prosecutor could decide without viewing: content, and two of author, date and length."""
        return self.content >= self.needed and self.facts + self.thing >= 2

    @property
    def facts(self) -> int:
        """How many of author, date and length are there."""
        return self.who + self.when + self.length

    def missing(self) -> list[str]:
        """What is not there, in words."""
        lacks = [("who made it", self.who), ("when", self.when), ("what it contains", self.content >= self.needed)]
        lacks += [("how long it is", self.length or self.thing)]
        return [text for text, there in lacks if not there]


@lru_cache(maxsize=4096)
def read(text: str) -> Parts:
    """Take a description apart."""
    known = words()
    plain = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    base = [_base(word) for word in plain]
    when = dates.has_date(text)
    length = has_length(text)
    who = has_author(text, base)
    content = _content(text)
    head = base[:8]
    thing = any(word in known.thing for word in head) and not any(word in words().written for word in head)
    return Parts(who, when, length, content, thing, label_only=content == 0 and not when and not length)


def _base(word: str) -> str:
    return word.removesuffix("'s").removesuffix("'")


def has_author(text: str, base: list[str]) -> bool:
    """Whether somebody or something is named as maker or source."""
    if _RANK.search(text) or _NAMED.search(text) or _RANKED_NAME.search(text) or _AGENT.search(text) or _UNKNOWN.search(text):
        return True
    if _from_place().search(text):
        return True
    return any(word in words().who and word not in words().place for word in base)


def has_length(text: str) -> bool:
    """Whether it says how long it is, or how many there are."""
    if _PAGES.search(text) or _OPEN_RANGE.search(text) or _CLOCK_RANGE.search(text):
        return True
    known = words()
    return any(_is_count(found, known.numbers, known.unit) for found in _COUNTED.finditer(text))


def _is_count(found: re.Match[str], numbers: frozenset[str], unit: frozenset[str]) -> bool:
    number, between, noun = found.group(1).lower(), found.group(2).lower().split(), found.group(3).lower()
    if not (number[0].isdigit() or number in numbers or number.split("-")[0] in numbers):
        return False
    nouns = [*between, noun]
    if number in ("a", "an"):
        return any(word in ("page", "pages", "sheet") for word in nouns)
    return any(word in unit for word in nouns)


def _content(text: str) -> int:
    """Words that say something: those of its own anywhere, or any after a word that leads to content, whichever are more."""
    rest = dates.without_dates(_PLACE.sub(" ", text))
    rest = _RANKED_NAME.sub(" ", _RANK.sub(" ", rest))
    known = words()
    labels, tail_idle, shorts = _idle()
    own: set[str] = set()
    tail: set[str] = set()
    led = False
    for match in _WORD.finditer(rest):
        word = _base(match.group().lower().replace("’", "'"))
        spoken = len(word) > 2 and not (match.group().isupper() and word in shorts)
        if led and spoken and word not in tail_idle:
            tail.add(word)
        if spoken and word not in labels:
            own.add(word)
        led = led or _leads(word, rest[: match.start()])
        if led and word in known.cues:
            own.discard(word)
    return max(len(own) + (2 if led else 0), len(tail) + 1 if led else 0)


@cache
def _idle() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Words that say nothing anywhere, those that say nothing even after a word that leads to content, and abbreviations."""
    known = words()
    labels = known.material | known.filler | known.stop | known.who | known.unit | known.numbers | _MONTHS
    tail = ((known.stop - _QUESTIONS) | _MEASURES | known.numbers | _MONTHS | known.filler) - _KEPT
    return labels, tail, known.plain_abbreviations | frozenset(known.abbreviations)


def _leads(word: str, before: str) -> bool:
    """Whether what follows is content: after "describing", "about", ", on", ", with", a colon or semicolon, a sentence's end."""
    before = before.rstrip()
    if not before:
        return False
    if before[-1] in ":;.–" and len(before.split()) > 1:
        return True
    after_comma = before[-1] == ","
    return word in words().cues or (after_comma and (word in _PREPOSITIONS or (word.endswith("ing") and len(word) > 5)))


_PREPOSITIONS = frozenset("on with for to from in that who which by as".split()) - {"by", "from", "to"}
_MEASURES = frozenset(
    "page pages pp sheet sheets side sides minute minutes mins hour hours hrs second seconds item items entry entries".split()
)
_QUESTIONS = frozenset("who what why when where how whether".split())
_KEPT = frozenset("found taken removed seized sent made signed no none nothing access".split())
_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept"
    " oct nov dec monday tuesday wednesday thursday friday saturday sunday".split()
)
