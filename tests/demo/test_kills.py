"""kill -9 of every process, again and again, while files are on their way: nothing that was acknowledged is lost, nothing is
called verified that isn't, and in the end everything is verified.

KILLS=50 says how often (8 by default, 50 in CI); KILLS_SEED=n repeats a run's choices, which are printed.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import secrets
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from celery import Celery

from demo.environment import Process
from demo.services import SUPERUSER, ServiceFailed
from demo.stack import Stack
from tests.optional import requires
from tests.stacks import copy_migrated

KILLS = int(os.environ.get("KILLS") or (50 if os.environ.get("CI") == "true" else 8))
SEED = int(os.environ.get("KILLS_SEED") or secrets.randbelow(1_000_000))
OURS: tuple[Process, ...] = ("web", "worker", "beat", "sequencer")
SIZES = (200_000, 9 * 1024 * 1024, 17 * 1024 * 1024)  # one, two and three parts
SETTLE_SECONDS = 300
_CEPH = Path(__file__).parent.parent.parent / ".ci" / "ceph"

PREPARE = """
import django; django.setup()
import json
from accounts.actions import create_api_token
from accounts.models import Role
from tests.factories import make_case, make_user
user = make_user(Role.INVESTIGATOR)
_, token = create_api_token(user, client="test", scopes=["exhibits.read", "exhibits.write", "uploads.write"], days=1)
print(json.dumps({"token": token, "case": str(make_case(user).pk)}))
"""
LOOK = """
import django; django.setup()
import hashlib, json
import vault
from audit.models import Event
from evidence.models import Blob, CustodyEvent
said = []
for blob in Blob.objects.all():
    digest = hashlib.sha256()
    for piece in vault.store().read(blob.key, blob.version_id):
        digest.update(piece)
    events = [event.after["result"] for event in Event.objects.about("blob", blob.pk).filter(verb="blob.verified")]
    said.append({
        "state": blob.state, "sha256": blob.sha256, "stored": digest.hexdigest(), "events": events,
        "checks": [[check.result, check.found] for check in blob.verifications.all()],
        "custody": CustodyEvent.objects.filter(exhibit=blob.exhibit, kind="verified").count(),
    })
print(json.dumps(said))
"""


class Gone(Exception):
    """What the service had acknowledged is not there any more."""


class NotYet(Exception):
    """The service can't answer now."""


@dataclass
class Sender(threading.Thread):
    """Sends files one after the other, as `evidence-upload` or a browser would: whatever breaks off is tried again, but a
    part that was acknowledged is never sent again.
    """

    url: str
    token: str
    case: str
    name_: str
    rng: random.Random
    stop: threading.Event
    sent: dict[str, str] = field(default_factory=dict)
    acknowledged: int = 0
    failed: list[BaseException] = field(default_factory=list)

    def __hash__(self) -> int:
        return id(self)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        number = 0
        try:
            while not self.stop.is_set():
                number += 1
                self._send(f"{self.name_}/{number}", self.rng.randbytes(self.rng.choice(SIZES)))
        except BaseException as error:  # the test's own thread raises it
            self.failed.append(error)

    def _send(self, reference: str, data: bytes) -> None:
        exhibit = self.keep_on(lambda: self._exhibit(reference))
        upload = self.keep_on(lambda: self._ask("POST", f"/api/exhibits/{exhibit}/uploads/", {"size": len(data), "name": "f"}))
        address, size = f"/api/uploads/{upload['id']}/", upload["part_size"]
        count = -(-len(data) // size)
        for number in range(1, count + 1):
            self.keep_on(lambda n=number: self._part(address, n, data[(n - 1) * size : n * size]))  # type: ignore[misc]
            self.acknowledged += 1
            held = {part["number"] for part in self.keep_on(lambda: self._ask("GET", address))["parts"]}
            if not held >= set(range(1, number + 1)):
                raise Gone(f"of {reference}, parts 1 to {number} were acknowledged, and now there are {held}")
        whole = hashlib.sha256(data).hexdigest()
        try:
            self.keep_on(lambda: self._ask("POST", f"{address}complete/", {"sha256": whole}))
        except urllib.error.HTTPError as error:
            raise Gone(f"{reference} can't be completed: {error.read()!r}") from error
        self.sent[whole] = reference

    def _exhibit(self, reference: str) -> str:
        body = {
            "reference": reference,
            "kind": "document",
            "description": "A document",
            "seized_at": "2026-11-03T09:30:00Z",
            "seized_where": "Wexcombe",
            "seized_by": "PC 2914",
            "within_marking": True,
        }
        try:
            return str(self._ask("POST", f"/api/cases/{self.case}/exhibits/", body)["id"])
        except urllib.error.HTTPError:
            # An answer was lost: it was booked in
            listed = self._ask("GET", f"/api/cases/{self.case}/exhibits/?page_size=200")
            found = {row["reference"]: row["id"] for row in listed["results"]}
            while reference not in found and listed.get("next"):
                listed = self._ask("GET", listed["next"].removeprefix(self.url))
                found |= {row["reference"]: row["id"] for row in listed["results"]}
            return str(found[reference])

    def _part(self, address: str, number: int, piece: bytes) -> None:
        digests = {"md5": hashlib.md5(piece).hexdigest(), "sha256": hashlib.sha256(piece).hexdigest()}
        signed = self._ask("POST", f"{address}parts/", {"number": number, "length": len(piece), **digests})
        request = urllib.request.Request(signed["url"], data=piece, method="PUT", headers=signed["headers"])
        self._open(request)
        try:
            self._ask("POST", f"{address}parts/{number}/stored/", {})
        except urllib.error.HTTPError as error:
            raise NotYet("the part has not arrived") from error

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        return json.loads(self._open(urllib.request.Request(self.url + path, data, headers, method=method)))

    @staticmethod
    def _open(request: urllib.request.Request) -> bytes:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            if error.code >= 500:
                raise NotYet(str(error.code)) from error
            raise
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise NotYet(type(error).__name__) from error

    @staticmethod
    def keep_on(call: Callable[[], Any]) -> Any:
        """Try until it is done."""
        deadline = time.monotonic() + 180
        while True:
            try:
                return call()
            except NotYet:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)


