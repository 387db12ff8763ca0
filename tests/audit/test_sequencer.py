"""One order for all events, whatever order they commit in, whoever is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest
from django.db import connection, transaction
from pytest_django import Settings

from audit import body as form
from audit import conf, merkle, notes, sequencer, tree
from audit.actions import SYSTEM, record, recorded
from audit.models import Checkpoint, Event, Leaf, Node, Pending
from audit.sequencer import KeysDiffer, Sequencer, TreeBroken
from audit.verify import verify
from tests.audit.conftest import Intruder, note

pytestmark = pytest.mark.django_db(transaction=True)
LOCK = sequencer.LOCK
Connect = Callable[[str], psycopg2.extensions.connection]


def order() -> list[str]:
    """The objects' ids in the order of the tree."""
    return list(Leaf.objects.order_by("leaf_index").values_list("event__object_id", flat=True))


def test_events_become_leaves_in_the_order_of_their_acts(sequencer: Sequencer) -> None:
    made = [note(number) for number in range(5)]
    assert sequencer.drain() == 5
    assert order() == ["0", "1", "2", "3", "4"]
    assert not Pending.objects.exists()
    for leaf in Leaf.objects.select_related("event"):
        assert bytes(leaf.leaf_hash) == merkle.leaf_hash(leaf.event.body.encode())
    assert made[0].created is not None


def test_the_checkpoint_is_signed_over_the_folded_root(sequencer: Sequencer) -> None:
    for number in range(7):
        note(number)
    sequencer.drain()
    frontier = merkle.Frontier()
    frontier.extend(
        [merkle.leaf_hash(body.encode()) for body in Leaf.objects.order_by("leaf_index").values_list("event__body", flat=True)]
    )
    checkpoint = Checkpoint.objects.get()
    told = notes.verify(checkpoint.note, conf.origin(), conf.public_key())
    assert (told.size, told.root) == (checkpoint.size, bytes(checkpoint.root)) == (7, frontier.root())


def test_a_checkpoint_is_signed_only_when_something_changed_and_not_too_often() -> None:
    slow = Sequencer.from_settings()
    slow.checkpoint_seconds = 3600
    note(1)
    slow.step()
    note(2)
    slow.step()
    assert [c.size for c in Checkpoint.objects.all()] == [1]
    slow.drain()
    slow.drain()
    assert [c.size for c in Checkpoint.objects.order_by("size")] == [1, 2]


def test_a_transaction_that_commits_late_is_not_left_out(sequencer: Sequencer) -> None:
    """Two transactions take positions 1 and 2, and 2 commits first."""
    taken, commit = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            note(1)
            taken.set()
            commit.wait(10)
        connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert taken.wait(10)
    note(2)
    assert sequencer.drain() == 1
    commit.set()
    thread.join()
    assert sequencer.drain() == 1
    assert order() == ["2", "1"]
    assert verify().holds


def test_batches_and_restarts_make_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "BATCH", 7)
    with transaction.atomic():
        for number in range(600):
            note(number)
    for _ in range(3):
        Sequencer.from_settings().step()
    Sequencer.from_settings().drain()
    assert order() == [str(number) for number in range(600)]
    assert sorted(Node.objects.values_list("level", "position")) == [(8, 0), (8, 1)]
    report = verify()
    assert (report.holds, report.events, report.size) == (True, 600, 600)


def test_every_event_has_a_proof_that_checks(events: list[Event]) -> None:
    for event in events:
        proof = tree.prove(event.id)
        told = notes.verify(proof.note, conf.origin(), conf.public_key())
        merkle.check_inclusion(merkle.leaf_hash(proof.body.encode()), proof.leaf_index, told.size, proof.path, told.root)
    for first in Checkpoint.objects.all():
        for second in Checkpoint.objects.filter(size__gte=first.size):
            path = tree.prove_consistency(first.size, second.size)
            merkle.check_consistency(first.size, second.size, path, bytes(first.root), bytes(second.root))


def test_an_event_without_a_checkpoint_has_no_proof_yet(sequencer: Sequencer) -> None:
    with pytest.raises(tree.NotYetProvable):
        tree.prove(note(1).id)


def test_two_sequencers_share_one_order() -> None:
    for number in range(200):
        note(number)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            mine = Sequencer.from_settings()
            mine.checkpoint_seconds = 0
            for _ in range(40):
                mine.step()
                if Pending.objects.exists():
                    time.sleep(0.001)
                else:
                    note(1000)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    Sequencer.from_settings().drain()
    assert failures == []
    report = verify()
    assert (report.findings, report.pending) == ([], 0)
    assert report.events == Event.objects.count() == Leaf.objects.count()


