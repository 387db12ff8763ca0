"""How much of the labelled documents is found. The floors are below what is measured (docs/benchmarks.md), to catch a fall."""

import json
from pathlib import Path

import pytest

from redaction.engine import detect
from redaction.engine.__main__ import main
from redaction.engine.detect import models
from redaction.engine.errors import Mismatch
from redaction.engine.shapes import Person
from tests.redaction import marked


def score(half: str, *, people: bool) -> marked.Score:
    total = marked.Score()
    for document in marked.load(half):
        known = [Person(names=(name,), keep=True) for name in document.accused]
        if people:
            known += [Person(ref=str(number), names=(name,)) for number, name in enumerate(document.people())]
        total.add(document, ((span.start, span.end) for span in detect.spans(document.text, known)))
    return total


def test_documents_nobody_has_seen() -> None:
    assert len(models.names()) == 2
    found = score("held_out", people=False)
    assert found.recall("NAM") > 0.96
    assert found.recall("ADDR") > 0.88
    assert found.recall(*marked.NUMBERS) > 0.98
    assert found.overmasked < 0.03
    assert found.kept_masked <= 0.02


def test_with_the_people_of_the_case_hardly_a_name_is_missed() -> None:
    assert score("held_out", people=True).recall("NAM") > 0.99


def test_each_set_is_large_enough() -> None:
    halves = [marked.load("held_out"), marked.load("tuned"), marked.load("fresh")]
    assert all(len(half) >= 30 for half in halves)
    assert len({document.genre for half in halves for document in half}) >= 20


def test_a_file_of_json_lines(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [
        {"id": 1, "text": "😀 Ring Agnieszka Nowak on 07700 900461, not Daniel Price.", "accused": ["Daniel Price"]},
        {"id": "b", "text": "then sazza left", "people": [{"names": ["Sarah Mitchell"], "aliases": ["Sazza"], "code": "CHD"}]},
    ]
    source.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n")
    assert main(["detect", "--jsonl", str(source), str(out)]) == 0
    first, second = [json.loads(line) for line in out.read_text().splitlines()]
    assert first == {"id": 1, "spans": [[7, 22, "TPN"], [26, 38, "TEL"]]}
    assert second == {"id": "b", "spans": [[5, 10, "CHD"]]}


@pytest.mark.parametrize("line", ["[]", "{}", '{"id": 1, "text": 2}', '{"id": 1, "text": "x", "people": [7]}', "\xff"])
def test_a_line_that_is_none_is_declined_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(b'{"id": 0, "text": ""}\n' + line.encode("latin-1"))
    assert main(["detect", "--jsonl", str(source), str(tmp_path / "out")]) == 3
    assert capsys.readouterr().err == 'Line 2 is not an object with "id" and "text".\n'


def test_a_file_that_is_not_there_is_declined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["detect", "--jsonl", str(tmp_path / "no"), str(tmp_path / "out")]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_a_model_that_is_not_the_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rampart").mkdir()
    (tmp_path / "rampart" / "config.json").write_text("{}")
    monkeypatch.setenv("REDACTION_MODELS", str(tmp_path))
    with pytest.raises(Mismatch, match="rampart is not the one"):
        models.checked("tokens")
