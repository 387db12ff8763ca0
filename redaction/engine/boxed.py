"""The engine's verbs for callers: each parses its file in the sandbox and gives plain JSON data back.

Detection works outside it, on the text that came out.

Raises the refusals of `errors`, and the sandbox's TimedOut, OutOfMemory, OutputTooLarge and Crashed.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import sandbox
from redaction.engine import detect
from redaction.engine.detect.everywhere import Terms
from redaction.engine.errors import BY_NAME, Refusal
from redaction.engine.shapes import Page, Person
from sandbox import Limits

_MANY_PAGES, _PAGES_AT_ONCE = 20, 500
Progress = Callable[[int, int], None]

# Reading a scanned page takes seconds: room for a thousand of them. The models that read pixels map a gigabyte more.
_READ = Limits(wall_seconds=3600, cpu_seconds=3600, memory_bytes=4 * 1024**3)
_BURN = Limits(wall_seconds=1200, cpu_seconds=1200)
# tesseract is a program of its own. The kernel counts all of the user's processes, so leave room for others to start.
_CHECK = Limits(wall_seconds=1800, cpu_seconds=1800, processes=64)


class Listener(Protocol):
    """Whoever wants each page as soon as it is read. What its methods raise ends the reading."""

    def page(self, page: dict[str, Any], proposals: list[dict[str, Any]]) -> None:
        """A page (facts as in the answer of `read`), whose files are written, and what is proposed on it so far."""

    def told(self) -> Mapping[int, Sequence[tuple[int, int]]]:
        """When all is read: by page, the spans that need not be proposed again."""


def read(
    source: Path | int,
    output: Path,
    *,
    people: Sequence[dict[str, Any]] = (),
    dpi: float = 110,
    terms: Terms | None = None,
    progress: Progress | None = None,
    listener: Listener | None = None,
) -> dict[str, Any]:
    """Pages and proposals of a file. Writes `page-N.png` and `page-N.json` into `output`; see `inside.read`.

    `people` are JSON persons (`shapes.Person`), `dpi` is that of the pictures, `terms` names and numbers found elsewhere.
    A `listener` is given the pages one by one; the answer then has only the proposals that come on top.
    """
    reading = detect.Reading([Person.from_data(person) for person in people], terms)

    def took(done: int, total: int) -> None:
        # The words are plain text by now, and the models stay loaded in a process that lives on. The next page is read meanwhile
        page = Page.from_data(json.loads((output / f"page-{done - 1}.json").read_text()))
        found = reading.take(page)
        if listener is not None:
            facts = {"index": page.index, "width": page.width, "height": page.height, "has_text": bool(page.text.strip())}
            listener.page(facts, [proposal.as_data() for proposal in found])
        if progress is not None:
            progress(done, total)

    answer = pages(source, output, dpi=dpi, progress=took)
    found = reading.whole() if listener is None else reading.rest(listener.told())
    proposals = [proposal.as_data() for proposal in found] + [_seen(thing) for thing in answer.pop("seen")]
    return {**answer, "detector": detect.name(), "proposals": proposals}


def pages(source: Path | int, output: Path, *, dpi: float = 0, progress: Progress | None = None) -> dict[str, Any]:
    """The pages alone, with nothing proposed; see `inside.read`."""
    return _run("read", {"dpi": dpi}, {"source": source}, _READ, output=output, progress=progress)


_CODES = {"face": "FAC", "plate": "VRM"}


def _seen(thing: dict[str, Any]) -> dict[str, Any]:
    """A proposal without words: what pixels show."""
    what = thing["what"]
    place = {"page": thing["page"], "start": None, "end": None, "boxes": [thing["box"]]}
    return place | {"code": _CODES[what], "source": "model", "rule": what, "person": ""}


def inspect(source: Path | int) -> dict[str, Any]:
    """Facts of an incoming file: {"format", "pages", "covered_text"}; see `inside.inspect`."""
    return _run("inspect", {}, {"source": source}, _READ)


def unpack(source: Path | int, output: Path) -> list[dict[str, Any]]:
    """Write the attachments of a message, or the pictures and objects of an office file, into the folder `output`.

    The answer is a list of {"file", "name", "kind", "bytes"}; `kind` is "" for what can't be redacted here. See `inside.unpack`.
    """
    found: list[dict[str, Any]] = _run("unpack", {}, {"source": source}, _BURN, output=output)["items"]
    return found


def burn_in(
    source: Path | int,
    output: Path,
    redactions: Sequence[dict[str, Any]],
    *,
    scanned: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write the redacted file into the folder `output`; the answer names it (`shapes.Burnt` as JSON).

    `scanned` is the file of that name that `read` wrote: without it offsets mean the text that the file itself holds.
    """
    files = {"source": source} | ({"scanned": scanned} if scanned else {})
    return _run("burn_in", {"redactions": list(redactions)}, files, _BURN, output=output, progress=progress)


