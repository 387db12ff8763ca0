"""One file on its way: compared with what has arrived, then read once, its parts hashed, signed in groups and sent in parallel.

reader ──part──▶ hashers ──group of digests──▶ signer (one request) ──▶ senders (PUT)
  └─ SHA-256 of the whole, in order
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from evidence_upload.errors import AnotherFile, UploadError
from evidence_upload.files import Source
from evidence_upload.http import Broken, Site

MIB = 1024 * 1024
GROUP_BYTES = 32 * MIB


@dataclass
class Part:
    """A part that is to be sent."""

    number: int
    data: bytes
    sha256: str = ""

    def hash(self) -> None:
        """Compute its digest: the store is given no MD5, and so checks the SHA-256."""
        self.sha256 = hashlib.sha256(self.data).hexdigest()


class Pools:
    """The threads that all files share, and how many parts may be in memory at once."""

    def __init__(self, parallel: int, part_bytes: int = 8 * MIB) -> None:
        self.hashers = ThreadPoolExecutor(2, "hash")
        self.signers = ThreadPoolExecutor(2, "sign")
        self.senders = ThreadPoolExecutor(parallel, "send")
        self.room = Room(max(160 * MIB, (parallel + 2) * part_bytes))

    def close(self) -> None:
        """End them; what has not begun is not begun."""
        for pool in (self.hashers, self.signers, self.senders):
            pool.shutdown(wait=True, cancel_futures=True)


class Room:
    """Bytes of memory that parts may take together. A part larger than all of it is let in when it is empty."""

    def __init__(self, size: int) -> None:
        self._size, self._taken = size, 0
        self._free = threading.Condition()

    def take(self, size: int, before_waiting: Callable[[], None]) -> None:
        """Wait until there is room for `size` bytes; `before_waiting` is called first if there isn't."""
        with self._free:
            if self._fits(size):
                self._taken += size
                return
        before_waiting()
        with self._free:
            self._free.wait_for(lambda: self._fits(size))
            self._taken += size

    def _fits(self, size: int) -> bool:
        return self._taken == 0 or self._taken + size <= self._size

    def give_back(self, size: int) -> None:
        """Those bytes were sent."""
        with self._free:
            self._taken -= size
            self._free.notify_all()


