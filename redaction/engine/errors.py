"""Why a file is declined: each a clean refusal with a sentence for the person who brought the file."""

import struct
import zipfile
import zlib

import sandbox


class Refusal(sandbox.Refused):
    """Base of the engine's refusals."""


class Encrypted(Refusal):
    """The file needs a password."""


class NotThatType(Refusal):
    """The engine has no format for this file, or the file isn't what it says it is."""


class TooLarge(Refusal):
    """More pages, pixels or bytes than the engine takes on."""


class Damaged(Refusal):
    """The file is of a known type but can't be read."""


class Mismatch(Refusal):
    """A detection model's file isn't the one in the manifest."""


class Misplaced(Refusal):
    """A redaction points at a page, a place or a text that the file doesn't have."""


BROKEN_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, KeyError, ValueError),
    RuntimeError,  # a member that needs a password, or is packed in a way that isn't known
)
"""What reading an archive raises that was changed, cut or forged."""

BY_NAME: dict[str, type[Refusal]] = {kind.__name__: kind for kind in (Encrypted, NotThatType, TooLarge, Damaged, Misplaced)}
