"""No text takes a rule long: four times as much of anything takes at most eight times as long."""

import time
from collections.abc import Callable, Iterator
from itertools import product

import pytest

from redaction.engine.detect import addresses, born, fields, homes, keep, names, ocr, patterns, people, recase, tables
from redaction.engine.detect.everywhere import Terms
from redaction.engine.detect.text import view
from redaction.engine.shapes import Person, Span

SHORT = 1500
HARMLESS = 0.06
"""Seconds of processor time for four times `SHORT` that are too short to be measured against each other."""
SEEDS = (
    "1", "0", " ", ".", "a", "A", "Ab ", "ab ", "\n", "a@", "1-", "Ab Street, ", "Flat 1, ", "Sarah Jane ", "Name: ",
    "one two ", "Ab, ", "BS3 4DJ ", "a_", "works at The ", "A. ", "\"", "(", "A-", "a.b", "oh one ", "St The ", "+4",
    "a|", "Mr ", "A'", "A1", "snap ", "reg ", "born ", "Address: x\n   ", "AB/1", "é", "rn", "live at Ab ", "A1, Ab ",
    "1 Heol Y-", "of ", "  a", "1 Ab ", "thanks\n", "a-\n", "0 7", "AbC", "a'", "ф", "St. ", "1,", "Ab-", "aA", ":",
    "[1]", "- ",
)  # fmt: skip
ENDS = ("", "@")
SARAH = Person(
    "p1", ("Sarah Jane Mitchell",), ("Sazza",), ("14 Tanner Street, Bristol",), ("07700 900461",), (), "1994-03-12", "943 476 5919"
)
ACCUSED = Person(names=("Sarah Jane Mitchell",), keep=True)
TERMS = Terms()
TERMS.add_people([SARAH])


def _spans(text: str, code: str) -> list[Span]:
    return [Span(at, at + 3, code, "pattern", "x") for at in range(0, len(text) - 3, 60)]


STEPS: dict[str, Callable[[str], object]] = {
    "view": view,
    "recase": recase.recased,
    "ocr": lambda text: (ocr.is_noisy(text), ocr.clean(text)),
    "names": lambda text: list(names.find(text)),
    "addresses": lambda text: list(addresses.find(text)),
    "homes": lambda text: list(homes.find(text)),
    "fields": lambda text: list(fields.find(text)),
    "tables": lambda text: list(tables.find(text)),
    "keep": lambda text: list(keep.find(text, [ACCUSED])),
    "own": lambda text: list(keep.own(text, _spans(text, "ADDR"), [ACCUSED])),
    "people": lambda text: list(people.find(text, [SARAH])),
    "everywhere": lambda text: list(TERMS.find(text, text)),
    "born": lambda text: list(born.find(text, _spans(text, "TPN"))),
    **{f"rule {rule.name}": rule.pattern.findall for rule in patterns.RULES},
}


@pytest.mark.parametrize("step", STEPS)
def test_it_takes_no_longer_than_in_proportion(step: str) -> None:
    work = STEPS[step]
    for seed, end in product(SEEDS, ENDS):
        long = (seed * SHORT * 4)[: SHORT * 4] + end
        took = min(_took(work, long, 3))
        if took > HARMLESS:
            ratio = took / min(_took(work, (seed * SHORT)[:SHORT] + end, 5))
            assert ratio < 8, f"{step} takes {ratio:.1f} times as long for four times as much of {seed!r}"


def _took(work: Callable[[str], object], text: str, times: int) -> Iterator[float]:
    """Seconds of processor time; not again once it was harmless."""
    for _ in range(times):
        begin = time.process_time()
        work(text)
        seconds = time.process_time() - begin
        yield seconds
        if len(text) > SHORT * 2 and seconds < HARMLESS:
            return
