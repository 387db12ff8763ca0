"""Two things that a served schedule must not say: who a complainant is, and what the MG6D says. Compared with the real ones."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from disclosure.lint import dates
from disclosure.lint.catalogue import words

_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(r"\+?\(?\d[\d\s().\-/]{5,}\d")
_STREET = re.compile(
    r"(?i)\b(road|street|lane|avenue|close|drive|way|row|place|court|crescent|terrace|gardens?|grove|hill|walk|square|mews|park|green|rise"
    r"|view|parade|yard|quay|wharf|gate|house|cottage|villas?|mansions|estate|flats?)\b"
)
_POSTCODE = re.compile(r"(?i)\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b")
_FLAT = re.compile(r"(?i)^(flat|apartment|apt|room|unit)\s+\w+$")
# A shorter part of a name is looked for with its capital only: it may be a word
_SHORT = 4
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "the", "and", "van", "der", "de", "la", "el", "al", "bin", "binti", "st"])


# ---- a complainant ---------------------------------------------------------------------------------------------------


def names_a_complainant(text: str, identities: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the words identify one of these people, by name whole or in part, address, number, account or date of birth."""
    return any(_names(text, identity) for identity in identities)


def _names(text: str, identity: Mapping[str, Any]) -> bool:
    plain = _plain(text)
    if any(_occurs(needle, plain) for needle in _phrases(identity)):
        return True
    if any(_part_occurs(part, text) for part in _name_parts(identity)):
        return True
    wanted = {_digits(str(number)) for number in [*(identity.get("phones") or []), identity.get("nhs") or ""]} - {""}
    if wanted and any(_digits(found) in wanted for found in _NUMBER.findall(text)):
        return True
    born = str(identity.get("date_of_birth") or "")
    return bool(born) and any(date.day is not None and date.day.isoformat() == born for date in dates.find(text))


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text.replace("’", "'")).strip().casefold()


def _occurs(needle: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(needle)}(?!\w)", text) is not None


def _phrases(identity: Mapping[str, Any]) -> set[str]:
    """Whole names and accounts, e-mail addresses, workplaces; of an address its street with and without number, and postcode."""
    found = {_plain(str(value)) for key in ("names", "aliases", "emails", "other") for value in identity.get(key) or []}
    found |= {email.split("@")[0] for email in map(_plain, map(str, identity.get("emails") or [])) if len(email.split("@")[0]) > 5}
    found |= {alias.lstrip("@") for alias in map(_plain, map(str, identity.get("aliases") or []))}
    for address in identity.get("addresses") or []:
        found |= _of_address(str(address))
    return {needle for needle in found if len(needle) >= _SHORT}


def _of_address(address: str) -> set[str]:
    found = {_plain(address)}
    for code in _POSTCODE.findall(address):
        joined = re.sub(r"\s+", "", code).casefold()
        found |= {joined, f"{joined[:-3]} {joined[-3:]}"}
    for place, segment in enumerate(re.split(r"[,\n]", _POSTCODE.sub("", address))):
        part = _plain(segment)
        if not part or _FLAT.match(part):
            continue
        if re.match(r"\d", part) or (place == 0 and " " in part):
            found.add(part)
        street = re.sub(r"^(flat|apartment)?\s*\d+\w?\s*[-/]?\s*\d*\w?\s+", "", part)
        if " " in street and _STREET.search(street):
            found.add(street)
    return found


def _name_parts(identity: Mapping[str, Any]) -> set[str]:
    parts = {part for name in identity.get("names") or [] for part in re.split(r"[\s,]+", str(name).replace("’", "'"))}
    parts |= {part for name in identity.get("aliases") or [] for part in re.split(r"[\s,]+", str(name)) if part[:1].isupper()}
    parts |= {half for part in parts for half in part.split("-")}
    return {part for part in parts if len(part) >= 2 and part.casefold() not in _TITLES and not part.endswith(".")}


def _part_occurs(part: str, text: str) -> bool:
    """A long and unusual part in any case; one that is short, or a word as well, with its capital."""
    for found in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", text.replace("’", "'"), re.IGNORECASE):
        word = found.group()
        if len(part) > _SHORT and part.casefold() not in words().names_that_are_words:
            return True
        if word[0].isupper() and not (part.casefold() in words().names_that_are_words and _opens_sentence(text, found.start())):
            return len(part) >= 3 or word.isupper() is part.isupper()
    return False


