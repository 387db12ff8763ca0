"""Names and addresses by rules and models together, and what of a model's word is believed."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from redaction.engine.detect import lists, models, names
from redaction.engine.detect.models import Found
from redaction.engine.shapes import Span

SURE, DOUBTFUL = 0.5, 0.2
_GAP = re.compile(r"[ ]?['.-]?[ \n]?$")
_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*")
# A word of a car's name is nobody's
_MAKES = re.compile(
    r"\b(?:Audi|BMW|Ford|Skoda|Seat|VW|Volkswagen|Vauxhall|Mercedes|Toyota|Nissan|Honda|Kia|Hyundai|Peugeot|Renault|Citroen|Fiat|Volvo|Mazda|Land|Dacia"
    r"|Tesla|Suzuki|Lexus|Jaguar)[ ][A-Z]?[a-z]*$|\b(?:Skoda|Vauxhall|Volkswagen|Toyota|Nissan|Hyundai|Peugeot|Renault|Citroen)\b",
    re.IGNORECASE,
)
_CONTEXT, _READ_AT_ONCE, _LONGEST = 480, 4000, 300


def find(cased: str, known: Iterable[Span]) -> Iterator[Span]:
    """What the models add, in a plain text whose capitals are set, to spans that rules have found or said must stay.

    They cost a hundred times what rules do, so they read only the sentences where a word is left that could be a name.
    """
    capital, small = _doubtful(cased, known)
    for found in models.entities(_pieces(cased, capital, _READ_AT_ONCE)):
        yield from _person(cased, found)
    yield from _classified(cased, models.tokens(_pieces(cased, sorted({*capital, *small}), _CONTEXT)))


_CANDIDATE = re.compile(r"(?<![A-Za-z0-9@])(?:\d{1,4}[A-Za-z]?,? (?=[A-Z][a-z]))?[A-Za-z]{2,}(?:['-][A-Za-z]+)*(?![A-Za-z0-9@])")


def _doubtful(cased: str, known: Iterable[Span]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The sentences with a capitalised word that might be a name nobody has found yet, and those with another such word."""
    covered = bytearray(len(cased))
    for span in known:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    capital: list[int] = []
    small: list[int] = []
    for match in _CANDIDATE.finditer(cased):
        if covered[match.end() - 1]:
            continue
        word = match[0]
        if word[0].isdigit():
            capital.append(match.start())
        elif word[0].isupper():
            if _may_be_name(word):
                capital.append(match.start())
        elif _may_be_small_name(word):
            small.append(match.start())
    return _around(cased, capital), _around(cased, small)


@lru_cache(maxsize=65536)
def _may_be_name(word: str) -> bool:
    small = names.base(word)
    if small in names._ALONE_NEVER or names._TITLE.fullmatch(word):
        return False
    if small in lists.words() and small not in lists.forenames() and small not in lists.surnames():
        return False
    return not (word.isupper() and len(word) < 5 and small not in lists.forenames() and small not in lists.surnames())


@lru_cache(maxsize=65536)
def _may_be_small_name(word: str) -> bool:
    small = names.base(word)
    return len(small) > 2 and small not in lists.words() and small not in lists.places() and small not in names._ALONE_NEVER


