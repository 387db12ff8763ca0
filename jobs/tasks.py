"""Celery's two entry points."""

from uuid import UUID

from celery import shared_task

from jobs import actions


@shared_task(name="jobs.look")
def look(job_id: str) -> None:
    actions.run(UUID(job_id))


@shared_task(name="jobs.sweep")
def sweep() -> None:
    actions.sweep()
