"""Verify the log; end with 1 and name what is wrong if anything is."""

import sys
import time
import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.findings import Report
from audit.verify import verify

TELL_SECONDS = 10.0
"""How often progress is said where it goes to a file and not to a person's screen."""


class Command(BaseCommand):
    help = "Verify the audit log: events, tree, checkpoints. Names every changed, deleted or inserted row; exits 1 if any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", type=uuid.UUID, help="only this case's events and their proofs")
        parser.add_argument(
            "--known", type=Path, action="append", default=[], help="a file with a signed checkpoint kept elsewhere"
        )

    def handle(self, *args: Any, case: uuid.UUID | None, known: list[Path], **options: Any) -> None:
        self._told = time.monotonic()
        report = verify(case, known=[path.read_text() for path in known], progress=self._progress)
        for finding in report.findings:
            self.stdout.write(f"{finding.kind.upper()}: {finding.message}")
        if report.total > len(report.findings):
            self.stdout.write(f"... and {report.total - len(report.findings)} more findings.")
        for what, count in sorted(report.keys.items()):
            self.stdout.write(f"{what}: {count}")
        for what in report.unchecked:
            self.stdout.write(f"NOT CHECKED: {what}")
        self.stdout.write(_summary(report))
        if not report.holds:
            sys.exit(1)

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} events", ending="" if done < total else "\n")
        elif time.monotonic() - self._told >= TELL_SECONDS:
            self._told = time.monotonic()
            self.stderr.write(f"{done:,} of {total:,} events")


def _summary(report: Report) -> str:
    outcome = "The log holds" if report.holds else f"THE LOG DOES NOT HOLD: {report.total} findings"
    return (
        f"{outcome}. {report.events} events and {report.details} details checked ({report.disposed} details lawfully removed),"
        f" {report.checkpoints} signed checkpoints, {report.anchored} of them found in the vault, {report.stamps} time stamps,"
        f" {report.pending} events pending, {report.size} leaves, root {report.root.hex()}."
    )