def test_one_that_holds_the_lock_makes_the_other_wait(sequencer: Sequencer, connect_as: Connect) -> None:
    note(1)
    other = connect_as("evidence_log")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    assert sequencer.step() == 0
    assert Pending.objects.count() == 1
    other.close()
    wait_for(lambda: sequencer.step() == 1)


def test_one_that_dies_between_leaf_and_commit_leaves_nothing(sequencer: Sequencer, monkeypatch: pytest.MonkeyPatch) -> None:
    note(1)
    sequencer.drain()
    note(2)

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Sequencer, "_sign", die)
        with pytest.raises(SystemExit):
            sequencer.step(sign_now=True)
    assert (Leaf.objects.count(), Pending.objects.count()) == (1, 1)
    assert sequencer.drain() == 1
    assert verify().holds


def test_a_lost_connection_is_made_again(
    monkeypatch: pytest.MonkeyPatch, superuser_connection: psycopg2.extensions.connection
) -> None:
    monkeypatch.setattr(sequencer, "_BACK_OFF_SECONDS", 0.1)
    stop, pids = threading.Event(), []

    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        Sequencer.from_settings().run(stop)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    note(1)
    wait_for(lambda: Leaf.objects.count() == 1)
    with superuser_connection, superuser_connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pids[0]])
    note(2)
    wait_for(lambda: Leaf.objects.count() == 2)
    stop.set()
    thread.join()
    assert verify().holds


def test_a_rewritten_tree_is_not_built_upon(events: list[Event], intruder: Intruder) -> None:
    intruder("UPDATE audit_leaf SET leaf_hash = sha256('other') WHERE leaf_index = 3")
    note(99)
    with pytest.raises(TreeBroken):
        Sequencer.from_settings().drain()
    assert Leaf.objects.count() == 10


def test_it_does_not_start_without_its_key(settings: Settings) -> None:
    audit = dict(settings.AUDIT)
    settings.AUDIT = audit | {"SIGNING_KEY": None}
    with pytest.raises(KeysDiffer):
        Sequencer.from_settings()
    settings.AUDIT = audit | {"SIGNING_KEY": bytes(32)}
    with pytest.raises(KeysDiffer):
        Sequencer.from_settings()


def test_the_process_folds_as_its_role_and_stops_when_told(
    process_environment: Callable[[str], dict[str, str]],
) -> None:
    """`manage.py sequence_log` as evidence_log: folds, survives a kill, ends with 0 on SIGTERM."""
    command = [sys.executable, "manage.py", "sequence_log"]
    environment = process_environment("sequencer")
    note(1)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as killed:
        wait_for(lambda: Checkpoint.objects.filter(size=1).exists(), killed)
        os.kill(killed.pid, signal.SIGKILL)
    note(2)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as stopped:
        wait_for(lambda: Checkpoint.objects.filter(size=2).exists(), stopped)
        note(3)
        stopped.terminate()
        output, _ = stopped.communicate(timeout=30)
    assert stopped.returncode == 0, output.decode()
    assert order() == ["1", "2", "3"], "what was pending when it was told to stop is folded"
    assert verify().holds


def in_order_of(leaves: list[str], writer: str) -> bool:
    """Whether one writer's events, numbered from 0, are all there once and in their order."""
    mine = [int(name.split("/")[1]) for name in leaves if name.startswith(f"{writer}/")]
    return bool(mine) and mine == list(range(len(mine)))


