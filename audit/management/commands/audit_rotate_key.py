"""Print the settings that replace a key of the log; docs/deploy.md has the procedure. Changes nothing by itself."""

import base64
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit import conf, notes, tree
from audit.keyring import Key
from audit.models import Pending


class Command(BaseCommand):
    help = "Print the settings by which a key of the audit log is replaced: 'signing', 'hmac', then 'hmac --retire'."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("which", choices=["signing", "hmac"])
        parser.add_argument("--retire", action="store_true", help="hmac: once every process has the new key, retire the older ones")

    def handle(self, *args: Any, which: str, retire: bool, **options: Any) -> None:
        lines = _signing() if which == "signing" else _retire_hmac() if retire else _new_hmac()
        for line in lines:
            self.stdout.write(line)


def _signing() -> list[str]:
    """A new pair; the old public key counts up to the last checkpoint. Run it while the sequencer stands still."""
    seed = secrets.token_bytes(32)
    last = tree.latest_checkpoint()
    keys = conf.public_keyring()
    retired = [Key(keys[0].value, last.size), *keys[1:]] if last else keys[1:]
    return [
        f"AUDIT_SIGNING_KEY={_base64(seed)}",
        f"AUDIT_PUBLIC_KEY={_base64(notes.public_key_bytes(seed))}",
        f"AUDIT_RETIRED_PUBLIC_KEYS={_listed(retired)}",
    ]


def _new_hmac() -> list[str]:
    return [f"AUDIT_HMAC_KEYS={','.join(map(_base64, [secrets.token_bytes(32), *conf.hmac_keys()]))}"]


def _retire_hmac() -> list[str]:
    """All but the newest key count for the events that there are: those in the tree, and those that wait for it."""
    waiting = Pending.objects.count()  # before the size: what is folded in between may be counted twice, never left out
    until = waiting + tree.size()
    first, *older = conf.hmac_keys()
    retired = [*(Key(value, until) for value in older), *conf.hmac_keyring()[1 + len(older) :]]
    return [f"AUDIT_HMAC_KEYS={_base64(first)}", f"AUDIT_RETIRED_HMAC_KEYS={_listed(retired)}"]


def _listed(keys: list[Key]) -> str:
    return ",".join(f"{_base64(key.value)}:{key.until}" for key in keys)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
