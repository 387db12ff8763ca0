"""Search terms counted in a stored file, for the disclosure room: the words are taken out in the sandbox, as for a redaction."""

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from disclosure.hooks import CantBeRead, Counted
from evidence.marks import can_be_worked_on
from evidence.models import Blob
from jobs.actions import JobFailed
from redaction import searching
from redaction.bytes import fetch
from redaction.engine import boxed
from redaction.engine.detect.text import plain
from sandbox import SandboxError


def count(blob: Blob, terms: Sequence[str], progress: Callable[[int, int], None]) -> Counted:
    """In how many places each term stands, however it is written: case, accents and line breaks don't count.

    Whole words only, of the text and of what was read from pixels. RetryLater while the store is down.
    """
    if not can_be_worked_on(blob):
        raise CantBeRead("Something about the file stands in the way of reading it here: see its exhibit")
    patterns = [searching.pattern_of(term) for term in terms]
    hits, pages = [0] * len(terms), [0] * len(terms)
    with tempfile.TemporaryDirectory(prefix="counting-") as folder:
        source, output = Path(folder) / "source", Path(folder) / "out"
        output.mkdir()
        try:
            fetch(blob, source)
            found = boxed.pages(source, output, progress=progress)["pages"]
        except (SandboxError, JobFailed) as error:
            raise CantBeRead(str(error) or type(error).__name__) from error
        for facts in found:
            text = plain(json.loads((output / f"page-{facts['index']}.json").read_text())["text"])
            for place, pattern in enumerate(patterns):
                here = sum(1 for _ in pattern.finditer(text))
                hits[place] += here
                pages[place] += bool(here)
    return Counted(hits, pages, len(found))
