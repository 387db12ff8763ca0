"""Text as it is."""

from pathlib import Path

from redaction.engine.kinds import decoded


def words_of(path: Path) -> str:
    """The file's text, whatever its encoding."""
    return decoded(path.read_bytes())
