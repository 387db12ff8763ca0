"""What a place says, for people from the vault and for matching as a keyed hash: no row of the database holds a word.

Equal words of a case have equal hashes, so that they are decided together and remembered; without the key nobody can try words
against them, and those of two cases can't be compared. After a change of keys, what is proposed later is grouped apart from what
was proposed before.
"""

import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

import vault
from redaction.engine.detect.text import plain
from redaction.engine.shapes import Box
from redaction.engine.shapes import Page as PageWords
from redaction.models import Page
from vault.errors import VaultError

_EDGES = " \t\n.,;:!?\"'()[]<>*-/"
_POSSESSIVE = re.compile(r"'s$")


def normalised(words: str) -> str:
    """Words as they are compared: case, accents, spaces, edges and a possessive don't count, nor how digits are grouped."""
    flat = " ".join(plain(words).casefold().split()).strip(_EDGES)
    flat = _POSSESSIVE.sub("", flat).strip(_EDGES)
    if any(letter.isalpha() for letter in flat):
        return flat
    return re.sub(r"\D", "", flat)


def said(case_id: uuid.UUID, words: str) -> str:
    """The keyed hash (HMAC-SHA-256, hexadecimal) of what these words say in this case; empty where they say nothing."""
    flat = normalised(words)
    if not flat:
        return ""
    key = hmac.digest(settings.IDENTITY_KEYS[0], b"redaction: words of case " + case_id.bytes, hashlib.sha256)
    return hmac.new(key, flat.encode(), hashlib.sha256).hexdigest()


def mark(case_id: uuid.UUID, proposals: Iterable[dict[str, Any]], folder: Path) -> None:
    """Give each proposal of the engine its hash as `said`; the words of page N are in the folder's `page-N.json`."""
    texts: dict[int, str] = {}
    for proposal in proposals:
        page, start = proposal["page"], proposal["start"]
        if page not in texts:
            texts[page] = json.loads((folder / f"page-{page}.json").read_text())["text"]
        proposal["said"] = said(case_id, texts[page][start : proposal["end"]]) if start is not None else ""


def page_words(page: Page) -> PageWords | None:
    """A page's words with the place of each letter, out of the vault; None where it has none or the vault doesn't answer.

    Only for whoever holds a ticket to read the document's source.
    """
    if not page.has_text or not page.text_key:
        return None
    try:
        return PageWords.from_data(json.loads(b"".join(vault.store().read(page.text_key, page.text_version))))
    except VaultError:
        return None  # the boxes can still be judged by the picture


def text_of(page: Page) -> str:
    """Its words alone."""
    words = page_words(page)
    return words.text if words else ""


def under(words: PageWords, boxes: Iterable[Iterable[float]]) -> str:
    """The words whose letters stand with their middle in one of these boxes."""
    areas = [Box(*box) for box in boxes]
    found: list[str] = []
    for letter, box in zip(words.text, words.boxes, strict=False):
        if box is not None and any(area.contains(box.centre) for area in areas):
            found.append(letter)
        elif found and not found[-1].isspace() and (box is None or letter.isspace()):
            found.append(" ")
    return "".join(found).strip()
