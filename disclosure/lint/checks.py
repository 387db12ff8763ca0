"""The rules that are more than a pattern: one function each, by the rule's id. It says whether it finds something, and what."""

# ruff: noqa: E501, SIM905 (long regular expressions and lists of words read better in one piece)

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache

from disclosure.lint import dates, parts, secrets
from disclosure.lint.catalogue import words
from disclosure.lint.context import Context

Check = Callable[[str, Context], str | None]
"""Given a description and what is known of the case: None, or what to add to the rule's own words (may be empty)."""

_FORM = (
    r"(?:(?:form|the|a|copy of|copies of|completed|signed|blank|attached)\s+)*"
    r"(?:mg\s?-?\s?\d{1,3}\s?(?:\(?[a-z]{1,4}\)?)?s?|mgs|hort\s?/?\s?\d|fla\s?/?\s?\d|ct\s?/?\s?\d+|cid\s?\d+\w?|ca\s?\d+|pnb\s?\d*|ms\s?\d+|md\s?\d+|form\s+\w{0,4}\d+\w?|\d{2,4}[a-z]?\s+form"
    r"|book\s?\d+\w?|bk\s?\d+\w?|hob\s?\d+|ips\s?\d+)"
    r"(?:\s+forms?)?(?:\s?/\s?[a-z]{1,2}\b)?"
)
_FORMS = re.compile(rf"(?i)(?:\d+\s?x\s?)?{_FORM}(?:\s*(?:,|&|and|\+|/|x\s?\d+|\(\d+\)|\d+)\s*(?:{_FORM})?)*")
_ENDINGS = (
    "pdf docx? xlsx? pptx? csv txt rtf odt msg eml pst mbox html? xml json zip rar 7z tar gz jpe?g png gif bmp tiff? heic webp raw mp3 mp4 m4a wav wma amr opus ogg aac mov avi mkv"
    " wmv mpe?g 3gp dav h264 ts asf ufdr ufd xry dar clbe e01 l01 ad1 bin img iso db sqlite plist vcf ics log bak exe lnk"
).split()
_FILE = re.compile(rf"(?i)(?:^|(?<=[\s,;&/\\]))[\w()\[\]+~#@%=!.'’-]*\.(?:{'|'.join(_ENDINGS)})\b")
_ANY_FILE = re.compile(r"(?i)[^\s/\\]+\.[a-z][a-z0-9]{1,4}")
_SPACED_FILE = re.compile(rf"(?i)[^,;:]{{1,80}}\.(?:{'|'.join(_ENDINGS)})")
_CAMERA_NAME = re.compile(
    r"(?i)(?:img|dsc|dscn|dscf|doc|scan|vid|mvi|mov|pxl|wa|rec|aud|ptt|ch|gopr|file|image|photo|video|clip|untitled|export|screenshot)[-_ ]?\(?\d[\w() -]*"
)
_PATH = re.compile(r"(?i)(?:[a-z]:\\|\\\\|/)(?:[^\\/]+[\\/])+[^\\/,;]*")
_FILLING = frozenset("and file files the copy of called named document x".split())
_BARE = re.compile(r"(?<![\w/-])[A-Z]{2,4}/[0-9]{1,4}(?:[/-][A-Z0-9]+)*(?![\w/])")
_INITIALISM = re.compile(r"\b[A-Z][A-Za-z0-9]*\b")
_RANKED = re.compile(r"(?i)\b(?:pc|dc|ds|ps|di|dci|pcso|sgt|wpc)\s*\d+\b")


def empty(text: str, context: Context) -> str | None:
    """Nothing but marks."""
    return None if re.search(r"[^\W_]", text) else ""


def form_number(text: str, context: Context) -> str | None:
    """Forms by number, and no other word."""
    return "" if _FORMS.fullmatch(text.strip().rstrip(".")) else None


def file_name(text: str, context: Context) -> str | None:
    """File names or paths, and nothing else but "and"."""
    stripped = text.strip().rstrip(".,;")
    if _ANY_FILE.fullmatch(stripped) or _CAMERA_NAME.fullmatch(stripped) or _PATH.fullmatch(stripped):
        return ""
    if _SPACED_FILE.fullmatch(stripped) and len(stripped.split()) <= 8:
        return ""
    rest, times = _FILE.subn(" ", text)
    left = [word for word in re.findall(r"[^\W\d_]+", rest.lower()) if word not in _FILLING]
    return "" if times and not left else None


