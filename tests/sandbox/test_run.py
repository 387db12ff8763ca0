"""The sandbox: what comes back, what is refused, and that the caller lives through all of it."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

import sandbox
from sandbox import Limits

ROOT = Path(__file__).resolve().parents[2]
PROBES = "tests.sandbox.probes:"


def test_it_returns_the_value() -> None:
    assert sandbox.run(PROBES + "echo", {"a": [1, "é", None]}) == {"a": [1, "é", None]}


def test_it_reads_a_file_given_by_path_or_by_descriptor(tmp_path: Path) -> None:
    paper = tmp_path / "secret name.txt"
    paper.write_text("contents")
    assert sandbox.run(PROBES + "read", {}, files={"paper": paper}) == "contents"
    with paper.open("rb") as file:
        assert sandbox.run(PROBES + "read", {}, files={"paper": file.fileno()}) == "contents"


def test_it_starts_in_an_empty_folder_and_writes_to_the_callers(tmp_path: Path) -> None:
    assert sandbox.run(PROBES + "write", {}, output=tmp_path) == []
    assert (tmp_path / "out.txt").read_text() == "written inside"


def test_it_reports_progress() -> None:
    seen: list[tuple[int, int]] = []
    assert sandbox.run(PROBES + "steps", {}, on_progress=lambda *step: seen.append(step)) is None
    assert seen == [(0, 3), (1, 3), (2, 3)]


def test_a_refusal_keeps_its_sentence_and_its_kind() -> None:
    with pytest.raises(sandbox.Refused, match="Not this one") as caught:
        sandbox.run(PROBES + "decline", {})
    assert caught.value.reason == "TooFunny"


def test_an_error_names_its_place_and_not_what_it_read() -> None:
    with pytest.raises(sandbox.Crashed) as caught:
        sandbox.run(PROBES + "fail", {})
    assert "ValueError at probes.py" in str(caught.value)
    assert "Brown" not in str(caught.value)


def test_nothing_of_the_callers_environment_gets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    assert "secret" not in str(sandbox.run(PROBES + "environment", {}))


def test_no_socket_of_any_family() -> None:
    outcomes = sandbox.run(PROBES + "connect", {})
    assert set(outcomes.values()) == {"PermissionError"}


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ptrace", [101, 0, 0, 0, 0]),
        ("mount", [165, 0, 0, 0, 0, 0]),
        ("bpf", [321, 0, 0, 0]),
        ("io_uring_setup", [425, 1, 0]),
        ("kexec_load", [246, 0, 0, 0, 0]),
        ("unshare", [272, 0x10000000]),
        ("userfaultfd", [323, 0]),
        ("clone into a user namespace", [56, 0x10000000 | 0x10000, 0, 0, 0, 0]),
    ],
)
def test_calls_that_no_parser_needs_are_refused(name: str, arguments: list[int]) -> None:
    assert sandbox.run(PROBES + "call", {"arguments": arguments}) == 1, name


def test_x32_calls_kill() -> None:
    with pytest.raises(sandbox.Crashed, match="SIGSYS"):
        sandbox.run(PROBES + "call_x32", {})


def test_it_can_not_signal_its_parent() -> None:
    assert sandbox.run(PROBES + "signal_parent", {}) == "refused"


def test_no_other_process_unless_asked_for() -> None:
    assert sandbox.run(PROBES + "fork_once", {}) == "refused"
    assert sandbox.run(PROBES + "use_thread", {}) == [1]
    assert sandbox.run(PROBES + "start_program", {}, limits=Limits(processes=4)) == "hello\n"


def test_a_fork_bomb_is_refused_at_once() -> None:
    with pytest.raises(sandbox.Crashed, match="PermissionError"):
        sandbox.run(PROBES + "fork_forever", {})


BOMB = """
import sandbox
try:
    sandbox.run("tests.sandbox.probes:fork_forever", {}, limits=sandbox.Limits(processes=16, wall_seconds=20))
