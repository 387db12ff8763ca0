"""The Celery application: three queues (`quick`, `hash`, `redact`) and the beat schedule."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.web")
# Django's checks import every page, 25 MB in each worker that never serves one; `migrate` and `make lint` make them
os.environ.setdefault("CELERY_SKIP_CHECKS", "true")
app = Celery("evidence")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "anchor the log": {"task": "cases.anchor_log", "schedule": 60.0, "options": {"expires": 60}},
    "sweep lapsed leases": {"task": "jobs.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "check stored files again": {"task": "evidence.recheck", "schedule": 600.0, "options": {"expires": 600}},
    "check stored bundles again": {"task": "bundles.recheck", "schedule": 600.0, "options": {"expires": 600}},
    "scan files that never were": {"task": "evidence.scan_missing", "schedule": 600.0, "options": {"expires": 600}},
    "remind of redactions that are due": {"task": "redaction.remind", "schedule": 3600.0, "options": {"expires": 3600}},
    "give up abandoned uploads": {"task": "evidence.sweep_uploads", "schedule": 86400.0, "options": {"expires": 86400}},
}
