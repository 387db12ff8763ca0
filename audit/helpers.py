"""Processes that do the quick pass over a long log side by side, one for each processor.

Each has its own connection, which sees the very moment of the log that the caller's transaction sees (an exported snapshot). They
are plain child processes and not those of `multiprocessing`, which a Celery worker may not have. What to connect to and the keys go
to them through a pipe, then the ranges that they are to read; what they found comes back as a line of JSON with the hashes behind.
"""

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psycopg2

from audit.keyring import Key
from audit.stream import Chunk, Pass

MOST = 8
"""Processes; more than the database's own side would keep busy."""
_SIDE_BY_SIDE = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT %s"


class HelperFailed(RuntimeError):
    """A process ended before it had read what it was asked to."""


def processors() -> int:
    """How many processes are worth while here."""
    return min(len(os.sched_getaffinity(0)), MOST)


@contextmanager
def helpers(count: int, parameters: dict[str, Any], snapshot: str, keys: Sequence[Key]) -> Iterator["Helpers"]:
    """Run so many processes; they end with the block. `parameters` are psycopg2's, `snapshot` is what pg_export_snapshot() said."""
    order = {"parameters": parameters, "snapshot": snapshot, "keys": [(key.value.hex(), key.until) for key in keys]}
    pool = Helpers(count, json.dumps(order).encode() + b"\n")
    try:
        yield pool
    finally:
        pool.close()


class Helpers:
    """A thread for each process, which asks it for one chunk after the other."""

    def __init__(self, count: int, order: bytes) -> None:
        self._count, self._order = count, order
        self._mine = threading.local()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._threads = ThreadPoolExecutor(count, initializer=self._start)

    def chunks(self, ranges: Iterable[tuple[int, int]]) -> Iterator[Chunk]:
        """Yield what each range is, in order. Only a few are read ahead, so memory doesn't grow with the log."""
        waiting: deque[Future[Chunk]] = deque()
        for start, end in ranges:
            waiting.append(self._threads.submit(self._ask, start, end))
            if len(waiting) > 2 * self._count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def close(self) -> None:
        """End the processes, whatever they do."""
        for process in self._processes:
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.communicate()

    def _start(self) -> None:
        root = str(Path(__file__).resolve().parent.parent)
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
        command = [sys.executable, "-m", "audit.helpers"]
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._processes.append(process)
        self._mine.process = process
        self._write(self._order)

    def _ask(self, start: int, end: int) -> Chunk:
        self._write(f"{start} {end}\n".encode())
        process: subprocess.Popen[bytes] = self._mine.process
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        head = process.stdout.readline()
        if not head:
            assert process.stderr is not None  # noqa: S101
            raise HelperFailed(f"A process that verifies ended: {process.stderr.read().decode(errors='replace')[-2000:]}")
        told = json.loads(head)
        size = told.pop("size")
        good = {int(number): count for number, count in told.pop("good").items()}
        return Chunk(start, end, process.stdout.read(size), good=good, **told)

    def _write(self, line: bytes) -> None:
        pipe = self._mine.process.stdin
        try:
            pipe.write(line)
            pipe.flush()
        except BrokenPipeError:
            pass  # reading from it says why


def _answer(chunk: Chunk, out: IO[bytes]) -> None:
    told = {
        "size": len(chunk.hashes),
        "indexes": chunk.indexes,
        "good": chunk.good,
        "unusual": chunk.unusual,
        "first_at": chunk.first_at,
        "last_at": chunk.last_at,
        "backwards": chunk.backwards,
    }
    out.write(json.dumps(told).encode() + b"\n" + chunk.hashes)
    out.flush()


def main() -> None:
    """One of these processes: reads its orders, then ranges, until its input ends."""
    order = json.loads(sys.stdin.readline())
    connection = psycopg2.connect(**order["parameters"])
    connection.autocommit = True
    connection.set_client_encoding("UTF8")
    with connection.cursor() as cursor:
        cursor.execute(_SIDE_BY_SIDE, [order["snapshot"]])
    reader = Pass(connection, [Key(bytes.fromhex(value), until) for value, until in order["keys"]])
    for line in sys.stdin:
        start, end = map(int, line.split())
        _answer(reader.run(start, end), sys.stdout.buffer)


if __name__ == "__main__":
    main()
