"""Celery's entry points of this room: what beat asks for."""

from celery import shared_task

from bundles import checking


@shared_task(name="bundles.recheck")
def recheck() -> int:
    """Ask for a check of the bundles that have gone longest without one; return how many."""
    return checking.ask_for_checks()
