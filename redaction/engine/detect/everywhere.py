"""Once found, found everywhere: the parts of every name found or known, their short forms and misspellings, wherever they stand."""

import re
from collections.abc import Iterable, Iterator

from redaction.engine.detect import lists, names
from redaction.engine.detect.recase import MONTHS
from redaction.engine.detect.text import digits, plain
from redaction.engine.shapes import Person, Span

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?(?:-\n?[A-Za-z]+)*")
_INITIALS = re.compile(r"(?<![A-Za-z/'.-])(?:(?:[A-Z]\.[ ]?){1,3}|(?:[A-Z][ ](?:&[ ])?){2,3}|[B-HJ-Z][ ]|[A-Z]-[A-Z][ ])$")
_PART = re.compile(r"[A-Za-z]+(?:'[A-Za-z]{2,})?")
_TITLE = re.compile(rf"(?:{names.TITLES})$", re.IGNORECASE)


_MOST_THINGS = 1000


class Terms:
    """Names to look for, by part. A part keeps the code and person of whoever came first with it."""

    def __init__(self) -> None:
        self._parts: dict[str, Span] = {}
        self._by_size: dict[int, set[str]] = {}
        self._shorts: dict[str, str] = {}
        self._things: dict[str, tuple[re.Pattern[str], Span]] = {}

    def __bool__(self) -> bool:
        return bool(self._parts or self._things)

    def add_thing(self, words: str, like: Span, most: int = _MOST_THINGS) -> None:
        """A number, address or handle, to be found in every spacing, under the code and source of a span."""
        flat = plain(words).casefold()
        if any(map(str.isalpha, flat)):
            parts, gap = re.findall(r"[\w@.+'-]*\w", flat), r"[\s,.-]{1,3}"
        else:
            parts, gap = list(digits(flat)), r"[\s().-]{0,3}"
        if sum(map(len, parts)) < 5 or len(self._things) >= most:
            return
        key = " ".join(parts)
        if key not in self._things:
            pattern = re.compile(rf"(?<!\w){gap.join(map(re.escape, parts))}(?!\w)", re.IGNORECASE)
            self._things[key] = (pattern, like)

    def add(self, name: str, like: Span) -> None:
        """The parts of a name (plain letters) under the code, source and person of a span."""
        given = True
        for match in _PART.finditer(name.replace("-\n", "")):
            part = match[0].lower()
            if part.endswith("'s"):
                part = part[:-2]
            if _TITLE.match(part) or len(part) < 3 or part in MONTHS:
                continue
            if part in lists.frequent() and part not in lists.forenames() and part not in lists.surnames():
                continue
            self._parts.setdefault(part, like)
            self._by_size.setdefault(len(part), set()).add(part)
            if given:
                for short in lists.nicknames().get(part, ()):
                    self._shorts.setdefault(short, part)
            given = False

    def add_people(self, people: Iterable[Person]) -> None:
        """The names of known people."""
        for person in people:
            for name in (*person.names, *person.aliases):
                source = "person" if person.ref else "field"
                self.add(plain(name), Span(0, 0, person.code, source, "everywhere", person.ref))

    def find(self, text: str, cased: str) -> Iterator[Span]:
        """Where they stand in a plain text; `cased` is the same with its capitals set (`recase.recased`)."""
        for pattern, like in self._things.values():
            for match in pattern.finditer(text):
                yield Span(match.start(), match.end(), like.code, like.source, like.rule)
        if not self._parts:
            return
        for match in _WORD.finditer(text):
            word = match[0]
            if word.endswith(("'s", "'S")):
                word = word[:-2]
            found = self._found(word, match.start(), text, cased)
            if found:
                initials = _INITIALS.search(text, max(0, match.start() - 9), match.start())
                start = initials.start() if initials and word[0].isupper() else match.start()
                yield Span(start, match.start() + len(word), found[0].code, found[0].source, found[1], found[0].person)
                continue
            if "-" in word:
                for half in _PART.finditer(word):
                    start = match.start() + half.start()
                    found = self._found(half[0], start, text, cased, half=True)
                    if found:
                        yield Span(start, start + len(half[0]), found[0].code, found[0].source, found[1], found[0].person)

    def _found(self, word: str, start: int, text: str, cased: str, *, half: bool = False) -> tuple[Span, str] | None:
        small = word.lower().replace("-\n", "").replace("-", "") if "\n" in word else word.lower()
        end = start + len(word)
        if small in self._parts:
            return (self._parts[small], "everywhere") if self._may_stand(small, start, end, text, cased) else None
        if len(small) < 3 or half or small in lists.words():
            return None
        if small.endswith("s") and small[:-1] in self._parts and small[:-1] not in lists.words():
            return self._parts[small[:-1]], "everywhere.possessive"
        if small in self._shorts:
            return self._parts[self._shorts[small]], "everywhere.short"
        if small in lists.places():
            return None
        return self._misspelt(small)

    def _may_stand(self, small: str, start: int, end: int, text: str, cased: str) -> bool:
        """A name that is a word too needs a capital inside a sentence, or something that only a person does."""
        if small not in lists.words() and small not in lists.places():
            return True
        if small in lists.places() and small not in lists.words() and not cased[start].isupper():
            return not _has_capitals(text, start)
        if names._STREET_AFTER.match(text, end):
            return False
        beside = _WORD.match(text, end + 1) if text.startswith(" ", end) else None
        if beside and cased[start].isupper() and beside[0].lower() in self._parts and beside[0].lower() not in lists.words():
            return True
        does = bool(names._DOES.match(cased, end)) or cased.startswith("'s", end)
        if not cased[start].isupper():
            return (does and text[start:end].isupper()) or _addressed(text, start, end)
        at_start = bool(names._SENTENCE_START.search(cased[max(0, start - 40) : start]))
        return does or not at_start

    def _misspelt(self, small: str) -> tuple[Span, str] | None:
        allowed = 0 if len(small) < 5 else 1 if len(small) < 9 else 2
        if not allowed:
            return None
        if small in lists.forenames() or small in lists.surnames():
            return None
        for size in range(len(small) - allowed, len(small) + allowed + 1):
            for part in self._by_size.get(size, ()):
                if len(part) > 4 and part[0] == small[0] and distance(part, small, allowed) <= allowed:
                    return self._parts[part], "everywhere.misspelt"
        return None