def check(
    source: Path | int,
    redacted: Path | int,
    redactions: Sequence[dict[str, Any]],
    burnt: dict[str, Any],
    *,
    scanned: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The leak check: {"passed", "findings", "checked"} (`shapes.Checked` as JSON). `scanned` as for `burn_in`."""
    files = {"source": source, "output": redacted} | ({"scanned": scanned} if scanned else {})
    payload = {"redactions": list(redactions), "burnt": burnt}
    if burnt["pages"] < _MANY_PAGES or not _is_pdf(source):
        return _run("check", payload, files, _CHECK, progress=progress)
    spans = _shared(burnt["pages"])

    def some(span: tuple[int, int | None], told: Progress | None = None) -> dict[str, Any]:
        return _run("check", payload | {"span": span}, files, _CHECK, progress=told)

    # Two processors: this thread sees to every other span and tells of them, as they stand for all
    with ThreadPoolExecutor(1) as other:
        theirs = [other.submit(some, span) for span in spans[1::2]]
        ours = []
        for number, span in enumerate(spans[::2]):
            ours.append(some(span, _part(progress, number, len(spans[::2]), burnt["pages"])))
        made = [*ours, *(future.result() for future in theirs)]
    findings = [finding for part in made for finding in part["findings"]]
    findings = [finding for number, finding in enumerate(findings) if finding not in findings[:number]]
    return {"passed": not findings, "findings": findings, "checked": _added([part["checked"] for part in made])}


def _shared(pages: int) -> list[tuple[int, int | None]]:
    """Spans of pages, an even number of them. The first is shorter: whoever has it looks at the whole file's bytes too."""
    pairs = -(-pages // _PAGES_AT_ONCE)
    edges = [round(pages * number / (2 * pairs)) for number in range(2 * pairs)]
    edges[1] -= pages // 20 // pairs
    return list(zip(edges, [*edges[1:], None], strict=True))


def _part(progress: Progress | None, number: int, parts: int, pages: int) -> Progress | None:
    """Tells of one of so many parts as of that much of all pages."""
    if progress is None:
        return None
    told = progress
    return lambda done, total: told(round(pages * (number + done / max(1, total)) / parts), pages)


def _added(checked: list[dict[str, Any]]) -> dict[str, Any]:
    """What all the parts looked at; strings are the whole document's where they were sought."""
    made: dict[str, Any] = {}
    for part in checked:
        for name, value in part.items():
            adds = isinstance(value, int) and name != "strings"
            made[name] = made.get(name, 0) + value if adds else max(made.get(name, value), value)
    return made


def _is_pdf(source: Path | int) -> bool:
    if isinstance(source, int):
        return b"%PDF-" in os.pread(source, 1024, 0)
    with source.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def _run(
    verb: str,
    payload: dict[str, Any],
    files: dict[str, Path | int],
    limits: Limits,
    *,
    output: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = sandbox.run(
            f"redaction.engine.inside:{verb}", payload, files=files, output=output, limits=limits, on_progress=progress
        )
    except sandbox.Refused as refused:
        raise BY_NAME.get(refused.reason, Refusal)(str(refused)) from None
    return answer
