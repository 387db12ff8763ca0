"""Reading a whole object while its bytes are being used: ranges are fetched in threads ahead of the reader, in order.

Memory stays flat at any size: at most `AHEAD` ranges of `RANGE` bytes wait. A range whose connection breaks is asked for
again by itself, so that a fault at the end of 200 GB doesn't begin them anew.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

from vault.errors import Truncated, Unavailable
from vault.protocol import MIB, Store

RANGE = 4 * MIB
AHEAD = 3
THREADS = 3
TRIES = 4
_PAUSE_SECONDS = 0.5


def read_ahead(store: Store, key: str, version_id: str, size: int) -> Iterator[bytes]:
    """All `size` bytes of an object, in order. Raises what Store.read raises, and Truncated if there are fewer."""
    if size <= RANGE:
        yield from _range(store, key, version_id, 0, size, threading.Event())
        return
    starts = iter(range(0, size, RANGE))
    stop = threading.Event()
    waiting: deque[Future[list[bytes]]] = deque()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="read-ahead") as pool:

        def ask(start: int) -> None:
            waiting.append(pool.submit(_range, store, key, version_id, start, min(start + RANGE, size), stop))

        try:
            for start in islice(starts, AHEAD):
                ask(start)
            while waiting:
                pieces = waiting.popleft().result()
                if (following := next(starts, None)) is not None:
                    ask(following)
                yield from pieces
        finally:
            stop.set()
            for future in waiting:
                future.cancel()


def _range(store: Store, key: str, version_id: str, start: int, end: int, stop: threading.Event) -> list[bytes]:  # noqa: PLR0917
    tries = 0
    while True:
        tries += 1
        try:
            pieces = list(store.read(key, version_id, start, end))
        except Unavailable:
            if tries >= TRIES or stop.wait(_PAUSE_SECONDS * 2**tries):
                raise
            continue
        if sum(map(len, pieces)) != end - start:
            raise Truncated(f"The object ends before its byte {end}.")
        return pieces
