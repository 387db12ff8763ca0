"""What can go wrong in the vault, each by its own name, with a sentence for the person who meets it."""

from __future__ import annotations

from collections.abc import Sequence


class VaultError(Exception):
    """Anything that the vault refuses or can't do. `code` is a stable word for APIs; `retriable` says whether trying
    again may help.
    """

    code = "vault_error"
    retriable = False


class Misconfigured(VaultError):
    """The settings or the bucket can't hold evidence safely (no object lock, an unknown backend, a missing key)."""

    code = "misconfigured"


class Missing(VaultError):
    """The object, or that version of it, isn't in the store."""

    code = "missing"


class SizeMismatch(VaultError):
    """The store holds another number of bytes than it should."""

    code = "size_mismatch"


class Truncated(SizeMismatch):
    """Fewer bytes came back than were asked for, and the store didn't say why."""

    code = "truncated"


class Unavailable(VaultError):
    """The store can't be reached or can't write now. Nothing is lost; the same call may be made again."""

    code = "unavailable"
    retriable = True


class Unreadable(VaultError):
    """The store answers, and won't or can't give this object: a damaged disk block, a right that is missing. Not an outage."""

    code = "unreadable"


class StillLocked(VaultError):
    """The store's own lock (retention or legal hold) keeps the object from being removed."""

    code = "still_locked"


class UploadGone(VaultError):
    """The upload was completed, given up or never opened, so it takes no more parts."""

    code = "upload_gone"


class PartRejected(VaultError):
    """A part's number, length or digests can't be right for this upload."""

    code = "part_rejected"


class DigestMismatch(PartRejected):
    """The bytes that arrived aren't those that were announced. They were not kept; send the part again."""

    code = "digest_mismatch"
    retriable = True


class SignatureRefused(VaultError):
    """The signed address was changed, or its time has run out. Ask for a new one."""

    code = "signature_refused"


class Incomplete(VaultError):
    """The upload can't be completed because parts are missing; `missing` holds their numbers."""

    code = "incomplete"

    def __init__(self, missing: Sequence[int]) -> None:
        self.missing = tuple(missing)
        shown = ", ".join(str(number) for number in self.missing[:10]) + (", …" if len(self.missing) > 10 else "")
        super().__init__(f"{len(self.missing)} part(s) have not arrived: {shown}.")


class NotProtected(VaultError):
    """Retention or legal hold was set, but reading it back shows something weaker."""

    code = "not_protected"
