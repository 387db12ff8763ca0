"""The case's own people: every form of a known name, and known addresses, phones, e-mails and dates of birth."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from redaction.engine.detect.patterns import DATE
from redaction.engine.detect.text import digits, plain
from redaction.engine.shapes import Person, Span

# Forenames that are words too: alone, they must begin with a capital inside a sentence.
_ALSO_WORDS = {
    "amber", "april", "art", "august", "autumn", "bill", "brown", "black", "white", "green", "gray", "grey", "young", "long",
    "carol", "chase", "chance", "charity", "daisy", "dawn", "dean", "drew", "faith", "field", "frank", "grace", "grant", "guy",
    "hall", "harry", "heath", "hill", "holly", "hope", "ivy", "jack", "jade", "joy", "june", "king", "knight", "lane", "lily",
    "marsh", "mark", "may", "miles", "moss", "nick", "olive", "page", "park", "parker", "pat", "pearl", "penny", "pope", "poppy",
    "price", "reed", "rich", "rob", "robin", "rose", "ruby", "sandy", "skip", "sky", "summer", "sue", "terry", "victor", "ward",
    "waters", "west", "will", "wood", "woods", "day", "bell", "banks", "bush", "cook", "baker", "butler", "carter", "mason",
}  # fmt: skip
_TITLES = re.compile(r"^(?:mr|mrs|ms|miss|mx|dr|prof|rev|sir|lady)\.?\s+", re.IGNORECASE)
# Between two parts of a name: a space, a comma, a line break, a full stop after an initial.
_GAP = r"(?:\s*,\s*|\.?\s{1,3}|\.|-\n?)"
_BREAK = r"(?:-\n)?"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a name. Without `any_case` it must begin with a capital."""

    pattern: re.Pattern[str]
    rule: str
    any_case: bool = True


def find(text: str, people: Iterable[Person]) -> Iterator[Span]:
    """Spans of every known person in a plain text."""
    for person in people:
        source = "person" if person.ref else "field"
        for form in _names(person.names, person.aliases):
            for match in form.pattern.finditer(text):
                if form.any_case or match[0][0].isupper():
                    yield Span(match.start(), match.end(), person.code, source, form.rule, person.ref)
        yield from _contacts(text, person)


@lru_cache(maxsize=512)
def _names(names: tuple[str, ...], aliases: tuple[str, ...]) -> list[Form]:
    forms: list[Form] = []
    for name in names:
        forms += _forms(name)
    for alias in aliases:
        parts = _parts(alias)
        if parts:
            forms.append(Form(_whole(_GAP.join(map(_spelt, parts))), "name.alias", _is_safe(parts)))
    return forms


def _forms(name: str) -> list[Form]:
    """Full in either order, with initials, a part alone, the initials alone."""
    parts = _parts(name)
    if not parts:
        return []
    first, middle, last = parts[0], parts[1:-1], parts[-1]
    forms: list[Form] = []
    if len(parts) > 1:
        given = _or_initial(first) + "".join(f"(?:{_GAP}{_or_initial(part)})?" for part in middle)
        forms.append(Form(_whole(f"{given}{_GAP}{_spelt(last)}"), "name.full"))
        forms.append(Form(_whole(rf"{_spelt(last)}(?:\s*,\s*|\s{{1,3}}){given}"), "name.reversed"))
        if middle:
            forms.append(Form(_whole(_GAP.join(map(_spelt, [first, *middle]))), "name.given"))
        # Initials are a name only in capitals, and not where they make an exhibit reference or a longer word.
        letters = [part[0].upper() for part in parts]
        for run in {tuple(letters), (letters[0], letters[-1])}:
            dotted = r"\.?\s?".join(map(re.escape, run))
            forms.append(Form(re.compile(rf"(?<![\w/.-]){dotted}(?![\w/-])\.?"), "name.initials"))
    singles = [(first, "name.first"), *((part, "name.middle") for part in middle)]
    if len(parts) > 1:
        singles.append((last, "name.last"))
        singles += [(half, "name.last") for half in last.split("-") if "-" in last]
    for part, rule in singles:
        if len(part) > 1:
            forms.append(Form(_whole(_spelt(part)), rule, _is_safe([part])))
    return forms


def _parts(name: str) -> list[str]:
    bare = _TITLES.sub("", plain(name).strip())
    if "," in bare:  # SURNAME, Forename
        last, _, given = bare.partition(",")
        bare = f"{given} {last}"
    return [part.strip(".'\"()") for part in bare.split() if part.strip(".'\"()")]


