"""The command `evidence-upload`, run as a process against a live site on both stores: kill -9, refusals, exit codes."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import vault
from accounts import actions as accounts
from evidence import actions
from evidence.models import Batch, Blob, Exhibit, Upload
from tests.evidence.conftest import World
from tests.factories import make_batch, make_exhibit, run_jobs
from tests.optional import requires
from tests.vault.conftest import bucket_settings
from vault.errors import Unavailable
from vault.folder import FolderStore
from vault.protocol import MIB

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parent.parent.parent / "evidence-upload"
SCOPES = ["exhibits.read", "exhibits.write", "uploads.write"]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def site(settings: Any, live_server: Any, folder_vault: Path) -> str:
    """The site's address; the vault is a folder."""
    settings.VAULT = settings.VAULT | {"PUBLIC_URL": str(live_server.url)}
    return str(live_server.url)


@pytest.fixture(params=["folder", pytest.param("s3", marks=requires("s3"))])
def any_site(request: pytest.FixtureRequest, settings: Any, site: str) -> str:
    """The same on each store in turn."""
    if request.param == "s3":
        settings.VAULT = settings.VAULT | bucket_settings() | {"PUBLIC_URL": site}
    return site


@pytest.fixture
def environment(world: World, site: str) -> dict[str, str]:
    """What the command finds: the address, and a token of the exhibits officer's."""
    token = accounts.create_api_token(world.exhibits, client="Property store", scopes=SCOPES, days=7)[1]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return kept | {"EVIDENCE_URL": site, "EVIDENCE_TOKEN": token, "PYTHONPATH": str(ROOT)}


