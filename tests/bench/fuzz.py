"""Mutated real files of every kind through the engine's verbs: each ends in a clear state, and the caller lives.

`python -m tests.bench.fuzz [CASES [SEED]]`, 10,000 cases unless told. Hypothesis chooses a file and what is done to its bytes. A
batch is read, drawn and burnt in by one sandboxed process, which saves the start of one for each case; a process that dies is
counted for the case that killed it, and the rest goes on in the next. Detection runs outside, in this process, as it does for real.
"""

from __future__ import annotations

import base64
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from PIL import Image

import sandbox
from redaction.engine import detect, formats
from redaction.engine.kinds import kind_of
from redaction.engine.shapes import Page
from sandbox import Limits
from sandbox.child import Inside
from tests.redaction import files, office

BATCH = 50
LIMITS = Limits(wall_seconds=300, cpu_seconds=200, memory_bytes=4 * 1024**3)
_LONGEST = 2000
Change = tuple[str, int, bytes]
Case = tuple[str, Sequence[Change]]

_KINDS = ["set", "insert", "cut", "end", "double", "zeros", "max"]
CHANGES: st.SearchStrategy[Change] = st.tuples(st.sampled_from(_KINDS), st.integers(0, 10**6), st.binary(min_size=1, max_size=8))


def sources(folder: Path) -> dict[str, bytes]:
    """A real file of every kind, by its name."""
    made: dict[str, Callable[[Path], Any]] = {
        "pdf": files.planted, "statement": files.statement, "jpeg": files.photograph, "eml": office.mail, "docx": office.word,
        "pptx": office.slides, "odt": office.open_document, "rtf": office.rich_text, "xlsx": office.workbook, "csv": office.table,
    }  # fmt: skip
    for name, make in made.items():
        make(folder / name)
    frames = [Image.new("RGB", (60, 40), shade) for shade in ("white", "red")]
    for kind in ("png", "gif", "tiff", "webp", "bmp", "avif"):
        frames[0].save(folder / kind, kind.upper(), **({"save_all": True, "append_images": frames[1:]} if kind != "bmp" else {}))
    (folder / "text").write_text("It was Adaeze Okonkwo, 07700 900461.\n")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def mutated(data: bytes, changes: Sequence[Change]) -> bytes:
    """The bytes with the changes made one after the other; a place is a number that stands for one."""
    made = bytearray(data)
    for what, place, piece in changes:
        at = (place * 2654435761 % 2**32 * len(made)) >> 32  # hypothesis likes small numbers, which are all heads of files
        if what == "set":
            made[at : at + len(piece)] = piece
        elif what == "insert":
            made[at:at] = piece
        elif what == "cut":
            del made[at : at + len(piece) * 16]
        elif what == "end":
            del made[max(1, at) :]
        elif what == "double":
            made[at:at] = made[at : at + 64 * len(piece)]
        else:
            made[at : at + 4] = (b"\0" if what == "zeros" else b"\xff") * 4
    return bytes(made)


def batch(payload: dict[str, Any], inside: Inside) -> list[dict[str, Any]]:
    """In the sandbox: how each file ends, and the pages of those that can be read."""
    ends = []
    for number, text in enumerate(payload["files"]):
        inside.progress(number, len(payload["files"]))
        path = inside.output / "case"
        path.write_bytes(base64.b64decode(text))
        ends.append(_end(path, inside.output))
    return ends


def _end(path: Path, output: Path) -> dict[str, Any]:
    try:
        kind_of(path)
        chosen = formats.of(path)
        pages = chosen.extract(path)
        chosen.render(path, pages[0], 40)
        chosen.covered(path)
        burnt = chosen.burn_in(path, [], output, scanned=[page for page in pages if page.scanned is not None])
        (output / burnt.name).unlink()
    except sandbox.Refused as refused:
        return {"end": refused.reason, "pages": []}
    except MemoryError:
        return {"end": "OutOfMemory", "pages": []}
    except Exception as error:  # the sandbox's child answers "Crashed" to what no format foresaw
        ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/redaction/engine/" in frame.filename]
        where = f"{Path(ours[-1].filename).name}, {ours[-1].name}" if ours else "a library"
        return {"end": f"Crashed: {type(error).__name__} ({where})", "pages": []}
    return {"end": "done", "pages": [page.as_data() for page in pages[:2]]}


class _Reached:
    """The case that a process is at."""

    case = 0

    def __call__(self, case: int, _: int) -> None:
        self.case = case


def run(cases: Sequence[bytes], ends: Counter[str]) -> None:
    """All of them, in as many processes as it takes."""
    left = list(cases)
    while left:
        reached = _Reached()
        try:
            answers = sandbox.run(
                "tests.bench.fuzz:batch",
                {"files": [base64.b64encode(data).decode() for data in left]},
                limits=LIMITS,
                on_progress=reached,
            )
        except sandbox.SandboxError as error:
            ends[f"{type(error).__name__} (the process)"] += 1
            ends["done before it"] += reached.case
            left = left[reached.case + 1 :]
            continue
        for answer in answers:
            ends[answer["end"]] += 1
            for data in answer["pages"]:
                page = Page.from_data(data)
                if len(page.text) <= _LONGEST:
                    detect.proposals([page])
        return


def fuzz(cases: int, chosen: int = 1) -> Counter[str]:
    """How so many cases ended."""
    ends: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        originals = sources(Path(folder))
        case = st.tuples(st.sampled_from(sorted(originals)), st.lists(CHANGES, min_size=1, max_size=6))

        @seed(chosen)
        @settings(
            max_examples=max(1, cases // BATCH), deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.lists(case, min_size=BATCH, max_size=BATCH))
        def go(some: list[Case]) -> None:
            run([mutated(originals[name], changes) for name, changes in some], ends)

        go()
    return ends


if __name__ == "__main__":
    found = fuzz(*(int(word) for word in sys.argv[1:3] or ("10000",)))
    print(f"{found.total():,} cases; this process lives")
    for end, count in found.most_common():
        print(f"{count:7,}  {end}")