class Sending:
    """One file's upload that the server has opened: `run` ends when the server has all of it."""

    def __init__(self, site: Site, pools: Pools, source: Source, upload: dict[str, Any], tell: Callable[[int], None]) -> None:
        self._site, self._pools, self._source, self._upload, self._tell = site, pools, source, upload, tell
        self._part_size: int = upload["part_size"]
        self._count = -(-source.size // self._part_size)
        self._stored: dict[int, dict[str, Any]] = {part["number"]: part for part in upload["parts"]}
        self.kept = source.size if upload["state"] == "complete" else sum(part["size"] for part in upload["parts"])
        self._group: list[tuple[Part, Future[None]]] = []
        self._unsigned: deque[list[tuple[Part, Future[None]]]] = deque()
        self._signing = False
        self._group_size = max(1, GROUP_BYTES // self._part_size)
        self._under_way = 0
        self._settled = threading.Condition()
        self._failure: BaseException | None = None

    def run(self) -> str:
        """Send what is missing and complete; return the SHA-256 of the whole. UploadError."""
        if self._upload["state"] == "complete":
            return self._compare_whole()
        self._compare_stored()
        sha256 = self._send_missing()
        self._source.check()
        self._site.post(f"uploads/{self._upload['id']}/complete/", {"sha256": sha256})
        return sha256

    def _where(self, number: int) -> tuple[int, int]:
        start = (number - 1) * self._part_size
        return start, min(self._part_size, self._source.size - start)

    def _compare_whole(self) -> str:
        """It is all there: read the file, to be sure that it is that one."""
        whole = hashlib.sha256()
        for number in range(1, self._count + 1):
            start, length = self._where(number)
            whole.update(self._source.read(start, length))
            self._tell(length)
        self._source.check()
        if whole.hexdigest() != self._upload["sha256"]:
            raise AnotherFile(
                "a file of this name, size and time was sent before with other contents, and is not replaced. Compare the two, and "
                "send this one as an exhibit of its own"
            )
        return whole.hexdigest()

    def _compare_stored(self) -> None:
        """Nothing is sent before all that is stored has been compared: another file must not get a part in between."""

        def differs(number: int) -> bool:
            start, length = self._where(number)
            held = self._stored[number]
            same = held["size"] == length and hashlib.sha256(self._source.read(start, length)).hexdigest() == held["sha256"]
            return not same

        for number, wrong in zip(sorted(self._stored), self._pools.hashers.map(differs, sorted(self._stored)), strict=True):
            if wrong:
                raise AnotherFile(
                    f"this is not the file whose upload was begun: part {number} is the first that differs. Send that file, or "
                    "give --restart to stop that upload and send this one"
                )

    def _send_missing(self) -> str:
        whole = hashlib.sha256()
        try:
            for number in range(1, self._count + 1):
                start, length = self._where(number)
                self._pools.room.take(length, self._flush)
                if self._failure:
                    self._pools.room.give_back(length)
                    break
                self._begin(number, start, length, whole)
        except BaseException as error:
            self._fail(error)
        self._flush()
        # Also after a failure: parts under way hold memory that other files wait for
        with self._settled:
            self._settled.wait_for(lambda: self._under_way == 0)
        if self._failure:
            raise self._failure
        return whole.hexdigest()

    def _begin(self, number: int, start: int, length: int, whole: Any) -> None:
        try:
            data = self._source.read(start, length)
        except UploadError:
            self._pools.room.give_back(length)
            raise
        if number in self._stored:
            whole.update(data)
            self._pools.room.give_back(length)
            self._tell(length)
            return
        part = Part(number, data)
        with self._settled:
            self._under_way += 1
        self._group.append((part, self._pools.hashers.submit(part.hash)))
        # While the hashers are at its parts
        whole.update(data)
        if len(self._group) >= self._group_size:
            self._flush()

    def _flush(self) -> None:
        if self._group:
            group, self._group = self._group, []
            with self._settled:
                self._unsigned.append(group)
                begin, self._signing = not self._signing, True
            if begin:
                self._pools.signers.submit(self._sign_all)

    def _sign_all(self) -> None:
        """One group of a file after the other, so that its parts are sent in order."""
        while True:
            with self._settled:
                if not self._unsigned:
                    self._signing = False
                    return
                group = self._unsigned.popleft()
            self._sign(group)

    def _sign(self, group: list[tuple[Part, Future[None]]]) -> None:
        parts = [part for part, _ in group]
        try:
            for _, hashed in group:
                hashed.result()
            if self._failure:
                raise self._failure
            signed = self._ask(parts)
        except BaseException as error:
            self._fail(error)
            for part in parts:
                self._settle(part)
            return
        for part, put in zip(parts, signed, strict=True):
            self._pools.senders.submit(self._put, part, put)

    def _ask(self, parts: list[Part]) -> list[dict[str, Any]]:
        announced = [{"number": part.number, "length": len(part.data), "sha256": part.sha256} for part in parts]
        signed: list[dict[str, Any]] = self._site.post(f"uploads/{self._upload['id']}/parts/many/", {"parts": announced})
        return signed

    def _put(self, part: Part, signed: dict[str, Any]) -> None:
        tries = 0
        try:
            while not self._failure:
                try:
                    self._site.put(signed, part.data)
                except Broken as error:
                    self._site.patience.wait(tries, error)
                    tries += 1
                    # The address may have run out meanwhile
                    signed = self._ask([part])[0]
                    continue
                self._tell(len(part.data))
                break
        except BaseException as error:
            self._fail(error)
        self._settle(part)

    def _fail(self, error: BaseException) -> None:
        self._failure = self._failure or error

    def _settle(self, part: Part) -> None:
        """It was sent or given up: its memory is free."""
        self._pools.room.give_back(len(part.data))
        with self._settled:
            self._under_way -= 1
            self._settled.notify_all()