@dataclass
class Machine:
    """The product's processes, and somebody who starts again whatever has died, as every operator's supervisor does."""

    stack: Stack
    ceph: Path | None
    killed: Counter[str] = field(default_factory=Counter)

    @property
    def victims(self) -> tuple[str, ...]:
        """What can be killed here."""
        return (*OURS, "PostgreSQL", "Valkey", *(("radosgw",) if self.ceph else ()))

    def kill(self, victim: str) -> None:
        """kill -9, then start it again."""
        self.killed[victim] += 1
        for process in OURS:
            if victim == process:
                self.stack.kill_process(process)
                self.stack.start_process(process)
        if victim in ("PostgreSQL", "Valkey"):
            self._kill_service(victim)
        if victim == "radosgw" and self.ceph is not None:
            pid_file = self.ceph / "client.rgw.pid"
            os.kill(int(pid_file.read_text()), signal.SIGKILL)
            environment = os.environ | {"CEPH_CONF": str(self.ceph / "ceph.conf")}
            subprocess.run(["radosgw", "-n", "client.rgw"], env=environment, check=True, capture_output=True, timeout=60)

    def _kill_service(self, name: str) -> None:
        service = self.stack.services.postgres if name == "PostgreSQL" else self.stack.services.valkey
        assert service.process is not None
        service.process.kill()
        service.process.wait()
        for _ in range(40):
            # Its children take a moment to notice that it is gone, and until then hold its memory
            with suppress(ServiceFailed):
                service.start()
                return
            time.sleep(0.25)
        raise AssertionError(f"{name} did not start again")

    def look_after(self) -> None:
        """Start what ended by itself."""
        for process in OURS:
            running = self.stack._running.get(process)
            if running is not None and running.poll() is not None:
                self.stack.stop_process(process)
                self.stack.start_process(process)

    def query(self, sql: str) -> list[Any]:
        """Ask the database itself."""
        connection = psycopg2.connect(self.stack.services.postgres.url(SUPERUSER))
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def nothing_is_verified_that_is_not(self) -> None:
        """At any moment: who is called verified has a check that found exactly its hash."""
        assert not self.query(
            "SELECT b.id FROM evidence_blob b WHERE b.state = 'verified' AND NOT EXISTS (SELECT 1 FROM evidence_verification v"
            " WHERE v.blob_id = b.id AND v.result = 'match' AND v.found = b.sha256 AND v.expected = b.sha256)"
        )
        assert not self.query("SELECT id FROM evidence_blob WHERE state = 'quarantined'")

    def ask_for_checks(self) -> None:
        """What beat does every ten minutes: a check whose worker died five times is asked for again."""
        with Celery(broker=self.stack.services.valkey.url()) as app:
            app.send_task("evidence.recheck", queue="quick")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not `tmp_path`: PostgreSQL, which won't run as root, could not enter it."""
    with tempfile.TemporaryDirectory(prefix="evidence-kills-") as made:
        copy_migrated(Path(made))
        yield Path(made)


