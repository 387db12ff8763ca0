"""Dates and times in a description: which are there, and which can't be."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_NAME = "|".join(sorted({name for month in MONTHS for name in (month, month[:3])} | {"sept"}, key=len, reverse=True))
_NUMERIC = re.compile(r"(?<![\d/.:-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/]|[.-]\d)")
_ISO = re.compile(r"(?<![\d/-])(\d{4})-(\d{2})-(\d{2})(?!\d)")
_WORDY = re.compile(rf"(?i)\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+({_NAME})[a-z]*\.?,?\s+(\d{{4}})\b")
_AMERICAN = re.compile(rf"(?i)\b({_NAME})[a-z]*\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b")
# A day and a word that should be a month: "4 Novmber 2206"
_MISSPELT = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s+([A-Z][a-z]{2,9})\s+(\d{4})\b")
_MONTH_YEAR = re.compile(rf"(?i)\b(?:{_NAME})[a-z]*\.?,?\s+\d{{4}}\b")
_SHORT = re.compile(rf"(?i)\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+(?:{_NAME})\b|\b(?:{_NAME})\s+\d{{1,2}}(?:st|nd|rd|th)?\b")
_YEAR = re.compile(r"(?<![\d/])(?:19|20)\d\d(?![\d/])")
_UNDATED = re.compile(
    r"(?i)\bundated\b|\bdates? (?:is |are )?(?:not known|unknown|not recorded)\b|\bno date\b|\bwithout (?:a )?date\b"
)
_TIME = re.compile(r"(?<![\d/.:])(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:]|\s*(?:minutes|mins|long|min\b))")
_HOURS = re.compile(r"(?i)(?<![\d/.:])(\d{2})(\d{2})\s?(?:hrs|hours)\b")
_BORN = re.compile(r"(?i)\b(?:born|d\.?o\.?b\.?|date of birth)\b[^\d]{0,12}$")
_RANGE = re.compile(r"(?i)^\s*(?:\d{1,2}:\d{2}\s*)?(?:to|until|-|–|and)\s*(?:\d{1,2}:\d{2}\s*(?:on\s*)?)?$")
_PATTERNS = (_ISO, _NUMERIC, _WORDY, _AMERICAN)


@dataclass(frozen=True)
class Found:
    """A date as written, and the day that it means; none if there is no such day."""

    text: str
    start: int
    end: int
    day: dt.date | None
    born: bool = False


def find(text: str) -> list[Found]:
    """Full dates (day, month and year), in order; days of birth are marked as such."""
    found: list[Found] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            born = _BORN.search(text[: match.start()]) is not None
            found.append(Found(match.group(), match.start(), match.end(), _day(pattern, match), born))
    return sorted(found, key=lambda date: date.start)


def _day(pattern: re.Pattern[str], match: re.Match[str]) -> dt.date | None:
    if pattern is _ISO:
        year, month, day = (int(group) for group in match.groups())
    elif pattern is _NUMERIC:
        day, month, year = int(match[1]), int(match[3]), int(match[4])
    elif pattern is _WORDY:
        day, month, year = int(match[1]), _month(match[2]), int(match[3])
    else:
        day, month, year = int(match[2]), _month(match[1]), int(match[3])
    if year < 100:
        year += 2000 if year < 70 else 1900
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def has_date(text: str) -> bool:
    """Whether it says when, or that nobody knows when. A date of birth is not when it was made."""
    if any(not date.born for date in find(text)):
        return True
    rest = without_dates(text)
    return any(pattern.search(rest) for pattern in (_MONTH_YEAR, _SHORT, _YEAR, _UNDATED, _MISSPELT))


def without_dates(text: str) -> str:
    """The text with its full dates blotted out."""
    for date in find(text):
        text = text[: date.start] + " " * (date.end - date.start) + text[date.end :]
    return text


def impossible(text: str, today: dt.date) -> list[str]:
    """Dates and times that can't be: no such day, only days to come, no such hour, a range that runs backwards."""
    dates = [date for date in find(text) if not date.born]
    wrong = [date.text for date in dates if date.day is None or not 1850 < date.day.year < today.year + 20]
    days = [date for date in dates if date.day is not None]
    if days and all(date.day > today for date in days if date.day):
        wrong += [date.text for date in days]
    wrong += [f"{a.text} to {b.text}" for a, b in _pairs(days) if _RANGE.match(text[a.end : b.start]) and _backwards(text, a, b)]
    wrong += [match.group() for match in _MISSPELT.finditer(without_dates(text)) if _looks_wrong(match, today)]
    wrong += [match.group() for match in _TIME.finditer(text) if not _is_time(match[1], match[2], match[3] or "0")]
    wrong += [match.group() for match in _HOURS.finditer(text) if not _is_time(match[1], match[2], "0")]
    return list(dict.fromkeys(wrong))


def _pairs(days: list[Found]) -> Iterator[tuple[Found, Found]]:
    return itertools.pairwise(days)


def _backwards(text: str, first: Found, second: Found) -> bool:
    between = text[first.end : second.start].lower()
    lead = text[: first.start].lower().rstrip()
    ranged = " and" not in between or lead.endswith("between")
    return ranged and first.day is not None and second.day is not None and second.day < first.day


def _looks_wrong(match: re.Match[str], today: dt.date) -> bool:
    word, year = match[2].lower(), int(match[3])
    near = any(_alike(word, month) for month in MONTHS)
    return near and (int(match[1]) > 31 or year > today.year + 1 or not _MONTH_YEAR.search(match.group()))


def _alike(word: str, month: str) -> bool:
    """Whether a word is a month with a letter or two wrong."""
    return word[:2] == month[:2] and abs(len(word) - len(month)) <= 2 and len(set(month) - set(word)) <= 1


def _is_time(hours: str, minutes: str, seconds: str) -> bool:
    return (int(hours) < 24 or (int(hours) == 24 and int(minutes) == 0)) and int(minutes) < 60 and int(seconds) < 60


def far(text: str, today: dt.date, offence_from: dt.date | None, years: int = 5) -> list[str]:
    """Dates to ask about: more than so many years before the offence (before today, where none is known: 30)."""
    earliest = _years_before(offence_from, years) if offence_from else _years_before(today, 30)
    days = [date for date in find(text) if date.day and not date.born]
    return [date.text for date in days if date.day and date.day < earliest]


def _years_before(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year - years, day=min(day.day, 28))
