"""Print the proof that the log of one checkpoint is the beginning of the log of a later one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import conf, merkle, proof_files, tree
from audit.models import Checkpoint


class Command(BaseCommand):
    help = "Print the proof that the log at FIRST leaves is the beginning of the log at SECOND leaves; JSON, or --words."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("first", type=int, help="the size of the earlier checkpoint")
        parser.add_argument("second", type=int, help="the size of the later checkpoint")
        parser.add_argument("--words", action="store_true", help="for a reader instead of a program")

    def handle(self, *args: Any, first: int, second: int, words: bool, **options: Any) -> None:
        signed = Checkpoint.objects.in_bulk([first, second])
        for size in (first, second):
            if size not in signed:
                raise CommandError(f"No checkpoint was signed at {size} leaves")
        try:
            proof = proof_files.Consistency(signed[first].note, signed[second].note, tree.prove_consistency(first, second))
            said = proof.check(conf.origin(), conf.public_keyring())
        except merkle.ProofError as error:
            raise CommandError(f"{error}: name the earlier one first") from error
        except (LookupError, proof_files.ProofFileError) as error:
            raise CommandError(f"{error} Run audit_verify") from error
        self.stdout.write(proof_files.in_words(proof, said) if words else proof.to_json(), ending="")
