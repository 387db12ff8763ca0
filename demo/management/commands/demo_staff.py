"""`manage.py demo_staff`: the force, the CPS area and one person for each role, without a case; passwords as JSON on stdout."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from demo.staff import make_staff


class Command(BaseCommand):
    """For browser tests, and for somebody who wants to walk the whole way by hand."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them and print each e-mail address with its password."""
        _, passwords = make_staff()
        self.stdout.write(json.dumps(passwords))
