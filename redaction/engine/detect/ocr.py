"""What a scanner misread, put right for matching: 0 for o, 1 for l, rn for m, with the way back."""

import re

from redaction.engine.detect import lists
from redaction.engine.detect.text import View, replaced

_MIXED = re.compile(r"(?<![\w@./:-])[A-Za-z0-9]+(?:['-][A-Za-z0-9]+)*(?![\w@])")
_LETTER = str.maketrans("0145", "olas")
_DIGIT = str.maketrans("OoQIl|SBZ", "000111582")
_RN = re.compile(r"rn")


def is_noisy(text: str) -> bool:
    """Whether a text looks scanned and misread: several words with a digit inside, or with rn where only m makes a word."""
    seen = 0
    for match in re.finditer(r"\b(?:[A-Za-z]{2,}[01][a-z]+|[01][a-z]{3,}|[a-z]*rn[a-z]*|\d+[OlI]\d+|[OI]\d[\dOl]{3,})\b", text):
        word = match[0].lower()
        seen += _repaired(word) is not None if word.isalpha() else 1
        if seen >= 3:
            return True
    return False


def clean(text: str) -> View:
    """The text with such words put right; a word that is a word as it stands is left alone."""
    return replaced(text, _MIXED, _mended)


def _mended(match: re.Match[str]) -> str:  # noqa: PLR0911 (a list of cases)
    word = match[0]
    letters = sum(letter.isalpha() for letter in word)
    digits = len(word) - letters
    if digits and letters:
        if digits >= letters:
            made = word.translate(_DIGIT)
            return made if made.isdigit() and len(made) > 2 else word
        if not re.search(r"[^OoQIl|SBZ\d]", word) and len(word) > 2:
            return word.translate(_DIGIT)
        made = word.translate(_LETTER)
        if not made.replace("'", "").replace("-", "").isalpha():
            return word
        if word[0].isdigit() or word[1:2].isupper():
            made = made.upper() if word.upper() == word else made[0].upper() + made[1:]
        return _rn(made)
    if letters and word[0] == "I" and len(word) > 2 and word[1:].islower() and _base("l" + word[1:]) in lists.words():
        return "l" + word[1:]
    if letters and 3 <= len(word) <= 6 and not re.search(r"[^OIl]", word):
        return word.translate(_DIGIT)
    return _rn(word)


def _rn(word: str) -> str:
    repaired = _repaired(word.lower())
    if repaired is None:
        return word
    if word.isupper():
        return repaired.upper()
    return word[0] + repaired[1:] if word[0].islower() == repaired[0].islower() else repaired[0].upper() + repaired[1:]


def _repaired(small: str) -> str | None:
    """The word with m for rn if that makes a word or name and the word as it stands is neither."""
    if "rn" not in small or _known(small):
        return None
    for pattern in ("rn", None):
        made = small.replace("rn", "m") if pattern else _RN.sub("m", small, count=1)
        if _known(made) or (pattern and len(made) > 8):
            return made
    return None


def _base(small: str) -> str:
    return small[:-2] if small.endswith("'s") else small


def _known(small: str) -> bool:
    base = _base(small)
    return base in lists.words() or base in lists.forenames() or base in lists.surnames()
