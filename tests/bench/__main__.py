"""``python -m tests.bench [PART…]``: measure, print the tables, and write them to docs/benchmarks.md.

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
from tests.bench import case_pages, detection, disclosure, editing, faces, log, redaction, streaming, upload, verification

ROOT = Path(__file__).parent.parent.parent
MIB = 1024 * 1024
PAGES = int(os.environ.get("BENCH_PAGES") or 500)  # of the PDF that is redacted
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


def _rate(what: str, size: int, ours: float, against: str, theirs: float) -> Line:
    mib = size // MIB
    return (what, f"{mib} MiB", f"{mib / ours:.0f} MiB/s", f"{mib / theirs:.0f} MiB/s ({against})", f"{ours / theirs:.1f}×")


def _write(part: str, table: list[str]) -> None:
    """Put a part's table into docs/benchmarks.md, in place of the one that was there."""
    path = ROOT / "docs" / "benchmarks.md"
    sections = dict.fromkeys(PARTS, "")
    for section in path.read_text().split("\n## ")[1:] if path.exists() else ():
        name, _, text = section.partition("\n")
        sections[name] = text.strip()
    machine = f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}"
    sections[part] = "\n".join([f"Measured on {datetime.now(UTC):%d/%m/%Y} ({machine}).", "", *table])
    told = [f"## {name}\n{text}" for name, text in sections.items() if text]
    path.write_text("\n\n".join(['# Benchmarks\n\nWritten by `make bench` (PARTS="..." for some).', *told]) + "\n")


PARTS: dict[str, Callable[[Path, Services, Environment], Iterable[Line]]] = {
    "vault": lambda folder, services, environment: vault_lines(folder),
    "log": lambda folder, services, environment: log.lines(services),
    "redaction": lambda folder, services, environment: redaction.lines(PAGES),
    "editing": lambda folder, services, environment: editing.lines(folder, environment.of("web")),
    "detection": lambda folder, services, environment: detection.lines(),
    "faces": lambda folder, services, environment: faces.lines(),
    "streaming": lambda folder, services, environment: streaming.lines(),
    "disclosure": lambda folder, services, environment: disclosure.lines(),
    "pages": lambda folder, services, environment: case_pages.lines(services),
    "upload": lambda folder, services, environment: upload.lines(folder, environment.of("web")),
    "verification": lambda folder, services, environment: verification.lines(folder, environment.of("worker")),
}


def main() -> int:
    """Measure everything, or the parts given, in a temporary folder with a PostgreSQL that is as durable as production's."""
    wanted = sys.argv[1:] or list(PARTS)
    unknown = set(wanted) - set(PARTS)
    if unknown:
        print(f"No such part: {', '.join(sorted(unknown))}. There are {', '.join(PARTS)}.")
        return 2
    folder = Path(tempfile.mkdtemp(prefix="evidence-bench-", dir="/var/tmp"))
    services = Services(folder)
    with services:
        environment = Environment(services, "http://localhost:8000", "http://localhost:8001")
        os.environ.update(environment.settings("sequencer") | environment.settings("migrate"))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("grant_roles", verbosity=0)
        for part in wanted:
            table = ["| what | n | ours | compared with | time taken, ratio |", "|---|---|---|---|---|"]
            # Each as soon as it is known: the whole takes a while
            for line in PARTS[part](folder, services, environment):
                table.append(f"| {' | '.join(line)} |")
                print(table[-1], flush=True)
            _write(part, table)
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