_SAID = re.compile(r"(?:^|[:\n>?!.,]|\u2026|- )[\"'(]?\s*$")
_TO = re.compile(r"\b(?:to|with|w|told|tell|ask|asked|is this|bout|about|hi|hey|love|from|miss|n|and)\s$", re.IGNORECASE)
_ALONE = re.compile(r"'?s?\s?[?!.,x]*\s*(?:\n|$)|\s?[^\w\s,.;:'\"()/-]")
_VOCATIVE = re.compile(
    r",?\s+(?:hun|babes?|bro|bruv|mate|darling|im|i'm|u|pls|please|who|where|whats|aswell|x+)\b|[?!]", re.IGNORECASE
)
_CLOSES = re.compile(r"\s*(?:[?!.,\n]|$)|'s\b|\s+(?:n|and|too|as ?well|tho|cos|that|x+)\b", re.IGNORECASE)


def _addressed(text: str, start: int, end: int) -> bool:
    """Whether a message without capitals speaks to somebody, or of them, by a name that is a word too: "hope?", "told summer"."""
    before, after = text[max(0, start - 30) : start], text[end : end + 20]
    small = not any(map(str.isupper, text[end : end + 40].partition("\n")[0]))
    if _SAID.search(before):
        if _ALONE.match(after) and not before.rstrip().endswith(","):
            return True
        return small and bool(
            _VOCATIVE.match(after) or (names._DOES.match(after) and not names._PLAIN_VERB.match(after) and text[start].islower())
        )
    return small and bool(_TO.search(before) and (_CLOSES.match(after) or _ALONE.match(after)))


def _has_capitals(text: str, place: int) -> bool:
    """Whether the line there has any capital: in a chat without them a name has none either."""
    end = text.find("\n", place)
    line = text[text.rfind("\n", 0, place) + 1 : end if end >= 0 else len(text)]
    return line != line.lower()


def distance(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, added or swapped with the next; anything over `most` is `most + 1`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return last[-1]
