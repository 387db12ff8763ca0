"""Odd texts in a file of JSON lines: offsets always count the code points of the text as given."""

import json
from pathlib import Path

import pytest

from redaction.engine.__main__ import main

PHONE = "07700 900461"


def spans_of(tmp_path: Path, *lines: object) -> list[list[tuple[int, int, str]]]:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert main(["detect", "--jsonl", str(source), str(out)]) == 0
    return [[(start, end, code) for start, end, code in json.loads(line)["spans"]] for line in out.read_text().splitlines()]


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\U0001f469\u200d\U0001f467 \U0001f600 ",
        "e\u0301e\u0301 ",
        "a\r\nb\r\n",
        "\ufeff",
        "\u202e\u2066 ",
        "\x00\x01 ",
        "\ud800 ",
        "\ufb01\ufb02 ",
        "\u65e5\u672c ",
        "\t\t",
    ],
)
def test_offsets_count_code_points(tmp_path: Path, before: str) -> None:
    text = f"{before}ring {PHONE} now"
    (found,) = spans_of(tmp_path, {"id": 1, "text": text})
    assert [text[start:end] for start, end, code in found if code == "TEL"] == [PHONE]


def test_empty_texts_and_empty_options(tmp_path: Path) -> None:
    lines = [
        {"id": None, "text": ""},
        {"id": 2, "text": " \n", "accused": None, "people": None},
        {"id": 3, "text": "x", "people": [{}]},
    ]
    assert spans_of(tmp_path, *lines) == [[], [], []]
