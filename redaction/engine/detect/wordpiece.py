"""A BERT token classifier in ONNX with its WordPiece vocabulary: words of a text with the chance of each kind."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

_WORD = re.compile(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]")
_LONGEST = 510


class Word(NamedTuple):
    """A word or sign: offsets in its text."""

    start: int
    end: int


class Classifier:
    """Loads `config.json`, `vocab.txt` and `onnx/model_q4.onnx` of a folder. `kinds`: kind to the label names that make it up."""

    def __init__(self, folder: Path, kinds: dict[str, tuple[str, ...]]) -> None:
        import numpy
        import onnxruntime

        self._numpy = numpy
        vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
        self._ids = {word: number for number, word in enumerate(vocabulary) if word}
        self._cls, self._sep, self._unknown = self._ids["[CLS]"], self._ids["[SEP]"], self._ids["[UNK]"]
        labels = json.loads((folder / "config.json").read_text())["id2label"]
        self._columns = {
            kind: [int(number) for number, label in labels.items() if label.partition("-")[2] in wanted]
            for kind, wanted in kinds.items()
        }
        self._cache: dict[str, list[int]] = {}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # workers, not threads, share the processors
        self._session = onnxruntime.InferenceSession(folder / "onnx" / "model_q4.onnx", options, providers=["CPUExecutionProvider"])
        self._inputs = {found.name for found in self._session.get_inputs()}

    def words(self, text: str) -> Iterator[tuple[Word, dict[str, float]]]:
        """(word, chance of each kind) for every word of a text."""
        for words, ids, firsts in self._cut(text):
            chances = self._chances(ids)
            for word, first, end in zip(words, firsts, [*firsts[1:], len(ids)], strict=True):
                yield word, {kind: float(column[first + 1 : end + 1].max()) for kind, column in chances.items()}

    def _cut(self, text: str) -> Iterator[tuple[list[Word], list[int], list[int]]]:
        """Words, the ids of their parts, and where in those each word begins; cut where the model takes no more."""
        words: list[Word] = []
        ids: list[int] = []
        firsts: list[int] = []
        for match in _WORD.finditer(text):
            parts = self._parts(match[0].lower())
            if len(ids) + len(parts) > _LONGEST:
                yield words, ids, firsts
                words, ids, firsts = [], [], []
            words.append(Word(*match.span()))
            firsts.append(len(ids))
            ids.extend(parts)
        if words:
            yield words, ids, firsts

    def _parts(self, word: str) -> list[int]:
        """Greedy, longest first, as the model was trained."""
        found = self._cache.get(word)
        if found is not None:
            return found
        parts: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            end = len(word)
            while end > start and prefix + word[start:end] not in self._ids:
                end -= 1
            if end == start or len(word) > 100:
                parts = [self._unknown]
                break
            parts.append(self._ids[prefix + word[start:end]])
            start = end
        if len(self._cache) > 50_000:
            self._cache.clear()
        self._cache[word] = parts
        return parts

    def _chances(self, ids: list[int]) -> dict[str, Any]:
        """Chance of each kind for [CLS], every id, [SEP]. One text at a time: padding costs more than a call."""
        numpy = self._numpy
        tokens = numpy.array([[self._cls, *ids, self._sep]], dtype=numpy.int64)
        feed = {"input_ids": tokens, "attention_mask": numpy.ones_like(tokens), "token_type_ids": numpy.zeros_like(tokens)}
        logits = self._session.run(None, {name: feed[name] for name in self._inputs})[0][0]
        weights = numpy.exp(logits - logits.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        return {kind: weights[:, columns].sum(axis=-1) for kind, columns in self._columns.items()}
