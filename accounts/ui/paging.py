"""Keyset paging of lists: the hundredth page costs what the first does, and a row added meanwhile moves nothing."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, and the addresses of the pages beside it (empty where there is none)."""

    items: Sequence[Any]
    previous_url: str
    next_url: str


def paginate(queryset: QuerySet[Any], request: HttpRequest, order: Sequence[str], size: int = PAGE_SIZE) -> Page:
    """The page that the address asks for by `after` or `before`, in this order.

    Args:
        queryset: the rows, already filtered.
        request: its other parameters stay in the addresses.
        order: names of columns that are never null, "-" for descending; the last one is unique. All go the same way.
        size: rows a page.
    """
    backwards = "before" in request.GET
    cursor = _read(request.GET.get("before") or request.GET.get("after") or "", len(order))
    keys = [_turn(name) for name in order] if backwards else list(order)
    rows = queryset.order_by(*keys)
    if cursor:
        try:
            rows = rows.filter(_beyond(keys, cursor))
        except (ValidationError, ValueError):
            # Values that no row can have: an address that nobody gave out
            cursor = None
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page(found, "", "")
    earlier = more if backwards else bool(cursor)
    later = bool(cursor) if backwards else more
    return Page(
        found,
        _url(request, before=_write(found[0], order)) if earlier else "",
        _url(request, after=_write(found[-1], order)) if later else "",
    )


def _turn(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(keys: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after the one with these values: (a, b) > (x, y) written out, for columns that may go down too."""
    beyond, same = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        name, comparison = (key[1:], "lt") if key.startswith("-") else (key, "gt")
        beyond |= same & Q(**{f"{name}__{comparison}": value})
        same &= Q(**{name: value})
    return beyond


def _write(row: Model, order: Sequence[str]) -> str:
    values = [str(getattr(row, name.removeprefix("-"))) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read(text: str, length: int) -> list[str] | None:
    """The values of a cursor; None for a text that is none (the list then begins at its beginning)."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None
    good = isinstance(values, list) and len(values) == length and all(isinstance(value, str) for value in values)
    return values if good else None


def _url(request: HttpRequest, **cursor: str) -> str:
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    query.update(cursor)
    return f"?{query.urlencode()}"
