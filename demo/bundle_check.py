"""The bundle of the demonstration, checked as the defence would: by a program that knows nothing of the running system."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from demo.portal_check import CheckFailed
from demo.stack import ROOT

PROGRAM = ROOT / "evidence-verify"


def command(chain: dict[str, Any]) -> str:
    """What a person types to check it, from the project's folder."""
    bundle = chain["bundle"]
    python = os.path.relpath(sys.executable, ROOT)
    return f"PYTHONPATH={PROGRAM.name} {python} -m evidence_verify {_short(bundle['path'])} --key {_short(bundle['keys'])}"


def _short(path: str) -> str:
    return os.path.relpath(path, ROOT) if Path(path).is_relative_to(ROOT) else path


def check_bundle(chain: dict[str, Any]) -> Iterator[str]:
    """It holds; and with one byte of the released copy changed it does not. `CheckFailed` if either isn't so."""
    path = Path(chain["bundle"]["path"])
    done = _run(path, chain["bundle"]["keys"])
    if done.returncode:
        raise CheckFailed(f"the bundle does not hold: {done.stdout}{done.stderr}")
    yield f"the bundle holds: {chain['bundle']['events']} events proved, {len(chain['bundle']['files'])} disclosed files as signed"
    data = bytearray(path.read_bytes())
    data[data.index(b"%PDF-") + 200] ^= 1
    changed = path.with_name("changed.zip")
    changed.write_bytes(data)
    done = _run(changed, chain["bundle"]["keys"])
    changed.unlink()
    if done.returncode != 1 or "DOES NOT HOLD" not in done.stdout:
        raise CheckFailed(f"a changed bundle was not noticed: {done.stdout}{done.stderr}")
    yield "with one byte of the copy changed it does not hold, and says so"


def _run(path: Path, keys: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evidence_verify", str(path), "--key", keys],
        check=False,
        env={"PYTHONPATH": str(PROGRAM)},
        capture_output=True,
        text=True,
    )