def acronym_alone(text: str, context: Context) -> str | None:
    """Abbreviations, numbers and officers' numbers, and no word that says something."""
    known = words()
    tokens = re.findall(r"[A-Za-z][\w'’]*", _RANKED.sub(" ", text))
    plain = [token.lower().removesuffix("'s") for token in tokens]
    if not any(_is_abbreviation(token) for token in tokens):
        return None
    idle = (
        known.stop
        | known.numbers
        | {"no", "ref", "log", "logs", "entry", "footage", "disc", "dvd", "copy", "report", "printout", "check"}
    )
    return "" if all(_is_abbreviation(token) or word in idle for token, word in zip(tokens, plain, strict=True)) else None


def _is_abbreviation(token: str) -> bool:
    known = words()
    plain = token.lower()
    return plain in known.abbreviations or (len(token) > 1 and token.isupper() and plain not in known.plain_abbreviations)


def says_too_little(text: str, context: Context) -> str | None:
    """Too few words of content, or content without at least two of author, date and length."""
    return _lacks(text)


@lru_cache(maxsize=4096)
def _lacks(text: str) -> str | None:
    context = Context(today=dt.date.max)
    if not re.search(r"[^\W_]", text) or any(check(text, context) is not None for check in (form_number, file_name, acronym_alone)):
        return None
    found = parts.read(text)
    if found.says_enough:
        return None
    return f"say {_listed(found.missing())}" if found.missing() else "say more of what it contains"


