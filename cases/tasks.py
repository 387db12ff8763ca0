"""Celery's entry points of this room: what beat asks for."""

from celery import shared_task

from cases import log_anchors


@shared_task(name="cases.anchor_log")
def anchor_log() -> int:
    """Ask for the anchoring of what the log signed since; return at how many places."""
    return log_anchors.ask()
