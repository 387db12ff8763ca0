"""Detection of texts in a file of JSON lines, one at a time."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from redaction.engine import detect
from redaction.engine.detect.text import plain
from redaction.engine.errors import Damaged, Refusal
from redaction.engine.shapes import Person

LONGEST_LINE = 400 * 1024 * 1024
"""Bytes of a line that is still taken on."""


def run(source: Path, output: Path) -> int:
    """Write {"id", "spans": [[start, end, code], ...]} for each line of `source`; returns how many.

    A line is {"id", "text"} and, if known, "accused" (names that stay) and "people" (names, or persons as `shapes.Person`).
    Offsets count characters (Unicode code points) of the text. Raises Damaged, naming the line.
    """
    count = 0
    try:
        with source.open("rb") as lines, output.open("w", encoding="utf-8") as out:
            for number, line in enumerate(_lines(lines), 1):
                if line.strip():
                    out.write(json.dumps(_detected(line, number), ensure_ascii=False) + "\n")
                    count += 1
    except OSError as error:
        raise Refusal(f"{error.filename} can't be opened: {error.strerror}.") from None
    return count


def _lines(file: Any) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            raise Damaged("A line is longer than 400 MB.")
        yield line


def _detected(line: bytes, number: int) -> dict[str, Any]:
    try:
        data = json.loads(line)
        text, identifier = data["text"], data["id"]
        if not isinstance(text, str):
            raise TypeError
        accused = data.get("accused") or []
        accused = [accused] if isinstance(accused, str) else accused
        stay = {plain(str(name)).casefold() for name in accused}
        known = [
            person for person in persons(data.get("people") or []) if stay.isdisjoint(plain(n).casefold() for n in person.names)
        ]
        known += [Person(names=(str(name),), keep=True) for name in accused]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Damaged(f'Line {number} is not an object with "id" and "text".') from None
    return {"id": identifier, "spans": [[span.start, span.end, span.code] for span in detect.spans(text, known)]}


_KEYS = {
    "name": "names", "alias": "aliases", "nicknames": "aliases", "address": "addresses", "phone": "phones", "telephone": "phones",
    "mobile": "phones", "email": "emails", "date_of_birth": "dob", "id": "ref",
}  # fmt: skip
_FIELDS = {field.name: field for field in fields(Person)}


def persons(people: list[Any]) -> list[Person]:
    """Persons of a JSON list: a name alone will do, one value where a list is meant too. Raises TypeError.

    What a person has no field for is left out. One without `ref` gets its place in the list.
    """
    made = []
    for number, person in enumerate(people, 1):
        data: dict[str, Any] = {"ref": f"person-{number}"}
        for key, value in ({"names": [person]} if isinstance(person, str) else dict(person)).items():
            name = _KEYS.get(key, key)
            if name in _FIELDS and value not in (None, ""):
                data[name] = _as_meant(name, value)
        made.append(Person.from_data(data))
    return made


def _as_meant(name: str, value: Any) -> Any:
    if name == "keep":
        return bool(value)
    if name in ("ref", "dob", "nhs", "code"):
        written = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", str(value)) if name == "dob" else None
        return f"{written[3]}-{written[2]:0>2}-{written[1]:0>2}" if written else str(value)
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
