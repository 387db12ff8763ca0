"""Addresses, and what an answer says about access: the words that the table is written in."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

IN = "in"
"""The person is let in (a page, a file, or the answer to a request that could not be carried out as it was sent)."""
REFUSED = "refused"
"""They may know that it exists, and may not do that: 403, and an event in the log."""
HIDDEN = "hidden"
"""It does not exist for them: 404."""
SIGN_IN = "sign in"
"""They are sent to sign in, or told to by 401."""
STEP_UP = "step up"
"""They are sent to set up or to show a second factor first."""

TEAM = ("investigator", "exhibits", "disclosure", "deputy", "supervisor", "redactor", "approver", "forensics")
"""One person in each role on the case."""
OUTSIDE = ("elsewhere", "left", "admin", "admin_unproved", "auditor", "auditor_elsewhere", "prosecutor")
"""Not on it: all roles on another case of the force; was on it; admins with and without a second factor; auditors of the force and
of another; a prosecutor of the area that the case is shared with."""
SIGNED_IN = TEAM + OUTSIDE
EVERYBODY = ("anonymous", *SIGNED_IN)


@dataclass(frozen=True)
class Row:
    """One address and method, and what each person gets there.

    `case` tells rows of one address apart. `kwargs` names values of the world (`World.values`) in place of those that the address's
    parameters name; in `data` such a name begins with "@". `path` is for an address without a name, which the
    table calls by its pattern in brackets. `first` names an address that the person looks at before.
    """

    name: str
    answers: Mapping[str, str]
    method: str = "GET"
    case: str = ""
    kwargs: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    first: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.name}{f' ({self.case})' if self.case else ''}"


def row(
    name: str,
    allowed: Iterable[str],
    *,
    refused: Iterable[str] = (),
    rest: str = HIDDEN,
    anonymous: str = SIGN_IN,
    also: Mapping[str, str] | None = None,
    method: str = "GET",
    **more: Any,
) -> Row:
    """A row: who is let in, who is refused, what everybody else gets; `also` for the few who differ."""
    answers = dict.fromkeys(SIGNED_IN, rest) | dict.fromkeys(refused, REFUSED) | dict.fromkeys(allowed, IN)
    return Row(name, answers | {"anonymous": anonymous} | dict(also or {}), method, **more)


def answer_of(response: Any) -> str:
    """What an answer says about access; a status that belongs in no table is given back as it is."""
    status = response.status_code
    if 300 <= status < 400:
        to = response.headers.get("Location", "")
        if "/account/login/" in to:
            return SIGN_IN
        return STEP_UP if "/account/2fa/" in to or "/account/reauthenticate/" in to else IN
    if status < 300 or status in (400, 409, 416, 422):
        return IN
    return {401: SIGN_IN, 403: REFUSED, 404: HIDDEN}.get(status, str(status))


def path_of(row: Row, values: Mapping[str, Any], urlconf: str) -> str:
    """A row's path, with the world's values in it."""
    if row.path:
        return row.path
    kwargs = {name: values[row.kwargs.get(name, name)] for name in addresses(urlconf)[row.name]}
    return reverse(row.name, urlconf=urlconf, kwargs=kwargs)


@functools.cache
def addresses(urlconf: str) -> dict[str, set[str]]:
    """Every address of a URL configuration: its name with namespaces, and the parameters it takes."""
    found: dict[str, set[str]] = {}
    for name, parameters in _walk(get_resolver(urlconf), (), set()):
        found.setdefault(name, set()).update(parameters)
    return found


def _walk(resolver: URLResolver, spaces: tuple[str, ...], outer: set[str]) -> Iterator[tuple[str, set[str]]]:
    for entry in resolver.url_patterns:
        parameters = outer | set(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces, parameters)
        elif isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or f"({entry.pattern})")), parameters
