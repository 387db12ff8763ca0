"""``render("mg6c", data)``: a form as PDF/UA-1, through Typst.

The data reach the template as one JSON text that the template parses: nothing of it is ever spliced into markup, so a
name like ``#panic()`` prints as it is. Only the fonts that come with Typst are used, so that a form looks the same on
every machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "templates"


class DocumentError(Exception):
    """A form could not be made from these data; the message is the template's own, for whoever called it."""


def templates() -> list[str]:
    """Names of the forms that can be made."""
    return sorted(path.stem for path in _FOLDER.glob("*.typ") if not path.stem.startswith("_"))


def render(template: str, data: Mapping[str, Any], *, made_at: datetime | None = None) -> bytes:
    """The form ``template`` filled with ``data`` (JSON values only; the fields are listed on top of each template).

    The same data and ``made_at`` (default: now) give the same bytes. Raises `DocumentError` for an unknown form or
    data that don't fit it.
    """
    import typst  # every process knows how to print, few do: it takes 7 MB

    if template not in templates():
        raise DocumentError(f"there is no form {template!r}; there are: {', '.join(templates())}")
    try:
        made = typst.compile(
            str(_FOLDER / f"{template}.typ"),
            root=str(_FOLDER),
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, allow_nan=False)},
            pdf_standards="ua-1",
            ignore_system_fonts=True,
            timestamp=(made_at or datetime.now(UTC)).replace(microsecond=0),
        )
    except (typst.TypstError, TypeError, ValueError) as error:
        raise DocumentError(f"{template}: {error}") from error
    if not isinstance(made, bytes):
        raise DocumentError(f"{template}: Typst made no document")
    return made
