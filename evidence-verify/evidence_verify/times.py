"""Time stamps (RFC 3161): that the checkpoint existed at a moment which neither the police nor we chose.

    log/timestamp-1.txt  what was stamped: notes of checkpoints, the bundle's own among them
    log/timestamp-1.tsr  the authority's answer

An authority is believed by the certificates that the reader gives (--tsa), never by those in the answer.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from evidence_verify import Fails, Report, Unreadable
from evidence_verify.bag import Bag

STAMP = re.compile(r"log/timestamp-([1-9])\.(?:tsr|txt)\Z")


def check_times(bag: Bag, note: bytes, certificates: Sequence[Path], report: Report) -> None:
    """Check each stamp by each of the reader's certificate files; note what could not be checked, and why."""
    numbers = sorted({match[1] for name in bag.tags if (match := STAMP.match(name))})
    if not numbers:
        report.not_checked.append("Time stamps: not checked, because the bundle holds none.")
        return
    for number in numbers:
        text, answer = bag.read(f"log/timestamp-{number}.txt"), bag.read(f"log/timestamp-{number}.tsr")
        if f"\n{note.decode()}" not in f"\n{text.decode('utf-8', 'replace')}":
            raise Fails(f"log/timestamp-{number}.txt does not hold the bundle's checkpoint.")
        _check(number, text, answer, certificates, report)


def _check(number: str, text: bytes, answer: bytes, certificates: Sequence[Path], report: Report) -> None:
    what = f"Time stamp {number}: not checked, because"
    if not certificates:
        report.not_checked.append(f"{what} you gave no certificates of an authority (--tsa).")
        return
    try:
        import rfc3161_client as rfc3161
    except ImportError:
        report.not_checked.append(f"{what} rfc3161-client is not installed.")
        return
    from cryptography import x509

    reasons = []
    for file in certificates:
        builder = rfc3161.VerifierBuilder()
        try:
            for certificate in x509.load_pem_x509_certificates(file.read_bytes()):
                own = certificate.issuer == certificate.subject
                builder = builder.add_root_certificate(certificate) if own else builder.add_intermediate_certificate(certificate)
        except (OSError, ValueError) as error:
            raise Unreadable(f"The certificates in {file} can't be read: {error}") from error
        try:
            response = rfc3161.decode_timestamp_response(answer)
            builder.build().verify_message(response, text)
        except (rfc3161.VerificationError, ValueError) as error:
            reasons.append(f"{file.name}: {error}")
            continue
        moment = response.tst_info.gen_time
        report.holds.append(
            f"The log's checkpoint existed at {moment:%Y-%m-%d %H:%M:%S} UTC: stamped by the authority of {file.name}."
        )
        return
    raise Fails(f"Time stamp {number} does not hold by the certificates that you gave ({'; '.join(reasons)}).")