except sandbox.Crashed as error:
    print(error)
"""


def python_for(account: dict[str, Any]) -> str:
    """A Python that the account may start: root's own may lie in a home that is closed to others."""
    for path in (str(Path(sys.executable).resolve()), "/usr/bin/python3"):
        with contextlib.suppress(OSError):
            subprocess.run([path, "-c", ""], check=True, cwd="/", **account)
            return path
    pytest.fail("no Python on this machine that an ordinary user may start")


def test_a_fork_bomb_stops_at_the_limit_and_ends_with_its_group() -> None:
    """As an ordinary user: the kernel exempts root from the process limit, so root hands the code to nobody."""
    nobody: dict[str, Any] = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
    with tempfile.TemporaryDirectory() as folder:
        for part in ("sandbox", "tests/sandbox"):
            shutil.copytree(ROOT / part, Path(folder) / part)
        Path(folder).chmod(0o755)
        command = [python_for(nobody), "-c", BOMB]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=True, **nobody)
    assert "BlockingIOError" in done.stdout
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert folder not in listing


def test_a_grandchild_dies_with_the_run() -> None:
    seconds = f"61.{os.getpid()}"
    assert sandbox.run(PROBES + "leave_group", {"seconds": seconds}, limits=Limits(processes=4)) == "stayed"
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert f"sleep {seconds}" not in listing


def test_file_size_is_bounded(tmp_path: Path) -> None:
    with pytest.raises(sandbox.OutputTooLarge):
        sandbox.run(PROBES + "fill_disk", {}, output=tmp_path, limits=Limits(file_bytes=4 << 20))
    assert (tmp_path / "big").stat().st_size <= 4 << 20


def test_memory_is_bounded() -> None:
    with pytest.raises(sandbox.OutOfMemory):
        sandbox.run(PROBES + "fill_memory", {}, limits=Limits(memory_bytes=512 << 20))


def test_the_answer_is_bounded() -> None:
    assert len(sandbox.run(PROBES + "answer_forever", {"size": 3 << 20})) == 3 << 20
    with pytest.raises(sandbox.OutputTooLarge):
        sandbox.run(PROBES + "answer_forever", {"size": 3 << 20}, limits=Limits(reply_bytes=1 << 20))


@pytest.mark.parametrize("probe", ["sleep", "spin"])
def test_wall_clock_is_bounded(probe: str) -> None:
    began = time.monotonic()
    with pytest.raises(sandbox.TimedOut):
        sandbox.run(PROBES + probe, {}, limits=Limits(wall_seconds=1))
    assert time.monotonic() - began < 5


def test_processor_time_is_bounded() -> None:
    with pytest.raises(sandbox.TimedOut):
        sandbox.run(PROBES + "spin", {}, limits=Limits(wall_seconds=30, cpu_seconds=1))


@pytest.mark.parametrize(
    ("probe", "said"), [("segfault", "SIGSEGV"), ("abort", "SIGABRT"), ("leave", "code 3"), ("recurse", "nested")]
)
def test_a_crash_is_named_and_the_caller_lives(probe: str, said: str) -> None:
    with pytest.raises(sandbox.Crashed, match=said):
        sandbox.run(PROBES + probe, {})
    assert sandbox.run(PROBES + "echo", {"still": "here"}) == {"still": "here"}


def test_the_default_limits_leave_room_for_the_libraries() -> None:
    assert sandbox.run(PROBES + "use_libraries", {}) == [1, 1654, 2339]


def test_it_refuses_to_parse_where_the_filter_can_not_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    from sandbox import filter as syscalls

    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    with pytest.raises(sandbox.FilterUnavailable, match="aarch64"):
        syscalls.set_filter(0)


def test_without_the_filter_only_when_the_environment_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_WITHOUT_FILTER", "1")
    assert sandbox.run(PROBES + "connect", {})["AF_INET"] == "opened"
