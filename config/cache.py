"""What the cache holds, as JSON: by pickle, Django's own way, whoever can write to Redis runs code in every process that reads it.

The portal is one of those who can write there (docs/architecture.md, decision 10).
"""

import json
from typing import Any


class JsonSerializer:
    """Values that are plain data: whole numbers as they are, so that Redis can count, and the rest as JSON."""

    def dumps(self, value: Any) -> int | bytes:
        """TypeError for what is no plain data."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """ValueError for what nobody here wrote."""
        try:
            return int(data)
        except ValueError:
            return json.loads(data)
