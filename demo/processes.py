"""The command of every kind of process, the same for the demonstration, the tests and docker-compose.yml."""

from __future__ import annotations

from demo.environment import Process

SERVERS: tuple[Process, ...] = ("web", "portal", "worker", "beat", "sequencer")

_GUNICORN = ["gunicorn", "--config=config/gunicorn.py", "config.wsgi"]
_CELERY = ["celery", "--app=config.celery_app"]

COMMANDS: dict[Process, list[str]] = {
    "web": _GUNICORN,
    "portal": _GUNICORN,
    "worker": [
        *_CELERY,
        "worker",
        "--queues=quick,hash,redact",
        "--prefetch-multiplier=1",
        "--concurrency=2",
        "--loglevel=INFO",
        "--without-gossip",
        "--without-mingle",
    ],
    # its file only remembers when it last sent what; PostgreSQL knows what is due
    "beat": [*_CELERY, "beat", "--loglevel=INFO", "--schedule=/tmp/beat-schedule", "--pidfile="],
    "sequencer": ["python", "manage.py", "sequence_log"],
}

# Before the servers, in order: whose environment, program and arguments
PREPARATIONS: list[tuple[Process, list[str]]] = [
    ("migrate", ["python", "manage.py", "migrate", "--noinput", "-v", "0"]),
    ("migrate", ["python", "manage.py", "grant_roles"]),
    ("web", ["python", "manage.py", "collectstatic", "--noinput", "-v", "0"]),
]
