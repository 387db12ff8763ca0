"""Settings, addresses, Celery, WSGI: wires the rooms, owns no rule."""

from config.celery_app import app as celery_app

__all__ = ["celery_app"]
