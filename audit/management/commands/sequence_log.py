"""Run the log's sequencer. The only process that is given AUDIT_SIGNING_KEY."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.sequencer import KeysDiffer, Sequencer, TreeBroken


class Command(BaseCommand):
    help = "Give committed events their place in the log and sign checkpoints, until stopped (SIGTERM or Ctrl-C)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="fold what is pending, sign a checkpoint, and end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        try:
            sequencer = Sequencer.from_settings()
            if once:
                self.stdout.write(f"Folded {sequencer.drain()} events.")
                return
            stop = threading.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            self.stdout.write("Sequencing the log.")
            sequencer.run(stop)
        except (KeysDiffer, TreeBroken) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Stopped.")
