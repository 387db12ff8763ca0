"""``python -m tests.bench``: measure, print the table, and write it to docs/benchmarks.md.

Each line: what, how much of it (n), ours, what it is compared with (the least that any program would need), and the ratio.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from demo.environment import Environment
from demo.services import Services
from tests.bench import detection, disclosure, log, upload, verification

ROOT = Path(__file__).parent.parent.parent
MIB = 1024 * 1024
Line = tuple[str, str, str, str, str]


def seconds(work: Callable[[], object]) -> float:
    """How long ``work`` takes, once."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def vault_lines(folder: Path) -> list[Line]:
    """Putting a file into the folder vault and reading it back, against copying and hashing it plainly."""
    import vault
    from vault.protocol import Stored

    source = folder / "source"
    size = 256 * MIB
    source.write_bytes(os.urandom(MIB) * 256)
    store = vault.store()

    def put() -> None:
        with source.open("rb") as file:
            keys.append(store.put(file))

    def plain_copy() -> None:
        shutil.copyfile(source, folder / "copy")
        with (folder / "copy").open("rb") as file:
            os.fsync(file.fileno())
            hashlib.file_digest(file, "sha256")

    def read_and_hash() -> None:
        digest = hashlib.sha256()
        for chunk in store.read(keys[0].key, keys[0].version_id):
            digest.update(chunk)

    def plain_hash() -> None:
        with source.open("rb") as file:
            hashlib.file_digest(file, "sha256")

    keys: list[Stored] = []
    return [
        _rate("vault: put, durable and hashed", size, seconds(put), "copy, fsync, SHA-256", seconds(plain_copy)),
        _rate("vault: read and hash", size, seconds(read_and_hash), "SHA-256 of the file", seconds(plain_hash)),
    ]


def redaction_lines(folder: Path) -> list[Line]:
    """A statement of three pages: read and propose, burn in, check for leaks, against drawing its pages once."""
    import pypdfium2

    import documents
    from demo.statement import DATA
    from redaction.engine import boxed

    source, pictures, out = folder / "statement.pdf", folder / "pictures", folder / "out"
    source.write_bytes(documents.render("mg11", DATA))
    pictures.mkdir()
    out.mkdir()
    found: dict[str, object] = {}

    def draw() -> None:
        document = pypdfium2.PdfDocument(source)
        for number in range(len(document)):
            document[number].render(scale=200 / 72).to_pil()

    def read() -> None:
        found.update(boxed.read(source, pictures))

    def burn() -> None:
        burnt.update(boxed.burn_in(source, out, redactions))

    least, reading = seconds(draw), seconds(read)
    proposals = found["proposals"]
    assert isinstance(proposals, list)
    redactions = [{key: p[key] for key in ("page", "boxes", "code", "start", "end")} for p in proposals]
    burnt: dict[str, object] = {}
    burning = seconds(burn)
    checking = seconds(lambda: boxed.check(source, out / str(burnt["name"]), redactions, burnt))
    return [
        _count("redaction: read and propose", 3, reading, "draw the pages at 200 dpi", least, "page"),
        _count("redaction: burn in", 3, burning, "draw the pages at 200 dpi", least, "page"),
        _count("redaction: leak check", 3, checking, "draw the pages at 200 dpi", least, "page"),
    ]


def _rate(what: str, size: int, ours: float, against: str, theirs: float) -> Line:
    mib = size // MIB
    return (what, f"{mib} MiB", f"{mib / ours:.0f} MiB/s", f"{mib / theirs:.0f} MiB/s ({against})", f"{ours / theirs:.1f}×")


def _count(what: str, count: int, ours: float, against: str, theirs: float, unit: str = "event") -> Line:
    def each(total: float) -> str:
        return f"{total / count * 1000:.3g} ms/{unit}"

    return (what, f"{count:,} {unit}s", each(ours), f"{each(theirs)} ({against})", f"{ours / theirs:.1f}×")


def main() -> int:
    """Measure everything in a temporary folder with a PostgreSQL that is as durable as production's."""
    folder = Path(tempfile.mkdtemp(prefix="evidence-bench-", dir="/var/tmp"))
    services = Services(folder)
    with services:
        environment = Environment(services, "http://localhost:8000", "http://localhost:8001")
        os.environ.update(environment.settings("sequencer") | environment.settings("migrate"))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        table = ["| what | n | ours | compared with | time taken, ratio |", "|---|---|---|---|---|"]
        parts: list[Callable[[], Iterable[Line]]] = [
            lambda: vault_lines(folder),
            lambda: log.lines(services),
            lambda: redaction_lines(folder),
            detection.lines,
            disclosure.lines,
            lambda: upload.lines(folder, environment.of("web")),
            lambda: verification.lines(folder, environment.of("worker")),
        ]
        for part in parts:
            # Each as soon as it is known: the whole takes a while
            for line in part():
                table.append(f"| {' | '.join(line)} |")
                print(table[-1], flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    machine = f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}"
    (ROOT / "docs" / "benchmarks.md").write_text(
        f"# Benchmarks\n\nWritten by `make bench` on {datetime.now(UTC):%d/%m/%Y} ({machine}).\n\n" + "\n".join(table) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