def line(*given: object) -> list[str]:
    return [sys.executable, "-m", "evidence_upload", "--within-marking", *map(str, given)]


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Run the command to its end."""

    def call(*given: object, **more: str) -> subprocess.CompletedProcess[str]:
        env = environment | more
        return subprocess.run(line(*given), env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)

    return call


def events(ended: subprocess.CompletedProcess[str], kind: str) -> list[dict[str, Any]]:
    """What it said with --json, of one kind."""
    return [value for value in map(json.loads, ended.stdout.splitlines()) if value["event"] == kind]


def write(path: Path, size: int) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(hashlib.shake_128(path.name.encode()).digest(size))
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_goes_to_its_exhibit(world: World, any_site: str, run: Run, tmp_path: Path) -> None:
    file, exhibit = (
        write(tmp_path / "Thistlewood.ufdr", 19 * MIB + 5),
        make_exhibit(world.investigator, world.case, reference="AB/1"),
    )
    ended = run("--exhibit", exhibit.pk, "--sha256", sha256(file), file)
    assert (ended.returncode, ended.stdout) == (0, f"AB/1  {sha256(file)}  Thistlewood.ufdr\n"), ended.stderr
    run_jobs("evidence.verify")
    blob = Blob.objects.get(copy__exhibit=exhibit)
    assert (blob.state, blob.sha256, blob.original_name) == (Blob.State.VERIFIED, sha256(file), "Thistlewood.ufdr")
    again = run("--exhibit", exhibit.pk, file)
    assert (again.returncode, "already has its file" in again.stderr) == (1, True)


def test_a_folder_becomes_exhibits_in_the_order_of_its_files(world: World, any_site: str, run: Run, tmp_path: Path) -> None:
    folder, batch = tmp_path / "scene", make_batch(world.exhibits, world.case, initials="AB")
    files = [write(folder / f"{number}.jpg", 1000 + number) for number in range(1, 13)]
    write(folder / ".DS_Store", 10)
    (folder / "link").symlink_to("/etc/hostname")
    ended = run("--batch", batch.pk, "--json", folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (end,) = events(ended, "end")
    assert (end["sent"], end["failed"], end["bytes"]) == (12, 0, sum(file.stat().st_size for file in files))
    found = Blob.objects.filter(copy__exhibit__batch=batch).values_list("copy__exhibit__reference", "original_name", "sha256")
    assert set(found) == {(f"AB/{n}", f"scene/{n}.jpg", sha256(file)) for n, file in enumerate(files, start=1)}
    again = run("--batch", batch.pk, folder)
    assert (again.returncode, again.stdout.count("(sent before)")) == (0, 12)
    status = files[2].stat()
    files[2].write_bytes(b"x" * status.st_size)
    os.utime(files[2], ns=(status.st_atime_ns, status.st_mtime_ns))
    other = run("--batch", batch.pk, folder)
    assert (other.returncode, "scene/3.jpg: a file of this name, size and time was sent before" in other.stderr) == (1, True)
    assert batch.exhibits.count() == 12


def arrived(exhibit: Exhibit) -> int:
    """How many parts the store holds of its upload."""
    upload = Upload.objects.filter(blob__copy__exhibit=exhibit, state=Upload.State.OPEN).first()
    return len(vault.store().list_parts(upload.in_vault())) if upload else 0


class Gate:
    """Each part that is to be sent waits here until it is let through."""

    def __init__(self) -> None:
        self.asked, self.through = threading.Semaphore(0), threading.Semaphore(0)

    def let_one_through(self) -> bool:
        """The next, if one comes within a tenth of a second: never more than have come."""
        came = self.asked.acquire(timeout=0.1)
        if came:
            self.through.release()
        return came


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """At it, whatever asks to send a part."""
    gate, sign = Gate(), actions.sign_part

    def signed_when_let_through(*given: Any) -> Any:
        gate.asked.release()
        gate.through.acquire(timeout=120)
        return sign(*given)

    monkeypatch.setattr(actions, "sign_part", signed_when_let_through)
    return gate


def test_killed_at_any_moment_it_goes_on(
    world: World, any_site: str, run: Run, environment: dict[str, str], tmp_path: Path, gate: Gate
) -> None:
    file, exhibit = write(tmp_path / "phone.bin", 240 * MIB + 7), make_exhibit(world.investigator, world.case)
    given = ("--exhibit", exhibit.pk, "--parallel", 1, "--json", file)
    for least, end in ((1, signal.SIGKILL), (4, signal.SIGINT), (7, signal.SIGKILL)):
        wanted = max(least, arrived(exhibit) + 1)  # each sends something
        process = subprocess.Popen(line(*given), env=environment, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        # Parts are signed ahead of sending, a group of four at a time, and a group that was waiting when a process was killed goes
        # through first, to nobody. No more than these, or a quick store would have all before a slow machine looks
        left = wanted - arrived(exhibit) + 8
        while arrived(exhibit) < wanted and process.poll() is None and time.monotonic() < deadline:
            left -= left > 0 and gate.let_one_through()
        process.send_signal(end)
        assert process.wait(timeout=20) == (130 if end == signal.SIGINT else -9)
    gate.through.release(1000)
    held = arrived(exhibit)
    assert 7 <= held < 31
    ended = run(*given)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (sent,) = events(ended, "sent")
    # Not a part that had arrived was sent again
    assert sent["kept"] >= held * 8 * MIB
    run_jobs("evidence.verify")
    blob = Blob.objects.get(copy__exhibit=exhibit)
    assert (blob.state, blob.sha256) == (Blob.State.VERIFIED, sha256(file))


def begin(world: World, exhibit: Exhibit, file: Path) -> Upload:
    """An upload of which the first part has arrived."""
    upload = actions.open_upload(world.investigator, exhibit, size=file.stat().st_size, name="x")
    piece = file.read_bytes()[: upload.part_size]
    actions.sign_part(world.investigator, upload, 1, len(piece), hashlib.md5(piece).hexdigest(), hashlib.sha256(piece).hexdigest())
    vault.store().store_part(upload.in_vault(), 1, piece)
    return upload


def test_another_file_is_refused_and_none_of_it_sent(world: World, site: str, run: Run, tmp_path: Path) -> None:
    file, exhibit = write(tmp_path / "a.bin", 17 * MIB), make_exhibit(world.investigator, world.case)
    upload = begin(world, exhibit, write(tmp_path / "b.bin", 17 * MIB))
    ended = run("--exhibit", exhibit.pk, "--json", file)
    (failed,) = events(ended, "failed")
    assert (ended.returncode, failed["code"]) == (1, "another_file")
    assert "part 1 is the first that differs" in failed["error"]
    assert [part.number for part in vault.store().list_parts(upload.in_vault())] == [1]
    again = run("--exhibit", exhibit.pk, "--restart", file)
    assert again.returncode == 0, again.stderr
    assert Blob.objects.get(copy__exhibit=exhibit, state=Blob.State.RECEIVED).sha256 == sha256(file)


@pytest.mark.parametrize("size", [17 * MIB + 1, 5])
def test_a_file_that_changes_meanwhile_is_not_accepted(
    world: World, site: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    # More than is in memory at once, so that a file that was cut is met while it is still read
    file, exhibit = tmp_path / "growing.log", make_exhibit(world.investigator, world.case)
    file.write_bytes(b"")
    os.truncate(file, 17 * MIB if size > 17 * MIB else 200 * MIB)
    take = FolderStore.receive_part

    def and_change(self: FolderStore, *given: Any) -> str:
        os.truncate(file, size)
        return take(self, *given)

    monkeypatch.setattr(FolderStore, "receive_part", and_change)
    ended = run("--exhibit", exhibit.pk, "--json", file)
    assert (ended.returncode, events(ended, "failed")[0]["code"]) == (1, "file_changed")
    assert Upload.objects.get().state == Upload.State.OPEN
    monkeypatch.undo()


def test_errors_of_the_site_and_its_store_are_waited_out(
    world: World, site: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble = {"open_upload": 1, "receive_part": 2, "complete": 1}
    for name in list(trouble):
        work = getattr(FolderStore, name)

        def sometimes(self: FolderStore, *given: Any, name: str = name, work: Any = work) -> Any:
            trouble[name] -= 1
            if trouble[name] >= 0:
                raise Unavailable("The store can't be reached; try again later.")
            return work(self, *given)

        monkeypatch.setattr(FolderStore, name, sometimes)
    file, exhibit = write(tmp_path / "a.bin", 9 * MIB), make_exhibit(world.investigator, world.case)
    ended = run("--exhibit", exhibit.pk, file)
    assert ended.returncode == 0, ended.stderr
    assert Blob.objects.get(copy__exhibit=exhibit).sha256 == sha256(file)


def test_where_nobody_answers_it_ends_and_says_to_run_it_again(world: World, site: str, run: Run, tmp_path: Path) -> None:
    file, exhibit = write(tmp_path / "a.bin", 10), make_exhibit(world.investigator, world.case)
    ended = run("--exhibit", exhibit.pk, "--patience", 0.01, file, EVIDENCE_URL="http://localhost:9")
    assert ended.returncode == 4
    assert "run the same command again" in ended.stderr


def test_what_was_stated_must_be_what_is_sent(world: World, site: str, run: Run, tmp_path: Path) -> None:
    folder, batch = tmp_path / "scene", make_batch(world.exhibits, world.case)
    files = [write(folder / f"{number}.jpg", 100) for number in (1, 2)]
    sums = tmp_path / "sums"
    sums.write_text(f"{sha256(files[0])}  1.jpg\n{'0' * 64}  2.jpg\n")
    ended = run("--batch", batch.pk, "--sums", sums, folder)
    assert (ended.returncode, "scene/1.jpg" in ended.stdout) == (1, True)
    assert "which was stated when its upload was opened" in ended.stderr
    sums.write_text(f"{sha256(files[0])}  1.jpg\n")
    assert (missing := run("--batch", batch.pk, "--sums", sums, folder)).returncode == 2
    assert "does not list scene/2.jpg" in missing.stderr


@pytest.mark.parametrize(
    ("given", "more", "code", "says"),
    [
        (["a.bin"], {"EVIDENCE_TOKEN": "wrong"}, 3, "Invalid token"),
        (["a.bin"], {"EVIDENCE_TOKEN": ""}, 2, "set EVIDENCE_TOKEN"),
        (["--token-file", "open", "a.bin"], {}, 2, "others can read open: run chmod 600"),
        (["--token-file", "own", "a.bin"], {"EVIDENCE_TOKEN": ""}, 3, "Invalid token"),
        (["a.bin"], {"EVIDENCE_URL": "http://evidence.example"}, 2, "over https only"),
        (["absent"], {}, 2, "absent is not there"),
        (["."], {}, 2, "an exhibit has one file"),
        (["--sha256", "abc", "a.bin"], {}, 2, "64 hexadecimal digits"),
        (["empty"], {}, 1, "the file is empty"),
    ],
)
def test_what_cannot_be_is_said(
    world: World, site: str, run: Run, tmp_path: Path, given: list[str], more: dict[str, str], code: int, says: str
) -> None:
    write(tmp_path / "a.bin", 10)
    write(tmp_path / "empty", 0)
    for name, mode in (("open", 0o644), ("own", 0o600)):
        (tmp_path / name).write_text("wrong\n")
        (tmp_path / name).chmod(mode)
    ended = run("--exhibit", make_exhibit(world.investigator, world.case).pk, *given, **more)
    assert (ended.returncode, says in ended.stderr) == (code, True), ended.stderr


def test_whoever_is_not_on_the_case_finds_nothing(world: World, site: str, run: Run, tmp_path: Path) -> None:
    token = accounts.create_api_token(world.stranger, client="Elsewhere", scopes=SCOPES, days=7)[1]
    batch = make_batch(world.exhibits, world.case)
    ended = run("--batch", batch.pk, write(tmp_path / "a.bin", 10), EVIDENCE_TOKEN=token)
    assert (ended.returncode, "there is no such exhibit or batch" in ended.stderr) == (1, True)
    assert not Batch.objects.get().exhibits.exists()


def test_it_is_one_file_without_packages_that_runs_anywhere(environment: dict[str, str], tmp_path: Path) -> None:
    made = tmp_path / "evidence-upload"
    built = [sys.executable, "-m", "zipapp", str(ROOT), "-m", "evidence_upload.__main__:main", "-o", str(made)]
    subprocess.run(built, check=True)
    # -I: nothing of this environment is seen, so that an import from outside the standard library would fail
    ended = subprocess.run([sys.executable, "-I", "-S", made, "--version"], capture_output=True, text=True, check=True)
    assert ended.stdout == "evidence-upload 1.0.0\n"
