"""The log: appending, sequencing, verifying, proving. Sizes by BENCH_APPENDS, BENCH_EVENTS and BENCH_LEAVES.

`pymerkle` (GPL) is only ever measured in a process of its own, from the path that BENCH_PYMERKLE names: a folder that it was
installed into (`pip install --target`), or one with its wheel and that of `cachetools`, which version 7 needs. For ten million
leaves its trees take many minutes and gigabytes, so it is given a million at most, which is in its favour. Ours is compared with
its tree on disk (SQLite); its tree in memory is named beside it. Without it a plain recursive reference over the same hashes in
memory stands in, and the table says so.
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2

from demo.services import SUPERUSER, Services

Line = tuple[str, str, str, str, str]
APPENDS = int(os.environ.get("BENCH_APPENDS", "3000"))
EVENTS = int(os.environ.get("BENCH_EVENTS", "1000000"))
LEAVES = int(os.environ.get("BENCH_LEAVES", "10000000"))
PROOFS = 300

_PYMERKLE = """
import sys, time
from pymerkle import InmemoryTree, SqliteTree
count, proofs = int(sys.argv[1]), int(sys.argv[2])
for tree in (SqliteTree(sys.argv[3], algorithm="sha256"), InmemoryTree(algorithm="sha256")):
    tree.append_entries([b"%d" % number for number in range(count)])
    places = [number * (count // proofs) for number in range(proofs)]
    for place in places:
        tree.prove_inclusion(place + 2, count)  # beside each, so that both meet a warm cache
    begin = time.perf_counter()
    for place in places:
        tree.prove_inclusion(place + 1, count)
    print((time.perf_counter() - begin) / proofs)
"""


def lines(services: Services) -> Iterator[Line]:
    """All of it, on a database that has been migrated."""
    yield _append()
    yield from _sequence_and_verify(services)
    yield from _prove(services)


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _append() -> Line:
    """One event and one commit at a time, against INSERTs of the same bytes; in turns, so that all meet the same disk.

    An event is there for a change that it commits together with, so it needs BEGIN and COMMIT: two round trips more than a
    statement alone, which is measured too.
    """
    from django.db import connection, transaction

    from audit.actions import Actor, record, recorded
    from audit.models import EventDetail

    actor, append = Actor(uuid.uuid4(), "DC Ann Example 1234"), recorded(record)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_plain (id uuid, body text, hmac bytea, salt bytea, detail text)")
    event = append("bench.done", actor=actor, object_type="bench", object_id=0, after={"number": 0}, detail={"name": "A name"})
    detail = EventDetail.objects.get(pk=event.pk)
    values: list[Any] = [event.pk, event.body, bytes(event.hmac), bytes(detail.salt), detail.detail]

    def ours() -> None:
        append("bench.done", actor=actor, object_type="bench", object_id=0, after={"number": 0}, detail={"name": "A name"})

    def plain() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_plain VALUES (%s, %s, %s, %s, %s)", values)

    def in_transaction() -> None:
        with transaction.atomic():
            plain()

    spent = [0.0, 0.0, 0.0]
    for _ in range(APPENDS):
        for number, work in enumerate((ours, in_transaction, plain)):
            spent[number] += _seconds(work)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_plain")
    mine, theirs, bare = (APPENDS / each for each in spent)
    return (
        "log: append an event, commit included (goal ≥ 0.8×)",
        f"{APPENDS:,} events",
        f"{mine:,.0f}/s",
        f"{theirs:,.0f}/s (INSERT of the same bytes in a transaction, as an event is); {bare:,.0f}/s (one statement alone)",
        f"{mine / theirs:.2f}× its rate; {mine / bare:.2f}×",
    )


def _sequence_and_verify(services: Services) -> Iterator[Line]:
    """Folding as many events as wait, then verifying them all, against hashing leaves and nodes of the same bodies in memory."""
    from audit import helpers, merkle, stream
    from audit.models import Event
    from audit.sequencer import Sequencer
    from audit.verify import verify

    Sequencer.from_settings().drain()
    _fill_events(services, EVENTS)
    folding = _seconds(Sequencer.from_settings().drain)
    yield (
        "log: give events their place, sign (goal ≥ 20,000/s)",
        f"{EVENTS:,} events",
        f"{EVENTS / folding:,.0f}/s",
        "–",
        f"{EVENTS / folding / 20_000:.2f}× the goal",
    )
    bodies = [body.encode() for body in Event.objects.order_by("leaf__leaf_index").values_list("body", flat=True).iterator()]

    def in_memory() -> None:
        frontier = merkle.Frontier()
        for start in range(0, len(bodies), stream.CHUNK):
            frontier.extend([merkle.leaf_hash(body) for body in bodies[start : start + stream.CHUNK]])

    def everything() -> None:
        report = verify()
        assert report.holds, report.findings[:3]

    least = _seconds(in_memory)
    bodies.clear()
    reading, ours = _seconds(_read_alone), _seconds(everything)
    against = f"{EVENTS / least:,.0f}/s (leaf and node hashes of the same bodies, in memory, by one processor)"
    yield (
        "log: the COPY of a verification alone, nothing looked at (no goal)",
        f"{EVENTS:,} events",
        f"{EVENTS / reading:,.0f}/s",
        against,
        f"{reading / least:.1f}× its time",
    )
    yield (
        "log: verify every event, detail, HMAC, column, node and checkpoint (goal ≤ 2×)",
        f"{EVENTS:,} events",
        f"{EVENTS / ours:,.0f}/s ({helpers.processors()} processes)",
        against,
        f"{ours / least:.1f}× its time",
    )


def _read_alone() -> None:
    """What PostgreSQL needs to give out what a verification reads, over one connection."""
    from django.db import connection, transaction

    from audit import stream

    class Nowhere:
        def write(self, row: bytes) -> None:
            pass

    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, EVENTS, stream.CHUNK):
            stream.copy(cursor.cursor, start, start + stream.CHUNK, Nowhere())


def _fill_events(services: Services, count: int) -> None:
    """Events as `record` makes them, by COPY: what is measured comes after."""
    from audit import body as form
    from audit import conf

    now = form.instant(datetime.now(UTC))
    key, actor, action = conf.hmac_keys()[0], str(uuid.uuid4()), str(uuid.uuid4())
    events, details, pending = io.StringIO(), io.StringIO(), io.StringIO()
    connection = psycopg2.connect(services.postgres.url(SUPERUSER))
    with connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for number in range(count):
            event_id, salt = str(form.new_id(datetime.now(UTC))), os.urandom(form.SALT_SIZE)
            detail = form.detail_text("DC Ann Example 1234", {"name": f"Thing {number}"})
            body = (
                f'{{"action":"{action}","actor":"{actor}","after":{{"number":{number},"state":"verified"}},'
                f'"at":"{now}","before":{{"state":"stored"}},"case":null,'
                f'"detail_hash":"{form.detail_hash(salt, detail)}","id":"{event_id}","object_id":"{action}",'
                f'"object_type":"exhibit","organisation":null,"request":"{action}","seq":0,"v":1,"verb":"thing.noted"}}'
            )
            events.write(f"{event_id}\t{body}\t\\\\x{form.seal(body, key).hex()}\n")
            details.write(f"{event_id}\t\\\\x{salt.hex()}\t{detail}\n")
            pending.write(f"{event_id}\n")
            if number % 50_000 == 49_999 or number == count - 1:
                for table, text in (
                    ("audit_event (id, body, hmac)", events),
                    ("audit_eventdetail (event_id, salt, detail)", details),
                    ("audit_pending (event_id)", pending),
                ):
                    text.seek(0)
                    cursor.copy_expert(f"COPY {table} FROM STDIN", text)
                    text.seek(0)
                    text.truncate()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def _prove(services: Services) -> Iterator[Line]:
    """A proof's path in a large tree: in all, and without the one query that reads its nodes."""
    from django.db import connection

    from audit import merkle, tree

    _fill_leaves(services, LEAVES)
    places = [number * (LEAVES // PROOFS) for number in range(PROOFS)]
    root = tree.frontier(LEAVES).root()
    queries = [0.0]

    def timed(execute: Callable[..., object], *rest: object) -> object:
        begin = time.perf_counter()
        try:
            return execute(*rest)
        finally:
            queries[0] += time.perf_counter() - begin

    for place in places:
        tree.inclusion_path(place + 1, LEAVES)  # beside each, so that both meet a warm cache
    with connection.execute_wrapper(timed):
        begin = time.perf_counter()
        for place in places:
            path = tree.inclusion_path(place, LEAVES)
        whole = (time.perf_counter() - begin) / PROOFS
    merkle.check_inclusion(hashlib.sha256(b"%d" % places[-1]).digest(), places[-1], LEAVES, path, root)
    theirs, name = _peer()
    yield (
        "log: prove inclusion (goal: faster, and ≤ 1 ms + one query)",
        f"{LEAVES:,} leaves",
        f"{whole * 1000:.2f} ms, of which one query {queries[0] / PROOFS * 1000:.2f} ms",
        f"{theirs * 1000:.2f} ms ({name})",
        f"{whole / theirs:.3f}× its time",
    )


def _peer() -> tuple[float, str]:
    path = os.environ.get("BENCH_PYMERKLE", "")
    if path:
        leaves = min(LEAVES, 1_000_000)
        places = [path, *map(str, Path(path).glob("*.whl"))] if Path(path).is_dir() else [path]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-c", _PYMERKLE, str(leaves), str(PROOFS), str(Path(folder) / "tree")]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        on_disk, in_memory = map(float, done.stdout.split())
        return on_disk, f"pymerkle, {leaves:,} leaves on disk; with all of them in memory {in_memory * 1000:.2f} ms"
    hashes = [hashlib.sha256(b"%d" % number).digest() for number in range(min(LEAVES, 1_000_000))]

    def naive() -> None:
        level = hashes
        while len(level) > 1:
            pairs = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
            level = pairs + level[len(pairs) * 2 :]

    return _seconds(naive) * LEAVES / len(hashes), "hashing the tree anew from leaf hashes in memory; pymerkle was not there"


def _fill_leaves(services: Services, count: int) -> None:
    """A tree of so many leaves in place of what is there; the events behind them are left out."""
    from audit import merkle, tree

    connection = psycopg2.connect(services.postgres.url(SUPERUSER))
    with connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM audit_leaf")
        cursor.execute("DELETE FROM audit_node")
        cursor.execute(
            "INSERT INTO audit_leaf (leaf_index, event_id, leaf_hash)"
            # Ids that grow, as those of events do
            " SELECT number, lpad(to_hex(number), 32, '0')::uuid, sha256(convert_to(number::text, 'UTF8'))"
            " FROM generate_series(0, %s) number",
            [count - 1],
        )
        frontier, text = merkle.Frontier(), io.StringIO()
        for start in range(0, count, 100_000):
            leaves = [hashlib.sha256(b"%d" % number).digest() for number in range(start, min(start + 100_000, count))]
            for level, index, node in frontier.extend(leaves, tree.STEP):
                text.write(f"{level}\t{index}\t\\\\x{node.hex()}\n")
        text.seek(0)
        cursor.copy_expert("COPY audit_node (level, position, hash) FROM STDIN", text)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_leaf")
        cursor.execute("VACUUM ANALYZE audit_node")
    connection.close()


def main() -> int:
    """These alone: ``python -m tests.bench.log``."""
    import shutil

    from demo.environment import Environment

    folder = Path(tempfile.mkdtemp(prefix="evidence-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    services = Services(folder)
    with services:
        environment = Environment(services, "http://localhost:8000", "http://localhost:8001")
        os.environ.update(environment.settings("sequencer") | environment.settings("migrate"))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        for line in lines(services):
            print(" | ".join(line), flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
