"""Check a proof file with nothing but the log's public key."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import proof_files


class Command(BaseCommand):
    help = "Check a proof (a file from audit_prove, audit_consistency, the log's pages or API). Asks no database; 1 if it fails."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the proof, JSON")
        parser.add_argument(
            "--key",
            action="append",
            required=True,
            help="the log's public key as it was given to you (name+id+base64), or a file that holds it; again for a replaced key",
        )

    def handle(self, *args: Any, file: Path, key: list[str], **options: Any) -> None:
        try:
            keys = [proof_files.read_key(_key_text(value)) for value in key]
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError, proof_files.ProofFileError) as error:
            raise CommandError(str(error)) from error
        names = {name for name, _ in keys}
        if len(names) != 1:
            raise CommandError("The keys are of different logs")
        try:
            said = proof_files.load(text).check(names.pop(), [one for _, one in keys])
        except proof_files.ProofFileError as error:
            self.stdout.write(f"DOES NOT HOLD. {error}")
            sys.exit(1)
        for sentence in said:
            self.stdout.write(sentence)
        self.stdout.write("The proof holds.")


def _key_text(value: str) -> str:
    # A key holds two signs "+"; a name of a file is read if there is one
    path = Path(value)
    return path.read_text(encoding="utf-8") if len(value) < 200 and path.is_file() else value