def _listed(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _enough(text: str, context: Context) -> parts.Parts | None:
    """The parts of a description that says enough: only then is one missing part worth a question."""
    if _lacks(text) is not None or any(
        check(text, context) is not None for check in (empty, form_number, file_name, acronym_alone)
    ):
        return None
    return parts.read(text)


def no_date(text: str, context: Context) -> str | None:
    """Says enough, but not when."""
    found = _enough(text, context)
    return "" if found and not found.when else None


def no_author(text: str, context: Context) -> str | None:
    """Says enough, but not who made it or where it comes from."""
    found = _enough(text, context)
    return "" if found and not found.who and not found.thing else None


def no_length(text: str, context: Context) -> str | None:
    """Says enough, but not how long it is; a thing has no length."""
    found = _enough(text, context)
    return "" if found and not found.length and not found.thing else None


def complainant_identity(text: str, context: Context) -> str | None:
    """A complainant of this case. What was found is not repeated."""
    return "" if secrets.names_a_complainant(text, context.complainants) else None


def mg6d_revealed(text: str, context: Context) -> str | None:
    """Words of this case's MG6D. Which ones is not said: the finding is read on a page that others may see."""
    if context.mg6d_exhibits.intersection(reference.upper() for reference in _BARE.findall(text)):
        return ""
    return "" if _nearness(text, context) >= secrets.GIVES_AWAY else None


def mg6d_near(text: str, context: Context) -> str | None:
    """A name or number that this case's MG6D has as well."""
    return "" if secrets.COMES_NEAR <= _nearness(text, context) < secrets.GIVES_AWAY else None


def _nearness(text: str, context: Context) -> float:
    return secrets.nearness(text, context.mg6d, context.shared | _labels(context))


def _labels(context: Context) -> frozenset[str]:
    return frozenset(word for label in context.people for word in re.findall(r"\w+", label.casefold()))


_PERSONAL = (
    re.compile(r"(?i)\b[\w.+'-]+@[\w-]+(?:\.[\w-]+)+\b"),
    re.compile(r"(?i)\b[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d]\b|\bnational insurance (?:no|number)\.?:?\s*\w{2}\s?\d{2}"),
    re.compile(r"(?i)\bnhs (?:no|number)\.?:?\s*\d[\d -]{8,}"),
    re.compile(r"(?i)\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\b[^\d.;]{0,12}\d{1,2}(?:st|nd|rd|th)?[\s/.-]"),
    re.compile(r"(?i)\b(?:passport|driving licen[cs]e|sort code|account (?:no|number)|card (?:no|number))\.?:?\s*(?:no\.?|number)?:?\s*[a-z]*\d[\d -]{4,}"),
    re.compile(r"(?i)\b\d{1,4}[a-z]?,?\s+[a-z'’]+(?:\s+[a-z'’]+){0,2}\s+(?:road|street|lane|avenue|close|drive|way|row|crescent|terrace|gardens|grove|mews|rise|st|rd|ave)\b[^.;]{0,40}\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b"),
    re.compile(r"(?i)\b(?:home address|private address|address is|residing at|resides at|lives at|living at|lived at|resident at|of no\.?)\s*:?\s*(?:flat\s+\w+,?\s+)?\d{1,4}[a-z]?\b"),
)  # fmt: skip
_TELEPHONE = re.compile(r"(?<![\d/-])(?:\+44\s?\(?0?\)?|0)(?:[\s().-]?\d){9,10}(?!\d)")
_ACCUSED = re.compile(r"(?i)\b(?:suspect|defendant|accused)(?:'s|’s|s)?\b")


def personal_details(text: str, context: Context) -> str | None:
    """Contact details or personal numbers. The accused's own number may be the evidence."""
    if any(pattern.search(text) for pattern in _PERSONAL):
        return ""
    return "" if _TELEPHONE.search(text) and not _ACCUSED.search(text) else None


def date_impossible(text: str, context: Context) -> str | None:
    """A day that is none, or still to come; an hour that is none."""
    wrong = dates.impossible(text, context.today)
    return ", ".join(wrong) if wrong else None


def date_outside(text: str, context: Context) -> str | None:
    """Years before the offence, or to come."""
    if dates.impossible(text, context.today):
        return None
    found = dates.far(text, context.today, context.offence_from)
    return ", ".join(found) if found else None


_REFERENCE = re.compile(r"[A-Z]{2,4}/[0-9]{1,4}(?:[/-][A-Z0-9]+)*")
_MENTION = re.compile(
    r"(?i)\bexhibits?\b\s*(?:no\.?|number|refs?\.?|references?)?\s*:?\s*"
    r"((?:[a-z]{0,5}[/-]?)?[\w]*\d[\w/-]*|x{2,}\b|\?+|[a-z]/[a-z][\w/-]*)(?:\s*(?:,|and|&|to)\s*([A-Z]{1,5}[/-]?\d[\w/-]*))?"
)


def exhibit_unknown(text: str, context: Context) -> str | None:
    """Called an exhibit, and no reference of this case; or with initials of this case and a number that was never issued."""
    wrong: list[str] = []
    for match in _MENTION.finditer(text):
        for token in filter(None, match.groups()):
            reference = token.rstrip("/-.").upper()
            if not _REFERENCE.fullmatch(reference) or not _is_known(reference, context):
                wrong.append(token)
    if context.exhibits:
        initials = _initials(context.exhibits)
        wrong += [found for found in _BARE.findall(text) if found.split("/")[0] in initials and not _is_known(found, context)]
    return ", ".join(dict.fromkeys(wrong)) if wrong else None


@lru_cache(maxsize=8)
def _initials(exhibits: frozenset[str]) -> frozenset[str]:
    return frozenset(reference.split("/")[0] for reference in exhibits)


def _is_known(reference: str, context: Context) -> bool:
    return context.exhibits is None or reference in context.exhibits


def acronym(text: str, context: Context) -> str | None:
    """Abbreviations that are not explained beside them."""
    if acronym_alone(text, context) is not None or form_number(text, context) is not None:
        return None
    known = words()
    bare = _FILE.sub(" ", _BARE.sub(" ", text))
    labels = {word for label in context.people for word in re.findall(r"\w+", label)}
    found = []
    for token in _INITIALISM.findall(bare):
        plain = token.lower().removesuffix("s") if token[:-1].isupper() else token.lower()
        if plain in known.plain_abbreviations or token.lower() in known.plain_abbreviations or token in labels:
            continue
        police = plain in known.abbreviations and any(character.isupper() for character in token[1:])
        unknown = 2 < len(token) <= 5 and token.isupper() and _vowelless(token)
        if (police or unknown) and not re.search(rf"\({re.escape(token)}s?\)|\b{re.escape(token)}s?\s*\([a-z]", bare):
            found.append(f"{token} ({known.abbreviations[plain]})" if plain in known.abbreviations else token)
    return ", ".join(dict.fromkeys(found)) if found else None


def _vowelless(token: str) -> bool:
    """Whether capitals are more likely an abbreviation than a surname or shouting."""
    return token.isalpha() and not re.search(r"[AEIOUY]", token)


CHECKS: dict[str, Check] = {
    "empty": empty,
    "form-number": form_number,
    "file-name": file_name,
    "acronym-alone": acronym_alone,
    "says-too-little": says_too_little,
    "complainant-identity": complainant_identity,
    "personal-details": personal_details,
    "mg6d-revealed": mg6d_revealed,
    "mg6d-near": mg6d_near,
    "date-impossible": date_impossible,
    "date-outside": date_outside,
    "exhibit-unknown": exhibit_unknown,
    "acronym": acronym,
    "no-date": no_date,
    "no-author": no_author,
    "no-length": no_length,
}
