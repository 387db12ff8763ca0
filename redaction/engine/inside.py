"""The verbs as they run in the sandbox: JSON in, JSON out, files by name."""

import json
from collections.abc import Sequence
from typing import Any

from redaction.engine import formats
from redaction.engine.errors import Refusal
from redaction.engine.kinds import kind_of
from redaction.engine.shapes import Burnt, Page, Redaction
from sandbox.child import Inside

SCANNED = "scanned.jsonl"


def read(payload: dict[str, Any], inside: Inside) -> dict[str, Any]:
    """Pages and a picture of each; progress says that a page's files are there, in the order of the pages.

    Payload: `dpi` (0: no pictures). Writes `page-N.png` and `page-N.json` (N from 0), and `scanned.jsonl`: the pages of which
    pixels were read, which `burn_in` and `check` take as the file `scanned`.
    """
    source = inside.files["source"]
    chosen = formats.of(source)
    facts, seen = [], []
    (inside.output / SCANNED).write_text("")
    for page, count in formats.reading(source):
        data = json.dumps(page.as_data(), ensure_ascii=False)
        (inside.output / f"page-{page.index}.json").write_text(data)
        if page.scanned is not None:
            with (inside.output / SCANNED).open("a") as lines:
                lines.write(data + "\n")
        if payload.get("dpi"):
            picture = chosen.render(source, page, float(payload["dpi"]))
            picture.save(inside.output / f"page-{page.index}.png", optimize=False)
        facts.append(_facts(page))
        seen += [{"page": page.index, "what": what, "box": box.as_data()} for what, box in page.seen]
        inside.progress(page.index + 1, count)
    return {
        "format": kind_of(source),
        "pages": facts,
        "covered": [{"page": words.page, "box": words.box.as_data()} for words in chosen.covered(source)],
        "seen": seen,
    }


def inspect(payload: dict[str, Any], inside: Inside) -> dict[str, Any]:
    """Facts of an incoming file: its format, its pages, and the words that something covers without taking them away."""
    source = inside.files["source"]
    chosen = formats.of(source)
    return {
        "format": kind_of(source),
        "pages": [_facts(page) for page in chosen.extract(source)],
        "covered_text": [found.as_data() for found in chosen.covered(source)],
    }


def _facts(page: Page) -> dict[str, Any]:
    return {"index": page.index, "width": page.width, "height": page.height, "has_text": bool(page.text.strip())}


def unpack(payload: dict[str, Any], inside: Inside) -> dict[str, Any]:
    """Write what is attached or embedded as `item-N` (N from 1); the answer's `items` say what each is."""
    from redaction.engine.flow.attached import attached  # the formats of text, which no other verb needs for every file

    items = []
    for number, (name, data) in enumerate(attached(inside.files["source"]), start=1):
        path = inside.output / f"item-{number}"
        path.write_bytes(data)
        try:
            kind = kind_of(path)
        except Refusal:
            kind = ""
        items.append({"file": path.name, "name": name, "kind": kind, "bytes": len(data)})
    return {"items": items}


def burn_in(payload: dict[str, Any], inside: Inside) -> dict[str, Any]:
    """Payload: `redactions`. Writes the new file; the answer is its `Burnt`."""
    source = inside.files["source"]
    burnt = formats.of(source).burn_in(source, _redactions(payload), inside.output, inside.progress, scanned=_scanned(inside))
    return burnt.as_data()


def check(payload: dict[str, Any], inside: Inside) -> dict[str, Any]:
    """Payload: `redactions`, `burnt`, and of a PDF perhaps `span` (`pdf.check`). The answer is the check's outcome."""
    source = inside.files["source"]
    burnt = Burnt.from_data(payload["burnt"])
    chosen, output = formats.of(source), inside.files["output"]
    more = {"span": tuple(payload["span"])} if payload.get("span") and kind_of(source) == "pdf" else {}
    return chosen.check(source, output, _redactions(payload), burnt, inside.progress, scanned=_scanned(inside), **more).as_data()


def _scanned(inside: Inside) -> list[Page]:
    if "scanned" not in inside.files:
        return []
    with inside.files["scanned"].open(encoding="utf-8") as lines:
        return [Page.from_data(json.loads(line)) for line in lines]


def _redactions(payload: dict[str, Any]) -> Sequence[Redaction]:
    return [Redaction.from_data(data) for data in payload["redactions"]]
