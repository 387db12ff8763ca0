"""Celery's entry points of this room: what beat asks for."""

from celery import shared_task
from django.utils import timezone

import vault
from evidence import actions, scanning, schedule
from evidence.models import Upload


@shared_task(name="evidence.recheck")
def recheck() -> int:
    """Ask for a check of the files that have gone longest without one; return how many."""
    return schedule.ask_for_checks()


@shared_task(name="evidence.scan_missing")
def scan_missing() -> int:
    """Have files scanned that came before the scanner did; return how many were asked for."""
    return scanning.ask_for_missing()


@shared_task(name="evidence.sweep_uploads")
def sweep_uploads() -> int:
    """Close uploads that nobody has touched for a month, then free their parts in the store; return how many were
    closed.
    """
    before = timezone.now() - actions.ABANDONED_AFTER
    closed = actions.abandon_uploads(before)
    wanted = Upload.objects.filter(state=Upload.State.OPEN).values_list("vault_upload_id", flat=True)
    vault.store().sweep(before, keep=set(wanted))
    return closed
