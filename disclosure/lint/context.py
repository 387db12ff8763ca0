"""What the lint knows of the case beside the words: its exhibits, its dates, its complainants, its MG6D. Plain data."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class ContextError(Exception):
    """A context file can't be used; the message says why."""


@dataclass(frozen=True)
class Context:
    """What is known of a case. Everything may be missing: rules that need it then find nothing.

    `complainants`: as `cases.identity.Identity`. `mg6d`: the words of each row of the case's MG6D; `mg6d_exhibits`: references of
    its items. `exhibits`: references in upper case; none means that they aren't known. `people`: labels that anybody may read.
    """

    today: dt.date
    offence_from: dt.date | None = None
    exhibits: frozenset[str] | None = None
    complainants: tuple[Mapping[str, Any], ...] = ()
    mg6d: tuple[str, ...] = ()
    mg6d_exhibits: frozenset[str] = frozenset()
    people: tuple[str, ...] = ()
    shared: frozenset[str] = field(default=frozenset())
    """Words that several rows of the served schedules have, so that they give nothing away."""


def from_file(path: Path) -> Context:
    """Read CASE.json; see docs/lint-rules.md for its form. Raises ContextError."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ContextError(f"{path.name} can't be read as JSON: {error}") from error
    if not isinstance(data, dict):
        raise ContextError(f"{path.name} must hold one JSON object")
    return from_data(data)


def from_data(data: Mapping[str, Any]) -> Context:
    """A context from plain data; the names of members are forgiving, since other systems write them too."""
    exhibits = _first(data, "exhibits", "exhibit_references")
    identities = _first(data, "complainants", "complainant", "identities", "victims", "victim")
    sensitive = _list(_first(data, "mg6d", "MG6D", "mg6d_rows", "sensitive"))
    return Context(
        today=_date(_first(data, "today", "as_at", "date")) or dt.date.today(),
        offence_from=_date(_first(data, "offence_from", "offence_date", "committed_from")),
        exhibits=frozenset(_text(entry, "reference", "ref", "exhibit").upper() for entry in exhibits) if exhibits else None,
        complainants=tuple(_identity(entry) for entry in _list(identities) if _is_complainant(entry)),
        mg6d=tuple(words for words in map(_row, sensitive) if words),
        mg6d_exhibits=_references(sensitive),
        people=tuple(_text(entry, "label", "name") for entry in _list(_first(data, "people", "suspects", "defendants"))),
    )


def _references(sensitive: list[Any]) -> frozenset[str]:
    named = (_text(entry, "exhibit", "reference").upper() for entry in sensitive if isinstance(entry, Mapping))
    return frozenset(filter(None, named))


def _first(data: Mapping[str, Any], *names: str) -> Any:
    return next((data[name] for name in names if data.get(name) not in (None, "", [])), None)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, Mapping) and isinstance(value.get("rows"), list):
        return list(value["rows"])
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str | Mapping) else [value]


def _date(value: Any) -> dt.date | None:
    if not value:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(str(value)[:10], form).date()
        except ValueError:
            continue
    raise ContextError(f"{value!r} is not a date, as 2026-10-31")


def _text(entry: Any, *names: str) -> str:
    return str(_first(entry, *names) or "") if isinstance(entry, Mapping) else str(entry)


def _row(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return str(entry)
    return "\n".join(str(entry[name]) for name in entry if entry[name] and name in _ROW_WORDS)


_ROW_WORDS = ("description", "sensitivity_reason", "reason", "text", "words", "title")


def _is_complainant(entry: Any) -> bool:
    return not isinstance(entry, Mapping) or str(entry.get("kind", "complainant")).lower() in ("complainant", "victim")


_SINGULAR = {
    "name": "names", "full_name": "names", "alias": "aliases", "handle": "aliases", "nickname": "aliases", "address": "addresses",
    "phone": "phones", "telephone": "phones", "mobile": "phones", "email": "emails", "dob": "date_of_birth", "nhs_number": "nhs",
    "workplace": "other", "employer": "other", "school": "other", "forename": "names", "surname": "names",
}  # fmt: skip


def _identity(entry: Any) -> Mapping[str, Any]:
    """An identity in the form of `cases.identity`, from that form or a looser one."""
    if not isinstance(entry, Mapping):
        return {"names": [str(entry)]}
    made: dict[str, Any] = {}
    for name, value in entry.items():
        known = _SINGULAR.get(name, name)
        if known in ("date_of_birth", "nhs"):
            made[known] = str(value)
        elif known in ("names", "aliases", "addresses", "phones", "emails", "other"):
            made.setdefault(known, []).extend(str(part) for part in _list(value))
    return made
