"""Signed addresses of the folder store: the holder may PUT exactly that part, for a few minutes, and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from vault.errors import SignatureRefused

# A separate key for a separate purpose, whatever else the configured secret may sign one day.
_PURPOSE = b"vault part put, version 1"


@dataclass(frozen=True)
class PartTicket:
    """What a signed address allows: this part of this upload, of this length and digests, until `expires` (Unix
    seconds).
    """

    key: str
    upload_id: str
    number: int
    length: int
    md5: str
    sha256: str
    expires: int

    def _signature(self, secret: bytes) -> str:
        purpose_key = hmac.digest(secret, _PURPOSE, "sha256")
        fields = (self.key, self.upload_id, self.number, self.length, self.md5, self.sha256, self.expires)
        # No field can hold a newline: ids and digests are hexadecimal, the rest are integers.
        return hmac.new(purpose_key, "\n".join(map(str, fields)).encode(), hashlib.sha256).hexdigest()

    def query(self, secret: bytes) -> str:
        """The query string that carries the ticket and its signature."""
        values = {
            "key": self.key,
            "length": self.length,
            "md5": self.md5,
            "sha256": self.sha256,
            "expires": self.expires,
        }
        return urlencode({**values, "signature": self._signature(secret)})

    @classmethod
    def read(cls, upload_id: str, number: int, query: Mapping[str, str], secret: bytes) -> PartTicket:
        """The ticket in a request's query. SignatureRefused if anything in it was changed, is absent, or the time has
        run out.
        """
        try:
            ticket = cls(
                key=query["key"],
                upload_id=upload_id,
                number=number,
                length=int(query["length"]),
                md5=query["md5"],
                sha256=query["sha256"],
                expires=int(query["expires"]),
            )
            given = query["signature"]
        except (KeyError, ValueError):
            raise SignatureRefused("This address is not signed.") from None
        if not hmac.compare_digest(ticket._signature(secret).encode(), given.encode()):
            raise SignatureRefused("This address was changed after it was signed.")
        if ticket.expires < time.time():
            raise SignatureRefused("This address has expired; ask for a new one.")
        return ticket
