"""Time stamps by outside authorities (RFC 3161): asked for, checked on receipt, and checked again from what was stored.

An authority is believed by its pinned certificates only. A stamp shows that some bytes existed at a moment, whoever holds our keys.
"""

import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

SECONDS = 20
LARGEST = 256 * 1024


class StampUnavailable(Exception):
    """The authority doesn't answer, or not now. Asking again may help."""


class StampWrong(Exception):
    """What the authority answered, or what was stored, is no good stamp of these bytes."""


@dataclass(frozen=True)
class Authority:
    """A time-stamping authority: its address, and a PEM file with its root, and what lies between, as they were given to us."""

    url: str
    certificates: str

    @property
    def name(self) -> str:
        """What it is called in the log and on pages: its host."""
        return urlsplit(self.url).netloc

    def stamp(self, data: bytes) -> bytes:
        """Return a stamp of the data (the whole DER response), checked. Raises StampUnavailable or StampWrong."""
        asked = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
        answer = self._post(asked.as_bytes())
        self._check(answer, data, asked.nonce)
        return answer

    def check(self, stamp: bytes, data: bytes) -> datetime:
        """Return the moment that a stored stamp says. Raises StampWrong unless this authority stamped exactly these bytes."""
        return self._check(stamp, data, None)

    def _post(self, body: bytes) -> bytes:
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise StampWrong(f"The address of {self.name} is neither http nor https")
        kind = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        request = urllib.request.Request(self.url, body, kind)  # noqa: S310 - the scheme was checked
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                received: bytes = answer.read(LARGEST + 1)
        except (OSError, urllib.error.HTTPError) as error:
            raise StampUnavailable(f"{self.name} does not answer ({type(error).__name__})") from error
        if len(received) > LARGEST:
            raise StampWrong(f"{self.name} answered with more than a stamp")
        return received

    def _check(self, stamp: bytes, data: bytes, nonce: int | None) -> datetime:
        builder = VerifierBuilder()
        for certificate in _certificates(self.certificates):
            is_root = certificate.issuer == certificate.subject
            builder = builder.add_root_certificate(certificate) if is_root else builder.add_intermediate_certificate(certificate)
        if nonce is not None:
            builder = builder.nonce(nonce)
        try:
            response: TimeStampResponse = decode_timestamp_response(stamp)
            builder.build().verify_message(response, data)
            return response.tst_info.gen_time
        except (VerificationError, ValueError) as error:
            raise StampWrong(f"The stamp of {self.name} does not hold: {error}") from error


@lru_cache(maxsize=8)
def _certificates(path: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise StampWrong(f"The certificates in {path} can't be read") from error
