"""What a run may use."""

import os
import resource
from dataclasses import asdict, dataclass
from pathlib import Path

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one run. Seconds and bytes; `processes` is how many more processes it may start."""

    wall_seconds: float = 120.0
    cpu_seconds: int = 120
    # pypdfium2, Pillow and numpy map about 1 GiB between them before they hold a page.
    memory_bytes: int = 2 * GIB
    file_bytes: int = 1 * GIB
    reply_bytes: int = 256 * 1024**2
    open_files: int = 256
    processes: int = 0

    def as_data(self) -> dict[str, float | int]:
        """The limits as plain data, to be sent to the child."""
        return asdict(self)


# The kernel counts all of a user's threads: what others of this user start meanwhile must not stop ours. Without `processes`
# the filter refuses every fork all the same.
_FOR_OTHERS = 256


def apply(limits: Limits) -> None:
    """Set the limits on this process, for good: soft and hard are the same."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds)
    _limit(resource.RLIMIT_AS, limits.memory_bytes)
    _limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    _limit(resource.RLIMIT_NOFILE, limits.open_files)
    _limit(resource.RLIMIT_NPROC, _tasks_of_this_user() + limits.processes + _FOR_OTHERS)


def _limit(what: int, wanted: int) -> None:
    _, hard = resource.getrlimit(what)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(what, (value, value))


def _tasks_of_this_user() -> int:
    """Threads the user already runs: RLIMIT_NPROC counts all of them, not only this process's children."""

    own, tasks = os.getuid(), 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = status.read_text().splitlines()
        except OSError:
            continue  # it ended while we looked, or isn't ours to see
        facts = dict(line.split(":", 1) for line in lines if ":" in line)
        if int(facts["Uid"].split()[0]) == own:
            tasks += int(facts["Threads"])
    return tasks
