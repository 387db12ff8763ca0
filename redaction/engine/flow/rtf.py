"""Rich Text Format."""

from collections.abc import Callable
from pathlib import Path

from striprtf.striprtf import rtf_to_text

from redaction.engine.errors import Damaged


def words_of(path: Path) -> str:
    """The words without their looks."""
    try:
        convert: Callable[..., str] = rtf_to_text  # it has no types
        return convert(path.read_bytes().decode("cp1252", "replace"), errors="replace")
    except (ValueError, IndexError, KeyError, LookupError):
        raise Damaged("This RTF file can't be read: its structure is broken.") from None