def test_two_processes_and_many_writers_leave_one_dense_verified_log(
    process_environment: Callable[[str], dict[str, str]],
) -> None:
    """Two `sequence_log` at the same time, four people at work: each event once, each writer's in their order."""
    command, environment = [sys.executable, "manage.py", "sequence_log"], process_environment("sequencer")

    def work(writer: int) -> None:
        for number in range(40):
            note(number, object_id=f"{writer}/{number}")
        connection.close()

    processes = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(2)]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == b"Sequencing the log.\n"
        threads = [threading.Thread(target=work, args=[writer]) for writer in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_for(lambda: not Pending.objects.exists(), processes[0])
    finally:
        for process in processes:
            process.terminate()
    told = [process.communicate(timeout=60)[0].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    leaves = order()
    assert all(in_order_of(leaves, str(writer)) for writer in range(4))
    assert list(Leaf.objects.order_by("leaf_index").values_list("leaf_index", flat=True)) == list(range(160))
    report = verify()
    assert (report.findings, report.events, report.pending) == ([], 160, 0)
    last = Checkpoint.objects.latest("size")
    assert last.size == 160, "what was folded last is signed"


_STUCK = """
import sys, time, django
django.setup()
from audit import sequencer
def stuck(*_):
    print("half way", flush=True)
    time.sleep(600)
setattr(sequencer if hasattr(sequencer, sys.argv[1]) else sequencer.Sequencer, sys.argv[1], stuck)
sequencer.Sequencer.from_settings().step(sign_now=True)
"""


@pytest.mark.parametrize("statement", ["_write_leaves", "_write_nodes", "_sign"])
def test_one_that_is_killed_between_two_statements_leaves_nothing_and_blocks_nobody(
    sequencer: Sequencer, process_environment: Callable[[str], dict[str, str]], statement: str
) -> None:
    note(1)
    sequencer.drain()
    for number in range(2, 6):
        note(number)
    environment = process_environment("sequencer") | {"PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", _STUCK, statement]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as stuck:
        try:
            assert stuck.stdout is not None
            assert stuck.stdout.readline() == b"half way\n"
            # It holds the lock, and what it has taken and written isn't committed: a request waits for no lock of its
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            note(6)
            with pytest.raises(tree.NotYetProvable):
                tree.prove(Event.objects.get(object_id="5").id)
            assert sequencer.step() == 0, "another one doesn't wait either"
            assert (Leaf.objects.count(), Pending.objects.count()) == (1, 5)
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
        finally:
            os.kill(stuck.pid, signal.SIGKILL)
    folded: list[int] = []
    wait_for(lambda: folded.append(sequencer.step(sign_now=True)) or folded[-1] > 0)  # type: ignore[func-returns-value]
    assert order() == ["1", "2", "3", "4", "5", "6"]
    report = verify()
    assert (report.findings, report.events, report.pending) == ([], 6, 0)


def test_a_transaction_that_was_left_open_and_ends_in_nothing_is_caught_up(
    sequencer: Sequencer, log_connection: psycopg2.extensions.connection
) -> None:
    """A sequencer's connection that has taken everything and hangs; its server gives it up at last."""
    for number in range(3):
        note(number)
    with log_connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("DELETE FROM audit_pending")
        assert cursor.rowcount == 3
        note(3)
        assert sequencer.drain() == 0
        cursor.execute("ROLLBACK")
    assert sequencer.drain() == 4
    assert order() == ["0", "1", "2", "3"]
    assert verify().holds


def test_a_late_sequencer_goes_on_from_what_the_other_has_done() -> None:
    late, other = Sequencer.from_settings(), Sequencer.from_settings()
    note(0)
    late.drain()
    for number in range(1, 300):
        note(number)
    other.drain()
    note(300)
    assert late.drain() == 1, "what it remembered of the tree is too old, and not used"
    assert order() == [str(number) for number in range(301)]
    report = verify()
    assert (report.findings, report.events, report.checkpoints) == ([], 301, 3)


def test_events_of_one_transaction_stay_in_order_among_those_of_others(sequencer: Sequencer) -> None:
    """Four transactions that write in turns, and commit in another order than they began, while batches are folded."""
    turns, writers = threading.Barrier(4), 4

    def work(writer: int) -> None:
        for round_ in range(3):
            with transaction.atomic():
                for number in range(10):
                    turns.wait(60)
                    note(number, object_id=f"{writer}/{round_ * 10 + number}")
                time.sleep(0.01 * (writers - writer))
        connection.close()

    threads = [threading.Thread(target=work, args=[writer]) for writer in range(writers)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        sequencer.step()
        time.sleep(0.005)
    sequencer.drain()
    leaves = order()
    assert len(leaves) == len(set(leaves)) == 120
    assert all(in_order_of(leaves, str(writer)) for writer in range(writers))
    assert verify().holds


def wait_for(condition: Callable[[], bool], process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait up to half a minute; fail at once when the process has ended."""
    deadline = time.monotonic() + 30
    while not condition():
        if process is not None and process.poll() is not None:
            assert process.stdout is not None
            pytest.fail(process.stdout.read().decode())
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_body_hashed_by_postgresql_is_the_body_hashed_by_python(sequencer: Sequencer) -> None:
    event = recorded(record)("thing.noted", actor=SYSTEM, after={"text": "é€😀\n\\"})
    text = Event.objects.get(id=event.id).body
    sequencer.drain()
    assert bytes(Leaf.objects.get().leaf_hash) == merkle.leaf_hash(text.encode())
    assert form.parse(text)["after"] == {"text": "é€😀\n\\"}
