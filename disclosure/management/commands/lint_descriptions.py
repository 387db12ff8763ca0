"""Try the lint on a CSV file of descriptions. Opens no database: what it compares with comes from the context file."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from disclosure.lint import Context, Finding, tables, verdict
from disclosure.lint.context import ContextError, from_file
from disclosure.lint.tables import Described, Score, TableError


class Command(BaseCommand):
    help = (
        "Print the lint's findings and one verdict (pass, warn, stop) for each row of FILE.csv (columns id, schedule, description)."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--context", type=Path, metavar="CASE.json", help="what is known of the case; see docs/lint-rules.md")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--measure", action="store_true", help="print precision and recall; needs the labels verdict and rule")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = tables.read(options["file"])
            context = from_file(options["context"]) if options["context"] else Context(today=dt.date.today())
        except (TableError, ContextError) as error:
            raise CommandError(str(error)) from error
        if options["measure"]:
            self._measure(rows, context)
            return
        found = list(zip(rows, tables.findings(rows, context), strict=True))
        if options["json"]:
            self.stdout.write(json.dumps({"rows": [_as_data(*pair) for pair in found]}, ensure_ascii=False, indent=2))
            return
        for row, findings in found:
            self.stdout.write(f"{row.id}: {verdict(findings)}")
            for finding in findings:
                self.stdout.write(f"  {finding.rule.id}: {finding}. {finding.rule.instead}")

    def _measure(self, rows: list[Described], context: Context) -> None:
        if not any(row.expected for row in rows):
            raise CommandError("To measure, the file needs the columns verdict (pass, warn, stop) and rule")
        for set_aside, title in ((True, "Set aside before the rules were written"), (False, "The other half")):
            self.stdout.write(f"\n{title}\n{'rule':24}{'expected':>10}{'raised':>8}{'recall':>8}{'precision':>11}")
            for score in tables.measure(rows, context, set_aside=set_aside):
                self.stdout.write(_line(score))


def _line(score: Score) -> str:
    return f"{score.name:24}{score.expected:>10}{score.raised:>8}{score.recall:>8.2f}{score.precision:>11.2f}"


def _as_data(row: Described, findings: list[Finding]) -> dict[str, Any]:
    return {
        "id": row.id,
        "schedule": row.schedule,
        "verdict": verdict(findings),
        "findings": [
            {
                "rule": finding.rule.id,
                "level": finding.rule.level,
                "message": str(finding),
                "instead": finding.rule.instead,
                "source": finding.rule.source,
            }
            for finding in findings
        ],
    }