def _opens_sentence(text: str, start: int) -> bool:
    return re.search(r"(?:^|[.!?:]\s+)$", text[:start]) is not None


def _digits(text: str) -> str:
    """A number without spaces and marks, in its national form."""
    digits = re.sub(r"\D", "", text)
    if digits.startswith("0044"):
        digits = digits[4:]
    elif digits.startswith("44") and len(digits) > 10:
        digits = digits[2:]
    return digits.lstrip("0") if len(digits) >= 7 else ""


# ---- the MG6D --------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[^\W_][\w'’]*(?:[/-][\w'’]+)*")
GIVES_AWAY, COMES_NEAR = 2.0, 1.5


def nearness(text: str, rows: tuple[str, ...], shared: frozenset[str]) -> float:
    """How much the words say of the MG6D row that they say most of: telling words in common, above all side by side.

    From `GIVES_AWAY` on they give it away; from `COMES_NEAR` on one name or number is in both.
    """
    mine = _tokens(text)
    index = _index(rows)
    near = {number for stem, _ in mine if stem not in shared for number in index.get(stem, ())}
    return max((_score(mine, _tokens(rows[number]), shared) for number in near), default=0.0)


@lru_cache(maxsize=8)
def _index(rows: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """In which rows each telling word stands, so that not every row is compared with every description."""
    found: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        for stem in {stem for stem, weight in _tokens(row) if weight}:
            found.setdefault(stem, []).append(number)
    return {stem: tuple(numbers) for stem, numbers in found.items()}


def shared_words(texts: Iterable[str]) -> frozenset[str]:
    """Words that six of these descriptions have, and one in twenty-five: those tell nothing."""
    seen: Counter[str] = Counter()
    count = 0
    for text in texts:
        count += 1
        seen.update({stem for stem, _ in _tokens(text)})
    least = max(6, count // 25)
    return frozenset(stem for stem, times in seen.items() if times >= least)


def _score(mine: tuple[tuple[str, float], ...], theirs: tuple[tuple[str, float], ...], shared: frozenset[str]) -> float:
    telling = {stem: weight for stem, weight in theirs if weight and stem not in shared}
    own = {stem for stem, _ in mine}
    common = {stem for stem in telling if stem in own}
    if not common:
        return 0.0
    score = sum(telling[stem] for stem in common)
    pairs = _pairs(mine) & _pairs(theirs)
    for pair in pairs:
        strength = max(telling.get(stem, 0.0) for stem in pair)
        if strength:
            score += 0.5 if strength < 1 or words().always_there & set(pair) else 1.5
    if len(common) == 1 and not any(common & set(pair) for pair in pairs):
        # One word in common is chance, unless hardly anything else is said there
        return min(score, COMES_NEAR)
    return score


def _pairs(tokens: tuple[tuple[str, float], ...]) -> set[tuple[str, str]]:
    stems = [stem for stem, _ in tokens]
    return {pair for pair in itertools.pairwise(stems) if pair[0] != pair[1]}


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[tuple[str, float], ...]:
    """The words of a text without little ones, by stem, with how telling each is: 0 for what schedules always say."""
    known = words()
    found: list[tuple[str, float]] = []
    for match in _TOKEN.finditer(dates.without_dates(text)):
        token = match.group()
        plain = token.casefold().replace("’", "'").removesuffix("'s")
        if plain in known.stop or plain in known.filler or (plain.isdigit() and len(plain) < 4):
            continue
        role = plain in known.who and plain not in words().everyday
        common = any(plain in group for group in (known.material, known.filler, known.cues, known.unit, known.numbers))
        common = common or plain in words().everyday or plain.isdigit() or plain in dates.MONTHS
        name = token[0].isupper() and match.start() > 0 and not _opens_sentence(text, match.start())
        mixed = any(character.isdigit() for character in token)
        weight = 0.0 if common and not mixed else 0.5 if role else 1.5 if name or mixed else 1.0
        found.append((_stem(plain), weight))
    return tuple(found)


def _stem(word: str) -> str:
    """A word without its ending, roughly: enough to see "watched" in "watching"."""
    for ending in ("ings", "ing", "ies", "ied", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
