"""Which kind of words a file holds, and the words: one text, a paragraph a line."""

import re
from collections.abc import Callable
from pathlib import Path

from redaction.engine.errors import NotThatType, TooLarge
from redaction.engine.flow import mail, outlook, plain, rtf, xml_office
from redaction.engine.kinds import kind_of

MAX_BYTES = 100 * 1024 * 1024

_LINES = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls and halves of surrogate pairs are no letters; spaces of every width are one
_PLAIN = dict.fromkeys([*range(9), *range(14, 32), *range(127, 160), *range(0xD800, 0xE000)]) | {
    ord(space): " " for space in "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
}

_READERS: dict[str, Callable[[Path], str]] = {
    "text": plain.words_of,
    "eml": mail.words_of,
    "msg": outlook.words_of,
    "rtf": rtf.words_of,
    "docx": xml_office.word,
    "pptx": xml_office.powerpoint,
    "odt": xml_office.open_document,
}


def words_of(path: Path) -> str:
    """Every word that the file holds, seen or not: comments, deleted and hidden text are marked as such.

    Raises NotThatType, Encrypted, Damaged or TooLarge.
    """
    if path.stat().st_size > MAX_BYTES:
        raise TooLarge(f"This file is larger than {MAX_BYTES // 1024**2} MB.")
    reader = _READERS.get(kind_of(path))
    if reader is None:
        raise NotThatType("This file has no words that can be set on pages.")
    return _LINES.sub("\n", reader(path)).translate(_PLAIN)
