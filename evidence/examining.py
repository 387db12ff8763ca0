"""Reading a blob's facts: its bytes go into the sandbox, what comes back is kept on it. A file that breaks its parser
is marked, not refused: it is still evidence.
"""

import tempfile
from pathlib import Path
from typing import Any

import vault
from evidence import facts as content
from evidence.models import Blob
from sandbox import Limits, SandboxError
from sandbox import run as run_in_sandbox
from vault.protocol import MIB

# Larger files are read by their two ends: most formats keep there what they say of themselves
READ_WHOLE = 512 * MIB
_END = 16 * MIB
# A hostile file ends in seconds
LIMITS = Limits(wall_seconds=60, cpu_seconds=30)


def facts_of(blob: Blob) -> dict[str, Any]:
    """What is known of its content, read now if it hasn't been read by this version. Raises what Store.read raises."""
    known: dict[str, Any] = blob.facts
    if known.get("reader") == content.READER and "unreadable" not in known.get("marks", []):
        return known
    whole = blob.size <= READ_WHOLE
    asked = {"whole": whole, "extension": Path(blob.original_name).suffix.lstrip(".").lower()}
    with tempfile.TemporaryDirectory(prefix="facts-") as folder:
        path = Path(folder) / "blob"
        _fetch(blob, path, whole)
        try:
            facts: dict[str, Any] = run_in_sandbox("evidence.facts:read", asked, files={"blob": path}, limits=LIMITS)
            return facts
        except SandboxError as error:
            with path.open("rb") as file:
                # Comparing first bytes parses nothing
                media_type = content.media_type_of(file.read(MIB))
            return {"media_type": media_type, "marks": ["unreadable"], "why": type(error).__name__, "reader": content.READER}


def _fetch(blob: Blob, path: Path, whole: bool) -> None:
    ranges = [(0, blob.size)] if whole else [(0, _END), (blob.size - _END, blob.size)]
    with path.open("wb") as file:
        file.truncate(blob.size)  # the middle of a large one is a hole that takes no room
        for start, end in ranges:
            file.seek(start)
            for piece in vault.store().read(blob.key, blob.version_id, start, end):
                file.write(piece)