def _around(cased: str, places: list[int]) -> list[tuple[int, int]]:
    """The sentences that hold these places."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and place < found[-1][1]:
            continue
        low = found[-1][1] if found else 0
        start = max(
            low,
            place - _LONGEST,
            cased.rfind("\n", low, place) + 1,
            cased.rfind(". ", low, place) + 2 if ". " in cased[low:place] else low,
        )
        ends = [end for sign in ("\n", ". ") if (end := cased.find(sign, place, place + _LONGEST)) >= 0]
        found.append((start, min(ends) + 1 if ends else min(len(cased), place + _LONGEST)))
    return found


def _pieces(text: str, sentences: Iterable[tuple[int, int]], size: int) -> Iterator[models.Piece]:
    """Sentences that stand near each other read together, up to a number of letters."""
    parts: list[tuple[int, int]] = []
    length = 0
    for first, end in sentences:
        start = max(first, parts[-1][1]) if parts else first
        if end <= start:
            continue
        if parts and length + end - start > size:
            yield models.Piece.of(text, parts)
            parts, length = [], 0
        parts.append((start, end))
        length += end - start
    if parts:
        yield models.Piece.of(text, parts)


def _person(cased: str, found: Found) -> Iterator[Span]:
    """A person of spaCy's, less what can't belong to a name at either end; nothing, if nothing is left."""
    words = list(_WORD.finditer(cased, found.start, found.end))
    while words and not _credible(words[0]):
        words = words[1:]
    while words and not _credible(words[-1]):
        words = words[:-1]
    if not words or any(letter.isdigit() for letter in cased[words[0].start() : words[-1].end()]):
        return
    if names._STREET_AFTER.match(cased, words[-1].end()):
        return
    if _MAKES.search(cased[max(0, words[0].start() - 14) : words[0].end()]):
        return
    small = [names.base(word[0]) for word in words]
    if all(word in lists.words() and word not in lists.forenames() for word in small):
        return
    if len(words) == 1 and (small[0] in lists.places() or (words[0][0].isupper() and len(small[0]) < 6)):
        return
    if (
        len(words) == 1
        and small[0] in lists.words()
        and names._SENTENCE_START.search(cased[max(0, words[0].start() - 9) : words[0].start()])
    ):
        return
    end = words[-1].end()
    if cased[end - 2 : end] in ("'s", "'S"):
        end -= 2
    yield Span(words[0].start(), end, "TPN", "model", f"model.{found.model}")


def _credible(word: re.Match[str]) -> bool:
    text = word[0]
    if not text[0].isupper() or names._TITLE.fullmatch(text):
        return False
    small = names.base(text)
    if small in names._ALONE_NEVER:
        return False
    if text.isupper() and 1 < len(text) < 5 and small not in lists.forenames() and small not in lists.surnames():
        return False
    return small not in lists.words() or small in lists.forenames() or small in lists.surnames()


def _classified(cased: str, found: Iterable[Found]) -> Iterator[Span]:
    for kind, run in _runs(cased, found):
        start, end = run[0].start, run[-1].end
        if kind == models.NAMES:
            if any(_is_name(cased, word) for word in run):
                yield Span(start, end, "TPN", "model", "model.rampart")
        elif _is_street(cased[start:end]) and any(word.score >= SURE for word in run):
            yield Span(start, end, "ADDR", "model", "model.rampart")


def _runs(cased: str, found: Iterable[Found]) -> Iterator[tuple[str, list[Found]]]:
    """Words of one kind that follow each other, each credible in itself."""
    run: list[Found] = []
    for word in sorted(found, key=lambda f: (f.kind, f.start, -f.score)):
        if run and word.kind == run[-1].kind and word.start < run[-1].end:
            continue  # the overlap of two pieces
        if word.kind == models.NAMES and not _believed(cased, word):
            continue
        if word.kind == models.PLACES and word.score < SURE:
            continue
        gap = cased[run[-1].end : word.start] if run else ""
        joined = run and word.kind == run[-1].kind and _belong(gap, run[-1])
        if run and not joined:
            yield run[0].kind, run
            run = []
        run.append(word)
    if run:
        yield run[0].kind, run


def _belong(gap: str, before: Found) -> bool:
    """Whether what stands between two words of a kind leaves them together."""
    if before.kind == models.PLACES:
        return re.match(r",?\s{0,2}$", gap) is not None
    return _GAP.match(gap) is not None and ("." not in gap or before.end - before.start == 1)


def _believed(cased: str, word: Found) -> bool:  # noqa: PLR0911 (a list of reasons)
    """A word of a name must have a capital and be no common word, or be a name that the lists know."""
    text = cased[word.start : word.end]
    if not text[0].isalpha() or names._TITLE.fullmatch(text):
        return False
    small = names.base(text)
    if small in names._ALONE_NEVER or small in ("i", "n", "u"):
        return False
    common = small in lists.words()
    if len(small) < 3 and not text[0].isupper():
        return False
    if text[0].isupper():
        if common and small not in lists.forenames() and small not in lists.surnames():
            return False
        if common and names._SENTENCE_START.search(cased[max(0, word.start - 9) : word.start]):
            return word.score >= 0.9
        return word.score >= (SURE if common or small in lists.places() or (text.isupper() and len(small) < 5) else DOUBTFUL)
    return not common and small not in lists.places() and word.score >= (SURE if small in lists.forenames() else 0.85)


def _is_name(cased: str, word: Found) -> bool:
    if word.end - word.start < 2:
        return False
    small = names.base(cased[word.start : word.end])
    if names._STREET_AFTER.match(cased, word.end):
        return False
    return not (small in lists.places() and names._BEFORE_PLACE.search(cased[max(0, word.start - 20) : word.start]))


def _is_street(text: str) -> bool:
    return bool(re.match(r"[1-9]", text)) and len(re.findall(r"[A-Za-z]{3,}", text)) > 0 and not re.match(r"\d[\d\s./:-]*$", text)
