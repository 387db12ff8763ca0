"""A text made plain for matching, with the way back: a plain text's offsets are told in the original's."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_PLAIN = {
    "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u2009": " ", "\u2028": "\n", "\u2029": "\n", "\u0085": "\n",
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201b": "'", "\u2032": "'", "\u201c": '"', "\u201d": '"',
    "\u00ad": "", "\u2022": "*", "\u00b7": ".", "\u00b4": "'",
    "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE",
}  # fmt: skip
# Letters of other alphabets that look like Latin ones
_ALIKE = str.maketrans("АВЕЅІЈКМНОРСТУХаеоісѕјрухһԁԛԝӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι", "ABESIJKMHOPCTYXaeoicsjpyxhdqwlABEZHIKMNOPTYXovi")
_OTHER_LETTER = re.compile(r"[\u0370-\u052f]")
_WORD = re.compile(r"[^\W\d_]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_ALIKE_LETTERS = {chr(code) for code in _ALIKE}


@dataclass(frozen=True, slots=True)
class View:
    """A text derived from another: `back[i]` is where its letter i stood; None where all letters kept their places."""

    text: str
    length: int
    back: tuple[int, ...] | None = None

    def there(self, start: int, end: int) -> tuple[int, int]:
        """A span of this text as a span of the other; what vanished right behind its last letter belongs to it."""
        if self.back is None:
            return start, end
        after = self.back[end] if end < len(self.back) else self.length
        last = self.back[end - 1]
        # a ligature stands for several letters here: its whole place is taken
        return self.back[start], max(after, last + 1) if after > last else last + 1


def plain(text: str) -> str:
    """The text in the plainest letters it stands for: accents, ligatures and look-alikes resolved, invisible signs gone."""
    return view(text).text


def view(text: str) -> View:
    """`plain`, with the way back."""
    if text.isascii():
        return View(text.replace("\t", " ").replace("\r", " "), len(text))
    alike = (_WORD.sub(_latin, text) if _OTHER_LETTER.search(text) else text).replace("\t", " ").replace("\r", " ")
    return replaced(alike, _NOT_ASCII, lambda match: _plain_letter(match[0]))


def replaced(text: str, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> View:
    """The text with each match replaced. Letters of a replacement of another length all stand at the match's start."""
    parts: list[str] = []
    moved: list[tuple[int, int, int]] = []  # where in the text, its length there, its length here
    last = 0
    for match in pattern.finditer(text):
        put = new(match)
        parts += (text[last : match.start()], put)
        last = match.end()
        if len(put) != match.end() - match.start():
            moved.append((match.start(), match.end() - match.start(), len(put)))
    parts.append(text[last:])
    made = "".join(parts)
    if not moved:
        return View(made, len(text))
    back: list[int] = []
    last = 0
    for start, there, here in moved:
        back.extend(range(last, start))
        back.extend(start + min(step, there - 1) for step in range(here))
        last = start + there
    back.extend(range(last, len(text)))
    return View(made, len(text), tuple(back))


def _latin(match: re.Match[str]) -> str:
    """A word with Greek or Cyrillic letters in Latin ones, if it has Latin letters too or could be read as all Latin."""
    word = match[0]
    others = [letter for letter in word if "\u036f" < letter < "\u0530"]
    if not others:
        return word
    if len(others) < len(word) or all(letter in _ALIKE_LETTERS for letter in others):
        return word.translate(_ALIKE)
    return word


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    if letter in _PLAIN:
        return _PLAIN[letter]
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return ""
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return bare if bare.isascii() and bare.strip() else letter


def digits(text: str) -> str:
    """The decimal digits of a text."""
    return re.sub(r"\D", "", text)
