"""Where the pages' own files are collected."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Compressed by gzip alone.

    WhiteNoise compresses by brotli too, at its slowest, wherever some other package brought that: two minutes of processor at each
    start for files that a force's own network carries.
    """

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Without brotli."""
        return Compressor(use_brotli=False, **kwargs)
