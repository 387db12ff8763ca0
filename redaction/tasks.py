"""Celery's entry points of this room: what beat asks for."""

from celery import shared_task

from redaction import reminding


@shared_task(name="redaction.remind")
def remind() -> int:
    """Remind of copies that are due soon or overdue; return of how many."""
    return reminding.remind()
