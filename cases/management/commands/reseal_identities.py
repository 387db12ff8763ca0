"""After a change of `IDENTITY_KEYS`: seal every identity with the first key, so that the old keys can be taken away."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from audit.actions import SYSTEM, acting, record
from cases import identity
from cases.models import PersonIdentity

BATCH = 500


class Command(BaseCommand):
    help = "Seal every identity with the first of IDENTITY_KEYS (run after putting a new key in front)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Batches commit by themselves: what a stop in the middle leaves undone, the next run does."""
        count = sum(_reseal(model) for model in (PersonIdentity, *identity.also_sealed))
        # Nobody saw an identity: the keys changed, not what they protect
        with acting():
            record("identities.resealed", actor=SYSTEM, object_type="person", after={"identities": count})
        self.stdout.write(f"Identities sealed with the first key: {count}.")


def _reseal(model: Any) -> int:
    keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            rows = model.objects.select_for_update().filter(pk__in=keys[start : start + BATCH])
            for row in rows:
                row.sealed = identity.reseal(bytes(row.sealed))
            model.objects.bulk_update(rows, ["sealed"])
    return len(keys)
