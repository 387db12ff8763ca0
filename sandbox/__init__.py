"""Runs a function on bytes from outside in a fresh, bounded process without network.

`run` starts it, `Limits` bounds it, the errors say how it ended. Plain Python: imports nothing of the other rooms.
"""

from sandbox.errors import (
    Crashed,
    FilterUnavailable,
    OutOfMemory,
    OutputTooLarge,
    Refused,
    SandboxError,
    TimedOut,
)
from sandbox.limits import Limits
from sandbox.runner import run

__all__ = [
    "Crashed",
    "FilterUnavailable",
    "Limits",
    "OutOfMemory",
    "OutputTooLarge",
    "Refused",
    "SandboxError",
    "TimedOut",
    "run",
]
