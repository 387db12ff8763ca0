"""Detection: what is found in the labelled documents, how fast, and in how much memory.

Speed is a ratio in one run: against `presidio-analyzer` with the same spaCy model where that is installed (here, or in another
environment whose packages BENCH_PRESIDIO names), else against that model's own whole pipeline, which presidio runs on every text
before anything else.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redaction.engine import detect
from redaction.engine.detect import models
from redaction.engine.shapes import Person
from tests.redaction import marked

Line = tuple[str, str, str, str, str]
GOALS = {"names": 0.97, "addresses": 0.95, "letters masked that should stay": 0.03, "KEEP masked": 0.02, "WRK": 0.0}


def lines() -> list[Line]:
    """Quality on each set of documents, then speed and memory."""
    return [*_quality(), *_speed(), *_memory()]


def _quality() -> list[Line]:
    made: list[Line] = []
    for half in ("held_out", "tuned", "fresh", "shown", "blind"):
        score = _score(half, people=False)
        for what, number, share in marked.lines(score):
            goal = GOALS.get(what, 0.99)
            limit = f"at most {goal:.0%}" if "masked" in what and what != "names" else f"goal {goal}" if goal else "no goal"
            made.append((f"detect, {half.replace('_', ' ')} documents: {what}", f"{number:,}", f"{share:.3f}", limit, ""))
        known = _score(half, people=True)
        share = known.recall("NAM")
        made.append(
            (
                f"detect, {half.replace('_', ' ')} documents: names, with the case's people",
                f"{known.marks['NAM']:,}",
                f"{share:.3f}",
                "goal 0.995",
                "",
            )
        )
    return made


def _score(half: str, *, people: bool) -> marked.Score:
    total = marked.Score()
    for document in marked.load(half):
        known = [Person(names=(name,), keep=True) for name in document.accused]
        if people:
            known += [Person(ref=str(number), names=(name,)) for number, name in enumerate(document.people())]
        total.add(document, ((span.start, span.end) for span in detect.spans(document.text, known)))
    return total


def _speed() -> list[Line]:
    texts = [document.text for half in ("held_out", "tuned") for document in marked.load(half)]
    letters = sum(map(len, texts))
    peer, what = _peer()

    def ours() -> None:
        for text in texts:
            detect.spans(text)

    def without_tokens() -> None:
        with _no_tokens():
            ours()

    def theirs() -> None:
        for text in texts:
            peer(text)

    ours()  # what is loaded once is not counted
    theirs()
    # Processor time: other work on the machine doesn't count
    rival = _processor_seconds(theirs)
    made = []
    for name, work in (("whole ensemble", ours), ("rules and spaCy alone", without_tokens)):
        took = _processor_seconds(work)
        made.append(
            (
                f"detect: {name}",
                f"{letters:,} letters",
                f"{letters / took:,.0f} a second",
                f"{letters / rival:,.0f} a second ({what})",
                f"{took / rival:.2f}×",
            )
        )
    return made


def _processor_seconds(work: Callable[[], None]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


@contextlib.contextmanager
def _no_tokens() -> Any:
    found = models.tokens
    setattr(models, "tokens", lambda pieces: iter(()))  # noqa: B010 (the type checker refuses the plain form)
    try:
        yield
    finally:
        setattr(models, "tokens", found)  # noqa: B010


def _peer() -> tuple[Callable[[str], object], str]:
    import spacy

    folder = models.checked("entities")
    if folder is None:
        raise SystemExit("The models aren't installed: pip install --no-deps -r requirements-models.txt")
    # Behind our own: what both need is ours
    sys.path += filter(None, [os.environ.get("BENCH_PRESIDIO")])
    try:
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider
    except ImportError:
        nlp = spacy.load(folder)
        return nlp, "the spaCy model's whole pipeline"
    provider = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": str(folder)}]}
    )
    engine = AnalyzerEngine(nlp_engine=provider.create_engine())
    return lambda text: engine.analyze(text, language="en"), "presidio-analyzer, same model"


def _memory() -> list[Line]:
    """The most memory of a process that detects a text, and one four times as long: it must not grow with the text."""
    texts = [document.text for document in marked.load("tuned")]
    made = []
    for size in (100_000, 400_000):
        text = "\n".join(texts * (size // sum(map(len, texts)) + 1))[:size]
        with tempfile.TemporaryDirectory() as folder:
            source, out = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
            source.write_text(json.dumps({"id": 1, "text": text}) + "\n")
            code = (
                "import resource, sys; from redaction.engine.__main__ import main; main(['detect', '--jsonl', *sys.argv[1:]]);"
                "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
            )
            done = subprocess.run([sys.executable, "-c", code, source, out], check=True, capture_output=True, text=True)
        made.append(
            (
                f"detect: memory of a text of {size // 1000} kB",
                "1 text",
                f"{int(done.stdout) // 1024} MiB",
                "goal 1536 MiB, flat",
                "",
            )
        )
    return made


if __name__ == "__main__":
    for line in lines():
        print(" | ".join(line))
