"""``python -m tests.bench.validation``: the validation pack of detection and redaction, docs/validation/README.md.

Written as the Forensic Science Regulator's Code of Practice asks of a method: what was tested, on what data, how well, and where
its limits are. Recall and precision are of the labelled documents' held-out half, with Wilson's 95 % interval; files of many
makers and changed files are counted by `tests.bench.makers` and `tests.bench.fuzz`. Arguments: how many documents each maker sets,
and how many files are changed, or a file that holds what runs of `tests.bench.fuzz` printed.
"""

from __future__ import annotations

import hashlib
import math
import re
import sys
from collections import Counter
from pathlib import Path

from redaction.engine import detect
from redaction.engine.shapes import Person
from tests.bench import fuzz, makers
from tests.redaction import marked

OUTPUT = Path(__file__).parent.parent.parent / "docs" / "validation" / "README.md"
NAMES = {
    "NAM": "Names of people", "ADDR": "Addresses", "TEL": "Telephone numbers", "EML": "E-mail addresses", "SOC": "Handles",
    "DOB": "Dates of birth", "NI": "National Insurance numbers", "NHS": "NHS numbers", "ID": "Passports, driving licences",
    "FIN": "Bank accounts and cards", "VRM": "Vehicle registrations", "OTH": "Other identifiers", "OPS": "Officers' own details",
    "WRK": "Schools and employers", "KEEP": "What must stay",
}  # fmt: skip
_Z = 1.959964


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927)."""
    if not total:
        return 0.0, 1.0
    share, square = hits / total, _Z * _Z
    middle = share + square / (2 * total)
    spread = _Z * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    return (middle - spread) / (1 + square / total), (middle + spread) / (1 + square / total)


def score(*, people: bool) -> tuple[marked.Score, Counter[str]]:
    """The held-out half: what is covered, and how many proposals touch a mark ("right") or none ("wrong")."""
    total, told = marked.Score(), Counter[str]()
    for document in marked.load("held_out"):
        known = [Person(names=(name,), keep=True) for name in document.accused]
        if people:
            known += [Person(ref=str(number), names=(name,)) for number, name in enumerate(document.people())]
        found = [(span.start, span.end) for span in detect.spans(document.text, known)]
        total.add(document, found)
        wanted = [mark for mark in document.marks if mark.code != "KEEP"]
        for start, end in found:
            told["right" if any(start < mark.end and mark.start < end for mark in wanted) else "wrong"] += 1
    return total, told


def table(total: marked.Score) -> list[str]:
    """Recall by category."""
    rows = ["| category | marked | wholly covered | recall | 95 % interval |", "|---|---|---|---|---|"]
    for code, name in NAMES.items():
        if code == "KEEP" or not total.marks[code]:
            continue
        hits, marks = total.covered[code], total.marks[code]
        low, high = wilson(hits, marks)
        rows.append(f"| {name} ({code}) | {marks} | {hits} | {hits / marks:.3f} | {low:.3f} to {high:.3f} |")
    return rows


def _detection() -> list[str]:
    documents = marked.load("held_out")
    letters = sum(len(document.text) for document in documents)
    (alone, told), (known, _) = score(people=False), score(people=True)
    proposals = told.total()
    low, high = wilson(told["right"], proposals)
    kept_low, kept_high = wilson(alone.covered["KEEP"], alone.marks["KEEP"])
    names_low, names_high = wilson(known.covered["NAM"], known.marks["NAM"])
    return [
        "## Detection", "",
        f"{len(documents)} documents, {letters:,} characters, no person of the case given."
        " A mark counts only if every letter of it is covered.", "",
        *table(alone), "",
        f"- Precision: {told['right']} of {proposals} proposals touch something that was marked: {told['right'] / proposals:.3f}"
        f" ({low:.3f} to {high:.3f}).",
        f"- Of {alone.letters:,} letters that should stay, {alone.overmasked:.4f} were proposed.",
        f"- Of {alone.marks['KEEP']} stretches that must stay, {alone.covered['KEEP']} were touched: {alone.kept_masked:.3f}"
        f" ({kept_low:.3f} to {kept_high:.3f}).",
        f"- With the case's people given, {known.covered['NAM']} of {known.marks['NAM']} names: {known.recall('NAM'):.4f}"
        f" ({names_low:.4f} to {names_high:.4f}).",
    ]  # fmt: skip


def _burning(documents: int) -> list[str]:
    rows = ["| maker | files | leaks | findings of the leak check | words that stay | extractable |", "|---|---|---|---|---|---|"]
    tallies = makers.measure_all(documents)
    for name, tally in tallies.items():
        low, high = wilson(tally.extracted, tally.stay)
        share = f"{tally.extracted / max(1, tally.stay):.4f} ({low:.4f} to {high:.4f})"
        rows.append(f"| {name} | {tally.files} | {tally.leaks} | {len(tally.refused)} | {tally.stay:,} | {share} |")
    files = sum(tally.files for tally in tallies.values())
    leaking = sum(tally.leaking for tally in tallies.values())
    _, most = wilson(leaking, files)
    return [
        "## Burn-in and leak check", "",
        f"{files} PDFs: labelled documents set by each maker, their marked names redacted wherever they stand, and files that"
        " packages brought, the commonest capitalised words redacted; read afterwards by"
        f" PyMuPDF, which neither made nor checked them. With leaks in {leaking} of {files} files, the rate of files that leak"
        f" is below {most:.3f} (upper end of the 95 % interval).", "",
        *rows,
    ]  # fmt: skip


def _changed(cases: int | Path) -> list[str]:
    ends = _printed(cases) if isinstance(cases, Path) else fuzz.fuzz(cases)
    rows = [f"| {end} | {count:,} |" for end, count in ends.most_common()]
    return ["## Files made to harm", "", f"{ends.total():,} real files with bytes changed at random (`python -m tests.bench.fuzz`);"
            " the process that asked lived through all of them.", "", "| how it ended | cases |", "|---|---|", *rows]  # fmt: skip


def _printed(path: Path) -> Counter[str]:
    """What runs of the other command told, added up."""
    ends = Counter[str]()
    for count, end in re.findall(r"^ *([\d,]+)  (.+)$", path.read_text(), re.MULTILINE):
        ends[end] += int(count.replace(",", ""))
    return ends


LIMITS = [
    "## Limits", "",
    "- The labelled documents were written for this purpose. They are of the kinds that such a case holds, but no police force"
    " wrote them; a force should mark fifty documents of its own and run this again.",
    "- Intervals are wide where a category has few marks: read them, not the shares.",
    "- Only English is detected. Handwriting is not read. Names that are everyday words, and people told only by what is said of"
    " them, are missed.",
    "- Words in pictures are found as well as the recogniser reads them: small, faint or slanted type is missed. Faces turned away"
    " and plates far off are missed. A person looks over every picture.",
    "- The leak check reads pages that came from pixels by a second engine; what neither engine can read, it can't find.",
    "- Boxes are widened to a grid as far as no other letter is in the way: in running text the width still tells a little.",
    "- Detection only proposes. Nothing is redacted that a person has not accepted, and a second person approves.",
]  # fmt: skip


def main(documents: int = 50, cases: int | Path = 500) -> int:
    """Measure and write."""
    corpus = hashlib.sha256(b"".join(path.read_bytes() for path in sorted((marked.FOLDER / "held_out").glob("*.txt"))))
    parts = [
        "# Validation of redaction", "",
        "Written by `python -m tests.bench.validation`; every figure is measured by it.", "",
        "## Method", "",
        f"- Under test: {detect.name()}; the engine of `redaction/engine` (docs/redaction-engine.md).",
        f"- Data: `tests/data/redaction/held_out`, kept apart while rules were made (SHA-256 {corpus.hexdigest()}).",
        "- Repeatable: the same input gives the same proposals and the same bytes; models are refused unless their hashes are"
        " those of `redaction/engine/models.toml`.",
        "- Intended use: to propose what a person then decides; to burn in what was approved; to stop a copy that still holds it.",
        "",
        *_detection(), "", *_burning(documents), "", *_changed(cases), "", *LIMITS,
    ]  # fmt: skip
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text("\n".join(parts) + "\n")
    return 0


if __name__ == "__main__":
    asked = [*sys.argv[1:3], *("50", "500")[len(sys.argv) - 1 :]]
    sys.exit(main(int(asked[0]), int(asked[1]) if asked[1].isdecimal() else Path(asked[1])))
