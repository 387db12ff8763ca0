"""`manage.py demo_case FOLDER`: make the demonstration case; progress on stderr, the result as JSON on stdout."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.case import DemoFailed, make_demo_case


class Command(BaseCommand):
    """Make the demonstration case by the actions that the pages call. The worker and the sequencer must be running."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the exhibits' files are made."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print the chain."""
        try:
            chain = make_demo_case(options["folder"], lambda line: print(line, file=sys.stderr, flush=True))
        except DemoFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(chain.as_dict()))