def _is_safe(parts: list[str]) -> bool:
    return len(parts) > 1 or (parts[0].lower() not in _ALSO_WORDS and len(parts[0]) > 2)


def _spelt(part: str) -> str:
    """A part of a name that may be broken over a line anywhere; an apostrophe or hyphen in it may be missing."""
    letters = []
    for letter in part:
        if letter == "'":
            letters.append("'?")
        elif letter == "-":
            letters.append(r"[-\s]?\n?")
        else:
            letters.append(re.escape(letter))
    return _BREAK.join(letters)


def _or_initial(part: str) -> str:
    return rf"(?:{_spelt(part)}|{re.escape(part[0])})"


def _whole(pattern: str) -> re.Pattern[str]:
    """As whole words, in any case; a plural or possessive s without apostrophe belongs to the name."""
    return re.compile(rf"(?<![A-Za-z0-9]){pattern}(?:s(?![A-Za-z]))?(?![A-Za-z0-9])", re.IGNORECASE)


def _contacts(text: str, person: Person) -> Iterator[Span]:
    source = "person" if person.ref else "field"
    for pattern, code, rule in _known_things(person):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), code, source, rule, person.ref)
    if person.dob:
        yield from _birthdays(text, person, source)


@lru_cache(maxsize=512)
def _known_things(person: Person) -> list[tuple[re.Pattern[str], str, str]]:
    things = [(pattern, "TEL", "known.phone") for phone in person.phones if (pattern := _phone(phone))]
    things += [(pattern, "ADDR", "known.address") for address in person.addresses for pattern in _address(address)]
    things += [(_as_written(email), "EML", "known.email") for email in person.emails if email.strip()]
    if len(digits(person.nhs)) == 10:
        spaced = r"[\s-]{0,2}".join(digits(person.nhs))
        things.append((re.compile(rf"(?<!\d){spaced}(?!\d)"), "NHS", "known.nhs"))
    things += [(_as_written(thing), "OTH", "known.other") for thing in person.other if thing.strip()]
    return things


def _as_written(thing: str) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, plain(thing).split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _phone(phone: str) -> re.Pattern[str] | None:
    """The number in every spacing, with the national 0, with the country code, or without either."""
    number = digits(phone)
    for prefix in ("0044", "44", "0"):
        if number.startswith(prefix):
            number = number[len(prefix) :]
            break
    if len(number) < 6:
        return None
    gap = r"[\s().-]{0,3}"
    prefix = rf"(?:(?:\+\s?44|0044){gap}(?:\(?0\)?{gap})?|\(?0{gap})?"
    return re.compile(rf"(?<!\d){prefix}{gap.join(number)}(?!\d)")


def _address(address: str) -> list[re.Pattern[str]]:
    """The whole, however it is broken; its first line alone; its postcode alone."""
    words = re.findall(r"[\w']+", plain(address))
    forms = []
    if len(words) > 1:
        forms.append(r"[\s,.-]{1,4}".join(map(re.escape, words)))
    first_line = re.findall(r"[\w']+", plain(address).split(",")[0])
    if len(first_line) > 1:
        forms.append(r"[\s,.-]{1,4}".join(map(re.escape, first_line)))
        street = [word for word in first_line if not any(letter.isdigit() for letter in word)]
        if len(street) > 1:
            forms.append(r"\s{1,3}".join(map(re.escape, street)))
    for postcode in re.findall(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", plain(address)):
        forms.append(rf"{re.escape(postcode[:-3].strip())}\s{{0,2}}{re.escape(postcode[-3:])}")
    return [re.compile(rf"(?<!\w){form}(?!\w)", re.IGNORECASE) for form in forms]


def _birthdays(text: str, person: Person, source: str) -> Iterator[Span]:
    try:
        born = date.fromisoformat(person.dob)
    except ValueError:
        return
    for match in re.finditer(DATE, text, re.IGNORECASE | re.VERBOSE):
        if _is_date(match[0], born):
            yield Span(match.start(), match.end(), "DOB", source, "known.dob", person.ref)


def _is_date(text: str, born: date) -> bool:
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    month = re.search(r"[a-z]{3,}", text.lower().replace("of", ""))
    years = (born.year, born.year % 100)
    if len(numbers) == 3:
        return (numbers[0] == born.day and numbers[1] == born.month and numbers[2] in years) or numbers == [
            born.year,
            born.month,
            born.day,
        ]
    if len(numbers) == 2 and month:
        return numbers[0] == born.day and numbers[1] in years and born.strftime("%b").lower() in text.lower()
    return False
