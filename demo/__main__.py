"""``python -m demo``: start everything, make the demonstration case on the first start, say where it is, wait.

DEMO_ONCE=1   do it in a fresh folder, fetch the released copy through the portal, check it, stop; exit 0 or say why not
DEMO_FRESH=1  forget the data of earlier starts
DEMO_FOLDER, DEMO_PORT, DEMO_PORTAL_PORT   elsewhere than var/demo, 8000 and 8001
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NoReturn

from demo.bundle_check import check_bundle
from demo.portal_check import CheckFailed, check_released_copy
from demo.services import HOST, ServiceFailed, free_port
from demo.stack import ROOT, Stack, StackFailed
from demo.summary import say_chain, say_where

_STARTED = time.monotonic()


def say(line: str) -> None:
    """A progress line with the seconds since the start."""
    print(f"[{time.monotonic() - _STARTED:4.0f} s] {line}", flush=True)


def main() -> int:
    """Exit status: 0, or 1 with the reason on stderr."""
    # SIGINT too: a shell that starts this in the background has it ignored
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        return _once() if os.environ.get("DEMO_ONCE") == "1" else _serve()
    except (StackFailed, ServiceFailed, CheckFailed) as error:
        print(f"\nThe demonstration failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _once() -> int:
    """The whole chain in a folder that is then removed; on failure the folder stays, for its logs."""
    folder = Path(os.environ.get("DEMO_FOLDER") or tempfile.mkdtemp(prefix="evidence-demo-", dir=_var()))
    with Stack(folder, say=say) as stack:
        chain = _make_case(stack)
        say_chain(chain)
        say_where(stack, chain["passwords"])
        say("Fetching the released copy through the portal as the prosecutor")
        for line in check_released_copy(stack.portal_url, chain):
            say(line)
        say("Checking the bundle with evidence-verify")
        for line in check_bundle(chain):
            say(line)
        say("Stopping")
    shutil.rmtree(folder, ignore_errors=True)
    say("Done: everything has stopped")
    return 0


def _serve() -> int:
    """Run until Ctrl-C. The case is made on the first start."""
    folder = Path(os.environ.get("DEMO_FOLDER") or _var() / "demo")
    made = folder / "case.json"
    if folder.exists() and (os.environ.get("DEMO_FRESH") == "1" or not made.exists()):
        if not made.exists():
            say("The last start did not get as far as a whole case: beginning afresh")
        _check_not_running(folder)
        shutil.rmtree(folder)
    web, portal = _port("DEMO_PORT", 8000), _port("DEMO_PORTAL_PORT", 8001)
    with Stack(folder, web_port=web, portal_port=portal, say=say) as stack:
        passwords = None
        if not made.exists():
            chain = _make_case(stack)
            passwords = chain.pop("passwords")
            made.write_text(json.dumps(chain))
        say_chain(json.loads(made.read_text()))
        say_where(stack, passwords)
        print("\nCtrl-C stops it; `make demo` starts it again with the data still there.", flush=True)
        try:
            while True:
                time.sleep(1)
                stack.check()
        except KeyboardInterrupt:
            print(flush=True)
            say("Stopping")
    say("Everything has stopped")
    return 0


def _make_case(stack: Stack) -> dict[str, Any]:
    """Run `manage.py demo_case` as the web application would, with its progress shown; the chain."""
    say("Making the demonstration case")
    files = stack.folder / "files"
    with subprocess.Popen(
        [sys.executable, "manage.py", "demo_case", str(files)],
        cwd=ROOT,
        env=stack.environment.of("web") | {"LOG_LEVEL": "WARNING"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            say(line.rstrip())
        output = process.stdout.read()
    shutil.rmtree(files, ignore_errors=True)
    if process.returncode:
        raise StackFailed("the demonstration case could not be made: " + "".join(said[-8:]))
    chain: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return chain


def _var() -> Path:
    folder = ROOT / "var"
    folder.mkdir(exist_ok=True)
    return folder


def _port(name: str, usual: int) -> int:
    """The port that was asked for, else the usual one if it is free, else any that is."""
    asked = os.environ.get(name)
    if asked:
        return int(asked)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, usual))
        except OSError:
            return free_port()
    return usual


def _check_not_running(folder: Path) -> None:
    """Nothing is removed under a demonstration that runs."""
    probe = Stack(folder)
    probe.take_lock()
    probe.release_lock()


if __name__ == "__main__":
    sys.exit(main())
