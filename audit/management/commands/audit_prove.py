"""Print the proof that an event is in the log."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import conf, proof_files, tree
from audit.models import Checkpoint


class Command(BaseCommand):
    help = "Print the proof that an event is in the log, checked: JSON for audit_check_proof, or words with --words."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("event_id", type=uuid.UUID)
        parser.add_argument("--checkpoint", type=int, help="the size of the checkpoint to prove it under (default: the latest)")
        parser.add_argument("--words", action="store_true", help="for a reader instead of a program")

    def handle(self, *args: Any, event_id: uuid.UUID, checkpoint: int | None, words: bool, **options: Any) -> None:
        signed = Checkpoint.objects.filter(size=checkpoint).first() if checkpoint is not None else None
        if checkpoint is not None and signed is None:
            raise CommandError(f"No checkpoint was signed at {checkpoint} leaves")
        try:
            made = tree.prove(event_id, signed)
            proof = proof_files.Inclusion(made.body, made.leaf_index, made.path, made.note)
            said = proof.check(conf.origin(), conf.public_keyring())
        except tree.NotYetProvable as error:
            raise CommandError(f"{error}. An event is provable about two seconds after it was recorded") from error
        except (LookupError, proof_files.ProofFileError) as error:
            raise CommandError(f"{error} Run audit_verify") from error
        self.stdout.write(proof_files.in_words(proof, said) if words else proof.to_json(), ending="")