@pytest.fixture
def ceph() -> Iterator[Path]:
    """A store of this test's own, whose gateway may be killed."""
    folder = Path(tempfile.mkdtemp(prefix="evidence-kills-ceph-"))
    try:
        printed = subprocess.run([_CEPH, "start", folder], check=True, stdout=subprocess.PIPE, text=True, timeout=180).stdout
        (folder / "endpoint").write_text(printed.split("S3_TEST_ENDPOINT=")[1].splitlines()[0])
        yield folder
    finally:
        subprocess.run([_CEPH, "stop", folder], check=False)


def test_on_a_folder(folder: Path) -> None:
    run(folder, None, max(8, KILLS // 5))


@requires("s3")
def test_on_s3(folder: Path, ceph: Path) -> None:
    run(folder, ceph, KILLS)


def run(folder: Path, ceph: Path | None, kills: int) -> None:
    """Senders at work, kills at random moments, then peace until all is verified."""
    print(f"KILLS={kills} KILLS_SEED={SEED}")
    extra = {"WEB_WORKERS": "1"}
    if ceph is not None:
        endpoint = (ceph / "endpoint").read_text()
        extra |= {"VAULT_BACKEND": "s3", "S3_ENDPOINT_URL": endpoint, "S3_PUBLIC_ENDPOINT_URL": endpoint}
        extra |= {"S3_BUCKET": "evidence", "S3_ACCESS_KEY": "tests", "S3_SECRET_KEY": "tests-secret", "S3_REGION": "us-east-1"}
    rng = random.Random(SEED)
    with Stack(folder, servers=OURS, extra=extra) as stack:
        machine = Machine(stack, ceph)
        if ceph is not None:
            stack.manage("make_bucket")
        known = json.loads(stack.run("web", "-c", PREPARE))
        stop = threading.Event()
        senders = [
            Sender(stack.public_url, known["token"], known["case"], name, random.Random(rng.random()), stop)
            for name in ("AA", "BB")
        ]
        for sender in senders:
            sender.start()
        for number in range(kills):
            time.sleep(rng.uniform(0.1, 2))
            # All in turn, in an order of chance
            victims = machine.victims
            machine.kill(random.Random(f"{SEED} {number // len(victims)}").sample(victims, len(victims))[number % len(victims)])
            machine.look_after()
            if number % 5 == 0:
                machine.nothing_is_verified_that_is_not()
        stop.set()
        _settle(machine, senders)
        said = json.loads(stack.run("web", "-c", LOOK))
        stack.manage("audit_verify")
        print(f"{sum(machine.killed.values())} kills: {dict(machine.killed)}; {len(said)} files", end="; ")
        print(f"{sum(sender.acknowledged for sender in senders)} parts acknowledged; seed {SEED}")
    sent = {sha256 for sender in senders for sha256 in sender.sent}
    assert sent
    assert sorted(blob["sha256"] for blob in said) == sorted(sent)
    for blob in said:
        assert blob["state"] == "verified"
        assert blob["stored"] == blob["sha256"]
        assert blob["checks"].count(["match", blob["sha256"]]) == len(blob["events"])
        assert [result for result, _ in blob["checks"] if result not in ("match", "unchecked")] == []
        assert blob["custody"] == 1


def _settle(machine: Machine, senders: list[Sender]) -> None:
    deadline, asked = time.monotonic() + SETTLE_SECONDS, time.monotonic()
    for sender in senders:
        while sender.is_alive():
            assert time.monotonic() < deadline, "a file could not be sent to its end"
            machine.look_after()
            sender.join(0.5)
        if sender.failed:
            raise sender.failed[0]
    while waiting := machine.query("SELECT state, count(*) FROM evidence_blob WHERE state <> 'verified' GROUP BY state"):
        assert time.monotonic() < deadline, f"not verified in the end: {waiting}"
        machine.look_after()
        if time.monotonic() - asked > 20:
            machine.ask_for_checks()
            asked = time.monotonic()
        time.sleep(0.5)
    machine.nothing_is_verified_that_is_not()
    while machine.query("SELECT 1 FROM audit_pending LIMIT 1"):
        assert time.monotonic() < deadline, "events wait for their place in the log"
        machine.look_after()
        time.sleep(0.5)
