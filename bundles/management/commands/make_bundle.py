"""`manage.py make_bundle CASE --audience cps --by EMAIL OUT`: have a bundle made by the worker, and write it to a file."""

import hashlib
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

import vault
from accounts.models import User
from bundles import actions
from bundles.models import Bundle
from cases.models import Case
from jobs.models import Job
from redaction.models import Audience
from vault.errors import VaultError


class Command(BaseCommand):
    """Ask, wait, write: by the actions that the pages call, in the name of a person who may do so. The worker must be running."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which case, for whom, in whose name, where to."""
        parser.add_argument("case", help="the case's id or crime number")
        parser.add_argument("out", type=Path, help="the zip to write; it must not exist yet")
        parser.add_argument("--audience", required=True, choices=Audience.values)
        parser.add_argument("--by", required=True, metavar="EMAIL", help="a disclosure officer or supervisor of the case")
        parser.add_argument("--purpose", default="Made from the command line", help="kept in the log")
        parser.add_argument("--wait", type=int, default=3600, metavar="SECONDS", help="how long to wait for the worker (3600)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it; a reason why not ends the command with status 1."""
        if options["out"].exists():
            raise CommandError(f"{options['out']} exists already")
        user = User.objects.filter(email__iexact=options["by"]).first()
        case = _case(options["case"])
        if user is None or case is None:
            raise CommandError(f"There is no {'case ' + options['case'] if case is None else 'user ' + options['by']}")
        try:
            bundle = actions.ask(user, case, options["audience"], options["purpose"])
            self._wait(bundle, options["wait"])
            ticket = actions.open_bundle(user, bundle, options["purpose"])
        except ValidationError as error:
            raise CommandError(". ".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(f"{user} may not do this: {error}") from error
        write(ticket.facts.key, ticket.facts.version_id, ticket.facts.sha256, options["out"])
        self.stdout.write(f"{bundle.sha256}  {options['out']}")

    def _wait(self, bundle: Bundle, seconds: int) -> None:
        deadline = time.monotonic() + seconds
        while bundle.state == Bundle.State.ASKED:
            if time.monotonic() > deadline:
                job = Job.objects.filter(object_id=bundle.pk).order_by("-created_at").first()
                raise CommandError(
                    f"Not made within {seconds} s: {job.message if job and job.message else 'is the worker running?'}"
                )
            time.sleep(0.3)
            bundle.refresh_from_db()
        if bundle.state == Bundle.State.FAILED:
            raise CommandError(bundle.message)


def _case(name: str) -> Case | None:
    try:
        wanted = Q(pk=UUID(name))
    except ValueError:
        wanted = Q(crime_number=name)
    found = Case.objects.filter(wanted)[:2]
    if len(found) > 1:
        raise CommandError(f"More than one force has a case {name}: give the case's id")
    return found[0] if found else None


def write(key: str, version_id: str, sha256: str, out: Path) -> None:
    """Write stored bytes to a new file; one that is not whole is removed again."""
    digest = hashlib.sha256()
    try:
        with out.open("xb") as file:
            for piece in vault.store().read(key, version_id):
                digest.update(piece)
                file.write(piece)
        if digest.hexdigest() != sha256:
            raise CommandError("The stored bundle is no longer what was made: make another")
    except (CommandError, OSError, VaultError) as error:
        out.unlink(missing_ok=True)
        raise CommandError(str(error)) from error
