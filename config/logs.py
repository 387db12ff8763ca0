"""How log lines are written: nothing of a row, which may name a complainant, goes out with an error of the database."""

import logging
import re
from typing import Any

# PostgreSQL's DETAIL quotes the row that it refuses; it may have lines of its own
_DETAIL = re.compile(
    r"^DETAIL:.*?(?=^(?:HINT|CONTEXT|The above exception|During handling|Traceback|[ ]+File )|\Z)", re.DOTALL | re.MULTILINE
)


class Formatter(logging.Formatter):
    """As Python's, with the database's details left out of tracebacks."""

    def formatException(self, ei: Any) -> str:
        return _DETAIL.sub("DETAIL: (left out)\n", super().formatException(ei)).rstrip("\n")
