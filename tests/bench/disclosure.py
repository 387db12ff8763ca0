"""Disclosure: the lint and a form of 2,000 rows, against reading as many texts by a regular expression and a form of one row."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from typing import Any

Line = tuple[str, str, str, str, str]
ROWS = 2000


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def lines() -> list[Line]:
    """Time a row takes."""
    from disclosure import lint
    from documents.render import render

    texts = [
        f"Statement of 12/03/2026 by PC {2000 + n} about the lock of side door {n}, 2 pages, held in store {n}" for n in range(ROWS)
    ]
    mg6d = tuple(f"Plan of loft {n} and its skylight, sketched by two constables for the Blue Anchor" for n in range(200))
    context = lint.Context(today=dt.date(2026, 11, 24), mg6d=mg6d, complainants=({"names": ["Marianne Thistlewood"]},))
    ours = _seconds(lambda: lint.check_all([("MG6C", text) for text in texts], context))
    plain = _seconds(lambda: [re.findall(r"\w+", text.casefold()) for text in texts])

    def form(rows: int) -> dict[str, Any]:
        listed = [{"number": n, "withdrawn": False, "description": text, "location": "Store 3"} for n, text in enumerate(texts, 1)]
        head = {"defendant": "HOLLIS, Daniel", "urn": None, "reference": "45/1/26", "version": "1", "unexamined": False}
        return head | {"unexamined_note": None, "rows": listed[:rows], "certified": None}

    printed, least = _seconds(lambda: render("mg6c", form(ROWS))), _seconds(lambda: render("mg6c", form(1)))
    return [
        _line("disclosure: lint of descriptions, 200 MG6D rows", ours, plain, "split into words"),
        _line("disclosure: MG6C as PDF", printed, least, "the same form with one row"),
    ]


def _line(what: str, ours: float, theirs: float, against: str) -> Line:
    each = f"{ours / ROWS * 1000:.3g} ms/row ({ours:.2f} s)"
    return (what, f"{ROWS:,} rows", each, f"{theirs:.3g} s ({against})", f"{ours / theirs:.1f}×")
