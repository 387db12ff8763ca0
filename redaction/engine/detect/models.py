"""Models that find names: spaCy's entities and the token classifier Rampart. Loaded once a process, after their hash is checked.

Nothing is fetched: the files come from wheels (requirements-models.txt) or from a folder of the site's own (`REDACTION_MODELS`).
Where a model isn't installed detection goes on without it, and `names()` doesn't name it.
"""

import hashlib
import importlib.util
import os
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from redaction.engine.detect import wordpiece
from redaction.engine.errors import Mismatch

NAMES, PLACES = "name", "place"


class Found(NamedTuple):
    """What a model takes for a name or an address: offsets, which of the two, how sure (0 to 1), by which model."""

    start: int
    end: int
    kind: str
    score: float
    model: str


def names() -> list[str]:
    """Names and versions of the models that are installed."""
    facts = _manifest()
    return [f"{facts[key]['name']} {facts[key]['version']}" for key in ("entities", "tokens") if located(key) is not None]


@dataclass(frozen=True, slots=True)
class Piece:
    """Stretches of a text that are read together, with the way back. A line break parts them."""

    text: str
    begins: tuple[int, ...]  # of each stretch, here
    stood: tuple[int, ...]  # of each stretch, in the whole text

    @classmethod
    def of(cls, whole: str, parts: list[tuple[int, int]]) -> "Piece":
        """The stretches (start, end) of a text."""
        texts: list[str] = []
        begins: list[int] = []
        stood: list[int] = []
        length, last = 0, -1
        for start, end in parts:
            if start != last:  # else it goes on from the one before
                if texts and not texts[-1].endswith("\n"):
                    texts.append("\n")
                    length += 1
                begins.append(length)
                stood.append(start)
            texts.append(whole[start:end])
            length += end - start
            last = end
        return cls("".join(texts), tuple(begins), tuple(stood))

    def there(self, start: int, end: int) -> tuple[int, int] | None:
        """A span of the whole text; None where it lies across two stretches."""
        part = bisect_right(self.begins, start) - 1
        if part != bisect_right(self.begins, end - 1) - 1:
            return None
        by = self.stood[part] - self.begins[part]
        return start + by, end + by


def entities(pieces: Iterable[Piece]) -> Iterator[Found]:
    """People by spaCy in pieces of a text."""
    nlp = _spacy()
    if nlp is None:
        return
    for doc, piece in nlp.pipe(((piece.text, piece) for piece in pieces), as_tuples=True, batch_size=32):
        for entity in doc.ents:
            if entity.label_ == "PERSON" and (place := piece.there(entity.start_char, entity.end_char)):
                yield Found(place[0], place[1], NAMES, 0.8, "en_core_web_md")


def tokens(pieces: Iterable[Piece]) -> Iterator[Found]:
    """Words of names and of addresses by Rampart in pieces of a text, each of some 500 letters."""
    model = _rampart()
    if model is None:
        return
    for piece in pieces:
        for word, scores in model.words(piece.text):
            for kind in (NAMES, PLACES):
                if scores[kind] >= 0.2 and (place := piece.there(word.start, word.end)):
                    yield Found(place[0], place[1], kind, scores[kind], "rampart")


@cache
def _manifest() -> dict[str, Any]:
    return tomllib.loads(files("redaction.engine").joinpath("models.toml").read_text())


def located(key: str) -> Path | None:
    """The folder of a model of the manifest, unchecked; None where it isn't installed."""
    facts = _manifest()[key]
    if own := os.environ.get("REDACTION_MODELS"):
        folder = Path(own) / str(facts["name"])
        if folder.is_dir():
            return folder
    # found without importing it: the package's code is of no use here
    spec = importlib.util.find_spec(facts["package"])
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / str(facts["folder"])
    return folder if folder.is_dir() else None


def checked(key: str) -> Path | None:
    """The model's folder, every file of it as the manifest says. Raises Mismatch."""
    folder = located(key)
    if folder is None:
        return None
    for name, digest in _manifest()[key]["files"].items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            found = "nothing"
        if found != digest:
            raise Mismatch(
                f"The detection model {_manifest()[key]['name']} is not the one this version was tested with: {name} differs."
            )
    return folder


@cache
def _spacy() -> Any:
    folder = checked("entities")
    if folder is None or importlib.util.find_spec("spacy") is None:
        return None
    import spacy

    # without tagger and parser: names need neither, and they cost most of the time and memory
    return spacy.load(folder, exclude=["tagger", "parser", "senter", "attribute_ruler", "lemmatizer"])


@cache
def _rampart() -> "wordpiece.Classifier | None":
    folder = checked("tokens")
    if folder is None or importlib.util.find_spec("onnxruntime") is None:
        return None
    labels = {
        NAMES: ("GIVEN_NAME", "SURNAME"),
        PLACES: ("BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "ZIP_CODE"),
    }
    return wordpiece.Classifier(folder, labels)
