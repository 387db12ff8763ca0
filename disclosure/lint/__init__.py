"""What is wrong with a description on a schedule, by rules that are data (`rules.toml`). Plain Python: no Django here.

`check` reads one description, `check_all` those of a case together, which also finds the same words twice.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from disclosure.lint import secrets
from disclosure.lint.catalogue import Rule, rules
from disclosure.lint.checks import CHECKS
from disclosure.lint.context import Context
from disclosure.lint.secrets import names_a_complainant

__all__ = ["Context", "Finding", "Rule", "check", "check_all", "names_a_complainant", "rules", "verdict"]

DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Finding:
    """A rule that a description breaks; `what` says where, if that may be shown."""

    rule: Rule
    what: str = ""

    def __str__(self) -> str:
        return f"{self.rule.says} ({self.what})" if self.what else self.rule.says


def check(text: str, schedule: str, context: Context) -> list[Finding]:
    """Everything that one description breaks, what stops first."""
    found: list[Finding] = []
    for rule in rules().values():
        if schedule not in rule.schedules or rule.id == DUPLICATE or rule.field != "description":
            continue
        what = CHECKS[rule.id](text, context) if rule.id in CHECKS else _matched(rule, text)
        if what is not None:
            found.append(Finding(rule, what))
    names = {finding.rule.id for finding in found}
    found = [finding for finding in found if names.isdisjoint(finding.rule.yields_to)]
    return sorted(found, key=lambda finding: not finding.rule.stops)


def _matched(rule: Rule, text: str) -> str | None:
    match = rule.pattern.search(text) if rule.pattern else None
    return f"“{match.group().strip()}”" if match else None


def check_all(rows: Iterable[tuple[str, str]], context: Context) -> list[list[Finding]]:
    """For each pair of schedule and description, what it breaks; of the same words twice the later is found."""
    listed = [(schedule, text) for schedule, text in rows]
    context = replace(context, shared=context.shared | secrets.shared_words(text for kind, text in listed if kind != "MG6D"))
    known = _found_before(hashlib.sha256(repr(context).encode()).hexdigest())
    first: dict[str, int] = {}
    found = []
    for number, (schedule, text) in enumerate(listed, 1):
        if (schedule, text) not in known:
            known[schedule, text] = check(text, schedule, context)
        findings = list(known[schedule, text])
        plain = " ".join(re.findall(r"\w+", text.casefold()))
        other = first.setdefault(plain, number)
        if plain and other != number and len(plain.split()) > 3 and schedule in rules()[DUPLICATE].schedules:
            findings.insert(0, Finding(rules()[DUPLICATE], f"row {other}"))
        found.append(findings)
    return found


@lru_cache(maxsize=4)
def _found_before(context: str) -> dict[tuple[str, str], list[Finding]]:
    """What was found in the contexts used last, so that a page is not slow for the rows that nobody has changed."""
    return {}


def verdict(findings: Iterable[Finding]) -> str:
    """One word for a row: stop, warn or pass."""
    levels = {finding.rule.level for finding in findings}
    return "stop" if "stop" in levels else "warn" if levels else "pass"
